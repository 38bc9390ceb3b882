/* Channels as sums of channels: a matrix product, four rows and four columns at a time. */
#include "internal.h"

static inline v128_t settled(v128_t value)
{
    return wasm_v128_bitselect(value, wasm_i64x2_const_splat(0x7ff8000000000000), wasm_f64x2_eq(value, value));
}

/* Some rows of four columns. */
static inline void four(double *dst, uint32_t columns, const double *src, uint32_t channels, const double *matrix, int rows)
{
    v128_t low[4], high[4];
    for (int i = 0; i < rows; i++)
        low[i] = high[i] = wasm_f64x2_const_splat(0);
    for (uint32_t j = 0; j < channels; j++, matrix += columns) {
        v128_t one = wasm_v128_load(matrix), two = wasm_v128_load(matrix + 2);
        for (int i = 0; i < rows; i++) {
            v128_t x = wasm_f64x2_splat(src[(size_t)i * channels + j]);
            low[i]   = wasm_f64x2_add(low[i], wasm_f64x2_mul(x, one));
            high[i]  = wasm_f64x2_add(high[i], wasm_f64x2_mul(x, two));
        }
    }
    for (int i = 0; i < rows; i++) {
        wasm_v128_store(dst + (size_t)i * columns, settled(low[i]));
        wasm_v128_store(dst + (size_t)i * columns + 2, settled(high[i]));
    }
}

static void one(double *dst, const double *src, uint32_t channels, const double *matrix, uint32_t columns)
{
    static const uint64_t nan = 0x7ff8000000000000;
    double                sum = 0;
    for (uint32_t j = 0; j < channels; j++)
        sum += src[j] * matrix[(size_t)j * columns];
    *dst = sum == sum ? sum : LOAD(double, &nan);
}

int mr_mix(double *dst, uint32_t columns, const double *src, uint32_t rows, uint32_t channels, const double *matrix)
{
    if (!channels || !columns || channels > MR_MAX_CHANNELS || columns > MR_MAX_CHANNELS || !mr_inside(dst, 8 * (uint64_t)rows * columns) ||
        !mr_inside(src, 8 * (uint64_t)rows * channels) || (uint64_t)channels * columns > 1u << 28 || !mr_inside(matrix, 8 * (uint64_t)channels * columns))
        return MR_BAD;
    for (uint32_t row = 0; row < rows;) {
        int      some   = rows - row < 4 ? 1 : 4;
        uint32_t column = 0;
        for (; columns - column >= 4; column += 4) {
            if (some == 4)
                four(dst + column, columns, src, channels, matrix + column, 4);
            else
                four(dst + column, columns, src, channels, matrix + column, 1);
        }
        for (; column < columns; column++)
            for (int i = 0; i < some; i++)
                one(dst + (size_t)i * columns + column, src + (size_t)i * channels, channels, matrix + column, columns);
        row += (uint32_t)some;
        src += (size_t)some * channels;
        dst += (size_t)some * columns;
    }
    return MR_OK;
}

/* Weighted sums along time: finite filters, resampling by phases of one filter, and a filter of each channel's own. */
#include "internal.h"

static inline double settled(double value)
{
    static const uint64_t nan = 0x7ff8000000000000;
    return value == value ? value : LOAD(double, &nan);
}

static inline v128_t settled_pair(v128_t value)
{
    return wasm_v128_bitselect(value, wasm_i64x2_const_splat(0x7ff8000000000000), wasm_f64x2_eq(value, value));
}

/* One output row: weight j is weights[j * step], of all channels, or where each has its own, from there on. */
static inline void weigh(double *dst, const double *src, uint32_t channels, const double *weights, uint32_t count, bool each)
{
    uint32_t channel = 0, step = each ? channels : 1;
    for (; channels - channel >= 4; channel += 4) {
        v128_t        low = wasm_f64x2_const_splat(0), high = low;
        const double *from = src + channel, *weight = weights + (each ? channel : 0);
        for (uint32_t j = 0; j < count; j++, from += channels, weight += step) {
            v128_t one = each ? wasm_v128_load(weight) : wasm_f64x2_splat(*weight), two = each ? wasm_v128_load(weight + 2) : one;
            low  = wasm_f64x2_add(low, wasm_f64x2_mul(one, wasm_v128_load(from)));
            high = wasm_f64x2_add(high, wasm_f64x2_mul(two, wasm_v128_load(from + 2)));
        }
        wasm_v128_store(dst + channel, settled_pair(low));
        wasm_v128_store(dst + channel + 2, settled_pair(high));
    }
    for (; channel < channels; channel++) {
        double        sum  = 0;
        const double *from = src + channel, *weight = weights + (each ? channel : 0);
        for (uint32_t j = 0; j < count; j++, from += channels, weight += step)
            sum += *weight * *from;
        dst[channel] = settled(sum);
    }
}

int mr_weigh(double *dst, uint32_t rows, const double *src, uint32_t src_rows, uint32_t channels, const double *weights, uint32_t width,
             uint32_t up, uint32_t down, uint32_t start, uint32_t each)
{
    uint64_t last = rows ? ((uint64_t)start + (uint64_t)(rows - 1) * down) / (up ? up : 1) + width : 0;
    if (!channels || channels > MR_MAX_CHANNELS || !width || !up || !down || (each && up != 1) || last > src_rows ||
        !mr_inside(dst, 8 * (uint64_t)rows * channels) || !mr_inside(src, 8 * (uint64_t)src_rows * channels) ||
        (uint64_t)width * up > 1u << 28 || !mr_inside(weights, 8 * (uint64_t)width * (each ? channels : up)))
        return MR_BAD;
    uint64_t at = start;
    for (uint32_t row = 0; row < rows; row++, at += down, dst += channels) {
        const double *from = src + (size_t)(at / up) * channels;
        if (each)
            weigh(dst, from, channels, weights, width, true);
        else
            weigh(dst, from, channels, weights + (size_t)(at % up) * width, width, false);
    }
    return MR_OK;
}

/* Second-order sections over interleaved channels: eight channels at a time, a stretch of rows that stays in the cache. */
#include "internal.h"

#define ROWS 64
#define WIDE 8

/* One section over a stretch of 2 * pairs channels, in place, in SciPy's form: direct form II, transposed. */
static inline void run(double *tile, uint32_t rows, int pairs, const double *section, double *state)
{
    v128_t b0 = wasm_f64x2_splat(section[0]), b1 = wasm_f64x2_splat(section[1]), b2 = wasm_f64x2_splat(section[2]);
    v128_t a1 = wasm_f64x2_splat(section[4]), a2 = wasm_f64x2_splat(section[5]);
    v128_t z0[WIDE / 2], z1[WIDE / 2];
    for (int i = 0; i < pairs; i++) {
        z0[i] = wasm_v128_load(state + 2 * i);
        z1[i] = wasm_v128_load(state + WIDE + 2 * i);
    }
    for (; rows; rows--, tile += WIDE)
        for (int i = 0; i < pairs; i++) {
            v128_t x = wasm_v128_load(tile + 2 * i), y = wasm_f64x2_add(wasm_f64x2_mul(b0, x), z0[i]);
            z0[i] = wasm_f64x2_add(wasm_f64x2_sub(wasm_f64x2_mul(b1, x), wasm_f64x2_mul(a1, y)), z1[i]);
            z1[i] = wasm_f64x2_sub(wasm_f64x2_mul(b2, x), wasm_f64x2_mul(a2, y));
            wasm_v128_store(tile + 2 * i, y);
        }
    for (int i = 0; i < pairs; i++) {
        wasm_v128_store(state + 2 * i, z0[i]);
        wasm_v128_store(state + WIDE + 2 * i, z1[i]);
    }
}

static void run_some(double *tile, uint32_t rows, uint32_t some, const double *section, double *state)
{
    if (some > 4)
        run(tile, rows, 4, section, state);
    else if (some > 2)
        run(tile, rows, 2, section, state);
    else
        run(tile, rows, 1, section, state);
}

/* Of a NaN an engine chooses the bits: there is one alone. */
static void settle(double *tile, uint32_t rows)
{
    v128_t nan = wasm_i64x2_const_splat(0x7ff8000000000000);
    for (uint32_t i = 0; i < rows * WIDE; i += 2) {
        v128_t x = wasm_v128_load(tile + i);
        wasm_v128_store(tile + i, wasm_v128_bitselect(x, nan, wasm_f64x2_eq(x, x)));
    }
}

int mr_sections(double *data, uint32_t rows, uint32_t channels, const double *sections, uint32_t count, double *state, uint32_t backwards)
{
    if (!channels || channels > MR_MAX_CHANNELS || count > MR_MAX_SECTIONS || !mr_inside(data, 8 * (uint64_t)rows * channels) ||
        !mr_inside(sections, 48 * (uint64_t)count) || !mr_inside(state, 16 * (uint64_t)count * channels))
        return MR_BAD;
    double tile[ROWS * WIDE] = {0};
    for (uint32_t done = 0; done < rows;) {
        uint32_t now = rows - done < ROWS ? rows - done : ROWS;
        for (uint32_t channel = 0; channel < channels; channel += WIDE) {
            uint32_t some = channels - channel < WIDE ? channels - channel : WIDE;
            for (uint32_t i = 0; i < now; i++)
                COPY(tile + i * WIDE, data + (size_t)(backwards ? rows - 1 - done - i : done + i) * channels + channel, 8 * some);
            for (uint32_t s = 0; s < count; s++) {
                double *z0 = state + (size_t)2 * s * channels + channel, *z1 = z0 + channels, kept[2 * WIDE] = {0};
                COPY(kept, z0, 8 * some);
                COPY(kept + WIDE, z1, 8 * some);
                run_some(tile, now, some, sections + 6 * s, kept);
                COPY(z0, kept, 8 * some);
                COPY(z1, kept + WIDE, 8 * some);
            }
            settle(tile, now);
            for (uint32_t i = 0; i < now; i++)
                COPY(data + (size_t)(backwards ? rows - 1 - done - i : done + i) * channels + channel, tile + i * WIDE, 8 * some);
        }
        done += now;
    }
    return MR_OK;
}

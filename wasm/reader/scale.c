/* Gain and offset, in float64. */
#include "internal.h"

/* Elements that are in float64 at a time. */
#define PIECE 512

static v128_t quiet(v128_t values)
{
    return wasm_v128_bitselect(values, wasm_i64x2_const_splat(0x7ff8000000000000), wasm_f64x2_eq(values, values));
}

/* Pairs of values, gains and offsets: the last one of an odd number goes twice. */
static void store(uint8_t *dst, bool wide, const double *values, uint32_t count)
{
    uint32_t i = 0;
    if (wide) {
        for (; count - i >= 2; i += 2)
            wasm_v128_store(dst + 8 * i, quiet(wasm_v128_load(values + i)));
        if (i < count)
            wasm_v128_store64_lane(dst + 8 * i, quiet(wasm_v128_load64_zero(values + i)), 0);
        return;
    }
    for (; i < count; i += 2) {
        v128_t pair = count - i >= 2 ? wasm_v128_load(values + i) : wasm_v128_load64_zero(values + i);
        v128_t thin = wasm_f32x4_demote_f64x2_zero(pair);
        thin        = wasm_v128_bitselect(thin, wasm_i32x4_const_splat(0x7fc00000), wasm_f32x4_eq(thin, thin));
        if (count - i >= 2)
            wasm_v128_store64_lane(dst + 4 * i, thin, 0);
        else
            wasm_v128_store32_lane(dst + 4 * i, thin, 0);
    }
}

static void same(double *values, uint32_t count, double gain, double offset)
{
    for (uint32_t i = 0; i < count; i++)
        values[i] = values[i] * gain + offset;
}

static void each(double *restrict values, uint32_t count, const double *restrict gain, const double *restrict offset)
{
    for (uint32_t i = 0; i < count; i++)
        values[i] = values[i] * gain[i] + offset[i];
}

int mr_scale(void *dst, uint32_t to, const void *src, uint32_t from, uint32_t count, const double *gain, const double *offset,
             uint32_t channels, uint32_t channel, uint32_t left, uint32_t run)
{
    uint32_t from_size = mr_size(from), to_size = mr_size(to);
    if (!from_size || (to != MR_FLOAT32 && to != MR_FLOAT64) || !channels || channel >= channels || !run || !left || left > run ||
        !mr_inside(src, (uint64_t)count * from_size) || !mr_inside(dst, (uint64_t)count * to_size) ||
        !mr_inside(gain, 8 * (uint64_t)channels) || !mr_inside(offset, 8 * (uint64_t)channels))
        return MR_BAD;
    double piece[PIECE];
    for (uint32_t start = 0; start < count; start += PIECE) {
        uint32_t now = count - start < PIECE ? count - start : PIECE;
        mr_cast((uint8_t *)piece, MR_FLOAT64, (const uint8_t *)src + (size_t)start * from_size, from, now);
        for (uint32_t done = 0; done < now;) {
            uint32_t part, rest = now - done;
            if (channels == 1) {
                part = rest;
                same(piece + done, part, *gain, *offset);
            } else if (run == 1) {
                part = rest < channels - channel ? rest : channels - channel;
                each(piece + done, part, gain + channel, offset + channel);
                channel = channel + part == channels ? 0 : channel + part;
            } else {
                part = rest < left ? rest : left;
                same(piece + done, part, gain[channel], offset[channel]);
                left -= part;
                if (!left) {
                    left    = run;
                    channel = channel + 1 == channels ? 0 : channel + 1;
                }
            }
            done += part;
        }
        store((uint8_t *)dst + (size_t)start * to_size, to == MR_FLOAT64, piece, now);
    }
    return MR_OK;
}

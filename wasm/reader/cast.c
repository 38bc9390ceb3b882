/* Conversions as loops that the compiler makes vectors of. What they can't do right (values that don't fit) convert.c does before. */
#include "internal.h"

#define LOOP(from_t, to_t)                                                                                             \
    {                                                                                                                  \
        const from_t *restrict in  = (const from_t *)src;                                                              \
        to_t *restrict         out = (to_t *)dst;                                                                      \
        for (uint32_t i = 0; i < count; i++)                                                                           \
            out[i] = (to_t)in[i];                                                                                      \
    }                                                                                                                  \
    return

/* From integers to integers only the source's sign matters, and only where the target is wider. */
static void integers(uint8_t *dst, uint32_t to_size, const uint8_t *src, uint32_t from_size, bool is_signed, uint32_t count)
{
    if (to_size == from_size) {
        COPY(dst, src, (uint64_t)count * to_size);
        return;
    }
    switch (from_size << 8 | to_size << 4 | (to_size > from_size && is_signed)) {
        case 0x120: LOOP(uint8_t, uint16_t);
        case 0x121: LOOP(int8_t, int16_t);
        case 0x140: LOOP(uint8_t, uint32_t);
        case 0x141: LOOP(int8_t, int32_t);
        case 0x180: LOOP(uint8_t, uint64_t);
        case 0x181: LOOP(int8_t, int64_t);
        case 0x210: LOOP(uint16_t, uint8_t);
        case 0x240: LOOP(uint16_t, uint32_t);
        case 0x241: LOOP(int16_t, int32_t);
        case 0x280: LOOP(uint16_t, uint64_t);
        case 0x281: LOOP(int16_t, int64_t);
        case 0x410: LOOP(uint32_t, uint8_t);
        case 0x420: LOOP(uint32_t, uint16_t);
        case 0x480: LOOP(uint32_t, uint64_t);
        case 0x481: LOOP(int32_t, int64_t);
        case 0x810: LOOP(uint64_t, uint8_t);
        case 0x820: LOOP(uint64_t, uint16_t);
        default: LOOP(uint64_t, uint32_t);
    }
}

static void to_float32(uint8_t *dst, const uint8_t *src, uint32_t from, uint32_t count)
{
    switch (from) {
        case MR_INT8: LOOP(int8_t, float);
        case MR_UINT8: LOOP(uint8_t, float);
        case MR_INT16: LOOP(int16_t, float);
        case MR_UINT16: LOOP(uint16_t, float);
        case MR_INT32: LOOP(int32_t, float);
        case MR_UINT32: LOOP(uint32_t, float);
        case MR_INT64: LOOP(int64_t, float);
        default: LOOP(uint64_t, float);
    }
}

static void to_float64(uint8_t *dst, const uint8_t *src, uint32_t from, uint32_t count)
{
    switch (from) {
        case MR_INT8: LOOP(int8_t, double);
        case MR_UINT8: LOOP(uint8_t, double);
        case MR_INT16: LOOP(int16_t, double);
        case MR_UINT16: LOOP(uint16_t, double);
        case MR_INT32: LOOP(int32_t, double);
        case MR_UINT32: LOOP(uint32_t, double);
        case MR_INT64: LOOP(int64_t, double);
        default: LOOP(uint64_t, double);
    }
}

static void from_float32(uint8_t *dst, uint32_t to, const uint8_t *src, uint32_t count)
{
    switch (to) {
        case MR_INT8: LOOP(float, int8_t);
        case MR_UINT8: LOOP(float, uint8_t);
        case MR_INT16: LOOP(float, int16_t);
        case MR_UINT16: LOOP(float, uint16_t);
        case MR_INT32: LOOP(float, int32_t);
        case MR_UINT32: LOOP(float, uint32_t);
        case MR_INT64: LOOP(float, int64_t);
        default: LOOP(float, uint64_t);
    }
}

static void from_float64(uint8_t *dst, uint32_t to, const uint8_t *src, uint32_t count)
{
    switch (to) {
        case MR_INT8: LOOP(double, int8_t);
        case MR_UINT8: LOOP(double, uint8_t);
        case MR_INT16: LOOP(double, int16_t);
        case MR_UINT16: LOOP(double, uint16_t);
        case MR_INT32: LOOP(double, int32_t);
        case MR_UINT32: LOOP(double, uint32_t);
        case MR_INT64: LOOP(double, int64_t);
        default: LOOP(double, uint64_t);
    }
}

/* Between floats, wasm leaves a NaN's bits to the engine: they are made here. */
static void widen(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    const uint32_t *in  = (const uint32_t *)src;
    uint64_t       *out = (uint64_t *)dst;
    uint32_t        i   = 0;
    for (; count - i >= 2; i += 2) {
        v128_t values = wasm_v128_load64_zero(in + i);
        v128_t wide   = wasm_f64x2_promote_low_f32x4(values);
        v128_t bits   = wasm_u64x2_extend_low_u32x4(values);
        v128_t nan    = wasm_v128_or(wasm_i64x2_shl(wasm_v128_and(bits, wasm_i64x2_const_splat(0x80000000)), 32),
                                     wasm_v128_or(wasm_i64x2_shl(wasm_v128_and(bits, wasm_i64x2_const_splat(0x7fffff)), 29),
                                                  wasm_i64x2_const_splat(0x7ff8000000000000)));
        wasm_v128_store(out + i, wasm_v128_bitselect(wide, nan, wasm_f64x2_eq(wide, wide)));
    }
    if (i < count) {
        uint8_t two[16], pair[8] = {0};
        COPY(pair, in + i, 4);
        widen(two, pair, 2);
        COPY(out + i, two, 8);
    }
}

static void narrow(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    const uint64_t *in  = (const uint64_t *)src;
    uint32_t       *out = (uint32_t *)dst;
    uint32_t        i   = 0;
    for (; count - i >= 2; i += 2) {
        v128_t values = wasm_v128_load(in + i);
        v128_t thin   = wasm_f32x4_demote_f64x2_zero(values);
        v128_t bits   = wasm_v128_or(wasm_v128_and(wasm_u64x2_shr(values, 32), wasm_i64x2_const_splat(0x80000000)),
                                     wasm_v128_or(wasm_v128_and(wasm_u64x2_shr(values, 29), wasm_i64x2_const_splat(0x3fffff)),
                                                  wasm_i64x2_const_splat(0x7fc00000)));
        v128_t nan    = wasm_i32x4_shuffle(bits, bits, 0, 2, 0, 2);
        wasm_v128_store64_lane(out + i, wasm_v128_bitselect(thin, nan, wasm_f32x4_eq(thin, thin)), 0);
    }
    if (i < count) {
        uint8_t one[8], pair[16] = {0};
        COPY(pair, in + i, 8);
        narrow(one, pair, 2);
        COPY(out + i, one, 4);
    }
}

/* float16 by its bits: the exponent moved to float32's place and the difference of the biases multiplied in, which is exact. */
static void halves_to_float32(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    const uint16_t *in  = (const uint16_t *)src;
    uint32_t       *out = (uint32_t *)dst;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t half = in[i], sign = (half & 0x8000) << 16, rest = (half & 0x7fff) << 13;
        float    value;
        COPY(&value, &rest, 4);
        value *= 0x1p112f;
        uint32_t bits;
        COPY(&bits, &value, 4);
        uint32_t special = rest | 0x7f800000 | (rest & 0x7fffff ? 0x400000 : 0);
        out[i]           = sign | (rest >= 0x0f800000 ? special : bits);
    }
}

static void halves_to_float64(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    uint8_t floats[4 * 64];
    for (uint32_t i = 0; i < count; i += 64) {
        uint32_t now = count - i < 64 ? count - i : 64;
        halves_to_float32(floats, src + 2 * i, now);
        widen(dst + 8 * i, floats, now);
    }
}

void mr_cast(uint8_t *dst, uint32_t to, const uint8_t *src, uint32_t from, uint32_t count)
{
    if (to == from)
        COPY(dst, src, (uint64_t)count * mr_size(to));
    else if (from < MR_FLOAT32 && to < MR_FLOAT32)
        integers(dst, mr_size(to), src, mr_size(from), !(from & 1), count);
    else if (from == MR_FLOAT16)
        to == MR_FLOAT32 ? halves_to_float32(dst, src, count) : halves_to_float64(dst, src, count);
    else if (from < MR_FLOAT32)
        to == MR_FLOAT32 ? to_float32(dst, src, from, count) : to_float64(dst, src, from, count);
    else if (to == MR_FLOAT64)
        widen(dst, src, count);
    else if (to == MR_FLOAT32)
        narrow(dst, src, count);
    else if (from == MR_FLOAT32)
        from_float32(dst, to, src, count);
    else
        from_float64(dst, to, src, count);
}

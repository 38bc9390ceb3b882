/* Conversions as loops that the compiler makes vectors of. What they can't do right (values that don't fit) convert.c does before. */
#include "float16.h"

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

/* Four floats, as whole numbers of 32 bits. */
static inline v128_t whole(const uint8_t *src, bool wide, bool is_signed)
{
    if (!wide)
        return is_signed ? wasm_i32x4_trunc_sat_f32x4(wasm_v128_load(src)) : wasm_u32x4_trunc_sat_f32x4(wasm_v128_load(src));
    v128_t a = wasm_v128_load(src), b = wasm_v128_load(src + 16);
    a = is_signed ? wasm_i32x4_trunc_sat_f64x2_zero(a) : wasm_u32x4_trunc_sat_f64x2_zero(a);
    b = is_signed ? wasm_i32x4_trunc_sat_f64x2_zero(b) : wasm_u32x4_trunc_sat_f64x2_zero(b);
    return wasm_i64x2_shuffle(a, b, 0, 2);
}

static inline void put(uint8_t *dst, uint32_t size, v128_t lanes)
{
    if (size == 4)
        wasm_v128_store(dst, lanes);
    else if (size == 2)
        wasm_v128_store64_lane(dst, wasm_i16x8_shuffle(lanes, lanes, 0, 2, 4, 6, 0, 2, 4, 6), 0);
    else
        wasm_v128_store32_lane(dst, wasm_i8x16_shuffle(lanes, lanes, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), 0);
}

/* To integers of up to 32 bits, of which all fit. */
static inline void floats(uint8_t *dst, uint32_t size, bool is_signed, const uint8_t *src, bool wide, uint32_t count)
{
    uint32_t step = wide ? 8 : 4, i = 0;
    for (; count - i >= 4; i += 4)
        put(dst + size * i, size, whole(src + step * i, wide, is_signed));
    if (i == count)
        return;
    uint8_t last[32] = {0}, done[16];
    COPY(last, src + step * i, step * (count - i));
    put(done, size, whole(last, wide, is_signed));
    COPY(dst + size * i, done, size * (count - i));
}

static void from_floats(uint8_t *dst, uint32_t to, const uint8_t *src, bool wide, uint32_t count)
{
#define OF(...)                                                                                                        \
    wide ? floats(dst, __VA_ARGS__, src, true, count) : floats(dst, __VA_ARGS__, src, false, count);                   \
    return
    switch (to) {
        case MR_INT8:
        case MR_UINT8: OF(1, true);
        case MR_INT16:
        case MR_UINT16: OF(2, true);
        case MR_INT32: OF(4, true);
        case MR_UINT32: OF(4, false);
        case MR_INT64:
            if (wide) {
                LOOP(double, int64_t);
            }
            LOOP(float, int64_t);
        default:
            if (wide) {
                LOOP(double, uint64_t);
            }
            LOOP(float, uint64_t);
    }
}

/* Between floats, wasm leaves a NaN's bits to the engine: they are made here. */
static uint64_t wide_nan(uint32_t bits)
{
    return (uint64_t)(bits & 0x80000000) << 32 | (uint64_t)(bits & 0x7fffff) << 29 | 0x7ff8000000000000;
}

static uint32_t thin_nan(uint64_t bits)
{
    return (uint32_t)(bits >> 32 & 0x80000000) | (uint32_t)(bits >> 29 & 0x3fffff) | 0x7fc00000;
}

static void widen(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    uint32_t i = 0;
    while (i < count) {
        for (; count - i >= 4; i += 4) {
            v128_t values = wasm_v128_load(src + 4 * i);
            if (!wasm_i32x4_all_true(wasm_f32x4_eq(values, values)))
                break;
            wasm_v128_store(dst + 8 * i, wasm_f64x2_promote_low_f32x4(values));
            wasm_v128_store(dst + 8 * i + 16, wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(values, values, 2, 3, 2, 3)));
        }
        for (uint32_t end = count - i < 4 ? count : i + 4; i < end; i++) {
            float value = LOAD(float, src + 4 * i);
            if (value == value)
                STORE(double, dst + 8 * i, (double)value);
            else
                STORE(uint64_t, dst + 8 * i, wide_nan(LOAD(uint32_t, src + 4 * i)));
        }
    }
}

static void narrow(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    uint32_t i = 0;
    while (i < count) {
        for (; count - i >= 4; i += 4) {
            v128_t low = wasm_f32x4_demote_f64x2_zero(wasm_v128_load(src + 8 * i));
            v128_t high = wasm_f32x4_demote_f64x2_zero(wasm_v128_load(src + 8 * i + 16));
            v128_t thin = wasm_i64x2_shuffle(low, high, 0, 2);
            if (!wasm_i32x4_all_true(wasm_f32x4_eq(thin, thin)))
                break;
            wasm_v128_store(dst + 4 * i, thin);
        }
        for (uint32_t end = count - i < 4 ? count : i + 4; i < end; i++) {
            double value = LOAD(double, src + 8 * i);
            if (value == value)
                STORE(float, dst + 4 * i, (float)value);
            else
                STORE(uint32_t, dst + 4 * i, thin_nan(LOAD(uint64_t, src + 8 * i)));
        }
    }
}

static void halves_to_float32(uint8_t *dst, const uint8_t *src, uint32_t count)
{
    uint32_t i = 0;
    for (; count - i >= 4; i += 4)
        wasm_v128_store(dst + 4 * i, mr_halves(wasm_u32x4_load16x4(src + 2 * i)));
    for (; i < count; i++)
        wasm_v128_store32_lane(dst + 4 * i, mr_halves(wasm_i32x4_splat(LOAD(uint16_t, src + 2 * i))), 0);
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
    else
        from_floats(dst, to, src, from == MR_FLOAT64, count);
}

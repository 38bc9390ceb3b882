/*
 * The operations of wasm's SIMD that the modules use, by the compiler's vectors and plain loops: slow, and every load and
 * store checked by AddressSanitizer. Written from the WebAssembly specification.
 */
#ifndef MT_FUZZ_WASM_SIMD128_H
#define MT_FUZZ_WASM_SIMD128_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef int32_t v128_t __attribute__((vector_size(16)));

typedef union {
    v128_t   v;
    int8_t   i8[16];
    uint8_t  u8[16];
    int16_t  i16[8];
    uint16_t u16[8];
    int32_t  i32[4];
    uint32_t u32[4];
    int64_t  i64[2];
    uint64_t u64[2];
    float    f32[4];
    double   f64[2];
} mt_lanes;

#define MT_V static inline v128_t __attribute__((unused))

/* A vector of n lanes, each by an expression of i; a, b and c are the arguments' lanes. */
#define MT_MAKE(lane, n, ...)                                                                                          \
    mt_lanes r;                                                                                                        \
    for (int i = 0; i < (n); i++)                                                                                      \
        r.lane[i] = (__VA_ARGS__);                                                                                     \
    return r.v
#define MT_ONE(name, lane, n, ...)                                                                                     \
    MT_V name(v128_t x)                                                                                                \
    {                                                                                                                  \
        mt_lanes a = {.v = x};                                                                                         \
        MT_MAKE(lane, n, __VA_ARGS__);                                                                                 \
    }
#define MT_TWO(name, lane, n, ...)                                                                                     \
    MT_V name(v128_t x, v128_t y)                                                                                      \
    {                                                                                                                  \
        mt_lanes a = {.v = x}, b = {.v = y};                                                                           \
        MT_MAKE(lane, n, __VA_ARGS__);                                                                                 \
    }
#define MT_SHIFT(name, lane, n, ...)                                                                                   \
    MT_V name(v128_t x, uint32_t by)                                                                                   \
    {                                                                                                                  \
        mt_lanes a = {.v = x};                                                                                         \
        MT_MAKE(lane, n, __VA_ARGS__);                                                                                 \
    }
#define MT_SPLAT(name, type, lane, n)                                                                                  \
    MT_V name(type x)                                                                                                  \
    {                                                                                                                  \
        MT_MAKE(lane, n, x);                                                                                           \
    }

MT_V wasm_v128_load(const void *at)
{
    v128_t v;
    memcpy(&v, at, 16);
    return v;
}

static inline void wasm_v128_store(void *at, v128_t v)
{
    memcpy(at, &v, 16);
}

MT_V wasm_v128_load32_zero(const void *at)
{
    mt_lanes r = {.v = {0}};
    memcpy(&r, at, 4);
    return r.v;
}

MT_V wasm_v128_load64_zero(const void *at)
{
    mt_lanes r = {.v = {0}};
    memcpy(&r, at, 8);
    return r.v;
}

#define wasm_v128_store32_lane(at, vector, lane) memcpy((at), &((mt_lanes){.v = (vector)}).u32[lane], 4)
#define wasm_v128_store64_lane(at, vector, lane) memcpy((at), &((mt_lanes){.v = (vector)}).u64[lane], 8)

MT_V wasm_i32x4_load16x4(const void *at)
{
    int16_t in[4];
    memcpy(in, at, 8);
    MT_MAKE(i32, 4, in[i]);
}

MT_V wasm_u32x4_load16x4(const void *at)
{
    uint16_t in[4];
    memcpy(in, at, 8);
    MT_MAKE(u32, 4, in[i]);
}

MT_SPLAT(wasm_i8x16_const_splat, int8_t, i8, 16)
MT_SPLAT(wasm_u16x8_splat, uint16_t, u16, 8)
MT_SPLAT(wasm_i32x4_splat, int32_t, i32, 4)
MT_SPLAT(wasm_i32x4_const_splat, int32_t, i32, 4)
MT_SPLAT(wasm_i64x2_const_splat, int64_t, i64, 2)
MT_SPLAT(wasm_f32x4_const_splat, float, f32, 4)
MT_SPLAT(wasm_f64x2_splat, double, f64, 2)
MT_SPLAT(wasm_f64x2_const_splat, double, f64, 2)
#define wasm_i16x8_make(...)   (((mt_lanes){.i16 = {__VA_ARGS__}}).v)
#define wasm_i16x8_const(...)  wasm_i16x8_make(__VA_ARGS__)
#define wasm_f64x2_make(x, y)  (((mt_lanes){.f64 = {(x), (y)}}).v)

#define wasm_i32x4_extract_lane(vector, lane) (((mt_lanes){.v = (vector)}).i32[lane])
#define wasm_u32x4_extract_lane(vector, lane) (((mt_lanes){.v = (vector)}).u32[lane])

#define MT_SHUFFLE(name, lane, n)                                                                                      \
    MT_V name##_by(v128_t x, v128_t y, const uint8_t *from)                                                            \
    {                                                                                                                  \
        mt_lanes a = {.v = x}, b = {.v = y};                                                                           \
        MT_MAKE(lane, n, from[i] < (n) ? a.lane[from[i]] : b.lane[from[i] - (n)]);                                     \
    }
MT_SHUFFLE(wasm_i8x16_shuffle, i8, 16)
MT_SHUFFLE(wasm_i16x8_shuffle, i16, 8)
MT_SHUFFLE(wasm_i32x4_shuffle, i32, 4)
MT_SHUFFLE(wasm_i64x2_shuffle, i64, 2)
#define wasm_i8x16_shuffle(a, b, ...) wasm_i8x16_shuffle_by(a, b, (const uint8_t[16]){__VA_ARGS__})
#define wasm_i16x8_shuffle(a, b, ...) wasm_i16x8_shuffle_by(a, b, (const uint8_t[8]){__VA_ARGS__})
#define wasm_i32x4_shuffle(a, b, ...) wasm_i32x4_shuffle_by(a, b, (const uint8_t[4]){__VA_ARGS__})
#define wasm_i64x2_shuffle(a, b, ...) wasm_i64x2_shuffle_by(a, b, (const uint8_t[2]){__VA_ARGS__})
MT_TWO(wasm_i8x16_swizzle, u8, 16, b.u8[i] < 16 ? a.u8[b.u8[i]] : 0)

MT_TWO(wasm_v128_and, u32, 4, a.u32[i] & b.u32[i])
MT_TWO(wasm_v128_or, u32, 4, a.u32[i] | b.u32[i])
MT_V wasm_v128_bitselect(v128_t x, v128_t y, v128_t mask)
{
    return (x & mask) | (y & ~mask);
}

static inline bool wasm_v128_any_true(v128_t x)
{
    mt_lanes a = {.v = x};
    return a.u64[0] || a.u64[1];
}

static inline bool wasm_i32x4_all_true(v128_t x)
{
    mt_lanes a = {.v = x};
    return a.i32[0] && a.i32[1] && a.i32[2] && a.i32[3];
}

static inline bool wasm_i64x2_all_true(v128_t x)
{
    mt_lanes a = {.v = x};
    return a.i64[0] && a.i64[1];
}

MT_TWO(wasm_i32x4_add, u32, 4, a.u32[i] + b.u32[i])
MT_TWO(wasm_i32x4_sub, u32, 4, a.u32[i] - b.u32[i])
MT_TWO(wasm_i16x8_mul, u16, 8, (uint16_t)((uint32_t)a.u16[i] * b.u16[i]))
MT_TWO(wasm_i32x4_gt, i32, 4, -(a.i32[i] > b.i32[i]))
MT_TWO(wasm_i32x4_ge, i32, 4, -(a.i32[i] >= b.i32[i]))
MT_TWO(wasm_i32x4_lt, i32, 4, -(a.i32[i] < b.i32[i]))
MT_SHIFT(wasm_i32x4_shl, u32, 4, a.u32[i] << (by & 31))
MT_SHIFT(wasm_i16x8_shl, u16, 8, (uint16_t)(a.u16[i] << (by & 15)))
MT_SHIFT(wasm_i32x4_shr, i32, 4, a.i32[i] >> (by & 31))
MT_SHIFT(wasm_u32x4_shr, u32, 4, a.u32[i] >> (by & 31))
MT_SHIFT(wasm_u16x8_shr, u16, 8, (uint16_t)(a.u16[i] >> (by & 15)))
MT_ONE(wasm_i16x8_extend_low_i8x16, i16, 8, a.i8[i])
MT_ONE(wasm_u16x8_extend_low_u8x16, u16, 8, a.u8[i])
MT_ONE(wasm_u16x8_extend_high_u8x16, u16, 8, a.u8[i + 8])
MT_ONE(wasm_i32x4_extend_low_i16x8, i32, 4, a.i16[i])
MT_ONE(wasm_u32x4_extend_low_u16x8, u32, 4, a.u16[i])
MT_ONE(wasm_u16x8_extadd_pairwise_u8x16, u16, 8, (uint16_t)(a.u8[2 * i] + a.u8[2 * i + 1]))
MT_ONE(wasm_u32x4_extadd_pairwise_u16x8, u32, 4, (uint32_t)a.u16[2 * i] + a.u16[2 * i + 1])
MT_TWO(wasm_u32x4_extmul_low_u16x8, u32, 4, (uint32_t)a.u16[i] * b.u16[i])
MT_TWO(wasm_u32x4_extmul_high_u16x8, u32, 4, (uint32_t)a.u16[i + 4] * b.u16[i + 4])
MT_TWO(wasm_i32x4_dot_i16x8, u32, 4, (uint32_t)(a.i16[2 * i] * b.i16[2 * i]) + (uint32_t)(a.i16[2 * i + 1] * b.i16[2 * i + 1]))

MT_TWO(wasm_f32x4_eq, i32, 4, -(a.f32[i] == b.f32[i]))
MT_TWO(wasm_f64x2_eq, i64, 2, -(int64_t)(a.f64[i] == b.f64[i]))
MT_TWO(wasm_f64x2_ge, i64, 2, -(int64_t)(a.f64[i] >= b.f64[i]))
MT_TWO(wasm_f64x2_gt, i64, 2, -(int64_t)(a.f64[i] > b.f64[i]))
MT_TWO(wasm_f64x2_lt, i64, 2, -(int64_t)(a.f64[i] < b.f64[i]))
MT_TWO(wasm_f32x4_sub, f32, 4, a.f32[i] - b.f32[i])
MT_TWO(wasm_f64x2_add, f64, 2, a.f64[i] + b.f64[i])
MT_TWO(wasm_f64x2_mul, f64, 2, a.f64[i] * b.f64[i])
MT_TWO(wasm_f64x2_sub, f64, 2, a.f64[i] - b.f64[i])
MT_ONE(wasm_f64x2_nearest, f64, 2, rint(a.f64[i]))
MT_ONE(wasm_f64x2_abs, u64, 2, a.u64[i] & (UINT64_MAX >> 1))

/* NaN where either is; -0 is less than +0. */
#define MT_EXTREME(name, type, less)                                                                                   \
    static inline type name(type x, type y)                                                                            \
    {                                                                                                                  \
        if (x != x || y != y)                                                                                          \
            return (type)NAN;                                                                                          \
        if (x == y)                                                                                                    \
            return (less) == (signbit(x) != 0) ? x : y;                                                                \
        return (x < y) == (less) ? x : y;                                                                              \
    }
MT_EXTREME(__builtin_wasm_min_f32, float, 1)
MT_EXTREME(__builtin_wasm_max_f32, float, 0)
MT_EXTREME(__builtin_wasm_min_f64, double, 1)
MT_EXTREME(__builtin_wasm_max_f64, double, 0)
MT_TWO(wasm_f32x4_min, f32, 4, __builtin_wasm_min_f32(a.f32[i], b.f32[i]))
MT_TWO(wasm_f32x4_max, f32, 4, __builtin_wasm_max_f32(a.f32[i], b.f32[i]))
MT_TWO(wasm_f64x2_min, f64, 2, __builtin_wasm_min_f64(a.f64[i], b.f64[i]))
MT_TWO(wasm_f64x2_max, f64, 2, __builtin_wasm_max_f64(a.f64[i], b.f64[i]))

#define MT_SATURATE(name, type, low, high)                                                                             \
    static inline type name(double x)                                                                                  \
    {                                                                                                                  \
        return x != x ? 0 : x <= (double)(low) ? (low) : x >= (double)(high) ? (high) : (type)x;                       \
    }
MT_SATURATE(mt_to_i32, int32_t, INT32_MIN, INT32_MAX)
MT_SATURATE(mt_to_u32, uint32_t, 0, UINT32_MAX)
MT_ONE(wasm_i32x4_trunc_sat_f32x4, i32, 4, mt_to_i32((double)a.f32[i]))
MT_ONE(wasm_u32x4_trunc_sat_f32x4, u32, 4, mt_to_u32((double)a.f32[i]))
MT_ONE(wasm_i32x4_trunc_sat_f64x2_zero, i32, 4, i < 2 ? mt_to_i32(a.f64[i & 1]) : 0)
MT_ONE(wasm_u32x4_trunc_sat_f64x2_zero, u32, 4, i < 2 ? mt_to_u32(a.f64[i & 1]) : 0)
MT_ONE(wasm_f64x2_convert_low_i32x4, f64, 2, (double)a.i32[i])
MT_ONE(wasm_f64x2_convert_low_u32x4, f64, 2, (double)a.u32[i])
MT_ONE(wasm_f64x2_promote_low_f32x4, f64, 2, (double)a.f32[i])
MT_ONE(wasm_f32x4_demote_f64x2_zero, f32, 4, i < 2 ? (float)a.f64[i & 1] : 0)

/* Memory ends where addresses do. */
#define __builtin_wasm_memory_size(index) 65536u

#endif

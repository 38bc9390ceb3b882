/* Four float16 at once as float32. */
#ifndef READER_FLOAT16_H
#define READER_FLOAT16_H

#include "internal.h"

/*
 * Of lanes with a float16 in their lower halves: exponent and fraction moved to their places, then the difference of the biases added.
 * Those below the smallest exponent are a number minus the one without their fraction: exact, and no slow denormal meets the multiplier.
 */
static inline v128_t mr_halves(v128_t halves)
{
    v128_t sign   = wasm_i32x4_shl(wasm_v128_and(halves, wasm_i32x4_const_splat(0x8000)), 16);
    v128_t rest   = wasm_i32x4_shl(wasm_v128_and(halves, wasm_i32x4_const_splat(0x7fff)), 13);
    v128_t normal = wasm_i32x4_add(rest, wasm_i32x4_const_splat(112 << 23));
    v128_t base   = wasm_i32x4_const_splat(113 << 23);
    v128_t tiny   = wasm_f32x4_sub(wasm_v128_or(rest, base), base);
    /* Infinity and NaN, which becomes quiet. */
    v128_t nan     = wasm_v128_and(wasm_i32x4_gt(rest, wasm_i32x4_const_splat(0x0f800000)), wasm_i32x4_const_splat(0x400000));
    v128_t special = wasm_v128_or(wasm_v128_or(rest, wasm_i32x4_const_splat(0x7f800000)), nan);
    v128_t value   = wasm_v128_bitselect(tiny, normal, wasm_i32x4_lt(rest, wasm_i32x4_const_splat(1 << 23)));
    value          = wasm_v128_bitselect(special, value, wasm_i32x4_ge(rest, wasm_i32x4_const_splat(0x0f800000)));
    return wasm_v128_or(value, sign);
}

#endif

/* Square blocks of 16, 8, 4 or 2 elements to a side, transposed in registers. */
#ifndef READER_TRANSPOSE_H
#define READER_TRANSPOSE_H

#include "internal.h"

#define LOW_1(a, b) wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH_1(a, b) wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define LOW_2(a, b) wasm_i16x8_shuffle(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH_2(a, b) wasm_i16x8_shuffle(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define LOW_4(a, b) wasm_i32x4_shuffle(a, b, 0, 4, 1, 5)
#define HIGH_4(a, b) wasm_i32x4_shuffle(a, b, 2, 6, 3, 7)
#define LOW_8(a, b) wasm_i64x2_shuffle(a, b, 0, 2)
#define HIGH_8(a, b) wasm_i64x2_shuffle(a, b, 1, 3)

/*
 * Element (r, c) from src + r * size + c * src_line to dst + r * dst_line + c * size. Rows interleaved with those half a block further,
 * once per bit of the side, stand transposed.
 */
#define BLOCK(size)                                                                                                    \
    static inline void block_##size(uint8_t *dst, const uint8_t *src, ptrdiff_t src_line, ptrdiff_t dst_line)          \
    {                                                                                                                  \
        enum { side = 16 / size };                                                                                     \
        v128_t a[side], b[side];                                                                                       \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < side; i++) a[i] = wasm_v128_load(src + i * src_line);   \
        _Pragma("clang loop unroll(full)") for (int n = side; n > 1; n /= 2)                                           \
        {                                                                                                              \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < side / 2; i++)                                      \
            {                                                                                                          \
                b[2 * i]     = LOW_##size(a[i], a[i + side / 2]);                                                      \
                b[2 * i + 1] = HIGH_##size(a[i], a[i + side / 2]);                                                     \
            }                                                                                                          \
            _Pragma("clang loop unroll(full)") for (int i = 0; i < side; i++) a[i] = b[i];                             \
        }                                                                                                              \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < side; i++) wasm_v128_store(dst + i * dst_line, a[i]);   \
    }

BLOCK(1)
BLOCK(2)
BLOCK(4)
BLOCK(8)

#endif

/* Byte order: runs of 2, 4, 8 or any number of bytes reversed, 16 bytes at a time where SIMD can. */
#include <string.h>
#include <wasm_simd128.h>

#include "internal.h"

static v128_t reverse(v128_t bytes, size_t swap)
{
    switch (swap) {
        case 2:
            return wasm_i8x16_shuffle(bytes, bytes, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        case 4:
            return wasm_i8x16_shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
        case 8:
            return wasm_i8x16_shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
        default:
            return wasm_i8x16_shuffle(bytes, bytes, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    }
}

/* Whole vectors of one kind: the bytes done. */
static inline size_t vectors(uint8_t *dst, const uint8_t *src, size_t length, size_t swap)
{
    size_t at = 0;
    for (; at + 16 <= length; at += 16)
        wasm_v128_store(dst + at, reverse(wasm_v128_load(src + at), swap));
    return at;
}

static size_t bulk(uint8_t *dst, const uint8_t *src, size_t length, size_t swap)
{
    /* One loop per width: the shuffle must be a constant. */
    switch (swap) {
        case 2:
            return vectors(dst, src, length, 2);
        case 4:
            return vectors(dst, src, length, 4);
        case 8:
            return vectors(dst, src, length, 8);
        case 16:
            return vectors(dst, src, length, 16);
        default:
            return 0;
    }
}

static void reverse_run(uint8_t *dst, const uint8_t *src, size_t swap)
{
    for (size_t i = 0, j = swap - 1; i <= j && j < swap; i++, j--) {
        uint8_t first = src[i], last = src[j];
        dst[i] = last;
        dst[j] = first;
    }
}

void mt_swap_copy(void *dst, const void *src, size_t length, size_t swap)
{
    if (swap < 2) {
        if (dst != src)
            memcpy(dst, src, length);
        return;
    }
    size_t at = bulk(dst, src, length, swap);
    for (; length - at >= swap; at += swap)
        reverse_run((uint8_t *)dst + at, (const uint8_t *)src + at, swap);
    if (at < length && dst != src)
        memcpy((uint8_t *)dst + at, (const uint8_t *)src + at, length - at);
}

void mt_swap(void *data, size_t length, size_t swap)
{
    mt_swap_copy(data, data, length, swap);
}

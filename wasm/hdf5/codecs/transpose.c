/* Byte transposition, 16 elements at a time for the element sizes that matter. */
#include "shared.h"

#include <wasm_simd128.h>

/* Interleaves the bytes of two vectors: low and high half. */
#define ZIP_LOW(a, b)  wasm_i8x16_shuffle(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIP_HIGH(a, b) wasm_i8x16_shuffle(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
/* The way back: bytes of even and of odd position. */
#define EVEN(a, b) wasm_i8x16_shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b)  wasm_i8x16_shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)

/* v[p] holds byte p of 16 elements; after log2(elem) rounds v holds the elements in order. Each round interleaves
 * plane p with plane p + elem/2. elem is a constant where this is inlined, so the loops unroll. */
static inline void merge(v128_t v[16], size_t elem)
{
    v128_t w[16];

    for (size_t round = 1; round < elem; round *= 2) {
        for (size_t p = 0; p < elem / 2; p++) {
            w[2 * p]     = ZIP_LOW(v[p], v[p + elem / 2]);
            w[2 * p + 1] = ZIP_HIGH(v[p], v[p + elem / 2]);
        }
        for (size_t p = 0; p < elem; p++)
            v[p] = w[p];
    }
}

static inline void split(v128_t v[16], size_t elem)
{
    v128_t w[16];

    for (size_t round = 1; round < elem; round *= 2) {
        for (size_t p = 0; p < elem / 2; p++) {
            w[p]            = EVEN(v[2 * p], v[2 * p + 1]);
            w[p + elem / 2] = ODD(v[2 * p], v[2 * p + 1]);
        }
        for (size_t p = 0; p < elem; p++)
            v[p] = w[p];
    }
}

/* Both return how many elements they did, a multiple of 16. */
static inline __attribute__((always_inline)) size_t unshuffle_wide(const uint8_t *src, uint8_t *dst, size_t count,
                                                                   size_t elem)
{
    size_t i = 0;

    for (; i + 16 <= count; i += 16) {
        v128_t v[16];

#pragma clang loop unroll(full)
        for (size_t p = 0; p < elem; p++)
            v[p] = wasm_v128_load(src + p * count + i);
        merge(v, elem);
#pragma clang loop unroll(full)
        for (size_t p = 0; p < elem; p++)
            wasm_v128_store(dst + i * elem + 16 * p, v[p]);
    }
    return i;
}

static inline __attribute__((always_inline)) size_t shuffle_wide(const uint8_t *src, uint8_t *dst, size_t count,
                                                                 size_t elem)
{
    size_t i = 0;

    for (; i + 16 <= count; i += 16) {
        v128_t v[16];

#pragma clang loop unroll(full)
        for (size_t p = 0; p < elem; p++)
            v[p] = wasm_v128_load(src + i * elem + 16 * p);
        split(v, elem);
#pragma clang loop unroll(full)
        for (size_t p = 0; p < elem; p++)
            wasm_v128_store(dst + p * count + i, v[p]);
    }
    return i;
}

/* Elements a strip at a time, so that the strip stays in the cache while its planes are walked. */
#define STRIP 512

void mt_unshuffle(const uint8_t *src, uint8_t *dst, size_t nbytes, size_t elem)
{
    size_t count = elem ? nbytes / elem : 0, done = 0;

    if (elem <= 1 || count <= 1) {
        memcpy(dst, src, nbytes);
        return;
    }
    switch (elem) {
        case 2: done = unshuffle_wide(src, dst, count, 2); break;
        case 4: done = unshuffle_wide(src, dst, count, 4); break;
        case 8: done = unshuffle_wide(src, dst, count, 8); break;
        case 16: done = unshuffle_wide(src, dst, count, 16); break;
        default: break;
    }
    for (; done < count; done += STRIP) {
        size_t end = count - done < STRIP ? count : done + STRIP;

        for (size_t p = 0; p < elem; p++)
            for (size_t i = done; i < end; i++)
                dst[i * elem + p] = src[p * count + i];
    }
    memcpy(dst + count * elem, src + count * elem, nbytes - count * elem);
}

void mt_shuffle(const uint8_t *src, uint8_t *dst, size_t nbytes, size_t elem)
{
    size_t count = elem ? nbytes / elem : 0, done = 0;

    if (elem <= 1 || count <= 1) {
        memcpy(dst, src, nbytes);
        return;
    }
    switch (elem) {
        case 2: done = shuffle_wide(src, dst, count, 2); break;
        case 4: done = shuffle_wide(src, dst, count, 4); break;
        case 8: done = shuffle_wide(src, dst, count, 8); break;
        case 16: done = shuffle_wide(src, dst, count, 16); break;
        default: break;
    }
    for (; done < count; done += STRIP) {
        size_t end = count - done < STRIP ? count : done + STRIP;

        for (size_t p = 0; p < elem; p++)
            for (size_t i = done; i < end; i++)
                dst[p * count + i] = src[i * elem + p];
    }
    memcpy(dst + count * elem, src + count * elem, nbytes - count * elem);
}

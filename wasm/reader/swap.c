/* Byte order: runs of 2, 4, 8 or 16 bytes reversed, 16 bytes at a time. */
#include "internal.h"

/* One loop per width: the shuffle must be a constant. */
#define VECTORS(...)                                                                                                   \
    for (; length - at >= 16; at += 16) {                                                                              \
        v128_t bytes = wasm_v128_load(src + at);                                                                       \
        wasm_v128_store(dst + at, wasm_i8x16_shuffle(bytes, bytes, __VA_ARGS__));                                      \
    }                                                                                                                  \
    break

void mr_swap_run(uint8_t *dst, const uint8_t *src, uint32_t length, uint32_t unit)
{
    uint32_t at = 0;
    switch (unit) {
        case 2:
            VECTORS(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        case 4:
            VECTORS(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
        case 8:
            VECTORS(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
        case 16:
            VECTORS(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
        default:
            if (dst != src)
                COPY(dst, src, length);
            return;
    }
    for (; at < length; at += unit)
        for (uint32_t i = 0, j = unit - 1; i < j; i++, j--) {
            uint8_t first = src[at + i], last = src[at + j];
            dst[at + i]   = last;
            dst[at + j]   = first;
        }
}

int mr_swap(void *dst, const void *src, uint32_t length, uint32_t unit)
{
    if (!unit || unit > 16 || (unit & (unit - 1)) || length % unit || !mr_inside(src, length) || !mr_inside(dst, length))
        return MR_BAD;
    mr_swap_run(dst, src, length, unit);
    return MR_OK;
}

/* Words whose size is no type's: 24-bit integers, packed 10 and 12 bits, single bits. */
#include "internal.h"

int mr_int24(int32_t *dst, const uint8_t *src, uint32_t count, uint32_t flags)
{
    if (flags > 3 || !mr_inside(src, 3 * (uint64_t)count) || !mr_inside(dst, 4 * (uint64_t)count))
        return MR_BAD;
    bool     is_signed = flags & 1, big = flags & 2;
    uint32_t i = 0;
    /* Three bytes into the upper part of each lane, then down by a byte, which copies the sign or doesn't. */
#define LANES(...)                                                                                                     \
    for (; 3 * (uint64_t)i + 16 <= 3 * (uint64_t)count; i += 4) {                                                      \
        v128_t zero = wasm_i8x16_const_splat(0);                                                                       \
        v128_t up   = wasm_i8x16_shuffle(wasm_v128_load(src + 3 * i), zero, __VA_ARGS__);                              \
        wasm_v128_store((uint8_t *)dst + 4 * i, is_signed ? wasm_i32x4_shr(up, 8) : wasm_u32x4_shr(up, 8));            \
    }
    if (big) {
        LANES(16, 2, 1, 0, 16, 5, 4, 3, 16, 8, 7, 6, 16, 11, 10, 9)
    } else {
        LANES(16, 0, 1, 2, 16, 3, 4, 5, 16, 6, 7, 8, 16, 9, 10, 11)
    }
    for (; i < count; i++) {
        const uint8_t *at = src + 3 * i;
        uint32_t       up = big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8
                                : (uint32_t)at[2] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[0] << 8;
        STORE(uint32_t, (uint8_t *)dst + 4 * i, is_signed ? (uint32_t)((int32_t)up >> 8) : up >> 8);
    }
    return MR_OK;
}

/*
 * How 8 values come out of the first 16 bytes: per value the two bytes that hold it (low, then high, in a lane of 16 bits), a factor
 * that shifts it left up to the lane's upper end, and the same for bits that lie apart from it.
 */
typedef struct {
    v128_t bytes, factor;
    v128_t apart_bytes, apart_factor, apart_mask;
} layout_t;

#define NONE 255

static layout_t layout(uint32_t bits, uint32_t packing)
{
    uint8_t  bytes[16], apart[16];
    uint16_t factor[8], apart_factor[8];
    for (uint32_t i = 0; i < 8; i++) {
        uint32_t bit = i * bits, first = bit / 8, within = bit % 8, group = 8 / (bits - 8), place = i % group;
        if (packing == MR_LSB) {
            bytes[2 * i] = (uint8_t)first, bytes[2 * i + 1] = (uint8_t)(first + 1);
            factor[i] = (uint16_t)(1 << (16 - bits - within));
        } else if (packing == MR_MSB) {
            bytes[2 * i] = (uint8_t)(first + 1), bytes[2 * i + 1] = (uint8_t)first;
            factor[i] = (uint16_t)(1 << within);
        } else {
            uint32_t start = i / group * (group + 1);
            bytes[2 * i] = NONE, bytes[2 * i + 1] = (uint8_t)(start + place);
            factor[i] = 1;
            apart[2 * i] = (uint8_t)(start + group), apart[2 * i + 1] = NONE;
            apart_factor[i] = (uint16_t)(1 << (16 - bits - place * (bits - 8)));
        }
        if (packing != MR_MIPI)
            apart[2 * i] = apart[2 * i + 1] = NONE, apart_factor[i] = 0;
    }
    uint16_t mask = (uint16_t)(0xff & ~((1 << (16 - bits)) - 1));
    return (layout_t){LOAD(v128_t, bytes), LOAD(v128_t, factor), LOAD(v128_t, apart), LOAD(v128_t, apart_factor), wasm_u16x8_splat(mask)};
}

static inline v128_t eight(v128_t packed, const layout_t *of, uint32_t bits)
{
    v128_t whole = wasm_i16x8_mul(wasm_i8x16_swizzle(packed, of->bytes), of->factor);
    v128_t apart = wasm_i16x8_mul(wasm_i8x16_swizzle(packed, of->apart_bytes), of->apart_factor);
    return wasm_u16x8_shr(wasm_v128_or(whole, wasm_v128_and(apart, of->apart_mask)), 16 - bits);
}

int mr_unpack(uint16_t *dst, uint32_t count, const uint8_t *src, uint32_t length, uint32_t bits, uint32_t packing)
{
    if ((bits != 10 && bits != 12) || packing > MR_MIPI)
        return MR_BAD;
    uint32_t group  = 8 / (bits - 8);
    uint64_t needed = packing == MR_MIPI ? ((uint64_t)count + group - 1) / group * (group + 1) : ((uint64_t)count * bits + 7) / 8;
    if (needed > length || !mr_inside(src, length) || !mr_inside(dst, 2 * (uint64_t)count))
        return MR_BAD;
    layout_t of = layout(bits, packing);
    uint32_t i = 0, at = 0;
    for (; count - i >= 8 && length - at >= 16; i += 8, at += bits)
        wasm_v128_store((uint8_t *)dst + 2 * i, eight(wasm_v128_load(src + at), &of, bits));
    for (; i < count; i += 8, at += bits) {
        uint8_t  last[16] = {0}, values[16];
        uint32_t left = length - at, wanted = count - i;
        COPY(last, src + at, left < 16 ? left : 16);
        wasm_v128_store(values, eight(wasm_v128_load(last), &of, bits));
        COPY((uint8_t *)dst + 2 * i, values, wanted < 8 ? 2 * wanted : 16);
    }
    return MR_OK;
}

static inline uint32_t word(const uint8_t *src, uint32_t i, uint32_t size)
{
    return size == 1 ? src[i] : size == 2 ? LOAD(uint16_t, src + 2 * i) : LOAD(uint32_t, src + 4 * i);
}

/* One bit of each word. */
static inline void plane(uint8_t *restrict dst, const uint8_t *restrict src, uint32_t words, uint32_t size, uint32_t bit)
{
    for (uint32_t i = 0; i < words; i++)
        dst[i] = word(src, i, size) >> bit & 1;
}

int mr_bits(uint8_t *dst, const uint8_t *src, uint32_t words, uint32_t wordsize, uint32_t first, uint32_t bits, uint32_t planar)
{
    if ((wordsize != 1 && wordsize != 2 && wordsize != 4) || first > 8 * wordsize || bits > 8 * wordsize - first ||
        !mr_inside(src, (uint64_t)words * wordsize) || !mr_inside(dst, (uint64_t)words * bits))
        return MR_BAD;
    if (!bits)
        return MR_OK;
    if (planar || bits == 1) {
        for (uint32_t bit = first; bit < first + bits; bit++, dst += words) {
            if (wordsize == 1)
                plane(dst, src, words, 1, bit);
            else if (wordsize == 2)
                plane(dst, src, words, 2, bit);
            else
                plane(dst, src, words, 4, bit);
        }
        return MR_OK;
    }
    for (uint32_t i = 0; i < words; i++) {
        uint32_t value = word(src, i, wordsize) >> first, bit = 0;
        for (; bits - bit >= 8; bit += 8, value >>= 8, dst += 8) {
            /* Bit k of the byte alone in byte k, then moved to its place 0. */
            uint64_t spread = (value & 0xff) * 0x0101010101010101 & 0x8040201008040201;
            STORE(uint64_t, dst, (spread + 0x7f7f7f7f7f7f7f7f) >> 7 & 0x0101010101010101);
        }
        for (; bit < bits; bit++, value >>= 1)
            *dst++ = value & 1;
    }
    return MR_OK;
}

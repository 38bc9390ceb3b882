/* CRC-32 and CRC-32C sixteen bytes at a time by tables, Adler-32 by SIMD. */
#include "internal.h"

#define SLICES 16

typedef struct {
    uint32_t slice[SLICES][256];
    bool     filled;
} table_t;

static table_t zip, castagnoli;

/* slice[k][b]: what byte b does to the sum when k bytes follow it. */
static const table_t *fill(table_t *table, uint32_t polynomial)
{
    if (table->filled)
        return table;
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t sum = byte;
        for (int bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ (sum & 1 ? polynomial : 0);
        table->slice[0][byte] = sum;
    }
    for (int k = 1; k < SLICES; k++)
        for (uint32_t byte = 0; byte < 256; byte++) {
            uint32_t sum          = table->slice[k - 1][byte];
            table->slice[k][byte] = (sum >> 8) ^ table->slice[0][sum & 0xff];
        }
    table->filled = true;
    return table;
}

#define WORD(word, first)                                                                                              \
    (slice[first + 3][(word)&0xff] ^ slice[first + 2][(word) >> 8 & 0xff] ^ slice[first + 1][(word) >> 16 & 0xff] ^    \
     slice[first][(word) >> 24])

static uint32_t crc(const table_t *table, uint32_t sum, const uint8_t *src, uint32_t length)
{
    const uint32_t(*slice)[256] = table->slice;
    if (!mr_inside(src, length))
        return sum;
    sum = ~sum;
    for (; length >= SLICES; length -= SLICES, src += SLICES) {
        uint32_t a = LOAD(uint32_t, src) ^ sum, b = LOAD(uint32_t, src + 4);
        uint32_t c = LOAD(uint32_t, src + 8), d = LOAD(uint32_t, src + 12);
        sum = WORD(d, 0) ^ WORD(c, 4) ^ WORD(b, 8) ^ WORD(a, 12);
    }
    for (; length; length--)
        sum = (sum >> 8) ^ slice[0][(sum ^ *src++) & 0xff];
    return ~sum;
}

uint32_t mr_crc32(uint32_t sum, const uint8_t *src, uint32_t length)
{
    return crc(fill(&zip, 0xedb88320), sum, src, length);
}

uint32_t mr_crc32c(uint32_t sum, const uint8_t *src, uint32_t length)
{
    return crc(fill(&castagnoli, 0x82f63b78), sum, src, length);
}

#define PRIME 65521
/* Bytes after which the sums must be reduced, at most 5552, in whole vectors. */
#define STRETCH 5552

uint32_t mr_adler32(uint32_t sum, const uint8_t *src, uint32_t length)
{
    if (!mr_inside(src, length))
        return sum;
    uint32_t a = (sum & 0xffff) % PRIME, b = (sum >> 16) % PRIME;
    while (length) {
        uint32_t stretch = length < STRETCH ? length : STRETCH, vectors = stretch / 16;
        length -= stretch;
        /* Over all vectors: sums of bytes, sums of those sums, and of bytes by how far they lie from their vector's end. */
        v128_t   bytes = wasm_i32x4_const_splat(0), before = bytes, within = bytes;
        v128_t   low = wasm_i16x8_const(16, 15, 14, 13, 12, 11, 10, 9), high = wasm_i16x8_const(8, 7, 6, 5, 4, 3, 2, 1);
        for (uint32_t i = 0; i < vectors; i++, src += 16) {
            v128_t vector = wasm_v128_load(src);
            before        = wasm_i32x4_add(before, bytes);
            bytes  = wasm_i32x4_add(bytes, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(vector)));
            within = wasm_i32x4_add(within, wasm_i32x4_add(wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(vector), low),
                                                           wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(vector), high)));
        }
#define TOTAL(v)                                                                                                       \
    ((uint64_t)wasm_u32x4_extract_lane(v, 0) + wasm_u32x4_extract_lane(v, 1) + wasm_u32x4_extract_lane(v, 2) +         \
     wasm_u32x4_extract_lane(v, 3))
        b = (uint32_t)((b + (uint64_t)a * vectors * 16 + 16 * TOTAL(before) + TOTAL(within)) % PRIME);
        a = (uint32_t)((a + TOTAL(bytes)) % PRIME);
        for (uint32_t i = vectors * 16; i < stretch; i++) {
            a += *src++;
            b += a;
        }
        a %= PRIME;
        b %= PRIME;
    }
    return b << 16 | a;
}

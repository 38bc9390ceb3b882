/* A zlib stream: two bytes of header, deflate, and the Adler-32 of what came out, here by SIMD. */
#include "shared.h"

#include <wasm_simd128.h>

#include "libdeflate.h"

#define HEADER 2
#define TRAILER 4
#define MODULUS 65521
#define LANE(v, i) ((uint32_t)wasm_i32x4_extract_lane(v, i))

static struct libdeflate_decompressor *decompressor; /* one for the instance: its tables are large */

static uint64_t lanes(v128_t v)
{
    return (uint64_t)LANE(v, 0) + LANE(v, 1) + LANE(v, 2) + LANE(v, 3);
}

uint32_t mt_adler32(const uint8_t *data, size_t length)
{
    const v128_t high = wasm_i16x8_make(16, 15, 14, 13, 12, 11, 10, 9), low = wasm_i16x8_make(8, 7, 6, 5, 4, 3, 2, 1);
    uint64_t     sum1 = 1, sum2 = 0;

    /* 2,048 vectors at a time: no 32-bit lane can overflow (4 * 255 * 2048 * 2048 / 2 < 2^32). */
    while (length >= 16) {
        size_t vectors = length / 16 < 2048 ? length / 16 : 2048;
        v128_t plain = wasm_i32x4_splat(0), before = plain, weighted = plain;

        length -= vectors * 16;
        for (size_t i = 0; i < vectors; i++, data += 16) {
            v128_t v = wasm_v128_load(data);

            before   = wasm_i32x4_add(before, plain);
            plain    = wasm_i32x4_add(plain, wasm_u32x4_extadd_pairwise_u16x8(wasm_u16x8_extadd_pairwise_u8x16(v)));
            weighted = wasm_i32x4_add(weighted, wasm_i32x4_add(wasm_i32x4_dot_i16x8(wasm_u16x8_extend_low_u8x16(v), high),
                                                               wasm_i32x4_dot_i16x8(wasm_u16x8_extend_high_u8x16(v), low)));
        }
        sum2 = (sum2 + 16 * vectors * sum1 + 16 * lanes(before) + lanes(weighted)) % MODULUS;
        sum1 = (sum1 + lanes(plain)) % MODULUS;
    }
    for (; length; length--) {
        sum1 += *data++;
        sum2 += sum1;
    }
    return (uint32_t)(sum2 % MODULUS << 16 | sum1 % MODULUS);
}

enum mt_zlib_result mt_zlib_inflate(const void *src, size_t src_size, void *dst, size_t room, size_t *length)
{
    const uint8_t         *in = src;
    size_t                 read;
    enum libdeflate_result result;

    if (decompressor == NULL && (decompressor = libdeflate_alloc_decompressor()) == NULL)
        return MT_ZLIB_MEMORY;
    /* Method deflate, a check of the header, no preset dictionary. */
    if (src_size < HEADER + TRAILER || (in[0] & 15) != 8 || in[0] >> 4 > 7 || (in[0] << 8 | in[1]) % 31 || in[1] & 32)
        return MT_ZLIB_BROKEN;
    result = libdeflate_deflate_decompress_ex(decompressor, in + HEADER, src_size - HEADER - TRAILER, dst, room, &read, length);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE)
        return MT_ZLIB_NO_ROOM;
    if (result != LIBDEFLATE_SUCCESS || mt_adler32(dst, *length) != mt_be32(in + HEADER + read))
        return MT_ZLIB_BROKEN;
    return MT_ZLIB_OK;
}

bool mt_zlib_exact(const void *src, size_t src_size, void *dst, size_t dst_size)
{
    size_t length;

    return mt_zlib_inflate(src, src_size, dst, dst_size, &length) == MT_ZLIB_OK && length == dst_size;
}

/* Filter 3, fletcher32: four bytes of checksum behind the data, over big-endian 16-bit words. */
#include "shared.h"

#include <wasm_simd128.h>

#define LENGTH 4
#define LANE(v, i) ((uint32_t)wasm_i32x4_extract_lane(v, i))

/* Ones' complement sum: 0 only where every word is 0, as the library's own folding gives. */
static uint32_t fold(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint32_t)sum;
}

static uint64_t lanes(v128_t v)
{
    return (uint64_t)LANE(v, 0) + LANE(v, 1) + LANE(v, 2) + LANE(v, 3);
}


static uint32_t checksum(const uint8_t *data, size_t length)
{
    const v128_t weights = wasm_i16x8_make(8, 7, 6, 5, 4, 3, 2, 1);
    uint64_t     sum1 = 0, sum2 = 0;
    size_t       words = length / 2;

    /* 128 vectors at a time: no 32-bit lane can overflow (2 * 65535 * 128 * 128 / 2 < 2^32). */
    while (words >= 8) {
        size_t vectors = words / 8 < 128 ? words / 8 : 128;
        v128_t plain = wasm_i32x4_splat(0), before = plain, weighted = plain;

        words -= vectors * 8;
        for (size_t i = 0; i < vectors; i++, data += 16) {
            v128_t v = wasm_v128_load(data);

            v        = wasm_v128_or(wasm_i16x8_shl(v, 8), wasm_u16x8_shr(v, 8));
            before   = wasm_i32x4_add(before, plain);
            plain    = wasm_i32x4_add(plain, wasm_u32x4_extadd_pairwise_u16x8(v));
            weighted = wasm_i32x4_add(weighted, wasm_i32x4_add(wasm_u32x4_extmul_low_u16x8(v, weights),
                                                               wasm_u32x4_extmul_high_u16x8(v, weights)));
        }
        sum2 = fold(sum2 + sum1 * 8 * vectors + 8 * lanes(before) + lanes(weighted));
        sum1 = fold(sum1 + lanes(plain));
    }
    for (; words; words--, data += 2) {
        sum1 += (uint32_t)data[0] << 8 | data[1];
        sum2 += sum1;
    }
    if (length % 2) {
        sum1 += (uint32_t)data[0] << 8;
        sum2 += sum1;
    }
    return fold(sum2) << 16 | fold(sum1);
}

static size_t decode(unsigned flags, size_t nbytes, const uint8_t *src)
{
    uint32_t stored, sum;

    if (nbytes < LENGTH)
        return mt_codec_fail(MT_CODEC_CORRUPT, "it is too short for its Fletcher-32 checksum");
    if (flags & H5Z_FLAG_SKIP_EDC)
        return nbytes - LENGTH;
    stored = mt_le32(src + nbytes - LENGTH);
    sum    = checksum(src, nbytes - LENGTH);
    /* Releases before 1.6.3 wrote it with the bytes of each half swapped on little-endian machines. */
    if (stored != sum && stored != ((sum & 0x00ff00ffu) << 8 | (sum >> 8 & 0x00ff00ffu)))
        return mt_codec_fail(MT_CODEC_CORRUPT, "its Fletcher-32 checksum does not match");
    return nbytes - LENGTH;
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    uint8_t *out;
    uint32_t sum;

    (void)count;
    (void)values;
    if (flags & H5Z_FLAG_REVERSE)
        return decode(flags, nbytes, *buf);
    if ((out = realloc(*buf, nbytes + LENGTH)) == NULL)
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the checksum");
    sum = checksum(out, nbytes);
    for (int i = 0; i < LENGTH; i++)
        out[nbytes + i] = (uint8_t)(sum >> 8 * i);
    *buf      = out;
    *buf_size = nbytes + LENGTH;
    return nbytes + LENGTH;
}

const H5Z_class2_t H5Z_FLETCHER32[1] = {
    {H5Z_CLASS_T_VERS, H5Z_FILTER_FLETCHER32, 1, 1, "fletcher32", NULL, NULL, filter}};

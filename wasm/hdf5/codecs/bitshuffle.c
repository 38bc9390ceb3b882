/*
 * Filter 32008, bitshuffle: bits transposed within blocks of elements, each block then as it is, by lz4 or by zstd.
 * values: version, version, element size, block size in elements (0: default), compression (0, 2: lz4, 3: zstd).
 * Compressed: decoded size (8 bytes, big-endian), block size in bytes (4), per block its size (4) and bytes. Elements
 * past the last multiple of 8 are stored as they are. Reads only.
 */
#include "shared.h"

#include "bitshuffle_core.h"
#include "bitshuffle_internals.h"

#define HEADER 12
#define MULTIPLE 8 /* elements */

typedef bool (*inner_t)(const void *src, size_t src_size, void *dst, size_t dst_size);

bool mt_bitunshuffle(const void *src, void *dst, size_t count, size_t elem)
{
    return bshuf_untrans_bit_elem(src, dst, count, elem) >= 0;
}

/* One block of count elements: from its compressed bytes (inner) or plain. Moves *src on. */
static bool decode_block(inner_t inner, const uint8_t **src, const uint8_t *end, uint8_t *scratch, uint8_t *out,
                         size_t count, size_t elem)
{
    size_t   length = count * elem;
    uint32_t stored;

    if (inner == NULL) {
        *src += length;
        return mt_bitunshuffle(*src - length, out, count, elem);
    }
    if (end - *src < 4)
        return false;
    stored = mt_be32(*src);
    *src += 4;
    if ((size_t)(end - *src) < stored || !inner(*src, stored, scratch, length))
        return false;
    *src += stored;
    return mt_bitunshuffle(scratch, out, count, elem);
}

/* All of size bytes of elements in blocks of block elements. */
static bool decode_all(inner_t inner, const uint8_t *src, const uint8_t *end, uint8_t *scratch, uint8_t *out,
                       size_t size, size_t elem, size_t block)
{
    size_t count = size / elem, done = 0, rest;

    while (count - done >= MULTIPLE) {
        size_t n = count - done < block ? (count - done) / MULTIPLE * MULTIPLE : block;

        if (!decode_block(inner, &src, end, scratch, out + done * elem, n, elem))
            return false;
        done += n;
    }
    rest = size - done * elem;
    if ((size_t)(end - src) < rest)
        return false;
    memcpy(out + done * elem, src, rest);
    return true;
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    const uint8_t *src   = *buf, *end = src + nbytes;
    unsigned       kind  = count > 4 ? values[4] : 0;
    inner_t        inner = kind == 2 ? mt_lz4_exact : kind == 3 ? mt_zstd_exact : NULL;
    uint64_t       size  = nbytes;
    size_t         elem, block;
    uint8_t       *out, *scratch;
    bool           good;

    if (!(flags & H5Z_FLAG_REVERSE))
        return mt_codec_fail(MT_CODEC_NO_ENCODER, "bitshuffle is for reading only");
    if (count < 3 || values[2] == 0 || (kind != 0 && inner == NULL))
        return mt_codec_fail(MT_CODEC_CORRUPT, "bitshuffle's parameters are wrong");
    elem  = values[2];
    block = count > 3 ? values[3] : 0;
    if (inner) {
        if (nbytes < HEADER)
            return mt_codec_fail(MT_CODEC_CORRUPT, "it is too short for bitshuffle's header");
        size  = mt_be64(src);
        block = mt_be32(src + 8) / elem;
        src += HEADER;
    }
    if (block == 0)
        block = bshuf_default_block_size(elem);
    if (size % elem || block % MULTIPLE || block > SIZE_MAX / elem)
        return mt_codec_fail(MT_CODEC_CORRUPT, "bitshuffle's sizes do not fit each other");
    if ((out = mt_codec_alloc(size)) == NULL)
        return 0;
    scratch = malloc(block * elem < size ? block * elem : (size_t)size + 1);
    good    = scratch && decode_all(inner, src, end, scratch, out, (size_t)size, elem, block);
    if (!good) {
        mt_codec_fail(scratch ? MT_CODEC_CORRUPT : MT_CODEC_MEMORY, "a bitshuffle block is broken");
        free(scratch);
        free(out);
        return 0;
    }
    free(scratch);
    return mt_codec_finish(buf_size, buf, out, (size_t)size, (size_t)size);
}

const H5Z_class2_t mt_codec_bitshuffle[1] = {
    {H5Z_CLASS_T_VERS, 32008, 0, 1, "bitshuffle", NULL, NULL, filter}};

/*
 * Filter 32004, lz4: original size (8 bytes, big-endian), block size (4), then per block its compressed size (4) and
 * its bytes; a block that would not shrink is stored. values[0]: block size, 0 or absent for 1 GiB.
 */
#include "shared.h"

#include "lz4.h"

#define HEADER 12
#define DEFAULT_BLOCK (1u << 30)

bool mt_lz4_exact(const void *src, size_t src_size, void *dst, size_t dst_size)
{
    if (src_size > INT32_MAX || dst_size > INT32_MAX)
        return false;
    return LZ4_decompress_safe(src, dst, (int)src_size, (int)dst_size) == (int)dst_size;
}

static bool decode_blocks(const uint8_t *src, const uint8_t *end, uint8_t *out, uint64_t size, uint32_t block)
{
    for (uint64_t done = 0; done < size;) {
        size_t   length = size - done < block ? (size_t)(size - done) : block;
        uint32_t stored;

        if (end - src < 4)
            return false;
        stored = mt_be32(src);
        src += 4;
        if ((size_t)(end - src) < stored)
            return false;
        if (stored == length)
            memcpy(out + done, src, length);
        else if (!mt_lz4_exact(src, stored, out + done, length))
            return false;
        src += stored;
        done += length;
    }
    return true;
}

static size_t decode(size_t nbytes, size_t *buf_size, void **buf)
{
    const uint8_t *src = *buf;
    uint64_t       size;
    uint32_t       block;
    void          *out;

    if (nbytes < HEADER)
        return mt_codec_fail(MT_CODEC_CORRUPT, "it is too short for lz4's header");
    size  = mt_be64(src);
    block = mt_be32(src + 8);
    if (block == 0 && size != 0)
        return mt_codec_fail(MT_CODEC_CORRUPT, "lz4's block size is 0");
    if ((out = mt_codec_alloc(size)) == NULL)
        return 0;
    if (!decode_blocks(src + HEADER, src + nbytes, out, size, block)) {
        free(out);
        return mt_codec_fail(MT_CODEC_CORRUPT, "an lz4 block is broken");
    }
    return mt_codec_finish(buf_size, buf, out, (size_t)size, (size_t)size);
}

size_t mt_lz4_sized(size_t nbytes, size_t *buf_size, void **buf)
{
    const uint8_t *src = *buf;
    uint32_t       size;
    void          *out;

    if (nbytes < 4)
        return mt_codec_fail(MT_CODEC_CORRUPT, "it is too short for lz4's header");
    size = mt_le32(src);
    if ((out = mt_codec_alloc(size)) == NULL)
        return 0;
    if (!mt_lz4_exact(src + 4, nbytes - 4, out, size)) {
        free(out);
        return mt_codec_fail(MT_CODEC_CORRUPT, "its lz4 block is broken");
    }
    return mt_codec_finish(buf_size, buf, out, size, size);
}

static size_t encode(uint32_t block, size_t nbytes, size_t *buf_size, void **buf)
{
    const uint8_t *src = *buf;
    size_t         blocks, room, at = HEADER;
    uint8_t       *out;

    if (block > nbytes)
        block = (uint32_t)nbytes;
    blocks = (nbytes + block - 1) / block;
    room   = HEADER + nbytes + blocks * 4; /* a block that does not shrink is stored, so no more than this */
    if ((out = malloc(room)) == NULL)
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the encoded bytes");
    mt_put_be32(out, 0);
    mt_put_be32(out + 4, (uint32_t)nbytes);
    mt_put_be32(out + 8, block);
    for (size_t done = 0; done < nbytes;) {
        size_t length = nbytes - done < block ? nbytes - done : block;
        int    stored = LZ4_compress_default((const char *)src + done, (char *)out + at + 4, (int)length,
                                             (int)length - 1);

        if (stored <= 0) {
            memcpy(out + at + 4, src + done, length);
            stored = (int)length;
        }
        mt_put_be32(out + at, (uint32_t)stored);
        at += 4 + (size_t)stored;
        done += length;
    }
    return mt_codec_finish(buf_size, buf, out, room, at);
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    uint32_t block = count > 0 && values[0] ? values[0] : DEFAULT_BLOCK;

    if (flags & H5Z_FLAG_REVERSE)
        return decode(nbytes, buf_size, buf);
    if (block > LZ4_MAX_INPUT_SIZE || nbytes == 0)
        return mt_codec_fail(MT_CODEC_CORRUPT, "lz4's block size is too large");
    return encode(block, nbytes, buf_size, buf);
}

const H5Z_class2_t mt_codec_lz4[1] = {{H5Z_CLASS_T_VERS, 32004, 1, 1, "lz4", NULL, NULL, filter}};

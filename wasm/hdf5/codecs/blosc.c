/*
 * Filter 32001, blosc 1: a header of 16 bytes (version 2, inner version, flags, type size; decoded size, block size,
 * stored size, little-endian), the start of each block, then blocks. A block is one stream, or one per byte of the type;
 * a stream is its size (4 bytes) and its bytes, stored where it did not shrink. Reads only.
 */
#include "shared.h"

#include "blosclz.h"

#define HEADER 16
#define FORMAT_VERSION 2
#define FLAG_SHUFFLE 0x01
#define FLAG_STORED 0x02
#define FLAG_BITSHUFFLE 0x04
#define FLAG_FUTURE 0x08
#define FLAG_DONT_SPLIT 0x10
#define MAX_SPLITS 16        /* beyond this type size a block is never split */
#define MIN_SPLIT_ELEMENTS 128 /* nor with fewer elements in it */
#define MAX_BLOCK ((INT32_MAX - 255 * 4) / 3)

typedef bool (*inner_t)(const void *src, size_t src_size, void *dst, size_t dst_size);

static bool blosclz_exact(const void *src, size_t src_size, void *dst, size_t dst_size)
{
    return src_size <= INT32_MAX && dst_size <= INT32_MAX &&
           blosclz_decompress(src, (int)src_size, dst, (int)dst_size) == (int)dst_size;
}

/* By the format number in the flags' high 3 bits; lz4hc writes lz4. */
static const inner_t inners[8] = {blosclz_exact, mt_lz4_exact, mt_snappy_exact, mt_zlib_exact, mt_zstd_exact};

typedef struct {
    const uint8_t *src;
    size_t         stored; /* bytes at src */
    uint8_t        flags;
    size_t         elem, size, block;
    inner_t        inner;
} chunk_t;

/* All streams of the block that starts at byte at, to out. */
static bool decode_streams(const chunk_t *c, size_t at, uint8_t *out, size_t length)
{
    bool   split = !(c->flags & FLAG_DONT_SPLIT) && c->elem <= MAX_SPLITS && length / c->elem >= MIN_SPLIT_ELEMENTS &&
                 length == c->block;
    size_t streams = split ? c->elem : 1, each = length / streams;

    for (size_t i = 0; i < streams; i++, out += each) {
        size_t stored;

        if (at > c->stored || c->stored - at < 4)
            return false;
        stored = mt_le32(c->src + at);
        at += 4;
        if (c->stored - at < stored)
            return false;
        if (stored == each)
            memcpy(out, c->src + at, each);
        else if (!c->inner(c->src + at, stored, out, each))
            return false;
        at += stored;
    }
    /* What a block that its type size does not divide leaves over is never written by an encoder. */
    return each * streams == length;
}

static bool decode_block(const chunk_t *c, size_t at, uint8_t *out, size_t length, uint8_t *scratch)
{
    if ((c->flags & FLAG_SHUFFLE) && c->elem > 1) {
        if (!decode_streams(c, at, scratch, length))
            return false;
        mt_unshuffle(scratch, out, length, c->elem);
        return true;
    }
    if ((c->flags & FLAG_BITSHUFFLE) && length >= c->elem) {
        size_t count = length / c->elem;

        if (!decode_streams(c, at, scratch, length))
            return false;
        if (count % 8) {
            memcpy(out, scratch, length);
            return true;
        }
        memcpy(out + count * c->elem, scratch + count * c->elem, length - count * c->elem);
        return mt_bitunshuffle(scratch, out, count, c->elem);
    }
    return decode_streams(c, at, out, length);
}

static bool decode_all(const chunk_t *c, uint8_t *out, uint8_t *scratch)
{
    size_t blocks = (c->size + c->block - 1) / c->block;

    if (c->flags & FLAG_STORED) {
        if (c->stored - HEADER < c->size)
            return false;
        memcpy(out, c->src + HEADER, c->size);
        return true;
    }
    if (c->inner == NULL || blocks > (c->stored - HEADER) / 4)
        return false;
    for (size_t i = 0; i < blocks; i++) {
        size_t done = i * c->block, length = c->size - done < c->block ? c->size - done : c->block;

        if (!decode_block(c, mt_le32(c->src + HEADER + 4 * i), out + done, length, scratch))
            return false;
    }
    return true;
}

static bool read_header(chunk_t *c, const uint8_t *src, size_t nbytes)
{
    if (nbytes < HEADER || src[0] != FORMAT_VERSION)
        return false;
    c->src    = src;
    c->flags  = src[2];
    c->elem   = src[3];
    c->size   = mt_le32(src + 4);
    c->block  = mt_le32(src + 8);
    c->stored = mt_le32(src + 12);
    c->inner  = inners[c->flags >> 5];
    return c->stored >= HEADER && c->stored <= nbytes && c->elem != 0 && !(c->flags & FLAG_FUTURE) &&
           c->size <= INT32_MAX && (c->size == 0 || (c->block != 0 && c->block <= c->size && c->block <= MAX_BLOCK));
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    chunk_t  c;
    uint8_t *out, *scratch;
    bool     good;

    (void)count;
    (void)values;
    if (!(flags & H5Z_FLAG_REVERSE))
        return mt_codec_fail(MT_CODEC_NO_ENCODER, "blosc is for reading only");
    if (!read_header(&c, *buf, nbytes))
        return mt_codec_fail(MT_CODEC_CORRUPT, "its blosc header is broken");
    if ((out = mt_codec_alloc(c.size)) == NULL)
        return 0;
    scratch = malloc(c.block + 1);
    good    = scratch && decode_all(&c, out, scratch);
    free(scratch);
    if (!good) {
        free(out);
        return mt_codec_fail(scratch ? MT_CODEC_CORRUPT : MT_CODEC_MEMORY, "a blosc block is broken");
    }
    return mt_codec_finish(buf_size, buf, out, c.size, c.size);
}

const H5Z_class2_t mt_codec_blosc[1] = {{H5Z_CLASS_T_VERS, 32001, 0, 1, "blosc", NULL, NULL, filter}};

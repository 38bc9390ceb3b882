/* Filter 1, deflate: zlib streams by libdeflate. */
#include "shared.h"

#include "libdeflate.h"

#define HEADER 2
#define TRAILER 4
/* Of so many chunks one is compressed both ways, to choose anew. */
#define TRIAL 16

/*
 * libdeflate's levels in place of zlib's, so that a file is no larger than one that zlib compressed: measured on int16
 * noise, random walks and sines, ramps, time stamps, floats, images and text, in chunks of 4 KiB to 1 MiB, plain and
 * shuffled, they are smaller by 1 to 3 % in sum at every level, in half of zlib's time. No single level keeps that on
 * all data: where zlib's lazy search wins by up to 20 %, on time stamps, the second level holds against it, and where
 * that loses 5 %, on random walks, the first. Left over 1 % are: levels 1 to 3 on a few kinds of data (6 %), level 9 on
 * bytes of few values (6 %), where zlib takes five times as long. Level 1 itself gives up on ramps and is not used.
 */
static const struct {
    int first, second; /* 0: none */
} levels[10] = {{0, 0}, {2, 0}, {3, 5}, {4, 6}, {4, 7}, {5, 7}, {7, 8}, {8, 0}, {9, 0}, {9, 0}};

static struct {
    struct libdeflate_compressor *compressors[2]; /* for the instance, as in zlib.c */
    int                           level;          /* that they are for; -1: none */
    size_t                        size;           /* of the last chunk */
    unsigned                      chunks;         /* of that size and level */
    int                           chosen;
} encoder = {{NULL, NULL}, -1, 0, 0, 0};

static size_t decode(size_t nbytes, size_t *buf_size, void **buf)
{
    size_t size = mt_codec_guess(nbytes), length;

    for (;;) {
        void               *out = mt_codec_alloc(size);
        enum mt_zlib_result result;

        if (out == NULL)
            return 0;
        result = mt_zlib_inflate(*buf, nbytes, out, size, &length);
        if (result == MT_ZLIB_OK)
            return mt_codec_finish(buf_size, buf, out, size, length);
        free(out);
        if (result == MT_ZLIB_BROKEN)
            return mt_codec_fail(MT_CODEC_CORRUPT, "its zlib stream is broken");
        if (result == MT_ZLIB_MEMORY)
            return mt_codec_fail(MT_CODEC_MEMORY, "no memory for inflate");
        if (size >= mt_codec_cap())
            return mt_codec_fail(MT_CODEC_LIMIT, "it inflates to more bytes than allowed");
        size = size < mt_codec_cap() / 2 ? size * 2 : mt_codec_cap();
    }
}

static bool set_level(int level)
{
    int second = levels[level].second;

    if (level == encoder.level)
        return true;
    for (int i = 0; i < 2; i++)
        libdeflate_free_compressor(encoder.compressors[i]);
    encoder.compressors[0] = libdeflate_alloc_compressor(levels[level].first);
    encoder.compressors[1] = second ? libdeflate_alloc_compressor(second) : NULL;
    encoder.level = encoder.compressors[0] && (!second || encoder.compressors[1]) ? level : -1;
    encoder.size  = 0;
    if (encoder.level < 0)
        mt_codec_fail(MT_CODEC_MEMORY, "no memory for deflate");
    return encoder.level == level;
}

size_t mt_zlib_bound(size_t size)
{
    return HEADER + libdeflate_deflate_compress_bound(NULL, size) + TRAILER;
}

/* Compresses both ways, keeps the smaller result and the choice. */
static size_t try_both(const void *src, size_t src_size, void *dst, size_t room)
{
    size_t first  = libdeflate_deflate_compress(encoder.compressors[0], src, src_size, dst, room), second;
    void  *other  = malloc(room);

    encoder.chosen = 0;
    if (other == NULL)
        return first;
    second = libdeflate_deflate_compress(encoder.compressors[1], src, src_size, other, room);
    /* The second is slower: it must be worth it. */
    if (second && second < first - first / 256) {
        memcpy(dst, other, second);
        encoder.chosen = 1;
        first          = second;
    }
    free(other);
    return first;
}

static size_t compress(const void *src, size_t src_size, void *dst, size_t room)
{
    if (src_size != encoder.size) {
        encoder.size   = src_size;
        encoder.chunks = 0;
        encoder.chosen = 0;
    }
    if (levels[encoder.level].second && encoder.chunks++ % TRIAL == 0)
        return try_both(src, src_size, dst, room);
    return libdeflate_deflate_compress(encoder.compressors[encoder.chosen], src, src_size, dst, room);
}

size_t mt_zlib_deflate(int level, const void *src, size_t src_size, void *dst, size_t room)
{
    /* Deflate with a window of 32 KiB; how hard it was tried; a check of both. */
    static const uint8_t hints[10] = {0x01, 0x01, 0x5e, 0x5e, 0x5e, 0x5e, 0x9c, 0xda, 0xda, 0xda};
    uint8_t             *out       = dst;
    size_t               length;

    if (!set_level(level))
        return 0;
    length = compress(src, src_size, out + HEADER, room - HEADER - TRAILER);
    if (length == 0)
        return mt_codec_fail(MT_CODEC_MEMORY, "deflate found no room");
    out[0] = 0x78;
    out[1] = hints[level];
    mt_put_be32(out + HEADER + length, mt_adler32(src, src_size));
    return HEADER + length + TRAILER;
}

static size_t encode(int level, size_t nbytes, size_t *buf_size, void **buf)
{
    size_t bound = mt_zlib_bound(nbytes), written;
    void  *out   = malloc(bound);

    if (out == NULL)
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the encoded bytes");
    if ((written = mt_zlib_deflate(level, *buf, nbytes, out, bound)) == 0) {
        free(out);
        return 0;
    }
    return mt_codec_finish(buf_size, buf, out, bound, written);
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    if (flags & H5Z_FLAG_REVERSE)
        return decode(nbytes, buf_size, buf);
    if (count < 1 || values[0] > 9)
        return mt_codec_fail(MT_CODEC_CORRUPT, "deflate's level is not 0 to 9");
    return encode((int)values[0], nbytes, buf_size, buf);
}

const H5Z_class2_t H5Z_DEFLATE[1] = {
    {H5Z_CLASS_T_VERS, H5Z_FILTER_DEFLATE, 1, 1, "deflate", NULL, NULL, filter}};

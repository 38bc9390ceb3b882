/* Filter 1, deflate: zlib streams by libdeflate. */
#include "shared.h"

#include "libdeflate.h"

#define HEADER 2
#define TRAILER 4
/* The first chunks, and then one of so many, are compressed in all ways, to choose anew. */
#define FIRST 2
#define TRIAL 64
#define WAYS 3

/*
 * libdeflate's levels in place of zlib's, the fastest first, so that a file is no larger than one that zlib compressed.
 * Measured on int16 noise, random walks and sines, ramps, time stamps, floats, images and text, in chunks of 4 KiB to
 * 1 MiB, plain and shuffled. No single level holds against zlib on all of them: the hash table of level 1 wins on noise
 * (2 %) and is lost on ramps (86 % larger), the greedy search of level 4 wins on random walks (5 %), the lazy one of 7
 * on time stamps (20 %). With the choice of the three, level 4 is nowhere 1 % larger than zlib's 4, and smaller in sum.
 * What is left: levels 1 to 3 on images and noisy sines (5 %), 9 on bytes of few values (6 %), where zlib takes five
 * times as long.
 */
static const int ways[10][WAYS] = {{0, 0, 0}, {1, 2, 0}, {1, 3, 5}, {1, 4, 6}, {1, 4, 7},
                                   {1, 4, 7}, {1, 4, 8}, {1, 4, 8}, {1, 4, 9}, {1, 4, 9}};

static struct {
    struct libdeflate_compressor *compressors[WAYS]; /* for the instance, as in zlib.c; null: no such way */
    int                           level;             /* that they are for; -1: none */
    size_t                        size;              /* of the last chunk */
    unsigned                      chunks;            /* of that size and level */
    double                        lengths[WAYS];     /* that each way gave, the last ones counting most */
    int                           chosen;
} encoder = {.level = -1};

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
    bool complete = true;

    if (level == encoder.level)
        return true;
    for (int i = 0; i < WAYS; i++) {
        bool there = i == 0 || ways[level][i];

        libdeflate_free_compressor(encoder.compressors[i]);
        encoder.compressors[i] = there ? libdeflate_alloc_compressor(ways[level][i]) : NULL;
        complete               = complete && (!there || encoder.compressors[i]);
    }
    encoder.level = complete ? level : -1;
    encoder.size  = 0;
    if (!complete)
        mt_codec_fail(MT_CODEC_MEMORY, "no memory for deflate");
    return complete;
}

size_t mt_zlib_bound(size_t size)
{
    return HEADER + libdeflate_deflate_compress_bound(NULL, size) + TRAILER;
}

static size_t try_way(int way, const void *src, size_t src_size, void *dst, size_t room)
{
    size_t length = libdeflate_deflate_compress(encoder.compressors[way], src, src_size, dst, room);

    encoder.lengths[way] = encoder.lengths[way] / 2 + (double)(length ? length : room);
    /* A slower one must be worth it; the slowest, which takes twice the time, more so where speed was asked for. */
    double worth = way == WAYS - 1 && encoder.level <= 4 ? 63.0 / 64 : 255.0 / 256;
    if (way == 0 || encoder.lengths[way] < encoder.lengths[encoder.chosen] * worth)
        encoder.chosen = way;
    return length;
}

/* Compresses in all ways, keeps the best result and the choice. */
static size_t try_all(const void *src, size_t src_size, void *dst, size_t room)
{
    size_t best  = try_way(0, src, src_size, dst, room);
    void  *other = encoder.compressors[1] ? malloc(room) : NULL;

    for (int way = 1; way < WAYS && other && encoder.compressors[way]; way++) {
        size_t length = try_way(way, src, src_size, other, room);

        if (length == 0 || (best && length >= best))
            continue;
        memcpy(dst, other, length);
        best = length;
    }
    free(other);
    return best;
}

static size_t compress(const void *src, size_t src_size, void *dst, size_t room)
{
    unsigned chunk;

    if (src_size != encoder.size) {
        memset(encoder.lengths, 0, sizeof(encoder.lengths));
        encoder.size   = src_size;
        encoder.chunks = 0;
    }
    chunk = encoder.chunks++;
    if (chunk < FIRST || chunk % TRIAL == 0)
        return try_all(src, src_size, dst, room);
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

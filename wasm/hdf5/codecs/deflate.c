/* Filter 1, deflate: zlib streams by libdeflate. */
#include "shared.h"

#include "libdeflate.h"

static struct libdeflate_compressor *compressor; /* one for the instance, as in zlib.c */
static int                           compressor_level = -1;

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

static bool have_compressor(int level)
{
    if (level == compressor_level)
        return true;
    libdeflate_free_compressor(compressor);
    compressor       = libdeflate_alloc_compressor(level);
    compressor_level = compressor ? level : -1;
    if (compressor == NULL)
        mt_codec_fail(MT_CODEC_MEMORY, "no memory for deflate");
    return compressor != NULL;
}

size_t mt_zlib_bound(size_t size)
{
    return libdeflate_zlib_compress_bound(NULL, size);
}

size_t mt_zlib_deflate(int level, const void *src, size_t src_size, void *dst, size_t room)
{
    size_t length = have_compressor(level) ? libdeflate_zlib_compress(compressor, src, src_size, dst, room) : 0;

    return length ? length : mt_codec_fail(MT_CODEC_MEMORY, "deflate found no room");
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

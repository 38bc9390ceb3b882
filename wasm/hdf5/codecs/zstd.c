/* Filter 32015, zstd: one or more Zstandard frames. values[0]: level, 3 where absent. */
#include "shared.h"

#include "zstd.h"
#include "zstd_errors.h"

static ZSTD_DCtx *decompressor; /* one for the instance, as in deflate.c */
static ZSTD_CCtx *compressor;

static bool have_decompressor(void)
{
    if (decompressor == NULL)
        decompressor = ZSTD_createDCtx();
    if (decompressor == NULL)
        mt_codec_fail(MT_CODEC_MEMORY, "no memory for zstd");
    return decompressor != NULL;
}

bool mt_zstd_exact(const void *src, size_t src_size, void *dst, size_t dst_size)
{
    return have_decompressor() && ZSTD_decompressDCtx(decompressor, dst, dst_size, src, src_size) == dst_size;
}

static size_t decode(size_t nbytes, size_t *buf_size, void **buf)
{
    unsigned long long stated = ZSTD_getFrameContentSize(*buf, nbytes);
    size_t             size;

    if (stated == ZSTD_CONTENTSIZE_ERROR || !have_decompressor())
        return stated == ZSTD_CONTENTSIZE_ERROR ? mt_codec_fail(MT_CODEC_CORRUPT, "it is no zstd frame") : 0;
    if (stated != ZSTD_CONTENTSIZE_UNKNOWN && stated > mt_codec_cap())
        return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
    /* The first frame's size is a guess like another: more frames may follow. */
    size = stated == ZSTD_CONTENTSIZE_UNKNOWN || stated == 0 ? mt_codec_guess(nbytes) : (size_t)stated;
    for (;;) {
        void  *out = mt_codec_alloc(size);
        size_t length;

        if (out == NULL)
            return 0;
        length = ZSTD_decompressDCtx(decompressor, out, size, *buf, nbytes);
        if (!ZSTD_isError(length))
            return mt_codec_finish(buf_size, buf, out, size, length);
        free(out);
        if (ZSTD_getErrorCode(length) != ZSTD_error_dstSize_tooSmall)
            return mt_codec_fail(MT_CODEC_CORRUPT, "its zstd frame is broken");
        if (size >= mt_codec_cap())
            return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
        size = size < mt_codec_cap() / 2 ? size * 2 : mt_codec_cap();
    }
}

static size_t encode(int level, size_t nbytes, size_t *buf_size, void **buf)
{
    size_t bound = ZSTD_compressBound(nbytes), length;
    void  *out   = malloc(bound);

    if (compressor == NULL)
        compressor = ZSTD_createCCtx();
    if (out == NULL || compressor == NULL) {
        free(out);
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the encoded bytes");
    }
    length = ZSTD_compressCCtx(compressor, out, bound, *buf, nbytes, level);
    if (ZSTD_isError(length)) {
        free(out);
        return mt_codec_fail(MT_CODEC_MEMORY, "zstd failed to compress");
    }
    return mt_codec_finish(buf_size, buf, out, bound, length);
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    if (flags & H5Z_FLAG_REVERSE)
        return decode(nbytes, buf_size, buf);
    return encode(count > 0 ? (int)values[0] : ZSTD_CLEVEL_DEFAULT, nbytes, buf_size, buf);
}

const H5Z_class2_t mt_codec_zstd[1] = {{H5Z_CLASS_T_VERS, 32015, 1, 1, "zstd", NULL, NULL, filter}};

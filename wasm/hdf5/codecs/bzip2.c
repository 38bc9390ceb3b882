/* Filter 307, bzip2: one stream. Reads only. */
#include "shared.h"

#include "bzlib.h"

/* bzip2 without stdio calls this on an inconsistency of its own; the stream it works on is lost. */
void bz_internal_error(int code);

void bz_internal_error(int code)
{
    (void)code;
    abort();
}

/* Runs the stream to its end, doubling *out: its length, or 0 with the reason noted and *out to be freed. */
static size_t run(bz_stream *stream, uint8_t **out, size_t *size)
{
    size_t done = 0;

    for (;;) {
        size_t   cap = mt_codec_cap();
        uint8_t *more;
        int      result;

        stream->next_out  = (char *)*out + done;
        stream->avail_out = (unsigned)(*size - done);
        result            = BZ2_bzDecompress(stream);
        done              = *size - stream->avail_out;
        if (result == BZ_STREAM_END)
            return done;
        if (result != BZ_OK || stream->avail_out != 0)
            return mt_codec_fail(MT_CODEC_CORRUPT, "its bzip2 stream is broken");
        if (*size >= cap)
            return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
        *size = *size < cap / 2 ? *size * 2 : cap;
        if ((more = realloc(*out, *size)) == NULL)
            return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the decoded bytes");
        *out = more;
    }
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    bz_stream stream = {0};
    size_t    size   = mt_codec_guess(nbytes), length;
    uint8_t  *out;

    (void)count;
    (void)values;
    if (!(flags & H5Z_FLAG_REVERSE))
        return mt_codec_fail(MT_CODEC_NO_ENCODER, "bzip2 is for reading only");
    if ((out = mt_codec_alloc(size)) == NULL)
        return 0;
    if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) {
        free(out);
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for bzip2");
    }
    stream.next_in  = *buf;
    stream.avail_in = (unsigned)nbytes;
    length          = run(&stream, &out, &size);
    BZ2_bzDecompressEnd(&stream);
    if (length == 0) {
        free(out);
        return 0;
    }
    return mt_codec_finish(buf_size, buf, out, size, length);
}

const H5Z_class2_t mt_codec_bzip2[1] = {{H5Z_CLASS_T_VERS, 307, 0, 1, "bzip2", NULL, NULL, filter}};

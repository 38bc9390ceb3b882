/*
 * szip: the decoded size (4 bytes, little-endian), then a CCSDS 121 stream. Pixels of 32 and 64 bits are coded as planes
 * of bytes; scan lines that blocks do not divide are padded to whole blocks. libaec's own szip layer does the same but
 * takes a stream that ends early for whole.
 */
#include "szip.h"

#include "shared.h"

#include "libaec.h"

#define HEADER 4
#define MASK_MSB 16
#define MASK_NN 32
#define MAX_BLOCK 32
#define MAX_LINE 4096

bool mt_szip_parameters(size_t count, const unsigned values[])
{
    unsigned block, bits, line;

    if (count != 4)
        return false;
    block = values[1];
    bits  = values[2];
    line  = values[3];
    return block >= 2 && block <= MAX_BLOCK && block % 2 == 0 && ((bits >= 1 && bits <= 32) || bits == 64) && line >= 1 &&
           line <= MAX_LINE;
}

/* Decodes exactly out_size bytes. */
static bool decode_stream(const unsigned values[], const uint8_t *in, size_t in_size, uint8_t *out, size_t out_size)
{
    struct aec_stream stream = {0};
    bool              planes = values[2] == 32 || values[2] == 64;

    stream.block_size      = values[1];
    stream.rsi             = (values[3] + values[1] - 1) / values[1];
    stream.bits_per_sample = planes ? 8 : values[2];
    stream.flags           = (values[0] & MASK_MSB ? AEC_DATA_MSB : 0) | (values[0] & MASK_NN ? AEC_DATA_PREPROCESS : 0);
    stream.next_in         = in;
    stream.avail_in        = in_size;
    stream.next_out        = out;
    stream.avail_out       = out_size;
    return aec_buffer_decode(&stream) == AEC_OK && stream.total_out == out_size;
}

/* Takes the padding off lines of padded bytes each, in place. */
static void unpad(uint8_t *data, size_t size, size_t line, size_t padded)
{
    for (size_t to = line, from = padded; to < size; to += line, from += padded)
        memmove(data + to, data + from, size - to < line ? size - to : line);
}

size_t mt_szip_decode(const unsigned values[], size_t nbytes, size_t *buf_size, void **buf)
{
    bool     planes = values[2] == 32 || values[2] == 64;
    size_t   pixel  = planes || values[2] <= 8 ? 1 : values[2] <= 16 ? 2 : 4;
    size_t   line = values[3] * pixel, padded = (values[3] + values[1] - 1) / values[1] * values[1] * pixel;
    size_t   size, coded;
    uint8_t *out, *plain;

    if (nbytes < HEADER)
        return mt_codec_fail(MT_CODEC_CORRUPT, "it is too short for szip's header");
    size = mt_le32(*buf);
    if (size > mt_codec_cap() || size > SIZE_MAX / 4)
        return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
    coded = padded == line ? size : (size + line - 1) / line * padded;
    if ((out = malloc(coded + 1)) == NULL)
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the decoded bytes");
    if (!decode_stream(values, (const uint8_t *)*buf + HEADER, nbytes - HEADER, out, coded)) {
        free(out);
        return mt_codec_fail(MT_CODEC_CORRUPT, "its szip stream is broken");
    }
    if (padded != line)
        unpad(out, size, line, padded);
    if (!planes)
        return mt_codec_finish(buf_size, buf, out, coded + 1, size);
    if ((plain = malloc(size + 1)) == NULL) {
        free(out);
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the decoded bytes");
    }
    mt_unshuffle(out, plain, size, values[2] / 8);
    free(out);
    return mt_codec_finish(buf_size, buf, plain, size + 1, size);
}

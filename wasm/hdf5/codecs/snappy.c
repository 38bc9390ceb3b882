/* Snappy's raw format (inside blosc): a varint of the length, then literals and copies by the low 2 bits of a tag. */
#include "shared.h"

/* The decoded length and where the tags begin; false where the varint is broken. */
static bool header(const uint8_t **in, const uint8_t *end, uint32_t *length)
{
    uint64_t value = 0;

    for (int shift = 0; shift < 35 && *in < end; shift += 7) {
        uint8_t byte = *(*in)++;

        value |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) {
            *length = (uint32_t)value;
            return value <= UINT32_MAX;
        }
    }
    return false;
}

/* A little-endian number of bytes bytes. */
static uint32_t number(const uint8_t *in, size_t bytes)
{
    uint32_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value |= (uint32_t)in[i] << 8 * i;
    return value;
}

bool mt_snappy_exact(const void *src, size_t src_size, void *dst, size_t dst_size)
{
    static const uint8_t offset_bytes[4] = {0, 1, 2, 4};
    const uint8_t       *in = src, *end = in + src_size;
    uint8_t             *out = dst;
    uint32_t             stated;
    size_t               at = 0;

    if (!header(&in, end, &stated) || stated != dst_size)
        return false;
    while (in < end) {
        uint8_t  tag    = *in++, kind = tag & 3;
        uint64_t length = (tag >> 2) + 1u;
        size_t   extra  = kind ? offset_bytes[kind] : length > 60 ? (size_t)length - 60 : 0, offset;

        if ((size_t)(end - in) < extra)
            return false;
        if (kind == 0) {
            if (extra)
                length = (uint64_t)number(in, extra) + 1;
            in += extra;
            if (length > (size_t)(end - in) || length > dst_size - at)
                return false;
            memcpy(out + at, in, (size_t)length);
            in += length;
            at += (size_t)length;
            continue;
        }
        offset = number(in, extra);
        in += extra;
        if (kind == 1) {
            offset |= (size_t)(tag >> 5) << 8;
            length = ((tag >> 2) & 7) + 4u;
        }
        if (offset == 0 || offset > at || length > dst_size - at)
            return false;
        for (size_t i = 0; i < length; i++)
            out[at + i] = out[at + i - offset];
        at += (size_t)length;
    }
    return at == dst_size;
}

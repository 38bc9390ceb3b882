/*
 * Filter 32000, lzf. A control byte below 32 is a run of that many plus one literals; else its high 3 bits plus 2 are a
 * match's length (7: the next byte adds to it) and its low 5 bits with the next byte the distance back less one.
 * values: filter's revision, format's version, chunk's bytes.
 */
#include "shared.h"

#define FILTER_REVISION 4
#define FORMAT_VERSION 0x0105
#define MAX_LITERAL 32
#define MAX_DISTANCE 8192
#define MAX_LENGTH 264
#define HASH_BITS 16 /* eight entries for each position in reach: few are lost to others */

#define BROKEN SIZE_MAX
#define NO_ROOM (SIZE_MAX - 1)

static size_t decompress(const uint8_t *in, size_t in_size, uint8_t *out, size_t out_size)
{
    const uint8_t *end = in + in_size;
    size_t         at  = 0;

    while (in < end) {
        size_t control = *in++, length, distance;

        if (control < MAX_LITERAL) {
            length = control + 1;
            if ((size_t)(end - in) < length)
                return BROKEN;
            if (out_size - at < length)
                return NO_ROOM;
            memcpy(out + at, in, length);
            in += length;
            at += length;
            continue;
        }
        length = control >> 5;
        if (length == 7) {
            if (in == end)
                return BROKEN;
            length += *in++;
        }
        length += 2;
        if (in == end)
            return BROKEN;
        distance = ((control & 31) << 8) + *in++ + 1;
        if (distance > at)
            return BROKEN;
        if (out_size - at < length)
            return NO_ROOM;
        if (distance >= length)
            memcpy(out + at, out + at - distance, length);
        else
            for (size_t i = 0; i < length; i++)
                out[at + i] = out[at + i - distance];
        at += length;
    }
    return at;
}

static size_t decode(size_t count, const unsigned values[], size_t nbytes, size_t *buf_size, void **buf)
{
    size_t cap  = mt_codec_cap();
    size_t size = count > 2 && values[2] && values[2] <= cap ? values[2] : mt_codec_guess(nbytes);

    for (;;) {
        uint8_t *out = mt_codec_alloc(size);
        size_t   length;

        if (out == NULL)
            return 0;
        length = decompress(*buf, nbytes, out, size);
        if (length != BROKEN && length != NO_ROOM)
            return mt_codec_finish(buf_size, buf, out, size, length);
        free(out);
        if (length == BROKEN)
            return mt_codec_fail(MT_CODEC_CORRUPT, "its lzf stream is broken");
        if (size >= cap)
            return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
        size = size < cap / 2 ? size * 2 : cap;
    }
}

static uint32_t hash(const uint8_t *p)
{
    return (((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) * 2654435761u) >> (32 - HASH_BITS);
}

/* Writes length literals in runs of at most 32; NULL where out has no room. */
static uint8_t *put_literals(const uint8_t *in, size_t length, uint8_t *out, const uint8_t *out_end)
{
    while (length) {
        size_t run = length < MAX_LITERAL ? length : MAX_LITERAL;

        if ((size_t)(out_end - out) < run + 1)
            return NULL;
        *out++ = (uint8_t)(run - 1);
        memcpy(out, in, run);
        in += run;
        out += run;
        length -= run;
    }
    return out;
}

static uint8_t *put_match(size_t length, size_t distance, uint8_t *out, const uint8_t *out_end)
{
    length -= 2;
    distance -= 1;
    if (out_end - out < 3)
        return NULL;
    if (length < 7)
        *out++ = (uint8_t)(length << 5 | distance >> 8);
    else {
        *out++ = (uint8_t)(7 << 5 | distance >> 8);
        *out++ = (uint8_t)(length - 7);
    }
    *out++ = (uint8_t)distance;
    return out;
}

/* Greedy, one candidate per hash. Bytes written, 0 where they would not fit out_size. table: 2^HASH_BITS entries,
 * each a position plus one. */
static size_t compress(const uint8_t *in, size_t in_size, uint8_t *out, size_t out_size, uint32_t *table)
{
    uint8_t *to      = out;
    size_t   literal = 0, at = 0;

    while (at + 3 <= in_size) {
        uint32_t *slot      = &table[hash(in + at)];
        size_t    candidate = *slot, length = 3, most = in_size - at < MAX_LENGTH ? in_size - at : MAX_LENGTH;

        *slot = (uint32_t)at + 1;
        if (candidate-- == 0 || at - candidate > MAX_DISTANCE || memcmp(in + candidate, in + at, 3) != 0) {
            at++;
            continue;
        }
        while (length < most && in[candidate + length] == in[at + length])
            length++;
        if ((to = put_literals(in + literal, at - literal, to, out + out_size)) == NULL ||
            (to = put_match(length, at - candidate, to, out + out_size)) == NULL)
            return 0;
        /* What lies within a match can be where the next one begins. */
        for (size_t end = at + length; ++at < end;)
            if (at + 3 <= in_size)
                table[hash(in + at)] = (uint32_t)at + 1;
        literal = at;
    }
    to = put_literals(in + literal, in_size - literal, to, out + out_size);
    return to ? (size_t)(to - out) : 0;
}

/* An incompressible chunk is refused, as liblzf's filter does: the filter is optional and libhdf5 then leaves it out. */
static size_t encode(size_t nbytes, size_t *buf_size, void **buf)
{
    uint8_t  *out   = malloc(nbytes);
    uint32_t *table = calloc(1u << HASH_BITS, sizeof(*table));
    size_t    length;

    if (out == NULL || table == NULL) {
        free(out);
        free(table);
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for lzf");
    }
    length = compress(*buf, nbytes, out, nbytes, table);
    free(table);
    if (length == 0) {
        free(out);
        return mt_codec_fail(MT_CODEC_LIMIT, "lzf does not make it smaller");
    }
    return mt_codec_finish(buf_size, buf, out, nbytes, length);
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    if (flags & H5Z_FLAG_REVERSE)
        return decode(count, values, nbytes, buf_size, buf);
    return encode(nbytes, buf_size, buf);
}

static herr_t set_local(hid_t dcpl, hid_t type, hid_t space)
{
    unsigned flags, values[3] = {FILTER_REVISION, FORMAT_VERSION, 0};
    size_t   count = 0, bytes = H5Tget_size(type);
    hsize_t  chunk[H5S_MAX_RANK];
    int      rank;

    (void)space;
    if (H5Pget_filter_by_id2(dcpl, 32000, &flags, &count, NULL, 0, NULL, NULL) < 0)
        return -1;
    if (bytes == 0 || (rank = H5Pget_chunk(dcpl, H5S_MAX_RANK, chunk)) < 0)
        return -1;
    for (int i = 0; i < rank; i++)
        bytes *= (size_t)chunk[i];
    values[2] = (unsigned)bytes;
    return H5Pmodify_filter(dcpl, 32000, flags, 3, values);
}

const H5Z_class2_t mt_codec_lzf[1] = {{H5Z_CLASS_T_VERS, 32000, 1, 1, "lzf", NULL, set_local, filter}};

/*
 * Filters 4, 5 and 6 (szip, nbit, scaleoffset): the library's own code for the parameters of a new dataset and for
 * writing, behind a check of what it takes on trust in reading: that the bytes which the parameters ask for are there.
 */
#define H5Z_FRIEND
#include "shared.h"

#include "H5private.h"

#include "H5CXprivate.h" /* before H5Zprivate.h, which it refers to */
#include "H5Zprivate.h"

#include "szip.h"

extern H5Z_class2_t H5Z_SZIP[1];
extern H5Z_class2_t H5Z_NBIT[1];
extern H5Z_class2_t H5Z_SCALEOFFSET[1];

/* ---- nbit ---- */

/* values: count, "stored as it is", elements, then a tree of types: class and parameters, from values[3] on. */
enum { NBIT_ATOMIC = 1, NBIT_ARRAY, NBIT_COMPOUND, NBIT_PLAIN };
#define NBIT_MAX_DEPTH 32

typedef struct {
    const unsigned *values;
    size_t          count, at;
} params_t;

static bool nbit_type(params_t *p, unsigned class, size_t room, int depth, uint64_t *bits);

static bool next(params_t *p, unsigned *value)
{
    if (p->at >= p->count)
        return false;
    *value = p->values[p->at++];
    return true;
}

static bool nbit_atomic(params_t *p, size_t size, uint64_t *bits)
{
    unsigned order, precision, offset;

    if (!next(p, &order) || !next(p, &precision) || !next(p, &offset))
        return false;
    *bits = precision;
    return order <= 1 && precision >= 1 && (uint64_t)precision + offset <= (uint64_t)size * 8;
}

static bool nbit_array(params_t *p, size_t size, int depth, uint64_t *bits)
{
    unsigned class, base;
    uint64_t each;

    if (!next(p, &class) || p->at >= p->count)
        return false;
    base = class == NBIT_PLAIN ? (unsigned)size : p->values[p->at];
    if (base == 0 || base > size || !nbit_type(p, class, base, depth + 1, &each))
        return false;
    *bits = class == NBIT_PLAIN ? (uint64_t)size * 8 : each * (size / base);
    return true;
}

static bool nbit_compound(params_t *p, size_t size, int depth, uint64_t *bits)
{
    unsigned members;

    *bits = 0;
    if (!next(p, &members))
        return false;
    for (unsigned i = 0; i < members; i++) {
        unsigned offset, class;
        uint64_t each;

        if (!next(p, &offset) || !next(p, &class) || offset > size)
            return false;
        if (!nbit_type(p, class, size - offset, depth + 1, &each))
            return false;
        *bits += each;
    }
    return true;
}

/* A type of at most room bytes whose size is the next parameter; *bits: what one value takes in the stream. */
static bool nbit_type(params_t *p, unsigned class, size_t room, int depth, uint64_t *bits)
{
    unsigned size;

    if (depth > NBIT_MAX_DEPTH || !next(p, &size) || size == 0 || size > room)
        return false;
    switch (class) {
        case NBIT_ATOMIC: return nbit_atomic(p, size, bits);
        case NBIT_ARRAY: return nbit_array(p, size, depth, bits);
        case NBIT_COMPOUND: return nbit_compound(p, size, depth, bits);
        case NBIT_PLAIN: *bits = (uint64_t)size * 8; return true;
        default: return false;
    }
}

static size_t nbit(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size, void **buf)
{
    params_t p = {values, count, 4};
    uint64_t bits, size;

    if (count < 3 || count != values[0])
        return mt_codec_fail(MT_CODEC_CORRUPT, "nbit's parameters are wrong");
    /* Types without bits to spare, and those it knows nothing of (enumerations, text): no parameters follow. */
    if (values[1])
        return nbytes;
    if (count < 5)
        return mt_codec_fail(MT_CODEC_CORRUPT, "nbit's parameters are wrong");
    if (flags & H5Z_FLAG_REVERSE) {
        if (values[3] == NBIT_PLAIN || !nbit_type(&p, values[3], values[4], 0, &bits))
            return mt_codec_fail(MT_CODEC_CORRUPT, "nbit's parameters are wrong");
        if (bits != 0 && values[2] > (uint64_t)nbytes * 8 / bits)
            return mt_codec_fail(MT_CODEC_CORRUPT, "it is shorter than nbit's parameters ask for");
        size = (uint64_t)values[2] * values[4];
        if (size > mt_codec_cap())
            return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
    }
    mt_codec_fail(MT_CODEC_CORRUPT, "nbit failed");
    return H5Z_NBIT->filter(flags, count, values, nbytes, buf_size, buf);
}

/* ---- scaleoffset ---- */

enum { SO_FACTOR = 1, SO_ELEMENTS, SO_CLASS, SO_SIZE, SO_SIGN, SO_ORDER, SO_COUNT = 20 };
#define SO_HEADER 21

/* Values that needed all their bits follow the header as they are; HDF5 1.14.5 refuses them (minbits >= size * 8). */
static size_t scaleoffset_plain(const unsigned values[], size_t *buf_size, void **buf)
{
    size_t         each = values[SO_SIZE], size = values[SO_ELEMENTS] * each;
    const uint8_t *src = (const uint8_t *)*buf + SO_HEADER;
    uint8_t       *out = mt_codec_alloc(size);

    if (out == NULL)
        return 0;
    if (values[SO_ORDER] == 0)
        memcpy(out, src, size);
    else
        for (size_t i = 0; i < size; i++)
            out[i] = src[i / each * each + each - 1 - i % each];
    return mt_codec_finish(buf_size, buf, out, size, size);
}

static size_t scaleoffset(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                          void **buf)
{
    uint64_t bits, size;

    if (count != SO_COUNT)
        return mt_codec_fail(MT_CODEC_CORRUPT, "scaleoffset's parameters are wrong");
    if (values[0] == H5Z_SO_INT && values[SO_FACTOR] == values[SO_SIZE] * 8)
        return nbytes;
    if (flags & H5Z_FLAG_REVERSE) {
        if (nbytes < SO_HEADER || values[SO_SIZE] > sizeof(long long) || values[SO_CLASS] > 1)
            return mt_codec_fail(MT_CODEC_CORRUPT, "it is too short for scaleoffset's header");
        bits = (uint64_t)mt_le32(*buf) * values[SO_ELEMENTS];
        size = (uint64_t)values[SO_ELEMENTS] * values[SO_SIZE];
        if (bits > (uint64_t)(nbytes - SO_HEADER) * 8)
            return mt_codec_fail(MT_CODEC_CORRUPT, "it is shorter than scaleoffset's header asks for");
        if (size > mt_codec_cap())
            return mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
        if (size != 0 && mt_le32(*buf) == values[SO_SIZE] * 8)
            return scaleoffset_plain(values, buf_size, buf);
    }
    mt_codec_fail(MT_CODEC_CORRUPT, "scaleoffset failed");
    return H5Z_SCALEOFFSET->filter(flags, count, values, nbytes, buf_size, buf);
}

/* ---- szip ---- */

static size_t szip(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size, void **buf)
{
    if (!mt_szip_parameters(count, values))
        return mt_codec_fail(MT_CODEC_CORRUPT, "szip's parameters are wrong");
    if (flags & H5Z_FLAG_REVERSE)
        return mt_szip_decode(values, nbytes, buf_size, buf);
    mt_codec_fail(MT_CODEC_LIMIT, "szip does not make it smaller");
    return H5Z_SZIP->filter(flags, count, values, nbytes, buf_size, buf);
}

H5Z_class2_t mt_codec_nbit[1]        = {{.id = H5Z_FILTER_NBIT}};
H5Z_class2_t mt_codec_scaleoffset[1] = {{.id = H5Z_FILTER_SCALEOFFSET}};
H5Z_class2_t mt_codec_szip[1]        = {{.id = H5Z_FILTER_SZIP}};

void mt_codec_guard_init(void)
{
    *mt_codec_nbit               = *H5Z_NBIT;
    mt_codec_nbit->filter        = nbit;
    *mt_codec_scaleoffset        = *H5Z_SCALEOFFSET;
    mt_codec_scaleoffset->filter = scaleoffset;
    *mt_codec_szip               = *H5Z_SZIP;
    mt_codec_szip->filter        = szip;
}

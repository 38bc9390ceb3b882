/* Which codecs there are, the names of those that there are not, and the state that all share. */
#include "shared.h"

#include "H5private.h"

#include "H5CXprivate.h" /* before H5Zprivate.h, which it refers to */
#include "H5Zprivate.h"

size_t                mt_codec_size_hint = 0;
size_t                mt_codec_limit     = 0xFFFF0000u; /* HDF5's own limit of a chunk is 4 GiB */
enum mt_codec_failure mt_codec_failure   = MT_CODEC_CORRUPT;
const char           *mt_codec_reason    = "";

/* Kept by hand: the set of codecs is the module's contract with its readers. */
static const struct {
    const H5Z_class2_t *class;
    const char *name;
} codecs[] = {
    {H5Z_DEFLATE, "deflate"},       {H5Z_SHUFFLE, "shuffle"},         {H5Z_FLETCHER32, "fletcher32"},
    {mt_codec_szip, "szip"},        {mt_codec_nbit, "nbit"},          {mt_codec_scaleoffset, "scaleoffset"},
    {mt_codec_bzip2, "bzip2"},      {mt_codec_lzf, "lzf"},            {mt_codec_blosc, "blosc"},
    {mt_codec_lz4, "lz4"},          {mt_codec_bitshuffle, "bitshuffle"}, {mt_codec_zstd, "zstd"},
};

/* Filters that The HDF Group's registry lists and this module does not have, for an error that names them. */
static const struct {
    int         id;
    const char *name;
} others[] = {
    {257, "hzip"}, {258, "fpzip"}, {305, "lzo"}, {32002, "mafisc"}, {32003, "snappy"}, {32005, "apax"},
    {32006, "cbf"}, {32007, "jpeg-xr"}, {32009, "spdp"}, {32010, "lpc-rice"}, {32011, "ccsds-123"},
    {32012, "jpeg-ls"}, {32013, "zfp"}, {32014, "fpzip"}, {32016, "b3d"}, {32017, "sz"}, {32018, "fcidecomp"},
    {32019, "jpeg"}, {32020, "vbz"}, {32021, "fapec"}, {32022, "bitgroom"}, {32023, "granular bitround"},
    {32024, "sz3"}, {32025, "delta-rice"}, {32026, "blosc2"}, {32027, "flac"}, {32028, "sperr"},
    {32029, "terse/prolix"}, {32030, "ffmpeg"},
};

int mt_codec_count(void)
{
    return (int)(sizeof(codecs) / sizeof(codecs[0]));
}

mt_codec_info_t mt_codec_at(int index)
{
    const H5Z_class2_t *class = codecs[index].class;
    return (mt_codec_info_t){(int)class->id, codecs[index].name, class->encoder_present != 0};
}

const H5Z_class2_t *mt_codec_find(int id)
{
    for (int i = 0; i < mt_codec_count(); i++)
        if (codecs[i].class->id == id)
            return codecs[i].class;
    return NULL;
}

const char *mt_codec_name(int id)
{
    for (int i = 0; i < mt_codec_count(); i++)
        if (codecs[i].class->id == id)
            return codecs[i].name;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (others[i].id == id)
            return others[i].name;
    return NULL;
}

int mt_codecs_register(void)
{
    mt_codec_guard_init();
    for (int i = 0; i < mt_codec_count(); i++)
        if (H5Z_register(codecs[i].class) < 0)
            return -1;
    return 0;
}

size_t mt_codec_fail(enum mt_codec_failure failure, const char *reason)
{
    mt_codec_failure = failure;
    mt_codec_reason  = reason;
    return 0;
}

size_t mt_codec_cap(void)
{
    /* A filter before the last one may return a little more than the chunk: a checksum, a header, an incompressible
     * stream's overhead. */
    size_t slack = 65536 + mt_codec_size_hint / 8;

    if (mt_codec_size_hint == 0 || mt_codec_size_hint > mt_codec_limit - mt_codec_limit / 8 ||
        mt_codec_size_hint + slack > mt_codec_limit)
        return mt_codec_limit;
    return mt_codec_size_hint + slack;
}

size_t mt_codec_guess(size_t nbytes)
{
    size_t cap   = mt_codec_cap();
    size_t guess = nbytes < cap / 4 ? nbytes * 4 : cap;

    if (mt_codec_size_hint != 0)
        guess = mt_codec_size_hint + 16; /* room for a checksum that a later filter takes off */
    if (guess < 4096)
        guess = 4096;
    return guess < cap ? guess : cap;
}

void *mt_codec_alloc(uint64_t size)
{
    void *out;

    if (size > mt_codec_cap()) {
        mt_codec_fail(MT_CODEC_LIMIT, "it decodes to more bytes than allowed");
        return NULL;
    }
    if ((out = malloc(size ? (size_t)size : 1)) == NULL)
        mt_codec_fail(MT_CODEC_MEMORY, "no memory for the decoded bytes");
    return out;
}

size_t mt_codec_finish(size_t *buf_size, void **buf, void *out, size_t allocated, size_t length)
{
    free(*buf);
    *buf      = out;
    *buf_size = allocated;
    return length;
}

/* Filter 2, shuffle: values[0] is the element size, set when the dataset is made. */
#include "shared.h"

static herr_t set_local(hid_t dcpl, hid_t type, hid_t space)
{
    unsigned flags;
    unsigned values[1];
    size_t   count = 0;

    (void)space;
    if (H5Pget_filter_by_id2(dcpl, H5Z_FILTER_SHUFFLE, &flags, &count, NULL, 0, NULL, NULL) < 0)
        return -1;
    if ((values[0] = (unsigned)H5Tget_size(type)) == 0)
        return -1;
    return H5Pmodify_filter(dcpl, H5Z_FILTER_SHUFFLE, flags, 1, values);
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t nbytes, size_t *buf_size,
                     void **buf)
{
    uint8_t *out;

    if (count != 1 || values[0] == 0)
        return mt_codec_fail(MT_CODEC_CORRUPT, "shuffle's element size is missing");
    if (values[0] == 1 || nbytes / values[0] <= 1)
        return nbytes;
    if ((out = malloc(nbytes)) == NULL)
        return mt_codec_fail(MT_CODEC_MEMORY, "no memory for the shuffled bytes");
    if (flags & H5Z_FLAG_REVERSE)
        mt_unshuffle(*buf, out, nbytes, values[0]);
    else
        mt_shuffle(*buf, out, nbytes, values[0]);
    return mt_codec_finish(buf_size, buf, out, nbytes, nbytes);
}

const H5Z_class2_t H5Z_SHUFFLE[1] = {
    {H5Z_CLASS_T_VERS, H5Z_FILTER_SHUFFLE, 1, 1, "shuffle", NULL, set_local, filter}};

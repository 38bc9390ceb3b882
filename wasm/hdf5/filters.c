/* The filters of a dataset that is being made. */
#include <string.h>

#include "codecs/codecs.h"
#include "internal.h"

/* Filters in one pipeline, and parameters of one: more than any file has. */
#define MOST_FILTERS 32
#define MOST_VALUES 4096
/* Of deflate where none is said: as h5py. */
#define DEFLATE_LEVEL 4

static int refuse(int id, const char *why)
{
    const char *name = mt_codec_name(id);
    (void)mt_fail("unsupported-filter", "Cannot use filter %d (%s): %s", id, name ? name : "unregistered", why);
    mt_fail_filter(id, name ? name : "");
    return -1;
}

static herr_t set_deflate(hid_t dcpl, unsigned flags, unsigned count, const unsigned *values)
{
    unsigned level = count ? values[0] : DEFLATE_LEVEL;
    if (level > 9)
        return refuse(H5Z_FILTER_DEFLATE, "its level is 0 to 9");
    return H5Pset_filter(dcpl, H5Z_FILTER_DEFLATE, flags, 1, &level);
}

/* The library completes the parameters of its own filters; its calls say themselves which are optional. */
static herr_t set_one(hid_t dcpl, int id, unsigned flags, unsigned count, const unsigned *values)
{
    switch (id) {
        case H5Z_FILTER_DEFLATE:
            return set_deflate(dcpl, flags, count, values);
        case H5Z_FILTER_SHUFFLE:
            return H5Pset_shuffle(dcpl);
        case H5Z_FILTER_FLETCHER32:
            return H5Pset_fletcher32(dcpl);
        case H5Z_FILTER_NBIT:
            return H5Pset_nbit(dcpl);
        case H5Z_FILTER_SCALEOFFSET:
            if (count < 2 || values[0] > H5Z_SO_INT)
                return refuse(id, "it takes the kind of scaling and a factor");
            return H5Pset_scaleoffset(dcpl, (H5Z_SO_scale_type_t)values[0], (int)values[1]);
        case H5Z_FILTER_SZIP:
            if (count < 2)
                return refuse(id, "it takes the kind of coding and a block size");
            return H5Pset_szip(dcpl, values[0], values[1]);
        default:
            return H5Pset_filter(dcpl, id, flags, count, values);
    }
}

int mt_filters_set(hid_t dcpl, const uint32_t *filters)
{
    uint32_t count = *filters++;
    if (count > MOST_FILTERS)
        return mt_fail("shape", "Cannot use %u filters: at most %d are allowed", count, MOST_FILTERS);
    for (uint32_t i = 0; i < count; i++) {
        int                 id     = (int)filters[0];
        unsigned            number = filters[2];
        const H5Z_class2_t *class  = mt_codec_find(id);
        if (!class)
            return refuse(id, "it is not available");
        if (!class->encoder_present)
            return refuse(id, "it can be read, not written");
        if (number > MOST_VALUES)
            return refuse(id, "it has too many parameters");
        /* The parameters that the library completes go to the first of a kind. */
        if (H5Pget_filter_by_id2(dcpl, id, &(unsigned){0}, &(size_t){0}, NULL, 0, NULL, NULL) >= 0)
            return refuse(id, "it is used twice");
        if (set_one(dcpl, id, filters[1] & H5Z_FLAG_OPTIONAL, number, (const unsigned *)filters + 3) < 0)
            return refuse(id, "its parameters are not valid");
        filters += 3 + number;
    }
    return 0;
}

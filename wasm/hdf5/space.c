/* Dataspaces as JSON. */
#include "internal.h"

static void dims_json(const char *key, const hsize_t *dims, int rank)
{
    bool first = true;
    mt_out_text(key);
    mt_out_text("[");
    for (int i = 0; i < rank; i++) {
        mt_out_comma(&first);
        if (dims[i] == H5S_UNLIMITED)
            mt_out_text("null");
        else
            mt_out_unsigned(dims[i]);
    }
    mt_out_text("]");
}

int mt_space_json(hid_t space, bool max)
{
    hsize_t     dims[H5S_MAX_RANK], max_dims[H5S_MAX_RANK];
    H5S_class_t class = H5Sget_simple_extent_type(space);
    if (class == H5S_NULL) {
        mt_out_text(max ? "\"shape\":null,\"maxShape\":null,\"scalar\":false" : "\"shape\":null,\"scalar\":false");
        return 0;
    }
    int rank = H5Sget_simple_extent_dims(space, dims, max_dims);
    if (class == H5S_NO_CLASS || rank < 0)
        return mt_fail_library("Cannot read a dataspace");
    dims_json("\"shape\":", dims, rank);
    if (max)
        dims_json(",\"maxShape\":", max_dims, rank);
    mt_out_text(",\"scalar\":");
    mt_out_bool(class == H5S_SCALAR);
    return 0;
}

/* The description of a dataset as JSON. */
#include <stdlib.h>

#include "internal.h"

static void filters_json(const mt_dataset_t *dataset)
{
    bool first = true;
    mt_out_text(",\"filters\":[");
    for (int i = 0; i < dataset->filter_count; i++) {
        const mt_filter_t *filter = &dataset->filters[i];
        bool               start  = true;
        mt_out_comma(&first);
        mt_out_text("{\"id\":");
        mt_out_signed(filter->id);
        mt_out_text(",\"name\":");
        mt_out_string(filter->name);
        mt_out_text(",\"flags\":");
        mt_out_unsigned(filter->flags);
        mt_out_text(",\"values\":[");
        for (unsigned v = 0; v < filter->count; v++) {
            mt_out_comma(&start);
            mt_out_unsigned(filter->values[v]);
        }
        mt_out_text("],\"available\":");
        mt_out_bool(filter->available);
        mt_out_text("}");
    }
    mt_out_text("]");
}

static int external_json(hid_t dcpl)
{
    bool first = true;
    int  count = H5Pget_external_count(dcpl);
    if (count < 0)
        return mt_fail_library("Cannot read the external files");
    if (count == 0)
        return 0;
    mt_out_text(",\"external\":[");
    for (unsigned i = 0; i < (unsigned)count; i++) {
        char    name[1024] = {0};
        off_t   offset     = 0;
        hsize_t size       = 0;
        if (H5Pget_external(dcpl, i, sizeof name - 1, name, &offset, &size) < 0)
            return mt_fail_library("Cannot read external file %u", i);
        mt_out_comma(&first);
        mt_out_text("{\"name\":");
        mt_out_string(name);
        mt_out_text(",\"offset\":");
        mt_out_signed(offset);
        mt_out_text(",\"size\":");
        if (size == H5F_UNLIMITED)
            mt_out_text("null");
        else
            mt_out_unsigned(size);
        mt_out_text("}");
    }
    mt_out_text("]");
    return count;
}

static int sources_json(hid_t dcpl)
{
    bool   first = true;
    size_t count = 0;
    if (H5Pget_virtual_count(dcpl, &count) < 0)
        return mt_fail_library("Cannot read the sources of a virtual dataset");
    mt_out_text(",\"virtual\":[");
    for (size_t i = 0; i < count; i++) {
        char *file = mt_source_name(dcpl, i, H5Pget_virtual_filename);
        char *name = file ? mt_source_name(dcpl, i, H5Pget_virtual_dsetname) : NULL;
        if (name) {
            mt_out_comma(&first);
            mt_out_text("{\"file\":");
            mt_out_string(file);
            mt_out_text(",\"dataset\":");
            mt_out_string(name);
            mt_out_text("}");
        }
        free(file);
        free(name);
        if (!name)
            return -1;
    }
    mt_out_text("]");
    return 0;
}

static void layout_json(hid_t id, const mt_dataset_t *dataset)
{
    static const char *const layouts[] = {"compact", "contiguous", "chunked", "virtual"};
    static const char *const indexes[] = {"btree1", "single", "implicit", "fixed", "extensible", "btree2"};
    H5D_chunk_index_t        index     = H5D_CHUNK_IDX_NTYPES;
    bool                     first     = true;
    bool known = dataset->layout >= H5D_COMPACT && dataset->layout <= H5D_VIRTUAL;
    mt_out_text(",\"layout\":");
    mt_out_string(known ? layouts[dataset->layout] : "unknown");
    if (dataset->layout != H5D_CHUNKED)
        return;
    mt_out_text(",\"chunk\":[");
    for (int i = 0; i < dataset->rank; i++) {
        mt_out_comma(&first);
        mt_out_unsigned(dataset->chunk[i]);
    }
    mt_out_text("]");
    if (H5Dget_chunk_index_type(id, &index) >= 0 && index >= H5D_CHUNK_IDX_BTREE && index < H5D_CHUNK_IDX_NTYPES) {
        mt_out_text(",\"index\":");
        mt_out_string(indexes[index]);
    }
}

/* Address and size of what is stored, where telling costs no reads: a chunked dataset's size takes its whole index. */
static void place_json(hid_t id, int slot, const mt_dataset_t *dataset, bool external)
{
    bool    contiguous = dataset->layout == H5D_CONTIGUOUS;
    haddr_t offset     = contiguous && !external ? H5Dget_offset(id) : HADDR_UNDEF;
    mt_out_text(",\"offset\":");
    /* libhdf5 adds the user block to an undefined address as well. */
    if (offset == HADDR_UNDEF || offset - mt_file_base(slot) == HADDR_UNDEF)
        mt_out_text("null");
    else
        mt_out_unsigned(offset);
    mt_out_text(",\"storageSize\":");
    if (contiguous || dataset->layout == H5D_COMPACT)
        mt_out_unsigned(H5Dget_storage_size(id));
    else
        mt_out_text("null");
}

/* Bytes of the fill value in memory form: own memory, null where there is none to tell. */
static void *fill_bytes(hid_t dcpl, hid_t type, H5D_fill_value_t status, size_t *size)
{
    if (mt_type_has_pointers(type, 0))
        return NULL;
    hid_t memory = mt_type_memory(type, 0);
    void *bytes  = NULL;
    *size        = memory < 0 ? 0 : H5Tget_size(memory);
    if (*size)
        bytes = calloc(1, *size);
    if (bytes && status != H5D_FILL_VALUE_UNDEFINED && H5Pget_fill_value(dcpl, memory, bytes) < 0) {
        (void)mt_fail_library("Cannot read the fill value");
        free(bytes);
        bytes = NULL;
    }
    mt_close(memory);
    return bytes;
}

static int fill_json(hid_t dcpl, hid_t type)
{
    H5D_fill_value_t status = H5D_FILL_VALUE_UNDEFINED;
    H5D_fill_time_t  time   = H5D_FILL_TIME_IFSET;
    size_t           size   = 0;
    if (H5Pfill_value_defined(dcpl, &status) < 0 || H5Pget_fill_time(dcpl, &time) < 0)
        return mt_fail_library("Cannot read the fill value");
    bool applies = time == H5D_FILL_TIME_ALLOC ||
                   (time == H5D_FILL_TIME_IFSET && status != H5D_FILL_VALUE_UNDEFINED);
    void *bytes = fill_bytes(dcpl, type, status, &size);
    mt_out_text(",\"fill\":{\"defined\":");
    mt_out_bool(status == H5D_FILL_VALUE_USER_DEFINED);
    mt_out_text(",\"applies\":");
    mt_out_bool(applies);
    if (bytes) {
        mt_out_text(",\"bytes\":");
        mt_out_hex(bytes, size);
    }
    mt_out_text("}");
    free(bytes);
    return mt_clean() ? 0 : -1;
}

static int type_json(hid_t type, int slot, const mt_dataset_t *dataset)
{
    size_t swap = mt_type_direct(type, mt_file_address_size(slot));
    mt_out_text(",\"type\":");
    if (mt_type_describe(type) < 0)
        return -1;
    mt_out_text(",\"fileItemsize\":");
    mt_out_unsigned(dataset->item_size);
    if (swap) {
        mt_out_text(",\"direct\":");
        mt_out_unsigned(swap);
    }
    return 0;
}

int mt_dataset_json(hid_t id, int slot, const mt_dataset_t *dataset)
{
    hid_t space    = H5Dget_space(id);
    hid_t type     = H5Dget_type(id);
    hid_t dcpl     = H5Dget_create_plist(id);
    int   result   = -1;
    int   external = 0;
    if (space < 0 || type < 0 || dcpl < 0) {
        (void)mt_fail_library("Cannot read a dataset's description");
        goto done;
    }
    if (mt_space_json(space, true) < 0 || type_json(type, slot, dataset) < 0)
        goto done;
    layout_json(id, dataset);
    external = external_json(dcpl);
    if (external < 0)
        goto done;
    place_json(id, slot, dataset, external > 0);
    filters_json(dataset);
    if (dataset->layout == H5D_VIRTUAL && sources_json(dcpl) < 0)
        goto done;
    result = fill_json(dcpl, type);
done:
    mt_close(space);
    mt_close(type);
    mt_close(dcpl);
    return result;
}

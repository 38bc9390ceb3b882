/* What a dataset is: the part that reading needs (mt_dataset_t), and its description as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codecs/codecs.h"
#include "internal.h"

/* Client values of one filter, and filters of one pipeline, that are followed; real ones have below 20 and 10. */
#define MAX_VALUES 4096
#define MAX_FILTERS 32

static int read_filter(hid_t dcpl, int index, mt_filter_t *filter)
{
    size_t   count  = 0;
    unsigned config = 0;
    int      id = H5Pget_filter2(dcpl, (unsigned)index, &filter->flags, &count, NULL, sizeof filter->name, filter->name,
                                 &config);
    if (id < 0 || count > MAX_VALUES)
        return mt_fail_library("Cannot read filter %d", index);
    filter->values = calloc(count ? count : 1, sizeof *filter->values);
    if (!filter->values)
        return mt_fail("memory", "Cannot read filter %d: out of memory", index);
    if (H5Pget_filter2(dcpl, (unsigned)index, &filter->flags, &count, filter->values, sizeof filter->name, filter->name,
                       &config) < 0)
        return mt_fail_library("Cannot read filter %d", index);
    filter->name[sizeof filter->name - 1] = 0;
    filter->id                            = id;
    filter->count                         = (unsigned)count;
    filter->available                     = mt_codec_find(id) != NULL;
    const char *known                     = mt_codec_name(id);
    if (known)
        (void)snprintf(filter->name, sizeof filter->name, "%s", known);
    return 0;
}

static int read_filters(hid_t dcpl, mt_dataset_t *dataset)
{
    int count = H5Pget_nfilters(dcpl);
    if (count < 0 || count > MAX_FILTERS)
        return mt_fail_library("Cannot read the filters");
    dataset->filters = calloc(count ? (size_t)count : 1, sizeof *dataset->filters);
    if (!dataset->filters)
        return mt_fail("memory", "Cannot read the filters: out of memory");
    for (int i = 0; i < count; i++) {
        dataset->filter_count = i + 1;
        if (read_filter(dcpl, i, &dataset->filters[i]) < 0)
            return -1;
    }
    return 0;
}

static int read_chunking(hid_t dcpl, mt_dataset_t *dataset)
{
    unsigned options = 0;
    hsize_t  size    = dataset->item_size;
    if (H5Pget_chunk(dcpl, H5S_MAX_RANK, dataset->chunk) != dataset->rank || H5Pget_chunk_opts(dcpl, &options) < 0)
        return mt_fail_library("Cannot read the chunk shape");
    for (int i = 0; i < dataset->rank; i++)
        if (!dataset->chunk[i] || __builtin_mul_overflow(size, dataset->chunk[i], &size))
            return mt_fail("corrupt", "Cannot read the chunk shape: the size of a chunk overflows");
    dataset->chunk_size  = size > SIZE_MAX ? 0 : (size_t)size;
    dataset->whole_edges = (options & H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS) != 0;
    return 0;
}

/* True where a name holds "%<n>b": the library then counts through files until one is absent. */
static bool is_series(const char *name)
{
    for (const char *at = strchr(name, '%'); at; at = strchr(at, '%')) {
        at++;
        if (*at == '%') {
            at++;
            continue;
        }
        at += strspn(at, "0123456789");
        if (*at == 'b')
            return true;
    }
    return false;
}

typedef ssize_t (*source_name_t)(hid_t dcpl, size_t index, char *name, size_t size);

/* A source's file or dataset name: own memory. */
static char *source_name(hid_t dcpl, size_t index, source_name_t get)
{
    ssize_t length = get(dcpl, index, NULL, 0);
    char   *name   = length < 0 ? NULL : malloc((size_t)length + 1);
    if (!name || get(dcpl, index, name, (size_t)length + 1) < 0) {
        (void)mt_fail_library("Cannot read source %zu of a virtual dataset", index);
        free(name);
        return NULL;
    }
    return name;
}

static int read_sources(hid_t dcpl, mt_dataset_t *dataset)
{
    size_t count = 0;
    if (H5Pget_virtual_count(dcpl, &count) < 0)
        return mt_fail_library("Cannot read the sources of a virtual dataset");
    for (size_t i = 0; i < count && !dataset->series; i++) {
        char *name = source_name(dcpl, i, H5Pget_virtual_filename);
        if (!name)
            return -1;
        dataset->series = is_series(name);
        free(name);
    }
    return 0;
}

static int read_space(hid_t id, mt_dataset_t *dataset)
{
    hid_t space = H5Dget_space(id);
    int   rank  = space < 0 ? -1 : H5Sget_simple_extent_dims(space, dataset->dims, dataset->max_dims);
    if (rank < 0)
        (void)mt_fail_library("Cannot read the shape");
    else
        dataset->null_space = H5Sget_simple_extent_type(space) == H5S_NULL;
    dataset->rank = rank;
    mt_close(space);
    return rank < 0 ? -1 : 0;
}

static int inspect(hid_t id, int slot, mt_dataset_t *dataset)
{
    hid_t type   = H5Dget_type(id);
    hid_t dcpl   = H5Dget_create_plist(id);
    int   result = -1;
    if (type < 0 || dcpl < 0) {
        (void)mt_fail_library("Cannot read a dataset's description");
        goto done;
    }
    dataset->layout = H5Pget_layout(dcpl);
    if (dataset->layout == H5D_VIRTUAL && read_sources(dcpl, dataset) < 0)
        goto done;
    /* Ends of a series are looked for when the shape is asked for. */
    mt_note.absent_is_end = mt_note.absent_is_end || dataset->series;
    if (read_space(id, dataset) < 0 ||
        mt_type_storage_size(type, mt_file_address_size(slot), 0, &dataset->item_size) < 0 ||
        read_filters(dcpl, dataset) < 0)
        goto done;
    if (dataset->layout == H5D_CHUNKED && read_chunking(dcpl, dataset) < 0)
        goto done;
    result = 0;
done:
    mt_close(type);
    mt_close(dcpl);
    return result;
}

int mt_dataset_inspect(hid_t id, int slot, mt_dataset_t **result)
{
    mt_dataset_t *dataset = calloc(1, sizeof *dataset);
    if (!dataset)
        return mt_fail("memory", "Cannot open a dataset: out of memory");
    if (inspect(id, slot, dataset) < 0) {
        mt_dataset_free(dataset);
        return -1;
    }
    *result = dataset;
    return 0;
}

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
        char *file = source_name(dcpl, i, H5Pget_virtual_filename);
        char *name = file ? source_name(dcpl, i, H5Pget_virtual_dsetname) : NULL;
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

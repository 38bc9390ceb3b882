/* What a dataset is, as far as reading needs it: mt_dataset_t. */
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

char *mt_source_name(hid_t dcpl, size_t index, mt_source_name_t get)
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
        char *name = mt_source_name(dcpl, i, H5Pget_virtual_filename);
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
    dataset->layout   = H5Pget_layout(dcpl);
    dataset->external = H5Pget_external_count(dcpl) != 0;
    if (dataset->layout == H5D_VIRTUAL && read_sources(dcpl, dataset) < 0)
        goto done;
    /* Ends of a series are looked for when the shape is asked for. */
    mt_note.absent_is_end =
        mt_note.absent_is_end || dataset->series || (mt_sources_fill && dataset->layout == H5D_VIRTUAL);
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

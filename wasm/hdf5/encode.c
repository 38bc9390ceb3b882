/*
 * Storing a whole chunk without the library's chunk cache: its filters, then H5Dwrite_chunk. The common ones work
 * from scratch to scratch, so that nothing is allocated per chunk.
 */
#include <stdlib.h>
#include <string.h>

#include "codecs/codecs.h"
#include "codecs/shared.h"
#include "internal.h"

typedef struct {
    const uint8_t *bytes;
    size_t         length;
    int            place; /* of mt_scratch; -1: not in scratch */
    void          *owned; /* result of a filter that allocates its own */
} data_t;

static uint8_t *next_scratch(const data_t *data, size_t size, int *place)
{
    *place = data->place == 0 ? 1 : 0;
    return mt_scratch(*place, size);
}

static void move_to(data_t *data, const uint8_t *bytes, size_t length, int place, void *owned)
{
    free(data->owned);
    *data = (data_t){bytes, length, place, owned};
}

/* 1: done, 0: the filter gave up (optional ones are then left out), -1: failed. */
static int apply_shuffle(const mt_filter_t *filter, data_t *data)
{
    size_t   size = filter->count == 1 ? filter->values[0] : 0;
    int      place;
    uint8_t *bytes;
    if (!size)
        return 0;
    if (size == 1 || data->length / size <= 1)
        return 1;
    bytes = next_scratch(data, data->length, &place);
    if (!bytes)
        return -1;
    mt_shuffle(data->bytes, bytes, data->length, size);
    move_to(data, bytes, data->length, place, NULL);
    return 1;
}

static int apply_deflate(const mt_filter_t *filter, data_t *data)
{
    size_t   room = mt_zlib_bound(data->length), length;
    int      place;
    uint8_t *bytes = next_scratch(data, room, &place);
    if (!bytes)
        return -1;
    length = filter->count ? mt_zlib_deflate((int)filter->values[0], data->bytes, data->length, bytes, room) : 0;
    if (!length)
        return 0;
    move_to(data, bytes, length, place, NULL);
    return 1;
}

/* Any filter, by its function: it wants a buffer of its own, which it may replace. */
static int apply_any(const mt_filter_t *filter, data_t *data)
{
    const H5Z_class2_t *class  = mt_codec_find(filter->id);
    void               *buffer = malloc(data->length);
    size_t              room   = data->length;
    if (!buffer)
        return mt_fail("memory", "Cannot encode a chunk: no memory for %zu bytes", data->length);
    memcpy(buffer, data->bytes, data->length);
    mt_codec_reason = "failed";
    size_t length   = class->filter(filter->flags & ~(unsigned)H5Z_FLAG_REVERSE, filter->count, filter->values,
                                    data->length, &room, &buffer);
    if (!length) {
        free(buffer);
        return 0;
    }
    move_to(data, buffer, length, -1, buffer);
    return 1;
}

static int apply(const mt_handle_t *handle, int index, data_t *data, uint32_t *mask)
{
    const mt_filter_t *filter = &handle->dataset->filters[index];
    int                done;
    if (filter->id == H5Z_FILTER_SHUFFLE)
        done = apply_shuffle(filter, data);
    else if (filter->id == H5Z_FILTER_DEFLATE)
        done = apply_deflate(filter, data);
    else
        done = apply_any(filter, data);
    if (done)
        return done;
    if (!(filter->flags & H5Z_FLAG_OPTIONAL))
        return mt_fail("write", "Cannot encode a chunk of \"%s\": filter %s: %s", mt_handle_name(handle), filter->name,
                       mt_codec_reason);
    *mask |= (uint32_t)1 << index;
    return 0;
}

static int put(const mt_handle_t *handle, const hsize_t *offset, data_t *data)
{
    uint32_t mask = 0;
    bool     bare = mt_chunk_is_bare(handle->dataset, offset);
    for (int i = 0; i < handle->dataset->filter_count && !bare; i++)
        if (apply(handle, i, data, &mask) < 0)
            return -1;
    if (H5Dwrite_chunk(handle->id, H5P_DEFAULT, mask, offset, data->length, data->bytes) < 0)
        return mt_fail_as("write", "Cannot write a chunk of \"%s\"", mt_handle_name(handle));
    return 0;
}

static int take_offset(const mt_handle_t *handle, int rank, const double *from, hsize_t *offset)
{
    const mt_dataset_t *dataset = handle->dataset;
    const char         *name    = mt_handle_name(handle);
    if (dataset->layout != H5D_CHUNKED)
        return mt_fail("wrong-kind", "Cannot write a chunk of \"%s\": it is not chunked", name);
    if (rank != dataset->rank)
        return mt_fail("selection", "Cannot write a chunk of \"%s\": it has %d axes, %d were given", name,
                       dataset->rank, rank);
    for (int i = 0; i < rank; i++) {
        if (!(from[i] >= 0 && from[i] < (double)dataset->dims[i]) || (hsize_t)from[i] % dataset->chunk[i] ||
            from[i] != (double)(hsize_t)from[i])
            return mt_fail("selection", "Cannot write a chunk of \"%s\": none begins at %.17g of %llu along axis %d",
                           name, from[i], (unsigned long long)dataset->dims[i], i);
        offset[i] = (hsize_t)from[i];
    }
    return 0;
}

/* Chunks hold addresses of what such elements point to: only the library knows how. */
static int check_type(const mt_handle_t *handle)
{
    hid_t type     = H5Dget_type(handle->id);
    int   pointers = type < 0 ? mt_fail_library("Cannot read a type") : mt_type_has_pointers(type, 0);
    mt_close(type);
    if (pointers > 0)
        return mt_fail("dtype", "Cannot write a chunk of \"%s\" as it is: its elements vary in length",
                       mt_handle_name(handle));
    return pointers;
}

int mt_chunk_put(int number, int rank, const double *offset, const void *bytes, size_t length)
{
    mt_enter();
    hsize_t      at[H5S_MAX_RANK];
    data_t       data   = {bytes, length, -1, NULL};
    mt_handle_t *handle = mt_write_target(number);
    if (!handle || take_offset(handle, rank, offset, at) < 0 || check_type(handle) < 0)
        return mt_leave(-1);
    if (length != handle->dataset->chunk_size)
        return mt_leave(mt_fail("shape", "Cannot write a chunk of \"%s\": it has %zu bytes, %zu were given",
                                mt_handle_name(handle), handle->dataset->chunk_size, length));
    int result = put(handle, at, &data);
    free(data.owned);
    return mt_leave(result);
}

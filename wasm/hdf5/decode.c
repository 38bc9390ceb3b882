/*
 * Undoing a chunk's filters outside the library: the same filter functions, but no buffer is allocated, copied or
 * freed for the common ones (deflate, shuffle, checksum), and the result's length is checked.
 */
#include <stdlib.h>
#include <string.h>

#include "codecs/codecs.h"
#include "codecs/shared.h"
#include "internal.h"

/* Scratch past this size is given back when a much smaller chunk follows. */
#define SCRATCH_KEPT ((size_t)8 << 20)

typedef struct {
    uint8_t *bytes;
    size_t   room;
} scratch_t;

static scratch_t scratch[2];
/* Result of a filter that allocates its own, until the next decode. */
static void *owned;

typedef struct {
    const uint8_t *bytes;
    size_t         length;
    int            place; /* 0, 1: that scratch; -1: the source, 2: owned */
} data_t;

uint8_t *mt_scratch(int index, size_t size)
{
    scratch_t *place = &scratch[index];
    if (place->room >= size && !(place->room > SCRATCH_KEPT && place->room / 4 > size))
        return place->bytes;
    free(place->bytes);
    place->bytes = malloc(size);
    place->room  = place->bytes ? size : 0;
    if (!place->bytes)
        (void)mt_fail("memory", "Cannot work on a chunk: no memory for %zu bytes", size);
    return place->bytes;
}

static int filter_failed(const mt_handle_t *handle, const mt_filter_t *filter)
{
    const char *code = mt_codec_failure == MT_CODEC_LIMIT    ? "limit"
                       : mt_codec_failure == MT_CODEC_MEMORY ? "memory"
                                                             : "corrupt";
    return mt_fail(code, "Cannot decode a chunk of \"%s\": filter %s: %s", mt_handle_name(handle), filter->name,
                   mt_codec_reason);
}

/* Any filter, by its function: it wants a buffer of its own, which it may replace. */
static int undo_any(const mt_handle_t *handle, const mt_filter_t *filter, data_t *data)
{
    const H5Z_class2_t *class = mt_codec_find(filter->id);
    if (!class) {
        (void)mt_fail("unsupported-filter", "Cannot decode a chunk of \"%s\": filter %d (%s) is not available",
                      mt_handle_name(handle), filter->id, filter->name[0] ? filter->name : "unregistered");
        mt_fail_filter(filter->id, filter->name);
        return -1;
    }
    if (data->place != 2) {
        free(owned);
        owned = NULL;
    }
    void  *buffer = data->place == 2 ? owned : malloc(data->length ? data->length : 1);
    size_t room   = data->length;
    if (!buffer)
        return mt_fail("memory", "Cannot decode a chunk of \"%s\": out of memory", mt_handle_name(handle));
    if (data->place != 2)
        memcpy(buffer, data->bytes, data->length);
    mt_codec_reason = "failed";
    size_t length =
        class->filter(filter->flags | H5Z_FLAG_REVERSE, filter->count, filter->values, data->length, &room, &buffer);
    owned = buffer;
    if (!length)
        return filter_failed(handle, filter);
    *data = (data_t){buffer, length, 2};
    return 0;
}

/* Checks and drops the checksum where it lies. */
static int undo_checksum(const mt_handle_t *handle, const mt_filter_t *filter, data_t *data)
{
    void  *buffer = (void *)(uintptr_t)data->bytes; /* read only: nothing is changed or freed */
    size_t room   = data->length;
    size_t length = mt_codec_find(filter->id)
                        ->filter(H5Z_FLAG_REVERSE, filter->count, filter->values, data->length, &room, &buffer);
    if (!length)
        return filter_failed(handle, filter);
    data->length = length;
    return 0;
}

static int undo_shuffle(const mt_handle_t *handle, const mt_filter_t *filter, data_t *data)
{
    size_t size = filter->count == 1 ? filter->values[0] : 0;
    if (!size)
        return mt_fail("corrupt", "Cannot decode a chunk of \"%s\": shuffle's element size is missing",
                       mt_handle_name(handle));
    if (size == 1 || data->length / size <= 1)
        return 0;
    int      place = data->place == 0 ? 1 : 0;
    uint8_t *bytes = mt_scratch(place, data->length);
    if (!bytes)
        return -1;
    mt_unshuffle(data->bytes, bytes, data->length, size);
    data->bytes = bytes;
    data->place = place;
    return 0;
}

/* True where nothing that is still to be undone changes the length: inflate then knows what it must give. */
static bool gives_chunk(const mt_dataset_t *dataset, int before, uint32_t mask)
{
    for (int i = 0; i < before; i++)
        if (!(i < 32 && mask >> i & 1) && dataset->filters[i].id != H5Z_FILTER_SHUFFLE)
            return false;
    return true;
}

static int undo_deflate(const mt_handle_t *handle, int index, uint32_t mask, data_t *data)
{
    const mt_dataset_t *dataset = handle->dataset;
    if (!gives_chunk(dataset, index, mask))
        return undo_any(handle, &dataset->filters[index], data);
    int      place = data->place == 0 ? 1 : 0;
    uint8_t *bytes = mt_scratch(place, dataset->chunk_size);
    if (!bytes)
        return -1;
    /* Not the right length, or broken: the slow way finds out which. */
    if (!mt_zlib_exact(data->bytes, data->length, bytes, dataset->chunk_size))
        return undo_any(handle, &dataset->filters[index], data);
    *data = (data_t){bytes, dataset->chunk_size, place};
    return 0;
}

static int undo(const mt_handle_t *handle, int index, uint32_t mask, data_t *data)
{
    const mt_filter_t *filter = &handle->dataset->filters[index];
    switch (filter->id) {
        case H5Z_FILTER_DEFLATE:
            return undo_deflate(handle, index, mask, data);
        case H5Z_FILTER_SHUFFLE:
            return undo_shuffle(handle, filter, data);
        case H5Z_FILTER_FLETCHER32:
            return undo_checksum(handle, filter, data);
        default:
            return undo_any(handle, filter, data);
    }
}

static int decode(const mt_handle_t *handle, uint32_t mask, data_t *data)
{
    const mt_dataset_t *dataset = handle->dataset;
    if (dataset->layout != H5D_CHUNKED)
        return mt_fail("wrong-kind", "Cannot decode a chunk of \"%s\": it is not chunked", mt_handle_name(handle));
    if (!dataset->chunk_size || dataset->chunk_size > mt_codec_limit)
        return mt_fail("limit", "Cannot decode a chunk of \"%s\": it takes %zu bytes, at most %zu are allowed",
                       mt_handle_name(handle), dataset->chunk_size, mt_codec_limit);
    for (int i = dataset->filter_count - 1; i >= 0; i--)
        if (!(i < 32 && mask >> i & 1) && undo(handle, i, mask, data) < 0)
            return -1;
    if (data->length != dataset->chunk_size)
        return mt_fail("corrupt", "Cannot decode a chunk of \"%s\": it decodes to %zu bytes, expected %zu",
                       mt_handle_name(handle), data->length, dataset->chunk_size);
    return 0;
}

int mt_chunk_decode(int number, const void *src, size_t size, uint32_t mask, void **decoded, size_t *length)
{
    mt_enter();
    data_t       data   = {src, size, -1};
    mt_handle_t *handle = mt_handle_dataset(number, "decode a chunk of");
    free(owned);
    owned = NULL;
    if (!handle)
        return mt_leave(-1);
    mt_codec_size_hint = handle->dataset->chunk_size;
    int result         = decode(handle, mask, &data);
    mt_codec_size_hint = 0;
    *decoded           = result < 0 ? NULL : (void *)(uintptr_t)data.bytes;
    *length            = result < 0 ? 0 : data.length;
    return mt_leave(result);
}

void mt_chunk_limit(double bytes)
{
    if (bytes >= 0)
        mt_codec_limit = bytes < 4294901760.0 ? (size_t)bytes : (size_t)4294901760u;
}

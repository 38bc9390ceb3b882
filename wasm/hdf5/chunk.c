/*
 * Where chunks lie. H5Dread_chunk, with the driver recording the raw read instead of serving it, walks down the index
 * once per chunk; the library's own queries by coordinate walk the whole index.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Most chunks that one H5Dread is prepared for; past it the library finds out one by one. */
#define FETCHED_CHUNKS 65536

/* True for a chunk that reaches past the dataset's end. */
static bool is_partial(const mt_dataset_t *dataset, const hsize_t *offset)
{
    for (int i = 0; i < dataset->rank; i++)
        if (offset[i] + dataset->chunk[i] > dataset->dims[i])
            return true;
    return false;
}

bool mt_chunk_is_bare(const mt_dataset_t *dataset, const hsize_t *offset)
{
    return dataset->whole_edges && is_partial(dataset, offset);
}

static bool in_range(const mt_dataset_t *dataset, const hsize_t *offset)
{
    for (int i = 0; i < dataset->rank; i++)
        if (offset[i] >= dataset->dims[i] || offset[i] % dataset->chunk[i])
            return false;
    return true;
}

static herr_t is_unallocated(unsigned n, const H5E_error2_t *entry, void *data)
{
    (void)n;
    if (entry->desc && (strcmp(entry->desc, "chunk address isn't defined") == 0 ||
                        strcmp(entry->desc, "storage is not initialized") == 0))
        *(bool *)data = true;
    return 0;
}

static void found(const mt_dataset_t *dataset, const hsize_t *offset, uint32_t mask, mt_chunk_t *entry)
{
    entry->address = (double)mt_note.record_address;
    entry->size    = (uint32_t)mt_note.record_size;
    /* Chunks at the edge may be left unfiltered as a whole; their mask does not say so. */
    entry->mask  = mt_chunk_is_bare(dataset, offset) ? UINT32_MAX : mask;
    entry->state = 1;
}

int mt_chunk_find(const mt_handle_t *handle, const hsize_t *offset, mt_chunk_t *entry)
{
    uint32_t mask = 0;
    char     unused[8]; /* nothing is written to it: the driver only records */
    bool     unallocated = false;
    if (!in_range(handle->dataset, offset))
        return mt_fail("selection", "Cannot look up a chunk of \"%s\": no chunk begins there", mt_handle_name(handle));
    size_t room        = SIZE_MAX; /* so that the library makes the read, whatever the chunk's size */
    mt_note.record_raw = true;
    mt_note.recorded   = false;
    herr_t result      = H5Dread_chunk2(handle->id, H5P_DEFAULT, offset, &mask, unused, &room);
    mt_note.record_raw = false;
    if (result >= 0 && mt_note.recorded) {
        found(handle->dataset, offset, mask, entry);
        return 0;
    }
    if (result >= 0)
        return mt_fail("corrupt", "Cannot look up a chunk of \"%s\": no read was made", mt_handle_name(handle));
    if (H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, is_unallocated, &unallocated) >= 0 && unallocated) {
        entry->state = 2;
        return 0;
    }
    return mt_fail_library("Cannot look up a chunk of \"%s\"", mt_handle_name(handle));
}

static mt_handle_t *chunked(int number)
{
    mt_handle_t *handle = mt_handle_dataset(number, "look up chunks of");
    if (!handle)
        return NULL;
    if (handle->dataset->layout != H5D_CHUNKED) {
        (void)mt_fail("wrong-kind", "Cannot look up chunks of \"%s\": it is not chunked", mt_handle_name(handle));
        return NULL;
    }
    return mt_handle_get(number);
}

int mt_chunk_lookup(int number, int n, const double *offsets, mt_chunk_t *chunks)
{
    mt_enter();
    hsize_t      offset[H5S_MAX_RANK];
    mt_handle_t *handle = chunked(number);
    if (!handle)
        return mt_leave(-1);
    int  rank    = handle->dataset->rank;
    bool missing = false;
    for (int i = 0; i < n; i++) {
        if (chunks[i].state)
            continue;
        for (int axis = 0; axis < rank; axis++)
            offset[axis] = (hsize_t)offsets[(size_t)i * (size_t)rank + (size_t)axis];
        /* What is missing for one chunk must not pass for what is wrong with the next. */
        mt_note.missing = false;
        int result      = mt_chunk_find(handle, offset, &chunks[i]);
        if (mt_note.missing) {
            missing         = true;
            chunks[i].state = 0;
        }
        else if (result < 0)
            return mt_leave(-1);
    }
    mt_note.missing = missing;
    return mt_leave(0);
}

typedef struct {
    const mt_dataset_t *dataset;
    int                 swizzled; /* axis that an extensible array puts first; 0: none is moved */
} list_t;

/* Chunks along one axis, up to its greatest extent. */
static hsize_t max_chunks(const mt_dataset_t *dataset, int axis)
{
    return (dataset->max_dims[axis] - 1) / dataset->chunk[axis] + 1;
}

/*
 * An extensible array numbers chunks with the unlimited axis first, but the library's iteration tells their offsets
 * as if no axis were moved. From what it tells follows the number, and from that the offset.
 */
static void unswizzle(const list_t *list, const hsize_t *told, hsize_t *offset)
{
    const mt_dataset_t *dataset = list->dataset;
    hsize_t             number  = 0;
    for (int axis = list->swizzled; axis < dataset->rank; axis++) {
        if (axis > list->swizzled)
            number *= max_chunks(dataset, axis);
        number += told[axis] / dataset->chunk[axis];
    }
    for (int axis = dataset->rank - 1; axis >= 0; axis--) {
        if (axis == list->swizzled)
            continue;
        offset[axis] = number % max_chunks(dataset, axis) * dataset->chunk[axis];
        number /= max_chunks(dataset, axis);
    }
    offset[list->swizzled] = number * dataset->chunk[list->swizzled];
}

static int swizzled_axis(const mt_handle_t *handle, int *axis)
{
    H5D_chunk_index_t index = H5D_CHUNK_IDX_NTYPES;
    *axis                   = 0;
    if (H5Dget_chunk_index_type(handle->id, &index) < 0)
        return mt_fail_library("Cannot list the chunks of \"%s\"", mt_handle_name(handle));
    for (int i = 0; index == H5D_CHUNK_IDX_EARRAY && i < handle->dataset->rank; i++)
        if (handle->dataset->max_dims[i] == H5S_UNLIMITED)
            *axis = i;
    return 0;
}

static int list_one(const hsize_t *told, unsigned mask, haddr_t address, hsize_t size, void *data)
{
    const list_t       *list    = data;
    const mt_dataset_t *dataset = list->dataset;
    hsize_t             offset[H5S_MAX_RANK];
    mt_chunk_t          entry = {(double)address, (uint32_t)size, mask, 1, 0};
    if (list->swizzled)
        unswizzle(list, told, offset);
    else
        memcpy(offset, told, (size_t)dataset->rank * sizeof *offset);
    /* Chunks may outlive a dataset that was made smaller. */
    if (!in_range(dataset, offset))
        return H5_ITER_CONT;
    if (mt_chunk_is_bare(dataset, offset))
        entry.mask = UINT32_MAX;
    for (int i = 0; i < dataset->rank; i++) {
        double at = (double)offset[i];
        mt_out_bytes(&at, sizeof at);
    }
    mt_out_bytes(&entry, sizeof entry);
    return mt_out_ok() ? H5_ITER_CONT : H5_ITER_ERROR;
}

int mt_chunk_list(int number)
{
    mt_enter();
    int          result = 0;
    mt_handle_t *handle = chunked(number);
    if (!handle)
        return mt_leave(-1);
    list_t list = {handle->dataset, 0};
    if (swizzled_axis(handle, &list.swizzled) < 0)
        return mt_leave(-1);
    if (H5Dchunk_iter(handle->id, H5P_DEFAULT, list_one, &list) < 0)
        result = mt_fail_library("Cannot list the chunks of \"%s\"", mt_handle_name(handle));
    return mt_leave(result);
}

/* Chunks of one axis that a selection touches: the first, and how many up to the last. */
static void touched(const mt_dataset_t *dataset, int axis, const hsize_t *start, const hsize_t *count,
                    const hsize_t *step, hsize_t *first, hsize_t *number)
{
    hsize_t last  = start[axis] + (count[axis] - 1) * step[axis];
    first[axis]   = start[axis] / dataset->chunk[axis];
    number[axis]  = last / dataset->chunk[axis] - first[axis] + 1;
}

/* Steps to the next chunk in C order; false after the last. */
static bool advance(int rank, hsize_t *at, const hsize_t *number)
{
    for (int axis = rank - 1; axis >= 0; axis--) {
        if (++at[axis] < number[axis])
            return true;
        at[axis] = 0;
    }
    return false;
}

/* A chunk may have been stored without a filter that is not available. */
static int check_filters(const mt_handle_t *handle, uint32_t mask)
{
    for (int i = 0; i < handle->dataset->filter_count; i++) {
        const mt_filter_t *filter = &handle->dataset->filters[i];
        if (filter->available || (i < 32 && mask >> i & 1))
            continue;
        (void)mt_fail("unsupported-filter", "Cannot read \"%s\": filter %d (%s) is not available",
                      mt_handle_name(handle), filter->id, filter->name[0] ? filter->name : "unregistered");
        mt_fail_filter(filter->id, filter->name);
        return -1;
    }
    return 0;
}

/* Checks one chunk's filters and asks for its bytes into scratch memory. */
static int fetch_one(const mt_handle_t *handle, const mt_chunk_t *entry, bool several, void **scratch, size_t *room)
{
    if (entry->state != 1)
        return 0;
    if (check_filters(handle, entry->mask) < 0)
        return -1;
    if (!several)
        return 0;
    if (entry->size > *room) {
        free(*scratch);
        *room    = 0;
        *scratch = malloc(entry->size);
        if (!*scratch)
            return mt_fail("memory", "Cannot read \"%s\": no memory for a chunk of %u bytes", mt_handle_name(handle),
                           entry->size);
        *room = entry->size;
    }
    /* A failure shows again, with its reason, when the library reads. */
    if (mt_driver_read(handle->slot, H5FD_MEM_DRAW, (uint64_t)entry->address, entry->size, *scratch) < 0)
        mt_note.beyond = false;
    return 0;
}

int mt_chunk_fetch(const mt_handle_t *handle, const hsize_t *start, const hsize_t *count, const hsize_t *step)
{
    const mt_dataset_t *dataset = handle->dataset;
    hsize_t             first[H5S_MAX_RANK], number[H5S_MAX_RANK], at[H5S_MAX_RANK] = {0}, offset[H5S_MAX_RANK];
    hsize_t             total   = 1;
    size_t              room    = 0;
    void               *scratch = NULL;
    int                 result  = 0;
    bool                missing = false;
    for (int axis = 0; axis < dataset->rank; axis++) {
        touched(dataset, axis, start, count, step, first, number);
        if (__builtin_mul_overflow(total, number[axis], &total) || total > FETCHED_CHUNKS)
            return 0;
    }
    do {
        mt_chunk_t entry = {0, 0, 0, 0, 0};
        for (int axis = 0; axis < dataset->rank; axis++)
            offset[axis] = (first[axis] + at[axis]) * dataset->chunk[axis];
        mt_note.missing = false;
        result          = mt_chunk_find(handle, offset, &entry);
        if (mt_note.missing)
            result = 0;
        else if (result == 0)
            /* Of one chunk the library itself finds all that is missing. */
            result = fetch_one(handle, &entry, total > 1, &scratch, &room);
        missing = missing || mt_note.missing;
    } while (result == 0 && advance(dataset->rank, at, number));
    mt_note.missing = missing;
    free(scratch);
    return missing ? -1 : result;
}

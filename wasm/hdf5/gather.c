/*
 * Picks the cross product of index lists out of a C-ordered array. Neighbours are copied as one run; a last axis
 * without neighbours is copied element by element, in a loop of its own for each common width.
 */
#include <string.h>

#include "internal.h"

typedef struct {
    int             rank;
    const uint32_t *count;
    const uint32_t *index[H5S_MAX_RANK];
    size_t          stride[H5S_MAX_RANK]; /* bytes from one index of an axis to the next */
    size_t          run;                  /* bytes copied at once */
    bool            last_is_run;          /* the last axis left is one run, that begins anywhere */
    size_t          itemsize;
    size_t          swap;
} gather_t;

static bool is_run(const uint32_t *index, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (index[i] != index[i - 1] + 1)
            return false;
    return true;
}

/* Checks everything that could lead outside of src, and sets strides and lists. */
static int prepare(gather_t *gather, size_t length, const uint32_t *dims, const uint32_t *index, uint64_t *total)
{
    uint64_t bytes = gather->itemsize;
    *total         = gather->itemsize;
    for (int axis = gather->rank - 1; axis >= 0; axis--) {
        gather->stride[axis] = (size_t)bytes;
        if (__builtin_mul_overflow(bytes, (uint64_t)dims[axis], &bytes) || bytes > length ||
            __builtin_mul_overflow(*total, (uint64_t)gather->count[axis], total))
            return mt_fail("selection", "Cannot gather: the array is larger than its %zu bytes", length);
    }
    for (int axis = 0; axis < gather->rank; axis++) {
        gather->index[axis] = index;
        for (uint32_t i = 0; i < gather->count[axis]; i++)
            if (index[i] >= dims[axis])
                return mt_fail("selection", "Cannot gather: index %u of axis %d, which has %u elements", index[i], axis,
                               dims[axis]);
        index += gather->count[axis];
    }
    return bytes > length ? mt_fail("selection", "Cannot gather: the array is larger than its %zu bytes", length) : 0;
}

/* Takes trailing axes that are taken whole together with the run before them. */
static void join_axes(gather_t *gather, const uint32_t *dims)
{
    gather->run = gather->itemsize;
    while (gather->rank > 0) {
        int  axis = gather->rank - 1;
        bool run  = is_run(gather->index[axis], gather->count[axis]);
        if (!run)
            return;
        bool whole = gather->count[axis] == dims[axis];
        gather->run = (size_t)gather->count[axis] * gather->stride[axis];
        if (!whole) {
            gather->last_is_run = true;
            return;
        }
        gather->rank--;
    }
}

#define PICK(type)                                                                                                     \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        type item;                                                                                                     \
        memcpy(&item, src + (size_t)index[i] * size, sizeof item);                                                     \
        memcpy(dst + (size_t)i * size, &item, sizeof item);                                                            \
    }                                                                                                                  \
    break

/* Single elements of the last axis. */
static void pick(uint8_t *dst, const uint8_t *src, const uint32_t *index, uint32_t count, size_t size)
{
    switch (size) {
        case 1:
            PICK(uint8_t);
        case 2:
            PICK(uint16_t);
        case 4:
            PICK(uint32_t);
        case 8:
            PICK(uint64_t);
        default:
            for (uint32_t i = 0; i < count; i++)
                memcpy(dst + (size_t)i * size, src + (size_t)index[i] * size, size);
    }
}

/* Copies what lies under one setting of the axes before axis: where dst goes on. */
static uint8_t *copy_axis(const gather_t *gather, int axis, uint8_t *dst, const uint8_t *src)
{
    if (axis == gather->rank) {
        mt_swap_copy(dst, src, gather->run, gather->swap);
        return dst + gather->run;
    }
    const uint32_t *index = gather->index[axis];
    uint32_t        count = gather->count[axis];
    bool            last  = axis == gather->rank - 1;
    if (last && gather->last_is_run) {
        mt_swap_copy(dst, src + (size_t)index[0] * gather->stride[axis], gather->run, gather->swap);
        return dst + gather->run;
    }
    if (last && gather->stride[axis] == gather->itemsize) {
        pick(dst, src, index, count, gather->itemsize);
        mt_swap_copy(dst, dst, (size_t)count * gather->itemsize, gather->swap);
        return dst + (size_t)count * gather->itemsize;
    }
    for (uint32_t i = 0; i < count; i++)
        dst = copy_axis(gather, axis + 1, dst, src + (size_t)index[i] * gather->stride[axis]);
    return dst;
}

int mt_gather(const void *src, size_t src_length, int rank, const uint32_t *dims, const uint32_t *count,
              const uint32_t *index, size_t itemsize, size_t swap, void *dst)
{
    mt_enter();
    gather_t gather = {.rank = rank, .count = count, .itemsize = itemsize, .swap = swap};
    uint64_t total  = 0;
    if (rank < 0 || rank > H5S_MAX_RANK || !itemsize || (swap > 1 && itemsize % swap))
        return mt_leave(mt_fail("selection", "Cannot gather: rank %d, elements of %zu bytes, runs of %zu", rank,
                                itemsize, swap));
    if (itemsize > src_length || prepare(&gather, src_length, dims, index, &total) < 0)
        return mt_leave(mt_fail("selection", "Cannot gather: an element is larger than the array"));
    if (total) {
        join_axes(&gather, dims);
        (void)copy_axis(&gather, 0, dst, src);
    }
    return mt_leave(0);
}

/*
 * The bulk path: where chunks lie, one by one and all at once, undoing their filters, gathering. Where libhdf5 reads the same
 * chunk, it must give the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "walkfile.h"

#include "target.h"

#define CHUNKS 12

typedef struct {
    int    handle, rank;
    double shape[32], chunk[32];
    size_t itemsize, swap; /* swap 0: the bytes aren't the elements */
} dataset_t;

/* What is gathered follows from the input by dice: the file's own bytes are mostly zeros, by which nothing would be asked for. */
static uint32_t dice;

static uint32_t throw(uint32_t below)
{
    dice = dice * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)(dice >> 8) * below) >> 24);
}

static void gather(const dataset_t *dataset, const uint8_t *bytes, size_t length)
{
    uint32_t dims[32], count[32], index[32 * 8], *at = index;
    size_t   total = dataset->itemsize;
    for (int axis = 0; axis < dataset->rank; axis++) {
        dims[axis]  = (uint32_t)dataset->chunk[axis];
        count[axis] = throw(axis < 3 ? 6 : 2);
        total *= count[axis];
        for (uint32_t i = 0; i < count[axis]; i++)
            *at++ = throw(16) == 0 ? dims[axis] : throw(dims[axis]); /* one past the end, at times */
    }
    if (total > 1 << 22)
        return;
    uint8_t *dst = malloc(total ? total : 1);
    MUST(dst, "no memory");
    (void)CALL(mt_gather(bytes, length, dataset->rank, dims, count, index, dataset->itemsize, dataset->swap, dst));
    free(dst);
}

/* The chunk's part within the dataset, by libhdf5 and by the decoded bytes. */
static void compare(const dataset_t *dataset, const double *offset, const uint8_t *bytes, size_t length)
{
    double   count[32], step[32];
    uint32_t dims[32], counts[32], *index = NULL;
    size_t   total = dataset->itemsize, entries = 0;
    for (int axis = 0; axis < dataset->rank; axis++) {
        double left  = dataset->shape[axis] - offset[axis];
        dims[axis]   = (uint32_t)dataset->chunk[axis];
        count[axis]  = left < dataset->chunk[axis] ? left : dataset->chunk[axis];
        counts[axis] = (uint32_t)count[axis];
        step[axis]   = 1;
        total *= counts[axis];
        entries += counts[axis];
    }
    if (CALL(mt_dataset_read(dataset->handle, dataset->rank, offset, count, step)) != MT_OK)
        return;
    MUST(mt_value_len() == total, "%zu bytes of a chunk, expected %zu", mt_value_len(), total);
    uint8_t *own = malloc(total), *theirs = malloc(total);
    index        = malloc(entries * sizeof *index);
    MUST(own && theirs && index, "no memory");
    memcpy(theirs, mt_value_ptr(), total);
    mt_value_release();
    entries = 0;
    for (int axis = 0; axis < dataset->rank; axis++)
        for (uint32_t i = 0; i < counts[axis]; i++)
            index[entries++] = i;
    MUST(CALL(mt_gather(bytes, length, dataset->rank, dims, counts, index, dataset->itemsize, dataset->swap, own)) == MT_OK,
         "a whole chunk can't be gathered");
    MUST(memcmp(own, theirs, total) == 0, "the bulk path and H5Dread give other bytes");
    free(own);
    free(theirs);
    free(index);
}

static void one_chunk(const dataset_t *dataset, const double *offset, const mt_chunk_t *chunk)
{
    size_t size, length = 0;
    void  *decoded = NULL;
    const uint8_t *file = host_bytes(&size);
    if (chunk->state != 1 || !(chunk->address >= 0 && chunk->address + chunk->size <= (double)size))
        return;
    uint8_t *stored = malloc(chunk->size ? chunk->size : 1);
    MUST(stored, "no memory");
    memcpy(stored, file + (size_t)chunk->address, chunk->size);
    if (CALL(mt_chunk_decode(dataset->handle, stored, chunk->size, chunk->mask, &decoded, &length)) == MT_OK) {
        uint8_t *copy = malloc(length ? length : 1);
        MUST(copy, "no memory");
        memcpy(copy, decoded, length);
        gather(dataset, copy, length);
        if (dataset->swap)
            compare(dataset, offset, copy, length);
        free(copy);
    }
    free(stored);
}

static bool next_chunk(const dataset_t *dataset, double *offset)
{
    for (int axis = dataset->rank - 1; axis >= 0; axis--) {
        offset[axis] += dataset->chunk[axis];
        if (offset[axis] < dataset->shape[axis])
            return true;
        offset[axis] = 0;
    }
    return false;
}

static void visit(int handle, json_t object, choices_t *choices)
{
    (void)choices;
    dataset_t  dataset = {.handle = handle};
    json_t     value;
    double     offsets[CHUNKS][32] = {{0}}, packed[CHUNKS * 32], bytes;
    mt_chunk_t chunks[CHUNKS];
    int        n = 0;
    dataset.rank = walk_shape(object, "shape", dataset.shape);
    if (dataset.rank < 1 || walk_shape(object, "chunk", dataset.chunk) != dataset.rank)
        return;
    MUST(json_member(object, "fileItemsize", &value), "a dataset without size of elements");
    dataset.itemsize = (size_t)json_number(value);
    dataset.swap     = json_member(object, "direct", &value) ? (size_t)json_number(value) : 0;
    bytes            = (double)dataset.itemsize;
    for (int axis = 0; axis < dataset.rank; axis++) {
        if (dataset.shape[axis] == 0)
            return;
        bytes *= dataset.chunk[axis];
    }
    (void)CALL(mt_chunk_list(handle));
    do {
        memcpy(offsets[n], offsets[n ? n - 1 : 0], sizeof offsets[n]);
        if (n && !next_chunk(&dataset, offsets[n]))
            break;
        memcpy(packed + n * dataset.rank, offsets[n], sizeof(double) * (size_t)dataset.rank);
        n++;
    } while (n < CHUNKS);
    memset(chunks, 0, sizeof chunks);
    if (CALL(mt_chunk_lookup(handle, n, packed, chunks)) != MT_OK)
        return;
    for (int i = 0; i < n && bytes <= 1 << 20; i++)
        one_chunk(&dataset, offsets[i], &chunks[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    unsigned ask = size ? bytes[size - 1] : 0;
    dice = 0;
    for (size_t i = 0; i < size; i++)
        dice = (dice ^ bytes[i]) * 16777619u;
    host_start();
    mt_fuzz_checksums_pass = !(ask & HOST_CHECKSUMS);
    host_set(bytes, size, ask & HOST_PAGES);
    if (CALL(mt_file_open("folder/main.h5", 14)) == MT_OK)
        walk_file(false, visit, NULL);
    (void)host_close();
    return 0;
}

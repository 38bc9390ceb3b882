/* Opens a file, lists all that is in it, and reads values through libhdf5: whole, in steps, and at the far corner. */
#include <stdlib.h>
#include <string.h>

#include "walkfile.h"

#include "target.h"

/* Elements that one axis is read of. */
#define MOST 64
#define MOST_CHUNKS 4096

static void read_box(int handle, json_t type, int rank, const double *start, const double *count, const double *step)
{
    size_t elements = 1;
    for (int axis = 0; axis < rank; axis++)
        elements *= (size_t)count[axis];
    if (CALL(mt_dataset_read(handle, rank, start, count, step)) != MT_OK)
        return;
    walk_value(type, mt_value_ptr(), elements);
    mt_value_release();
}

static double chunk_bytes(json_t object, int axes, const double *chunk)
{
    json_t item;
    double bytes = json_member(object, "fileItemsize", &item) ? json_number(item) : 0;
    for (int axis = 0; axis < axes; axis++)
        bytes *= chunk[axis];
    return bytes;
}

static void visit(int handle, json_t object, choices_t *choices)
{
    double shape[32], chunk[32], start[32], count[32], step[32];
    json_t type;
    int    rank = walk_shape(object, "shape", shape);
    (void)choices;
    if (rank < 0 || !json_member(object, "type", &type))
        return;
    int axes = walk_shape(object, "chunk", chunk);
    /* A chunk that the library must hold whole would pass any bound: the product refuses those by theirs. */
    if (axes > 0 && !(chunk_bytes(object, axes, chunk) <= 8 << 20))
        return;
    for (int way = 0; way < 3; way++) {
        double most = rank > 2 ? 8 : MOST;
        for (int axis = 0; axis < rank; axis++) {
            step[axis]  = way == 1 && shape[axis] > most ? (double)(uint64_t)(shape[axis] / most) : 1;
            count[axis] = shape[axis] < most ? shape[axis] : most;
            start[axis] = way == 2 ? shape[axis] - count[axis] : 0;
            if (axis > 4)
                count[axis] = count[axis] > 0;
        }
        /* H5Dread looks at every chunk between the corners: with few elements among very many chunks the product's net ends it. */
        double between = 1;
        for (int axis = 0; axis < axes; axis++)
            between *= count[axis] * step[axis] / chunk[axis] + 1;
        if (between < MOST_CHUNKS)
            read_box(handle, type, rank, start, count, step);
        if (rank == 0)
            break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    unsigned ask = size ? bytes[size - 1] : 0;
    host_start();
    mt_fuzz_checksums_pass = !(ask & HOST_CHECKSUMS);
    host_set(bytes, size, ask & HOST_PAGES);
    if (CALL(mt_file_open("folder/main.h5", 14)) == MT_OK)
        walk_file(true, visit, NULL);
    (void)host_close();
    return 0;
}

/*
 * Opens any file to change it, walks through it, changes what is there and adds to it, with a host that may refuse writes;
 * then reads the outcome.
 */
#include <stdlib.h>
#include <string.h>

#include "operations.h"
#include "walkfile.h"

#include "target.h"

/* Changes what the walk comes by. */
static void visit(int handle, json_t object, choices_t *choices)
{
    double  shape[32], start[32] = {0}, count[32], step[32];
    json_t  kind, type;
    int32_t value = 7;
    MUST(json_member(object, "kind", &kind), "an object without kind");
    switch (choose(choices, 5)) {
        case 0:
            (void)CALL(mt_attr_write(handle, "added", 5, mt_type_integer(4, 1, 0), 0, NULL, &value));
            return;
        case 1:
            if (json_is(kind, "\"group\""))
                (void)CALL(mt_group_create(handle, "added group", 11, 0));
            return;
        case 2: {
            int rank = walk_shape(object, "shape", shape);
            if (rank < 0)
                return;
            for (int axis = 0; axis < rank; axis++)
                shape[axis] = choose(choices, 2) ? shape[axis] / 2 : shape[axis] + choose(choices, 3);
            for (int axis = 0; axis < rank; axis++)
                shape[axis] = (double)(uint64_t)shape[axis];
            (void)CALL(mt_dataset_resize(handle, rank, shape));
            return;
        }
        default: {
            static uint8_t values[4096];
            json_t         size, class;
            int            rank = walk_shape(object, "shape", shape);
            if (rank < 0 || !json_member(object, "type", &type) || !json_member(type, "size", &size) ||
                !json_member(type, "class", &class))
                return;
            /* Zeros are no pointers, and a value of every other type. */
            for (int axis = 0; axis < rank; axis++) {
                count[axis] = axis ? 1 : shape[0] < 4 ? shape[0] : 4;
                step[axis]  = 1;
                if (shape[axis] < 1)
                    return;
            }
            if (json_number(size) > 1000)
                return;
            (void)CALL(mt_dataset_write(handle, rank, start, count, step, values));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    unsigned  ask     = size ? bytes[size - 1] : 0;
    choices_t choices = {bytes + size / 2, bytes + size};
    host_start();
    mt_fuzz_checksums_pass = !(ask & HOST_CHECKSUMS);
    host_set(bytes, size, false);
    operations_start();
    if (CALL(mt_file_change("folder/main.h5", 14, ask & HOST_LATEST ? MT_CREATE_LATEST : 0)) != MT_OK) {
        (void)host_close();
        return 0;
    }
    if (ask & HOST_REFUSE)
        host_refuse_after(1 + (int)choose(&choices, 40));
    walk_file(true, visit, &choices);
    operations_run(&choices, 12);
    int closed = host_close();
    host_refuse_after(-1);
    if (closed == MT_OK && CALL(mt_file_open("folder/main.h5", 14)) == MT_OK) {
        walk_file(true, NULL, &choices);
        (void)host_close();
    }
    operations_forget();
    return 0;
}

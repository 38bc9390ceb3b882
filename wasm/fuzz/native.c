/* What stands before functions of libhdf5 (native/force.h), and what the wasm build alone has. */
#include <time.h>

#include "host.h"

bool mt_fuzz_checksums_pass;
bool mt_fuzz_first_open;

void *H5F__sfile_search(void *file);
void *mt_fuzz_sfile_search(void *file);
int H5F_get_checksums(const uint8_t *bytes, size_t size, uint32_t *stored, uint32_t *computed);
int mt_fuzz_get_checksums(const uint8_t *bytes, size_t size, uint32_t *stored, uint32_t *computed);
int mt_fuzz_nanosleep(const struct timespec *wanted, struct timespec *left);
int H5EA_get_nelmts(const void *array, uint64_t *count);
int H5EA_iterate(void *array, void *visit, void *data);
int mt_fuzz_ea_iterate(void *array, void *visit, void *data);

/* Every check of the library but those of heaps' direct blocks comes here (force.h). */
int mt_fuzz_get_checksums(const uint8_t *bytes, size_t size, uint32_t *stored, uint32_t *computed)
{
    int result = H5F_get_checksums(bytes, size, stored, computed);
    if (mt_fuzz_checksums_pass && stored && computed)
        *computed = *stored;
    return result;
}

/* Where a close failed a file stays open, which in the product ends with its instance: an input's first is another one. */
void *mt_fuzz_sfile_search(void *file)
{
    if (!mt_fuzz_first_open)
        return H5F__sfile_search(file);
    mt_fuzz_first_open = false;
    return NULL;
}

/* Elements of an index that the net lets through. */
#define MOST_ELEMENTS (1u << 20)

int mt_fuzz_ea_iterate(void *array, void *visit, void *data)
{
    uint64_t count = 0;
    return H5EA_get_nelmts(array, &count) < 0 || count > MOST_ELEMENTS ? -1 : H5EA_iterate(array, visit, data);
}

int mt_fuzz_nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

/* ---- What the wasm build puts into the module after it is linked: the net's countdown, and its memory (net.c) ---- */

void   mt_net_set(double steps);
double mt_net_left(void);
int    __real_emscripten_resize_heap(size_t size);

static double steps_left;

void mt_net_set(double steps)
{
    steps_left = steps;
}

double mt_net_left(void)
{
    return steps_left;
}

int __real_emscripten_resize_heap(size_t size)
{
    (void)size;
    return 0;
}

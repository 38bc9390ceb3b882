/* Dataspaces of the host's numbers. */
#include "internal.h"

/* Whole numbers that a double holds exactly. */
static bool is_count(double value)
{
    return value >= 0 && value <= 9007199254740992.0 && value == (double)(uint64_t)value;
}

static int take_axis(int axis, const double *dims, const double *max_dims, hsize_t *size, hsize_t *most,
                     const char *what)
{
    double largest = max_dims ? max_dims[axis] : dims[axis];
    if (!is_count(dims[axis]))
        return mt_fail("shape", "Cannot make a %s: axis %d can't have %.17g elements", what, axis, dims[axis]);
    if (largest != -1 && !(is_count(largest) && largest >= dims[axis]))
        return mt_fail("shape", "Cannot make a %s: axis %d has %.0f elements and can't have at most %.17g", what, axis,
                       dims[axis], largest);
    *size = (hsize_t)dims[axis];
    *most = largest == -1 ? H5S_UNLIMITED : (hsize_t)largest;
    return 0;
}

hid_t mt_space_make(int rank, const double *dims, const double *max_dims, const char *what)
{
    hsize_t sizes[H5S_MAX_RANK], most[H5S_MAX_RANK];
    hsize_t total = 1;
    if (rank < -1 || rank > H5S_MAX_RANK)
        return mt_fail("shape", "Cannot make a %s of %d axes: at most %d are allowed", what, rank, H5S_MAX_RANK);
    for (int i = 0; i < rank; i++) {
        if (take_axis(i, dims, max_dims, &sizes[i], &most[i], what) < 0)
            return -1;
        if (__builtin_mul_overflow(total, sizes[i], &total) || total > (hsize_t)1 << 53)
            return mt_fail("shape", "Cannot make a %s: its shape has more than 2^53 elements", what);
    }
    hid_t space = rank > 0 ? H5Screate_simple(rank, sizes, most) : H5Screate(rank == 0 ? H5S_SCALAR : H5S_NULL);
    return space < 0 ? mt_fail_as("shape", "Cannot make a %s", what) : space;
}

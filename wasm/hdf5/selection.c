/* A hyperslab that the host asks for. */
#include "internal.h"

static int take_axis(const mt_handle_t *handle, const char *action, mt_selection_t *selection, int axis, double start,
                     double count, double step)
{
    double size = (double)handle->dataset->dims[axis];
    if (!(start >= 0 && count >= 0 && step >= 1) || (count > 0 && !(start + (count - 1) * step < size)))
        return mt_fail("selection",
                       "Cannot %s \"%s\": axis %d has %.0f elements, asked for %.0f from %.0f in steps of %.0f", action,
                       mt_handle_name(handle), axis, size, count, start, step);
    selection->start[axis] = (hsize_t)start;
    selection->count[axis] = (hsize_t)count;
    selection->step[axis]  = (hsize_t)step;
    if (__builtin_mul_overflow(selection->elements, selection->count[axis], &selection->elements))
        return mt_fail("limit", "Cannot %s \"%s\": too many elements", action, mt_handle_name(handle));
    return 0;
}

int mt_selection_take(const mt_handle_t *handle, const char *action, mt_selection_t *selection, int rank,
                      const double *start, const double *count, const double *step)
{
    selection->rank     = rank;
    selection->elements = handle->dataset->null_space ? 0 : 1;
    if (rank != handle->dataset->rank)
        return mt_fail("selection", "Cannot %s \"%s\": it has %d axes, %d were selected", action,
                       mt_handle_name(handle), handle->dataset->rank, rank);
    for (int i = 0; i < rank; i++)
        if (take_axis(handle, action, selection, i, start[i], count[i], step[i]) < 0)
            return -1;
    return 0;
}

int mt_selection_spaces(const mt_handle_t *handle, const mt_selection_t *selection, hid_t *space, hid_t *memory_space)
{
    *space        = H5Dget_space(handle->id);
    *memory_space = selection->rank ? H5Screate_simple(selection->rank, selection->count, NULL)
                                    : H5Screate(H5S_SCALAR);
    if (*space < 0 || *memory_space < 0)
        return mt_fail_library("Cannot select from \"%s\"", mt_handle_name(handle));
    if (selection->rank && H5Sselect_hyperslab(*space, H5S_SELECT_SET, selection->start, selection->step,
                                               selection->count, NULL) < 0)
        return mt_fail_library("Cannot select from \"%s\"", mt_handle_name(handle));
    return 0;
}

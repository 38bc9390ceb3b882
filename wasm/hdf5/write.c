/* Writing a selection through H5Dwrite. */
#include <stdio.h>

#include "codecs/codecs.h"
#include "internal.h"

static int check_filters(const mt_handle_t *handle)
{
    for (int i = 0; i < handle->dataset->filter_count; i++) {
        const mt_filter_t  *filter = &handle->dataset->filters[i];
        const H5Z_class2_t *class  = mt_codec_find(filter->id);
        if (class && class->encoder_present)
            continue;
        (void)mt_fail("unsupported-filter", "Cannot write \"%s\": filter %d (%s) can't be written",
                      mt_handle_name(handle), filter->id, filter->name[0] ? filter->name : "unregistered");
        mt_fail_filter(filter->id, filter->name);
        return -1;
    }
    return 0;
}

mt_handle_t *mt_write_target(int number)
{
    mt_handle_t *handle = mt_handle_dataset(number, "write");
    if (!handle || mt_file_check_write(handle->slot, "write a dataset") < 0 || !(handle = mt_handle_get(number)))
        return NULL;
    if (handle->dataset->external || handle->dataset->layout == H5D_VIRTUAL)
        (void)mt_fail("unsupported", "Cannot write \"%s\": its data lies in other datasets or files",
                      mt_handle_name(handle));
    else if (check_filters(handle) == 0)
        return handle;
    return NULL;
}

static int write_selection(const mt_handle_t *handle, const mt_selection_t *selection, const void *values)
{
    char      what[300];
    mt_form_t form  = {H5I_INVALID_HID, H5P_DEFAULT, NULL, NULL};
    hid_t     type  = H5Dget_type(handle->id);
    hid_t     space = H5I_INVALID_HID, memory_space = H5I_INVALID_HID;
    int       result = -1;
    (void)snprintf(what, sizeof what, "dataset \"%.250s\"", mt_handle_name(handle));
    if (type < 0)
        (void)mt_fail_library("Cannot write %s", what);
    else if (mt_form_take(type, handle->slot, values, selection->elements, what, &form) == 0 &&
             mt_selection_spaces(handle, selection, &space, &memory_space) == 0) {
        result = 0;
        if (H5Dwrite(handle->id, form.memory, memory_space, space, form.dxpl, form.bytes) < 0)
            result = mt_fail_as("write", "Cannot write %s", what);
    }
    mt_form_leave(&form);
    mt_close(type);
    mt_close(space);
    mt_close(memory_space);
    return result;
}

int mt_dataset_write(int number, int rank, const double *start, const double *count, const double *step,
                     const void *values)
{
    mt_enter();
    mt_selection_t selection;
    mt_handle_t   *handle = mt_write_target(number);
    if (!handle || mt_selection_take(handle, "write", &selection, rank, start, count, step) < 0)
        return mt_leave(-1);
    if (!selection.elements)
        return mt_leave(0);
    int result = write_selection(handle, &selection, values);
    mt_handle_cool_past(MT_WARM_DATASETS);
    return mt_leave(result);
}

/* Reading a selection through H5Dread. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* Times have no conversion: their byte order is set right here. */
static int fix_order(const mt_handle_t *handle, hid_t memory, void *bytes, size_t length)
{
    if (H5Tdetect_class(memory, H5T_TIME) <= 0)
        return 0;
    if (H5Tget_class(memory) != H5T_TIME)
        return mt_fail("unsupported", "Cannot read \"%s\": times inside other types", mt_handle_name(handle));
    if (H5Tget_order(memory) == H5T_ORDER_BE)
        mt_swap_copy(bytes, bytes, length, H5Tget_size(memory));
    return 0;
}

/* Global heaps reach the driver as raw data too, and the library loops for ever over a heap of zeros. */
static bool reads_heaps(hid_t type)
{
    return mt_type_has_pointers(type, 0) || H5Tdetect_class(type, H5T_REFERENCE) != 0;
}

static int read_bytes(const mt_handle_t *handle, const mt_selection_t *selection, hid_t memory, hid_t memory_space,
                      hid_t space, void *bytes)
{
    bool zero = !reads_heaps(memory);
    /* Where zeros cannot stand in, all chunks are asked for first. In a file that is being written nothing is missing,
     * and chunks may lie in the library's cache alone. */
    if (!mt_driver_writes() && handle->dataset->layout == H5D_CHUNKED && (handle->dataset->filter_count || !zero) &&
        mt_chunk_fetch(handle, selection->start, selection->count, selection->step) < 0)
        return -1;
    mt_note.zero_raw = zero;
    herr_t result    = H5Dread(handle->id, memory, memory_space, space, H5P_DEFAULT, bytes);
    mt_note.zero_raw = false;
    if (result < 0)
        return mt_fail_library("Cannot read dataset \"%s\"", mt_handle_name(handle));
    return fix_order(handle, memory, bytes, mt_value_len());
}

static int read_selection(const mt_handle_t *handle, const mt_selection_t *selection)
{
    hid_t type = H5Dget_type(handle->id), memory = H5I_INVALID_HID;
    hid_t space = H5I_INVALID_HID, memory_space = H5I_INVALID_HID;
    int   result = -1;
    char  what[300];
    (void)snprintf(what, sizeof what, "dataset \"%.250s\"", mt_handle_name(handle));
    if (type < 0) {
        (void)mt_fail_library("Cannot read the type of %s", what);
        goto done;
    }
    memory = mt_type_reading(type, mt_file_address_size(handle->slot));
    if (memory < 0)
        goto done;
    void *bytes = mt_value_new(selection->elements, H5Tget_size(memory), what);
    if (!bytes)
        goto done;
    if (!selection->elements)
        result = 0;
    else if (mt_selection_spaces(handle, selection, &space, &memory_space) == 0)
        result = read_bytes(handle, selection, memory, memory_space, space, bytes);
done:
    mt_close(type);
    mt_close(space);
    return mt_value_finish(result, memory, memory_space, what);
}

bool mt_sources_fill;

void mt_missing_sources(int fill)
{
    mt_sources_fill = fill != 0;
}

int mt_dataset_read(int number, int rank, const double *start, const double *count, const double *step)
{
    mt_enter();
    mt_selection_t  selection;
    mt_handle_t *handle = mt_handle_dataset(number, "read");
    if (!handle || !(handle = mt_handle_get(number)) ||
        mt_selection_take(handle, "read", &selection, rank, start, count, step) < 0)
        return mt_leave(-1);
    mt_note.absent_is_end = handle->dataset->series || (mt_sources_fill && handle->dataset->layout == H5D_VIRTUAL);
    int result            = read_selection(handle, &selection);
    bool absent           = mt_note.absent_file[0] && !mt_note.absent_is_end;
    if (absent)
        mt_value_release();
    /* Chunks of zeros and sources that seemed absent are cached with the dataset; and one dataset's chunks are enough
     * to keep, unless they are being written. */
    if (mt_driver_writes())
        mt_handle_cool_past(MT_WARM_DATASETS);
    else
        mt_handle_cool(result < 0 || absent ? NULL : handle);
    return mt_leave(result);
}

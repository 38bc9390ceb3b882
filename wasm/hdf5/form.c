/* Values in memory layout, made ready for H5Dwrite and H5Awrite. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Numbers whose byte order the library turns itself, piece by piece; all else is turned in a copy. */
static bool is_number(hid_t type)
{
    H5T_class_t class = H5Tget_class(type);
    return class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_BITFIELD;
}

static int swapped(hid_t type, size_t swap, const void *values, uint64_t count, const char *what, mt_form_t *form)
{
    uint64_t length = count * H5Tget_size(type);
    form->owned     = length < SIZE_MAX / 2 ? malloc(length ? (size_t)length : 1) : NULL;
    if (!form->owned)
        return mt_fail("memory", "Cannot write %s: no memory for %llu bytes", what, (unsigned long long)length);
    mt_swap_copy(form->owned, values, (size_t)length, swap);
    form->bytes = form->owned;
    return 0;
}

/* What the library would clip or fill in silently. */
static H5T_conv_ret_t refuse(H5T_conv_except_t exception, hid_t from, hid_t to, void *source, void *target, void *data)
{
    (void)from;
    (void)to;
    (void)source;
    (void)target;
    (void)data;
    return exception == H5T_CONV_EXCEPT_RANGE_HI || exception == H5T_CONV_EXCEPT_RANGE_LOW ? H5T_CONV_ABORT
                                                                                           : H5T_CONV_UNHANDLED;
}

static hid_t transfer_list(void)
{
    hid_t dxpl = H5Pcreate(H5P_DATASET_XFER);
    if (dxpl < 0 || H5Pset_type_conv_cb(dxpl, refuse, NULL) < 0) {
        (void)mt_fail_as("memory", "Cannot set up a transfer");
        mt_close(dxpl);
        return H5I_INVALID_HID;
    }
    return dxpl;
}

int mt_form_take(hid_t type, int slot, const void *values, uint64_t count, const char *what, mt_form_t *form)
{
    size_t swap  = mt_type_direct(type, mt_file_address_size(slot));
    /* The bytes are those of storage then, and the library only copies them. */
    bool   same  = swap && !(swap > 1 && is_number(type)) && H5Tdetect_class(type, H5T_REFERENCE) == 0;
    *form        = (mt_form_t){H5I_INVALID_HID, H5P_DEFAULT, values, NULL};
    form->memory = same ? H5Tcopy(type) : mt_type_writing(type);
    if (!same)
        form->dxpl = transfer_list();
    if (form->memory < 0 || form->dxpl < 0)
        return mt_fail_library("Cannot write %s", what);
    mt_net_expect(count, H5Tget_size(form->memory));
    if (!swap && H5Tdetect_class(type, H5T_TIME) != 0)
        return mt_fail("unsupported", "Cannot write %s: times inside other types", what);
    return same && swap > 1 ? swapped(type, swap, values, count, what, form) : 0;
}

void mt_form_leave(mt_form_t *form)
{
    mt_close(form->memory);
    if (form->dxpl != H5P_DEFAULT)
        mt_close(form->dxpl);
    free(form->owned);
}

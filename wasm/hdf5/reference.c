/* What references point to, and making them. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Blocks or points of one region that are listed. */
#define LISTED 1000000

static void point_json(const hsize_t *point, int rank)
{
    bool first = true;
    mt_out_text("[");
    for (int i = 0; i < rank; i++) {
        mt_out_comma(&first);
        mt_out_unsigned(point[i]);
    }
    mt_out_text("]");
}

/* values: n * width numbers, a width of rank (points) or 2 * rank (corners of blocks). */
static void list_json(const hsize_t *values, hssize_t n, int rank, bool blocks)
{
    bool first = true;
    for (hssize_t i = 0; i < n; i++) {
        mt_out_comma(&first);
        if (!blocks) {
            point_json(values + i * rank, rank);
            continue;
        }
        mt_out_text("[");
        point_json(values + i * 2 * rank, rank);
        mt_out_text(",");
        point_json(values + (i * 2 + 1) * rank, rank);
        mt_out_text("]");
    }
}

static int parts_json(hid_t space, int rank, bool blocks)
{
    hssize_t n = blocks ? H5Sget_select_hyper_nblocks(space) : H5Sget_select_elem_npoints(space);
    if (n < 0)
        return mt_fail_library("Cannot read a region reference");
    if (n > LISTED)
        return mt_fail("limit", "Cannot list a region of %lld parts: at most %d are allowed", (long long)n, LISTED);
    hsize_t *values = malloc(((size_t)n * (size_t)rank * 2 + 1) * sizeof *values);
    if (!values)
        return mt_fail("memory", "Cannot read a region reference: out of memory");
    herr_t result = blocks ? H5Sget_select_hyper_blocklist(space, 0, (hsize_t)n, values)
                           : H5Sget_select_elem_pointlist(space, 0, (hsize_t)n, values);
    if (result < 0)
        (void)mt_fail_library("Cannot read a region reference");
    else {
        mt_out_text(blocks ? ",\"blocks\":[" : ",\"points\":[");
        list_json(values, n, rank, blocks);
        mt_out_text("]");
    }
    free(values);
    return result < 0 ? -1 : 0;
}

static int selection_json(hid_t space)
{
    hsize_t dims[H5S_MAX_RANK];
    int     rank = H5Sget_simple_extent_dims(space, dims, NULL);
    if (rank < 0)
        return mt_fail_library("Cannot read a region reference");
    mt_out_text(",\"shape\":");
    point_json(dims, rank);
    mt_out_text(",\"selection\":{\"kind\":");
    int result = 0;
    switch (H5Sget_select_type(space)) {
        case H5S_SEL_NONE:
            mt_out_text("\"none\"");
            break;
        case H5S_SEL_ALL:
            mt_out_text("\"all\"");
            break;
        case H5S_SEL_POINTS:
            mt_out_text("\"points\"");
            result = parts_json(space, rank, false);
            break;
        case H5S_SEL_HYPERSLABS:
            mt_out_text("\"blocks\"");
            result = parts_json(space, rank, true);
            break;
        case H5S_SEL_ERROR:
        case H5S_SEL_N:
        default:
            return mt_fail_library("Cannot read a region reference");
    }
    mt_out_text("}");
    return result;
}

static void target_json(const char *kind, int slot, haddr_t address)
{
    const char *path = mt_handle_known(slot, address);
    mt_out_text("{\"kind\":");
    mt_out_string(kind);
    mt_out_text(",\"file\":");
    mt_out_signed(slot);
    mt_out_text(",\"address\":");
    mt_out_unsigned(address);
    mt_out_text(",\"path\":");
    if (path)
        mt_out_string(path);
    else
        mt_out_text("null");
}

static int address_of(hid_t object, haddr_t *address)
{
    H5O_info2_t info;
    if (H5Oget_info3(object, &info, H5O_INFO_BASIC) < 0 || H5VLnative_token_to_addr(object, info.token, address) < 0)
        return mt_fail_library("Cannot read what a reference points to");
    return 0;
}

static int object_info(int slot, const void *reference)
{
    hobj_ref_t address = HADDR_UNDEF;
    memcpy(&address, reference, sizeof address);
    target_json("object", slot, address);
    mt_out_text("}");
    return 0;
}

static int region_info(hid_t file, int slot, const void *reference)
{
    haddr_t address = HADDR_UNDEF;
    hid_t   object  = H5Rdereference2(file, H5P_DEFAULT, H5R_DATASET_REGION, reference);
    hid_t   space   = H5I_INVALID_HID;
    int     result  = -1;
    if (object < 0) {
        (void)mt_fail_library("Cannot follow a region reference");
        goto done;
    }
    space = H5Rget_region(file, H5R_DATASET_REGION, reference);
    if (space < 0) {
        (void)mt_fail_library("Cannot follow a region reference");
        goto done;
    }
    if (address_of(object, &address) < 0)
        goto done;
    target_json("region", slot, address);
    result = selection_json(space);
    mt_out_text("}");
done:
    mt_close(object);
    mt_close(space);
    return result;
}

static int attribute_name(const H5R_ref_t *reference)
{
    ssize_t length = H5Rget_attr_name(reference, NULL, 0);
    char   *name   = length < 0 ? NULL : malloc((size_t)length + 1);
    int     result = -1;
    if (name && H5Rget_attr_name(reference, name, (size_t)length + 1) >= 0) {
        mt_out_text(",\"attribute\":");
        mt_out_string(name);
        result = 0;
    }
    else
        (void)mt_fail_library("Cannot read an attribute reference");
    free(name);
    return result;
}

/* References may name another file; the library would open it for writing, which is not offered. */
static int refuse_other_file(const H5R_ref_t *reference)
{
    char    name[256] = {0};
    ssize_t length    = H5Rget_file_name(reference, name, sizeof name);
    if (length <= 0)
        return mt_fail("corrupt", "Cannot follow a reference");
    return mt_fail("unsupported", "Cannot follow a reference into another file, \"%s\"", name);
}

/* References of HDF5 1.12 on: H5R_ref_t as the value that was read last holds it. */
static int new_info(H5R_ref_t *reference)
{
    int         slot    = -1;
    haddr_t     address = HADDR_UNDEF;
    hid_t       fapl    = mt_driver_fapl();
    H5R_type_t  type    = H5Rget_type(reference);
    hid_t       space   = H5I_INVALID_HID;
    const char *kind    = type == H5R_ATTR              ? "attribute"
                          : type == H5R_DATASET_REGION2 ? "region"
                                                        : "object";
    int   result = -1;
    hid_t object = type == H5R_BADTYPE || fapl < 0 ? H5I_INVALID_HID : H5Ropen_object(reference, fapl, H5P_DEFAULT);
    if (object < 0) {
        (void)refuse_other_file(reference);
        goto done;
    }
    slot = mt_file_of(object);
    if (slot < 0 || address_of(object, &address) < 0)
        goto done;
    target_json(kind, slot, address);
    result = 0;
    if (type == H5R_ATTR)
        result = attribute_name(reference);
    else if (type == H5R_DATASET_REGION2) {
        space  = H5Ropen_region(reference, fapl, H5P_DEFAULT);
        result = space < 0 ? mt_fail_library("Cannot follow a region reference") : selection_json(space);
    }
    mt_out_text("}");
done:
    mt_close(object);
    mt_close(space);
    mt_close(fapl);
    return result;
}

static bool is_null(const void *reference, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (((const uint8_t *)reference)[i])
            return false;
    return true;
}

int mt_reference_info(int file_of_handle, int kind, const void *reference)
{
    static const size_t sizes[] = {sizeof(hobj_ref_t), sizeof(hdset_reg_ref_t), sizeof(H5R_ref_t)};
    mt_enter();
    mt_handle_t *handle = mt_handle_peek(file_of_handle);
    hid_t        file   = handle ? mt_file_id(handle->slot) : H5I_INVALID_HID;
    if (file < 0)
        return mt_leave(-1);
    if (kind < 0 || kind > 2)
        return mt_leave(mt_fail("unsupported", "No reference is of kind %d", kind));
    if (is_null(reference, sizes[kind])) {
        mt_out_text("{\"kind\":\"null\"}");
        return mt_leave(0);
    }
    if (kind == 0)
        return mt_leave(object_info(handle->slot, reference));
    if (kind == 1)
        return mt_leave(region_info(file, handle->slot, reference));
    H5R_ref_t copy; /* the library wants it writable */
    memcpy(&copy, reference, sizeof copy);
    return mt_leave(new_info(&copy));
}

int mt_reference_region(int number, int rank, const double *start, const double *count, const double *step)
{
    mt_enter();
    mt_selection_t  selection;
    hdset_reg_ref_t reference;
    hid_t           space = H5I_INVALID_HID, memory_space = H5I_INVALID_HID;
    int             result = -1;
    mt_handle_t    *handle = mt_handle_dataset(number, "refer to");
    if (!handle || !(handle = mt_handle_get(number)) || mt_file_check_write(handle->slot, "make a reference") < 0 ||
        mt_selection_take(handle, "refer to", &selection, rank, start, count, step) < 0)
        return mt_leave(-1);
    if (mt_selection_spaces(handle, &selection, &space, &memory_space) == 0) {
        if (H5Rcreate(&reference, handle->id, ".", H5R_DATASET_REGION, space) < 0)
            (void)mt_fail_as("write", "Cannot make a reference to \"%s\"", mt_handle_name(handle));
        else {
            mt_out_bytes(&reference, sizeof reference);
            result = 0;
        }
    }
    mt_close(space);
    mt_close(memory_space);
    return mt_leave(result);
}

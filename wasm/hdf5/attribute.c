/* Attributes: listing, description and values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int describe(hid_t attribute, const char *name)
{
    hid_t space  = H5Aget_space(attribute);
    hid_t type   = H5Aget_type(attribute);
    int   result = -1;
    if (space < 0 || type < 0) {
        (void)mt_fail_library("Cannot read attribute \"%s\"", name);
        goto done;
    }
    mt_out_text("{\"name\":");
    mt_out_string(name);
    mt_out_text(",");
    if (mt_space_json(space, false) < 0)
        goto done;
    mt_out_text(",\"type\":");
    result = mt_type_describe(type);
    mt_out_text("}");
done:
    mt_close(space);
    mt_close(type);
    return result;
}

static herr_t list_one(hid_t object, const char *name, const H5A_info_t *info, void *data)
{
    (void)info;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0)
        return mt_fail_library("Cannot open attribute \"%s\"", name);
    mt_out_comma(data);
    int result = describe(attribute, name);
    mt_close(attribute);
    return result;
}

/* True where attributes are indexed by the order of their creation. */
static bool tracks_order(const mt_handle_t *handle)
{
    unsigned flags = 0;
    hid_t    plist = H5I_INVALID_HID;
    if (handle->kind == MT_GROUP)
        plist = H5Gget_create_plist(handle->id);
    else if (handle->kind == MT_DATASET)
        plist = H5Dget_create_plist(handle->id);
    else
        plist = H5Tget_create_plist(handle->id);
    bool tracked = plist >= 0 && H5Pget_attr_creation_order(plist, &flags) >= 0 && (flags & H5P_CRT_ORDER_TRACKED);
    mt_close(plist);
    return tracked;
}

int mt_attr_list(int number, int by_creation)
{
    mt_enter();
    bool         first  = true;
    hsize_t      at     = 0;
    mt_handle_t *handle = mt_handle_get(number);
    if (!handle)
        return mt_leave(-1);
    H5_index_t index = by_creation && tracks_order(handle) ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    mt_out_text("[");
    int result = 0;
    if (H5Aiterate2(handle->id, index, H5_ITER_INC, &at, list_one, &first) < 0)
        result = mt_fail_library("Cannot list the attributes of \"%s\"", mt_handle_name(handle));
    mt_out_text("]");
    return mt_leave(result);
}

/* Opens an attribute by name; *text its name ending in 0, own memory. */
static hid_t open_attribute(const mt_handle_t *handle, const char *name, size_t length, char **text)
{
    *text = strndup(name, length);
    if (!*text)
        return mt_fail("memory", "Cannot open an attribute: out of memory");
    htri_t exists = memchr(name, 0, length) ? 0 : H5Aexists(handle->id, *text);
    if (exists == 0)
        return mt_fail("not-found", "No attribute \"%s\" at \"%s\"", *text, mt_handle_name(handle));
    hid_t attribute = exists < 0 ? H5I_INVALID_HID : H5Aopen(handle->id, *text, H5P_DEFAULT);
    if (attribute < 0)
        return mt_fail_library("Cannot open attribute \"%s\" of \"%s\"", *text, mt_handle_name(handle));
    return attribute;
}

int mt_attr_info(int number, const char *name, size_t name_length)
{
    mt_enter();
    char        *text   = NULL;
    mt_handle_t *handle = mt_handle_get(number);
    hid_t        attribute = handle ? open_attribute(handle, name, name_length, &text) : H5I_INVALID_HID;
    int          result    = attribute < 0 ? -1 : describe(attribute, text);
    mt_close(attribute);
    free(text);
    return mt_leave(result);
}

static int read_value(hid_t attribute, size_t address_size, const char *what)
{
    hid_t type   = H5Aget_type(attribute);
    hid_t space  = H5Aget_space(attribute);
    hid_t memory = H5I_INVALID_HID;
    int   result = -1;
    if (type < 0 || space < 0) {
        (void)mt_fail_library("Cannot read %s", what);
        goto done;
    }
    hssize_t count = H5Sget_simple_extent_type(space) == H5S_NULL ? 0 : H5Sget_simple_extent_npoints(space);
    memory         = mt_type_reading(type, address_size);
    if (memory < 0 || count < 0) {
        (void)mt_fail_library("Cannot read %s", what);
        goto done;
    }
    void *bytes = mt_value_new((uint64_t)count, H5Tget_size(memory), what);
    if (!bytes)
        goto done;
    result = 0;
    if (count && H5Aread(attribute, memory, bytes) < 0)
        result = mt_fail_library("Cannot read %s", what);
    else if (H5Tget_class(memory) == H5T_TIME && H5Tget_order(memory) == H5T_ORDER_BE)
        mt_swap_copy(bytes, bytes, mt_value_len(), H5Tget_size(memory));
done:
    mt_close(type);
    return mt_value_finish(result, memory, space, what);
}

int mt_attr_read(int number, const char *name, size_t name_length)
{
    mt_enter();
    char         what[600];
    char        *text   = NULL;
    int          result = -1;
    mt_handle_t *handle = mt_handle_get(number);
    hid_t        attribute = handle ? open_attribute(handle, name, name_length, &text) : H5I_INVALID_HID;
    if (attribute >= 0) {
        (void)snprintf(what, sizeof what, "attribute \"%.250s\" of \"%.250s\"", text, mt_handle_name(handle));
        result = read_value(attribute, mt_file_address_size(handle->slot), what);
    }
    mt_close(attribute);
    free(text);
    return mt_leave(result);
}

/* Writing attributes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Name of an attribute until it has its value: the old one of that name is there until then. */
#define UNFINISHED "\x01microtome"
/* What an object header of the earliest format holds in one message, the rest of the message left out. */
#define MAX_ATTRIBUTE 65000.0

static hid_t name_list(const char *name)
{
    hid_t acpl     = H5Pcreate(H5P_ATTRIBUTE_CREATE);
    bool  is_ascii = true;
    for (const char *at = name; *at; at++)
        is_ascii = is_ascii && !(*at & 0x80);
    if (acpl < 0 || (!is_ascii && H5Pset_char_encoding(acpl, H5T_CSET_UTF8) < 0)) {
        (void)mt_fail_as("memory", "Cannot set up attribute \"%s\"", name);
        mt_close(acpl);
        return H5I_INVALID_HID;
    }
    return acpl;
}

static int write_value(hid_t attribute, hid_t type, uint64_t count, const void *values, const char *what)
{
    mt_form_t form;
    int       result = mt_form_take(type, 0, values, count, what, &form);
    if (result == 0 && count && H5Awrite(attribute, form.memory, form.bytes) < 0)
        result = mt_fail_as("write", "Cannot write %s", what);
    mt_form_leave(&form);
    return result;
}

/* Makes the attribute under a name, with its value or not at all. */
static int make(const mt_handle_t *handle, const char *name, hid_t type, hid_t space, const void *values,
                const char *what)
{
    hid_t    acpl      = name_list(name);
    hid_t    attribute = acpl < 0 ? H5I_INVALID_HID : H5Acreate2(handle->id, name, type, space, acpl, H5P_DEFAULT);
    hssize_t count     = H5Sget_simple_extent_type(space) == H5S_NULL ? 0 : H5Sget_simple_extent_npoints(space);
    int      result    = -1;
    if (attribute < 0) {
        if ((double)count * (double)H5Tget_size(type) > MAX_ATTRIBUTE)
            (void)mt_fail("limit",
                          "Cannot write %s: its %.0f bytes don't fit an object header of the earliest format: "
                          "create the file with { format: \"latest\" }, or make it a dataset", what,
                          (double)count * (double)H5Tget_size(type));
        else
            (void)mt_fail_as("write", "Cannot write %s", what);
    }
    else {
        result = write_value(attribute, type, (uint64_t)count, values, what);
        mt_close(attribute);
        if (result < 0)
            (void)H5Adelete(handle->id, name);
    }
    mt_close(acpl);
    return result;
}

static int replace(const mt_handle_t *handle, const char *name, hid_t type, hid_t space, const void *values,
                   const char *what)
{
    if (H5Aexists(handle->id, UNFINISHED) > 0)
        return mt_fail("exists", "Cannot write %s: an attribute with the name of an unfinished one is there", what);
    if (make(handle, UNFINISHED, type, space, values, what) < 0)
        return -1;
    if (H5Adelete(handle->id, name) < 0 || H5Arename(handle->id, UNFINISHED, name) < 0)
        return mt_fail_as("write", "Cannot write %s", what);
    return 0;
}

/* The object whose attributes are changed, and the attribute's name: own memory. */
static mt_handle_t *target(int number, const char *name, size_t length, char **text)
{
    mt_handle_t *handle = mt_handle_get(number);
    *text               = NULL;
    if (!handle || mt_file_check_write(handle->slot, "change an attribute") < 0)
        return NULL;
    if (!length || memchr(name, 0, length)) {
        (void)mt_fail("unsupported", "Cannot change an attribute of \"%s\": a name is not empty and has no zero byte",
                      mt_handle_name(handle));
        return NULL;
    }
    *text = strndup(name, length);
    if (!*text)
        (void)mt_fail("memory", "Cannot change an attribute: out of memory");
    return *text ? handle : NULL;
}

int mt_attr_write(int number, const char *name, size_t name_length, int type, int rank, const double *dims,
                  const void *values)
{
    mt_enter();
    char         what[600];
    char        *text   = NULL;
    hid_t        id     = mt_type_at(type);
    mt_handle_t *handle = id < 0 ? NULL : target(number, name, name_length, &text);
    hid_t        space  = handle ? mt_space_make(rank, dims, NULL, "attribute") : H5I_INVALID_HID;
    int          result = -1;
    if (space >= 0) {
        (void)snprintf(what, sizeof what, "attribute \"%.250s\" of \"%.250s\"", text, mt_handle_name(handle));
        htri_t exists = H5Aexists(handle->id, text);
        if (exists < 0)
            (void)mt_fail_library("Cannot write %s", what);
        else
            result = (exists ? replace : make)(handle, text, id, space, values, what);
    }
    mt_close(space);
    free(text);
    return mt_leave(result);
}

int mt_attr_delete(int number, const char *name, size_t name_length)
{
    mt_enter();
    char        *text   = NULL;
    mt_handle_t *handle = target(number, name, name_length, &text);
    htri_t       exists = handle ? H5Aexists(handle->id, text) : -1;
    int          result = handle ? 0 : -1;
    if (handle && exists == 0)
        result = mt_fail("not-found", "No attribute \"%s\" at \"%s\"", text, mt_handle_name(handle));
    else if (handle && (exists < 0 || H5Adelete(handle->id, text) < 0))
        result = mt_fail_as("write", "Cannot delete attribute \"%s\" of \"%s\"", text, mt_handle_name(handle));
    free(text);
    return mt_leave(result);
}

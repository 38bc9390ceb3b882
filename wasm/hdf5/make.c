/* What all that is made under a path has in common, and groups. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

int mt_make_list(hid_t list, bool group, bool order, bool times)
{
    unsigned flags = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    if (H5Pset_obj_track_times(list, times) < 0)
        return -1;
    if (order && group && H5Pset_link_creation_order(list, flags) < 0)
        return -1;
    return order && H5Pset_attr_creation_order(list, flags) < 0 ? -1 : 0;
}

/* A list for groups. */
static hid_t group_list(bool order)
{
    hid_t gcpl = H5Pcreate(H5P_GROUP_CREATE);
    if (gcpl < 0 || mt_make_list(gcpl, true, order || mt_file_tracks_order(), false) < 0) {
        (void)mt_fail_as("memory", "Cannot make a group");
        mt_close(gcpl);
        return H5I_INVALID_HID;
    }
    return gcpl;
}

static int take_name(const char *path, size_t length, const char *what, mt_place_t *place, size_t *head)
{
    size_t end = length, start;
    while (end && path[end - 1] == '/')
        end--;
    for (start = end; start && path[start - 1] != '/';)
        start--;
    *head = start;
    if (start == end)
        return mt_fail("exists", "Cannot make a %s at \"%s\": a group is there", what, length ? "/" : "");
    if (memchr(path, 0, length) || (end - start == 1 && path[start] == '.'))
        return mt_fail("unsupported", "Cannot make a %s: a name has no zero byte and is not \".\"", what);
    place->name = strndup(path + start, end - start);
    return place->name ? 0 : mt_fail("memory", "Cannot make a %s: out of memory", what);
}

/* Stands in the group that the new link goes into. */
static int find_parent(const mt_handle_t *handle, const char *path, size_t head, unsigned flags, const char *what,
                       mt_place_t *place)
{
    hid_t gcpl   = flags & MT_MAKE_PARENTS ? group_list(false) : 0;
    int   result = gcpl < 0 ? -1 : mt_path_make(handle, path, head, gcpl, &place->parent);
    mt_close(gcpl);
    if (result < 0)
        return -1;
    if (H5Iget_type(place->parent.id) != H5I_GROUP)
        return mt_fail("wrong-kind", "Cannot make a %s \"%s\" in \"%s\": that is not a group", what, place->name,
                       place->parent.path ? place->parent.path : "an object");
    return 0;
}

/* Finds group and name: whether that name is there is in *exists. */
static int find(int from, const char *path, size_t length, unsigned flags, const char *what, mt_place_t *place,
                htri_t *exists)
{
    char   action[64];
    size_t head   = 0;
    place->parent = (mt_found_t){H5I_INVALID_HID, 0, NULL};
    place->name   = NULL;
    place->lcpl   = H5I_INVALID_HID;
    (void)snprintf(action, sizeof action, "make a %s", what);
    mt_handle_t *handle = mt_handle_get(from);
    if (!handle || mt_file_check_write(handle->slot, action) < 0 || take_name(path, length, what, place, &head) < 0 ||
        find_parent(handle, path, head, flags, what, place) < 0 || mt_file_check_write(place->parent.slot, action) < 0)
        return -1;
    *exists = H5Lexists(place->parent.id, place->name, H5P_DEFAULT);
    return *exists < 0 ? mt_fail_library("Cannot look up \"%s\"", place->name) : 0;
}

int mt_place_find(int from, const char *path, size_t length, unsigned flags, const char *what, mt_place_t *place)
{
    htri_t exists = 0;
    if (find(from, path, length, flags, what, place, &exists) < 0)
        return -1;
    if (exists)
        return mt_fail("exists", "Cannot make a %s: an object \"%s\" is in \"%s\" already", what, place->name,
                       place->parent.path ? place->parent.path : "the group");
    place->lcpl = mt_path_link_list(place->name);
    return place->lcpl < 0 ? -1 : 0;
}

int mt_place_existing(int from, const char *path, size_t length, mt_place_t *place)
{
    htri_t exists = 0;
    if (find(from, path, length, 0, "change of a link", place, &exists) < 0)
        return -1;
    return exists ? 0
                  : mt_fail("not-found", "No object \"%s\" in group \"%s\"", place->name,
                            place->parent.path ? place->parent.path : "(opened by address)");
}

void mt_place_leave(mt_place_t *place)
{
    mt_close(place->parent.id);
    mt_close(place->lcpl);
    free(place->parent.path);
    free(place->name);
}

int mt_place_present(mt_place_t *place, hid_t id)
{
    mt_found_t found  = {id, place->parent.slot, NULL};
    int        result = -1;
    if (place->parent.path && !(found.path = mt_path_join(place->parent.path, place->name)))
        (void)mt_fail("memory", "Cannot open \"%s\": out of memory", place->name);
    else
        result = mt_object_present(&found, 0);
    mt_close(found.id);
    free(found.path);
    return result;
}

int mt_group_create(int from, const char *path, size_t path_length, unsigned flags)
{
    mt_enter();
    mt_place_t place;
    int        result = mt_place_find(from, path, path_length, flags, "group", &place);
    hid_t      gcpl   = result < 0 ? H5I_INVALID_HID : group_list((flags & MT_MAKE_TRACK_ORDER) != 0);
    hid_t      id     = H5I_INVALID_HID;
    if (gcpl >= 0) {
        id     = H5Gcreate2(place.parent.id, place.name, place.lcpl, gcpl, H5P_DEFAULT);
        result = id < 0 ? mt_fail_as("write", "Cannot make group \"%s\"", place.name) : mt_place_present(&place, id);
    }
    else
        result = -1;
    mt_close(gcpl);
    mt_place_leave(&place);
    return mt_leave(result);
}

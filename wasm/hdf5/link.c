/* Making, moving and deleting links. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Text of the host's, ending in 0: own memory. */
static char *own_text(const char *text, size_t length, const char *what)
{
    char *copy = length && !memchr(text, 0, length) ? strndup(text, length) : NULL;
    if (!copy)
        (void)mt_fail("unsupported", "Cannot make a %s to nothing, or to a name with a zero byte", what);
    return copy;
}

int mt_link_soft(int from, const char *path, size_t path_length, const char *target, size_t target_length,
                 unsigned flags)
{
    mt_enter();
    mt_place_t place;
    int        result = -1;
    char      *text   = own_text(target, target_length, "soft link");
    if (!text)
        return mt_leave(-1);
    if (mt_place_find(from, path, path_length, flags, "soft link", &place) == 0)
        result = H5Lcreate_soft(text, place.parent.id, place.name, place.lcpl, H5P_DEFAULT) < 0
                     ? mt_fail_as("write", "Cannot make soft link \"%s\"", place.name)
                     : 0;
    mt_place_leave(&place);
    free(text);
    return mt_leave(result);
}

int mt_link_hard(int from, const char *path, size_t path_length, int target, unsigned flags)
{
    mt_enter();
    mt_place_t   place;
    int          result = -1;
    mt_handle_t *handle = mt_handle_peek(target);
    if (!handle || mt_file_check_write(handle->slot, "link to an object") < 0)
        return mt_leave(-1);
    if (mt_place_find(from, path, path_length, flags, "hard link", &place) == 0 && (handle = mt_handle_get(target)))
        result = H5Olink(handle->id, place.parent.id, place.name, place.lcpl, H5P_DEFAULT) < 0
                     ? mt_fail_as("write", "Cannot make hard link \"%s\"", place.name)
                     : 0;
    mt_place_leave(&place);
    return mt_leave(result);
}

int mt_link_external(int from, const char *path, size_t path_length, const char *file, size_t file_length,
                     const char *target, size_t target_length, unsigned flags)
{
    mt_enter();
    mt_place_t place;
    int        result = -1;
    char      *name   = own_text(file, file_length, "link into a file");
    char      *text   = name ? own_text(target, target_length, "link into a file") : NULL;
    if (text) {
        if (mt_place_find(from, path, path_length, flags, "external link", &place) == 0)
            result = H5Lcreate_external(name, text, place.parent.id, place.name, place.lcpl, H5P_DEFAULT) < 0
                         ? mt_fail_as("write", "Cannot make external link \"%s\"", place.name)
                         : 0;
        mt_place_leave(&place);
    }
    free(name);
    free(text);
    return mt_leave(result);
}

int mt_link_delete(int from, const char *path, size_t path_length)
{
    mt_enter();
    mt_place_t place;
    int        result = mt_place_existing(from, path, path_length, &place);
    if (result == 0) {
        mt_handle_wake();
        mt_file_note_freed();
        if (H5Ldelete(place.parent.id, place.name, H5P_DEFAULT) < 0)
            result = mt_fail_as("write", "Cannot delete \"%s\"", place.name);
        mt_handle_bury();
    }
    mt_place_leave(&place);
    return mt_leave(result);
}

/* A group that holds itself could never be reached again. */
static bool is_inside(const mt_place_t *place, const char *moved)
{
    size_t length = strlen(moved);
    return place->parent.path && strncmp(place->parent.path, moved, length) == 0 &&
           (!place->parent.path[length] || place->parent.path[length] == '/');
}

/* Not by H5Lmove, which takes for granted that it knows the path of the group that a link is moved to. */
static bool move_link(const mt_place_t *source, const mt_place_t *target)
{
    return H5Lcopy(source->parent.id, source->name, target->parent.id, target->name, target->lcpl, H5P_DEFAULT) >= 0 &&
           H5Ldelete(source->parent.id, source->name, H5P_DEFAULT) >= 0;
}

static int move(mt_place_t *source, mt_place_t *target)
{
    char *old    = source->parent.path ? mt_path_join(source->parent.path, source->name) : NULL;
    char *new    = target->parent.path ? mt_path_join(target->parent.path, target->name) : NULL;
    int   result = 0;
    if (old && is_inside(target, old))
        result = mt_fail("unsupported", "Cannot move \"%s\" into itself", old);
    else if (!move_link(source, target))
        result = mt_fail_as("write", "Cannot move \"%s\"", source->name);
    else if (old && new)
        mt_handle_moved(old, new);
    free(old);
    free(new);
    return result;
}

int mt_link_move(int from, const char *path, size_t path_length, const char *to, size_t to_length, unsigned flags)
{
    mt_enter();
    mt_place_t source, target;
    int        result = mt_place_existing(from, path, path_length, &source);
    if (result == 0) {
        result = mt_place_find(from, to, to_length, flags, "link", &target);
        if (result == 0)
            result = move(&source, &target);
        mt_place_leave(&target);
        mt_handle_check_paths();
    }
    mt_place_leave(&source);
    return mt_leave(result);
}

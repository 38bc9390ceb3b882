/*
 * Walks a path component by component, so that a name that does not exist, a dangling link, a wrong kind of object
 * and damage can be told apart, and links are counted across soft and external ones alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

typedef struct {
    hid_t id;    /* where the walk stands */
    int   slot;
    char *path;  /* its path, "/" for a root; null where unknown */
    char *rest;  /* what is left to walk */
    int   links; /* that may still be followed */
    int   max_links;
    hid_t gcpl;     /* groups that are missing are made by it, unless 0 */
    char  via[256]; /* the last link that was followed, for messages; empty: none */
} walk_t;

/* Links in one path where something is made. */
#define MAKE_LINKS 64

/* prefix + "/" + name, without doubling the slash. */
char *mt_path_join(const char *prefix, const char *name)
{
    size_t head = strlen(prefix), tail = strlen(name);
    if (head && prefix[head - 1] == '/')
        head--;
    char *full = malloc(head + tail + 2);
    if (!full)
        return NULL;
    memcpy(full, prefix, head);
    full[head] = '/';
    memcpy(full + head + 1, name, tail + 1);
    return full;
}

static int out_of_memory(void)
{
    return mt_fail("memory", "Cannot follow a path: out of memory");
}

/* Moves to an object; takes id over, and path on success. */
static void stand(walk_t *walk, hid_t id, char *path)
{
    mt_close(walk->id);
    free(walk->path);
    walk->id   = id;
    walk->path = path;
}

static int go_to_root(walk_t *walk)
{
    hid_t file = mt_file_id(walk->slot);
    if (file < 0)
        return -1;
    char *path = strdup("/");
    if (!path)
        return out_of_memory();
    hid_t id = H5Oopen(file, "/", H5P_DEFAULT);
    if (id < 0) {
        free(path);
        return mt_fail_library("Cannot open the root group");
    }
    stand(walk, id, path);
    return 0;
}

/* Puts a link's target in front of what is left to walk. */
static int substitute(walk_t *walk, const char *target)
{
    char *rest = mt_path_join(target, walk->rest);
    if (!rest)
        return out_of_memory();
    free(walk->rest);
    walk->rest = rest;
    return target[0] == '/' ? go_to_root(walk) : 0;
}

static const char *here(const walk_t *walk)
{
    return walk->path ? walk->path : "(group opened by address)";
}

static int count_link(walk_t *walk, const char *name)
{
    if (walk->links-- <= 0)
        return mt_fail("link-depth", "Cannot follow link \"%s\" in \"%s\": more than %d links in one path", name,
                       here(walk), walk->max_links);
    return 0;
}

/* Value of a link: own memory, ends in 0. */
static char *link_value(const walk_t *walk, const char *name, size_t size)
{
    char *value = calloc(1, size + 1);
    if (!value) {
        (void)out_of_memory();
        return NULL;
    }
    if (H5Lget_val(walk->id, name, value, size, H5P_DEFAULT) < 0) {
        (void)mt_fail_library("Cannot read link \"%s\" in \"%s\"", name, here(walk));
        free(value);
        return NULL;
    }
    return value;
}

static int follow_soft(walk_t *walk, const char *name, size_t size)
{
    char *target = link_value(walk, name, size);
    if (!target)
        return -1;
    (void)snprintf(walk->via, sizeof walk->via, " (soft link \"%.100s\" leads to \"%.100s\")", name, target);
    int result = substitute(walk, target);
    free(target);
    return result;
}

static int follow_external(walk_t *walk, const char *name, size_t size)
{
    const char *file = NULL, *object = NULL;
    int         result = -1;
    char       *value  = link_value(walk, name, size);
    if (!value)
        return -1;
    if (H5Lunpack_elink_val(value, size, NULL, &file, &object) < 0) {
        (void)mt_fail_library("Cannot read external link \"%s\" in \"%s\"", name, here(walk));
        goto done;
    }
    (void)snprintf(walk->via, sizeof walk->via, " (external link \"%.80s\" leads to \"%.80s\" in \"%.60s\")", name,
                   object, file);
    int slot = -1;
    if (mt_file_linked(walk->slot, file, name, &slot) < 0) {
        (void)mt_fail("external-file", "Cannot open external file \"%s\" of link \"%s\"", file, name);
        goto done;
    }
    walk->slot = slot;
    if (go_to_root(walk) < 0 || substitute(walk, object) < 0)
        goto done;
    result = 0;
done:
    free(value);
    return result;
}

static int open_hard(walk_t *walk, const char *name)
{
    char *path = walk->path ? mt_path_join(walk->path, name) : NULL;
    if (walk->path && !path)
        return out_of_memory();
    hid_t id = H5Oopen(walk->id, name, H5P_DEFAULT);
    if (id < 0) {
        free(path);
        return mt_fail_library("Cannot open \"%s\" in \"%s\"", name, here(walk));
    }
    stand(walk, id, path);
    return 0;
}

hid_t mt_path_link_list(const char *name)
{
    hid_t lcpl     = H5Pcreate(H5P_LINK_CREATE);
    bool  is_ascii = true;
    for (const char *at = name; *at; at++)
        is_ascii = is_ascii && !(*at & 0x80);
    if (lcpl < 0 || (!is_ascii && H5Pset_char_encoding(lcpl, H5T_CSET_UTF8) < 0)) {
        (void)mt_fail_as("memory", "Cannot set up link \"%s\"", name);
        mt_close(lcpl);
        return H5I_INVALID_HID;
    }
    return lcpl;
}

static int make_group(walk_t *walk, const char *name)
{
    char *path = walk->path ? mt_path_join(walk->path, name) : NULL;
    hid_t lcpl = mt_path_link_list(name);
    hid_t id   = H5I_INVALID_HID;
    if (walk->path && !path)
        (void)out_of_memory();
    else if (lcpl >= 0 && mt_file_check_write(walk->slot, "make a group") == 0) {
        id = H5Gcreate2(walk->id, name, lcpl, walk->gcpl, H5P_DEFAULT);
        if (id < 0)
            (void)mt_fail_as("write", "Cannot make group \"%s\" in \"%s\"", name, here(walk));
    }
    mt_close(lcpl);
    if (id < 0) {
        free(path);
        return -1;
    }
    stand(walk, id, path);
    return 0;
}

static int no_such_link(walk_t *walk, const char *name)
{
    htri_t exists = H5Lexists(walk->id, name, H5P_DEFAULT);
    if (exists == 0 && walk->gcpl)
        return make_group(walk, name);
    if (exists == 0)
        return mt_fail("not-found", "No object \"%s\" in group \"%s\"%s", name, here(walk), walk->via);
    return mt_fail_library("Cannot look up \"%s\" in group \"%s\"", name, here(walk));
}

static int step(walk_t *walk, const char *name)
{
    H5L_info2_t info;
    H5I_type_t  kind = H5Iget_type(walk->id);
    if (kind != H5I_GROUP)
        return mt_fail("wrong-kind", "Cannot look for \"%s\" in \"%s\": it is a %s, not a group%s", name, here(walk),
                       kind == H5I_DATASET ? "dataset" : "committed type", walk->via);
    if (H5Lget_info2(walk->id, name, &info, H5P_DEFAULT) < 0)
        return no_such_link(walk, name);
    switch (info.type) {
        case H5L_TYPE_HARD:
            return open_hard(walk, name);
        case H5L_TYPE_SOFT:
            return count_link(walk, name) < 0 ? -1 : follow_soft(walk, name, info.u.val_size);
        case H5L_TYPE_EXTERNAL:
            return count_link(walk, name) < 0 ? -1 : follow_external(walk, name, info.u.val_size);
        case H5L_TYPE_ERROR:
        case H5L_TYPE_MAX:
        default:
            return mt_fail("unsupported", "Cannot follow link \"%s\" in \"%s\": user-defined link of class %d", name,
                           here(walk), (int)info.type);
    }
}

/* Takes the next component off the rest: own memory; null at the end (*failed false) or out of memory. */
static char *next_component(walk_t *walk, bool *failed)
{
    const char *at = walk->rest;
    for (;;) {
        while (*at == '/')
            at++;
        /* "." is the group itself; ".." is a name like any other in HDF5. */
        if (at[0] == '.' && (at[1] == '/' || !at[1]))
            at++;
        else
            break;
    }
    size_t length = strcspn(at, "/");
    *failed       = false;
    if (!length)
        return NULL;
    char *name = strndup(at, length);
    if (!name) {
        *failed = true;
        (void)out_of_memory();
        return NULL;
    }
    memmove(walk->rest, at + length, strlen(at + length) + 1);
    return name;
}

static int begin(walk_t *walk, const mt_handle_t *from, const char *path, size_t length)
{
    walk->slot = from->slot;
    walk->rest = strndup(path, length);
    if (!walk->rest)
        return out_of_memory();
    if (length && path[0] == '/')
        return go_to_root(walk);
    if (H5Iinc_ref(from->id) < 0)
        return mt_fail_library("Cannot start from \"%s\"", mt_handle_name(from));
    walk->id = from->id;
    if (from->path && !(walk->path = strdup(from->path)))
        return out_of_memory();
    return 0;
}

static int walk_path(const mt_handle_t *from, const char *path, size_t length, int max_links, hid_t gcpl,
                     mt_found_t *found)
{
    walk_t walk;
    bool   failed = false;
    char  *name   = NULL;
    memset(&walk, 0, sizeof walk);
    walk.id        = H5I_INVALID_HID;
    walk.links     = max_links;
    walk.max_links = max_links;
    walk.gcpl      = gcpl;
    if (length && memchr(path, 0, length))
        return mt_fail("not-found", "No object has a name with a zero byte");
    int result = begin(&walk, from, path, length);
    while (result == 0 && (name = next_component(&walk, &failed))) {
        result = step(&walk, name);
        free(name);
    }
    free(walk.rest);
    if (result < 0 || failed || !mt_clean()) {
        mt_close(walk.id);
        free(walk.path);
        return -1;
    }
    found->id   = walk.id;
    found->slot = walk.slot;
    found->path = walk.path;
    return 0;
}

int mt_path_walk(const mt_handle_t *from, const char *path, size_t length, int max_links, mt_found_t *found)
{
    return walk_path(from, path, length, max_links, 0, found);
}

int mt_path_make(const mt_handle_t *from, const char *path, size_t length, hid_t gcpl, mt_found_t *found)
{
    return walk_path(from, path, length, MAKE_LINKS, gcpl, found);
}

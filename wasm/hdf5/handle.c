/*
 * Small numbers for open objects. A handle remembers where its object lies; its id may be closed behind the host's
 * back (too many open ids, or a failed read left something cached) and is opened again when it is needed.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static struct {
    mt_handle_t *entries;
    int          count;
    unsigned     tick;
} handles;

void mt_dataset_free(mt_dataset_t *dataset)
{
    if (!dataset)
        return;
    for (int i = 0; i < dataset->filter_count; i++)
        free(dataset->filters[i].values);
    free(dataset->filters);
    free(dataset);
}

static int free_entry(void)
{
    for (int i = 1; i < handles.count; i++)
        if (!handles.entries[i].kind)
            return i;
    int          grown   = handles.count ? handles.count * 2 : 32;
    mt_handle_t *entries = realloc(handles.entries, (size_t)grown * sizeof *entries);
    if (!entries)
        return mt_fail("memory", "Cannot open an object: out of memory");
    memset(entries + handles.count, 0, (size_t)(grown - handles.count) * sizeof *entries);
    int result       = handles.count ? handles.count : 1;
    handles.entries  = entries;
    handles.count    = grown;
    return result;
}

static void close_id(mt_handle_t *handle)
{
    mt_close(handle->id);
    handle->id = H5I_INVALID_HID;
}

/* Keeps the number of open ids bounded: closes one where there are too many. */
static bool close_oldest(void)
{
    mt_handle_t *oldest = NULL;
    int          open   = 0;
    for (int i = 0; i < handles.count; i++) {
        mt_handle_t *handle = &handles.entries[i];
        if (!handle->kind || handle->id < 0)
            continue;
        open++;
        if (!oldest || handle->tick < oldest->tick)
            oldest = handle;
    }
    if (open <= MT_OPEN_IDS || !oldest)
        return false;
    close_id(oldest);
    return true;
}

static void fill(mt_handle_t *handle, mt_kind_t kind, int slot, haddr_t address, hid_t id, char *path,
                 mt_dataset_t *dataset)
{
    handle->kind    = kind;
    handle->slot    = slot;
    handle->address = address;
    handle->id      = id;
    handle->tick    = ++handles.tick;
    handle->path    = path;
    handle->dataset = dataset;
    handle->deleted = false;
}

static void release(mt_handle_t *handle)
{
    if (!handle->kind)
        return;
    close_id(handle);
    free(handle->path);
    mt_dataset_free(handle->dataset);
    memset(handle, 0, sizeof *handle);
}

int mt_handle_take(int number, mt_kind_t kind, int slot, haddr_t address, hid_t id, char *path, mt_dataset_t *dataset)
{
    if (number)
        release(&handles.entries[number]);
    else
        number = free_entry();
    if (number < 0)
        return -1;
    fill(&handles.entries[number], kind, slot, address, id, path, dataset);
    (void)close_oldest();
    return number;
}

int mt_handle_root(haddr_t address)
{
    char *path = strdup("/");
    if (!path || free_entry() < 0) {
        free(path);
        return mt_fail("memory", "Cannot open the root group: out of memory");
    }
    fill(&handles.entries[0], MT_GROUP, 0, address, H5I_INVALID_HID, path, NULL);
    return 0;
}

static int reopen(mt_handle_t *handle)
{
    H5O_token_t token;
    hid_t       file = mt_file_id(handle->slot);
    if (file < 0)
        return -1;
    if (H5VLnative_addr_to_token(file, handle->address, &token) < 0)
        return mt_fail_library("Cannot open \"%s\" again", mt_handle_name(handle));
    handle->id = H5Oopen_by_token(file, token);
    return handle->id < 0 ? mt_fail_library("Cannot open \"%s\" again", mt_handle_name(handle)) : 0;
}

mt_handle_t *mt_handle_peek(int number)
{
    if (number < 0 || number >= handles.count || !handles.entries[number].kind) {
        (void)mt_fail("not-found", "No open object has handle %d", number);
        return NULL;
    }
    if (handles.entries[number].deleted) {
        (void)mt_fail("not-found", "\"%s\" was deleted", mt_handle_name(&handles.entries[number]));
        return NULL;
    }
    return &handles.entries[number];
}

mt_handle_t *mt_handle_get(int number)
{
    mt_handle_t *handle = mt_handle_peek(number);
    if (!handle)
        return NULL;
    handle->tick = ++handles.tick;
    if (handle->id < 0) {
        if (reopen(handle) < 0)
            return NULL;
        (void)close_oldest();
    }
    return handle;
}

mt_handle_t *mt_handle_dataset(int number, const char *action)
{
    mt_handle_t *handle = mt_handle_peek(number);
    if (handle && handle->kind != MT_DATASET) {
        (void)mt_fail("wrong-kind", "Cannot %s \"%s\": it is not a dataset", action, mt_handle_name(handle));
        return NULL;
    }
    return handle;
}

const char *mt_handle_name(const mt_handle_t *handle)
{
    return handle->path ? handle->path : "(object opened by address)";
}

const char *mt_handle_known(int slot, haddr_t address)
{
    for (int i = 0; i < handles.count; i++) {
        const mt_handle_t *handle = &handles.entries[i];
        if (handle->kind && !handle->deleted && handle->path && handle->slot == slot && handle->address == address)
            return handle->path;
    }
    return NULL;
}

void mt_handle_cool(const mt_handle_t *keep)
{
    for (int i = 0; i < handles.count; i++)
        if (handles.entries[i].kind == MT_DATASET && &handles.entries[i] != keep)
            close_id(&handles.entries[i]);
}

void mt_handle_cool_past(int kept)
{
    for (;;) {
        mt_handle_t *oldest = NULL;
        int          open   = 0;
        for (int i = 0; i < handles.count; i++) {
            mt_handle_t *handle = &handles.entries[i];
            if (handle->kind != MT_DATASET || handle->id < 0)
                continue;
            open++;
            if (!oldest || handle->tick < oldest->tick)
                oldest = handle;
        }
        if (open <= kept)
            return;
        close_id(oldest);
    }
}

void mt_handle_resized(const mt_handle_t *handle, const hsize_t *dims)
{
    for (int i = 0; i < handles.count; i++) {
        mt_handle_t *other = &handles.entries[i];
        if (other->kind == MT_DATASET && other->slot == handle->slot && other->address == handle->address)
            memcpy(other->dataset->dims, dims, (size_t)other->dataset->rank * sizeof *dims);
    }
}

static bool can_change(const mt_handle_t *handle)
{
    return handle->kind && handle->slot == 0 && !handle->deleted;
}

void mt_handle_wake(void)
{
    for (int i = 0; i < handles.count; i++)
        if (can_change(&handles.entries[i]) && handles.entries[i].id < 0)
            (void)reopen(&handles.entries[i]);
}

/* Marks what has no link left and closes it: only then does the library delete it, and what it was the last to hold. */
static bool bury(mt_handle_t *handle)
{
    H5O_info2_t info;
    if (!can_change(handle) ||
        (handle->id >= 0 && H5Oget_info3(handle->id, &info, H5O_INFO_BASIC) >= 0 && info.rc > 0))
        return false;
    close_id(handle);
    handle->deleted = true;
    return true;
}

static bool leads_to(const char *path, haddr_t address)
{
    /* Whatever it leads through is no matter of this call's. */
    mt_note_t   note  = mt_note;
    haddr_t     there = HADDR_UNDEF;
    H5O_info2_t info;
    hid_t       file  = mt_file_id(0);
    bool        found = file >= 0 && H5Oget_info_by_name3(file, path, &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
                 H5VLnative_token_to_addr(file, info.token, &there) >= 0;
    mt_note = note;
    return found && there == address;
}

void mt_handle_bury(void)
{
    bool again = true;
    while (again) {
        again = false;
        for (int i = 0; i < handles.count; i++)
            again = bury(&handles.entries[i]) || again;
    }
    while (close_oldest())
        ;
    mt_handle_check_paths();
}

void mt_handle_check_paths(void)
{
    for (int i = 0; i < handles.count; i++) {
        mt_handle_t *handle = &handles.entries[i];
        if (!can_change(handle) || !handle->path || leads_to(handle->path, handle->address))
            continue;
        free(handle->path);
        handle->path = NULL;
    }
}

void mt_handle_moved(const char *from, const char *to)
{
    size_t length = strlen(from);
    for (int i = 0; i < handles.count; i++) {
        mt_handle_t *handle = &handles.entries[i];
        if (!can_change(handle) || !handle->path || strncmp(handle->path, from, length) != 0 ||
            (handle->path[length] && handle->path[length] != '/'))
            continue;
        char *rest = handle->path[length] ? mt_path_join(to, handle->path + length + 1) : strdup(to);
        free(handle->path);
        handle->path = rest;
    }
}

void mt_handle_close_all(void)
{
    for (int i = 0; i < handles.count; i++)
        release(&handles.entries[i]);
    free(handles.entries);
    memset(&handles, 0, sizeof handles);
}

int mt_object_close(int number)
{
    mt_enter();
    /* The root's handle stays as long as the file. */
    if (number > 0 && number < handles.count)
        release(&handles.entries[number]);
    return mt_leave(0);
}

/* Open files by slot: the main one, and those that external links lead to. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static struct {
    bool     open;
    hid_t    id;
    char    *name;
    size_t   address_size;
    uint64_t base;
} files[MT_FILES];

hid_t mt_file_id(int slot)
{
    if (slot < 0 || slot >= MT_FILES || !files[slot].open)
        return mt_fail("not-found", "No open file in slot %d", slot);
    return files[slot].id;
}

size_t mt_file_address_size(int slot)
{
    return files[slot].address_size;
}

uint64_t mt_file_base(int slot)
{
    return files[slot].base;
}

const char *mt_file_short_name(const char *name)
{
    const char *main   = files[0].open ? files[0].name : "";
    const char *slash  = strrchr(main, '/');
    size_t      folder = slash ? (size_t)(slash - main) + 1 : 0;
    return strncmp(name, main, folder) == 0 ? name + folder : name;
}

/* What the superblock says: size of addresses, user block. */
static int inspect(hid_t file, size_t *address_size, hsize_t *user_block)
{
    hid_t  fcpl        = H5Fget_create_plist(file);
    size_t length_size = 0;
    int    result      = 0;
    if (fcpl < 0 || H5Pget_sizes(fcpl, address_size, &length_size) < 0 || H5Pget_userblock(fcpl, user_block) < 0)
        result = mt_fail_library("Cannot read the superblock");
    mt_close(fcpl);
    return result;
}

static void keep(int slot, hid_t file, char *name, size_t address_size, uint64_t base)
{
    files[slot].open         = true;
    files[slot].id           = file;
    files[slot].name         = name;
    files[slot].address_size = address_size;
    files[slot].base         = base;
}

/* How a file is opened. */
typedef enum { READ, CHANGE, CREATE } mt_mode_t;

/* A property of the library's own, which its tool h5clear sets: a file may be shorter than its superblock says. */
static int allow_short(hid_t fapl)
{
    hbool_t skip = true;
    if (H5Pset(fapl, "skip_eof_check", &skip) < 0)
        return mt_fail_as("memory", "Cannot open the file");
    return 0;
}

void mt_file_follow(int on)
{
    mt_driver_follow(on != 0);
}

static hid_t open_as(const char *name, mt_mode_t mode, hid_t fcpl, hid_t fapl)
{
    if (mode == READ && mt_driver_follows() && allow_short(fapl) < 0)
        return H5I_INVALID_HID;
    if (mode == CREATE)
        return H5Fcreate(name, H5F_ACC_TRUNC, fcpl, fapl);
    return H5Fopen(name, mode == CHANGE ? H5F_ACC_RDWR : H5F_ACC_RDONLY, fapl);
}

/* Opens a file by name and keeps it under its slot: the slot, or -1. */
static int open_file(const char *name, const char *what, mt_mode_t mode, hid_t fcpl)
{
    size_t  address_size = 0;
    hsize_t user_block   = 0;
    int     slot         = -1;
    char   *copy         = strdup(name);
    hid_t   file         = H5I_INVALID_HID;
    hid_t   fapl         = mt_driver_fapl();
    if (!copy) {
        (void)mt_fail("memory", "Cannot open %s: out of memory", what);
        goto done;
    }
    if (fapl < 0)
        goto done;
    file = open_as(name, mode, fcpl, fapl);
    if (file < 0) {
        (void)mt_fail_library("Cannot %s %s", mode == CREATE ? "create" : "open", what);
        goto done;
    }
    slot = mt_driver_slot(file);
    if (slot < 0 || inspect(file, &address_size, &user_block) < 0) {
        slot = -1;
        goto done;
    }
    if (slot >= MT_FILES) {
        slot = mt_fail("limit", "Cannot open %s: more than %d files", what, MT_FILES);
        goto done;
    }
    if (!mt_clean()) {
        slot = -1;
        goto done;
    }
    if (!files[slot].open) {
        keep(slot, file, copy, address_size, user_block);
        file = H5I_INVALID_HID;
        copy = NULL;
    }
done:
    mt_close(file);
    mt_close(fapl);
    free(copy);
    return slot;
}

int mt_file_of(hid_t object)
{
    size_t  address_size = 0;
    hsize_t user_block   = 0;
    hid_t   file         = H5Iget_file_id(object);
    int     slot         = file < 0 ? mt_fail_library("Cannot tell an object's file") : mt_driver_slot(file);
    if (slot >= MT_FILES)
        slot = mt_fail("limit", "Cannot follow a reference: more than %d files", MT_FILES);
    if (slot >= 0 && !files[slot].open) {
        ssize_t length = H5Fget_name(file, NULL, 0);
        char   *name   = length < 0 ? NULL : malloc((size_t)length + 1);
        if (!name || H5Fget_name(file, name, (size_t)length + 1) < 0 || inspect(file, &address_size, &user_block) < 0) {
            slot = mt_fail_library("Cannot tell an object's file");
            free(name);
        }
        else {
            keep(slot, file, name, address_size, user_block);
            file = H5I_INVALID_HID;
        }
    }
    mt_close(file);
    return slot;
}

/* Folder of a name with its slash, in front of another name: own memory. */
static char *beside(const char *folder_of, const char *name)
{
    const char *slash  = strrchr(folder_of, '/');
    size_t      folder = slash ? (size_t)(slash - folder_of) + 1 : 0;
    size_t      length = strlen(name);
    char       *full   = malloc(folder + length + 1);
    if (!full)
        return NULL;
    memcpy(full, folder_of, folder);
    memcpy(full + folder, name, length + 1);
    return full;
}

/* Tries the names that libhdf5 would try for a link's file, in its order. */
hid_t mt_file_linked(int from, const char *name, const char *link, int *slot)
{
    const char *slash = strrchr(name, '/');
    const char *last  = name[0] == '/' && slash ? slash + 1 : name;
    char       *near  = beside(files[from].name, last);
    char        what[512];
    if (!near)
        return mt_fail("memory", "Cannot follow link \"%s\": out of memory", link);
    (void)snprintf(what, sizeof what, "external file \"%.160s\" that link \"%.160s\" leads to", name, link);
    const char *candidates[2] = {name[0] == '/' ? name : near, name[0] == '/' ? near : name};
    hid_t       result        = H5I_INVALID_HID;
    for (int i = 0; i < 2; i++) {
        mt_note.absent_file[0] = 0;
        /* Asked here first: absence then leads on to the next candidate instead of being a failure. */
        *slot = mt_driver_open_slot(candidates[i]);
        if (mt_note.missing)
            break;
        if (*slot < 0)
            continue;
        *slot = open_file(candidates[i], what, READ, H5P_DEFAULT);
        if (*slot >= 0)
            result = files[*slot].id;
        break;
    }
    if (mt_note.absent_file[0] && result < 0)
        (void)snprintf(mt_note.absent_file, sizeof mt_note.absent_file, "%s", name);
    free(near);
    return result;
}

static int page_size(hid_t file, hsize_t *page)
{
    H5F_fspace_strategy_t strategy  = H5F_FSPACE_STRATEGY_NONE;
    hbool_t               persist   = false;
    hsize_t               threshold = 0;
    hid_t                 fcpl      = H5Fget_create_plist(file);
    int                   result    = -1;
    *page                           = 0;
    if (fcpl >= 0 && H5Pget_file_space_strategy(fcpl, &strategy, &persist, &threshold) >= 0 &&
        (strategy != H5F_FSPACE_STRATEGY_PAGE || H5Pget_file_space_page_size(fcpl, page) >= 0))
        result = 0;
    if (result < 0)
        (void)mt_fail_library("Cannot read how the file's space is managed");
    mt_close(fcpl);
    return result;
}

/* H5Fget_info2 would tell as well, but reads the free-space managers for it. */
static int superblock_version(hid_t file, unsigned *version)
{
    unsigned free_list = 0, symbol_table = 0, shared_header = 0;
    hid_t    fcpl   = H5Fget_create_plist(file);
    int      result = 0;
    if (fcpl < 0 || H5Pget_version(fcpl, version, &free_list, &symbol_table, &shared_header) < 0)
        result = mt_fail_library("Cannot read the superblock");
    mt_close(fcpl);
    return result;
}

static int describe(hid_t file)
{
    hsize_t  page    = 0;
    unsigned version = 0;
    if (superblock_version(file, &version) < 0 || page_size(file, &page) < 0)
        return -1;
    mt_out_text("{\"superblock\":");
    mt_out_unsigned(version);
    mt_out_text(",\"userblock\":");
    mt_out_unsigned(files[0].base);
    mt_out_text(",\"pageSize\":");
    mt_out_unsigned(page);
    mt_out_text(",\"size\":");
    mt_out_unsigned((uint64_t)mt_host_size(0));
    mt_out_text("}");
    return 0;
}

static int root_handle(hid_t file)
{
    H5O_info2_t info;
    haddr_t     address = HADDR_UNDEF;
    if (H5Oget_info3(file, &info, H5O_INFO_BASIC) < 0 || H5VLnative_token_to_addr(file, info.token, &address) < 0)
        return mt_fail_library("Cannot open the root group");
    return mt_handle_root(address);
}

static void close_files(void)
{
    for (int i = 0; i < MT_FILES; i++) {
        if (!files[i].open)
            continue;
        mt_close(files[i].id);
        free(files[i].name);
        files[i].open = false;
    }
}

static int open_main(const char *name, size_t name_length, mt_mode_t mode, hid_t fcpl)
{
    if (files[0].open)
        return mt_fail("unsupported", "Cannot open a second main file: one instance per file");
    char *copy = strndup(name, name_length);
    if (!copy)
        return mt_fail("memory", "Cannot open the file: out of memory");
    int result = open_file(copy, "the file", mode, fcpl);
    free(copy);
    if (result > 0)
        result = mt_fail("corrupt", "The host gave slot %d for the main file, expected 0", result);
    if (result == 0 && (describe(files[0].id) < 0 || root_handle(files[0].id) < 0))
        result = -1;
    if (result < 0 || !mt_clean() || mt_driver_broken(&(uint64_t){0}, &(size_t){0})) {
        mt_handle_close_all();
        close_files();
        return -1;
    }
    return 0;
}

int mt_file_open(const char *name, size_t name_length)
{
    mt_enter();
    return mt_leave(open_main(name, name_length, READ, H5P_DEFAULT));
}

int mt_file_join(const char *name, size_t name_length)
{
    mt_enter();
    char *copy   = strndup(name, name_length);
    int   result = copy ? open_file(copy, "an external file", READ, H5P_DEFAULT)
                        : mt_fail("memory", "Cannot open an external file: out of memory");
    free(copy);
    return mt_leave(result);
}

/* ---- Writing ---- */

static bool tracks_order, has_freed;

bool mt_file_tracks_order(void)
{
    return tracks_order;
}

void mt_file_note_freed(void)
{
    has_freed = true;
}

bool mt_file_has_freed(void)
{
    return has_freed;
}

int mt_file_check_write(int slot, const char *action)
{
    if (!mt_driver_writes())
        return mt_fail("unsupported", "Cannot %s: the file was opened for reading", action);
    if (slot != 0)
        return mt_fail("unsupported", "Cannot %s: the object lies in another file, \"%s\"", action,
                       mt_file_short_name(files[slot].name));
    return 0;
}

static hid_t creation_list(unsigned flags, double user_block)
{
    hid_t    fcpl;
    uint64_t size     = user_block >= 512 && user_block <= 4503599627370496.0 ? (uint64_t)user_block : 0;
    bool     is_power = size && (double)size == user_block && (size & (size - 1)) == 0;
    if (user_block != 0 && !is_power)
        return mt_fail("shape",
                       "Cannot create the file: a user block has 0 bytes or a power of two from 512 on, not %.0f",
                       user_block);
    fcpl = H5Pcreate(H5P_FILE_CREATE);
    if (fcpl < 0 || H5Pset_userblock(fcpl, (hsize_t)user_block) < 0 ||
        mt_make_list(fcpl, true, (flags & MT_CREATE_TRACK_ORDER) != 0, false) < 0) {
        (void)mt_fail_as("memory", "Cannot create the file");
        mt_close(fcpl);
        return H5I_INVALID_HID;
    }
    return fcpl;
}

static int open_writing(const char *name, size_t name_length, unsigned flags, mt_mode_t mode, hid_t fcpl)
{
    if (files[0].open)
        return mt_fail("unsupported", "Cannot open a second main file: one instance per file");
    mt_driver_write(true, (flags & MT_CREATE_LATEST) != 0);
    tracks_order = (flags & MT_CREATE_TRACK_ORDER) != 0;
    has_freed    = mode == CHANGE;
    return open_main(name, name_length, mode, fcpl);
}

/* Without a file there is nothing to be broken. */
static int leave_opening(int result)
{
    int status = mt_leave(result);
    if (!files[0].open)
        mt_driver_write(false, false);
    return status;
}

int mt_file_create(const char *name, size_t name_length, unsigned flags, double user_block)
{
    mt_enter();
    hid_t fcpl   = creation_list(flags, user_block);
    int   result = fcpl < 0 ? -1 : open_writing(name, name_length, flags, CREATE, fcpl);
    mt_close(fcpl);
    return leave_opening(result);
}

int mt_file_change(const char *name, size_t name_length, unsigned flags)
{
    mt_enter();
    /* The library would make a new file of it. */
    if (!files[0].open && mt_host_size(0) == 0)
        return leave_opening(mt_fail("not-hdf5", "Cannot open the file: it is empty"));
    return leave_opening(open_writing(name, name_length, flags, CHANGE, H5P_DEFAULT));
}

static int flush(void)
{
    if (H5Fflush(files[0].id, H5F_SCOPE_GLOBAL) < 0)
        return mt_fail_as("write", "Cannot write out the file");
    return 0;
}

int mt_file_flush(void)
{
    mt_enter();
    if (mt_file_id(0) < 0 || mt_file_check_write(0, "write out the file") < 0)
        return mt_leave(-1);
    return mt_leave(flush());
}

int mt_file_close(void)
{
    mt_enter();
    bool written = mt_driver_writes() && files[0].open;
    int  result  = 0;
    mt_value_release();
    mt_types_release();
    mt_handle_close_all();
    if (written)
        result = flush();
    close_files();
    if (written && mt_driver_is_open())
        result = mt_fail("write", "Cannot close the file: something in it is still open");
    int status = mt_leave(result);
    mt_driver_write(false, false);
    return status;
}

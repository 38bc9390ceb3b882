/*
 * The file driver. It never waits: what the host lacks is noted (mt_note) and the read fails, or reads as zeros where
 * a whole H5Dread is being tried out. Reading sets no feature flag: the page cache is the host's, so a metadata
 * accumulator or a sieve buffer would only read more than is needed. Writing sets those of the library's own driver for
 * local files, so that space is handed out alike.
 *
 * A write that the host refuses is no failure to the library, whose cache would be left half flushed: from then on
 * writes go nowhere, reads fail, and every entry point says that writing failed (mt_leave).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

typedef struct {
    H5FD_t  base; /* first: the library sees this */
    int     slot;
    bool    writable;
    bool    follows;
    haddr_t eof;
    haddr_t eoa;
} file_t;

static struct {
    bool     on;     /* slot 0 is being written */
    bool     latest; /* in the newest format */
    bool     broken; /* the host refused a write: */
    uint64_t address;
    size_t   size;
    bool     open;   /* the library holds slot 0 open */
} writing;

/* A file is read as far as it goes, whatever its superblock says of its end. */
static bool follows;

void mt_driver_follow(bool on)
{
    follows = on;
}

bool mt_driver_follows(void)
{
    return follows;
}

/* Addresses cross the border as doubles. */
#define MAX_ADDRESS (((haddr_t)1 << 53) - 1)

static hid_t driver_id = H5I_INVALID_HID;

static const char *last_component(const char *name)
{
    const char *slash = strrchr(name, '/');
    return slash ? slash + 1 : name;
}

int mt_driver_open_slot(const char *name)
{
    /* libhdf5 tries one name in several folders: ask the host no more once it has said that it lacks the file. */
    if (mt_note.missing_file[0] && strcmp(mt_note.missing_file, last_component(name)) == 0)
        return -1;
    int slot = mt_host_open(name, strlen(name));
    if (slot == MT_ABSENT) {
        if (!mt_note.absent_file[0])
            (void)snprintf(mt_note.absent_file, sizeof mt_note.absent_file, "%s", name);
        return -1;
    }
    if (slot < 0) {
        mt_note.missing = true;
        (void)snprintf(mt_note.missing_file, sizeof mt_note.missing_file, "%s", last_component(name));
        return -1;
    }
    /* Found in this folder after all. */
    if (mt_note.absent_file[0] && strcmp(last_component(mt_note.absent_file), last_component(name)) == 0)
        mt_note.absent_file[0] = 0;
    return slot;
}

int mt_driver_read(int slot, int type, uint64_t address, size_t size, void *buffer)
{
    if (type == H5FD_MEM_DRAW && mt_note.record_raw) {
        mt_note.recorded       = true;
        mt_note.record_address = address;
        mt_note.record_size    = size;
        return 0;
    }
    int answer = size ? mt_host_read(slot, type, (double)address, size, buffer) : 0;
    if (answer == 0)
        return 0;
    if (answer != MT_MISSING) {
        mt_note.beyond         = true;
        mt_note.beyond_address = (double)address;
        return -1;
    }
    mt_note.missing = true;
    if (type != H5FD_MEM_DRAW || !mt_note.zero_raw)
        return -1;
    memset(buffer, 0, size);
    return 0;
}

static void truncate_host(haddr_t size)
{
    if (writing.broken || mt_host_truncate(0, (double)size) == 0)
        return;
    writing.broken  = true;
    writing.address = size;
    writing.size    = 0;
}

static H5FD_t *driver_open(const char *name, unsigned flags, hid_t fapl, haddr_t max_address)
{
    (void)fapl;
    (void)max_address;
    if ((flags & H5F_ACC_RDWR) && !writing.on)
        return NULL;
    int slot = mt_driver_open_slot(name);
    if (slot < 0)
        return NULL;
    bool writable = (flags & H5F_ACC_RDWR) && slot == 0;
    if (writable && (flags & H5F_ACC_TRUNC))
        truncate_host(0);
    double size = mt_host_size(slot);
    if (!(size >= 0 && size <= (double)MAX_ADDRESS))
        return NULL;
    file_t *file = calloc(1, sizeof *file);
    if (!file)
        return NULL;
    file->slot     = slot;
    file->eof      = (haddr_t)size;
    file->writable = writable;
    file->follows  = follows && !writable;
    writing.open   = writing.open || writable;
    return &file->base;
}

static herr_t driver_close(H5FD_t *file)
{
    if (((file_t *)file)->writable)
        writing.open = false;
    free(file);
    return 0;
}

static int driver_compare(const H5FD_t *a, const H5FD_t *b)
{
    int left = ((const file_t *)a)->slot, right = ((const file_t *)b)->slot;
    return (left > right) - (left < right);
}

static herr_t driver_query(const H5FD_t *file, unsigned long *flags)
{
    bool writable = file ? ((const file_t *)file)->writable : writing.on;
    if (flags)
        *flags = writable ? H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
                                H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DEFAULT_VFD_COMPATIBLE
                          : 0;
    return 0;
}

static haddr_t driver_get_eoa(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const file_t *)file)->eoa;
}

static herr_t driver_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t address)
{
    (void)type;
    file_t *own = (file_t *)file;
    own->eoa    = own->follows && own->eof > address ? own->eof : address;
    return 0;
}

static haddr_t driver_get_eof(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const file_t *)file)->eof;
}

static herr_t driver_handle(H5FD_t *file, hid_t fapl, void **handle)
{
    (void)fapl;
    *handle = file;
    return 0;
}

/* Of a file that is being written, what lies past its end and was handed out already reads as zeros. */
static herr_t read_written(const file_t *file, int type, haddr_t address, size_t size, void *buffer)
{
    size_t there = address >= file->eof ? 0 : file->eof - address < size ? (size_t)(file->eof - address) : size;
    memset((char *)buffer + there, 0, size - there);
    if (!there)
        return 0;
    return writing.broken ? -1 : mt_driver_read(file->slot, type, address, there, buffer);
}

static herr_t driver_read(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size, void *buffer)
{
    const file_t *file = (const file_t *)base;
    (void)dxpl;
    if (file->writable && !(type == H5FD_MEM_DRAW && mt_note.record_raw))
        return read_written(file, (int)type, address, size, buffer);
    return mt_driver_read(file->slot, (int)type, address, size, buffer);
}

/* Another file is opened for writing only as a source of a virtual dataset, and all that is written there is the mark
 * that it is in use: it goes nowhere. */
static herr_t driver_write(H5FD_t *base, H5FD_mem_t type, hid_t dxpl, haddr_t address, size_t size, const void *buffer)
{
    file_t *file = (file_t *)base;
    (void)dxpl;
    if (!file->writable || !size)
        return 0;
    if (!writing.broken && mt_host_write(file->slot, (int)type, (double)address, size, buffer) != 0) {
        writing.broken  = true;
        writing.address = address;
        writing.size    = size;
    }
    if (address + size > file->eof)
        file->eof = address + size;
    return 0;
}

static herr_t driver_truncate(H5FD_t *base, hid_t dxpl, hbool_t closing)
{
    file_t *file = (file_t *)base;
    (void)dxpl;
    (void)closing;
    if (!file->writable || file->eoa == file->eof)
        return 0;
    truncate_host(file->eoa);
    file->eof = file->eoa;
    return 0;
}

static const H5FD_class_t driver_class = {
    .version    = H5FD_CLASS_VERSION,
    .value      = (H5FD_class_value_t)600, /* 512 to 65535: for use outside the library */
    .name       = "microtome",
    .maxaddr    = MAX_ADDRESS,
    .fc_degree  = H5F_CLOSE_WEAK,
    .open       = driver_open,
    .close      = driver_close,
    .cmp        = driver_compare,
    .query      = driver_query,
    .get_eoa    = driver_get_eoa,
    .set_eoa    = driver_set_eoa,
    .get_eof    = driver_get_eof,
    .get_handle = driver_handle,
    .read       = driver_read,
    .write      = driver_write,
    .truncate   = driver_truncate,
    .fl_map     = H5FD_FLMAP_DICHOTOMY,
};

int mt_driver_start(void)
{
    if (driver_id > 0)
        return 0;
    driver_id = H5FDregister(&driver_class);
    return driver_id < 0 ? mt_fail_library("Cannot register the file driver") : 0;
}

int mt_driver_slot(hid_t file)
{
    void *handle = NULL;
    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &handle) < 0 || !handle)
        return mt_fail_library("Cannot tell a file's slot");
    return ((const file_t *)handle)->slot;
}

/* A file left open by a crashed writer still reads; its flags only guard against writers beside this reader. */
static herr_t ignore_status_flags(hid_t fapl)
{
    static const char name[] = "clear_status_flags";
    htri_t            exists = H5Pexist(fapl, name);
    if (exists <= 0)
        return exists;
    bool clear = true;
    return H5Pset(fapl, name, &clear);
}

void mt_driver_write(bool on, bool latest)
{
    memset(&writing, 0, sizeof writing);
    writing.on     = on;
    writing.latest = latest;
}

bool mt_driver_writes(void)
{
    return writing.on;
}

bool mt_driver_is_open(void)
{
    return writing.open;
}

bool mt_driver_broken(uint64_t *address, size_t *size)
{
    *address = writing.address;
    *size    = writing.size;
    return writing.broken;
}

hid_t mt_driver_fapl(void)
{
    hid_t         fapl = H5Pcreate(H5P_FILE_ACCESS);
    /* Not the newest that the library has: libraries before HDF5 2.0 can't read what it adds. */
    H5F_libver_t  low  = writing.latest ? H5F_LIBVER_V114 : H5F_LIBVER_EARLIEST;
    H5F_libver_t  high = writing.on ? H5F_LIBVER_V114 : H5F_LIBVER_LATEST;
    /* Reading: few slots, since a thousand open datasets must cost little. A chunk that is being read is decoded once
     * whatever they are; the cache serves reads that follow each other. Writing: enough of them that the chunks which
     * one row of a dataset touches don't put each other out half filled. */
    size_t        slots = writing.on ? 1009 : 31;
    if (fapl < 0)
        return mt_fail_library("Cannot set up file access");
    if (H5Pset_driver(fapl, driver_id, NULL) < 0 || H5Pset_fclose_degree(fapl, H5F_CLOSE_WEAK) < 0 ||
        H5Pset_libver_bounds(fapl, low, high) < 0 || H5Pset_file_locking(fapl, false, true) < 0 ||
        H5Pset_cache(fapl, 0, slots, (size_t)8 << 20, 0.75) < 0 || ignore_status_flags(fapl) < 0) {
        (void)mt_fail_library("Cannot set up file access");
        mt_close(fapl);
        return H5I_INVALID_HID;
    }
    return fapl;
}

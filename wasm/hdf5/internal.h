/*
 * What the files of this module share. The host sees microtome.h alone.
 *
 * Functions answer 0 (or a count) for success and -1 for failure unless they say otherwise. The first failure of an
 * entry point is kept (mt_fail, mt_fail_library); the ones that follow from it change nothing.
 */
#ifndef MICROTOME_INTERNAL_H
#define MICROTOME_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hdf5.h"

#include "microtome.h"

/* Nesting of element types that is followed; the library's own files stay below 10. */
#define MT_TYPE_DEPTH 32
/* Files open at once: the main one, and those that external links lead to. */
#define MT_FILES 64
/* Ids of objects kept open; past it the least recently used is closed and opened again when asked for. */
#define MT_OPEN_IDS 64

/* Datasets of a file that is being written which keep their caches, of chunks half filled, between calls. */
#define MT_WARM_DATASETS 16

/* ---- note.c: what the driver saw, out of band, since the entry point began ---- */

typedef struct {
    bool     missing;         /* the host lacks bytes or a file: the outcome counts for nothing */
    bool     beyond;          /* a read went past the end of a file */
    double   beyond_address;  /* of that read */
    char     missing_file[512]; /* last component of a file that the host lacks */
    char     absent_file[512];  /* name of a file that does not exist or is not allowed; empty: none */
    bool     absent_is_end;   /* an absent file ends a numbered series: no error */
    bool     zero_raw;        /* raw bytes that are missing read as zeros, so that one attempt finds them all */
    bool     record_raw;      /* raw reads are recorded instead of served */
    bool     recorded;        /* ... and one was: */
    uint64_t record_address;
    uint64_t record_size;
} mt_note_t;

extern mt_note_t mt_note;
/* Whether absent sources of virtual datasets are fill values rather than an error (mt_missing_sources). */
extern bool mt_sources_fill;

/* ---- out.c: the out buffer ---- */

void mt_out_reset(void);
void mt_out_bytes(const void *bytes, size_t length);
void mt_out_text(const char *text);                    /* as it is */
void mt_out_string(const char *text);                  /* as a JSON string */
void mt_out_string_n(const char *text, size_t length); /* the same, of known length */
void mt_out_unsigned(uint64_t value);
void mt_out_signed(int64_t value);
void mt_out_bool(bool value);
void mt_out_hex(const void *bytes, size_t length);
/* Writes a comma unless *first, which becomes false. */
void mt_out_comma(bool *first);
/* False where memory ran out since the last reset. */
bool mt_out_ok(void);

/* ---- error.c: entry, failure and leave ---- */

/* Begins an entry point: forgets notes, error and output of the last. */
void mt_enter(void);
/* Ends it: MT_NEED where anything was missing, else MT_OK (result >= 0) or MT_ERROR with the error written out. */
int mt_leave(int result);
/* Notes a failure; answers -1. */
int mt_fail(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same, with the code and the reason taken from libhdf5's error stack. Call before the next library call. */
int mt_fail_library(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same, with the code that holds where the stack tells none. */
int mt_fail_as(const char *code, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds the filter that the failure is about. */
void mt_fail_filter(int id, const char *name);
/* True where nothing is missing and nothing failed. */
bool mt_clean(void);

/* ---- net.c ---- */

/* Winds up the countdown of a call's work. */
void mt_net_begin(void);
/* Lets the call do as much more as that many elements of that size are worth. */
void mt_net_expect(uint64_t elements, size_t size);
/* Whether malloc was refused memory since the reset. */
bool mt_memory_was_full(void);
void mt_memory_reset(void);

/* ---- driver.c ---- */

/* Registers the driver once. */
int mt_driver_start(void);
/* A new file access list with the driver and the library's settings for reading, or writing where that is on. */
hid_t mt_driver_fapl(void);
/* Whether slot 0 is opened for writing from now on, and in the newest format. Forgets failures of before. */
void mt_driver_write(bool on, bool latest);
bool mt_driver_writes(void);
/* Whether what lies past the end that a superblock tells may be read, in files opened from now on. */
void mt_driver_follow(bool on);
bool mt_driver_follows(void);
/* Whether the library still holds the file that is being written. */
bool mt_driver_is_open(void);
/* Whether the host refused a write, and which (size 0: to set the file's size). */
bool mt_driver_broken(uint64_t *address, size_t *size);
/* Slot of an open file; -1 where it is none of this driver's. */
int mt_driver_slot(hid_t file);
/* Slot of the file of that name at the host, noting what is missing or absent: -1. */
int mt_driver_open_slot(const char *name);
/* Reads for driver and external storage: 0 or -1, noting why. */
int mt_driver_read(int slot, int type, uint64_t address, size_t size, void *buffer);

/* ---- arena.c: memory of variable-length elements ---- */

void mt_arena_begin(size_t limit);
/* True where a request went past the limit since begin. */
bool mt_arena_over(void);
/* Stops serving from the arena; what it served stays until mt_arena_free. */
void mt_arena_end(void);
void mt_arena_free(void);

/* ---- file.c ---- */

/* Open file of a slot, or -1 (noted). */
hid_t mt_file_id(int slot);
/* Opens (or finds) the file that a link in file `from` names; *slot its slot. */
hid_t mt_file_linked(int from, const char *name, const char *link, int *slot);
/* Bytes of an address in that file. */
/* Slot of the file that an object lies in, which stays open from now on; or -1 (noted). */
int mt_file_of(hid_t object);
/* A name without the folder of the main file, for messages. */
const char *mt_file_short_name(const char *name);
size_t mt_file_address_size(int slot);
uint64_t mt_file_base(int slot);

/* 0 where objects of a slot can be changed; else -1, noted. action: "write", to follow "Cannot". */
int mt_file_check_write(int slot, const char *action);
/* Whether groups keep the order of creation unless told otherwise. */
bool mt_file_tracks_order(void);
/* Data may be let go of, and its space used again. */
void mt_file_note_freed(void);
/* Whether that was noted of the file that is being written, or may have been before it was opened. */
bool mt_file_has_freed(void);

/* ---- handle.c ---- */

typedef enum { MT_GROUP = 1, MT_DATASET = 2, MT_TYPE = 3 } mt_kind_t;

typedef struct {
    int       id;
    unsigned  flags;
    unsigned  count;
    unsigned *values;
    bool      available;
    char      name[64];
} mt_filter_t;

/* What decoding and reading need of a dataset; fixed while it is open, but for its extent (mt_handle_resized). */
typedef struct {
    int          rank;
    hsize_t      dims[H5S_MAX_RANK];
    hsize_t      max_dims[H5S_MAX_RANK];
    hsize_t      chunk[H5S_MAX_RANK];
    bool         null_space;
    H5D_layout_t layout;
    bool         external;    /* raw data in other files */
    bool         whole_edges; /* partial edge chunks are stored unfiltered */
    bool         series;      /* virtual: some source name is numbered, so that an absent file ends the series */
    size_t       item_size;   /* bytes per element in storage */
    size_t       chunk_size;  /* bytes per decoded chunk, 0 where not chunked or past 4 GiB */
    int          filter_count;
    mt_filter_t *filters;
} mt_dataset_t;

typedef struct {
    mt_kind_t     kind; /* 0: free */
    int           slot;
    haddr_t       address;
    hid_t         id; /* H5I_INVALID_HID while closed */
    unsigned      tick;
    char         *path; /* null where unknown */
    mt_dataset_t *dataset;
    bool          deleted; /* it is there for an error's sake */
} mt_handle_t;

/* Makes a handle (number 0), or fills that one anew. Takes id, path and dataset over, on success only: number of the
 * handle, or -1. */
int mt_handle_take(int number, mt_kind_t kind, int slot, haddr_t address, hid_t id, char *path,
                   mt_dataset_t *dataset);
/* The root group's handle, number 0. */
int mt_handle_root(haddr_t address);
/* The handle of a number, its id open; null (noted) where there is none or it cannot be opened. */
mt_handle_t *mt_handle_get(int handle);
/* The same, its id as it is. */
mt_handle_t *mt_handle_peek(int handle);
/* The same as peek, of a dataset: its id as it is. */
mt_handle_t *mt_handle_dataset(int handle, const char *action);
/* Path of a handle for messages; never null. */
const char *mt_handle_name(const mt_handle_t *handle);
/* Path under which an address is known from an open handle, or null. */
const char *mt_handle_known(int slot, haddr_t address);
/* Closes the ids of all datasets but keep (0: all), so that nothing read in a failed attempt stays cached. */
void mt_handle_cool(const mt_handle_t *keep);
/* The same of all but that many that were used last. */
void mt_handle_cool_past(int kept);
/* Tells all handles of a dataset its new extent. */
void mt_handle_resized(const mt_handle_t *handle, const hsize_t *dims);
/* Opens the ids of all objects that can be changed: before a link is deleted, since an object that is open stays what
 * it is until it is closed. */
void mt_handle_wake(void);
/* After that: marks those that are no more. */
void mt_handle_bury(void);
/* Forgets paths that no longer lead to their object. */
void mt_handle_check_paths(void);
/* Objects below a path are below another one now. */
void mt_handle_moved(const char *from, const char *to);
void mt_handle_close_all(void);
void mt_dataset_free(mt_dataset_t *dataset);

/* ---- object.c ---- */

struct mt_found;
/* Describes a found object and gives it a handle (number: 0 for a new one, or one of it), which takes id and path over
 * on success. */
int mt_object_present(struct mt_found *found, int number);

/* ---- path.c ---- */

typedef struct mt_found {
    hid_t id;
    int   slot;
    char *path; /* own memory, null where unknown */
} mt_found_t;

/* Walks a path from a handle, following links. The caller closes id and frees path. */
int mt_path_walk(const mt_handle_t *from, const char *path, size_t length, int max_links, mt_found_t *found);
/* The same, but groups that are missing are made (gcpl, for each) unless that is 0. */
int mt_path_make(const mt_handle_t *from, const char *path, size_t length, hid_t gcpl, mt_found_t *found);
/* A path and a name in it: own memory. */
char *mt_path_join(const char *prefix, const char *name);
/* A list for the creation of a link of that name; close it. */
hid_t mt_path_link_list(const char *name);

/* ---- type.c, typejson.c, storage.c ---- */

/* Memory form of a type; close it. */
hid_t mt_type_memory(hid_t type, int depth);
/* The same for writing: enumerations stay ones, since the library makes none of integers. */
hid_t mt_type_writing(hid_t type);
/* The same, but the type itself where storage and memory hold the same bytes. */
hid_t mt_type_reading(hid_t type, size_t address_size);
/* Writes TYPE (see microtome.h) of a type as opened, beside its memory form. */
int mt_type_json(hid_t type, hid_t memory, int depth);
/* Writes TYPE, building and closing the memory form itself. */
int mt_type_describe(hid_t type);
/* Bytes of one element in storage. */
int mt_type_storage_size(hid_t type, size_t address_size, int depth, size_t *size);
/* Swap of a type whose storage bytes are the memory bytes; 0: not such a type. */
size_t mt_type_direct(hid_t type, size_t address_size);
/* 1 where values hold pointers or ids that must be released. */
int mt_type_has_pointers(hid_t type, int depth);
/* Width in memory of a number of that width and precision, or 0. */
size_t mt_type_number_size(hid_t type);
/* True for opaque types, and for integers and bit fields that no host has: their bytes are handed on as stored. */
bool mt_type_is_opaque(hid_t type);
/* True where a float is IEEE 754 of 2, 4 or 8 bytes in either byte order. */
bool mt_type_is_ieee(hid_t type);
/* True where a number fills its bytes and is in plain byte order. */
bool mt_type_is_plain(hid_t type);

/* ---- convert.c ---- */

/* Registers the conversions that the library lacks, once. */
int mt_convert_start(void);

/* ---- space.c ---- */

/* Writes "shape":..,"scalar":..; with max also "maxShape". */
int mt_space_json(hid_t space, bool max);

/* ---- dataset.c, datasetjson.c ---- */

typedef ssize_t (*mt_source_name_t)(hid_t dcpl, size_t index, char *name, size_t size);

/* File or dataset name of a virtual dataset's source: own memory, null (noted) on failure. */
char *mt_source_name(hid_t dcpl, size_t index, mt_source_name_t get);

/* Reads what mt_dataset_t holds; *result owned by the caller. */
int mt_dataset_inspect(hid_t id, int slot, mt_dataset_t **result);
/* Writes the dataset's part of mt_object_open's JSON, from "shape" on. */
int mt_dataset_json(hid_t id, int slot, const mt_dataset_t *dataset);

/* ---- selection.c ---- */

typedef struct {
    int     rank;
    hsize_t start[H5S_MAX_RANK];
    hsize_t count[H5S_MAX_RANK];
    hsize_t step[H5S_MAX_RANK];
    hsize_t elements;
} mt_selection_t;

/* Checks a selection of a dataset; action: "read", for messages. */
int mt_selection_take(const mt_handle_t *handle, const char *action, mt_selection_t *selection, int rank,
                      const double *start, const double *count, const double *step);
/* A selection of the file and a place in memory for it; close both, whatever came of it. */
int mt_selection_spaces(const mt_handle_t *handle, const mt_selection_t *selection, hid_t *space, hid_t *memory_space);

/* ---- chunk.c ---- */

/* Looks one chunk up by the element offset of its first corner; entry->state stays 0 where it cannot be told yet. */
int mt_chunk_find(const mt_handle_t *handle, const hsize_t *offset, mt_chunk_t *entry);
/* Asks the host for the stored bytes of all chunks that a selection touches, so that one attempt finds all that are
 * missing: neither a filter nor a conversion can go on without them, and the library would stop at the first. Fails
 * where a chunk needs a filter that is not available. */
int mt_chunk_fetch(const mt_handle_t *handle, const hsize_t *start, const hsize_t *count, const hsize_t *step);

/* True for a chunk that is stored without filters because it reaches past the dataset's end. */
bool mt_chunk_is_bare(const mt_dataset_t *dataset, const hsize_t *offset);

/* ---- decode.c ---- */

/* One of two pieces of memory (0, 1) that chunks are decoded and encoded in, at least that large; null, noted. */
uint8_t *mt_scratch(int index, size_t size);

/* ---- write.c ---- */

/* The handle of a dataset that can be written, its id open; null, noted. */
mt_handle_t *mt_write_target(int number);

/* ---- value.c ---- */

/* Allocates a value of count elements of size bytes, zeroed: its bytes, or null (noted). */
void *mt_value_new(uint64_t count, size_t size, const char *what);
/* Ends the reading of a value: keeps it, with type and space (taken over) for its release, or drops it all. */
int mt_value_finish(int result, hid_t type, hid_t space, const char *what);

/* ---- typemake.c ---- */

/* The type of a number that an mt_type_... gave; -1 (noted) where there is none. Not to be closed. */
hid_t mt_type_at(int type);
/* Empties the table. */
void mt_types_release(void);

/* ---- make.c: what all that is made under a path has in common ---- */

/* Sets up a creation list: no times unless asked for, order of creation of attributes and, in a group, of links. */
int mt_make_list(hid_t list, bool group, bool order, bool times);

/* Where something is to be made. */
typedef struct {
    mt_found_t parent;
    char      *name; /* of the new link: own memory */
    hid_t      lcpl;
} mt_place_t;

/* Finds the group that a path's last name goes into, making it where MT_MAKE_PARENTS says so, and checks that there is
 * no such name yet. what: "group", for messages. Let go of it by mt_place_leave, whatever came of it. */
int mt_place_find(int from, const char *path, size_t length, unsigned flags, const char *what, mt_place_t *place);
/* The same of a link that is there. */
int mt_place_existing(int from, const char *path, size_t length, mt_place_t *place);
void mt_place_leave(mt_place_t *place);
/* Describes the object that was made there, as mt_object_open does; takes id over. */
int mt_place_present(mt_place_t *place, hid_t id);

/* ---- spacemake.c ---- */

/* A dataspace of the host's numbers; rank -1: null. max_dims may be null. Close it. what: "dataset", for messages. */
hid_t mt_space_make(int rank, const double *dims, const double *max_dims, const char *what);

/* ---- filters.c ---- */

/* Puts filters into a creation list, as mt_dataset_create has them. */
int mt_filters_set(hid_t dcpl, const uint32_t *filters);

/* ---- form.c: values for writing ---- */

/* Values as H5Dwrite and H5Awrite take them. */
typedef struct {
    hid_t       memory; /* their type */
    hid_t       dxpl;   /* under which a number that does not fit is an error */
    const void *bytes;
    void       *owned;
} mt_form_t;

/* Prepares count values in memory layout for writing as a type; what: for messages. Let go of it by mt_form_leave,
 * whatever came of it. */
int mt_form_take(hid_t type, int slot, const void *values, uint64_t count, const char *what, mt_form_t *form);
void mt_form_leave(mt_form_t *form);

/* ---- swap.c ---- */

/* Copies length bytes, each run of swap bytes reversed; src and dst may be equal. */
void mt_swap_copy(void *dst, const void *src, size_t length, size_t swap);

/* Closes an id of any kind, unless it is invalid. */
void mt_close(hid_t id);

#endif

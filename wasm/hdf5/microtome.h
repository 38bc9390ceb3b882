/*
 * microtome's whole interface to libhdf5: what the module exports, what it imports, and what both promise.
 *
 * Restartable calls. The file driver never waits. Where bytes are missing it tells the host (mt_host_read returns
 * MT_MISSING and the host remembers the range), the library call fails or goes on with zeros, every id that the
 * call opened is closed, and the entry point returns MT_NEED whatever came of it. The host fetches what it was told
 * and calls again with the same arguments. An entry point therefore keeps nothing across a failed attempt.
 *
 * Results. An entry point that has something to say leaves it in the out buffer (mt_out_ptr, mt_out_len): JSON in
 * UTF-8 where the comment says so. It stays valid until the next entry point. Errors leave JSON
 * {"code","message","filter"?,"filterName"?} there; the message is a whole sentence, with libhdf5's own reasons, the
 * most specific first. Codes: "not-hdf5", "corrupt", "truncated", "not-found", "link-depth", "wrong-kind",
 * "external-file", "unsupported", "unsupported-filter" (filter: its number), "limit", "selection", "memory".
 *
 * Handles. 64-bit ids stay in here. The host holds small positive ints; 0 is the root group.
 *
 * Numbers that can pass 2^32 (addresses, indices) cross the border as doubles: exact up to 2^53.
 */
#ifndef MICROTOME_H
#define MICROTOME_H

#include <stddef.h>
#include <stdint.h>

/* Status of every entry point. */
#define MT_OK 0
#define MT_NEED 1     /* bytes or a file are missing; the host knows which: fetch and call again */
#define MT_ERROR (-1) /* out buffer: JSON {"code": ..., "message": ...} */

/* Answers of the host's functions. */
#define MT_MISSING 1 /* not at hand; noted */
#define MT_ABSENT (-2) /* known not to exist, or not allowed */

#define MT_IMPORT(name) __attribute__((import_module("env"), import_name(#name)))
#define MT_EXPORT __attribute__((visibility("default"), used))

/* ---- Imported: the host's side ---- */

/* Copies size bytes at addr of file slot to buf: 0, or MT_MISSING (noted by the host), or -1 (beyond the end). */
MT_IMPORT(mt_host_read) int mt_host_read(int slot, int type, double addr, size_t size, void *buf);
/* Slot (>= 0) of the file that libhdf5 asks for by name, or MT_MISSING mapped to -1, or MT_ABSENT. Slot 0 is the
 * main file, named when it is opened. */
MT_IMPORT(mt_host_open) int mt_host_open(const char *name, size_t length);
/* Size of the file in a slot, in bytes. */
MT_IMPORT(mt_host_size) double mt_host_size(int slot);
/* Writes size bytes at addr of a slot that was opened for writing: 0 or -1 (the host keeps the reason). */
MT_IMPORT(mt_host_write) int mt_host_write(int slot, int type, double addr, size_t size, const void *buf);
/* Sets the size of a slot that was opened for writing: 0 or -1. */
MT_IMPORT(mt_host_truncate) int mt_host_truncate(int slot, double size);

/* ---- Exported: life and memory ---- */

/* Starts the library, registers driver and codecs. Once per instance, first. */
MT_EXPORT int mt_start(void);
MT_EXPORT void *mt_alloc(size_t size);
MT_EXPORT void mt_free(void *ptr);
MT_EXPORT const void *mt_out_ptr(void);
MT_EXPORT size_t mt_out_len(void);
/* JSON [{"id":1,"name":"deflate","encode":true}, ...]: the filters that this module has. */
MT_EXPORT int mt_filters(void);
/* Most bytes of one value read through H5Dread or H5Aread, variable-length parts included. 1 GiB unless set. */
MT_EXPORT void mt_value_limit(double bytes);
/* Whether absent files that virtual datasets have their values from read as fill values (1), or are an error (0, as at
 * the start). */
MT_EXPORT void mt_missing_sources(int fill);
/* Most bytes of one decoded chunk. 4 GiB - 64 KiB unless set. */
MT_EXPORT void mt_chunk_limit(double bytes);
/*
 * Most steps of libhdf5's loops in one call, beside 512 for each element (of 8 bytes) that it reads or writes: 2^26
 * unless set, from 1 to 2^53. A call that needs more traps, and so does one that overflows the stack. After a trap the
 * global "mt_net" is below 0 where it was this limit, and mt_memory_full tells whether memory had run out.
 */
MT_EXPORT void mt_work_limit(double steps);
/* Whether the last call was refused memory: its maximum is the host's, who gives it. */
MT_EXPORT int mt_memory_full(void);
/* For tests: the largest share of its budget (0 to 1), and the most steps, that a call has used since asked last. */
MT_EXPORT double mt_work_share(void);
MT_EXPORT double mt_work_most(void);
/* For tests that look for leaks: ids that libhdf5 holds open, and bytes that malloc has handed out. */
MT_EXPORT int    mt_open_ids(void);
MT_EXPORT double mt_memory_used(void);

/* ---- Exported: file and objects ---- */

/* Opens slot 0 under a name. Out: JSON {"superblock":0,"userblock":0,"pageSize":0 or bytes,"size":eof}. */
MT_EXPORT int mt_file_open(const char *name, size_t name_length);
/* Opens a file that an instance before this one had reached by a link, under the name that it asked the host for. */
MT_EXPORT int mt_file_join(const char *name, size_t name_length);
MT_EXPORT int mt_file_close(void);
/* Whether files opened for reading from now on are read as far as they go: what the superblock says of their end, which a
 * writer sets when it closes the file, doesn't count. */
MT_EXPORT void mt_file_follow(int on);

/*
 * Opens an object by a path from another (0: from the root), follows soft and external links (at most max_links).
 * Out: JSON {"handle":7,"kind":"group"|"dataset"|"type","path":"/a/b","address":1234,"file":0, ...}; "file" is the
 * slot it lies in (external links lead to others), address its object header's (without the user block, as references
 * and links hold it), path where it was found in its file once links were followed (null where opened by address and
 * known by no open handle). A dataset adds
 *   "shape":[..]|null (null dataspace), "maxShape":[..|null], "scalar":bool,
 *   "type":TYPE (below), "fileItemsize":bytes per element in storage,
 *   "direct":swap or absent: present where the storage bytes, each run of `swap` bytes reversed (1: none), are the
 *     elements in memory (so a reader may bypass H5Dread): it speaks of the type, so mind "external" and the layout,
 *   "layout":"compact"|"contiguous"|"chunked"|"virtual", "chunk":[..], "offset":byte or null (contiguous; null:
 *     not allocated, or external; counted from the start of the file, user block included), "storageSize":bytes
 *     (null where chunked or virtual: telling would take the whole index),
 *   "index":"btree1"|"btree2"|"fixed"|"extensible"|"implicit"|"single" where chunked and cheaply known, else absent,
 *   "filters":[{"id":1,"name":"deflate","flags":0,"values":[..],"available":true}],
 *   "external":[{"name":"a.bin","offset":0,"size":n|null}] (only with external storage), "virtual":[{"file","dataset"}]
 *     (only where virtual),
 *   "fill":{"defined":bool,"applies":bool,"bytes":"hex in memory layout"}: defined by the user or not; where it does
 *     not apply (fill time "never", or no value), H5Dread leaves what is not stored as zeros, whatever the bytes say
 *     (bytes absent for types that hold pointers),
 *   "attributes":n.
 * A group adds "members":n (number of links, null where it would cost reads), "trackOrder":bool, "attributes":n.
 * A committed type adds "type".
 */
MT_EXPORT int mt_object_open(int from, const char *path, size_t path_length, int max_links);
/* Opens the object whose header is at address (what an object reference, or a link's address, holds). */
MT_EXPORT int mt_object_open_at(int file, double address);
MT_EXPORT int mt_object_close(int handle);
/* Out: JSON [{"name","type":"hard"|"soft"|"external"|"user","address":n (hard),"target":"..","file":".."}], by name,
 * or by creation order where by_creation is set and the group tracks it. Opens no member. */
MT_EXPORT int mt_group_list(int handle, int by_creation);

/* ---- Exported: attributes ---- */

/* Out: JSON [{"name","shape":[..]|null,"scalar":bool,"type":TYPE}], by name or creation order as above. */
MT_EXPORT int mt_attr_list(int handle, int by_creation);
/* Out: JSON as one entry of mt_attr_list; error code "not-found". */
MT_EXPORT int mt_attr_info(int handle, const char *name, size_t name_length);
/* Reads a whole attribute in memory layout into an own buffer: mt_value_ptr, mt_value_len; see mt_value_release. */
MT_EXPORT int mt_attr_read(int handle, const char *name, size_t name_length);

/* ---- Exported: values through H5Dread ---- */

/*
 * Reads a hyperslab (per axis start, count, step >= 1; rank may be 0) through H5Dread, in memory layout: fixed parts
 * little-endian; an enumeration is the integer under it; a variable string is a char * (null: none), a sequence a {u32
 * length; u32 ptr} pair (hvl_t),
 * an object reference 8 bytes of address, a region reference 12 bytes as stored, a new-style reference
 * H5R_REF_BUF_SIZE (64) bytes of H5R_ref_t. Pointers lead into this module's memory.
 * Raw bytes that are missing are all reported in one attempt (but those of vlen data's heaps); sources of a virtual
 * dataset that the host says are absent are an error, unless they end a numbered series ("%b").
 */
MT_EXPORT int mt_dataset_read(int handle, int rank, const double *start, const double *count, const double *step);
MT_EXPORT void *mt_value_ptr(void);
MT_EXPORT size_t mt_value_len(void);
/* Frees the value and all that its pointers lead to. Call it after every successful attr/dataset read. */
MT_EXPORT void mt_value_release(void);

/* ---- Exported: references ---- */

/* reference: the bytes of one element as mt_value holds them; kind 0 object (8), 1 region (12), 2 new (64).
 * Out: JSON {"kind":"object"|"region"|"attribute","file":slot,"address":n,"path":"/a" or null (as with
 * mt_object_open_at: finding a name would take a walk over the file),"attribute":"name"?,
 * "shape":[..]?,"selection":{"kind":"none"|"all"|"points"|"blocks","points":[[..]],"blocks":[[[lo..],[hi..]],..]}?}
 * ("blocks": inclusive corners as H5Sget_select_hyper_blocklist). A null reference: {"kind":"null"}. */
MT_EXPORT int mt_reference_info(int file_of_handle, int kind, const void *reference);

/* ---- Exported: the bulk path ---- */

/* One chunk: where it lies. */
typedef struct {
    double   address; /* byte in the file, user block included */
    uint32_t size;    /* bytes as stored */
    uint32_t mask;    /* bit i: filter i was left out */
    int32_t  state;   /* 0 not looked up yet, 1 found, 2 not allocated (fill value) */
    int32_t  reserved;
} mt_chunk_t;

/*
 * Looks up n chunks by the element offset of their first corner (n * rank doubles). Works on entries of state 0 only
 * and goes on past a missing one, so that one attempt reports all that is missing. O(log N) per chunk, by
 * H5Dread_chunk under a driver that records the raw read instead of serving it.
 */
MT_EXPORT int mt_chunk_lookup(int handle, int n, const double *offsets, mt_chunk_t *chunks);
/* All allocated chunks within the dataset's extent, in one pass (H5Dchunk_iter). Out: binary, n * {double offset[rank];
 * mt_chunk_t}. */
MT_EXPORT int mt_chunk_list(int handle);
/*
 * Undoes the filters of one chunk; mask as mt_chunk_lookup tells it (all bits for edge chunks that are left
 * unfiltered). Out: *decoded = pointer to the chunk's bytes (in the module's own scratch, valid until the next decode
 * or mt_chunk_put; or src itself where no filter applies), *length its size, always the whole chunk's. Error codes:
 * "corrupt", "unsupported-filter", "limit", "memory".
 */
MT_EXPORT int mt_chunk_decode(int handle, const void *src, size_t size, uint32_t mask, void **decoded, size_t *length);
/*
 * Undoes one codec by itself, by the number of its HDF5 filter (blosc 32001, bzip2 307, zstd 32015, fletcher32 3, ...), or
 * MT_CODEC_LZ4_SIZED: an lz4 block behind its decoded size (4 bytes, little-endian), as numcodecs writes it. No more than
 * limit bytes come of it, whatever a header says. *decoded, *length: the result, valid until the next call. Error codes:
 * "corrupt", "limit", "memory", "unsupported-filter"; the message is the reason alone.
 */
#define MT_CODEC_LZ4_SIZED (-1)
MT_EXPORT int mt_codec_decode(int codec, const void *src, size_t size, size_t limit, void **decoded, size_t *length);
/*
 * Copies the cross product of per-axis index lists (index: all axes' lists one behind the other, count[i] each) of a
 * C-ordered array of shape dims from src to dst, packed, and reverses each run of swap bytes (1: none) on the way.
 */
MT_EXPORT int mt_gather(const void *src, size_t src_length, int rank, const uint32_t *dims, const uint32_t *count,
                        const uint32_t *index, size_t itemsize, size_t swap, void *dst);
/* Reverses each run of swap bytes in place. */
MT_EXPORT void mt_swap(void *data, size_t length, size_t swap);

/*
 * ---- Exported: writing ----
 *
 * Slot 0 of an instance can be opened for writing. Its bytes are then always at hand: nothing is ever missing, so no
 * entry point answers MT_NEED, none is repeated, and all that reads above works on it too (values by mt_dataset_read
 * and mt_attr_read; the bulk path's entry points only after mt_file_flush). A host write that fails makes the entry
 * point fail with code "write", and every one after it: the file is then good for nothing but mt_file_close, which lets
 * go of everything and says so once more. Objects in other files, reached by external links, can be read only.
 * Further error codes: "exists" (a link of that name is there), "write", "dtype", "shape".
 *
 * An object whose last link was deleted is gone at once: its handle answers "not-found" until mt_object_close. A handle
 * whose object was moved knows the new path. Handles of one dataset all know its extent after mt_dataset_resize.
 */

/* flags of mt_file_create: */
#define MT_CREATE_TRACK_ORDER 1 /* the root group (and groups made later without their own flag) keep creation order */
#define MT_CREATE_LATEST 2      /* newest file format instead of the earliest that holds what is written */
/* Makes an empty file in slot 0. user block 0, or a power of two >= 512. Out: as mt_file_open. */
MT_EXPORT int mt_file_create(const char *name, size_t name_length, unsigned flags, double user_block);
/* Opens what lies in slot 0 to change it. Out: as mt_file_open. */
MT_EXPORT int mt_file_change(const char *name, size_t name_length, unsigned flags);
/* Writes all that is cached to the host. */
MT_EXPORT int mt_file_flush(void);

/*
 * Types to make things of, as small numbers > 0 in a table that mt_type_clear empties (0 and below: failure, with the
 * error in the out buffer). Each is an id that libhdf5 holds open, so clear the table now and then. order: 0
 * little-endian, 1 big-endian. These are types as stored; the memory form that values are handed over in follows from
 * them as it does in reading (TYPE below). A compound's size and offsets are those of its memory form, where a variable
 * string takes 4 bytes and a sequence 8.
 */
MT_EXPORT int mt_type_integer(int size, int is_signed, int order);
MT_EXPORT int mt_type_float(int size, int order);
MT_EXPORT int mt_type_bitfield(int size, int order);
/* size 0: variable length. padding: 0 null-terminated, 1 null-padded, 2 space-padded. charset: 0 ascii, 1 utf8. */
MT_EXPORT int mt_type_string(double size, int padding, int charset);
MT_EXPORT int mt_type_opaque(double size, const char *tag, size_t tag_length);
MT_EXPORT int mt_type_enum(int base);
MT_EXPORT int mt_type_enum_member(int type, const char *name, size_t name_length, const void *value); /* 8 bytes, little-endian */
MT_EXPORT int mt_type_compound(double size);
MT_EXPORT int mt_type_member(int type, const char *name, size_t name_length, double offset, int member);
MT_EXPORT int mt_type_array(int base, int rank, const double *dims);
MT_EXPORT int mt_type_vlen(int base);
/* kind: 0 object (8 bytes of address), 1 region (12), 2 new-style (H5R_ref_t). */
MT_EXPORT int mt_type_reference(int kind);
/* The type of an open dataset or committed type, as it is. */
MT_EXPORT int mt_type_of(int handle);
/* Out: TYPE of a type in the table: what its values look like in memory. */
MT_EXPORT int mt_type_info(int type);
MT_EXPORT int mt_type_clear(void);
/* Commits a copy of a type under a path, making groups on the way. Out: as mt_object_open, and mt_type_of its handle is
 * the committed type, to make things of that share it. */
MT_EXPORT int mt_type_commit(int from, const char *path, size_t path_length, int type);

/* flags of what is created under a path: */
#define MT_MAKE_PARENTS 1     /* groups on the way are made */
#define MT_MAKE_TRACK_ORDER 2 /* group: keeps creation order of its links; all: of attributes */
#define MT_MAKE_TRACK_TIMES 4 /* dataset: modification time in the header (otherwise none; no clock is asked) */
#define MT_MAKE_COMPACT 8     /* dataset: in the object header */
#define MT_MAKE_FILL_NEVER 16 /* dataset: nothing is written where no data is */
#define MT_MAKE_ALLOCATE 32   /* dataset: all space is taken at once */
/* Out: as mt_object_open. */
MT_EXPORT int mt_group_create(int from, const char *path, size_t path_length, unsigned flags);

/*
 * Makes a dataset. rank -1: null dataspace, 0: scalar. max_dims: null (as dims) or per axis, -1: without end.
 * chunk: null (contiguous, or compact by flag) or per axis. filters: count of them, then for each {id, flags, n, n
 * values} as uint32; shuffle, fletcher32, nbit, scaleoffset and szip are set through the library's own calls (so that
 * their parameters are completed by it), others as they are; one that can't encode is "unsupported-filter".
 * fill: one element in memory layout of the type, or null. Out: as mt_object_open.
 */
MT_EXPORT int mt_dataset_create(int from, const char *path, size_t path_length, int type, int rank, const double *dims,
                                const double *max_dims, const double *chunk, const uint32_t *filters,
                                const void *fill, unsigned flags);
/* Writes a hyperslab (as mt_dataset_read has it) from memory layout, C order; variable strings are char *, sequences
 * {u32 length; u32 pointer}. */
MT_EXPORT int mt_dataset_write(int handle, int rank, const double *start, const double *count, const double *step,
                               const void *values);
/* Stores one whole chunk, by the element offset of its first corner, from its bytes in storage layout (type as
 * stored, so swapped where that is big-endian): runs the filters and hands the result to H5Dwrite_chunk. For whole
 * aligned chunks of types without pointers; edge chunks are given whole too. */
MT_EXPORT int mt_chunk_put(int handle, int rank, const double *offset, const void *bytes, size_t length);
/* New extent of a chunked dataset. Out: as mt_object_open, of the same handle. */
MT_EXPORT int mt_dataset_resize(int handle, int rank, const double *dims);

/* Makes an attribute, in place of one of that name. rank and values as above. */
MT_EXPORT int mt_attr_write(int handle, const char *name, size_t name_length, int type, int rank, const double *dims,
                            const void *values);
MT_EXPORT int mt_attr_delete(int handle, const char *name, size_t name_length);

/* Links; flags: MT_MAKE_PARENTS. */
MT_EXPORT int mt_link_soft(int from, const char *path, size_t path_length, const char *target, size_t target_length,
                           unsigned flags);
MT_EXPORT int mt_link_hard(int from, const char *path, size_t path_length, int target, unsigned flags);
MT_EXPORT int mt_link_external(int from, const char *path, size_t path_length, const char *file, size_t file_length,
                               const char *target, size_t target_length, unsigned flags);
MT_EXPORT int mt_link_delete(int from, const char *path, size_t path_length);
MT_EXPORT int mt_link_move(int from, const char *path, size_t path_length, const char *to, size_t to_length,
                           unsigned flags);

/* Bytes of a region reference (12, as mt_dataset_read gives them) to a hyperslab of a dataset, in the out buffer. An
 * object reference is the object's address, 8 bytes, and needs no call. */
MT_EXPORT int mt_reference_region(int handle, int rank, const double *start, const double *count, const double *step);

/*
 * TYPE, the element type in memory layout:
 *   {"class":"integer","size":4,"signed":true,"order":"<"}          order: as stored ("<", ">" or "|" for one byte)
 *   {"class":"float","size":8,"order":"<"}                            size 2, 4, 8; other widths are converted by
 *                                                                     libhdf5 to the next wider, "stored" tells theirs
 *   {"class":"bitfield"|"time","size":1,"order":"<"}                  times are values as stored, made little-endian
 *   {"class":"string","size":n,"variable":false,"padding":"null-terminated"|"null-padded"|"space-padded",
 *    "charset":"ascii"|"utf8"}
 *   {"class":"enum","size":1,"order":"|","base":TYPE,"members":[["FALSE","0"],["TRUE","1"]]}   values as decimal text
 *   {"class":"compound","size":n,"members":[{"name","offset","type"}]}  HDF5 2.0's complex numbers too: members "r", "i"
 *   {"class":"array","size":n,"shape":[..],"base":TYPE}
 *   {"class":"vlen","size":8,"base":TYPE}
 *   {"class":"reference","size":8|12|64,"target":"object"|"region"|"any"}
 *   {"class":"opaque","size":n,"tag":".."}                            with "stored": an integer or bit field of more
 *                                                                     than 64 bits, its bytes as they lie in the file
 * each with "committed":true where it is a named type, and "stored":{"size":n,"precision":n} where storage differs.
 */
#endif

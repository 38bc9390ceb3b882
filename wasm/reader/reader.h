/*
 * The whole interface of reader.wasm: plain loops over bytes that a host puts into the module's memory.
 *
 * The module imports nothing, keeps nothing between calls but the tables of its checksums, and allocates nothing. It
 * exports `memory` and `__heap_base`: everything from there on is the host's, to lay out as it likes and to grow with
 * memory.grow. Buffers need no alignment. They must not overlap, except where said.
 *
 * Every entry point checks that its buffers lie within memory and are as long as its other arguments ask for, before it
 * touches any: it then returns MR_BAD and has written nothing. Lengths are in bytes where the name is `..._length`,
 * in elements where it is `count`. All values are little-endian, as wasm's memory is: a big-endian source goes through
 * mr_swap first.
 *
 * Results do not depend on the engine: no result has a NaN whose bits an engine may choose.
 */
#ifndef READER_H
#define READER_H

#include <stddef.h>
#include <stdint.h>

#define MR_EXPORT(name) __attribute__((export_name(#name)))

#define MR_OK 0
#define MR_BAD (-1) /* a buffer is outside of memory or too short, or an argument makes no sense */

/* Element types. */
enum {
    MR_INT8,
    MR_UINT8,
    MR_INT16,
    MR_UINT16,
    MR_INT32,
    MR_UINT32,
    MR_INT64,
    MR_UINT64,
    MR_FLOAT32,
    MR_FLOAT64,
    MR_FLOAT16, /* read only */
    MR_TYPES
};

/* ---- Checksums: `sum` is what came out for the bytes before ---- */

/* CRC-32 of zip, gzip and PNG (reflected polynomial 0xedb88320); starts at 0. A buffer outside of memory gives sum. */
MR_EXPORT(mr_crc32) uint32_t mr_crc32(uint32_t sum, const uint8_t *src, uint32_t length);
/* CRC-32C, Castagnoli's (0x82f63b78), of Zarr; starts at 0. */
MR_EXPORT(mr_crc32c) uint32_t mr_crc32c(uint32_t sum, const uint8_t *src, uint32_t length);
/* Adler-32 of zlib; starts at 1. */
MR_EXPORT(mr_adler32) uint32_t mr_adler32(uint32_t sum, const uint8_t *src, uint32_t length);

/* ---- Byte order ---- */

/* Reverses each run of `unit` bytes: 1 (a copy), 2, 4, 8 or 16, which divides length. dst may be src. */
MR_EXPORT(mr_swap) int mr_swap(void *dst, const void *src, uint32_t length, uint32_t unit);

#endif

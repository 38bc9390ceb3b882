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

/* ---- Copying boxes ---- */

/* One axis of a box. Index i lies at i * src_stride, or index[i] * src_stride, and goes to i * dst_stride. */
typedef struct {
    uint32_t count;
    int32_t  src_stride; /* bytes; may be negative or 0 */
    int32_t  dst_stride;
    uint32_t index; /* address of `count` uint32s, or 0 */
} mr_axis;

#define MR_MAX_RANK 32

/*
 * Copies a box of elements of `itemsize` bytes, between any strides, axes[0] outermost: the element of index 0 everywhere
 * from src + src_start (which an index list's entries count from) to dst + dst_start. `unit` bytes at a time are reversed
 * within an element: 1 for none, or 2, 4, 8, 16, which divides itemsize. Elements must not overlap in dst. Rows that lie
 * across each other (transpositions) go in tiles, by SIMD for itemsize 1, 2, 4 and 8.
 */
MR_EXPORT(mr_copy)
int mr_copy(uint8_t *dst, uint32_t dst_length, uint32_t dst_start, const uint8_t *src, uint32_t src_length, uint32_t src_start,
            uint32_t rank, const mr_axis *axes, uint32_t itemsize, uint32_t unit);

/* ---- Types ---- */

/* What becomes of a value that the target type can't hold. */
enum {
    MR_ERROR, /* the conversion stops there */
    MR_WRAP,  /* integers and floats to integers: modulo 2^bits of the (truncated) value, NaN and infinities 0; float64 to float32: infinity */
    MR_CLIP,  /* the nearest value that it can hold; NaN to integers: 0 */
};

/*
 * Converts `count` elements. Floats lose their fraction on their way to integers, towards zero, under every rule. Integers
 * become the nearest float, ties to even, and float64 the nearest float32. Infinities and NaN stay what they are between
 * floats: a NaN keeps its sign and the upper bits of its payload and becomes quiet. Same types: the same bits.
 * Returns how many were converted: under MR_ERROR the index of the first value that doesn't fit, if one doesn't.
 */
MR_EXPORT(mr_convert)
int mr_convert(void *dst, uint32_t to, const void *src, uint32_t from, uint32_t count, uint32_t rule);

/*
 * dst = src * gain + offset, both steps in float64, rounded once to MR_FLOAT32 or MR_FLOAT64; every NaN becomes
 * 0x7fc00000 or 0x7ff8000000000000. The first `left` elements belong to `channel`, the next `run` to the one after it, and so
 * on round the `channels` that gain and offset have entries for: run 1 is time-major, run n channel-major data.
 */
MR_EXPORT(mr_scale)
int mr_scale(void *dst, uint32_t to, const void *src, uint32_t from, uint32_t count, const double *gain, const double *offset,
             uint32_t channels, uint32_t channel, uint32_t left, uint32_t run);

/* ---- Words of odd sizes ---- */

/* 24-bit integers to int32; flags: 1 signed, 2 big-endian. */
MR_EXPORT(mr_int24) int mr_int24(int32_t *dst, const uint8_t *src, uint32_t count, uint32_t flags);

enum {
    MR_LSB,  /* a bit stream that begins at bit 0 of byte 0: value i has the stream's bits i * bits and up, lowest first */
    MR_MSB,  /* a bit stream that begins at bit 7 of byte 0: value i has the stream's bits i * bits and up, highest first */
    MR_MIPI, /* 4 values of 10 bits in 5 bytes (2 of 12 in 3): a byte each of their upper 8 bits, then their lower bits, first value lowest */
};

/* Packed words of 10 or 12 bits to uint16. src begins with a group (of 5 or 3 bytes); count need not end with one. */
MR_EXPORT(mr_unpack)
int mr_unpack(uint16_t *dst, uint32_t count, const uint8_t *src, uint32_t length, uint32_t bits, uint32_t packing);

/* Bits first, first + 1, ... of each word of 1, 2 or 4 bytes, as bytes 0 or 1: dst is [words][bits], or [bits][words] where planar. */
MR_EXPORT(mr_bits)
int mr_bits(uint8_t *dst, const uint8_t *src, uint32_t words, uint32_t wordsize, uint32_t first, uint32_t bits, uint32_t planar);

/* ---- Drawing ---- */

/*
 * Smallest, largest and mean value of each `factor` frames of `channels` interleaved elements. `at` frames of the first
 * bucket came in earlier calls, whose last row is the first row of min, max and mean now, with the same state. Rows for
 * ceil((at + frames) / factor) buckets: min and max in the elements' type, mean in float64; the last row may be unfinished.
 * state: 16 bytes a channel. All types but MR_FLOAT16.
 * NaN is left out; a bucket of nothing else gives 0x7fc00000 or 0x7ff8000000000000. -0 is less than +0. Sums are exact for
 * integers up to 32 bits, else float64 in the order of time.
 */
MR_EXPORT(mr_decimate)
int mr_decimate(void *min, void *max, double *mean, void *state, const void *src, uint32_t type, uint32_t frames, uint32_t channels,
                uint32_t factor, uint32_t at);

/* ---- Signals: float64 [rows][channels]; every NaN of a result is 0x7ff8000000000000 ---- */

#define MR_MAX_CHANNELS (1u << 24)
#define MR_MAX_SECTIONS 256

/*
 * Second-order sections, each b0, b1, b2, 1, a1, a2, one after the other, in place; the last row first where backwards.
 * state: [count][2][channels], what the sections have kept of the rows before (direct form II, transposed); carried on.
 */
MR_EXPORT(mr_sections)
int mr_sections(double *data, uint32_t rows, uint32_t channels, const double *sections, uint32_t count, double *state, uint32_t backwards);

enum {
    MR_MEDIAN, /* of an even number the mean of the two in the middle */
    MR_MEAN,
};

/*
 * dst[row][c] = src[row][c] - the statistic of src[row][members], for each c of targets; other channels of dst stay. dst may be src
 * where no target is a member of a later call. A NaN among the members makes the reference NaN. room: a float64 for each member.
 */
MR_EXPORT(mr_reference)
int mr_reference(double *dst, const double *src, uint32_t rows, uint32_t channels, const uint32_t *targets, uint32_t target_count,
                 const uint32_t *members, uint32_t member_count, double *room, uint32_t statistic);

/*
 * dst[i] = the sum over j < width of weights[p % up][j] * src[p / up + j], with p = start + i * down: polyphase resampling. Where
 * each, up is 1 and weights are [width][channels]: a filter of each channel's own. src has all rows that this asks for.
 */
MR_EXPORT(mr_weigh)
int mr_weigh(double *dst, uint32_t rows, const double *src, uint32_t src_rows, uint32_t channels, const double *weights, uint32_t width,
             uint32_t up, uint32_t down, uint32_t start, uint32_t each);

/* dst[row][c] = the sum over j < channels of src[row][j] * matrix[j][c], for c < columns. */
MR_EXPORT(mr_mix)
int mr_mix(double *dst, uint32_t columns, const double *src, uint32_t rows, uint32_t channels, const double *matrix);

/* The nearest integers of up to 32 bits, ties to even, clipped. Returns how many: the index of the first NaN, if there is one. */
MR_EXPORT(mr_round)
int mr_round(void *dst, uint32_t to, const double *src, uint32_t count);

#endif

/* What the codecs share among themselves. */
#ifndef MT_CODECS_SHARED_H
#define MT_CODECS_SHARED_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "codecs.h"

/* Notes why and returns 0, the answer of a filter that failed. */
size_t mt_codec_fail(enum mt_codec_failure failure, const char *reason);

/* The most bytes that the filter at work may return. */
size_t mt_codec_cap(void);
/* First guess for the output of nbytes of input that does not say its size: at least 1, at most the cap. */
size_t mt_codec_guess(size_t nbytes);

/* malloc of size bytes of output; NULL with the reason noted where size passes the cap or memory ends. */
void *mt_codec_alloc(uint64_t size);
/* Puts out in place of *buf and returns length. */
size_t mt_codec_finish(size_t *buf_size, void **buf, void *out, size_t allocated, size_t length);

static inline uint32_t mt_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t mt_be64(const uint8_t *p)
{
    return (uint64_t)mt_be32(p) << 32 | mt_be32(p + 4);
}

static inline uint32_t mt_le32(const uint8_t *p)
{
    return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline void mt_put_be32(uint8_t *p, uint32_t v)
{
    p[0] = (uint8_t)(v >> 24);
    p[1] = (uint8_t)(v >> 16);
    p[2] = (uint8_t)(v >> 8);
    p[3] = (uint8_t)v;
}

enum mt_zlib_result { MT_ZLIB_OK, MT_ZLIB_BROKEN, MT_ZLIB_NO_ROOM, MT_ZLIB_MEMORY };

/* Inflates a zlib stream, which may have bytes behind it, into at most room bytes; *length: how many. */
enum mt_zlib_result mt_zlib_inflate(const void *src, size_t src_size, void *dst, size_t room, size_t *length);

uint32_t mt_adler32(const uint8_t *data, size_t length);
/* Most bytes that a zlib stream of so many takes. */
size_t mt_zlib_bound(size_t size);
/* Makes a zlib stream, at a level of 0 to 9, in room bytes: its length, or 0 (noted). */
size_t mt_zlib_deflate(int level, const void *src, size_t src_size, void *dst, size_t room);

/* Raw decoders: dst_size bytes at dst from src, exactly; false where the input is broken or gives another length. */
bool mt_lz4_exact(const void *src, size_t src_size, void *dst, size_t dst_size);
/* A filter function for numcodecs' form of lz4: the decoded size (4 bytes, little-endian), then one block. */
size_t mt_lz4_sized(size_t nbytes, size_t *buf_size, void **buf);
bool mt_zstd_exact(const void *src, size_t src_size, void *dst, size_t dst_size);
bool mt_zlib_exact(const void *src, size_t src_size, void *dst, size_t dst_size);
bool mt_snappy_exact(const void *src, size_t src_size, void *dst, size_t dst_size);

/* Byte transposition of nbytes of elements of elem bytes; a trailing part of an element is copied. */
void mt_unshuffle(const uint8_t *src, uint8_t *dst, size_t nbytes, size_t elem);
void mt_shuffle(const uint8_t *src, uint8_t *dst, size_t nbytes, size_t elem);

/* Undoes the bit transposition of count elements (a multiple of 8) of elem bytes. */
bool mt_bitunshuffle(const void *src, void *dst, size_t count, size_t elem);

/* Filter classes, one file each. */
extern const H5Z_class2_t H5Z_DEFLATE[1];
extern const H5Z_class2_t H5Z_SHUFFLE[1];
extern const H5Z_class2_t H5Z_FLETCHER32[1];
extern const H5Z_class2_t mt_codec_lzf[1];
extern const H5Z_class2_t mt_codec_lz4[1];
extern const H5Z_class2_t mt_codec_zstd[1];
extern const H5Z_class2_t mt_codec_blosc[1];
extern const H5Z_class2_t mt_codec_bitshuffle[1];
extern const H5Z_class2_t mt_codec_bzip2[1];
/* The library's own filters behind a check of their input; filled in by their init function. */
extern H5Z_class2_t mt_codec_szip[1];
extern H5Z_class2_t mt_codec_nbit[1];
extern H5Z_class2_t mt_codec_scaleoffset[1];
void                mt_codec_guard_init(void);

#endif

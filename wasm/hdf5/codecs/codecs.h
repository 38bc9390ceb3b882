/*
 * The filters that this module has. Each is an ordinary libhdf5 filter class, and one and the same function serves
 * H5Dread's pipeline and the direct chunk path. A new codec is one file beside this one and one line in registry.c.
 *
 * A filter function takes *buf (from malloc, *buf_size bytes, nbytes of them filled), puts its result there (freeing
 * what it replaces with free) and returns the result's length, or 0 and leaves *buf as it was. No function reads past
 * nbytes or trusts a length that a file states.
 */
#ifndef MT_CODECS_H
#define MT_CODECS_H

#include <stdbool.h>
#include <stddef.h>

#include "hdf5.h"

/* Why the last filter call returned 0. */
enum mt_codec_failure { MT_CODEC_CORRUPT = 1, MT_CODEC_LIMIT, MT_CODEC_MEMORY, MT_CODEC_NO_ENCODER };

typedef struct {
    int         id;
    const char *name;
    bool        encode; /* false: reads only */
} mt_codec_info_t;

/* Registers every codec with libhdf5, in place of the library's own where it has one. After H5open. 0, or -1. */
int mt_codecs_register(void);
/* The class of a filter that this module has, else NULL. After mt_codecs_register. */
const H5Z_class2_t *mt_codec_find(int id);
/* The registered name of a filter, had or not; NULL where unknown. */
const char *mt_codec_name(int id);
/* The codecs that this module has: 0 <= index < mt_codec_count(). */
int             mt_codec_count(void);
mt_codec_info_t mt_codec_at(int index);

/* Bytes that the chunk decodes to, where the caller knows it: the first guess for an output buffer, and no filter
 * may return much more. 0: not known. The direct path sets it before a chunk and sets it back to 0 after. */
extern size_t mt_codec_size_hint;
/* No filter returns more bytes than this. */
extern size_t mt_codec_limit;

/* Of the last filter call that returned 0: what went wrong, and a sentence on it (static text, never NULL). */
extern enum mt_codec_failure mt_codec_failure;
extern const char           *mt_codec_reason;

#endif

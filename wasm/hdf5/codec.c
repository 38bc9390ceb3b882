/* One codec by itself, for formats other than HDF5 whose chunks went through the same ones (Zarr). */
#include <stdlib.h>
#include <string.h>

#include "codecs/codecs.h"
#include "codecs/shared.h"
#include "internal.h"

/* What the last call gave, until the next. */
static void *result;

static size_t undo(int codec, size_t size, size_t *room, void **buffer)
{
    const H5Z_class2_t *class = mt_codec_find(codec);

    if (codec == MT_CODEC_LZ4_SIZED)
        return mt_lz4_sized(size, room, buffer);
    return class->filter(H5Z_FLAG_REVERSE, 0, NULL, size, room, buffer);
}

int mt_codec_decode(int codec, const void *src, size_t size, size_t limit, void **decoded, size_t *length)
{
    size_t room = size, before = mt_codec_limit;

    mt_enter();
    free(result);
    result   = NULL;
    *decoded = NULL;
    *length  = 0;
    if (codec != MT_CODEC_LZ4_SIZED && !mt_codec_find(codec))
        return mt_leave(mt_fail("unsupported-filter", "Cannot decode by codec %d: it is not available", codec));
    if ((result = malloc(size ? size : 1)) == NULL)
        return mt_leave(mt_fail("memory", "Cannot decode %zu bytes: out of memory", size));
    memcpy(result, src, size);
    mt_codec_reason = "failed";
    if (limit < before)
        mt_codec_limit = limit;
    *length        = undo(codec, size, &room, &result);
    mt_codec_limit = before;
    if (*length == 0)
        return mt_leave(mt_fail(mt_codec_failure == MT_CODEC_LIMIT    ? "limit"
                                : mt_codec_failure == MT_CODEC_MEMORY ? "memory"
                                                                      : "corrupt",
                                "%s", mt_codec_reason));
    *decoded = result;
    return mt_leave(0);
}

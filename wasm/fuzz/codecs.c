/*
 * Every filter on any bytes with any parameters: it keeps to its input and to the bound of its output. What a filter that
 * also encodes made of the input decodes to the input.
 */
#include <stdlib.h>
#include <string.h>

#include "codecs.h"
#include "host.h"

#include "target.h"

bool mt_fuzz_is_file = false;

/* Filters whose parameters libhdf5 completes from a dataset, which are no matter of choice in writing. */
static bool stands_alone(int id)
{
    return id != H5Z_FILTER_SZIP && id != H5Z_FILTER_NBIT && id != H5Z_FILTER_SCALEOFFSET;
}

/* The result's length, its bytes in *result (free it); 0: failed. */
static size_t run(const H5Z_class2_t *class, unsigned flags, unsigned count, const unsigned *values, const uint8_t *bytes,
                  size_t size, void **result)
{
    size_t room = size;
    void  *data = malloc(size ? size : 1);
    MUST(data, "no memory");
    memcpy(data, bytes, size);
    size_t length = class->filter(flags, count, values, size, &room, &data);
    MUST(length <= room || !length, "%s: %zu bytes in a buffer of %zu", class->name, length, room);
    if (!length) {
        MUST(mt_codec_reason && mt_codec_failure >= MT_CODEC_CORRUPT && mt_codec_failure <= MT_CODEC_NO_ENCODER,
             "%s fails without reason", class->name);
        free(data);
        data = NULL;
    }
    *result = data;
    return length;
}

static void round_trip(const H5Z_class2_t *class, unsigned count, const unsigned *values, const uint8_t *bytes, size_t size)
{
    void  *packed = NULL, *back = NULL;
    size_t length = size ? run(class, 0, count, values, bytes, size, &packed) : 0;
    if (!length)
        return;
    size_t again = run(class, H5Z_FLAG_REVERSE, count, values, packed, length, &back);
    MUST(again == size && memcmp(back, bytes, size) == 0, "%s gives back other bytes", class->name);
    free(packed);
    free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    choices_t choices = {bytes, bytes + size};
    unsigned  values[20], count;
    void     *result = NULL;
    host_start();
    mt_fuzz_count_memory();
    const H5Z_class2_t *class = mt_codec_find(mt_codec_at((int)choose(&choices, (uint32_t)mt_codec_count())).id);
    uint32_t            way   = choose(&choices, 256);
    count                     = choose(&choices, 21);
    for (unsigned i = 0; i < count; i++)
        values[i] = way & 1 ? choose_word(&choices) : choose(&choices, 256);
    size_t left        = (size_t)(choices.end - choices.at);
    mt_codec_limit     = (size_t)1 << 20;
    mt_codec_size_hint = way & 2 ? choose(&choices, 65536) : 0;
    left               = (size_t)(choices.end - choices.at);
    size_t length      = run(class, H5Z_FLAG_REVERSE, count, values, choices.at, left, &result);
    MUST(length <= mt_codec_limit, "%s gives %zu bytes", class->name, length);
    free(result);
    mt_codec_size_hint = 0;
    if (class->encoder_present && stands_alone((int)class->id))
        round_trip(class, count, values, choices.at, left);
    return 0;
}

/* The one value that was read last: its bytes, and what it takes to release them. */
#include <stdlib.h>

#include "internal.h"

static struct {
    void  *bytes;
    size_t length;
    hid_t  type;  /* set where values hold references, which the library must release */
    hid_t  space;
} value = {NULL, 0, H5I_INVALID_HID, H5I_INVALID_HID};

static double limit = (double)((size_t)1 << 30);

void mt_value_limit(double bytes)
{
    if (bytes >= 0)
        limit = bytes;
}

void *mt_value_ptr(void)
{
    return value.bytes;
}

size_t mt_value_len(void)
{
    return value.length;
}

void *mt_value_new(uint64_t count, size_t size, const char *what)
{
    double total = (double)count * (double)size;
    mt_value_release();
    if (total > limit || total > (double)(SIZE_MAX / 2)) {
        (void)mt_fail("limit", "Cannot read %s: %.0f bytes in one piece, at most %.0f are allowed", what, total, limit);
        return NULL;
    }
    value.length = (size_t)count * size;
    /* Zeroed: what the library leaves alone (no fill value) is then the same every time. */
    value.bytes = calloc(1, value.length ? value.length : 1);
    if (!value.bytes) {
        value.length = 0;
        (void)mt_fail("memory", "Cannot read %s: no memory for %.0f bytes", what, total);
        return NULL;
    }
    mt_net_expect(count, size);
    mt_arena_begin((size_t)(limit - total < (double)(SIZE_MAX / 4) ? limit - total : (double)(SIZE_MAX / 4)));
    return value.bytes;
}

int mt_value_finish(int result, hid_t type, hid_t space, const char *what)
{
    mt_arena_end();
    if (mt_arena_over()) {
        mt_note.missing = false;
        result          = mt_fail("limit", "Cannot read %s: its variable-length parts pass the limit of %.0f bytes",
                                  what, limit);
    }
    if (result < 0 || !mt_clean()) {
        /* Half converted: what the bytes hold are no references to release. */
        mt_close(type);
        mt_close(space);
        mt_value_release();
        return -1;
    }
    value.type  = type;
    value.space = space;
    return 0;
}

/* References hold ids of the library; all other memory goes with the arena. */
static void release_references(void)
{
    if (value.type < 0 || value.space < 0 || !value.bytes || !mt_type_has_pointers(value.type, 0))
        return;
    if (H5Treclaim(value.type, value.space, H5P_DEFAULT, value.bytes) < 0)
        (void)mt_fail_library("Cannot release a value");
}

void mt_value_release(void)
{
    release_references();
    mt_close(value.type);
    mt_close(value.space);
    mt_arena_free();
    free(value.bytes);
    value.bytes  = NULL;
    value.length = 0;
    value.type   = H5I_INVALID_HID;
    value.space  = H5I_INVALID_HID;
}

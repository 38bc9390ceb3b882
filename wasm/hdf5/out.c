/* The out buffer: text that grows, and JSON's ways of writing. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static struct {
    char  *bytes;
    size_t length;
    size_t capacity;
    bool   failed;
} out;

/* Past this size the buffer is not kept from one entry point to the next. */
#define OUT_KEPT ((size_t)1 << 20)

void mt_out_reset(void)
{
    if (out.capacity > OUT_KEPT) {
        free(out.bytes);
        out.bytes    = NULL;
        out.capacity = 0;
    }
    out.length = 0;
    out.failed = false;
}

static bool reserve(size_t more)
{
    if (out.failed || more > SIZE_MAX / 4 - out.length) {
        out.failed = true;
        return false;
    }
    if (out.length + more <= out.capacity)
        return true;
    size_t capacity = out.capacity ? out.capacity : 4096;
    while (capacity < out.length + more)
        capacity *= 2;
    char *bytes = realloc(out.bytes, capacity);
    if (!bytes) {
        out.failed = true;
        return false;
    }
    out.bytes    = bytes;
    out.capacity = capacity;
    return true;
}

void mt_out_bytes(const void *bytes, size_t length)
{
    if (!length || !reserve(length))
        return;
    memcpy(out.bytes + out.length, bytes, length);
    out.length += length;
}

void mt_out_text(const char *text)
{
    mt_out_bytes(text, strlen(text));
}

void mt_out_string_n(const char *text, size_t length)
{
    mt_out_bytes("\"", 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            char pair[2] = {'\\', (char)c};
            mt_out_bytes(pair, 2);
        }
        else if (c < 0x20 || c == 0x7f) {
            char code[8];
            (void)snprintf(code, sizeof code, "\\u%04x", c);
            mt_out_bytes(code, 6);
        }
        else
            mt_out_bytes(text + i, 1);
    }
    mt_out_bytes("\"", 1);
}

void mt_out_string(const char *text)
{
    mt_out_string_n(text, strlen(text));
}

void mt_out_unsigned(uint64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    mt_out_text(text);
}

void mt_out_signed(int64_t value)
{
    char text[24];
    (void)snprintf(text, sizeof text, "%" PRId64, value);
    mt_out_text(text);
}

void mt_out_bool(bool value)
{
    mt_out_text(value ? "true" : "false");
}

void mt_out_hex(const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    mt_out_bytes("\"", 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char byte    = ((const unsigned char *)bytes)[i];
        char          pair[2] = {digits[byte >> 4], digits[byte & 15]};
        mt_out_bytes(pair, 2);
    }
    mt_out_bytes("\"", 1);
}

void mt_out_comma(bool *first)
{
    if (!*first)
        mt_out_bytes(",", 1);
    *first = false;
}

bool mt_out_ok(void)
{
    return !out.failed;
}

const void *mt_out_ptr(void)
{
    return out.bytes;
}

size_t mt_out_len(void)
{
    return out.length;
}

/* The host's functions over an input in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "json.h"

#define PAGE 512
#define SPANS 512
#define LAYOUTS 256

/* One file: slot 0 can change, slot 1 is the input as it was, for links that lead to other files. */
static struct {
    uint8_t *bytes;
    size_t   size, room;
} files[2];

static uint8_t    *pages; /* per page of the input 0: not fetched, 1: asked for, 2: there */
static size_t      page_count;
static bool        in_pages, asked;
static int         writes_left;

/* Changes keep an input's size, so that its spans of metadata are found again by that. */
typedef struct {
    size_t      size, count;
    host_span_t spans[SPANS];
} layout_t;
static layout_t  layouts[LAYOUTS];
static layout_t *layout = layouts;

/* A file may grow by what is written, but not without end. */
#define MAX_SIZE ((size_t)32 << 20)

static void fill(int slot, const uint8_t *bytes, size_t size)
{
    free(files[slot].bytes);
    files[slot].bytes = malloc(size ? size : 1);
    MUST(files[slot].bytes, "no memory for an input");
    if (size)
        memcpy(files[slot].bytes, bytes, size);
    files[slot].size = files[slot].room = size;
}

void host_set(const uint8_t *bytes, size_t size, bool by_pages)
{
    fill(0, bytes, size);
    fill(1, bytes, size);
    free(pages);
    page_count = size / PAGE + 1;
    pages      = calloc(page_count, 1);
    MUST(pages, "no memory for an input");
    in_pages    = by_pages;
    asked       = false;
    writes_left = -1;

    mt_fuzz_first_open = true;
    layout      = &layouts[size % LAYOUTS];
    if (layout->size != size)
        layout->count = 0;
    layout->size = size;
    mt_fuzz_count_memory();
}

void host_refuse_after(int writes)
{
    writes_left = writes;
}

const uint8_t *host_bytes(size_t *size)
{
    *size = files[0].size;
    return files[0].bytes;
}

const host_span_t *host_spans(size_t size, size_t *count)
{
    const layout_t *known = &layouts[size % LAYOUTS];
    *count                = known->size == size ? known->count : 0;
    return known->spans;
}

static void note_span(size_t at, size_t size)
{
    for (size_t i = 0; i < layout->count; i++)
        if (layout->spans[i].at == at)
            return;
    if (layout->count < SPANS)
        layout->spans[layout->count++] = (host_span_t){(uint32_t)at, (uint32_t)size};
}

bool host_fetch(void)
{
    bool any = asked;
    for (size_t i = 0; i < page_count; i++)
        if (pages[i] == 1)
            pages[i] = 2;
    asked = false;
    return any;
}

/* H5FD_MEM_DRAW and beyond: 3 is raw data; all others are metadata. */
#define RAW 3

int mt_host_read(int slot, int type, double addr, size_t size, void *buf)
{
    MUST(slot == 0 || slot == 1, "a read of slot %d", slot);
    double end = (double)files[slot].size;
    if (!(addr >= 0 && addr <= end && (double)size <= end - addr))
        return -1;
    size_t at = (size_t)addr;
    if (type != RAW && slot == 0)
        note_span(at, size);
    if (in_pages && size) {
        bool missing = false;
        for (size_t page = at / PAGE; page <= (at + size - 1) / PAGE; page++) {
            if (pages[page] == 2)
                continue;
            pages[page] = 1;
            missing = asked = true;
        }
        if (missing)
            return MT_MISSING;
    }
    memcpy(buf, files[slot].bytes + at, size);
    return 0;
}

int mt_host_open(const char *name, size_t length)
{
    static const char main_name[] = "folder/main.h5", other[] = "other.h5";
    if (length == sizeof main_name - 1 && memcmp(name, main_name, length) == 0)
        return 0;
    size_t tail = sizeof other - 1;
    return length >= tail && memcmp(name + length - tail, other, tail) == 0 ? 1 : MT_ABSENT;
}

double mt_host_size(int slot)
{
    MUST(slot == 0 || slot == 1, "the size of slot %d", slot);
    return (double)files[slot].size;
}

static int resize(size_t size)
{
    if (size > files[0].room) {
        uint8_t *bytes = realloc(files[0].bytes, size * 2);
        if (!bytes)
            return -1;
        files[0].bytes = bytes;
        files[0].room  = size * 2;
    }
    if (size > files[0].size)
        memset(files[0].bytes + files[0].size, 0, size - files[0].size);
    files[0].size = size;
    return 0;
}

static bool refused(void)
{
    if (writes_left < 0)
        return false;
    if (writes_left)
        writes_left--;
    return writes_left == 0;
}

int mt_host_write(int slot, int type, double addr, size_t size, const void *buf)
{
    (void)type;
    MUST(slot == 0, "a write to slot %d", slot);
    if (refused() || !(addr >= 0 && addr + (double)size <= (double)MAX_SIZE))
        return -1;
    if ((size_t)addr + size > files[0].size && resize((size_t)addr + size) < 0)
        return -1;
    memcpy(files[0].bytes + (size_t)addr, buf, size);
    return 0;
}

int mt_host_truncate(int slot, double size)
{
    MUST(slot == 0, "the size of slot %d set", slot);
    if (refused() || !(size >= 0 && size <= (double)MAX_SIZE))
        return -1;
    return resize((size_t)size);
}

void host_check(int status)
{
    MUST(status == MT_OK || status == MT_ERROR, "status %d", status);
    if (status == MT_OK)
        return;
    json_t error = json_out(), code, message;
    MUST(json_member(error, "code", &code) && json_member(error, "message", &message), "an error that says nothing");
    if (getenv("MT_FUZZ_TRACE"))
        (void)fprintf(stderr, "  %.*s\n", (int)(error.end - error.at), error.at);
    MUST(code.end - code.at > 2 && message.end - message.at > 2, "an error without words");
}

void host_start(void)
{
    static bool started;
    if (started)
        return;
    started = true;
    MUST(mt_start() == MT_OK, "the module doesn't start");
    mt_value_limit((double)(8 << 20));
    mt_chunk_limit((double)(8 << 20));
}

int host_close(void)
{
    int status = CALL(mt_file_close());
    mt_fuzz_first_open = true;
    return status;
}

/* Findings, the count of memory, and inputs as streams of choices. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <sanitizer/allocator_interface.h>

#include "host.h"

void mt_fuzz_finding(const char *file, int line, const char *rule, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fprintf(stderr, "FINDING at %s:%d: ", file, line);
    (void)vfprintf(stderr, format, arguments);
    (void)fprintf(stderr, " (%s)\n", rule);
    va_end(arguments);
    /* A parent that runs many processes passes on only libFuzzer's part of what they say. */
    FILE *log = getenv("MT_FUZZ_LOG") ? fopen(getenv("MT_FUZZ_LOG"), "a") : NULL;
    if (log) {
        (void)fprintf(log, "%s:%d: ", file, line);
        va_start(arguments, format);
        (void)vfprintf(log, format, arguments);
        va_end(arguments);
        (void)fprintf(log, " (%s)\n", rule);
        (void)fclose(log);
    }
    abort();
}

/* ---- Memory: what one input has allocated and not freed ---- */

static int64_t held;
static bool    counts;

static void allocated(const volatile void *at, size_t size)
{
    (void)at;
    held += (int64_t)size;
    if (counts && held > MT_FUZZ_MEMORY) {
        counts = false;
        mt_fuzz_finding(__FILE__, __LINE__, "memory", "one input holds more than %d MiB", (int)(MT_FUZZ_MEMORY >> 20));
    }
}

static void freed(const volatile void *at)
{
    if (at)
        held -= (int64_t)__sanitizer_get_allocated_size(at);
}

void mt_fuzz_count_memory(void)
{
    static bool installed;
    if (!installed)
        (void)__sanitizer_install_malloc_and_free_hooks(allocated, freed);
    installed = true;
    counts    = true;
    held      = 0;
}

/* ---- Choices ---- */

uint32_t choose_word(choices_t *from)
{
    uint32_t value = 0;
    for (int i = 0; i < 4 && from->at < from->end; i++)
        value |= (uint32_t)*from->at++ << 8 * i;
    return value;
}

uint32_t choose(choices_t *from, uint32_t below)
{
    uint32_t value = 0;
    if (from->at < from->end)
        value = *from->at++;
    if (below > 256 && from->at < from->end)
        value |= (uint32_t)*from->at++ << 8;
    return below ? value % below : 0;
}

const uint8_t *choose_bytes(choices_t *from, size_t size)
{
    if (size > (size_t)(from->end - from->at))
        return NULL;
    const uint8_t *bytes = from->at;
    from->at += size;
    return bytes;
}

/*
 * Changes inputs that are HDF5 files where it matters: in their metadata, which the last run of an input read and the host
 * noted, or by an address that leads elsewhere, which is what makes loops. Every other time libFuzzer's own changes.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "target.h"

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t room);
/* Targets whose inputs are no files do without. */
__attribute__((weak)) bool mt_fuzz_is_file = true;

static uint64_t state;

static uint32_t random_below(uint32_t below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return below ? (uint32_t)(state >> 33) % below : 0;
}

static uint64_t word(const uint8_t *at, int size)
{
    uint64_t value = 0;
    for (int i = size - 1; i >= 0; i--)
        value = value << 8 | at[i];
    return value;
}

static void put(uint8_t *at, int size, uint64_t value)
{
    for (int i = 0; i < size; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* A place in a span of metadata. */
static size_t place(const host_span_t *span)
{
    return span->at + random_below(span->size ? span->size : 1);
}

static void interesting(uint8_t *at, size_t left)
{
    static const uint64_t values[] = {0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 33, 64, 127, 128, 255, 256, 1024, 4096, 32767, 32768, 65535,
                                      65536, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x100000001, INT64_MAX, UINT64_MAX};
    int                   size     = 1 << random_below(4);
    uint64_t              value    = values[random_below(sizeof values / sizeof *values)];
    if ((size_t)size > left)
        return;
    if (random_below(3) == 0)
        value = word(at, size) + (random_below(2) ? 1 : (uint64_t)-1) * (1u << random_below(6));
    put(at, size, value);
}

/* Turns an address in a span into that of another span (or near it). */
static bool lead_elsewhere(uint8_t *bytes, size_t size, const host_span_t *spans, size_t count)
{
    const host_span_t *span = &spans[random_below((uint32_t)count)];
    size_t             from = place(span);
    for (size_t at = from; at + 8 <= (size_t)span->at + span->size && at + 8 <= size && at < from + 64; at++) {
        uint64_t old = word(bytes + at, 8);
        if (old < 16 || old >= size)
            continue;
        put(bytes + at, 8, spans[random_below((uint32_t)count)].at + (random_below(4) ? 0 : random_below(64)));
        return true;
    }
    return false;
}

size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t room, unsigned seed)
{
    size_t count = 0;
    state        = seed;
    if (!mt_fuzz_is_file || random_below(4) == 0 || !size)
        return LLVMFuzzerMutate(bytes, size, room);
    const host_span_t *spans = host_spans(size, &count);
    for (uint32_t changes = 1 + random_below(3); changes && count; changes--) {
        size_t at = place(&spans[random_below((uint32_t)count)]);
        if (at >= size)
            continue;
        switch (random_below(5)) {
            case 0:
                bytes[at] ^= (uint8_t)(1u << random_below(8));
                break;
            case 1:
                bytes[at] = (uint8_t)random_below(256);
                break;
            case 2:
                if (lead_elsewhere(bytes, size, spans, count))
                    break;
                /* fallthrough */
            default:
                interesting(bytes + at, size - at);
        }
    }
    if (random_below(8) == 0)
        bytes[size - 1] = (uint8_t)random_below(256);
    return size;
}

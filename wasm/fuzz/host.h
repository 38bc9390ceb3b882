/*
 * What the fuzz targets share: a host that serves the module from an input in memory, calls that are repeated as the
 * product repeats them, and the rules whose breach is a finding.
 */
#ifndef MT_FUZZ_HOST_H
#define MT_FUZZ_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "microtome.h"

/* ---- rules.c: findings ---- */

/* Ends the process with a sentence where a rule doesn't hold. */
#define MUST(rule, ...)                                                                                                \
    do {                                                                                                               \
        if (!(rule))                                                                                                   \
            mt_fuzz_finding(__FILE__, __LINE__, #rule, __VA_ARGS__);                                                   \
    } while (0)
_Noreturn void mt_fuzz_finding(const char *file, int line, const char *rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Memory of one input starts to count here; past MT_FUZZ_MEMORY it is a finding. */
void mt_fuzz_count_memory(void);
#define MT_FUZZ_MEMORY ((int64_t)160 << 20)

/* ---- native.c ---- */

/* Whether libhdf5 takes every metadata checksum for right. */
extern bool mt_fuzz_checksums_pass;
/* Whether the next file that is opened is none that was open before. */
extern bool mt_fuzz_first_open;

/* ---- host.c ---- */

/* What the last byte of an input, which no file's end minds, asks for. */
enum { HOST_CHECKSUMS = 1, HOST_PAGES = 2, HOST_ORDER = 4, HOST_LATEST = 8, HOST_REFUSE = 16 };

/* The file of slot 0: a copy, which writes change. With pages, what was not fetched yet is missing, 512 bytes at a time. */
void host_set(const uint8_t *bytes, size_t size, bool pages);
/* Lets so many writes succeed; -1: all. */
void           host_refuse_after(int writes);
const uint8_t *host_bytes(size_t *size);
/* Fetches all that was asked for since the last time; false where there was nothing. */
bool host_fetch(void);
/* Spans of metadata that were read of inputs of that size: where the mutator works. */
typedef struct {
    uint32_t at, size;
} host_span_t;
const host_span_t *host_spans(size_t size, size_t *count);

/* Calls as the product does, fetching and repeating while bytes are missing. */
#define CALL(call)                                                                                                     \
    ({                                                                                                                 \
        int status_;                                                                                                   \
        while ((status_ = (call)) == MT_NEED)                                                                          \
            MUST(host_fetch(), "bytes are missing and none were asked for");                                           \
        host_check(status_);                                                                                           \
        status_;                                                                                                       \
    })
/* Status is one of three, and an error says what it is in JSON. */
void host_check(int status);

/* Starts the module, once. */
void host_start(void);
/* Closes the file. */
int host_close(void);

/* ---- rules.c: an input as a stream of choices, zeros past its end ---- */

typedef struct {
    const uint8_t *at, *end;
} choices_t;

uint32_t      choose(choices_t *from, uint32_t below); /* 0 to below - 1 */
uint32_t      choose_word(choices_t *from);
const uint8_t *choose_bytes(choices_t *from, size_t size); /* null past the end */

#endif

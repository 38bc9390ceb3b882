/* Entry and leave of every entry point, and what is said where one fails. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* Reasons of libhdf5 that a message quotes, the most specific first. */
#define REASONS 3

static struct {
    const char *code; /* null: no failure */
    char        message[2048];
    int         filter; /* -1: none */
    char        filter_name[64];
} error;

typedef struct {
    const char *code;
    int         count;
    char        text[REASONS][256];
} stack_t;

void mt_enter(void)
{
    mt_net_begin();
    mt_memory_reset();
    memset(&mt_note, 0, sizeof mt_note);
    error.code   = NULL;
    error.filter = -1;
    mt_out_reset();
}

bool mt_clean(void)
{
    return !mt_note.missing && !error.code;
}

int mt_fail(const char *code, const char *format, ...)
{
    if (error.code || mt_note.missing)
        return -1;
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(error.message, sizeof error.message, format, arguments);
    va_end(arguments);
    error.code = code;
    return -1;
}

void mt_fail_filter(int id, const char *name)
{
    if (!error.code || error.filter >= 0)
        return;
    error.filter = id;
    (void)snprintf(error.filter_name, sizeof error.filter_name, "%s", name);
}

/* What an entry of libhdf5's stack says about the kind of failure; null: nothing. */
static const char *code_of(const H5E_error2_t *entry)
{
    hid_t       minor = entry->min_num;
    const char *text  = entry->desc ? entry->desc : "";
    if (minor == H5E_NOTHDF5 || strstr(text, "file signature"))
        return "not-hdf5";
    if (minor == H5E_TRUNCATED)
        return "truncated";
    if (minor == H5E_NOFILTER || minor == H5E_CANAPPLY || minor == H5E_SETLOCAL || minor == H5E_NOENCODER)
        return "unsupported-filter";
    /* Newer releases raise the versions of messages; a header of an unknown version is mostly no header. */
    if (minor == H5E_VERSION || strstr(text, "bad version number"))
        return strstr(text, "object header") ? "corrupt" : "unsupported";
    if (minor == H5E_UNSUPPORTED || strstr(text, "unknown datatype class"))
        return "unsupported";
    if (minor == H5E_CANTCONVERT && mt_driver_writes())
        return "dtype";
    if (minor == H5E_NOSPACE || minor == H5E_CANTALLOC)
        return "memory";
    return NULL;
}

static herr_t collect(unsigned n, const H5E_error2_t *entry, void *data)
{
    stack_t    *stack = data;
    const char *code  = code_of(entry);
    (void)n;
    /* A file without a signature is none, however the search for one ended. */
    if (code && (!stack->code || strcmp(code, "not-hdf5") == 0))
        stack->code = code;
    if (!entry->desc || !*entry->desc || stack->count == REASONS)
        return 0;
    for (int i = 0; i < stack->count; i++)
        if (strcmp(stack->text[i], entry->desc) == 0)
            return 0;
    (void)snprintf(stack->text[stack->count++], sizeof stack->text[0], "%s", entry->desc);
    return 0;
}

static void fail_library(const char *fallback, const char *format, va_list arguments)
{
    stack_t stack;
    memset(&stack, 0, sizeof stack);
    /* Upward: from the function that failed first to the one that was called. */
    if (H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &stack) < 0)
        stack.count = 0;
    int    length = vsnprintf(error.message, sizeof error.message, format, arguments);
    size_t at     = length < 0 ? 0 : (size_t)length;
    for (int i = 0; i < stack.count && at < sizeof error.message; i++)
        at += (size_t)snprintf(error.message + at, sizeof error.message - at, "%s%s",
                               i == 0 ? ": " : i == 1 ? " (" : "; ", stack.text[i]);
    if (stack.count > 1 && at < sizeof error.message)
        (void)snprintf(error.message + at, sizeof error.message - at, ")");
    error.code = stack.code ? stack.code : fallback;
    if (mt_note.beyond && strcmp(error.code, "not-hdf5") != 0)
        error.code = "truncated";
}

int mt_fail_library(const char *format, ...)
{
    if (error.code || mt_note.missing)
        return -1;
    va_list arguments;
    va_start(arguments, format);
    fail_library("corrupt", format, arguments);
    va_end(arguments);
    return -1;
}

int mt_fail_as(const char *code, const char *format, ...)
{
    if (error.code || mt_note.missing)
        return -1;
    va_list arguments;
    va_start(arguments, format);
    fail_library(code, format, arguments);
    va_end(arguments);
    return -1;
}

/* An absent file outranks what the library made of it: fill values, or an error that does not name the file. */
static void absent_error(void)
{
    error.code = NULL;
    (void)mt_fail("external-file", "Cannot open external file \"%s\": it does not exist or is not allowed",
                  mt_file_short_name(mt_note.absent_file));
}

/* A file that lost a write is no longer what the library believes it to be. */
static void broken_error(uint64_t address, size_t size)
{
    error.code = NULL;
    if (size)
        (void)mt_fail("write", "Cannot write %zu bytes at byte %llu of the file", size, (unsigned long long)address);
    else
        (void)mt_fail("write", "Cannot make the file %llu bytes long", (unsigned long long)address);
}

static void memory_error(void)
{
    size_t at = strlen(error.message);
    if (strcmp(error.code, "memory") == 0 || strcmp(error.code, "limit") == 0)
        return;
    error.code = "memory";
    (void)snprintf(error.message + at, sizeof error.message - at, "%s", " (out of memory)");
}

static void write_error(void)
{
    mt_out_reset();
    mt_out_text("{\"code\":");
    mt_out_string(error.code);
    mt_out_text(",\"message\":");
    mt_out_string(error.message);
    if (error.filter >= 0) {
        mt_out_text(",\"filter\":");
        mt_out_signed(error.filter);
        mt_out_text(",\"filterName\":");
        mt_out_string(error.filter_name);
    }
    mt_out_text("}");
}

int mt_leave(int result)
{
    uint64_t address = 0;
    size_t   size    = 0;
    if (mt_note.missing && mt_driver_writes()) {
        /* No call is repeated where things are changed: what is not at hand counts as absent. */
        mt_note.missing = false;
        if (mt_note.missing_file[0])
            (void)snprintf(mt_note.absent_file, sizeof mt_note.absent_file, "%s", mt_note.missing_file);
        result = -1;
    }
    if (mt_note.missing) {
        mt_out_reset();
        return MT_NEED;
    }
    if (mt_driver_broken(&address, &size))
        broken_error(address, size);
    else if (mt_note.absent_file[0] && !mt_note.absent_is_end)
        absent_error();
    else if (!mt_out_ok()) {
        error.code = NULL;
        (void)mt_fail("memory", "Cannot answer: out of memory");
    }
    else if (result < 0 && !error.code)
        (void)mt_fail_library("Cannot go on");
    if (!error.code)
        return MT_OK;
    /* Whatever libhdf5 made of it. */
    if (mt_memory_was_full() && strcmp(error.code, "write") != 0)
        memory_error();
    write_error();
    return MT_ERROR;
}

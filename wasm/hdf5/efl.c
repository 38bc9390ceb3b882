/* External raw data files: five calls in place of POSIX's, over the host's files. libhdf5 keeps one open at a time. */
#include <stdint.h>
#include <stdio.h>

#include "config/efl_redirect.h"
#include "internal.h"

#define NUMBERS 4

static struct {
    bool  used;
    int   slot;
    off_t position;
} numbers[NUMBERS];

int mt_efl_open(const char *name, int flags, ...)
{
    (void)flags;
    for (int i = 0; i < NUMBERS; i++) {
        if (numbers[i].used)
            continue;
        int slot = mt_driver_open_slot(name);
        if (slot < 0)
            return -1;
        numbers[i].used     = true;
        numbers[i].slot     = slot;
        numbers[i].position = 0;
        return i;
    }
    return -1;
}

off_t mt_efl_lseek(int number, off_t offset, int whence)
{
    if (whence != SEEK_SET || offset < 0)
        return -1;
    return numbers[number].position = offset;
}

ssize_t mt_efl_read(int number, void *buffer, size_t size)
{
    double left = mt_host_size(numbers[number].slot) - (double)numbers[number].position;
    if (left <= 0)
        return 0;
    if ((double)size > left)
        size = (size_t)left;
    if (mt_driver_read(numbers[number].slot, H5FD_MEM_DRAW, (uint64_t)numbers[number].position, size, buffer) < 0)
        return -1;
    numbers[number].position += (off_t)size;
    return (ssize_t)size;
}

/* Writing is not offered. */
ssize_t mt_efl_write(int number, const void *buffer, size_t size)
{
    (void)number;
    (void)buffer;
    (void)size;
    return -1;
}

int mt_efl_close(int number)
{
    numbers[number].used = false;
    return 0;
}

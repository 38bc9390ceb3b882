/* Reading of szip through libaec. values: options mask, pixels per block, bits per pixel, pixels per scan line. */
#ifndef MT_SZIP_H
#define MT_SZIP_H

#include <stdbool.h>
#include <stddef.h>

/* Whether libaec can be asked for these parameters. */
bool mt_szip_parameters(size_t count, const unsigned values[]);
/* As a filter function in reading. */
size_t mt_szip_decode(const unsigned values[], size_t nbytes, size_t *buf_size, void **buf);

#endif

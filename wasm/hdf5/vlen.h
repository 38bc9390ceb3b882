/*
 * Forced into H5Tvlen.c (-include): memory of variable-length elements comes from the arena of arena.c. An attempt
 * that fails half way then leaks nothing, and a value is freed in one go.
 */
#ifndef MICROTOME_VLEN_H
#define MICROTOME_VLEN_H

#include <stddef.h>
#include <stdlib.h>

void *mt_vlen_malloc(size_t size);
void  mt_vlen_free(void *pointer);

#define malloc mt_vlen_malloc
#define free   mt_vlen_free

#endif

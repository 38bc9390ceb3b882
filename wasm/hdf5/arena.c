/*
 * Memory of variable-length elements of one value: handed out by advancing a pointer, freed all at once. libhdf5
 * frees nothing of what it had converted when a read fails half way, so with malloc every restarted read would leak.
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

void *mt_vlen_malloc(size_t size);
void  mt_vlen_free(void *pointer);

typedef struct block {
    struct block *next;
    size_t        size;
    size_t        used;
    size_t        padding; /* keeps what follows aligned to 16 */
} block_t;

#define FIRST_BLOCK ((size_t)16 << 10)
#define LARGE_BLOCK ((size_t)4 << 20)

static struct {
    block_t *blocks; /* the newest first */
    size_t   total;
    size_t   limit;
    bool     active;
    bool     over;
} arena;

void mt_arena_begin(size_t limit)
{
    mt_arena_free();
    arena.limit  = limit;
    arena.active = true;
    arena.over   = false;
}

void mt_arena_end(void)
{
    arena.active = false;
}

bool mt_arena_over(void)
{
    return arena.over;
}

void mt_arena_free(void)
{
    while (arena.blocks) {
        block_t *next = arena.blocks->next;
        free(arena.blocks);
        arena.blocks = next;
    }
    arena.total  = 0;
    arena.active = false;
}

static block_t *new_block(size_t size)
{
    size_t next = arena.blocks ? arena.blocks->size * 2 : FIRST_BLOCK;
    if (next > LARGE_BLOCK)
        next = LARGE_BLOCK;
    if (next < size)
        next = size;
    if (next > arena.limit - arena.total)
        next = size;
    if (size > arena.limit - arena.total) {
        arena.over = true;
        return NULL;
    }
    block_t *block = malloc(sizeof *block + next);
    if (!block)
        return NULL;
    block->next  = arena.blocks;
    block->size  = next;
    block->used  = 0;
    arena.blocks = block;
    arena.total += next;
    return block;
}

void *mt_vlen_malloc(size_t size)
{
    if (!arena.active)
        return malloc(size);
    if (size > SIZE_MAX / 2)
        return NULL;
    size_t   rounded = (size + 7) & ~(size_t)7;
    block_t *block   = arena.blocks;
    if (!block || rounded > block->size - block->used)
        block = new_block(rounded);
    if (!block)
        return NULL;
    void *pointer = (char *)(block + 1) + block->used;
    block->used += rounded;
    return pointer;
}

void mt_vlen_free(void *pointer)
{
    for (const block_t *block = arena.blocks; block; block = block->next)
        if ((const char *)pointer >= (const char *)(block + 1) &&
            (const char *)pointer < (const char *)(block + 1) + block->size)
            return;
    free(pointer);
}

/* What the reader's files share. Freestanding: no C library; copies and fills become wasm's own bulk instructions. */
#ifndef READER_INTERNAL_H
#define READER_INTERNAL_H

#include <stdbool.h>
#include <wasm_simd128.h>

#include "reader.h"

#define COPY(dst, src, size) __builtin_memcpy((dst), (src), (size))

/* Elements at any address: wasm loads and stores need no alignment. */
#define LOAD(type, at)                                                                                                 \
    ({                                                                                                                 \
        type loaded_;                                                                                                  \
        COPY(&loaded_, (at), sizeof loaded_);                                                                          \
        loaded_;                                                                                                       \
    })
#define STORE(type, at, value)                                                                                         \
    do {                                                                                                               \
        type stored_ = (value);                                                                                        \
        COPY((at), &stored_, sizeof stored_);                                                                          \
    } while (0)

/* Whether a buffer lies within the module's memory. */
static inline bool mr_inside(const void *at, uint64_t length)
{
    return (uint64_t)(uintptr_t)at + length <= (uint64_t)__builtin_wasm_memory_size(0) << 16;
}

/* Bytes of an element of a type; 0 for no type. */
static inline uint32_t mr_size(uint32_t type)
{
    static const uint8_t sizes[MR_TYPES] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2};
    return type < MR_TYPES ? sizes[type] : 0;
}

/* Reverses runs of unit bytes; dst may be src. */
void mr_swap_run(uint8_t *dst, const uint8_t *src, uint32_t length, uint32_t unit);

/* Converts without checks, and floats to integers only where all fit: mr_convert's quick loops, as a step of mr_scale too. */
void mr_cast(uint8_t *dst, uint32_t to, const uint8_t *src, uint32_t from, uint32_t count);

#endif

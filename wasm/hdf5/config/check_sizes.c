/* The sizes that H5pubconf.h claims, checked by the compiler. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "H5pubconf.h"

#define MT_SAME(name, type) _Static_assert(H5_SIZEOF_##name == sizeof(type), #type)

MT_SAME(LONG, long);
MT_SAME(LONG_LONG, long long);
MT_SAME(LONG_DOUBLE, long double);
MT_SAME(BOOL, bool);
MT_SAME(SIZE_T, size_t);
MT_SAME(SSIZE_T, ssize_t);
MT_SAME(PTRDIFF_T, ptrdiff_t);
MT_SAME(OFF_T, off_t);
MT_SAME(TIME_T, time_t);
MT_SAME(INT_FAST16_T, int_fast16_t);
MT_SAME(INT_FAST32_T, int_fast32_t);
MT_SAME(UINT_FAST16_T, uint_fast16_t);
MT_SAME(INT_LEAST64_T, int_least64_t);

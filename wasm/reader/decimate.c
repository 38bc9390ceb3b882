/* Smallest, largest and mean values of buckets, for drawing. */
#include "internal.h"

/* Of floats: NaN is replaced by what changes nothing; min and max of wasm order -0 before +0, as comparing doesn't. */
#define MIN_f32(a, b) __builtin_wasm_min_f32(a, b)
#define MAX_f32(a, b) __builtin_wasm_max_f32(a, b)
#define MIN_f64(a, b) __builtin_wasm_min_f64(a, b)
#define MAX_f64(a, b) __builtin_wasm_max_f64(a, b)

/* Integers of one type: one frame after the other, and one channel alone, for which sums and extremes stay in registers. */
#define INTEGERS(name, type, sum_t, lowest, highest)                                                                   \
    static void many_##name(type *restrict min, type *restrict max, sum_t *restrict sum, const type *restrict src,     \
                            uint32_t frames, uint32_t channels)                                                        \
    {                                                                                                                  \
        for (uint32_t frame = 0; frame < frames; frame++, src += channels)                                             \
            for (uint32_t c = 0; c < channels; c++) {                                                                  \
                type value = src[c];                                                                                   \
                min[c]     = value < min[c] ? value : min[c];                                                          \
                max[c]     = value > max[c] ? value : max[c];                                                          \
                sum[c] += (sum_t)value;                                                                                \
            }                                                                                                          \
    }                                                                                                                  \
    static void one_##name(type *min, type *max, sum_t *sum, const type *src, uint32_t frames)                         \
    {                                                                                                                  \
        type  low = *min, high = *max;                                                                                 \
        sum_t total = *sum;                                                                                            \
        for (uint32_t i = 0; i < frames; i++) {                                                                        \
            type value = src[i];                                                                                       \
            low        = value < low ? value : low;                                                                    \
            high       = value > high ? value : high;                                                                  \
            total += (sum_t)value;                                                                                     \
        }                                                                                                              \
        *min = low, *max = high, *sum = total;                                                                         \
    }                                                                                                                  \
    static void add_##name(uint8_t *min, uint8_t *max, uint8_t *mean, uint8_t *state, const uint8_t *src, uint32_t frames, \
                           uint32_t channels, uint32_t before)                                                         \
    {                                                                                                                  \
        sum_t *sum = (sum_t *)state;                                                                                   \
        for (uint32_t c = 0; c < channels && !before; c++) {                                                           \
            ((type *)min)[c] = highest;                                                                                \
            ((type *)max)[c] = lowest;                                                                                 \
            sum[c]           = 0;                                                                                      \
        }                                                                                                              \
        if (channels == 1)                                                                                             \
            one_##name((type *)min, (type *)max, sum, (const type *)src, frames);                                      \
        else                                                                                                           \
            many_##name((type *)min, (type *)max, sum, (const type *)src, frames, channels);                           \
        for (uint32_t c = 0; c < channels; c++)                                                                        \
            ((double *)mean)[c] = (double)sum[c] / ((double)before + frames);                                          \
    }

#define ADD(name, from, min, max, sum, filled)                                                                         \
    {                                                                                                                  \
        typeof(from) value = (from);                                                                                   \
        bool         is    = value == value;                                                                           \
        min                = MIN_##name(min, is ? value : inf);                                                        \
        max                = MAX_##name(max, is ? value : -inf);                                                       \
        sum += is ? (double)value : 0.0;                                                                               \
        filled += is ? 1.0 : 0.0;                                                                                      \
    }

#define FLOATS(name, type, bits_t, quiet)                                                                              \
    static void add_##name(uint8_t *min_at, uint8_t *max_at, uint8_t *mean, uint8_t *state, const uint8_t *src_at,     \
                           uint32_t frames, uint32_t channels, uint32_t before)                                        \
    {                                                                                                                  \
        type *restrict       min = (type *)min_at, *restrict max = (type *)max_at;                                     \
        double *restrict     sum = (double *)state, *restrict filled = sum + channels;                                 \
        const type *restrict src = (const type *)src_at;                                                               \
        const type           inf = (type)__builtin_inf();                                                              \
        for (uint32_t c = 0; c < channels; c++) {                                                                      \
            if (!before)                                                                                               \
                sum[c] = filled[c] = 0;                                                                                \
            if (filled[c] == 0)                                                                                        \
                min[c] = inf, max[c] = -inf;                                                                           \
        }                                                                                                              \
        if (channels == 1) {                                                                                           \
            type   low = *min, high = *max;                                                                            \
            double total = *sum, count = *filled;                                                                      \
            for (uint32_t i = 0; i < frames; i++)                                                                      \
                ADD(name, src[i], low, high, total, count)                                                             \
            *min = low, *max = high, *sum = total, *filled = count;                                                    \
        } else                                                                                                         \
            for (uint32_t frame = 0; frame < frames; frame++, src += channels)                                         \
                for (uint32_t c = 0; c < channels; c++)                                                                \
                    ADD(name, src[c], min[c], max[c], sum[c], filled[c])                                               \
        for (uint32_t c = 0; c < channels; c++) {                                                                      \
            double average = sum[c] / filled[c];                                                                       \
            if (average != average)                                                                                    \
                STORE(uint64_t, mean + 8 * c, 0x7ff8000000000000);                                                     \
            else                                                                                                       \
                STORE(double, mean + 8 * c, average);                                                                  \
            if (filled[c] == 0) {                                                                                      \
                STORE(bits_t, min + c, quiet);                                                                         \
                STORE(bits_t, max + c, quiet);                                                                         \
            }                                                                                                          \
        }                                                                                                              \
    }

INTEGERS(i8, int8_t, int64_t, INT8_MIN, INT8_MAX)
INTEGERS(u8, uint8_t, int64_t, 0, UINT8_MAX)
INTEGERS(i16, int16_t, int64_t, INT16_MIN, INT16_MAX)
INTEGERS(u16, uint16_t, int64_t, 0, UINT16_MAX)
INTEGERS(i32, int32_t, int64_t, INT32_MIN, INT32_MAX)
INTEGERS(u32, uint32_t, int64_t, 0, UINT32_MAX)
INTEGERS(i64, int64_t, double, INT64_MIN, INT64_MAX)
INTEGERS(u64, uint64_t, double, 0, UINT64_MAX)
FLOATS(f32, float, uint32_t, 0x7fc00000)
FLOATS(f64, double, uint64_t, 0x7ff8000000000000)

typedef void add_t(uint8_t *min, uint8_t *max, uint8_t *mean, uint8_t *state, const uint8_t *src, uint32_t frames, uint32_t channels,
                   uint32_t before);

static add_t *const adders[] = {add_i8,  add_u8,  add_i16, add_u16, add_i32, add_u32, add_i64, add_u64, add_f32, add_f64};

int mr_decimate(void *min, void *max, double *mean, void *state, const void *src, uint32_t type, uint32_t frames, uint32_t channels,
                uint32_t factor, uint32_t at)
{
    if (type > MR_FLOAT64 || !channels || !factor || at >= factor)
        return MR_BAD;
    uint64_t size = mr_size(type), rows = ((uint64_t)at + frames + factor - 1) / factor;
    uint64_t values = (uint64_t)frames * channels;
    if (values > UINT32_MAX || rows > UINT32_MAX / channels || !mr_inside(src, values * size) || !mr_inside(mean, rows * channels * 8) ||
        !mr_inside(min, rows * channels * size) || !mr_inside(max, rows * channels * size) || !mr_inside(state, 16 * (uint64_t)channels))
        return MR_BAD;
    const uint8_t *from = src;
    uint8_t       *low = min, *high = max, *average = (uint8_t *)mean;
    uint32_t       row = channels * (uint32_t)size;
    while (frames) {
        uint32_t now = frames < factor - at ? frames : factor - at;
        adders[type](low, high, average, state, from, now, channels, at);
        from += (size_t)now * row;
        frames -= now;
        at = 0;
        low += row, high += row, average += 8 * channels;
    }
    return MR_OK;
}

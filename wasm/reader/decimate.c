/* Smallest, largest and mean values of buckets, for drawing. */
#include "internal.h"

/* Frames whose sum of 16-bit values surely fits 32 bits. */
#define SHORT_FRAMES 32768

/*
 * Integers: extremes and sums of channels side by side, or of one channel alone, in registers. Sums are sum_t during a stretch of frames that
 * can't overflow it, total_t over all.
 */
#define INTEGERS(name, type, sum_t, total_t, stretch, lowest, highest)                                                 \
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
        sum_t part = *sum;                                                                                             \
        for (uint32_t i = 0; i < frames; i++) {                                                                        \
            type value = src[i];                                                                                       \
            low        = value < low ? value : low;                                                                    \
            high       = value > high ? value : high;                                                                  \
            part += (sum_t)value;                                                                                      \
        }                                                                                                              \
        *min = low, *max = high, *sum = part;                                                                          \
    }                                                                                                                  \
    static void add_##name(uint8_t *min_at, uint8_t *max_at, uint8_t *mean, uint8_t *state, const uint8_t *src_at,     \
                           uint32_t frames, uint32_t channels, uint32_t before)                                        \
    {                                                                                                                  \
        type       *min = (type *)min_at, *max = (type *)max_at;                                                       \
        const type *src   = (const type *)src_at;                                                                      \
        total_t    *total = (total_t *)state;                                                                          \
        sum_t      *sum   = sizeof(sum_t) < 8 ? (sum_t *)(total + channels) : (sum_t *)total;                          \
        for (uint32_t c = 0; c < channels && !before; c++)                                                             \
            min[c] = highest, max[c] = lowest, total[c] = 0;                                                           \
        for (uint32_t done = 0; done < frames;) {                                                                      \
            uint32_t now = frames - done < stretch ? frames - done : stretch;                                          \
            for (uint32_t c = 0; c < channels && sizeof(sum_t) < 8; c++)                                               \
                sum[c] = 0;                                                                                            \
            if (channels == 1)                                                                                         \
                one_##name(min, max, sum, src, now);                                                                   \
            else                                                                                                       \
                many_##name(min, max, sum, src, now, channels);                                                        \
            for (uint32_t c = 0; c < channels && sizeof(sum_t) < 8; c++)                                               \
                total[c] += sum[c];                                                                                    \
            src += (size_t)now * channels;                                                                             \
            done += now;                                                                                               \
        }                                                                                                              \
        for (uint32_t c = 0; c < channels; c++)                                                                        \
            ((double *)mean)[c] = (double)total[c] / ((double)before + frames);                                        \
    }

INTEGERS(i8, int8_t, int32_t, int64_t, SHORT_FRAMES, INT8_MIN, INT8_MAX)
INTEGERS(u8, uint8_t, uint32_t, int64_t, SHORT_FRAMES, 0, UINT8_MAX)
INTEGERS(i16, int16_t, int32_t, int64_t, SHORT_FRAMES, INT16_MIN, INT16_MAX)
INTEGERS(u16, uint16_t, uint32_t, int64_t, SHORT_FRAMES, 0, UINT16_MAX)
INTEGERS(i32, int32_t, int64_t, int64_t, UINT32_MAX, INT32_MIN, INT32_MAX)
INTEGERS(u32, uint32_t, int64_t, int64_t, UINT32_MAX, 0, UINT32_MAX)
INTEGERS(i64, int64_t, double, double, UINT32_MAX, INT64_MIN, INT64_MAX)
INTEGERS(u64, uint64_t, double, double, UINT32_MAX, 0, UINT64_MAX)

/*
 * Floats: NaN is replaced by what changes nothing. wasm's own min and max order -0 before +0, as comparing doesn't, so the order in which
 * values meet doesn't matter; of sums it does, and each channel's go one after the other.
 */
static inline void four_f32(v128_t value, v128_t *min, v128_t *max, v128_t *low, v128_t *high, v128_t *filled)
{
    v128_t is    = wasm_f32x4_eq(value, value);
    v128_t clean = wasm_v128_and(value, is);
    *min         = wasm_f32x4_min(*min, wasm_v128_bitselect(value, wasm_f32x4_const_splat(__builtin_inff()), is));
    *max         = wasm_f32x4_max(*max, wasm_v128_bitselect(value, wasm_f32x4_const_splat(-__builtin_inff()), is));
    *low         = wasm_f64x2_add(*low, wasm_f64x2_promote_low_f32x4(clean));
    *high        = wasm_f64x2_add(*high, wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(clean, clean, 2, 3, 2, 3)));
    *filled      = wasm_i32x4_sub(*filled, is);
}

static void many_f32(float *min, float *max, double *sum, uint32_t *filled, const float *src, uint32_t frames, uint32_t channels)
{
    for (uint32_t frame = 0; frame < frames; frame++, src += channels) {
        uint32_t c = 0;
        for (; channels - c >= 4; c += 4) {
            v128_t a = wasm_v128_load(min + c), b = wasm_v128_load(max + c), n = wasm_v128_load(filled + c);
            v128_t low = wasm_v128_load(sum + c), high = wasm_v128_load(sum + c + 2);
            four_f32(wasm_v128_load(src + c), &a, &b, &low, &high, &n);
            wasm_v128_store(min + c, a);
            wasm_v128_store(max + c, b);
            wasm_v128_store(sum + c, low);
            wasm_v128_store(sum + c + 2, high);
            wasm_v128_store(filled + c, n);
        }
        for (; c < channels; c++)
            if (src[c] == src[c]) {
                min[c] = __builtin_wasm_min_f32(min[c], src[c]);
                max[c] = __builtin_wasm_max_f32(max[c], src[c]);
                sum[c] += (double)src[c];
                filled[c]++;
            }
    }
}

static void many_f64(double *min, double *max, double *sum, uint32_t *filled, const double *src, uint32_t frames, uint32_t channels)
{
    for (uint32_t frame = 0; frame < frames; frame++, src += channels) {
        uint32_t c = 0;
        for (; channels - c >= 2; c += 2) {
            v128_t value = wasm_v128_load(src + c), is = wasm_f64x2_eq(value, value);
            v128_t up = wasm_v128_bitselect(value, wasm_f64x2_const_splat(__builtin_inf()), is);
            v128_t down = wasm_v128_bitselect(value, wasm_f64x2_const_splat(-__builtin_inf()), is);
            wasm_v128_store(min + c, wasm_f64x2_min(wasm_v128_load(min + c), up));
            wasm_v128_store(max + c, wasm_f64x2_max(wasm_v128_load(max + c), down));
            wasm_v128_store(sum + c, wasm_f64x2_add(wasm_v128_load(sum + c), wasm_v128_and(value, is)));
            v128_t count = wasm_i32x4_sub(wasm_v128_load64_zero(filled + c), wasm_i32x4_shuffle(is, is, 0, 2, 0, 2));
            wasm_v128_store64_lane(filled + c, count, 0);
        }
        for (; c < channels; c++)
            if (src[c] == src[c]) {
                min[c] = __builtin_wasm_min_f64(min[c], src[c]);
                max[c] = __builtin_wasm_max_f64(max[c], src[c]);
                sum[c] += src[c];
                filled[c]++;
            }
    }
}

#define FLOATS(name, type, bits_t, quiet)                                                                              \
    static void one_##name(type *min, type *max, double *sum, uint32_t *filled, const type *src, uint32_t frames)      \
    {                                                                                                                  \
        type     low = *min, high = *max;                                                                              \
        double   total = *sum;                                                                                         \
        uint32_t count = *filled;                                                                                      \
        for (uint32_t i = 0; i < frames; i++) {                                                                        \
            type value = src[i];                                                                                       \
            if (value != value)                                                                                        \
                continue;                                                                                              \
            low  = __builtin_wasm_min_##name(low, value);                                                              \
            high = __builtin_wasm_max_##name(high, value);                                                             \
            total += (double)value;                                                                                    \
            count++;                                                                                                   \
        }                                                                                                              \
        *min = low, *max = high, *sum = total, *filled = count;                                                        \
    }                                                                                                                  \
    static void add_##name(uint8_t *min_at, uint8_t *max_at, uint8_t *mean, uint8_t *state, const uint8_t *src,        \
                           uint32_t frames, uint32_t channels, uint32_t before)                                        \
    {                                                                                                                  \
        type      *min = (type *)min_at, *max = (type *)max_at;                                                        \
        double    *sum    = (double *)state;                                                                           \
        uint32_t  *filled = (uint32_t *)(sum + channels);                                                              \
        const type inf    = (type)__builtin_inf();                                                                     \
        for (uint32_t c = 0; c < channels; c++) {                                                                      \
            if (!before)                                                                                               \
                sum[c] = 0, filled[c] = 0;                                                                             \
            if (!filled[c])                                                                                            \
                min[c] = inf, max[c] = -inf;                                                                           \
        }                                                                                                              \
        if (channels == 1)                                                                                             \
            one_##name(min, max, sum, filled, (const type *)src, frames);                                              \
        else                                                                                                           \
            many_##name(min, max, sum, filled, (const type *)src, frames, channels);                                   \
        for (uint32_t c = 0; c < channels; c++) {                                                                      \
            double average = sum[c] / filled[c];                                                                       \
            if (average != average)                                                                                    \
                STORE(uint64_t, mean + 8 * c, 0x7ff8000000000000);                                                     \
            else                                                                                                       \
                STORE(double, mean + 8 * c, average);                                                                  \
            if (!filled[c]) {                                                                                          \
                STORE(bits_t, min + c, quiet);                                                                         \
                STORE(bits_t, max + c, quiet);                                                                         \
            }                                                                                                          \
        }                                                                                                              \
    }

FLOATS(f32, float, uint32_t, 0x7fc00000)
FLOATS(f64, double, uint64_t, 0x7ff8000000000000)

typedef void add_t(uint8_t *min, uint8_t *max, uint8_t *mean, uint8_t *state, const uint8_t *src, uint32_t frames, uint32_t channels,
                   uint32_t before);

static add_t *const adders[] = {add_i8, add_u8, add_i16, add_u16, add_i32, add_u32, add_i64, add_u64, add_f32, add_f64};

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

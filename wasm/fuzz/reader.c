/* The reader's kernels on buffers of exactly the size that they are told, against loops that are plainly right. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../reader/reader.h"
#include "host.h"

#include "target.h"

/* A copy of its own size, so that a step beyond is seen; filled with what the input has left. */
static void *buffer(choices_t *choices, size_t size)
{
    uint8_t *bytes = calloc(size ? size : 1, 1);
    size_t   left  = (size_t)(choices->end - choices->at);
    MUST(bytes, "no memory");
    /* The choices that follow may be the same bytes: what counts is that they vary. */
    if (left)
        memcpy(bytes, choices->at, left < size ? left : size);
    return bytes;
}

static void swap(choices_t *choices)
{
    uint32_t unit = choose(choices, 4) ? 1u << choose(choices, 5) : choose(choices, 40), length = choose(choices, 600);
    uint8_t *src = buffer(choices, length), *dst = malloc(length + 1);
    MUST(dst, "no memory");
    if (mr_swap(dst, src, length, unit) == MR_OK)
        for (uint32_t i = 0; i < length; i++)
            MUST(dst[i] == src[i / unit * unit + unit - 1 - i % unit], "mr_swap, unit %u", unit);
    MUST(mr_swap(src, src, length, unit) != MR_OK || memcmp(src, dst, length) == 0, "mr_swap in place, unit %u", unit);
    free(src);
    free(dst);
}

static int64_t offset(const mr_axis *axis, uint32_t i)
{
    const uint32_t *index = (const uint32_t *)(uintptr_t)axis->index;
    return (int64_t)axis->src_stride * (index ? index[i] : i);
}

static void copy(choices_t *choices)
{
    uint32_t sizes[] = {1, 2, 4, 8, 16, 3, 12}, item = sizes[choose(choices, 7)], unit = 1u << choose(choices, 5);
    uint32_t rank = choose(choices, 4), src_length = choose(choices, 4096), dst_length = choose(choices, 4096);
    uint32_t src_start = choose(choices, 512), dst_start = choose(choices, 512), lists[3][24];
    mr_axis  axes[3];
    uint64_t elements = 1;
    for (uint32_t axis = 0; axis < rank; axis++) {
        uint32_t ways = choose(choices, 256);
        axes[axis]    = (mr_axis){choose(choices, 24), 0, 0, 0};
        axes[axis].src_stride = ways & 1 ? (int32_t)choose_word(choices) : (int32_t)choose(choices, 40) * (int32_t)item - 8;
        axes[axis].dst_stride = ways & 2 ? (int32_t)choose_word(choices) : (int32_t)choose(choices, 40) * (int32_t)item;
        if (ways & 4)
            axes[axis].index = (uint32_t)(uintptr_t)lists[axis];
        for (int i = 0; i < 24; i++)
            lists[axis][i] = ways & 8 ? choose_word(choices) : choose(choices, 64);
        elements *= axes[axis].count;
    }
    uint8_t *src = buffer(choices, src_length), *dst = calloc(dst_length + 1, 1);
    MUST(dst, "no memory");
    int status = mr_copy(dst, dst_length, dst_start, src, src_length, src_start, rank, axes, item, unit);
    /* Elements that overlap in dst have no order: only boxes without are held against the plain loop. */
    bool apart = true;
    uint8_t *written = calloc(dst_length + 1, 1);
    MUST(written, "no memory");
    for (uint64_t n = 0; status == MR_OK && apart && n < elements; n++) {
        int64_t  from = src_start, to = dst_start;
        uint64_t rest = n;
        for (uint32_t axis = rank; axis-- > 0; rest /= axes[axis].count) {
            uint32_t i = (uint32_t)(rest % axes[axis].count);
            from += offset(&axes[axis], i);
            to += (int64_t)axes[axis].dst_stride * i;
        }
        MUST(from >= 0 && from + item <= src_length && to >= 0 && to + item <= dst_length, "mr_copy goes beyond a buffer");
        for (uint32_t i = 0; i < item; i++)
            apart = apart && !written[to + i]++;
    }
    for (uint64_t n = 0; status == MR_OK && apart && n < elements; n++) {
        int64_t  from = src_start, to = dst_start;
        uint64_t rest = n;
        for (uint32_t axis = rank; axis-- > 0; rest /= axes[axis].count) {
            uint32_t i = (uint32_t)(rest % axes[axis].count);
            from += offset(&axes[axis], i);
            to += (int64_t)axes[axis].dst_stride * i;
        }
        for (uint32_t i = 0; i < item; i++)
            MUST(dst[to + i] == src[from + i / unit * unit + unit - 1 - i % unit], "mr_copy, element %u", (unsigned)n);
    }
    free(written);
    free(src);
    free(dst);
}

static const uint32_t width[MR_TYPES] = {1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2};

static double as_double(const void *at, uint32_t type)
{
    union {
        int8_t i8; uint8_t u8; int16_t i16; uint16_t u16; int32_t i32; uint32_t u32; int64_t i64; uint64_t u64; float f32; double f64;
    } v;
    memcpy(&v, at, width[type]);
    switch (type) {
        case MR_INT8: return v.i8;
        case MR_UINT8: return v.u8;
        case MR_INT16: return v.i16;
        case MR_UINT16: return v.u16;
        case MR_INT32: return v.i32;
        case MR_UINT32: return v.u32;
        case MR_INT64: return (double)v.i64;
        case MR_UINT64: return (double)v.u64;
        case MR_FLOAT32: return v.f32;
        default: return v.f64;
    }
}

static bool is_nan(double value)
{
    return value != value;
}

/* Whatever is converted lies within a rounding of where it was; the exact rules are held by tests/wasm/reader_twin.ts. */
static void convert(choices_t *choices)
{
    uint32_t to = choose(choices, MR_TYPES + 1), from = choose(choices, MR_TYPES + 1), rule = choose(choices, 4), count = choose(choices, 70);
    uint8_t *src = buffer(choices, count * (size_t)(from < MR_TYPES ? width[from] : 8));
    uint8_t *dst = calloc(count * (size_t)(to < MR_TYPES ? width[to] : 8) + 1, 1);
    MUST(dst, "no memory");
    int done = mr_convert(dst, to, src, from, count, rule);
    MUST(done == MR_BAD || (done >= 0 && (uint32_t)done <= count), "mr_convert did %d of %u", done, count);
    MUST(rule == MR_ERROR || done == MR_BAD || (uint32_t)done == count, "mr_convert stops at %d of %u", done, count);
    for (int i = 0; rule == MR_ERROR && from < MR_FLOAT16 && to < MR_FLOAT16 && i < done; i++) {
        double a = as_double(src + (size_t)i * width[from], from), b = as_double(dst + (size_t)i * width[to], to);
        double off = b - a, scale = to == MR_FLOAT32 && (a > 1 || a < -1) ? (a < 0 ? -a : a) * 1e-7 : 0;
        MUST((is_nan(a) && is_nan(b)) || a == b || (off > -1 - scale && off < 1 + scale), "mr_convert %u to %u: %g became %g", from, to, a, b);
    }
    free(src);
    free(dst);
}

static void scale(choices_t *choices)
{
    uint32_t to = choose(choices, 5) ? MR_FLOAT32 + choose(choices, 2) : choose(choices, 16), from = choose(choices, MR_TYPES + 1);
    uint32_t count = choose(choices, 70), channels = choose(choices, 8), channel = choose(choices, 9), left = choose(choices, 9), run = choose(choices, 9);
    uint8_t *src = buffer(choices, count * (size_t)(from < MR_TYPES ? width[from] : 8));
    uint8_t *dst = calloc(count * (size_t)(to < MR_TYPES ? width[to] : 8) + 1, 1);
    double  *gain = buffer(choices, channels * 8), *add = buffer(choices, channels * 8);
    MUST(dst, "no memory");
    int status = mr_scale(dst, to, src, from, count, gain, add, channels, channel, left, run);
    for (uint32_t i = 0; status == MR_OK && from < MR_FLOAT16 && i < count; i++) {
        uint32_t of     = i < left ? channel : (channel + 1 + (i - left) / run) % channels;
        double   wanted = as_double(src + i * width[from], from) * gain[of];
        wanted += add[of];
        double got = as_double(dst + i * width[to], to);
        if (to == MR_FLOAT32)
            wanted = (double)(float)wanted;
        MUST(got == wanted || (is_nan(got) && is_nan(wanted)), "mr_scale: %g, expected %g", got, wanted);
    }
    free(src);
    free(dst);
    free(gain);
    free(add);
}

static void words(choices_t *choices)
{
    uint32_t count = choose(choices, 90), flags = choose(choices, 5);
    uint8_t *src = buffer(choices, 3 * (size_t)count);
    int32_t *dst = calloc(count + 1, 4);
    MUST(dst, "no memory");
    if (mr_int24(dst, src, count, flags) == MR_OK)
        for (uint32_t i = 0; i < count; i++) {
            uint32_t up = (uint32_t)src[3 * i + (flags & 2 ? 0 : 2)] << 16 | (uint32_t)src[3 * i + 1] << 8 | src[3 * i + (flags & 2 ? 2 : 0)];
            MUST(dst[i] == (int32_t)(flags & 1 && up >> 23 ? up | 0xff000000u : up), "mr_int24, flags %u", flags);
        }
    free(src);
    free(dst);
}

static void unpack(choices_t *choices)
{
    uint32_t  count = choose(choices, 60), bits = choose(choices, 8) ? 10 + 2 * choose(choices, 2) : choose(choices, 20);
    uint32_t  packing = choose(choices, 4), length = choose(choices, 100);
    uint8_t  *src = buffer(choices, length);
    uint16_t *dst = calloc(count + 1, 2);
    MUST(dst, "no memory");
    if (mr_unpack(dst, count, src, length, bits, packing) == MR_OK)
        for (uint32_t i = 0; packing != MR_MIPI && i < count; i++) {
            uint32_t value = 0;
            for (uint32_t bit = 0; bit < bits; bit++) {
                uint32_t at = i * bits + bit;
                value = packing == MR_LSB ? value | (uint32_t)(src[at / 8] >> at % 8 & 1) << bit : value << 1 | (src[at / 8] >> (7 - at % 8) & 1);
            }
            MUST(dst[i] == value, "mr_unpack, %u bits, packing %u", bits, packing);
        }
    free(src);
    free(dst);
}

static void bits(choices_t *choices)
{
    uint32_t count = choose(choices, 60), size = choose(choices, 6), first = choose(choices, 40), some = choose(choices, 40), planar = choose(choices, 2);
    uint8_t *src = buffer(choices, count * (size_t)size), *dst = calloc(count * (size_t)some + 1, 1);
    MUST(dst, "no memory");
    if (mr_bits(dst, src, count, size, first, some, planar) == MR_OK)
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t bit = 0; bit < some; bit++) {
                uint32_t at = first + bit;
                MUST(dst[planar ? bit * count + i : i * some + bit] == (src[i * size + at / 8] >> at % 8 & 1), "mr_bits");
            }
    free(src);
    free(dst);
}

static void sums(choices_t *choices)
{
    uint32_t length = choose(choices, 500), split = choose(choices, 500);
    uint8_t *src = buffer(choices, length);
    if (split > length)
        split = length;
    uint32_t crc = 0xffffffff, a = 1, b = 0;
    for (uint32_t i = 0; i < length; i++) {
        crc ^= src[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
        a = (a + src[i]) % 65521;
        b = (b + a) % 65521;
    }
    MUST(mr_crc32(mr_crc32(0, src, split), src + split, length - split) == ~crc, "mr_crc32");
    MUST(mr_adler32(mr_adler32(1, src, split), src + split, length - split) == (b << 16 | a), "mr_adler32");
    MUST(mr_crc32c(mr_crc32c(0, src, split), src + split, length - split) == mr_crc32c(0, src, length), "mr_crc32c");
    free(src);
}

static void decimate(choices_t *choices)
{
    uint32_t type = choose(choices, MR_TYPES), frames = choose(choices, 40), channels = choose(choices, 9), factor = choose(choices, 12), at = choose(choices, 12);
    uint32_t rows = factor ? (at + frames + factor - 1) / factor : 0;
    size_t   size = (size_t)rows * channels;
    uint8_t *src = buffer(choices, (size_t)frames * channels * width[type]), *state = calloc(16 * channels + 1, 1);
    uint8_t *low = calloc(size * width[type] + 1, 1), *high = calloc(size * width[type] + 1, 1);
    double  *mean = calloc(size + 1, 8);
    MUST(state && low && high && mean, "no memory");
    int status = mr_decimate(low, high, mean, state, src, type, frames, channels, factor, at);
    /* Buckets that begin and end in this call. */
    for (uint32_t row = at ? 1 : 0; status == MR_OK && type < MR_FLOAT16 && channels && (row + 1) * factor <= at + frames; row++)
        for (uint32_t c = 0; c < channels; c++) {
            double least = 0;
            bool   any   = false;
            for (uint32_t i = 0; i < factor; i++) {
                double value = as_double(src + ((size_t)(row * factor + i - at) * channels + c) * width[type], type);
                if (!is_nan(value) && (!any || value < least))
                    least = value, any = true;
            }
            double got = as_double(low + ((size_t)row * channels + c) * width[type], type);
            MUST(any ? got == least : is_nan(got), "mr_decimate: least %g, expected %g", got, least);
        }
    free(src);
    free(state);
    free(low);
    free(high);
    free(mean);
}

/* Numbers that are mostly ordinary: bytes as eighths, and now and then any bits. */
static double *numbers(choices_t *choices, size_t count)
{
    double *values = calloc(count ? count : 1, 8);
    MUST(values, "no memory");
    bool wild = choose(choices, 16) == 0;
    for (size_t i = 0; i < count; i++) {
        values[i] = ((int)choose(choices, 256) - 128) / 8.0;
        if (wild && choose(choices, 8) == 0) {
            uint64_t bits = (uint64_t)choose_word(choices) << 32 | choose_word(choices);
            memcpy(values + i, &bits, 8);
        }
    }
    return values;
}

static bool same(double a, double b)
{
    return a == b || (is_nan(a) && is_nan(b));
}

static void sections(choices_t *choices)
{
    uint32_t rows = choose(choices, 140), channels = choose(choices, 20), count = choose(choices, 4), backwards = choose(choices, 2);
    double *design = numbers(choices, 6 * count), *state = numbers(choices, 2 * (size_t)count * channels), *data = numbers(choices, (size_t)rows * channels);
    double *wanted = calloc((size_t)rows * channels + 1, 8), *z = calloc(2 * (size_t)count * channels + 1, 8);
    MUST(wanted && z, "no memory");
    memcpy(wanted, data, 8 * (size_t)rows * channels);
    memcpy(z, state, 16 * (size_t)count * channels);
    if (mr_sections(data, rows, channels, design, count, state, backwards) == MR_OK) {
        for (uint32_t s = 0; s < count; s++)
            for (uint32_t i = 0; i < rows; i++)
                for (uint32_t c = 0; c < channels; c++) {
                    const double *k = design + 6 * s;
                    double *at = wanted + (size_t)(backwards ? rows - 1 - i : i) * channels + c, *z0 = z + 2 * (size_t)s * channels + c, *z1 = z0 + channels;
                    double  x = *at, y = k[0] * x + *z0;
                    *z0 = k[1] * x - k[4] * y + *z1;
                    *z1 = k[2] * x - k[5] * y;
                    *at = y;
                }
        for (size_t i = 0; i < (size_t)rows * channels; i++)
            MUST(same(data[i], wanted[i]), "mr_sections: %g, expected %g", data[i], wanted[i]);
        for (size_t i = 0; i < 2 * (size_t)count * channels; i++)
            MUST(same(state[i], z[i]), "mr_sections keeps %g, expected %g", state[i], z[i]);
    }
    free(design);
    free(state);
    free(data);
    free(wanted);
    free(z);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void reference(choices_t *choices)
{
    uint32_t rows = choose(choices, 5), channels = choose(choices, 40), target_count = choose(choices, 5), member_count = choose(choices, 40);
    uint32_t statistic = choose(choices, 3), targets[4], members[40];
    for (uint32_t i = 0; i < target_count && i < 4; i++)
        targets[i] = choose(choices, channels + (choose(choices, 32) == 0));
    for (uint32_t i = 0; i < member_count; i++)
        members[i] = choose(choices, channels + (choose(choices, 32) == 0));
    double *src = numbers(choices, (size_t)rows * channels), *dst = calloc((size_t)rows * channels + 1, 8), *room = calloc(member_count + 1, 8);
    MUST(dst && room, "no memory");
    if (target_count < 5 && mr_reference(dst, src, rows, channels, targets, target_count, members, member_count, room, statistic) == MR_OK)
        for (uint32_t row = 0; row < rows; row++) {
            double sorted[40], sum = 0;
            bool   odd = false;
            for (uint32_t i = 0; i < member_count; i++) {
                sorted[i] = src[(size_t)row * channels + members[i]];
                sum += sorted[i];
                odd |= is_nan(sorted[i]);
            }
            if (!odd)
                qsort(sorted, member_count, 8, by_value);
            double middle = member_count % 2 ? sorted[member_count / 2] : (sorted[member_count / 2 - 1] + sorted[member_count / 2]) / 2;
            double of     = odd ? NAN : statistic == MR_MEAN ? sum / member_count : middle;
            for (uint32_t i = 0; i < target_count; i++) {
                double got = dst[(size_t)row * channels + targets[i]], wanted = src[(size_t)row * channels + targets[i]] - of;
                MUST(same(got, wanted), "mr_reference: %g, expected %g", got, wanted);
            }
        }
    free(src);
    free(dst);
    free(room);
}

static void weigh(choices_t *choices)
{
    uint32_t rows = choose(choices, 12), src_rows = choose(choices, 30), channels = choose(choices, 11), width = choose(choices, 6);
    uint32_t up = choose(choices, 5), down = choose(choices, 5), start = choose(choices, 9), each = choose(choices, 8) == 0;
    double *src = numbers(choices, (size_t)src_rows * channels), *weights = numbers(choices, (size_t)width * (each ? channels : up));
    double *dst = calloc((size_t)rows * channels + 1, 8);
    MUST(dst, "no memory");
    if (mr_weigh(dst, rows, src, src_rows, channels, weights, width, up, down, start, each) == MR_OK)
        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t c = 0; c < channels; c++) {
                uint32_t step = start + i * down;
                double   sum  = 0;
                for (uint32_t j = 0; j < width; j++)
                    sum += (each ? weights[j * channels + c] : weights[step % up * width + j]) * src[(size_t)(step / up + j) * channels + c];
                MUST(same(dst[(size_t)i * channels + c], sum), "mr_weigh: %g, expected %g", dst[(size_t)i * channels + c], sum);
            }
    free(src);
    free(weights);
    free(dst);
}

static void mix(choices_t *choices)
{
    uint32_t rows = choose(choices, 12), channels = choose(choices, 11), columns = choose(choices, 11);
    double *src = numbers(choices, (size_t)rows * channels), *matrix = numbers(choices, (size_t)channels * columns);
    double *dst = calloc((size_t)rows * columns + 1, 8);
    MUST(dst, "no memory");
    if (mr_mix(dst, columns, src, rows, channels, matrix) == MR_OK)
        for (uint32_t i = 0; i < rows; i++)
            for (uint32_t c = 0; c < columns; c++) {
                double sum = 0;
                for (uint32_t j = 0; j < channels; j++)
                    sum += src[(size_t)i * channels + j] * matrix[(size_t)j * columns + c];
                MUST(same(dst[(size_t)i * columns + c], sum), "mr_mix: %g, expected %g", dst[(size_t)i * columns + c], sum);
            }
    free(src);
    free(matrix);
    free(dst);
}

static void round_off(choices_t *choices)
{
    static const double low[] = {-128, 0, -32768, 0, -2147483648.0, 0}, high[] = {127, 255, 32767, 65535, 2147483647.0, 4294967295.0};
    uint32_t to = choose(choices, MR_TYPES + 1), count = choose(choices, 300);
    double  *src = numbers(choices, count);
    uint8_t *dst = calloc(count * (size_t)(to < MR_TYPES ? width[to] : 8) + 1, 1);
    MUST(dst, "no memory");
    int done = mr_round(dst, to, src, count);
    MUST(done == MR_BAD || (to <= MR_UINT32 && done >= 0 && (uint32_t)done <= count), "mr_round did %d of %u", done, count);
    for (int i = 0; i < done; i++) {
        double wanted = rint(src[i]);
        wanted        = wanted < low[to] ? low[to] : wanted > high[to] ? high[to] : wanted;
        MUST(as_double(dst + (size_t)i * width[to], to) == wanted, "mr_round: %g became %g", src[i], as_double(dst + (size_t)i * width[to], to));
    }
    MUST(done < 0 || (uint32_t)done == count || is_nan(src[done]), "mr_round stops at %g", src[done]);
    free(src);
    free(dst);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static void (*const kernels[])(choices_t *) = {swap, copy, convert, scale, words, unpack, bits, sums, decimate,
                                               sections, reference, weigh, mix, round_off};
    choices_t choices = {bytes, bytes + size};
    kernels[choose(&choices, sizeof kernels / sizeof *kernels)](&choices);
    return 0;
}

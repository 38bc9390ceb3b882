/* Conversion with a rule for what doesn't fit: a look at all values first, then the quick loops, or one value after the other. */
#include "internal.h"

/* Elements looked at, then converted, while they are in the nearest cache. */
#define PIECE 1024

static double load_float(const uint8_t *src, uint32_t from, uint32_t i)
{
    return from == MR_FLOAT32 ? (double)LOAD(float, src + 4 * i) : LOAD(double, src + 8 * i);
}

/* An integer's low 64 bits; whether it is less than 0 the type says. */
static uint64_t load_integer(const uint8_t *src, uint32_t from, uint32_t i)
{
    switch (from) {
        case MR_INT8: return (uint64_t)(int64_t)LOAD(int8_t, src + i);
        case MR_UINT8: return src[i];
        case MR_INT16: return (uint64_t)(int64_t)LOAD(int16_t, src + 2 * i);
        case MR_UINT16: return LOAD(uint16_t, src + 2 * i);
        case MR_INT32: return (uint64_t)(int64_t)LOAD(int32_t, src + 4 * i);
        case MR_UINT32: return LOAD(uint32_t, src + 4 * i);
        default: return LOAD(uint64_t, src + 8 * i);
    }
}

static bool is_signed(uint32_t type)
{
    return !(type & 1);
}

/* The ends of an integer type: as int64 for signed types, the upper one as uint64 for the others. */
static int64_t lowest(uint32_t type)
{
    return is_signed(type) ? INT64_MIN >> (64 - 8 * mr_size(type)) : 0;
}

static uint64_t highest(uint32_t type)
{
    return UINT64_MAX >> (64 - 8 * mr_size(type) + is_signed(type));
}

static bool integer_fits(uint64_t value, uint32_t from, uint32_t to)
{
    if (is_signed(from) && (int64_t)value < 0)
        return is_signed(to) && (int64_t)value >= lowest(to);
    return value <= highest(to);
}

/* The open interval of floats whose whole part an integer type holds. */
static double below(uint32_t type)
{
    return type == MR_INT64 ? -0x1.0000000000001p63 : (double)lowest(type) - 1;
}

static double above(uint32_t type)
{
    return mr_size(type) == 8 ? (type == MR_INT64 ? 0x1p63 : 0x1p64) : (double)highest(type) + 1;
}

/* The first double that rounds to float32's infinity. */
#define TOO_LARGE 0x1.ffffffp127

static bool float_fits(double value, uint32_t to)
{
    if (to == MR_FLOAT32) {
        double size = __builtin_fabs(value);
        return !(size >= TOO_LARGE && size < __builtin_inf());
    }
    return value > below(to) && value < above(to);
}

/* Whether all integers of one type lie between bounds of that type. */
#define BETWEEN(type)                                                                                                  \
    {                                                                                                                  \
        const type *in  = (const type *)src;                                                                           \
        type        min = in[0], max = in[0];                                                                          \
        for (uint32_t i = 1; i < count; i++) {                                                                         \
            min = in[i] < min ? in[i] : min;                                                                           \
            max = in[i] > max ? in[i] : max;                                                                           \
        }                                                                                                              \
        return integer_fits((uint64_t)min, from, to) && integer_fits((uint64_t)max, from, to);                         \
    }

/* Whether all floats lie between bounds; NaN doesn't. */
static bool within(const uint8_t *src, bool wide, uint32_t count, double low, double high)
{
    v128_t   lowest = wasm_f64x2_splat(low), highest = wasm_f64x2_splat(high), all = wasm_i8x16_const_splat(-1);
    uint32_t i = 0;
    for (; count - i >= 2; i += 2) {
        v128_t values = wide ? wasm_v128_load(src + 8 * i) : wasm_f64x2_promote_low_f32x4(wasm_v128_load64_zero(src + 4 * i));
        all           = wasm_v128_and(all, wasm_v128_and(wasm_f64x2_gt(values, lowest), wasm_f64x2_lt(values, highest)));
    }
    if (i < count) {
        double last = wide ? LOAD(double, src + 8 * i) : (double)LOAD(float, src + 4 * i);
        if (!(last > low && last < high))
            return false;
    }
    return wasm_i64x2_all_true(all);
}

static bool all_fit(const uint8_t *src, uint32_t from, uint32_t to, uint32_t count)
{
    if (to == MR_FLOAT32 && from == MR_FLOAT64) {
        v128_t   large = wasm_f64x2_const_splat(TOO_LARGE), inf = wasm_f64x2_const_splat(__builtin_inf()), any = wasm_i8x16_const_splat(0);
        uint32_t i = 0;
        for (; count - i >= 2; i += 2) {
            v128_t size = wasm_f64x2_abs(wasm_v128_load(src + 8 * i));
            any         = wasm_v128_or(any, wasm_v128_and(wasm_f64x2_ge(size, large), wasm_f64x2_lt(size, inf)));
        }
        return !wasm_v128_any_true(any) && (i == count || float_fits(LOAD(double, src + 8 * i), to));
    }
    if (to >= MR_FLOAT32)
        return true;
    double low = below(to), high = above(to);
    switch (from) {
        case MR_INT8: BETWEEN(int8_t)
        case MR_UINT8: BETWEEN(uint8_t)
        case MR_INT16: BETWEEN(int16_t)
        case MR_UINT16: BETWEEN(uint16_t)
        case MR_INT32: BETWEEN(int32_t)
        case MR_UINT32: BETWEEN(uint32_t)
        case MR_INT64: BETWEEN(int64_t)
        case MR_UINT64: BETWEEN(uint64_t)
        case MR_FLOAT32: return within(src, false, count, low, high);
        default: return within(src, true, count, low, high);
    }
}

/* A finite or other float's whole part, modulo 2^64. */
static uint64_t wrapped(double value)
{
    uint64_t bits     = LOAD(uint64_t, &value), fraction = (bits & 0xfffffffffffff) | 0x10000000000000;
    int      exponent = (int)(bits >> 52 & 0x7ff) - 1075;
    if (exponent >= 64 || exponent <= -53) /* NaN and infinities too */
        return 0;
    fraction = exponent >= 0 ? fraction << exponent : fraction >> -exponent;
    return bits >> 63 ? -fraction : fraction;
}

/* One value by the rule; false, and nothing done, where the rule is that it is an error. */
static bool convert_one(uint8_t *dst, uint32_t to, const uint8_t *src, uint32_t from, uint32_t i, uint32_t rule)
{
    uint32_t from_size = mr_size(from), to_size = mr_size(to);
    bool     floats = from >= MR_FLOAT32;
    uint64_t value  = floats ? 0 : load_integer(src, from, i);
    double   real   = floats ? load_float(src, from, i) : 0;
    if (floats ? float_fits(real, to) : integer_fits(value, from, to)) {
        mr_cast(dst + to_size * i, to, src + from_size * i, from, 1);
        return true;
    }
    if (rule == MR_ERROR)
        return false;
    if (to == MR_FLOAT32) { /* infinity, or the largest that there is */
        STORE(uint32_t, dst + 4 * i, (real < 0 ? 0xff800000 : 0x7f800000) - (rule == MR_CLIP));
        return true;
    }
    if (rule == MR_WRAP) {
        value = floats ? wrapped(real) : value;
    } else {
        bool negative = floats ? real < 0 : is_signed(from) && (int64_t)value < 0;
        value         = real != real ? 0 : negative ? (uint64_t)lowest(to) : highest(to);
    }
    COPY(dst + to_size * i, &value, to_size);
    return true;
}

int mr_convert(void *dst, uint32_t to, const void *src, uint32_t from, uint32_t count, uint32_t rule)
{
    uint32_t from_size = mr_size(from), to_size = mr_size(to);
    if (!from_size || !to_size || to == MR_FLOAT16 || rule > MR_CLIP || count > INT32_MAX || !mr_inside(src, (uint64_t)count * from_size) ||
        !mr_inside(dst, (uint64_t)count * to_size))
        return MR_BAD;
    uint8_t halves[4 * PIECE];
    for (uint32_t start = 0; start < count; start += PIECE) {
        uint32_t       now = count - start < PIECE ? count - start : PIECE, type = from;
        const uint8_t *in  = (const uint8_t *)src + (size_t)start * from_size;
        uint8_t       *out = (uint8_t *)dst + (size_t)start * to_size;
        if (from == MR_FLOAT16 && to < MR_FLOAT32) {
            mr_cast(halves, MR_FLOAT32, in, from, now);
            in = halves, type = MR_FLOAT32;
        }
        if (to == type || to >= MR_FLOAT64 || (rule == MR_WRAP && (type < MR_FLOAT32 || to == MR_FLOAT32)) || all_fit(in, type, to, now)) {
            mr_cast(out, to, in, type, now);
            continue;
        }
        for (uint32_t i = 0; i < now; i++)
            if (!convert_one(out, to, in, type, i, rule))
                return (int)(start + i);
    }
    return (int)count;
}

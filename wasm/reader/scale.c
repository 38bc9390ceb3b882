/* Gain and offset: every element of any type to a pair of float64 lanes, multiplied, added, and rounded once. */
#include "float16.h"

/* Gains that lie in a row, an element's each: those of few channels again and again, or one channel's alone. */
#define ROW 512

typedef struct {
    v128_t low, high;
} four_t;

static inline four_t of_int32(v128_t values)
{
    return (four_t){wasm_f64x2_convert_low_i32x4(values), wasm_f64x2_convert_low_i32x4(wasm_i32x4_shuffle(values, values, 2, 3, 2, 3))};
}

static inline four_t of_uint32(v128_t values)
{
    return (four_t){wasm_f64x2_convert_low_u32x4(values), wasm_f64x2_convert_low_u32x4(wasm_i32x4_shuffle(values, values, 2, 3, 2, 3))};
}

static inline four_t of_float32(v128_t values)
{
    return (four_t){wasm_f64x2_promote_low_f32x4(values), wasm_f64x2_promote_low_f32x4(wasm_i32x4_shuffle(values, values, 2, 3, 2, 3))};
}

/* Four elements as float64. */
static inline four_t load(const uint8_t *src, uint32_t type)
{
    switch (type) {
        case MR_INT8: return of_int32(wasm_i32x4_extend_low_i16x8(wasm_i16x8_extend_low_i8x16(wasm_v128_load32_zero(src))));
        case MR_UINT8: return of_int32(wasm_u32x4_extend_low_u16x8(wasm_u16x8_extend_low_u8x16(wasm_v128_load32_zero(src))));
        case MR_INT16: return of_int32(wasm_i32x4_load16x4(src));
        case MR_UINT16: return of_int32(wasm_u32x4_load16x4(src));
        case MR_INT32: return of_int32(wasm_v128_load(src));
        case MR_UINT32: return of_uint32(wasm_v128_load(src));
        case MR_INT64: {
            const int64_t *in = (const int64_t *)src;
            return (four_t){wasm_f64x2_make((double)in[0], (double)in[1]), wasm_f64x2_make((double)in[2], (double)in[3])};
        }
        case MR_UINT64: {
            const uint64_t *in = (const uint64_t *)src;
            return (four_t){wasm_f64x2_make((double)in[0], (double)in[1]), wasm_f64x2_make((double)in[2], (double)in[3])};
        }
        case MR_FLOAT32: return of_float32(wasm_v128_load(src));
        case MR_FLOAT64: return (four_t){wasm_v128_load(src), wasm_v128_load(src + 16)};
        default: return of_float32(mr_halves(wasm_u32x4_load16x4(src)));
    }
}

static inline void store(uint8_t *dst, bool wide, four_t values)
{
    if (wide) {
        v128_t nan = wasm_i64x2_const_splat(0x7ff8000000000000);
        wasm_v128_store(dst, wasm_v128_bitselect(values.low, nan, wasm_f64x2_eq(values.low, values.low)));
        wasm_v128_store(dst + 16, wasm_v128_bitselect(values.high, nan, wasm_f64x2_eq(values.high, values.high)));
        return;
    }
    v128_t thin = wasm_i32x4_shuffle(wasm_f32x4_demote_f64x2_zero(values.low), wasm_f32x4_demote_f64x2_zero(values.high), 0, 1, 4, 5);
    wasm_v128_store(dst, wasm_v128_bitselect(thin, wasm_i32x4_const_splat(0x7fc00000), wasm_f32x4_eq(thin, thin)));
}

static inline void step(uint8_t *dst, bool wide, const uint8_t *src, uint32_t type, const double *gain, const double *offset)
{
    four_t values = load(src, type);
    values.low    = wasm_f64x2_add(wasm_f64x2_mul(values.low, wasm_v128_load(gain)), wasm_v128_load(offset));
    values.high   = wasm_f64x2_add(wasm_f64x2_mul(values.high, wasm_v128_load(gain + 2)), wasm_v128_load(offset + 2));
    store(dst, wide, values);
}

/* The loops, of which each pair of types has its own. */
static inline void loop(uint8_t *dst, bool wide, const uint8_t *src, uint32_t type, uint32_t count, const double *gain, const double *offset)
{
    uint32_t size = mr_size(type), out = wide ? 8 : 4, i = 0;
    for (; count - i >= 4; i += 4)
        step(dst + out * i, wide, src + size * i, type, gain + i, offset + i);
    if (i == count)
        return;
    uint8_t last[32] = {0}, done[32];
    double  gains[4] = {0}, offsets[4] = {0};
    COPY(last, src + size * i, size * (count - i));
    COPY(gains, gain + i, 8 * (count - i));
    COPY(offsets, offset + i, 8 * (count - i));
    step(done, wide, last, type, gains, offsets);
    COPY(dst + out * i, done, out * (count - i));
}

/* What is in a loop's way is decided out here. */
static void scale(uint8_t *dst, bool wide, const uint8_t *src, uint32_t from, uint32_t count, const double *gain, const double *offset)
{
#define OF(type)                                                                                                       \
    case type:                                                                                                         \
        wide ? loop(dst, true, src, type, count, gain, offset) : loop(dst, false, src, type, count, gain, offset);     \
        return;
    switch (from) {
        OF(MR_INT8)
        OF(MR_UINT8)
        OF(MR_INT16)
        OF(MR_UINT16)
        OF(MR_INT32)
        OF(MR_UINT32)
        OF(MR_INT64)
        OF(MR_UINT64)
        OF(MR_FLOAT32)
        OF(MR_FLOAT64)
        OF(MR_FLOAT16)
    }
}

int mr_scale(void *dst, uint32_t to, const void *src, uint32_t from, uint32_t count, const double *gain, const double *offset,
             uint32_t channels, uint32_t channel, uint32_t left, uint32_t run)
{
    uint32_t from_size = mr_size(from), to_size = mr_size(to);
    if (!from_size || (to != MR_FLOAT32 && to != MR_FLOAT64) || !channels || channel >= channels || !run || !left || left > run ||
        !mr_inside(src, (uint64_t)count * from_size) || !mr_inside(dst, (uint64_t)count * to_size) ||
        !mr_inside(gain, 8 * (uint64_t)channels) || !mr_inside(offset, 8 * (uint64_t)channels))
        return MR_BAD;
    const uint8_t *in  = src;
    uint8_t       *out = dst;
    double         gains[ROW], offsets[ROW];
    bool           each = run == 1 && channels > 1;
    uint32_t       row = channels;
    if (each && channels <= ROW / 2) {
        row = ROW / channels * channels;
        for (uint32_t i = 0; i < row; i++) {
            gains[i]   = gain[i % channels];
            offsets[i] = offset[i % channels];
        }
        gain = gains, offset = offsets;
    }
    uint32_t filled = 0; /* entries of the row that have the channel's gain */
    while (count) {
        uint32_t part = each ? row - channel : channels == 1 ? count : left;
        part          = part < count ? part : count;
        if (each) {
            scale(out, to == MR_FLOAT64, in, from, part, gain + channel, offset + channel);
            channel = 0;
        } else {
            part = part < ROW ? part : ROW;
            for (; filled < part; filled++)
                gains[filled] = gain[channel], offsets[filled] = offset[channel];
            scale(out, to == MR_FLOAT64, in, from, part, gains, offsets);
            left -= part;
            if (!left && channels > 1) {
                left    = run;
                filled  = 0;
                channel = channel + 1 == channels ? 0 : channel + 1;
            }
        }
        in += (size_t)part * from_size;
        out += (size_t)part * to_size;
        count -= part;
    }
    return MR_OK;
}

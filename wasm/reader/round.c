/* Floats to the nearest integers. */
#include "internal.h"

#define SOME 128

int mr_round(void *dst, uint32_t to, const double *src, uint32_t count)
{
    uint32_t size = mr_size(to);
    if (!size || to > MR_UINT32 || count > 0x7fffffff || !mr_inside(src, 8 * (uint64_t)count) || !mr_inside(dst, (uint64_t)count * size))
        return MR_BAD;
    double rounded[SOME] = {0};
    for (uint32_t done = 0; done < count;) {
        uint32_t now = count - done < SOME ? count - done : SOME, good = 0;
        COPY(rounded, src + done, 8 * now);
        while (good < now && rounded[good] == rounded[good])
            good++;
        for (uint32_t i = 0; i < good; i += 2)
            wasm_v128_store(rounded + i, wasm_f64x2_nearest(wasm_v128_load(rounded + i)));
        mr_convert((uint8_t *)dst + (size_t)done * size, to, rounded, MR_FLOAT64, good, MR_CLIP);
        done += good;
        if (good < now)
            return (int)done;
    }
    return (int)count;
}

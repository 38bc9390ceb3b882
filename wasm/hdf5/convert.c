/*
 * A conversion that libhdf5 lacks. Between integers of equal size and different byte order it swaps bytes and looks no
 * further, although one of them may have fewer significant bits than it takes: padding would become part of the value,
 * and the sign be lost. This one takes over where that is so, swaps, and leaves the rest to the library.
 */
#include <stdlib.h>

#include "internal.h"

typedef struct {
    hid_t source, target; /* as the types, but little-endian */
    bool  swap_source, swap_target;
} plan_t;

static bool is_bare(hid_t type)
{
    return H5Tget_precision(type) != 8 * H5Tget_size(type);
}

static bool is_big(hid_t type)
{
    return H5Tget_order(type) == H5T_ORDER_BE;
}

static bool is_ours(hid_t source, hid_t target)
{
    return H5Tget_size(source) == H5Tget_size(target) && is_big(source) != is_big(target) &&
           (is_bare(source) || is_bare(target));
}

static hid_t little(hid_t type)
{
    hid_t copy = H5Tcopy(type);
    if (copy >= 0 && H5Tset_order(copy, H5T_ORDER_LE) < 0) {
        mt_close(copy);
        copy = H5I_INVALID_HID;
    }
    return copy;
}

static void forget(plan_t *plan)
{
    if (!plan)
        return;
    mt_close(plan->source);
    mt_close(plan->target);
    free(plan);
}

static herr_t begin(hid_t source, hid_t target, H5T_cdata_t *data)
{
    if (!is_ours(source, target))
        return -1;
    plan_t *plan = calloc(1, sizeof *plan);
    if (!plan)
        return -1;
    *plan = (plan_t){little(source), little(target), is_big(source), is_big(target)};
    if (plan->source < 0 || plan->target < 0) {
        forget(plan);
        return -1;
    }
    data->priv     = plan;
    data->need_bkg = H5T_BKG_NO;
    return 0;
}

/* count elements of size bytes, one behind the other. */
static herr_t convert_run(const plan_t *plan, size_t size, size_t count, void *bytes, hid_t dxpl)
{
    if (plan->swap_source)
        mt_swap_copy(bytes, bytes, count * size, size);
    if (H5Tconvert(plan->source, plan->target, count, bytes, NULL, dxpl) < 0)
        return -1;
    if (plan->swap_target)
        mt_swap_copy(bytes, bytes, count * size, size);
    return 0;
}

static herr_t convert(hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride, size_t gap,
                      void *bytes, void *background, hid_t dxpl)
{
    (void)target;
    (void)gap;
    (void)background;
    const plan_t *plan = data->priv;
    size_t        size = H5Tget_size(source);
    if (!plan || !size)
        return -1;
    if (!stride || stride == size)
        return convert_run(plan, size, count, bytes, dxpl);
    for (size_t i = 0; i < count; i++)
        if (convert_run(plan, size, 1, (uint8_t *)bytes + i * stride, dxpl) < 0)
            return -1;
    return 0;
}

static herr_t order(hid_t source, hid_t target, H5T_cdata_t *data, size_t count, size_t stride, size_t gap,
                    void *bytes, void *background, hid_t dxpl)
{
    switch (data->command) {
        case H5T_CONV_INIT:
            return begin(source, target, data);
        case H5T_CONV_CONV:
            return convert(source, target, data, count, stride, gap, bytes, background, dxpl);
        case H5T_CONV_FREE:
            forget(data->priv);
            data->priv = NULL;
            return 0;
        default:
            return -1;
    }
}

int mt_convert_start(void)
{
    return H5Tregister(H5T_PERS_SOFT, "imprecise order", H5T_STD_I32BE, H5T_STD_I32LE, order) < 0 ? -1 : 0;
}

/* Common references: the median or mean of some channels of each row, taken off others. */
#include "internal.h"

#define NAN_BITS 0x7ff8000000000000u

static double quiet(void)
{
    uint64_t bits = NAN_BITS;
    return LOAD(double, &bits);
}

static inline void exchange(double *a, double *b)
{
    double kept = *a;
    *a          = *b;
    *b          = kept;
}

/* Brings the element of rank k to its place, smaller ones before it and larger ones behind (Hoare's FIND, 1961). */
static double select_rank(double *values, uint32_t count, uint32_t k)
{
    uint32_t low = 0, high = count - 1;
    while (low < high) {
        /* The median of three as the pivot: rows in order, or all alike, are no bad case. */
        uint32_t middle = low + (high - low) / 2;
        if (values[middle] < values[low])
            exchange(values + middle, values + low);
        if (values[high] < values[low])
            exchange(values + high, values + low);
        if (values[high] < values[middle])
            exchange(values + high, values + middle);
        double   pivot = values[middle];
        uint32_t i = low, j = high;
        while (i <= j) {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j) {
                exchange(values + i, values + j);
                i++;
                if (!j)
                    break;
                j--;
            }
        }
        if (k <= j)
            high = j;
        else if (k >= i)
            low = i;
        else
            break;
    }
    return values[k];
}

/* As NumPy's: of an even number of values the mean of the two in the middle. */
static double median(double *values, uint32_t count)
{
    double upper = select_rank(values, count, count / 2);
    if (count % 2)
        return upper;
    double lower = values[0];
    for (uint32_t i = 1; i < count / 2; i++)
        lower = values[i] > lower ? values[i] : lower;
    return (lower + upper) / 2;
}

static bool are_below(const uint32_t *list, uint32_t count, uint32_t end)
{
    for (uint32_t i = 0; i < count; i++)
        if (list[i] >= end)
            return false;
    return true;
}

int mr_reference(double *dst, const double *src, uint32_t rows, uint32_t channels, const uint32_t *targets, uint32_t target_count,
                 const uint32_t *members, uint32_t member_count, double *room, uint32_t statistic)
{
    if (!channels || !member_count || statistic > MR_MEAN || !mr_inside(dst, 8 * (uint64_t)rows * channels) || !mr_inside(src, 8 * (uint64_t)rows * channels) ||
        !mr_inside(targets, 4 * (uint64_t)target_count) || !mr_inside(members, 4 * (uint64_t)member_count) ||
        !mr_inside(room, 8 * (uint64_t)member_count) || !are_below(targets, target_count, channels) || !are_below(members, member_count, channels))
        return MR_BAD;
    for (uint32_t row = 0; row < rows; row++, src += channels, dst += channels) {
        bool   has_nan = false;
        double sum     = 0;
        for (uint32_t i = 0; i < member_count; i++) {
            double value = src[members[i]];
            has_nan |= value != value;
            sum += value;
            room[i] = value;
        }
        double reference = has_nan ? quiet() : statistic == MR_MEAN ? sum / member_count : median(room, member_count);
        for (uint32_t i = 0; i < target_count; i++) {
            double value    = src[targets[i]] - reference;
            dst[targets[i]] = value == value ? value : quiet();
        }
    }
    return MR_OK;
}

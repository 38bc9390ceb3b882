/* Boxes of elements between any strides: merged axes, then planes of rows and columns. */
#include "transpose.h"

/* Runs from this length on are copied by one instruction; shorter ones are faster element by element. */
#define LONG_RUN 64
/* Rows and columns of a tile where neither side of a plane runs along its rows. */
#define TILE 32

typedef struct {
    uint32_t        count;
    ptrdiff_t       src, dst; /* strides */
    const uint32_t *index;
} axis_t;

typedef struct {
    axis_t   axis[MR_MAX_RANK];
    uint32_t rank;
    uint32_t itemsize, unit;
} box_t;

static inline ptrdiff_t offset(const axis_t *axis, uint32_t i)
{
    return (ptrdiff_t)(axis->index ? axis->index[i] : i) * axis->src;
}

static inline uint32_t distance(ptrdiff_t stride)
{
    return (uint32_t)(stride < 0 ? -stride : stride);
}

/* Lowest and highest byte that an axis adds, relative to its index 0 of the source; false if that can't be within memory. */
static bool reach(const mr_axis *axis, int64_t low[2], int64_t high[2])
{
    uint32_t first = 0, last = axis->count - 1;
    if (axis->index) {
        const uint32_t *index = (const uint32_t *)(uintptr_t)axis->index;
        if (axis->index % 4 || !mr_inside(index, 4 * (uint64_t)axis->count))
            return false;
        first = UINT32_MAX, last = 0;
        for (uint32_t i = 0; i < axis->count; i++) {
            first = index[i] < first ? index[i] : first;
            last  = index[i] > last ? index[i] : last;
        }
    }
    int64_t ends[2][2] = {{(int64_t)first * axis->src_stride, (int64_t)last * axis->src_stride},
                          {0, (int64_t)(axis->count - 1) * axis->dst_stride}};
    for (int side = 0; side < 2; side++) {
        int64_t a = ends[side][0], b = ends[side][1];
        if (a > UINT32_MAX || b > UINT32_MAX || a < -(int64_t)UINT32_MAX || b < -(int64_t)UINT32_MAX)
            return false;
        low[side] += a < b ? a : b;
        high[side] += a < b ? b : a;
    }
    return true;
}

/* Leaves out axes of one index and joins those that follow each other evenly on both sides. */
static void add(box_t *box, const mr_axis *from, const uint8_t **src)
{
    const uint32_t *index = (const uint32_t *)(uintptr_t)from->index;
    axis_t          axis  = {from->count, from->src_stride, from->dst_stride, index};
    if (axis.count == 1) {
        *src += offset(&axis, 0);
        return;
    }
    axis_t *outer = box->rank ? &box->axis[box->rank - 1] : 0;
    if (outer && !outer->index && !index && outer->src == axis.src * (ptrdiff_t)axis.count &&
        outer->dst == axis.dst * (ptrdiff_t)axis.count) {
        outer->count *= axis.count;
        outer->src = axis.src;
        outer->dst = axis.dst;
        return;
    }
    box->axis[box->rank++] = axis;
}

static void move_last(box_t *box, uint32_t which, uint32_t place)
{
    axis_t moved = box->axis[which];
    for (; which < place; which++)
        box->axis[which] = box->axis[which + 1];
    box->axis[place] = moved;
}

/* The order of the axes is free: last the one along which the target runs, before it the one along which the source does. */
static void order(box_t *box)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < box->rank; i++)
        if (distance(box->axis[i].dst) <= distance(box->axis[best].dst))
            best = i;
    move_last(box, best, box->rank - 1);
    if (box->rank < 3)
        return;
    best = box->rank - 2;
    for (uint32_t i = 0; i + 2 < box->rank; i++)
        if (!box->axis[i].index && distance(box->axis[i].src) < distance(box->axis[best].src))
            best = i;
    move_last(box, best, box->rank - 2);
}

#define ELEMENTS(type)                                                                                                 \
    for (uint32_t c = 0; c < cols; c++, dst += col->dst)                                                               \
        STORE(type, dst, LOAD(type, src + offset(col, first + c)));                                                    \
    break

/* Part of one row. */
static inline void elements(uint8_t *dst, const uint8_t *src, const axis_t *col, uint32_t first, uint32_t cols, uint32_t itemsize)
{
    dst += (ptrdiff_t)first * col->dst;
    switch (itemsize) {
        case 1:
            ELEMENTS(uint8_t);
        case 2:
            ELEMENTS(uint16_t);
        case 4:
            ELEMENTS(uint32_t);
        case 8:
            ELEMENTS(uint64_t);
        case 16:
            ELEMENTS(v128_t);
        default:
            for (uint32_t c = 0; c < cols; c++, dst += col->dst) {
                const uint8_t *from = src + offset(col, first + c);
                if (itemsize >= LONG_RUN)
                    COPY(dst, from, itemsize);
                else
                    for (uint32_t k = 0; k < itemsize; k++)
                        dst[k] = from[k];
            }
    }
}

/* Rows that lie across each other, in tiles that stay in the cache. */
static void tiles(uint8_t *dst, const uint8_t *src, const axis_t *row, const axis_t *col, uint32_t row_from, uint32_t col_from, uint32_t itemsize)
{
    for (uint32_t r0 = row_from; r0 < row->count; r0 += TILE) {
        uint32_t rows = row->count - r0 < TILE ? row->count - r0 : TILE;
        for (uint32_t c0 = col_from; c0 < col->count; c0 += TILE) {
            uint32_t cols = col->count - c0 < TILE ? col->count - c0 : TILE;
            for (uint32_t r = r0; r < r0 + rows; r++)
                elements(dst + (ptrdiff_t)r * row->dst, src + offset(row, r), col, c0, cols, itemsize);
        }
    }
}

#define BLOCKS(size)                                                                                                   \
    for (uint32_t r = 0; r < rows; r += 16 / size)                                                                     \
        for (uint32_t c = 0; c < cols; c += 16 / size)                                                                 \
            block_##size(dst + (ptrdiff_t)r * row->dst + (ptrdiff_t)c * size, src + (ptrdiff_t)c * col->src + (ptrdiff_t)r * size,       \
                         col->src, row->dst);                                                                          \
    break

static void transpose(uint8_t *dst, const uint8_t *src, const axis_t *row, const axis_t *col, uint32_t size)
{
    uint32_t side = 16 / size, rows = row->count / side * side, cols = col->count / side * side;
    switch (size) {
        case 1:
            BLOCKS(1);
        case 2:
            BLOCKS(2);
        case 4:
            BLOCKS(4);
        default:
            BLOCKS(8);
    }
    if (cols < col->count) { /* what is left beside the blocks, then below them */
        axis_t above = *row;
        above.count  = rows;
        tiles(dst, src, &above, col, 0, cols, size);
    }
    tiles(dst, src, row, col, rows, 0, size);
}

static void swap_plane(uint8_t *dst, const axis_t *row, const axis_t *col, uint32_t itemsize, uint32_t unit)
{
    bool dense = col->dst == (ptrdiff_t)itemsize;
    if (dense && row->dst == (ptrdiff_t)(itemsize * col->count)) {
        mr_swap_run(dst, dst, itemsize * col->count * row->count, unit);
        return;
    }
    for (uint32_t r = 0; r < row->count; r++, dst += row->dst) {
        if (dense)
            mr_swap_run(dst, dst, itemsize * col->count, unit);
        else
            for (uint32_t c = 0; c < col->count; c++)
                mr_swap_run(dst + (ptrdiff_t)c * col->dst, dst + (ptrdiff_t)c * col->dst, itemsize, unit);
    }
}

static void plane(uint8_t *dst, const uint8_t *src, const axis_t *row, const axis_t *col, const box_t *box)
{
    uint32_t  itemsize = box->itemsize;
    ptrdiff_t size     = (ptrdiff_t)itemsize;
    bool      plain = !col->index && !row->index, run = !col->index && col->src == size && col->dst == size;
    if (run && itemsize * col->count >= LONG_RUN) {
        for (uint32_t r = 0; r < row->count; r++)
            COPY(dst + (ptrdiff_t)r * row->dst, src + offset(row, r), itemsize * col->count);
    } else if (plain && row->src == size && col->dst == size && (itemsize == 1 || itemsize == 2 || itemsize == 4 || itemsize == 8)) {
        transpose(dst, src, row, col, itemsize);
    } else if (distance(row->src) < distance(col->src)) {
        tiles(dst, src, row, col, 0, 0, itemsize);
    } else {
        for (uint32_t r = 0; r < row->count; r++)
            elements(dst + (ptrdiff_t)r * row->dst, src + offset(row, r), col, 0, col->count, itemsize);
    }
    if (box->unit > 1)
        swap_plane(dst, row, col, itemsize, box->unit);
}

static void walk(const box_t *box, uint32_t depth, uint8_t *dst, const uint8_t *src)
{
    const axis_t *axis = &box->axis[depth];
    if (depth + 2 == box->rank) {
        plane(dst, src, axis, axis + 1, box);
        return;
    }
    for (uint32_t i = 0; i < axis->count; i++)
        walk(box, depth + 1, dst + (ptrdiff_t)i * axis->dst, src + offset(axis, i));
}

int mr_copy(uint8_t *dst, uint32_t dst_length, uint32_t dst_start, const uint8_t *src, uint32_t src_length, uint32_t src_start,
            uint32_t rank, const mr_axis *axes, uint32_t itemsize, uint32_t unit)
{
    if (rank > MR_MAX_RANK || !itemsize || !unit || unit > 16 || (unit & (unit - 1)) || itemsize % unit ||
        !mr_inside(axes, rank * sizeof *axes) || !mr_inside(src, src_length) || !mr_inside(dst, dst_length))
        return MR_BAD;
    int64_t low[2] = {src_start, dst_start}, high[2] = {(int64_t)src_start + itemsize, (int64_t)dst_start + itemsize};
    for (uint32_t i = 0; i < rank; i++)
        if (!axes[i].count)
            return MR_OK;
    for (uint32_t i = 0; i < rank; i++)
        if (!reach(&axes[i], low, high))
            return MR_BAD;
    if (low[0] < 0 || low[1] < 0 || high[0] > src_length || high[1] > dst_length)
        return MR_BAD;
    box_t box = {.itemsize = itemsize, .unit = unit};
    src += src_start;
    dst += dst_start;
    for (uint32_t i = 0; i < rank; i++)
        add(&box, &axes[i], &src);
    if (box.rank)
        order(&box);
    axis_t one = {.count = 1, .src = (ptrdiff_t)itemsize, .dst = (ptrdiff_t)itemsize};
    if (box.rank < 2) { /* a plane of one row */
        axis_t only = box.rank ? box.axis[0] : one;
        one.dst     = (ptrdiff_t)(itemsize * only.count);
        one.src     = only.index ? 0 : one.dst;
        plane(dst, src, &one, &only, &box);
    } else {
        walk(&box, 0, dst, src);
    }
    return MR_OK;
}

/* Making datasets, and changing their extent. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* HDF5's own limit of a chunk, and what an object header holds. */
#define MAX_CHUNK 4294967295.0
#define MAX_COMPACT 65520.0
/* Addresses cross the border as doubles. */
#define MAX_BYTES 9007199254740992.0

/* What mt_dataset_create is given, but where. */
typedef struct {
    hid_t           type;
    int             rank;
    const double   *dims;
    const double   *max_dims;
    const double   *chunk;
    const uint32_t *filters;
    const void     *fill;
    unsigned        flags;
    size_t          item_size; /* in storage */
} plan_t;

static bool is_fixed(const plan_t *plan, int axis)
{
    return !plan->max_dims || plan->max_dims[axis] == plan->dims[axis];
}

static int check_unchunked(const plan_t *plan)
{
    double bytes = (double)plan->item_size;
    for (int i = 0; i < plan->rank; i++) {
        if (!is_fixed(plan, i))
            return mt_fail("shape", "Cannot make a dataset that can grow without chunks: axis %d can", i);
        bytes *= plan->dims[i];
    }
    if (plan->filters && plan->filters[0])
        return mt_fail("shape", "Cannot make a dataset with filters without chunks");
    if (bytes > MAX_BYTES)
        return mt_fail("shape", "Cannot make a dataset of %.0f bytes: at most 2^53 fit into a file", bytes);
    if ((plan->flags & MT_MAKE_COMPACT) && bytes > MAX_COMPACT)
        return mt_fail("shape", "Cannot keep %.0f bytes in an object header: at most %.0f fit", bytes, MAX_COMPACT);
    return 0;
}

static int check_chunk(const plan_t *plan, hsize_t *chunk)
{
    double bytes = (double)plan->item_size;
    if (plan->rank <= 0)
        return mt_fail("shape", "Cannot make a dataset with chunks that has no axes");
    if (plan->flags & MT_MAKE_COMPACT)
        return mt_fail("shape", "Cannot keep a dataset with chunks in an object header");
    for (int i = 0; i < plan->rank; i++) {
        double size = plan->chunk[i];
        if (!(size >= 1 && size <= MAX_CHUNK && size == (double)(uint32_t)size))
            return mt_fail("shape", "Cannot make chunks of %.17g elements along axis %d", size, i);
        double most = plan->max_dims ? plan->max_dims[i] : plan->dims[i];
        if (most > 0 && size > most)
            return mt_fail("shape", "Cannot make chunks of %.0f elements along axis %d: it has at most %.0f", size, i,
                           most);
        chunk[i] = (hsize_t)size;
        bytes *= size;
    }
    if (bytes > MAX_CHUNK)
        return mt_fail("shape", "Cannot make chunks of %.0f bytes: they have less than 4 GiB", bytes);
    return 0;
}

/* Free space that metadata has left is no larger; what larger data leaves is noted (mt_file_note_freed). */
#define SMALL_BYTES (1 << 20)

/*
 * The library writes no fill value that isn't set into contiguous storage: what isn't written to then reads as what lay
 * there before, where the space was used already. Written as a whole at once, storage is filled by neither rule.
 */
static bool may_hold_old_bytes(const plan_t *plan)
{
    double bytes = (double)plan->item_size;
    for (int i = 0; i < plan->rank; i++)
        bytes *= plan->dims[i];
    return !plan->chunk && !(plan->flags & MT_MAKE_COMPACT) && (bytes <= SMALL_BYTES || mt_file_has_freed());
}

static int set_fill(hid_t dcpl, const plan_t *plan)
{
    mt_form_t       form   = {H5I_INVALID_HID, H5P_DEFAULT, NULL, NULL};
    int             result = 0;
    H5D_fill_time_t time   = (plan->flags & MT_MAKE_FILL_NEVER) ? H5D_FILL_TIME_NEVER
                             : may_hold_old_bytes(plan)         ? H5D_FILL_TIME_ALLOC
                                                                : H5D_FILL_TIME_IFSET;
    if (H5Pset_fill_time(dcpl, time) < 0)
        return mt_fail_as("shape", "Cannot set the fill time");
    if (!plan->fill)
        return 0;
    if (mt_form_take(plan->type, 0, plan->fill, 1, "a fill value", &form) < 0 ||
        H5Pset_fill_value(dcpl, form.memory, form.bytes) < 0)
        result = mt_fail_as("dtype", "Cannot set the fill value");
    mt_form_leave(&form);
    return result;
}

static int set_layout(hid_t dcpl, const plan_t *plan)
{
    hsize_t chunk[H5S_MAX_RANK];
    if (!plan->chunk) {
        if (check_unchunked(plan) < 0)
            return -1;
        return !(plan->flags & MT_MAKE_COMPACT) || H5Pset_layout(dcpl, H5D_COMPACT) >= 0
                   ? 0
                   : mt_fail_as("shape", "Cannot set the layout");
    }
    if (check_chunk(plan, chunk) < 0)
        return -1;
    if (H5Pset_chunk(dcpl, plan->rank, chunk) < 0)
        return mt_fail_as("shape", "Cannot set the chunk shape");
    return plan->filters ? mt_filters_set(dcpl, plan->filters) : 0;
}

static hid_t creation_list(const plan_t *plan)
{
    hid_t dcpl = H5Pcreate(H5P_DATASET_CREATE);
    bool  order = (plan->flags & MT_MAKE_TRACK_ORDER) != 0, times = (plan->flags & MT_MAKE_TRACK_TIMES) != 0;
    if (dcpl < 0 || mt_make_list(dcpl, false, order, times) < 0 || set_layout(dcpl, plan) < 0 ||
        set_fill(dcpl, plan) < 0 ||
        ((plan->flags & MT_MAKE_ALLOCATE) && H5Pset_alloc_time(dcpl, H5D_ALLOC_TIME_EARLY) < 0)) {
        (void)mt_fail_as("shape", "Cannot make a dataset");
        mt_close(dcpl);
        return H5I_INVALID_HID;
    }
    return dcpl;
}

static int make(mt_place_t *place, const plan_t *plan)
{
    hid_t space  = mt_space_make(plan->rank, plan->dims, plan->max_dims, "dataset");
    hid_t dcpl   = space < 0 ? H5I_INVALID_HID : creation_list(plan);
    hid_t id     = H5I_INVALID_HID;
    if (dcpl >= 0) {
        id = H5Dcreate2(place->parent.id, place->name, plan->type, space, place->lcpl, dcpl, H5P_DEFAULT);
        if (id < 0)
            (void)mt_fail_as("shape", "Cannot make dataset \"%s\"", place->name);
    }
    mt_close(space);
    mt_close(dcpl);
    return id < 0 ? -1 : mt_place_present(place, id);
}

int mt_dataset_create(int from, const char *path, size_t path_length, int type, int rank, const double *dims,
                      const double *max_dims, const double *chunk, const uint32_t *filters, const void *fill,
                      unsigned flags)
{
    mt_enter();
    mt_place_t place;
    plan_t     plan   = {mt_type_at(type), rank, dims, max_dims, chunk, filters, fill, flags, 0};
    int        result = -1;
    if (plan.type < 0 || mt_type_storage_size(plan.type, 8, 0, &plan.item_size) < 0)
        return mt_leave(-1);
    if (mt_place_find(from, path, path_length, flags, "dataset", &place) == 0)
        result = make(&place, &plan);
    mt_place_leave(&place);
    return mt_leave(result);
}

/* What mt_object_open would say now, under the same handle. */
static int present_again(int number, const mt_handle_t *handle)
{
    mt_found_t found  = {handle->id, handle->slot, handle->path ? strdup(handle->path) : NULL};
    int        result = -1;
    if (handle->path && !found.path)
        return mt_fail("memory", "Cannot open \"%s\": out of memory", handle->path);
    if (H5Iinc_ref(found.id) < 0)
        found.id = H5I_INVALID_HID;
    else
        result = mt_object_present(&found, number);
    mt_close(found.id);
    free(found.path);
    return result;
}

static int take_extent(const mt_handle_t *handle, int rank, const double *dims, hsize_t *extent)
{
    const mt_dataset_t *dataset = handle->dataset;
    const char         *name    = mt_handle_name(handle);
    if (dataset->layout != H5D_CHUNKED)
        return mt_fail("shape", "Cannot resize \"%s\": it has no chunks", name);
    if (rank != dataset->rank)
        return mt_fail("shape", "Cannot resize \"%s\": it has %d axes, %d were given", name, dataset->rank, rank);
    for (int i = 0; i < rank; i++) {
        double most = dataset->max_dims[i] == H5S_UNLIMITED ? MAX_BYTES : (double)dataset->max_dims[i];
        if (!(dims[i] >= 0 && dims[i] <= most && dims[i] == (double)(uint64_t)dims[i]))
            return mt_fail("shape", "Cannot resize \"%s\" to %.17g elements along axis %d: it can have %.0f at most",
                           name, dims[i], i, most);
        extent[i] = (hsize_t)dims[i];
    }
    return 0;
}

int mt_dataset_resize(int number, int rank, const double *dims)
{
    mt_enter();
    hsize_t      extent[H5S_MAX_RANK];
    mt_handle_t *handle = mt_handle_dataset(number, "resize");
    if (!handle || !(handle = mt_handle_get(number)) || mt_file_check_write(handle->slot, "resize a dataset") < 0 ||
        take_extent(handle, rank, dims, extent) < 0)
        return mt_leave(-1);
    if (H5Dset_extent(handle->id, extent) < 0)
        return mt_leave(mt_fail_as("shape", "Cannot resize \"%s\"", mt_handle_name(handle)));
    mt_file_note_freed();
    mt_handle_resized(handle, extent);
    return mt_leave(present_again(number, handle));
}

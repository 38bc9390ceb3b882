#include "models.h"

#include <string.h>

#include "json.h"

model_t models[MODELS];

static unsigned names;

void names_start(void)
{
    names = 0;
}

size_t model_elements(const model_t *model)
{
    size_t count = 1;
    for (int axis = 0; axis < model->rank; axis++)
        count *= (size_t)model->dims[axis];
    return count;
}

const char *text_of(uint8_t number)
{
    static const char *const texts[] = {NULL, "", "a", "brain", "a longer text than the others, which takes its place in a heap"};
    return texts[number % 5];
}

/* ---- Types ---- */

static int number_type(choices_t *choices, size_t *size)
{
    uint32_t way = choose(choices, 12);
    if (way < 8) {
        *size = (size_t)1 << (way & 3);
        return mt_type_integer((int)*size, way > 3, (int)choose(choices, 2));
    }
    *size = way & 1 ? 4 : 8;
    return mt_type_float((int)*size, (int)choose(choices, 2));
}

static int make_type(choices_t *choices, kind_t kind, size_t *size)
{
    if (kind == TEXTS) {
        *size = sizeof(char *);
        return mt_type_string(0, 0, (int)choose(choices, 2));
    }
    if (kind == NUMBERS)
        return number_type(choices, size);
    size_t first = 0, second = 0;
    int    a = number_type(choices, &first), b = number_type(choices, &second);
    if (a <= 0 || b <= 0)
        return -1;
    if (choose(choices, 2)) {
        double dims[1] = {2};
        b              = mt_type_array(b, 1, dims);
        second *= 2;
    }
    *size    = first + second;
    int type = mt_type_compound((double)*size);
    if (type <= 0 || mt_type_member(type, "a", 1, 0, a) < 0 || mt_type_member(type, "\xc3\xa9", 2, (double)first, b) < 0)
        return -1;
    return type;
}

/* ---- Datasets ---- */

/* Filters as mt_dataset_create takes them. */
static void make_filters(choices_t *choices, kind_t kind, uint32_t *filters)
{
    /* lzf is optional, as h5py and the product make it: it gives up where nothing is saved. */
    static const uint32_t kinds[][5] = {{1, 0, 1, 6}, {2, 0, 0}, {3, 0, 0}, {32000, 1, 0}, {32004, 0, 0}, {32015, 0, 1, 3}};
    uint32_t              count = choose(choices, 4), *at = filters + 1;
    if (kind == TEXTS && count)
        count = 1;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *one = kinds[choose(choices, 6)];
        memcpy(at, one, (3 + one[2]) * sizeof *at);
        at += 3 + one[2];
    }
    *filters = count;
}

void model_forget(model_t *model)
{
    free(model->values);
    memset(model, 0, sizeof *model);
}

model_t *model_pick(choices_t *choices)
{
    model_t *model = &models[choose(choices, MODELS)];
    return model->live ? model : NULL;
}

bool handle_told(int *handle)
{
    json_t value;
    if (!json_member(json_out(), "handle", &value))
        return false;
    *handle = (int)json_number(value);
    return true;
}

void new_path(choices_t *choices, char *path)
{
    static const char *const folders[] = {"", "g/", "g/h/", "k/"};
    (void)snprintf(path, NAME, "%sd%u", folders[choose(choices, 4)], names++);
}

void dataset_create(choices_t *choices)
{
    model_t *model = &models[choose(choices, MODELS)];
    uint32_t filters[32], flags = MT_MAKE_PARENTS | (choose(choices, 64) & (2 | 4 | 32));
    bool     endless = choose(choices, 2);
    if (model->live)
        return;
    memset(model, 0, sizeof *model);
    model->kind    = choose(choices, 4) == 0 ? TEXTS : choose(choices, 3) == 0 ? PARTS : NUMBERS;
    model->rank    = (int)choose(choices, 4);
    model->chunked = model->rank && choose(choices, 3);
    for (int axis = 0; axis < model->rank; axis++) {
        model->dims[axis]     = choose(choices, 14);
        model->chunk[axis]    = 1 + choose(choices, 9);
        model->max_dims[axis] = endless && choose(choices, 2) ? -1 : model->dims[axis] + choose(choices, 9);
        if (!model->chunked)
            model->max_dims[axis] = model->dims[axis];
        if (model->max_dims[axis] == 0)
            model->max_dims[axis] = -1;
        if (!model->chunked && model->dims[axis] == 0)
            model->dims[axis] = model->max_dims[axis] = 1;
        if (model->chunked && model->max_dims[axis] > 0 && model->chunk[axis] > model->max_dims[axis])
            model->chunk[axis] = model->max_dims[axis];
    }
    int type = make_type(choices, model->kind, &model->size);
    if (type <= 0)
        return;
    make_filters(choices, model->kind, filters);
    if (!model->chunked) {
        filters[0] = 0;
        if (choose(choices, 3) == 0)
            flags |= MT_MAKE_COMPACT;
    }
    new_path(choices, model->path);
    TRACE("create %s, kind %d, size %zu, rank %d: %g %g %g, most %g %g %g, chunk %g %g %g (%d), %u filters, flags %u", model->path, model->kind, model->size,
          model->rank, model->dims[0], model->dims[1], model->dims[2], model->max_dims[0], model->max_dims[1], model->max_dims[2],
          model->chunk[0], model->chunk[1], model->chunk[2], model->chunked, filters[0], flags);
    int status = CALL(mt_dataset_create(0, model->path, strlen(model->path), type, model->rank, model->dims, model->max_dims,
                                        model->chunked ? model->chunk : NULL, filters, NULL, flags));
    if (status != MT_OK || !handle_told(&model->handle))
        return;
    model->values = calloc(model_elements(model) + 1, model->size);
    MUST(model->values, "no memory");
    model->live = true;
}

void dataset_write(choices_t *choices)
{
    model_t *model = model_pick(choices);
    double   start[3], count[3], step[3];
    size_t   total = 1;
    if (!model || !model_elements(model))
        return;
    for (int axis = 0; axis < model->rank; axis++) {
        double left = model->dims[axis];
        start[axis] = choose(choices, (uint32_t)left);
        step[axis]  = 1 + choose(choices, 3);
        count[axis] = 1 + choose(choices, (uint32_t)((left - start[axis] - 1) / step[axis]) + 1);
        total *= (size_t)count[axis];
    }
    uint8_t *values = calloc(total, model->size);
    MUST(values, "no memory");
    for (size_t i = 0; i < total; i++) {
        const char *text = text_of((uint8_t)choose(choices, 256));
        if (model->kind == TEXTS)
            memcpy(values + i * model->size, &text, sizeof text);
        for (size_t byte = 0; model->kind != TEXTS && byte < model->size; byte++)
            values[i * model->size + byte] = (uint8_t)(choose(choices, 4) * 63 + i % 50);
    }
    TRACE("write %s from %g %g %g, %g %g %g by %g %g %g", model->path, start[0], start[1], start[2], count[0], count[1], count[2], step[0], step[1], step[2]);
    if (CALL(mt_dataset_write(model->handle, model->rank, start, count, step, values)) == MT_OK)
        for (size_t i = 0; i < total; i++) {
            size_t rest = i, at = 0, stride = 1;
            for (int axis = model->rank - 1; axis >= 0; axis--) {
                at += (size_t)(start[axis] + (double)(rest % (size_t)count[axis]) * step[axis]) * stride;
                rest /= (size_t)count[axis];
                stride *= (size_t)model->dims[axis];
            }
            memcpy(model->values + at * model->size, values + i * model->size, model->size);
        }
    free(values);
}

void dataset_resize(choices_t *choices)
{
    model_t *model = model_pick(choices);
    double   dims[3];
    if (!model || !model->chunked)
        return;
    model_t after = *model;
    for (int axis = 0; axis < model->rank; axis++) {
        dims[axis] = choose(choices, 20);
        if (model->max_dims[axis] >= 0 && dims[axis] > model->max_dims[axis])
            dims[axis] = model->max_dims[axis];
        after.dims[axis] = dims[axis];
    }
    TRACE("resize %s to %g %g %g", model->path, dims[0], dims[1], dims[2]);
    if (CALL(mt_dataset_resize(model->handle, model->rank, dims)) != MT_OK)
        return;
    after.values = calloc(model_elements(&after) + 1, model->size);
    MUST(after.values, "no memory");
    for (size_t i = 0; i < model_elements(&after); i++) {
        size_t rest = i, at = 0, stride = 1;
        bool   both = true;
        for (int axis = model->rank - 1; axis >= 0; axis--) {
            size_t place = rest % (size_t)after.dims[axis];
            rest /= (size_t)after.dims[axis];
            both = both && (double)place < model->dims[axis];
            at += place * stride;
            stride *= (size_t)model->dims[axis];
        }
        if (both)
            memcpy(after.values + i * model->size, model->values + at * model->size, model->size);
    }
    free(model->values);
    *model = after;
}

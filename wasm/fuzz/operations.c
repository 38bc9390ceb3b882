#include "operations.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

/* With MT_FUZZ_TRACE set, an input tells what it does. */
#define TRACE(...) (void)(getenv("MT_FUZZ_TRACE") && fprintf(stderr, __VA_ARGS__) && fputc('\n', stderr))

#define MODELS 10
#define ELEMENTS 4096
#define NAME 40

/* A dataset that was made, and its values in memory layout; strings are numbers that stand for their texts. */
typedef enum { NUMBERS, TEXTS, PARTS } kind_t;
typedef struct {
    bool     live;
    kind_t   kind;
    char     path[NAME];
    int      handle, rank;
    double   dims[3], max_dims[3], chunk[3];
    bool     chunked;
    size_t   size; /* bytes of an element in memory */
    uint8_t *values;
} model_t;

static model_t models[MODELS];

typedef struct {
    bool    live;
    char    name[NAME];
    int32_t values[8];
    int     count;
} attribute_t;
static attribute_t attributes[4]; /* of the root */

static size_t elements(const model_t *model)
{
    size_t count = 1;
    for (int axis = 0; axis < model->rank; axis++)
        count *= (size_t)model->dims[axis];
    return count;
}

static const char *text_of(uint8_t number)
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

static void forget(model_t *model)
{
    free(model->values);
    memset(model, 0, sizeof *model);
}

static model_t *pick(choices_t *choices)
{
    model_t *model = &models[choose(choices, MODELS)];
    return model->live ? model : NULL;
}

static bool handle_told(int *handle)
{
    json_t value;
    if (!json_member(json_out(), "handle", &value))
        return false;
    *handle = (int)json_number(value);
    return true;
}

/* A name that no other has: groups on the way are made. */
static void new_path(choices_t *choices, char *path)
{
    static unsigned number;
    static const char *const folders[] = {"", "g/", "g/h/", "k/"};
    (void)snprintf(path, NAME, "%sd%u", folders[choose(choices, 4)], number++ % 100000);
}

static void create(choices_t *choices)
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
    model->values = calloc(elements(model) + 1, model->size);
    MUST(model->values, "no memory");
    model->live = true;
}

static void write_values(choices_t *choices)
{
    model_t *model = pick(choices);
    double   start[3], count[3], step[3];
    size_t   total = 1;
    if (!model || !elements(model))
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

static void resize(choices_t *choices)
{
    model_t *model = pick(choices);
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
    after.values = calloc(elements(&after) + 1, model->size);
    MUST(after.values, "no memory");
    for (size_t i = 0; i < elements(&after); i++) {
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

/* ---- Links and attributes ---- */

static void links(choices_t *choices)
{
    model_t *model = pick(choices);
    char     path[NAME];
    new_path(choices, path);
    size_t   length = strlen(path);
    uint32_t way    = choose(choices, 6);
    TRACE("link %u: %s, %s", way, model ? model->path : "none", path);
    switch (way) {
        case 0:
            if (model && CALL(mt_link_move(0, model->path, strlen(model->path), path, length, MT_MAKE_PARENTS)) == MT_OK)
                memcpy(model->path, path, NAME);
            break;
        case 1:
            if (model && CALL(mt_link_hard(0, path, length, model->handle, MT_MAKE_PARENTS)) == MT_OK && choose(choices, 2))
                memcpy(model->path, path, NAME);
            break;
        case 2:
            (void)CALL(mt_link_soft(0, path, length, "g/h/d1", 6, MT_MAKE_PARENTS));
            break;
        case 3:
            (void)CALL(mt_link_external(0, path, length, "other.h5", 8, "/g", 2, MT_MAKE_PARENTS));
            break;
        case 4:
            (void)CALL(mt_group_create(0, path, length, MT_MAKE_PARENTS | choose(choices, 4)));
            break;
        default:
            if (model && CALL(mt_link_delete(0, model->path, strlen(model->path))) == MT_OK)
                forget(model);
    }
}

static void attribute(choices_t *choices)
{
    attribute_t *one     = &attributes[choose(choices, 4)];
    double       dims[1] = {1 + choose(choices, 8)};
    int32_t      values[8];
    (void)snprintf(one->name, sizeof one->name, "name %d", (int)(one - attributes));
    if (choose(choices, 4) == 0) {
        if (CALL(mt_attr_delete(0, one->name, strlen(one->name))) == MT_OK)
            one->live = false;
        return;
    }
    for (int i = 0; i < 8; i++)
        values[i] = (int32_t)choose(choices, 256) - 100;
    if (CALL(mt_attr_write(0, one->name, strlen(one->name), mt_type_integer(4, 1, (int)choose(choices, 2)), 1, dims, values)) != MT_OK)
        return;
    memcpy(one->values, values, sizeof values);
    one->count = (int)dims[0];
    one->live  = true;
}

/* Attributes of a dataset: many, so that they move to a heap. */
static void attribute_of(choices_t *choices)
{
    model_t *model = pick(choices);
    char     name[NAME];
    if (!model)
        return;
    (void)snprintf(name, sizeof name, "of %u", choose(choices, 20));
    TRACE("attribute %s of %s", name, model->path);
    if (choose(choices, 4) == 0) {
        (void)CALL(mt_attr_delete(model->handle, name, strlen(name)));
        return;
    }
    const char *text = text_of((uint8_t)choose(choices, 5));
    (void)CALL(mt_attr_write(model->handle, name, strlen(name), mt_type_string(0, 0, 1), 0, NULL, &text));
}

void operations_run(choices_t *choices, int most)
{
    while (most-- && choices->at < choices->end) {
        switch (choose(choices, 10)) {
            case 0:
            case 1:
                create(choices);
                break;
            case 2:
            case 3:
            case 4:
                write_values(choices);
                break;
            case 5:
                resize(choices);
                break;
            case 6:
                links(choices);
                break;
            case 7:
                attribute(choices);
                break;
            case 8:
                attribute_of(choices);
                break;
            default:
                (void)CALL(choose(choices, 4) ? mt_file_flush() : mt_type_clear());
        }
    }
}

/* ---- Is it there? ---- */

static void verify_text(const model_t *model, size_t i, const uint8_t *got)
{
    const char *wanted, *text;
    memcpy(&wanted, model->values + i * model->size, sizeof wanted);
    memcpy(&text, got + i * sizeof text, sizeof text);
    MUST(strcmp(text ? text : "", wanted ? wanted : "") == 0, "%s: another text", model->path);
}

static void verify_model(const model_t *model, bool strict)
{
    double start[3] = {0}, step[3] = {1, 1, 1};
    int    handle = 0;
    if (CALL(mt_object_open(0, model->path, strlen(model->path), 16)) != MT_OK) {
        MUST(!strict, "%s is not there: %.*s", model->path, (int)mt_out_len(), (const char *)mt_out_ptr());
        return;
    }
    MUST(handle_told(&handle), "an object without handle");
    int status = CALL(mt_dataset_read(handle, model->rank, start, model->dims, step));
    MUST(status == MT_OK || !strict, "%s can't be read: %.*s", model->path, (int)mt_out_len(), (const char *)mt_out_ptr());
    if (status == MT_OK) {
        MUST(mt_value_len() == elements(model) * model->size, "%s: another size", model->path);
        for (size_t i = 0; model->kind == TEXTS && i < elements(model); i++)
            verify_text(model, i, mt_value_ptr());
        MUST(model->kind == TEXTS || memcmp(mt_value_ptr(), model->values, mt_value_len()) == 0, "%s: other values", model->path);
        mt_value_release();
    }
    (void)CALL(mt_object_close(handle));
}

void operations_verify(bool strict)
{
    for (int i = 0; i < MODELS; i++)
        if (models[i].live)
            verify_model(&models[i], strict);
    for (int i = 0; i < 4; i++) {
        const attribute_t *one = &attributes[i];
        if (!one->live)
            continue;
        int status = CALL(mt_attr_read(0, one->name, strlen(one->name)));
        MUST(status == MT_OK || !strict, "an attribute can't be read");
        if (status != MT_OK)
            continue;
        MUST(mt_value_len() == 4 * (size_t)one->count && memcmp(mt_value_ptr(), one->values, mt_value_len()) == 0,
             "an attribute has other values");
        mt_value_release();
    }
    operations_forget();
}

void operations_forget(void)
{
    for (int i = 0; i < MODELS; i++)
        forget(&models[i]);
    memset(attributes, 0, sizeof attributes);
}

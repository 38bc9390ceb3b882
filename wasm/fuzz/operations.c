#include "operations.h"

#include <string.h>

#include "json.h"
#include "models.h"

typedef struct {
    bool    live;
    char    name[NAME];
    int32_t values[8];
    int     count;
} attribute_t;
static attribute_t attributes[4]; /* of the root */

/* ---- Links and attributes ---- */

static void links(choices_t *choices)
{
    model_t *model = model_pick(choices);
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
                model_forget(model);
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
    model_t *model = model_pick(choices);
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

void operations_start(void)
{
    names_start();
    operations_forget();
}

void operations_run(choices_t *choices, int most)
{
    while (most-- && choices->at < choices->end) {
        switch (choose(choices, 10)) {
            case 0:
            case 1:
                dataset_create(choices);
                break;
            case 2:
            case 3:
            case 4:
                dataset_write(choices);
                break;
            case 5:
                dataset_resize(choices);
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
        MUST(mt_value_len() == model_elements(model) * model->size, "%s: another size", model->path);
        for (size_t i = 0; model->kind == TEXTS && i < model_elements(model); i++)
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
        model_forget(&models[i]);
    memset(attributes, 0, sizeof attributes);
}

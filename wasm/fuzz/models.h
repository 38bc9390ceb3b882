/* Datasets that an input made, and the values that must be found in them. */
#ifndef MT_FUZZ_MODELS_H
#define MT_FUZZ_MODELS_H

#include <stdio.h>
#include <stdlib.h>

#include "host.h"

/* With MT_FUZZ_TRACE set, an input tells what it does. */
#define TRACE(...) (void)(getenv("MT_FUZZ_TRACE") && fprintf(stderr, __VA_ARGS__) && fputc('\n', stderr))

#define MODELS 10
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

extern model_t models[MODELS];

size_t   model_elements(const model_t *model);
void     model_forget(model_t *model);
model_t *model_pick(choices_t *choices); /* null: none there */

const char *text_of(uint8_t number);
/* The handle in the module's last answer. */
bool handle_told(int *handle);
/* Names begin anew with an input: what it does must not hang on those before. */
void names_start(void);
/* A name that no other of the input has: groups on the way are made. */
void new_path(choices_t *choices, char *path);

void dataset_create(choices_t *choices);
void dataset_write(choices_t *choices);
void dataset_resize(choices_t *choices);

#endif

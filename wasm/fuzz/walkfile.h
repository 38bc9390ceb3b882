/* A walk over a whole file as the product makes it: groups, attributes, values, references; each object once. */
#ifndef MT_FUZZ_WALKFILE_H
#define MT_FUZZ_WALKFILE_H

#include "host.h"
#include "json.h"

/* What is done with every object, beside listing it: object is what mt_object_open told, valid until the return. */
typedef void (*walk_visit_t)(int handle, json_t object, choices_t *choices);

/* Walks the open file from its root. values: attributes are read, too. */
void walk_file(bool values, walk_visit_t visit, choices_t *choices);

/* Shape of a dataset as told: its rank, or -1 where there is none (null) or it has more than 32 axes. */
int walk_shape(json_t object, const char *member, double *shape);

/* Looks at every byte of a value as its TYPE says, and follows its references. */
void walk_value(json_t type, const uint8_t *bytes, size_t count);

#endif

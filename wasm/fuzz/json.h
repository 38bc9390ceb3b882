/* The JSON that the module gives, read as strictly as JSON.parse does: what it would refuse is a finding. */
#ifndef MT_FUZZ_JSON_H
#define MT_FUZZ_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* One value within a text. */
typedef struct {
    const char *at, *end;
} json_t;

/* The out buffer, checked as a whole: valid until the next call into the module. */
json_t json_out(void);
/* The same, copied; free(at). */
json_t json_keep(void);
/* A member of an object; false where there is none (or it is no object). */
bool json_member(json_t object, const char *name, json_t *value);
/* The next entry of an array: *entry starts as {0}. False after the last. */
bool   json_next(json_t array, json_t *entry);
bool   json_is(json_t value, const char *text);
double json_number(json_t value);
/* Decodes a string into room bytes (no zero at the end): its length, or -1 where it is longer or none. */
int json_text(json_t value, char *text, size_t room);

#endif

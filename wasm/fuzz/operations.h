/* Changes of a file by choice, with a model in memory of what it must hold afterwards. */
#ifndef MT_FUZZ_OPERATIONS_H
#define MT_FUZZ_OPERATIONS_H

#include "host.h"

/* Before an input's first operation. */
void operations_start(void);
/* Does up to that many operations on the open file. */
void operations_run(choices_t *choices, int most);
/* Whether the open file gives back what the model says; strict: all must succeed. Forgets the model. */
void operations_verify(bool strict);
void operations_forget(void);

#endif

/* What libFuzzer calls. */
#ifndef MT_FUZZ_TARGET_H
#define MT_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif

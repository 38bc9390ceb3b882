/* Makes a file by choice, closes it, opens it again and finds in it what was written; then changes it and looks again. */
#include <stdlib.h>

#include "operations.h"

#include "target.h"

bool mt_fuzz_is_file = false;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    choices_t choices = {bytes, bytes + size};
    host_start();
    mt_fuzz_checksums_pass = false;
    host_set(NULL, 0, false);
    operations_start();
    uint32_t flags = choose(&choices, 4), more = choose(&choices, 40);
    if (CALL(mt_file_create("folder/main.h5", 14, flags, choose(&choices, 8) == 1 ? 512 : 0)) != MT_OK)
        return 0;
    operations_run(&choices, (int)more);
    MUST(host_close() == MT_OK, "a file that was made can't be closed");
    MUST(mt_open_ids() == 0, "%d ids stay open", mt_open_ids());
    MUST(CALL(mt_file_open("folder/main.h5", 14)) == MT_OK, "a file that was made can't be opened");
    operations_verify(true);
    (void)host_close();
    if (choices.at == choices.end)
        return 0;
    MUST(CALL(mt_file_change("folder/main.h5", 14, flags)) == MT_OK, "a file that was made can't be changed");
    operations_run(&choices, 60);
    MUST(host_close() == MT_OK, "a file that was changed can't be closed");
    MUST(mt_open_ids() == 0, "%d ids stay open", mt_open_ids());
    MUST(CALL(mt_file_open("folder/main.h5", 14)) == MT_OK, "a file that was changed can't be opened");
    operations_verify(true);
    (void)host_close();
    return 0;
}

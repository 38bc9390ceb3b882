/* Out-of-band notes of the driver, and the one way to close an id. */
#include "internal.h"

mt_note_t mt_note;

void mt_close(hid_t id)
{
    if (id > 0 && H5Idec_ref(id) < 0)
        (void)mt_fail("corrupt", "Cannot close an object");
}

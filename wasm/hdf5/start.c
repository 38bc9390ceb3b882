/* Life of the module, memory for the host, and the list of filters. */
#include <malloc.h>
#include <stdlib.h>

#include "codecs/codecs.h"
#include "internal.h"

int mt_start(void)
{
    mt_enter();
    /* Read once, when the library starts: raw data in external files lies beside the file that names it. */
    if (setenv("HDF5_EXTFILE_PREFIX", "${ORIGIN}", 1) != 0)
        return mt_leave(mt_fail("memory", "Cannot start: out of memory"));
    /* Printing error stacks would be most of what a restarted call costs. */
    if (H5dont_atexit() < 0 || H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0)
        return mt_leave(mt_fail("memory", "Cannot start libhdf5"));
    if (mt_codecs_register() < 0)
        return mt_leave(mt_fail_library("Cannot register the filters"));
    if (mt_convert_start() < 0)
        return mt_leave(mt_fail_library("Cannot register a conversion"));
    return mt_leave(mt_driver_start());
}

void *mt_alloc(size_t size)
{
    return malloc(size);
}

void mt_free(void *ptr)
{
    free(ptr);
}

int mt_filters(void)
{
    mt_enter();
    bool first = true;
    mt_out_text("[");
    for (int i = 0; i < mt_codec_count(); i++) {
        mt_codec_info_t codec = mt_codec_at(i);
        mt_out_comma(&first);
        mt_out_text("{\"id\":");
        mt_out_signed(codec.id);
        mt_out_text(",\"name\":");
        mt_out_string(codec.name);
        mt_out_text(",\"encode\":");
        mt_out_bool(codec.encode);
        mt_out_text("}");
    }
    mt_out_text("]");
    return mt_leave(0);
}

double mt_memory_used(void)
{
    return (double)(size_t)mallinfo().uordblks;
}

int mt_open_ids(void)
{
    return (int)H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_ALL);
}

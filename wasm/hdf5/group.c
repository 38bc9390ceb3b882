/* Listing the links of a group without opening what they lead to. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int hard_json(hid_t group, const H5L_info2_t *info)
{
    haddr_t address = HADDR_UNDEF;
    if (H5VLnative_token_to_addr(group, info->u.token, &address) < 0)
        return mt_fail_library("Cannot read a link's address");
    mt_out_text(",\"type\":\"hard\",\"address\":");
    mt_out_unsigned(address);
    return 0;
}

static int unpack_json(const char *value, size_t size)
{
    const char *file = NULL, *object = NULL;
    if (H5Lunpack_elink_val(value, size, NULL, &file, &object) < 0)
        return mt_fail_library("Cannot read an external link");
    mt_out_text(",\"type\":\"external\",\"target\":");
    mt_out_string(object);
    mt_out_text(",\"file\":");
    mt_out_string(file);
    return 0;
}

static int target_json(hid_t group, const char *name, const H5L_info2_t *info)
{
    size_t size  = info->u.val_size;
    char  *value = calloc(1, size + 1);
    int    result = 0;
    if (!value)
        return mt_fail("memory", "Cannot read link \"%s\": out of memory", name);
    if (H5Lget_val(group, name, value, size, H5P_DEFAULT) < 0)
        result = mt_fail_library("Cannot read link \"%s\"", name);
    else if (info->type == H5L_TYPE_EXTERNAL)
        result = unpack_json(value, size);
    else {
        mt_out_text(",\"type\":\"soft\",\"target\":");
        mt_out_string(value);
    }
    free(value);
    return result;
}

static herr_t list_one(hid_t group, const char *name, const H5L_info2_t *info, void *data)
{
    int result = 0;
    mt_out_comma(data);
    mt_out_text("{\"name\":");
    mt_out_string(name);
    if (info->type == H5L_TYPE_HARD)
        result = hard_json(group, info);
    else if (strchr(name, '/')) /* only in files that no library wrote: no call takes such a name */
        mt_out_text(info->type == H5L_TYPE_SOFT ? ",\"type\":\"soft\"" : ",\"type\":\"user\"");
    else if (info->type == H5L_TYPE_SOFT || info->type == H5L_TYPE_EXTERNAL)
        result = target_json(group, name, info);
    else
        mt_out_text(",\"type\":\"user\"");
    mt_out_text("}");
    return result;
}

/* True where the group indexes or at least tracks the order in which its links were made. */
static bool tracks_order(hid_t group)
{
    unsigned flags   = 0;
    hid_t    plist   = H5Gget_create_plist(group);
    bool     tracked = plist >= 0 && H5Pget_link_creation_order(plist, &flags) >= 0 && (flags & H5P_CRT_ORDER_TRACKED);
    mt_close(plist);
    return tracked;
}

int mt_group_list(int number, int by_creation)
{
    mt_enter();
    bool         first  = true;
    hsize_t      at     = 0;
    int          result = 0;
    mt_handle_t *handle = mt_handle_get(number);
    if (handle && handle->kind != MT_GROUP) {
        (void)mt_fail("wrong-kind", "Cannot list \"%s\": it is not a group", mt_handle_name(handle));
        handle = NULL;
    }
    if (!handle)
        return mt_leave(-1);
    H5_index_t index = by_creation && tracks_order(handle->id) ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
    mt_out_text("[");
    if (H5Literate2(handle->id, index, H5_ITER_INC, &at, list_one, &first) < 0)
        result = mt_fail_library("Cannot list group \"%s\"", mt_handle_name(handle));
    mt_out_text("]");
    return mt_leave(result);
}

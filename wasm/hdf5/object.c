/* Opening objects by path and by address, and what is told of them. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Message types of object headers (format specification IV.A.2): an old group's symbol table. */
#define MESSAGE_SYMBOL_TABLE 0x11

static int group_json(hid_t id)
{
    H5O_native_info_t header;
    H5G_info_t        info;
    unsigned          order = 0;
    hid_t             gcpl  = H5Gget_create_plist(id);
    int               result = -1;
    if (gcpl < 0 || H5Pget_link_creation_order(gcpl, &order) < 0 ||
        H5Oget_native_info(id, &header, H5O_NATIVE_INFO_HDR) < 0) {
        (void)mt_fail_library("Cannot read a group");
        goto done;
    }
    mt_out_text("\"members\":");
    /* An old group is counted by walking its whole B-tree. */
    if (header.hdr.mesg.present & ((uint64_t)1 << MESSAGE_SYMBOL_TABLE))
        mt_out_text("null");
    else if (H5Gget_info(id, &info) < 0) {
        (void)mt_fail_library("Cannot read a group");
        goto done;
    }
    else
        mt_out_unsigned(info.nlinks);
    mt_out_text(",\"trackOrder\":");
    mt_out_bool((order & H5P_CRT_ORDER_TRACKED) != 0);
    result = 0;
done:
    mt_close(gcpl);
    return result;
}

static int kind_json(mt_kind_t kind, hid_t id, int slot, const mt_dataset_t *dataset)
{
    if (kind == MT_GROUP)
        return group_json(id);
    if (kind == MT_DATASET)
        return mt_dataset_json(id, slot, dataset);
    mt_out_text("\"type\":");
    return mt_type_describe(id);
}

static void head_json(mt_kind_t kind, const mt_found_t *found, haddr_t address)
{
    static const char *const names[] = {"", "group", "dataset", "type"};
    mt_out_text("{\"kind\":");
    mt_out_string(names[kind]);
    mt_out_text(",\"path\":");
    if (found->path)
        mt_out_string(found->path);
    else
        mt_out_text("null");
    mt_out_text(",\"address\":");
    mt_out_unsigned(address);
    mt_out_text(",\"file\":");
    mt_out_signed(found->slot);
    mt_out_text(",");
}

static int kind_of(hid_t id, mt_kind_t *kind)
{
    switch (H5Iget_type(id)) {
        case H5I_GROUP:
            *kind = MT_GROUP;
            return 0;
        case H5I_DATASET:
            *kind = MT_DATASET;
            return 0;
        case H5I_DATATYPE:
            *kind = MT_TYPE;
            return 0;
        default:
            return mt_fail("unsupported", "Cannot open an object of an unknown kind");
    }
}

int mt_object_present(mt_found_t *found, int number)
{
    mt_kind_t     kind    = MT_GROUP;
    mt_dataset_t *dataset = NULL;
    haddr_t       address = HADDR_UNDEF;
    H5O_info2_t   info;
    if (kind_of(found->id, &kind) < 0)
        return -1;
    if (H5Oget_info3(found->id, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS) < 0 ||
        H5VLnative_token_to_addr(found->id, info.token, &address) < 0)
        return mt_fail_library("Cannot read the header of \"%s\"", found->path ? found->path : "an object");
    if (kind == MT_DATASET && mt_dataset_inspect(found->id, found->slot, &dataset) < 0)
        return -1;
    head_json(kind, found, address);
    int result = kind_json(kind, found->id, found->slot, dataset);
    mt_out_text(",\"attributes\":");
    mt_out_unsigned(info.num_attrs);
    bool absent = mt_note.absent_file[0] && !mt_note.absent_is_end;
    if (result == 0 && mt_clean() && !absent)
        result = mt_handle_take(number, kind, found->slot, address, found->id, found->path, dataset);
    else
        result = -1;
    if (result < 0) {
        mt_dataset_free(dataset);
        return -1;
    }
    found->id   = H5I_INVALID_HID;
    found->path = NULL;
    mt_out_text(",\"handle\":");
    mt_out_signed(result);
    mt_out_text("}");
    return 0;
}

/* A failed attempt closes everything that it opened. */
static int finish(mt_found_t *found, int result)
{
    if (result == 0)
        result = mt_object_present(found, 0);
    mt_close(found->id);
    free(found->path);
    return mt_leave(result);
}

int mt_object_open(int from, const char *path, size_t path_length, int max_links)
{
    mt_enter();
    mt_found_t   found  = {H5I_INVALID_HID, 0, NULL};
    mt_handle_t *handle = mt_handle_get(from);
    return finish(&found, handle ? mt_path_walk(handle, path, path_length, max_links, &found) : -1);
}

int mt_object_open_at(int file, double address)
{
    mt_enter();
    mt_found_t  found = {H5I_INVALID_HID, file, NULL};
    H5O_token_t token;
    hid_t       id = mt_file_id(file);
    if (id < 0)
        return finish(&found, -1);
    if (!(address >= 0 && address < 9007199254740992.0))
        return finish(&found, mt_fail("not-found", "No object at address %.0f", address));
    if (H5VLnative_addr_to_token(id, (haddr_t)address, &token) < 0 || (found.id = H5Oopen_by_token(id, token)) < 0)
        return finish(&found, mt_fail_library("Cannot open the object at address %.0f", address));
    const char *known = mt_handle_known(file, (haddr_t)address);
    if (known && !(found.path = strdup(known)))
        return finish(&found, mt_fail("memory", "Cannot open an object: out of memory"));
    return finish(&found, 0);
}

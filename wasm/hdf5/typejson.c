/* Element types as JSON (TYPE in microtome.h): the type as opened and its memory form, walked side by side. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void field(const char *key, uint64_t value)
{
    mt_out_text(key);
    mt_out_unsigned(value);
}

static void order_json(hid_t type)
{
    H5T_order_t order = H5Tget_order(type);
    mt_out_text(",\"order\":");
    mt_out_string(H5Tget_size(type) == 1 ? "|" : order == H5T_ORDER_BE ? ">" : "<");
}

/* Where storage and memory differ in more than byte order. */
static void stored_json(hid_t type)
{
    bool same = H5Tget_class(type) == H5T_FLOAT ? mt_type_is_ieee(type) : mt_type_is_plain(type);
    if (same)
        return;
    field(",\"stored\":{\"size\":", H5Tget_size(type));
    field(",\"precision\":", H5Tget_precision(type));
    mt_out_text("}");
}

static void number_json(hid_t type, hid_t memory, const char *class)
{
    mt_out_text("{\"class\":");
    mt_out_string(class);
    field(",\"size\":", H5Tget_size(memory));
    if (H5Tget_class(type) == H5T_INTEGER) {
        mt_out_text(",\"signed\":");
        mt_out_bool(H5Tget_sign(type) == H5T_SGN_2);
    }
    order_json(type);
    stored_json(type);
}

static int string_json(hid_t type, hid_t memory)
{
    htri_t variable = H5Tis_variable_str(type);
    if (variable < 0)
        return mt_fail_library("Cannot read a string type");
    H5T_str_t padding = H5Tget_strpad(type);
    field("{\"class\":\"string\",\"size\":", variable ? sizeof(char *) : H5Tget_size(memory));
    mt_out_text(",\"variable\":");
    mt_out_bool(variable > 0);
    mt_out_text(",\"padding\":");
    mt_out_string(padding == H5T_STR_NULLPAD    ? "null-padded"
                  : padding == H5T_STR_SPACEPAD ? "space-padded"
                                                : "null-terminated");
    mt_out_text(",\"charset\":");
    mt_out_string(H5Tget_cset(type) == H5T_CSET_UTF8 ? "utf8" : "ascii");
    return 0;
}

/* Value of a member as decimal text: it is stored in the form of the file's integer. */
static int enum_value(hid_t type, hid_t base, unsigned index, char *text, size_t room)
{
    bool  is_signed = H5Tget_sign(base) == H5T_SGN_2;
    union {
        int64_t  i;
        uint64_t u;
        uint8_t  bytes[64];
    } value;
    memset(&value, 0, sizeof value);
    if (H5Tget_size(base) > sizeof value)
        return mt_fail("unsupported", "Cannot represent an enumeration of %zu bytes", H5Tget_size(base));
    if (H5Tget_member_value(type, index, &value) < 0 ||
        H5Tconvert(base, is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64, 1, &value, NULL, H5P_DEFAULT) < 0)
        return mt_fail_library("Cannot read member %u of an enumeration", index);
    if (is_signed)
        (void)snprintf(text, room, "%" PRId64, value.i);
    else
        (void)snprintf(text, room, "%" PRIu64, value.u);
    return 0;
}

static int enum_members(hid_t type, hid_t base)
{
    bool first = true;
    int  count = H5Tget_nmembers(type);
    if (count < 0)
        return mt_fail_library("Cannot read an enumeration");
    for (unsigned i = 0; i < (unsigned)count; i++) {
        char  text[32];
        char *name = H5Tget_member_name(type, i);
        if (!name)
            return mt_fail_library("Cannot read member %u of an enumeration", i);
        mt_out_comma(&first);
        mt_out_text("[");
        mt_out_string(name);
        (void)H5free_memory(name);
        if (enum_value(type, base, i, text, sizeof text) < 0)
            return -1;
        mt_out_text(",");
        mt_out_string(text);
        mt_out_text("]");
    }
    return 0;
}

static int enum_json(hid_t type, hid_t memory, int depth)
{
    hid_t base = H5Tget_super(type);
    if (base < 0)
        return mt_fail_library("Cannot read an enumeration");
    field("{\"class\":\"enum\",\"size\":", H5Tget_size(memory));
    order_json(base);
    mt_out_text(",\"base\":");
    int result = mt_type_json(base, memory, depth + 1);
    if (result == 0) {
        mt_out_text(",\"members\":[");
        result = enum_members(type, base);
        mt_out_text("]");
    }
    mt_close(base);
    return result;
}

static int member_json(hid_t type, hid_t memory, unsigned index, int depth)
{
    hid_t file_member   = H5Tget_member_type(type, index);
    hid_t memory_member = H5Tget_member_type(memory, index);
    char *name          = H5Tget_member_name(type, index);
    int   result        = -1;
    if (file_member < 0 || memory_member < 0 || !name) {
        (void)mt_fail_library("Cannot read member %u of a compound type", index);
        goto done;
    }
    mt_out_text("{\"name\":");
    mt_out_string(name);
    field(",\"offset\":", H5Tget_member_offset(memory, index));
    mt_out_text(",\"type\":");
    result = mt_type_json(file_member, memory_member, depth + 1);
    mt_out_text("}");
done:
    if (name)
        (void)H5free_memory(name);
    mt_close(file_member);
    mt_close(memory_member);
    return result;
}

static int compound_json(hid_t type, hid_t memory, int depth)
{
    bool first = true;
    int  count = H5Tget_nmembers(type);
    if (count < 0)
        return mt_fail_library("Cannot read a compound type");
    field("{\"class\":\"compound\",\"size\":", H5Tget_size(memory));
    mt_out_text(",\"members\":[");
    for (unsigned i = 0; i < (unsigned)count; i++) {
        mt_out_comma(&first);
        if (member_json(type, memory, i, depth) < 0)
            return -1;
    }
    mt_out_text("]");
    return 0;
}

static int shape_json(hid_t type)
{
    hsize_t dims[H5S_MAX_RANK];
    bool    first = true;
    int     rank  = H5Tget_array_dims2(type, dims);
    if (rank < 0)
        return mt_fail_library("Cannot read an array type");
    mt_out_text(",\"shape\":[");
    for (int i = 0; i < rank; i++) {
        mt_out_comma(&first);
        mt_out_unsigned(dims[i]);
    }
    mt_out_text("]");
    return 0;
}

/* Arrays and sequences. */
static int nested_json(hid_t type, hid_t memory, const char *class, int depth)
{
    hid_t base = H5Tget_super(type), memory_base = H5Tget_super(memory);
    int   result = -1;
    if (base < 0 || memory_base < 0) {
        (void)mt_fail_library("Cannot read an element type");
        goto done;
    }
    mt_out_text("{\"class\":");
    mt_out_string(class);
    field(",\"size\":", H5Tget_size(memory));
    if (H5Tget_class(type) == H5T_ARRAY && shape_json(type) < 0)
        goto done;
    mt_out_text(",\"base\":");
    result = mt_type_json(base, memory_base, depth + 1);
done:
    mt_close(base);
    mt_close(memory_base);
    return result;
}

/* A complex number is told as the pair of members that all the rest of the world has for it. */
static int complex_json(hid_t type, hid_t memory, int depth)
{
    hid_t base = H5Tget_super(type), memory_base = H5Tget_super(memory);
    int   result = base < 0 || memory_base < 0 ? mt_fail_library("Cannot read an element type") : 0;
    if (result == 0) {
        field("{\"class\":\"compound\",\"size\":", H5Tget_size(memory));
        mt_out_text(",\"members\":[{\"name\":\"r\",\"offset\":0,\"type\":");
        result = mt_type_json(base, memory_base, depth + 1);
        field("},{\"name\":\"i\",\"offset\":", H5Tget_size(memory_base));
        mt_out_text(",\"type\":");
        if (result == 0)
            result = mt_type_json(base, memory_base, depth + 1);
        mt_out_text("}]");
    }
    mt_close(base);
    mt_close(memory_base);
    return result;
}

static void reference_json(hid_t memory)
{
    const char *target = H5Tequal(memory, H5T_STD_REF_OBJ) > 0       ? "object"
                         : H5Tequal(memory, H5T_STD_REF_DSETREG) > 0 ? "region"
                                                                     : "any";
    field("{\"class\":\"reference\",\"size\":", H5Tget_size(memory));
    mt_out_text(",\"target\":");
    mt_out_string(target);
}

static void opaque_json(hid_t type)
{
    bool  wide = H5Tget_class(type) != H5T_OPAQUE;
    char *tag  = wide ? NULL : H5Tget_tag(type);
    field("{\"class\":\"opaque\",\"size\":", H5Tget_size(type));
    mt_out_text(",\"tag\":");
    mt_out_string(tag ? tag : "");
    if (tag)
        (void)H5free_memory(tag);
    if (wide)
        stored_json(type);
}

static int body_json(hid_t type, hid_t memory, int depth)
{
    if (mt_type_is_opaque(type)) {
        opaque_json(type);
        return 0;
    }
    switch (H5Tget_class(type)) {
        case H5T_INTEGER:
            number_json(type, memory, "integer");
            return 0;
        case H5T_FLOAT:
            number_json(type, memory, "float");
            return 0;
        case H5T_BITFIELD:
            number_json(type, memory, "bitfield");
            return 0;
        case H5T_TIME:
            number_json(type, memory, "time");
            return 0;
        case H5T_STRING:
            return string_json(type, memory);
        case H5T_ENUM:
            return enum_json(type, memory, depth);
        case H5T_COMPOUND:
            return compound_json(type, memory, depth);
        case H5T_COMPLEX:
            return complex_json(type, memory, depth);
        case H5T_ARRAY:
            return nested_json(type, memory, "array", depth);
        case H5T_VLEN:
            return nested_json(type, memory, "vlen", depth);
        case H5T_REFERENCE:
            reference_json(memory);
            return 0;
        case H5T_OPAQUE: /* handled above */
        case H5T_NO_CLASS:
        case H5T_NCLASSES:
        default:
            return mt_fail("unsupported", "Cannot represent an element type of an unknown class");
    }
}

int mt_type_json(hid_t type, hid_t memory, int depth)
{
    if (depth > MT_TYPE_DEPTH)
        return mt_fail("limit", "Cannot represent an element type: nested more than %d levels deep", MT_TYPE_DEPTH);
    if (body_json(type, memory, depth) < 0)
        return -1;
    if (H5Tcommitted(type) > 0)
        mt_out_text(",\"committed\":true");
    mt_out_text("}");
    return 0;
}

int mt_type_describe(hid_t type)
{
    hid_t memory = mt_type_memory(type, 0);
    if (memory < 0)
        return -1;
    int result = mt_type_json(type, memory, 0);
    mt_close(memory);
    return result;
}

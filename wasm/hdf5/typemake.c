/* Element types that the host puts together, by number. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

/* Bytes of one element; past it offsets and sizes in the library's 32-bit arithmetic come into reach of overflows. */
#define MAX_SIZE 0x7fffffff

static struct {
    hid_t *ids;
    int    count, room;
} types;

hid_t mt_type_at(int type)
{
    if (type < 1 || type > types.count)
        return mt_fail("dtype", "No element type has number %d", type);
    return types.ids[type - 1];
}

void mt_types_release(void)
{
    for (int i = 0; i < types.count; i++)
        mt_close(types.ids[i]);
    free(types.ids);
    memset(&types, 0, sizeof types);
}

int mt_type_clear(void)
{
    mt_enter();
    mt_types_release();
    return mt_leave(0);
}

/* Ends an entry point that makes a type: takes it over; its number. */
static int keep(hid_t type)
{
    if (type >= 0 && types.count == types.room) {
        int    room = types.room ? types.room * 2 : 16;
        hid_t *ids  = realloc(types.ids, (size_t)room * sizeof *ids);
        if (ids) {
            types.ids  = ids;
            types.room = room;
        }
        else {
            (void)mt_fail("memory", "Cannot make an element type: out of memory");
            mt_close(type);
            type = H5I_INVALID_HID;
        }
    }
    if (type >= 0)
        types.ids[types.count++] = type;
    return mt_leave(type < 0 ? -1 : 0) == MT_OK ? types.count : -1;
}

static hid_t made(hid_t type)
{
    return type < 0 ? mt_fail_as("dtype", "Cannot make an element type") : type;
}

/* The type of a width of 1 << index bytes, copied. */
static int keep_number(const hid_t *of_width, int size, const char *what)
{
    for (int i = 0; i < 4; i++)
        if (size == 1 << i && of_width[i])
            return keep(made(H5Tcopy(of_width[i])));
    return keep(mt_fail("dtype", "Cannot make %s of %d bytes", what, size));
}

int mt_type_integer(int size, int is_signed, int order)
{
    mt_enter();
    const hid_t widths[2][2][4] = {
        {{H5T_STD_U8LE, H5T_STD_U16LE, H5T_STD_U32LE, H5T_STD_U64LE},
         {H5T_STD_U8BE, H5T_STD_U16BE, H5T_STD_U32BE, H5T_STD_U64BE}},
        {{H5T_STD_I8LE, H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE},
         {H5T_STD_I8BE, H5T_STD_I16BE, H5T_STD_I32BE, H5T_STD_I64BE}},
    };
    return keep_number(widths[is_signed != 0][order != 0], size, "an integer");
}

int mt_type_float(int size, int order)
{
    mt_enter();
    const hid_t widths[2][4] = {{0, H5T_IEEE_F16LE, H5T_IEEE_F32LE, H5T_IEEE_F64LE},
                                {0, H5T_IEEE_F16BE, H5T_IEEE_F32BE, H5T_IEEE_F64BE}};
    return keep_number(widths[order != 0], size, "a float");
}

int mt_type_bitfield(int size, int order)
{
    mt_enter();
    const hid_t widths[2][4] = {{H5T_STD_B8LE, H5T_STD_B16LE, H5T_STD_B32LE, H5T_STD_B64LE},
                                {H5T_STD_B8BE, H5T_STD_B16BE, H5T_STD_B32BE, H5T_STD_B64BE}};
    return keep_number(widths[order != 0], size, "a bit field");
}

static bool is_size(double size)
{
    return size >= 1 && size <= MAX_SIZE && size == (double)(uint32_t)size;
}

static hid_t no_size(double size, const char *what)
{
    return mt_fail("dtype", "Cannot make %s of %.0f bytes: from 1 to %d are allowed", what, size, MAX_SIZE);
}

int mt_type_string(double size, int padding, int charset)
{
    mt_enter();
    hid_t type;
    if (size != 0 && !is_size(size))
        return keep(no_size(size, "a string"));
    if (padding < 0 || padding > 2 || charset < 0 || charset > 1)
        return keep(mt_fail("dtype", "Cannot make a string of padding %d and character set %d", padding, charset));
    type = H5Tcopy(H5T_C_S1);
    if (type >= 0 && (H5Tset_size(type, size == 0 ? H5T_VARIABLE : (size_t)size) < 0 ||
                      H5Tset_strpad(type, (H5T_str_t)padding) < 0 || H5Tset_cset(type, (H5T_cset_t)charset) < 0)) {
        mt_close(type);
        type = H5I_INVALID_HID;
    }
    return keep(made(type));
}

/* A name of the host's, ending in 0: own memory. */
static char *own_name(const char *name, size_t length)
{
    char *copy = length && memchr(name, 0, length) ? NULL : strndup(length ? name : "", length);
    if (!copy)
        (void)mt_fail("dtype", "Cannot make an element type: a name has no zero byte");
    return copy;
}

int mt_type_opaque(double size, const char *tag, size_t tag_length)
{
    mt_enter();
    if (!is_size(size))
        return keep(no_size(size, "an opaque type"));
    if (tag_length > 255)
        return keep(mt_fail("dtype", "Cannot make an opaque type: its tag has %zu bytes, at most 255 are allowed",
                            tag_length));
    char *text = own_name(tag, tag_length);
    hid_t type = text ? H5Tcreate(H5T_OPAQUE, (size_t)size) : H5I_INVALID_HID;
    if (type >= 0 && H5Tset_tag(type, text) < 0) {
        mt_close(type);
        type = H5I_INVALID_HID;
    }
    free(text);
    return keep(made(type));
}

int mt_type_enum(int base)
{
    mt_enter();
    hid_t id = mt_type_at(base);
    if (id >= 0 && (H5Tget_class(id) != H5T_INTEGER || H5Tget_size(id) > 8))
        id = mt_fail("dtype", "Cannot make an enumeration: it is made of an integer of at most 8 bytes");
    return keep(id < 0 ? id : made(H5Tenum_create(id)));
}

int mt_type_enum_member(int type, const char *name, size_t name_length, const void *value)
{
    mt_enter();
    int64_t number = 0, stored = 0;
    hid_t   id     = mt_type_at(type);
    char   *text   = id < 0 ? NULL : own_name(name, name_length);
    int     result = -1;
    hid_t   base   = text && H5Tget_class(id) == H5T_ENUM ? H5Tget_super(id) : H5I_INVALID_HID;
    hid_t   number_type = base >= 0 && H5Tget_sign(base) == H5T_SGN_2 ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
    if (base >= 0) {
        memcpy(&number, value, sizeof number);
        stored         = number;
        int64_t back   = 0;
        bool    filled = H5Tconvert(number_type, base, 1, &stored, NULL, H5P_DEFAULT) >= 0;
        back           = stored;
        if (!filled || H5Tconvert(base, number_type, 1, &back, NULL, H5P_DEFAULT) < 0 || back != number)
            (void)mt_fail("dtype", "Cannot add \"%s\" to an enumeration: its value does not fit the integer under it",
                          text);
        else if (H5Tenum_insert(id, text, &stored) < 0)
            (void)mt_fail_as("dtype", "Cannot add \"%s\" to an enumeration", text);
        else
            result = 0;
    }
    else if (text)
        (void)mt_fail("dtype", "Cannot add \"%s\" to type %d: it is not an enumeration", text, type);
    mt_close(base);
    free(text);
    return mt_leave(result);
}

int mt_type_compound(double size)
{
    mt_enter();
    return keep(is_size(size) ? made(H5Tcreate(H5T_COMPOUND, (size_t)size)) : no_size(size, "a compound type"));
}

int mt_type_member(int type, const char *name, size_t name_length, double offset, int member)
{
    mt_enter();
    hid_t id     = mt_type_at(type);
    hid_t part   = id < 0 ? H5I_INVALID_HID : mt_type_at(member);
    char *text   = part < 0 ? NULL : own_name(name, name_length);
    int   result = -1;
    if (!text)
        return mt_leave(-1);
    if (H5Tget_class(id) != H5T_COMPOUND)
        (void)mt_fail("dtype", "Cannot add member \"%s\" to type %d: it is not a compound type", text, type);
    else if (!(offset >= 0 && offset + (double)H5Tget_size(part) <= (double)H5Tget_size(id)))
        (void)mt_fail("dtype", "Cannot add member \"%s\" of %zu bytes at byte %.0f: the compound type has %zu bytes",
                      text, H5Tget_size(part), offset, H5Tget_size(id));
    else if (H5Tinsert(id, text, (size_t)offset, part) < 0)
        (void)mt_fail_as("dtype", "Cannot add member \"%s\" to a compound type", text);
    else
        result = 0;
    free(text);
    return mt_leave(result);
}

int mt_type_array(int base, int rank, const double *dims)
{
    mt_enter();
    hsize_t sizes[H5S_MAX_RANK];
    hid_t   id    = mt_type_at(base);
    double  total = id < 0 ? 0 : (double)H5Tget_size(id);
    if (id < 0)
        return keep(id);
    if (rank < 1 || rank > H5S_MAX_RANK)
        return keep(mt_fail("dtype", "Cannot make an array type of %d axes: from 1 to %d are allowed", rank,
                            H5S_MAX_RANK));
    for (int i = 0; i < rank; i++) {
        if (!is_size(dims[i]))
            return keep(mt_fail("dtype", "Cannot make an array type: axis %d has %.0f elements", i, dims[i]));
        sizes[i] = (hsize_t)dims[i];
        total *= dims[i];
    }
    return keep(total > MAX_SIZE ? no_size(total, "an array type") : made(H5Tarray_create2(id, (unsigned)rank, sizes)));
}

int mt_type_vlen(int base)
{
    mt_enter();
    hid_t id = mt_type_at(base);
    return keep(id < 0 ? id : made(H5Tvlen_create(id)));
}

int mt_type_reference(int kind)
{
    mt_enter();
    if (kind < 0 || kind > 2)
        return keep(mt_fail("dtype", "No reference is of kind %d", kind));
    return keep(made(H5Tcopy(kind == 0 ? H5T_STD_REF_OBJ : kind == 1 ? H5T_STD_REF_DSETREG : H5T_STD_REF)));
}

int mt_type_of(int number)
{
    mt_enter();
    mt_handle_t *handle = mt_handle_get(number);
    if (!handle)
        return keep(-1);
    if (handle->kind == MT_DATASET)
        return keep(made(H5Dget_type(handle->id)));
    if (handle->kind != MT_TYPE)
        return keep(mt_fail("wrong-kind", "Cannot take the type of \"%s\": it is a group", mt_handle_name(handle)));
    return keep(H5Iinc_ref(handle->id) < 0 ? made(-1) : handle->id);
}

int mt_type_info(int type)
{
    mt_enter();
    hid_t id = mt_type_at(type);
    return mt_leave(id < 0 ? -1 : mt_type_describe(id));
}

int mt_type_commit(int from, const char *path, size_t path_length, int type)
{
    mt_enter();
    mt_place_t place;
    hid_t      id     = mt_type_at(type);
    hid_t      tcpl   = H5I_INVALID_HID;
    hid_t      copy   = H5I_INVALID_HID;
    int        result = -1;
    if (id < 0)
        return mt_leave(-1);
    if (mt_place_find(from, path, path_length, MT_MAKE_PARENTS, "committed type", &place) == 0) {
        copy = H5Tcopy(id);
        tcpl = H5Pcreate(H5P_DATATYPE_CREATE);
        if (copy < 0 || tcpl < 0 || mt_make_list(tcpl, false, false, false) < 0 ||
            H5Tcommit2(place.parent.id, place.name, copy, place.lcpl, tcpl, H5P_DEFAULT) < 0)
            (void)mt_fail_as("dtype", "Cannot commit type \"%s\"", place.name);
        else {
            result = mt_place_present(&place, copy);
            copy   = H5I_INVALID_HID;
        }
    }
    mt_close(copy);
    mt_close(tcpl);
    mt_place_leave(&place);
    return mt_leave(result);
}

/*
 * The memory form of element types: little-endian, plain widths, compounds laid out as the library lays them out.
 * Enumerations are read as the integers under them, so that a value without a name survives.
 */
#include <stdlib.h>

#include "internal.h"

bool mt_type_is_plain(hid_t type)
{
    size_t      size  = H5Tget_size(type);
    H5T_order_t order = H5Tget_order(type);
    if (size != 1 && size != 2 && size != 4 && size != 8)
        return false;
    if (order != H5T_ORDER_LE && order != H5T_ORDER_BE)
        return false;
    return H5Tget_precision(type) == 8 * size && H5Tget_offset(type) == 0;
}

bool mt_type_is_ieee(hid_t type)
{
    return H5Tequal(type, H5T_IEEE_F32LE) > 0 || H5Tequal(type, H5T_IEEE_F64LE) > 0 ||
           H5Tequal(type, H5T_IEEE_F16LE) > 0 || H5Tequal(type, H5T_IEEE_F32BE) > 0 ||
           H5Tequal(type, H5T_IEEE_F64BE) > 0 || H5Tequal(type, H5T_IEEE_F16BE) > 0;
}

/* What the widths that a host has can hold. */
static const struct {
    size_t  size, mantissa;
    int64_t largest, smallest; /* exponents */
} widths[] = {{2, 10, 16, -14}, {4, 23, 128, -126}};

/* A float that is none of IEEE's three becomes the least of them that is as wide and holds all its values, as in h5py;
 * what 8 bytes do not hold is rounded to them, the widest number that a host has. */
static size_t float_size(hid_t type)
{
    size_t sign = 0, exponent_at = 0, exponent = 0, mantissa_at = 0, mantissa = 0;
    size_t size = H5Tget_size(type);
    if (mt_type_is_ieee(type))
        return size;
    if (H5Tget_fields(type, &sign, &exponent_at, &exponent, &mantissa_at, &mantissa) < 0)
        return 0;
    int64_t bias = (int64_t)H5Tget_ebias(type);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        if (widths[i].size >= size && mantissa <= widths[i].mantissa && exponent < 32 &&
            ((int64_t)1 << exponent) - bias - 1 <= widths[i].largest && 1 - bias >= widths[i].smallest)
            return widths[i].size;
    return 8;
}

size_t mt_type_number_size(hid_t type)
{
    if (H5Tget_class(type) == H5T_FLOAT)
        return float_size(type);
    size_t size = H5Tget_size(type);
    if (size > 8 && H5Tget_precision(type) <= 64)
        return 8;
    for (size_t width = 1; width <= 8; width *= 2)
        if (size && size <= width)
            return width;
    return 0;
}

bool mt_type_is_opaque(hid_t type)
{
    H5T_class_t class = H5Tget_class(type);
    return class == H5T_OPAQUE || ((class == H5T_INTEGER || class == H5T_BITFIELD) && !mt_type_number_size(type));
}

static hid_t copy_of(hid_t type)
{
    hid_t copy = H5Tcopy(type);
    return copy < 0 ? mt_fail_library("Cannot copy an element type") : copy;
}

static hid_t integer_memory(hid_t type)
{
    bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
    switch (mt_type_number_size(type)) {
        case 1:
            return copy_of(is_signed ? H5T_STD_I8LE : H5T_STD_U8LE);
        case 2:
            return copy_of(is_signed ? H5T_STD_I16LE : H5T_STD_U16LE);
        case 4:
            return copy_of(is_signed ? H5T_STD_I32LE : H5T_STD_U32LE);
        case 8:
            return copy_of(is_signed ? H5T_STD_I64LE : H5T_STD_U64LE);
        default:
            return copy_of(type); /* told as opaque: see mt_type_is_opaque */
    }
}

static hid_t float_memory(hid_t type)
{
    switch (mt_type_number_size(type)) {
        case 2:
            return copy_of(H5T_IEEE_F16LE);
        case 4:
            return copy_of(H5T_IEEE_F32LE);
        case 8:
            return copy_of(H5T_IEEE_F64LE);
        default:
            return mt_fail_library("Cannot read a float type");
    }
}

static hid_t bitfield_memory(hid_t type)
{
    switch (mt_type_number_size(type)) {
        case 1:
            return copy_of(H5T_STD_B8LE);
        case 2:
            return copy_of(H5T_STD_B16LE);
        case 4:
            return copy_of(H5T_STD_B32LE);
        case 8:
            return copy_of(H5T_STD_B64LE);
        default:
            return copy_of(type); /* told as opaque: see mt_type_is_opaque */
    }
}

static hid_t string_memory(hid_t type)
{
    htri_t variable = H5Tis_variable_str(type);
    if (variable < 0)
        return mt_fail_library("Cannot read a string type");
    if (!variable)
        return copy_of(type);
    hid_t memory = copy_of(H5T_C_S1);
    if (memory >= 0 && (H5Tset_size(memory, H5T_VARIABLE) < 0 || H5Tset_cset(memory, H5Tget_cset(type)) < 0)) {
        (void)mt_fail_library("Cannot set up a string type");
        mt_close(memory);
        return H5I_INVALID_HID;
    }
    return memory;
}

static hid_t reference_memory(hid_t type)
{
    if (H5Tequal(type, H5T_STD_REF_OBJ) > 0)
        return copy_of(H5T_STD_REF_OBJ);
    if (H5Tequal(type, H5T_STD_REF_DSETREG) > 0)
        return copy_of(H5T_STD_REF_DSETREG);
    return copy_of(H5T_STD_REF);
}

typedef struct {
    hid_t  memory;
    size_t offset;
    size_t size;
} member_t;

/* Keeps the library's offsets where every member keeps its size, else packs. */
static size_t lay_out(hid_t type, member_t *members, int count, bool kept)
{
    size_t total = 0;
    if (kept)
        return H5Tget_size(type);
    for (int i = 0; i < count; i++) {
        members[i].offset = total;
        total += members[i].size;
    }
    return total;
}

static hid_t build_compound(hid_t type, member_t *members, int count, bool kept)
{
    size_t total    = lay_out(type, members, count, kept);
    hid_t  compound = total ? H5Tcreate(H5T_COMPOUND, total) : H5I_INVALID_HID;
    if (compound < 0)
        return mt_fail_library("Cannot set up a compound type");
    for (int i = 0; i < count; i++) {
        char  *name   = H5Tget_member_name(type, (unsigned)i);
        herr_t result = name ? H5Tinsert(compound, name, members[i].offset, members[i].memory) : -1;
        if (result < 0)
            (void)mt_fail_library("Cannot set up a compound type");
        if (name)
            (void)H5free_memory(name);
        if (result < 0) {
            mt_close(compound);
            return H5I_INVALID_HID;
        }
    }
    return compound;
}

static hid_t memory_of(hid_t type, int depth, bool writing);

static hid_t compound_memory(hid_t type, int depth, bool writing)
{
    int count = H5Tget_nmembers(type);
    if (count <= 0)
        return mt_fail_library("Cannot read a compound type");
    member_t *members = calloc((size_t)count, sizeof *members);
    if (!members)
        return mt_fail("memory", "Cannot read a compound type: out of memory");
    hid_t compound = H5I_INVALID_HID;
    bool  kept     = true;
    int   built    = 0;
    for (; built < count; built++) {
        member_t *member = &members[built];
        hid_t     file   = H5Tget_member_type(type, (unsigned)built);
        if (file < 0) {
            (void)mt_fail_library("Cannot read member %d of a compound type", built);
            break;
        }
        member->memory = memory_of(file, depth + 1, writing);
        member->offset = H5Tget_member_offset(type, (unsigned)built);
        member->size   = member->memory < 0 ? 0 : H5Tget_size(member->memory);
        kept           = kept && member->size == H5Tget_size(file);
        mt_close(file);
        if (member->memory < 0)
            break;
    }
    if (built == count)
        compound = build_compound(type, members, count, kept);
    for (int i = 0; i < built; i++)
        mt_close(members[i].memory);
    free(members);
    return compound;
}

/* The memory form of what an enumeration, array or sequence is made of. */
static hid_t base_memory(hid_t type, int depth, bool writing)
{
    hid_t base = H5Tget_super(type);
    if (base < 0)
        return mt_fail_library("Cannot read an element type");
    hid_t memory = memory_of(base, depth + 1, writing);
    mt_close(base);
    return memory;
}

/* The complex class of HDF5 2.0: two floats, each in its memory form. */
static hid_t complex_memory(hid_t type, int depth, bool writing)
{
    hid_t base = base_memory(type, depth, writing);
    if (base < 0)
        return base;
    hid_t memory = H5Tcomplex_create(base);
    if (memory < 0)
        (void)mt_fail_library("Cannot set up a complex type");
    mt_close(base);
    return memory;
}

static hid_t array_memory(hid_t type, int depth, bool writing)
{
    hsize_t dims[H5S_MAX_RANK];
    int     rank = H5Tget_array_dims2(type, dims);
    hid_t   base = base_memory(type, depth, writing);
    if (base < 0)
        return base;
    hid_t memory = rank > 0 ? H5Tarray_create2(base, (unsigned)rank, dims) : H5I_INVALID_HID;
    if (memory < 0)
        (void)mt_fail_library("Cannot set up an array type");
    mt_close(base);
    return memory;
}

static hid_t sequence_memory(hid_t type, int depth, bool writing)
{
    hid_t base = base_memory(type, depth, writing);
    if (base < 0)
        return base;
    hid_t memory = H5Tvlen_create(base);
    if (memory < 0)
        (void)mt_fail_library("Cannot set up a sequence type");
    mt_close(base);
    return memory;
}

static int copy_enum_member(hid_t type, hid_t base, hid_t memory_base, hid_t memory, unsigned index)
{
    uint8_t value[64] = {0};
    char   *name      = H5Tget_member_name(type, index);
    bool    copied    = name && H5Tget_member_value(type, index, value) >= 0 &&
                  H5Tconvert(base, memory_base, 1, value, NULL, H5P_DEFAULT) >= 0 &&
                  H5Tenum_insert(memory, name, value) >= 0;
    if (!copied)
        (void)mt_fail_library("Cannot read member %u of an enumeration", index);
    if (name)
        (void)H5free_memory(name);
    return copied ? 0 : -1;
}

/* The same names over the memory form of the integer. Equal to the type itself where that is little-endian and plain,
 * so that the library copies bytes and values without a name survive. */
static hid_t enum_writing(hid_t type)
{
    hid_t base        = H5Tget_super(type);
    hid_t memory_base = base < 0 || H5Tget_size(base) > 64 ? H5I_INVALID_HID : integer_memory(base);
    hid_t memory      = memory_base < 0 ? H5I_INVALID_HID : H5Tenum_create(memory_base);
    int   count       = H5Tget_nmembers(type);
    int   copied      = 0;
    while (memory >= 0 && copied < count &&
           copy_enum_member(type, base, memory_base, memory, (unsigned)copied) == 0)
        copied++;
    if (memory < 0 || copied < count) {
        (void)mt_fail_library("Cannot set up an enumeration");
        mt_close(memory);
        memory = H5I_INVALID_HID;
    }
    mt_close(base);
    mt_close(memory_base);
    return memory;
}

static hid_t memory_of(hid_t type, int depth, bool writing)
{
    if (depth > MT_TYPE_DEPTH)
        return mt_fail("limit", "Cannot represent an element type: nested more than %d levels deep", MT_TYPE_DEPTH);
    switch (H5Tget_class(type)) {
        case H5T_INTEGER:
            return integer_memory(type);
        case H5T_FLOAT:
            return float_memory(type);
        case H5T_BITFIELD:
            return bitfield_memory(type);
        case H5T_STRING:
            return string_memory(type);
        case H5T_TIME: /* no conversion exists: as stored */
        case H5T_OPAQUE:
            return copy_of(type);
        case H5T_REFERENCE:
            return reference_memory(type);
        case H5T_ENUM:
            return writing ? enum_writing(type) : base_memory(type, depth, writing);
        case H5T_COMPOUND:
            return compound_memory(type, depth, writing);
        case H5T_COMPLEX:
            return complex_memory(type, depth, writing);
        case H5T_ARRAY:
            return array_memory(type, depth, writing);
        case H5T_VLEN:
            return sequence_memory(type, depth, writing);
        case H5T_NO_CLASS:
        case H5T_NCLASSES:
        default:
            return mt_fail("unsupported", "Cannot represent an element type of an unknown class");
    }
}

hid_t mt_type_memory(hid_t type, int depth)
{
    return memory_of(type, depth, false);
}

hid_t mt_type_writing(hid_t type)
{
    return memory_of(type, 0, true);
}

/* The library reads a set highest bit of the mantissa in no way, and turns words round twice where their number is odd. */
static int check_float(hid_t type)
{
    size_t size = H5Tget_size(type);
    if (H5Tget_norm(type) == H5T_NORM_MSBSET)
        return mt_fail("unsupported", "Cannot read floats of %zu bytes whose mantissa is normalized by setting its "
                                      "highest bit: libhdf5 has no conversion for them", size);
    if (H5Tget_order(type) == H5T_ORDER_VAX && size % 4 != 0 && size != 2)
        return mt_fail("unsupported", "Cannot read floats of %zu bytes in VAX order: libhdf5 converts 2, 4 and 8", size);
    return 0;
}

static int check_readable(hid_t type, int depth);

static int check_part(hid_t part, int depth)
{
    int result = part < 0 ? mt_fail_library("Cannot read an element type") : check_readable(part, depth + 1);
    mt_close(part);
    return result;
}

/* Fails where values would come out wrong. */
static int check_readable(hid_t type, int depth)
{
    if (H5Tdetect_class(type, H5T_FLOAT) == 0 || depth > MT_TYPE_DEPTH)
        return 0;
    switch (H5Tget_class(type)) {
        case H5T_FLOAT:
            return check_float(type);
        case H5T_ARRAY:
        case H5T_VLEN:
            return check_part(H5Tget_super(type), depth);
        case H5T_COMPOUND:
            for (int i = 0; i < H5Tget_nmembers(type); i++)
                if (check_part(H5Tget_member_type(type, (unsigned)i), depth) < 0)
                    return -1;
            return 0;
        case H5T_NO_CLASS:
        case H5T_INTEGER:
        case H5T_TIME:
        case H5T_STRING:
        case H5T_BITFIELD:
        case H5T_OPAQUE:
        case H5T_REFERENCE:
        case H5T_ENUM:
        case H5T_NCLASSES:
        default:
            return 0;
    }
}

hid_t mt_type_reading(hid_t type, size_t address_size)
{
    if (check_readable(type, 0) < 0)
        return H5I_INVALID_HID;
    /* The library then copies without looking at members. */
    if (H5Tget_class(type) == H5T_COMPOUND && mt_type_direct(type, address_size) == 1 &&
        H5Tdetect_class(type, H5T_REFERENCE) == 0)
        return copy_of(type);
    return mt_type_memory(type, 0);
}

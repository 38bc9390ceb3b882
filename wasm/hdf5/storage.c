/* How element types lie in the file: bytes per element, and whether those bytes are the memory's. */
#include "internal.h"

static size_t member_result(hid_t type, int index, size_t address_size, size_t (*of)(hid_t, size_t))
{
    hid_t  member = H5Tget_member_type(type, (unsigned)index);
    size_t result = member < 0 ? 0 : of(member, address_size);
    mt_close(member);
    return result;
}

static int base_storage_size(hid_t type, size_t address_size, int depth, size_t *size)
{
    hid_t base = H5Tget_super(type);
    if (base < 0)
        return mt_fail_library("Cannot read an element type");
    int result = mt_type_storage_size(base, address_size, depth + 1, size);
    mt_close(base);
    return result;
}

static int array_storage_size(hid_t type, size_t address_size, int depth, size_t *size)
{
    hsize_t dims[H5S_MAX_RANK];
    int     rank  = H5Tget_array_dims2(type, dims);
    hsize_t total = 1;
    if (rank < 0 || base_storage_size(type, address_size, depth, size) < 0)
        return mt_fail_library("Cannot read an array type");
    for (int i = 0; i < rank; i++)
        if (__builtin_mul_overflow(total, dims[i], &total))
            return mt_fail("corrupt", "Cannot read an array type: its size overflows");
    if (__builtin_mul_overflow(total, *size, &total) || total > SIZE_MAX)
        return mt_fail("limit", "Cannot read an array type: an element takes %llu bytes", (unsigned long long)total);
    *size = (size_t)total;
    return 0;
}

/* The type was opened in its memory form: only members that differ in storage change the total. */
static int compound_storage_size(hid_t type, size_t address_size, int depth, size_t *size)
{
    int     count = H5Tget_nmembers(type);
    int64_t total = (int64_t)H5Tget_size(type);
    for (int i = 0; i < count; i++) {
        size_t stored = 0;
        hid_t  member = H5Tget_member_type(type, (unsigned)i);
        if (member < 0)
            return mt_fail_library("Cannot read member %d of a compound type", i);
        int result = mt_type_storage_size(member, address_size, depth + 1, &stored);
        total += (int64_t)stored - (int64_t)H5Tget_size(member);
        mt_close(member);
        if (result < 0)
            return -1;
    }
    if (count < 0 || total <= 0 || total > INT32_MAX)
        return mt_fail("corrupt", "Cannot read a compound type: %lld bytes per element", (long long)total);
    *size = (size_t)total;
    return 0;
}

static size_t reference_storage_size(hid_t type, size_t address_size)
{
    if (H5Tequal(type, H5T_STD_REF_OBJ) > 0)
        return address_size;
    if (H5Tequal(type, H5T_STD_REF_DSETREG) > 0)
        return address_size + 4;
    /* Two bytes of head, a length, and a heap id: as H5T__ref_set_loc. */
    return 2 + 4 + address_size + 4;
}

int mt_type_storage_size(hid_t type, size_t address_size, int depth, size_t *size)
{
    if (depth > MT_TYPE_DEPTH)
        return mt_fail("limit", "Cannot represent an element type: nested more than %d levels deep", MT_TYPE_DEPTH);
    H5T_class_t class    = H5Tget_class(type);
    htri_t      variable = class == H5T_STRING ? H5Tis_variable_str(type) : 0;
    if (class == H5T_NO_CLASS || variable < 0)
        return mt_fail_library("Cannot read an element type");
    switch (class) {
        case H5T_VLEN:
            *size = 4 + address_size + 4;
            return 0;
        case H5T_REFERENCE:
            *size = reference_storage_size(type, address_size);
            return 0;
        case H5T_COMPOUND:
            return compound_storage_size(type, address_size, depth, size);
        case H5T_ARRAY:
            return array_storage_size(type, address_size, depth, size);
        case H5T_NO_CLASS:
        case H5T_INTEGER:
        case H5T_FLOAT:
        case H5T_TIME:
        case H5T_STRING:
        case H5T_BITFIELD:
        case H5T_OPAQUE:
        case H5T_ENUM:
        case H5T_NCLASSES:
        default:
            *size = variable ? 4 + address_size + 4 : H5Tget_size(type);
            return *size ? 0 : mt_fail_library("Cannot read the size of an element type");
    }
}

static size_t number_direct(hid_t type)
{
    if (!mt_type_is_plain(type))
        return 0;
    return H5Tget_size(type) > 1 && H5Tget_order(type) == H5T_ORDER_BE ? H5Tget_size(type) : 1;
}

static size_t base_direct(hid_t type, size_t address_size)
{
    hid_t  base = H5Tget_super(type);
    size_t swap = base < 0 ? 0 : mt_type_direct(base, address_size);
    mt_close(base);
    return swap;
}

/* Two floats of one kind, one behind the other: a complex number, whose parts may be swapped in one go. */
static size_t complex_direct(hid_t type)
{
    hid_t  first = H5Tget_member_type(type, 0), second = H5Tget_member_type(type, 1);
    size_t swap = 0;
    if (first >= 0 && second >= 0 && H5Tget_class(first) == H5T_FLOAT && mt_type_is_ieee(first) &&
        H5Tequal(first, second) > 0 && H5Tget_member_offset(type, 0) == 0 &&
        H5Tget_member_offset(type, 1) == H5Tget_size(first) && H5Tget_size(type) == 2 * H5Tget_size(first))
        swap = number_direct(first);
    mt_close(first);
    mt_close(second);
    return swap;
}

static size_t compound_direct(hid_t type, size_t address_size)
{
    int    count = H5Tget_nmembers(type);
    size_t swap  = count == 2 ? complex_direct(type) : 0;
    size_t sum   = 0;
    if (swap)
        return swap;
    for (int i = 0; i < count; i++) {
        if (member_result(type, i, address_size, mt_type_direct) != 1)
            return 0;
        hid_t member = H5Tget_member_type(type, (unsigned)i);
        sum += member < 0 ? 0 : H5Tget_size(member);
        mt_close(member);
    }
    /* With references in it, the library converts member by member and leaves gaps as they were. */
    if (count <= 0 || (sum != H5Tget_size(type) && H5Tdetect_class(type, H5T_REFERENCE) != 0))
        return 0;
    return 1;
}

size_t mt_type_direct(hid_t type, size_t address_size)
{
    switch (H5Tget_class(type)) {
        case H5T_FLOAT:
            return mt_type_is_ieee(type) ? number_direct(type) : 0;
        case H5T_INTEGER:
        case H5T_BITFIELD:
        case H5T_TIME:
            return number_direct(type);
        case H5T_ENUM:
        case H5T_ARRAY:
        case H5T_COMPLEX:
            return base_direct(type, address_size);
        case H5T_STRING:
            return H5Tis_variable_str(type) == 0 ? 1 : 0;
        case H5T_OPAQUE:
            return 1;
        case H5T_REFERENCE:
            return address_size == 8 && H5Tequal(type, H5T_STD_REF_OBJ) > 0 ? 1 : 0;
        case H5T_COMPOUND:
            return compound_direct(type, address_size);
        case H5T_VLEN:
        case H5T_NO_CLASS:
        case H5T_NCLASSES:
        default:
            return 0;
    }
}

static int any_member_has_pointers(hid_t type, int depth)
{
    int count = H5Tget_nmembers(type);
    for (int i = 0; i < count; i++) {
        hid_t member = H5Tget_member_type(type, (unsigned)i);
        int   result = member < 0 ? 1 : mt_type_has_pointers(member, depth + 1);
        mt_close(member);
        if (result)
            return 1;
    }
    return 0;
}

int mt_type_has_pointers(hid_t type, int depth)
{
    H5T_class_t class = H5Tget_class(type);
    if (depth > MT_TYPE_DEPTH || class == H5T_VLEN)
        return 1;
    if (class == H5T_STRING)
        return H5Tis_variable_str(type) != 0;
    if (class == H5T_REFERENCE)
        return !(H5Tequal(type, H5T_STD_REF_OBJ) > 0 || H5Tequal(type, H5T_STD_REF_DSETREG) > 0);
    if (class == H5T_COMPOUND)
        return any_member_has_pointers(type, depth);
    if (class != H5T_ARRAY)
        return 0;
    hid_t base   = H5Tget_super(type);
    int   result = base < 0 ? 1 : mt_type_has_pointers(base, depth + 1);
    mt_close(base);
    return result;
}

"""What libhdf5 sees in a file: types, layouts and attributes, for holding files of two writers against each other."""

import h5py
from h5py import h5a, h5d, h5s, h5t

LAYOUTS = {h5d.COMPACT: "compact", h5d.CONTIGUOUS: "contiguous", h5d.CHUNKED: "chunked", h5d.VIRTUAL: "virtual"}
ORDERS = {h5t.ORDER_LE: "<", h5t.ORDER_BE: ">", h5t.ORDER_NONE: "|"}


def type_of(found):
    """A type in words that leave nothing out."""
    size = found.get_size()
    if isinstance(found, h5t.TypeStringID):
        kind = "vlen" if found.is_variable_str() else f"{size} bytes"
        padding = {h5t.STR_NULLTERM: "null-terminated", h5t.STR_NULLPAD: "null-padded", h5t.STR_SPACEPAD: "space-padded"}
        coded = "UTF-8" if found.get_cset() == h5t.CSET_UTF8 else "ASCII"
        return f"string, {kind}, {padding[found.get_strpad()]}, {coded}"
    if isinstance(found, h5t.TypeEnumID):
        members = [f"{found.get_member_name(i).decode()}={found.get_member_value(i)}"
                   for i in range(found.get_nmembers())]
        return f"enum of {type_of(found.get_super())}: {', '.join(members)}"
    if isinstance(found, h5t.TypeIntegerID):
        return f"{ORDERS[found.get_order()]}{'u' if found.get_sign() == h5t.SGN_NONE else 'i'}{size}"
    if isinstance(found, h5t.TypeFloatID):
        return f"{ORDERS[found.get_order()]}f{size} {found.get_fields()} {found.get_ebias()}"
    if isinstance(found, h5t.TypeCompoundID):
        members = [f"{found.get_member_name(i).decode()} at {found.get_member_offset(i)}: {type_of(found.get_member_type(i))}"
                   for i in range(found.get_nmembers())]
        return f"compound of {size}: {', '.join(members)}"
    return f"class {found.get_class()} of {size}"


def space_of(space):
    return "null" if space.get_simple_extent_type() == h5s.NULL else list(space.shape)


def attributes(obj):
    out = {}
    for i in range(h5a.get_num_attrs(obj)):
        attribute = h5a.open(obj, index=i)
        out[attribute.name.decode()] = [type_of(attribute.get_type()), space_of(attribute.get_space())]
    return dict(sorted(out.items()))


def dataset(obj):
    plist = obj.get_create_plist()
    fill = {h5d.FILL_VALUE_DEFAULT: "default", h5d.FILL_VALUE_UNDEFINED: "undefined",
            h5d.FILL_VALUE_USER_DEFINED: "user"}[plist.fill_value_defined()]
    maximum = obj.get_space().get_simple_extent_dims(maxdims=True)
    return {
        "type": type_of(obj.get_type()), "shape": space_of(obj.get_space()), "maximum": list(maximum),
        "layout": LAYOUTS[plist.get_layout()], "filters": plist.get_nfilters(),
        # When fill values are written isn't compared: we clear small contiguous datasets, libhdf5's default doesn't.
        "fill": [fill, plist.get_alloc_time()],
        "storage": obj.get_storage_size(), "attributes": attributes(obj),
    }


def structure(path):
    out = {}
    with h5py.File(path, "r") as file:
        plist = file.id.get_create_plist()
        out["superblock"] = {"version": plist.get_version()[0], "userblock": plist.get_userblock()}

        def visit(name, found):
            if isinstance(found, h5py.Dataset):
                out[f"/{name}"] = dataset(found.id)
                # Nothing but lazy slices shows what is in it.
                if name.endswith("timestamp_indices_1s"):
                    out[f"/{name}"]["values"] = found[:].tolist()
            else:
                order = found.id.get_create_plist()
                out[f"/{name}"] = {
                    "group": [order.get_link_creation_order(), order.get_attr_creation_order()],
                    "attributes": attributes(found.id),
                }

        visit("", file)
        file.visititems(visit)
    return out

"""Writes with h5py what write_recipe.ts writes, and compares two files with all that h5py shows of them."""

import sys

import h5py
import hdf5plugin
import numpy as np


def signal():
    i = np.arange(20_000 * 4, dtype="<i8")
    return ((i * 7919) % 601 - 300).astype("<i2").reshape(-1, 4)


def write(path):
    data = signal()
    chunked = {"chunks": (5000, 4)}
    with h5py.File(path, "w") as file:
        for name, options in {
            "plain": {},
            "gzip": {**chunked, "compression": "gzip", "shuffle": True},
            "gzip9": {**chunked, "compression": 9, "fletcher32": True},
            "lzf": {**chunked, "compression": "lzf"},
            "szip": {**chunked, "compression": "szip"},
            "scaleoffset": {**chunked, "scaleoffset": True},
            "lz4": {**chunked, **hdf5plugin.LZ4()},
            "zstd": {**chunked, **hdf5plugin.Zstd(clevel=3)},
            "guessed": {"maxshape": (None, 4)},
        }.items():
            file.create_dataset(f"filters/{name}", data=data, **options)
        for name in "i1 u1 <i2 >i2 <u2 <i4 >u4 <i8 >u8 <f2 >f2 <f4 >f4 <f8 >f8 <c8 >c16".split():
            place = name.replace("<", "").replace(">", "big_")
            file.create_dataset(f"types/{place}", data=np.array([[0, 1], [100, 3]]).astype(name), fillvalue=np.array(7, name))
        file["types/bool"] = np.array([True, False])
        colours = h5py.enum_dtype({"RED": -1, "GREEN": 0, "BLUE": 300}, ">i2")
        file.create_dataset("types/enum", data=np.array([300, -1]), dtype=colours)
        file.create_dataset("types/text", data=["", "größer", "𝄞"], dtype=h5py.string_dtype())
        file.create_dataset("types/ascii", data=["a", "bc"], dtype=h5py.string_dtype("ascii"))
        file.create_dataset("types/fixed", data=np.array([b"ab", b"cde"], "S3"))
        file.create_dataset("types/fixed_utf8", data=np.array(["é".encode(), b"ab"], h5py.string_dtype(length=5)))
        file.create_dataset("types/opaque", data=np.array([b"abc", b"def"], "V3"))
        point = np.dtype([("x", "<f8"), ("n", ">i2"), ("ok", "?")])
        file["types/records"] = np.array([(1.5, -2, True), (2.5, 300, False)], point)
        nested = np.dtype([("name", h5py.string_dtype()), ("at", point), ("m", "<i2", (2, 2))])
        file.create_dataset("types/nested", data=np.array([("é", (1.5, -2, True), [[1, 2], [3, 4]])], nested))
        array = file.create_dataset("types/array", (2,), dtype=np.dtype((">i2", (2, 3))))
        array[...] = np.arange(12, dtype=">i2").reshape(2, 2, 3)
        vlen = file.create_dataset("types/vlen", (3,), dtype=h5py.vlen_dtype(np.dtype("<i4")))
        for index, part in enumerate([[1, 2], [], [3]]):
            vlen[index] = np.array(part, "<i4")
        stamps = np.array([0, 1_700_000_000_000_000_000], "<M8[ns]")
        file.create_dataset("types/times", data=stamps.astype(h5py.opaque_dtype(stamps.dtype)))
        file["types/scalar"] = 2.5
        file.create_dataset("types/null", data=h5py.Empty("<f4"))
        file.create_dataset("types/empty", shape=(0, 3), dtype="<i2")
        rows = file.create_dataset("rows", (0, 3), maxshape=(None, 3), dtype="<i4", chunks=(2, 3), fillvalue=-1)
        for row in range(5):
            rows.resize(row + 1, 0)
            rows[row] = [row, row + 1, row + 2]
        rows.resize(8, 0)
        attributes = file["rows"].attrs
        attributes["text"] = "µV"
        attributes["texts"] = ["a", "bc"]
        attributes["number"] = 1.5
        attributes["integer"] = np.int64(2**62)
        attributes["flag"] = np.bool_(True)
        attributes["matrix"] = np.array([[1, 2], [3, 4]], "<i4")
        attributes["none"] = h5py.Empty("<f8")
        attributes["empty"] = np.array([], "<f8")
        attributes["long"] = "x" * 70_000
        for i in range(300):
            group = file.create_group(f"many/group{i}")
            group.attrs["number"] = float(i)
        file["links/soft"] = h5py.SoftLink("/rows")
        file["links/outside"] = h5py.ExternalLink("other.h5", "/x")
        file["links/hard"] = file["rows"]
        ordered = file.create_group("ordered", track_order=True)
        for name in "zam":
            ordered.create_group(name)
        references = file.create_dataset("references", (2,), dtype=h5py.ref_dtype)
        references[0] = file["rows"].ref
        region = file.create_dataset("region", (1,), dtype=h5py.regionref_dtype)
        region[0] = file["filters/plain"].regionref[10:40:3, 1:3]
        file.attrs["reference"] = file["many"].ref


def filters(dataset):
    plist = dataset.id.get_create_plist()
    return [plist.get_filter(i)[:3] for i in range(plist.get_nfilters())]


def show_type(dtype):
    # h5py sorts the members of an enumeration by name.
    members = sorted((h5py.check_enum_dtype(dtype) or {}).items())
    known = {name: repr(value) for name, value in (dtype.metadata or {}).items() if name != "enum"}
    return repr((str(dtype), known, members, h5py.check_string_dtype(dtype)))


def show_value(file, value):
    if isinstance(value, h5py.RegionReference):
        return ("region", file[value].name, h5py.h5r.get_region(value, file.id).get_select_bounds(),
                h5py.h5r.get_region(value, file.id).get_select_npoints())
    if isinstance(value, h5py.Reference):
        return ("reference", file[value].name if value else None)
    if isinstance(value, h5py.Empty):
        return ("empty", show_type(value.dtype))
    if isinstance(value, np.ndarray) and value.dtype == object:
        return (value.shape, [show_value(file, one) for one in value.ravel()])
    if isinstance(value, np.ndarray):
        return (show_type(value.dtype), value.shape, repr(value.tolist()) if value.dtype.names else value.tobytes())
    if isinstance(value, np.generic):
        return (show_type(value.dtype), repr(value))
    return (type(value).__name__, value)


def show(path):
    shown = {}
    with h5py.File(path) as file:
        def visit(group):
            track = group.id.get_create_plist().get_link_creation_order()
            shown[group.name] = ("group", track, list(group))
            attributes(group)
            for name in group:
                link = group.get(name, getlink=True)
                if not isinstance(link, h5py.HardLink):
                    shown[f"{group.name}/{name}"] = (type(link).__name__, link.path, getattr(link, "filename", None))
                    continue
                item = group[name]
                if isinstance(item, h5py.Group):
                    visit(item)
                else:
                    dataset(f"{group.name}/{name}", item)

        def attributes(item):
            for name, value in item.attrs.items():
                shown[f"{item.name}@{name}"] = show_value(file, value)
                shown[f"{item.name}@{name} type"] = show_type(item.attrs.get_id(name).dtype)

        def dataset(path, item):
            empty = item.shape is None
            fill = None if empty or item.dtype.hasobject or item.dtype.names else np.array(item.fillvalue).tobytes()
            shown[path] = (item.shape, show_type(item.dtype), item.chunks, item.maxshape, filters(item), fill,
                           show_value(file, item[()]))
            attributes(item)
        visit(file["/"])
    return shown


def compare(ours, theirs):
    a, b = show(ours), show(theirs)
    for path in sorted(a.keys() | b.keys()):
        if a.get(path) != b.get(path):
            print(f"{path}: ours {str(a.get(path))[:300]} theirs {str(b.get(path))[:300]}")


def append(path):
    """Goes on with a file that microtome has written."""
    with h5py.File(path, "r+") as file:
        rows = file["rows"]
        rows.resize(rows.shape[0] + 1, 0)
        rows[-1] = [7, 8, 9]
        file["filters/gzip"][0] = [1, 2, 3, 4]
        file["added"] = ["by h5py"]
        del file["many/group7"]


if __name__ == "__main__":
    {"write": write, "compare": compare, "append": append}[sys.argv[1]](*sys.argv[2:])

"""Writes forty files as h5py writes them with libver="latest", whose libhdf5 is 2.x: prints their names.

    python latest.py FOLDER

Each filter, each chunk index, native complex numbers, every kind of type, dense attributes and groups, links; seeded, so
that running it again gives the same values.
"""

import os
import sys

import h5py
import hdf5plugin
import numpy as np

draw = np.random.default_rng(20261130)
GRID = draw.integers(-1000, 1000, (37, 11)).astype("<i4")
LONG = draw.integers(0, 5000, 4000).astype("<i8")

FILTERS = {
    "gzip": dict(compression="gzip", compression_opts=6),
    "gzip_shuffle": dict(compression="gzip", shuffle=True),
    "lzf": dict(compression="lzf"),
    "szip": dict(compression="szip"),
    "fletcher32": dict(fletcher32=True),
    "scaleoffset": dict(scaleoffset=0),
    "everything": dict(compression="gzip", shuffle=True, fletcher32=True),
    "lz4": dict(**hdf5plugin.LZ4()),
    "zstd": dict(**hdf5plugin.Zstd()),
    "bzip2": dict(**hdf5plugin.BZip2()),
    "bitshuffle": dict(**hdf5plugin.Bitshuffle()),
    "blosc": dict(**hdf5plugin.Blosc()),
}

# maxshape and chunk shape: the index that libhdf5 chooses by them.
INDICES = {
    "single": (None, (37, 11)),
    "fixed": (None, (8, 5)),
    "fixed_small": (None, (1, 1)),
    "extensible": ((None, 11), (8, 5)),
    "extensible_small": ((None, 11), (1, 3)),
    "btree2": ((None, None), (8, 5)),
    "btree2_small": ((None, None), (2, 1)),
}


def with_filter(options):
    def write(file):
        file.create_dataset("grid", data=GRID, chunks=(8, 5), **options)
        file.create_dataset("long", data=LONG, chunks=(512,), maxshape=(None,), **options)
    return write


def with_index(maxshape, chunks):
    def write(file):
        file.create_dataset("plain", data=GRID, chunks=chunks, maxshape=maxshape)
        file.create_dataset("gzip", data=GRID.astype(">f8"), chunks=chunks, maxshape=maxshape, compression="gzip")
        file.create_dataset("unwritten", (37, 11), "<i2", chunks=chunks, maxshape=maxshape, fillvalue=-7, compression="gzip")
        some = file.create_dataset("some", (37, 11), "<u2", chunks=chunks, maxshape=maxshape, fillvalue=3, shuffle=True)
        some[10:13] = 9
    return write


def implicit(file):
    space = h5py.h5s.create_simple(GRID.shape)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((8, 5))
    dcpl.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    made = h5py.Dataset(h5py.h5d.create(file.id, b"implicit", h5py.h5t.STD_I32LE, space, dcpl))
    made[...] = GRID


def grown(file):
    made = file.create_dataset("grown", data=LONG[:100], chunks=(16,), maxshape=(None,), compression="gzip")
    for length in (150, 600, 4000):
        made.resize((length,))
        made[...] = LONG[:length]
    made.resize((3000,))


def compact_and_contiguous(file):
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((5, 11))
    h5py.Dataset(h5py.h5d.create(file.id, b"compact", h5py.h5t.STD_I32LE, space, dcpl))[...] = GRID[:5]
    file["contiguous"] = GRID
    file["big"] = GRID.astype(">f4")


def virtual(file):
    file["part"] = GRID
    layout = h5py.VirtualLayout((2, 37, 11), "<i4")
    for i in range(2):
        layout[i] = h5py.VirtualSource(".", "part", (37, 11))
    file.create_virtual_dataset("stack", layout, fillvalue=-1)


def complex_of(dtype):
    def write(file):
        values = (GRID + 1j * GRID[::-1]).astype(dtype)
        file["contiguous"] = values
        file.create_dataset("gzip", data=values, chunks=(8, 5), compression="gzip", shuffle=True)
        file.create_dataset("part", (37, 11), dtype, chunks=(8, 5), fillvalue=1 - 1j)[3:5] = 2j
        file["scalar"] = values[0, 0]
        file.attrs["complex"] = values[:4, 0]
        file["contiguous"].attrs["one"] = values[1, 1]
    return write


def complex_records(file):
    kind = np.dtype([("n", "<i2"), ("z", "<c16"), ("w", ">c8"), ("pair", "<c8", (2,))])
    rows = np.zeros(20, kind)
    rows["n"] = np.arange(20)
    rows["z"] = GRID[:20, 0] + 1j
    rows["w"] = GRID[:20, 1] * 1j
    rows["pair"] = GRID[:20, 2:4] - 2j
    file["records"] = rows
    file.create_dataset("records_gzip", data=rows, chunks=(7,), compression="gzip")
    file.attrs["record"] = rows[3]


def complex_sequences(file):
    made = file.create_dataset("lists", (5,), h5py.vlen_dtype(np.dtype("<c16")))
    for i in range(5):
        made[i] = np.arange(i) + 1j
    file["type"] = np.dtype("<c8")
    file.create_dataset("of_type", data=np.arange(4) - 1j, dtype=file["type"])


def enums(file):
    file.create_dataset("enum", data=np.array([0, 1, 5], ">i2"), dtype=h5py.enum_dtype({"A": 0, "B": 1, "C": 5}, ">i2"))
    file["bool"] = GRID % 2 == 0
    file.attrs["flag"] = np.True_
    file.create_dataset("enum_gzip", data=GRID % 2, dtype=h5py.enum_dtype({"EVEN": 0, "ODD": 1}, "i1"), chunks=(8, 5), compression="gzip")


def compounds(file):
    inner = np.dtype([("u", "<u1"), ("v", ">f4")])
    kind = np.dtype([("id", "<i8"), ("where", inner), ("grid", "<i2", (2, 3)), ("name", "S6"), ("ok", "?")])
    rows = np.zeros(50, kind)
    rows["id"] = np.arange(50) * 2**40
    rows["where"]["v"] = np.arange(50) / 3
    rows["name"] = [f"r{i}".encode() for i in range(50)]
    file["rows"] = rows
    file.create_dataset("rows_gzip", data=rows, chunks=(8,), maxshape=(None,), compression="gzip")


def texts(file):
    words = [f"text {i} µ" * (i % 5) for i in range(60)]
    file.create_dataset("variable", data=words, dtype=h5py.string_dtype())
    file.create_dataset("variable_gzip", data=words, dtype=h5py.string_dtype(), chunks=(16,), maxshape=(None,), compression="gzip")
    file["fixed"] = np.array([b"a", b"bc", b""], "S4")
    file["scalar"] = "one text"
    file.attrs["words"] = words[:3]


def sequences(file):
    made = file.create_dataset("lists", (30,), h5py.vlen_dtype(np.dtype(">i4")), chunks=(8,), compression="gzip")
    for i in range(30):
        made[i] = np.arange(i % 7)


def numbers(file):
    for code in ("i1", "u1", "<i2", ">u2", "<i4", ">i4", "<u8", ">i8", "<f2", ">f2", "<f4", ">f8"):
        file.create_dataset(code.strip("<>") + ("_be" if ">" in code else ""), data=np.arange(100).astype(code), chunks=(30,), compression="gzip")


def references(file):
    file["data"] = GRID
    file.create_group("group")
    made = file.create_dataset("objects", (3,), h5py.ref_dtype)
    made[0], made[1] = file["data"].ref, file["group"].ref
    file.create_dataset("region", (1,), h5py.regionref_dtype)[0] = file["data"].regionref[2:5]
    file.attrs["points_to"] = file["data"].ref


def dense_attributes(file):
    for i in range(60):
        file.attrs[f"attribute{i:02d}"] = np.arange(i % 4 + 1) + 1j * (i % 2)
    file["values"] = np.arange(3)
    file["values"].attrs["large"] = LONG.astype("<i4")
    for i in range(30):
        file["values"].attrs[f"text{i}"] = "word " * i


def shared_messages(file):
    for i in range(20):
        made = file.create_dataset(f"set{i}", data=np.arange(5) + 1j * i)
        made.attrs["unit"] = "V"


def dense_group(file):
    many = file.create_group("many", track_order=True)
    for i in range(120):
        many.create_dataset(f"member{119 - i:03d}", data=np.int16(i))


def ordered(file):
    group = file.create_group("ordered", track_order=True)
    for name in ("zulu", "alpha", "mike"):
        group.create_dataset(name, data=GRID[:2], track_order=True).attrs["name"] = name


def links(file):
    file["data/values"] = GRID
    file["hard"] = file["data/values"]
    file["soft"] = h5py.SoftLink("/data/values")
    file["relative"] = h5py.SoftLink("data/values")
    file["dangling"] = h5py.SoftLink("/nowhere")
    file["data/up"] = file["/"]


def deep(file):
    file["/".join(f"level{i}" for i in range(40)) + "/values"] = GRID


def fills(file):
    file.create_dataset("contiguous", (6,), "<f4", fillvalue=2.5)
    file.create_dataset("complex", (6,), "<c16", fillvalue=1 + 2j)
    file.create_dataset("chunked", (10, 4), ">i2", chunks=(3, 4), fillvalue=-3)


def shapes(file):
    file["scalar"] = np.float64(3.25)
    file["null"] = h5py.Empty("<f4")
    file["nothing"] = np.zeros((0, 3), "<i4")
    file["seven"] = draw.integers(0, 100, (2, 1, 3, 1, 2, 2, 2)).astype("u1")
    file.create_dataset("nothing_chunked", (0, 3), "<i4", maxshape=(None, 3), chunks=(4, 3), compression="gzip")


def times(file):
    stamps = np.array(["2026-11-21T02:31:00", "NaT"], "datetime64[ms]")
    file["stamps"] = stamps.astype(h5py.opaque_dtype(stamps.dtype))
    file.create_dataset("raw", data=np.array([b"abcde", b"xyz"], "V5"))


RECIPES = {
    **{f"filter_{name}": with_filter(options) for name, options in FILTERS.items()},
    **{f"index_{name}": with_index(*shape) for name, shape in INDICES.items()},
    **{f"complex_{name}": complex_of(code) for name, code in
       (("64", "<c8"), ("64_be", ">c8"), ("128", "<c16"), ("128_be", ">c16"))},
    **{one.__name__: one for one in (
        implicit, grown, compact_and_contiguous, virtual, complex_records, complex_sequences, enums, compounds, texts,
        sequences, numbers, references, dense_attributes, dense_group, ordered, links, fills)},
}
OTHERS = {
    "superblock_pages": (deep, dict(fs_strategy="page", fs_page_size=4096)),
    "userblock": (shapes, dict(userblock_size=1024)),
    "opaque": (times, {}),
    "many_complex": (shared_messages, {}),
}


def main():
    os.chdir(sys.argv[1])
    for name, write in RECIPES.items():
        with h5py.File(f"{name}.h5", "w", libver="latest") as file:
            write(file)
        print(f"{name}.h5")
    for name, (write, options) in OTHERS.items():
        with h5py.File(f"{name}.h5", "w", libver="latest", **options) as file:
            write(file)
        print(f"{name}.h5")


main()

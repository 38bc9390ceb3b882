"""Every dtype: types.h5, strings.h5, records.h5, references.h5."""

import h5py
import numpy as np
from h5py import h5s, h5t

from .files import OLD, create, creation, dataset, group, raw_dataset, rng

VECTOR = h5s.create_simple((4,))


def numbers():
    with create("types.h5", OLD) as file:
        for size in (1, 2, 4, 8):
            for sign in "iu":
                for order in "<>":
                    info = np.iinfo(f"{sign}{size}")
                    values = [info.min, info.max, 1, 0, info.max // 3, info.min // 5]
                    dataset(file, f"{'int' if sign == 'i' else 'uint'}{size * 8}_{'le' if order == '<' else 'be'}",
                            np.array(values, f"{order}{sign}{size}"))
        specials = [0.0, -0.0, 1.5, np.inf, -np.inf, np.nan, 1e-7, 65504.0]
        for size in (2, 4, 8):
            for order in "<>":
                dataset(file, f"float{size * 8}_{'le' if order == '<' else 'be'}", np.array(specials, f"{order}f{size}"))
        for size in (8, 16):
            for order in "<>":
                dataset(file, f"complex{size * 8}_{'le' if order == '<' else 'be'}",
                        np.array([1 + 2j, -3.5 - 0j, complex(np.inf, np.nan)], f"{order}c{size}"))
        dataset(file, "bool", np.array([[True, False], [False, True]]))
        colour = h5py.enum_dtype({"RED": 0, "GREEN": 1, "BLUE": -7}, basetype=">i2")
        dataset(file, "enum_be", np.array([0, 1, -7, 0], ">i2").astype(colour))
        wide = h5py.enum_dtype({"SMALL": 1, "LARGE": 2**63 - 1}, basetype="<i8")
        dataset(file, "enum_64", np.array([1, 2**63 - 1], "<i8").astype(wide))
        times = np.array(["2026-11-21T02:31:00", "1969-12-31T23:59:59", "NaT"], "datetime64[ms]")
        dataset(file, "datetime", shape=(3,), dtype=h5py.opaque_dtype(times.dtype))[...] = times.astype(h5py.opaque_dtype(times.dtype))
        spans = np.array([1, -5, 2**40], "timedelta64[ns]")
        dataset(file, "timedelta", shape=(3,), dtype=h5py.opaque_dtype(spans.dtype))[...] = spans.astype(h5py.opaque_dtype(spans.dtype))

        opaque = h5t.create(h5t.OPAQUE, 5)
        opaque.set_tag(b"five bytes")
        raw_dataset(file, "opaque", opaque, VECTOR).id.write(h5s.ALL, h5s.ALL, np.array([b"abcde", b"\x00\x01\x02\x03\x04", b"", b"zz"], "V5"), opaque)
        for size, kind in ((1, h5t.STD_B8LE), (2, h5t.STD_B16BE), (4, h5t.STD_B32LE), (8, h5t.STD_B64BE)):
            made = raw_dataset(file, f"bitfield{size * 8}", kind, VECTOR)
            made.id.write(h5s.ALL, h5s.ALL, np.array([1, 2, 255, 170], f"{'>' if size in (2, 8) else '<'}u{size}"), kind)

        # An integer of 12 bits at bit 2 of 16, and a float of 24 bits: libhdf5 converts them.
        odd = h5t.STD_I16LE.copy()
        odd.set_precision(12)
        odd.set_offset(2)
        raw_dataset(file, "int12", odd, VECTOR).write_direct(np.array([-2048, 2047, 5, -1], "i2"))

        committed = h5t.py_create(np.dtype([("x", "<f8"), ("y", "<f8")]), logical=True)
        committed.commit(file.id, b"point")
        raw_dataset(file, "points", committed, VECTOR)[...] = np.array([(i, i / 4) for i in range(4)], "f8,f8").astype([("x", "f8"), ("y", "f8")])

        dataset(file, "scalar", np.float64(3.25))
        raw_dataset(file, "null", h5t.IEEE_F32LE, h5s.create(h5s.NULL))
        dataset(file, "empty", np.zeros((0, 3), "i4"))
        dataset(file, "seven_axes", rng().integers(0, 100, (2, 1, 3, 1, 2, 2, 2), "u1"))


def fixed_string(length, charset, padding):
    kind = h5t.C_S1.copy()
    kind.set_size(length)
    kind.set_cset(charset)
    kind.set_strpad(padding)
    return kind


def strings():
    with create("strings.h5", OLD) as file:
        texts = {"ascii": (h5t.CSET_ASCII, [b"one", b"", b"exactly8", b"a b "]),
                 "utf8": (h5t.CSET_UTF8, ["µm".encode(), "脳".encode(), b"", "née".encode()])}
        paddings = {"null_terminated": h5t.STR_NULLTERM, "null_padded": h5t.STR_NULLPAD, "space_padded": h5t.STR_SPACEPAD}
        for charset, (number, values) in texts.items():
            for padding, code in paddings.items():
                kind = fixed_string(9, number, code)
                fill = b" " if code == h5t.STR_SPACEPAD else b"\0"
                stored = np.array([value.ljust(9, fill) for value in values], "S9")
                raw_dataset(file, f"fixed_{charset}_{padding}", kind, VECTOR).id.write(h5s.ALL, h5s.ALL, stored, kind)
            variable = dataset(file, f"variable_{charset}", shape=(4,), dtype=h5py.string_dtype("utf-8" if charset == "utf8" else charset))
            variable[...] = np.array(values, object)
        # A string that fills its whole width: no room for the terminator that its padding promises.
        full = fixed_string(4, h5t.CSET_ASCII, h5t.STR_NULLTERM)
        raw_dataset(file, "fixed_full_width", full, VECTOR).id.write(h5s.ALL, h5s.ALL, np.array([b"abcd", b"efgh", b"ij", b"k"], "S4"), full)
        dataset(file, "variable_scalar", shape=(), dtype=h5py.string_dtype())[()] = "a scalar text"
        dataset(file, "variable_unwritten", shape=(3,), dtype=h5py.string_dtype())
        long = dataset(file, "variable_chunked_gzip", shape=(50,), dtype=h5py.string_dtype(), chunk=(16,), set_deflate=(4,))
        long[...] = [f"row {i} " * (i % 7) for i in range(50)]
        matrix = dataset(file, "variable_matrix", shape=(2, 3), dtype=h5py.string_dtype())
        matrix[...] = np.array([["a", "bb", "ccc"], ["", "é", "日本"]], object)


def records():
    with create("records.h5", OLD) as file:
        inner = np.dtype([("u", "<u1"), ("v", ">f4")])
        nested = np.dtype({"names": ["id", "where", "grid", "name", "ok", "z"],
                           "formats": ["<i8", inner, ("<i2", (2, 3)), "S6", "?", "<c8"],
                           "offsets": [0, 8, 16, 28, 34, 40], "itemsize": 48})
        data = np.zeros((5,), nested)
        for i in range(5):
            data[i] = (2**53 + i, (i, i / 3), np.arange(6).reshape(2, 3) - i, f"r{i}".encode(), i % 2, i - 1j)
        dataset(file, "nested", data)
        dataset(file, "nested_gzip", data, chunk=(2,), set_shuffle=(), set_deflate=(6,))
        ragged = np.dtype([("n", "<i4"), ("values", h5py.vlen_dtype("<f8")), ("label", h5py.string_dtype())])
        rows = np.empty((3,), ragged)
        for i in range(3):
            rows[i] = (i, np.arange(i, dtype="f8") / 2, f"label {i}")
        dataset(file, "ragged", shape=(3,), dtype=ragged)[...] = rows
        dataset(file, "scalar", np.array((7, (1, 2.5), np.ones((2, 3)), b"one", True, 1j), nested))

        array = h5t.array_create(h5t.STD_I32BE, (2, 3))
        made = raw_dataset(file, "array", array, VECTOR)
        made.id.write(h5s.ALL, h5s.ALL, np.arange(24, dtype=">i4"), array)
        texts = h5t.array_create(fixed_string(3, h5t.CSET_ASCII, h5t.STR_NULLPAD), (2,))
        raw_dataset(file, "array_of_strings", texts, VECTOR).id.write(h5s.ALL, h5s.ALL, np.array([b"ab", b"cde"] * 4, "S3"), texts)

        for name, base in (("int16_be", ">i2"), ("float32", "<f4"), ("uint64", "<u8")):
            lists = dataset(file, f"vlen_{name}", shape=(4,), dtype=h5py.vlen_dtype(np.dtype(base)))
            for i, length in enumerate((3, 0, 1, 5)):
                lists[i] = np.arange(length).astype(base) * 7
        strings = dataset(file, "vlen_chunked", shape=(20,), dtype=h5py.vlen_dtype(np.dtype("<i4")), chunk=(8,), set_deflate=(1,))
        for i in range(17):
            strings[i] = np.arange(i % 5)


def references():
    with create("references.h5", OLD) as file:
        grid = dataset(file, "data/grid", np.arange(60, dtype="i4").reshape(6, 10))
        other = group(file, "data/other".split("/")[0] + "2")
        objects = dataset(file, "objects", shape=(4,), dtype=h5py.ref_dtype)
        objects[0] = grid.ref
        objects[1] = other.ref
        objects[2] = file.ref
        regions = dataset(file, "regions", shape=(4,), dtype=h5py.regionref_dtype)
        regions[0] = grid.regionref[1:3, 2:8]
        regions[1] = grid.regionref[::2, ::3]
        space = h5s.create_simple((6, 10))
        space.select_elements(np.array([[0, 0], [5, 9], [2, 4]], dtype="u8"))
        regions[2] = h5py.h5r.create(file.id, b"data/grid", h5py.h5r.DATASET_REGION, space)
        table = np.dtype([("start", "<i4"), ("count", "<i4"), ("series", h5py.ref_dtype)])
        rows = np.empty((2,), table)
        rows[0] = (1, 2, grid.ref)
        rows[1] = (3, 4, other.ref)
        dataset(file, "table", shape=(2,), dtype=table)[...] = rows
        file.attrs["points_to"] = grid.ref
        lists = dataset(file, "reference_lists", shape=(2,), dtype=h5py.vlen_dtype(h5py.ref_dtype))
        lists[0] = np.array([grid.ref, other.ref], dtype=h5py.ref_dtype)
    # The references of HDF5 1.12 (H5R_ref_t) can't be made by h5py: the corpus holds some.


def newest():
    """What HDF5 2.0 writes at its newest, which 1.14 can't read: filtered chunks under layout message version 5, and native
    complex numbers of every size and order, alone, in records, arrays and sequences, in attributes, and as a committed type."""
    with create("hdf5_2_0.h5", ("latest", "latest")) as file:
        dataset(file, "plain", np.arange(10, dtype="i4"))
        dataset(file, "chunked", np.arange(40, dtype="i4"), chunk=(8,), set_deflate=(4,))
        values = np.array([1 + 2j, -3.5 - 0j, complex(np.inf, np.nan), 2.25j])
        for size, bits in ((8, 32), (16, 64)):
            for order, end in (("<", "LE"), (">", "BE")):
                kind = getattr(h5t, f"COMPLEX_IEEE_F{bits}{end}")
                part = values.astype(f"{order}c{size}")
                name = f"complex{8 * size}_{end.lower()}"
                raw_dataset(file, name, kind, VECTOR).id.write(h5s.ALL, h5s.ALL, part, kind)
                made = raw_dataset(file, f"{name}_gzip", kind, VECTOR, creation(chunk=(3,), set_deflate=(4,)))
                made.id.write(h5s.ALL, h5s.ALL, part, kind)
                h5py.h5a.create(file.id, name.encode(), kind, VECTOR).write(part, mtype=kind)
        native = h5t.COMPLEX_IEEE_F64LE
        record = h5t.create(h5t.COMPOUND, 28)
        record.insert(b"n", 0, h5t.STD_I32LE)
        record.insert(b"z", 4, h5t.COMPLEX_IEEE_F64BE)
        record.insert(b"w", 20, h5t.COMPLEX_IEEE_F32LE)
        rows = np.zeros((4,), [("n", "<i4"), ("z", ">c16"), ("w", "<c8")])
        rows["n"], rows["z"], rows["w"] = np.arange(4), values, values[::-1]
        raw_dataset(file, "record", record, VECTOR).id.write(h5s.ALL, h5s.ALL, rows, record)
        h5py.h5a.create(file.id, b"record", record, VECTOR).write(rows, mtype=record)
        array = h5t.array_create(h5t.COMPLEX_IEEE_F32BE, (2,))
        raw_dataset(file, "array", array, VECTOR).id.write(h5s.ALL, h5s.ALL, np.array([values, values], ">c8"), array)
        native.copy().commit(file.id, b"complex_type")
        committed = h5t.open(file.id, b"complex_type")
        raw_dataset(file, "of_committed", committed, VECTOR).id.write(h5s.ALL, h5s.ALL, values, committed)


def make():
    numbers()
    strings()
    records()
    references()
    newest()

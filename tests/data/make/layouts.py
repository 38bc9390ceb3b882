"""Every layout and chunk index: layouts.h5, layouts_old.h5, fill.h5, external.h5, virtual.h5."""

import ctypes
import os

import h5py
import numpy as np
from h5py import h5d, h5s

from .files import DATA, OLD, create, creation, dataset, raw_dataset, rng

NONE = None


def plain_layouts():
    with create("layouts_old.h5", OLD) as file:
        grid = rng().integers(-1000, 1000, (37, 11), "i4")
        dataset(file, "compact", grid[:5], layout=h5d.COMPACT)
        dataset(file, "contiguous", grid)
        dataset(file, "contiguous_be", grid.astype(">f8"))
        dataset(file, "btree1", grid, chunk=(8, 5), maxshape=(NONE, NONE))
        dataset(file, "btree1_gzip", grid, chunk=(8, 5), set_shuffle=(), set_deflate=(6,))
        deep = dataset(file, "btree1_deep", shape=(1000,), dtype="u1", chunk=(4,))
        deep[...] = np.arange(1000) % 251
        grown = dataset(file, "btree1_grown", np.arange(10, dtype="i2"), maxshape=(NONE,), chunk=(4,))
        grown.resize((23,))
        grown[20:] = 7


def new_layouts():
    with create("layouts.h5") as file:
        grid = rng().integers(-1000, 1000, (37, 11), "i4")
        dataset(file, "single", grid, chunk=(37, 11))
        dataset(file, "single_gzip", grid, chunk=(37, 11), set_deflate=(6,))
        dataset(file, "implicit", grid, chunk=(8, 5), set_alloc_time=(h5d.ALLOC_TIME_EARLY,))
        dataset(file, "fixed_array", grid, chunk=(8, 5))
        dataset(file, "fixed_array_gzip", grid, chunk=(8, 5), set_deflate=(6,))
        # More than 1,024 chunks: the fixed array is paged.
        paged = (np.arange(1300) % 253).astype("u1")
        dataset(file, "fixed_array_paged", paged, chunk=(1,))
        sparse = dataset(file, "fixed_array_paged_sparse", shape=(3000,), dtype="u1", chunk=(1,), fill=np.uint8(9))
        sparse[2500] = 1
        dataset(file, "extensible_array", grid, chunk=(8, 5), maxshape=(NONE, 11))
        dataset(file, "extensible_array_gzip", grid, chunk=(8, 5), maxshape=(NONE, 11), set_deflate=(6,))
        dataset(file, "extensible_array_long", np.arange(900, dtype="u2"), chunk=(1,), maxshape=(NONE,))
        dataset(file, "btree2", grid, chunk=(8, 5), maxshape=(NONE, NONE))
        dataset(file, "btree2_gzip", grid, chunk=(8, 5), maxshape=(NONE, NONE), set_deflate=(6,))
        dataset(file, "btree2_deep", (np.arange(900) % 241).astype("u1").reshape(30, 30), chunk=(1, 1), maxshape=(NONE, NONE))
        # Edge chunks that leave the array are stored without their filters.
        # They take effect by H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS.
        for name, maxshape in (("", None), ("_btree2", (NONE, NONE))):
            dataset(file, f"partial_chunks_unfiltered{name}", grid, chunk=(8, 5), maxshape=maxshape, set_deflate=(6,), H5Pset_chunk_opts=(2,))


def fills():
    with create("fill.h5") as file:
        dataset(file, "contiguous_unwritten", shape=(6,), dtype="f4", fill=np.float32(2.5))
        dataset(file, "contiguous_no_fill", shape=(6,), dtype="i8")
        dataset(file, "chunked_unwritten", shape=(10, 4), dtype=">i2", chunk=(3, 4), fill=np.array(-3, ">i2"))
        some = dataset(file, "chunked_some", shape=(20,), dtype="i4", chunk=(4,), fill=np.int32(-1), set_deflate=(4,))
        some[5] = 5
        some[17:] = 17
        dataset(file, "compound", shape=(3,), dtype=[("a", "<i4"), ("b", "<f8")], fill=np.array((7, 0.5), [("a", "<i4"), ("b", "<f8")]))
        text = h5py.h5t.C_S1.copy()
        text.set_size(4)
        text.set_strpad(h5py.h5t.STR_NULLPAD)
        fill = (ctypes.c_int64(text.id), ctypes.c_char_p(b"none"))
        raw_dataset(file, "string", text, h5s.create_simple((2,)), creation(H5Pset_fill_value=fill))


def external():
    """Values kept in two flat files beside the HDF5 file."""
    here = os.getcwd()
    os.chdir(DATA)
    try:
        for name in ("external_1.bin", "external_2.bin"):
            if os.path.exists(name):
                os.remove(name)
        with create("external.h5", OLD) as file:
            dcpl = creation()
            dcpl.set_external(b"external_1.bin", 4, 16)
            dcpl.set_external(b"external_2.bin", 0, 24)
            made = raw_dataset(file, "values", h5py.h5t.STD_I32LE, h5s.create_simple((10,)), dcpl)
            made[...] = np.arange(10) * 11
    finally:
        os.chdir(here)


def stack(file, name, letters):
    """A virtual dataset that stacks the parts of several files."""
    shape = (len(letters), 3, 4)
    dcpl = creation(fill=np.int32(-1))
    for i, letter in enumerate(letters):
        target = h5s.create_simple(shape)
        target.select_hyperslab((i, 0, 0), (1, 3, 4))
        dcpl.set_virtual(target, f"virtual_{letter}.h5".encode(), b"part", h5s.create_simple((3, 4)))
    raw_dataset(file, name, h5py.h5t.STD_I32LE, h5s.create_simple(shape), dcpl)


def virtual():
    for letter, start in (("a", 0), ("b", 100), ("c", 200)):
        with create(f"virtual_{letter}.h5") as file:
            dataset(file, "part", np.arange(start, start + 12, dtype="i4").reshape(3, 4))
    with create("virtual.h5") as file:
        stack(file, "stack", ("a", "b", "c"))
        # libhdf5 gives fill values where a source is missing; microtome says which one is.
        stack(file, "stack_absent", ("a", "absent"))

        dataset(file, "inner", np.arange(6, dtype="i4"))
        every_second = h5s.create_simple((6,))
        every_second.select_hyperslab((0,), (3,), stride=(2,))
        dcpl = creation()
        dcpl.set_virtual(h5s.create_simple((3,)), b".", b"inner", every_second)
        raw_dataset(file, "same_file", h5py.h5t.STD_I32LE, h5s.create_simple((3,)), dcpl)


def make():
    plain_layouts()
    new_layouts()
    fills()
    external()
    virtual()

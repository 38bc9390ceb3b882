"""Files whose bytes depend on nothing but this script: no times, fixed seeds."""

import ctypes
from pathlib import Path

import h5py
import numpy as np

DATA = Path(__file__).resolve().parent.parent
OLD = ("earliest", "v108")
NEW = ("v110", "v110")


def libhdf5():
    """The libhdf5 that h5py has loaded, for the few calls that h5py doesn't offer."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    return ctypes.CDLL(next(line.split()[-1] for line in maps if "/libhdf5-" in line or "/libhdf5.so" in line))


def call(function, property_list, *arguments):
    """Calls a libhdf5 function on a property list; fails loudly."""
    if getattr(libhdf5(), function)(ctypes.c_int64(property_list.id), *arguments) < 0:
        raise RuntimeError(f"{function} failed")


def rng():
    return np.random.default_rng(20261121)


def create(name, libver=NEW, userblock=0, order=False, **options):
    """A new file without times in its root group. `options` are called on the file creation list
    (methods of h5py, or functions of libhdf5): name=arguments."""
    fcpl = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    fcpl.set_obj_track_times(False)
    if userblock:
        fcpl.set_userblock(userblock)
    if order:
        flags = h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
        fcpl.set_link_creation_order(flags)
        fcpl.set_attr_creation_order(flags)
    for key, arguments in options.items():
        getattr(fcpl, key)(*arguments) if hasattr(fcpl, key) else call(key, fcpl, *arguments)
    names = {"earliest": h5py.h5f.LIBVER_EARLIEST, "v108": h5py.h5f.LIBVER_V18, "v110": h5py.h5f.LIBVER_V110,
             "v112": h5py.h5f.LIBVER_V112, "v114": h5py.h5f.LIBVER_V114, "latest": h5py.h5f.LIBVER_LATEST}
    fapl = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    fapl.set_libver_bounds(names[libver[0]], names[libver[1]])
    fapl.set_fclose_degree(h5py.h5f.CLOSE_STRONG)
    file = h5py.h5f.create(str(DATA / name).encode(), h5py.h5f.ACC_TRUNC, fcpl=fcpl, fapl=fapl)
    return h5py.File(file)


def group(parent, name, order=False, dense=None):
    """A group without times; `dense` is the largest number of links that it keeps in its header."""
    gcpl = h5py.h5p.create(h5py.h5p.GROUP_CREATE)
    gcpl.set_obj_track_times(False)
    if order:
        flags = h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
        gcpl.set_link_creation_order(flags)
        gcpl.set_attr_creation_order(flags)
    if dense is not None:
        call("H5Pset_link_phase_change", gcpl, dense, min(dense, 2))
    created = h5py.h5g.create(parent.id, name.encode(), gcpl=gcpl)
    return h5py.Group(created)


def creation(layout=None, chunk=None, fill=None, **calls):
    """A dataset creation list without times. `calls` are called on it, as in create()."""
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_obj_track_times(False)
    if layout is not None:
        dcpl.set_layout(layout)
    if chunk is not None:
        dcpl.set_chunk(chunk)
    if fill is not None:
        dcpl.set_fill_value(np.asarray(fill))
    for key, arguments in calls.items():
        getattr(dcpl, key)(*arguments) if hasattr(dcpl, key) else call(key, dcpl, *arguments)
    return dcpl


def raw_dataset(parent, name, type_id, space, dcpl=None):
    """A dataset of any HDF5 type, by the low-level interface."""
    parts = name.strip("/").split("/")
    for part in parts[:-1]:
        parent = parent[part] if part in parent else group(parent, part)
    return h5py.Dataset(h5py.h5d.create(parent.id, parts[-1].encode(), type_id, space, dcpl or creation()))


def dataset(parent, name, data=None, maxshape=None, shape=None, dtype=None, **options):
    """A dataset of a NumPy array, without times."""
    if data is not None:
        data = np.asarray(data, dtype=dtype)
        shape, dtype = data.shape, data.dtype
    space = h5py.h5s.create(h5py.h5s.SCALAR)
    if shape != ():
        limits = None if maxshape is None else tuple(h5py.h5s.UNLIMITED if m is None else m for m in maxshape)
        space = h5py.h5s.create_simple(shape, limits)
    result = raw_dataset(parent, name, h5py.h5t.py_create(np.dtype(dtype), logical=True), space, creation(**options))
    if data is not None:
        result[...] = data
    return result

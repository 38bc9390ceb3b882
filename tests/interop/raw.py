"""np.memmap for raw_test.ts: makes flat files and says what they hold (`make FOLDER`), or says what others hold (`read`)."""

import json
import random
import shutil
import sys

import numpy as np

DTYPES = ["|u1", "|i1", "<i2", ">i2", "<u4", ">i4", "<i8", ">u8", "<f2", "<f4", ">f8", "<c8", ">c16", "|b1", "|S3", "<U2",
          ">U2", "<M8[ms]", "|V3", [["t", "<f8"], ["n", ">i2"], ["xy", "<i2", [2]]]]
LAYOUTS = [([], "C", 0), ([7], "C", 3), ([5, 4], "C", 0), ([5, 4], "F", 16), ([3, 4, 2], "F", 1), ([3, 0], "C", 0)]


def dtype_of(descr):
    return np.dtype(descr if isinstance(descr, str) else [tuple(field) for field in descr])


def values(dtype, shape):
    """Random bytes that are a value of the dtype."""
    array = np.zeros(shape, dtype)
    size = int(np.prod(shape))
    if dtype.kind == "b":
        return np.random.randint(0, 2, shape).astype(dtype)
    if dtype.kind in "SU":
        return np.array(["", "a", "bc"])[np.random.randint(0, 3, shape)].astype(dtype)
    if dtype.names is not None:
        for name in dtype.names:
            field = dtype.fields[name][0]
            base, extra = (field.base, field.shape)
            array[name] = values(base, tuple(shape) + extra)
        return array
    if dtype.kind in "fc":
        return (np.random.standard_normal(shape) * 100).astype(dtype)
    return np.frombuffer(np.random.bytes(size * dtype.itemsize), dtype).reshape(shape)


def axis_of(length):
    kind = random.randrange(4 if length else 2)
    bound = lambda: random.choice([None, random.randint(-length - 2, length + 2)])
    if kind == 0:
        return None
    if kind == 1:
        return {"slice": [bound(), bound(), random.choice([None, 1, 2, 3, -1, -2])]}
    if kind == 2:
        return random.randrange(-length, length)
    return {"list": [random.randrange(-length, length) for _ in range(random.randrange(4))]}


def python_axis(axis):
    if axis is None:
        return slice(None)
    if isinstance(axis, int):
        return axis
    return slice(*axis["slice"]) if "slice" in axis else axis["list"]


def take(array, selection):
    """Axis by axis from the last, so that lists are independent of each other."""
    for axis in reversed(range(len(selection))):
        array = array[(slice(None),) * axis + (python_axis(selection[axis]),)]
    return array


def native(array, dtype):
    # The dtype is given, since a scalar of text has forgotten how long its field is.
    return np.array(array, dtype).astype(dtype.newbyteorder("<")).tobytes().hex()


def make(folder):
    random.seed(7)
    np.random.seed(7)
    cases = []
    for descr in DTYPES:
        for shape, order, offset in LAYOUTS:
            dtype = dtype_of(descr)
            path = f"{folder}/{len(cases)}.dat"
            if 0 in shape:
                open(path, "wb").close()
                array = np.zeros(shape, dtype)
            else:
                array = np.memmap(path, dtype, "w+", offset, tuple(shape), order)
                array[...] = values(dtype, tuple(shape))
                array.flush()
            selections = [[axis_of(length) for length in shape] for _ in range(5)]
            case = {"path": path, "dtype": descr, "shape": shape, "order": order, "offset": offset,
                    "selections": [{"selection": s, "shape": list(take(array, s).shape), "hex": native(take(array, s), dtype)}
                                   for s in [[], *selections]]}
            if 0 not in shape:
                shutil.copy(path, f"{path}.after")
                changed = np.memmap(f"{path}.after", dtype, "r+", offset, tuple(shape), order)
                # At most one list, so that NumPy's assignment is ours.
                selection, lists = [], 0
                for length in shape:
                    axis = axis_of(length)
                    if isinstance(axis, dict) and "list" in axis:
                        lists += 1
                        if lists > 1:
                            axis = None
                    selection.append(axis)
                if lists and any(isinstance(axis, int) for axis in selection):
                    selection = [None if isinstance(axis, int) else axis for axis in selection]
                data = values(dtype, take(changed, selection).shape)
                changed[tuple(python_axis(axis) for axis in selection)] = data
                changed.flush()
                case["write"] = {"selection": selection, "shape": list(data.shape), "hex": native(data, dtype)}
            cases.append(case)
    json.dump(cases, sys.stdout)


def read():
    out = []
    for case in json.load(sys.stdin):
        dtype = dtype_of(case["dtype"])
        array = np.memmap(case["path"], dtype, "r", case["offset"], tuple(case["shape"]), case["order"])
        out.append(native(array, dtype))
    json.dump(out, sys.stdout)


make(sys.argv[2]) if sys.argv[1] == "make" else read()

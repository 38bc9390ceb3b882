"""What NumPy says of .npy and .npz files; see npy_test.ts.

  make FOLDER       saves arrays of every kind to FOLDER, and prints what they hold
  dump FILE...      prints what the files hold
  resave FILE...    loads each file and prints what NumPy would save, as base64
  pickle FOLDER     saves pickles that must be refused
"""

import base64
import hashlib
import io
import json
import os
import struct
import sys
import zipfile

import numpy as np


def value(x):
    """One element as JSON that says every bit."""
    if x is None or isinstance(x, (bool, np.bool_)):
        return None if x is None else bool(x)
    if isinstance(x, (np.datetime64, np.timedelta64)):
        return {"int": str(int(x.astype("i8")))}
    if isinstance(x, (int, np.integer)):
        return {"int": str(int(x))}
    if isinstance(x, np.complexfloating) or isinstance(x, complex):
        return [value(float(x.real)), value(float(x.imag))]
    if isinstance(x, (float, np.floating)):
        return "nan" if x != x else struct.pack(">d", float(x)).hex()
    if isinstance(x, str):
        return {"text": [ord(c) for c in x]}
    if isinstance(x, np.void) and x.dtype.names is not None:
        return {"record": [value(x[name]) for name in x.dtype.names]}
    if isinstance(x, (bytes, bytearray, np.bytes_)):
        return {"bytes": bytes(x).hex()}
    if isinstance(x, np.void):
        return {"bytes": x.tobytes().hex()}
    if isinstance(x, np.ndarray):
        return {"shape": list(x.shape), "data": [value(y) for y in x.flat], "objects": x.dtype.hasobject}
    if isinstance(x, (list, tuple)):
        return {"list": [value(y) for y in x]}
    if isinstance(x, dict):
        return {"dict": [[value(k), value(v)] for k, v in x.items()]}
    if isinstance(x, (set, frozenset)):
        return {"set": sorted((value(y) for y in x), key=json.dumps)}
    raise TypeError(type(x))


def array(x):
    """What an array holds; of a long one of numbers the checksum of its little-endian bytes in C order."""
    found = {"descr": repr(np.lib.format.dtype_to_descr(x.dtype)), "shape": list(x.shape)}
    if x.size > 5000 and x.dtype.kind in "biufc":
        return {**found, "sha256": hashlib.sha256(x.astype(x.dtype.newbyteorder("<")).tobytes("C")).hexdigest()}
    return {**found, "data": [value(y) for y in x.flat]}


def dump(path, allow_pickle=False):
    """What a file holds; of what can't be loaded, why."""
    try:
        if path.endswith(".npy"):
            return array(np.load(path, allow_pickle=allow_pickle, encoding="latin1"))
        with np.load(path, allow_pickle=allow_pickle, encoding="latin1") as file:
            members = {}
            for name in file.files:
                try:
                    x = file[name]
                    members[name] = array(x) if isinstance(x, np.ndarray) else {"raw": x.hex()}
                except Exception as error:
                    members[name] = {"error": f"{type(error).__name__}: {error}"}
            return {"members": members}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def arrays():
    rng = np.random.default_rng(7)
    out = {}
    for order in "<>":
        for code in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]:
            dtype = np.dtype(order + code)
            raw = rng.integers(0, 256, 24 * dtype.itemsize, dtype="u1").tobytes()
            out[f"{code}_{'le' if order == '<' else 'be'}"] = np.frombuffer(raw, dtype).reshape(2, 3, 4)
    out["bool"] = np.array([[True, False], [False, True]])
    out["bytes"] = np.array([b"abc", b"", b"a\0b", b"\xff\xe9"])
    out["text"] = np.array(["abc", "", "λμ", "\U0001f600", "a\0b"])
    out["text_be"] = np.array(["abc", "é"]).astype(">U3")
    out["void"] = np.array([b"abcde", b"\0\1\2\3\4"], dtype="V5")
    out["datetime"] = np.array(["2020-01-01T00:00:00", "NaT"], "M8[ns]")
    out["datetime_25s"] = np.array([1, 2, -3]).astype("M8[25s]")
    out["datetime_generic"] = np.zeros(2, "M8")
    out["timedelta_be"] = np.array([1, -2], ">m8[D]")
    out["zero_d"] = np.array(7.5)
    out["zero_d_text"] = np.array("Tsd")
    out["empty"] = np.zeros((0, 3), "i4")
    out["empty_1d"] = np.zeros(0)
    out["fortran"] = np.asfortranarray(rng.normal(size=(3, 4, 5)))
    out["fortran_i2"] = np.asfortranarray(rng.integers(-9, 9, (7, 2)).astype("i2"))
    out["fortran_1d"] = np.asfortranarray(np.arange(5.0))
    out["fortran_column"] = np.asfortranarray(np.arange(5.0).reshape(5, 1))
    out["records"] = np.array([(1, 2.5, "ab"), (-3, float("inf"), "λ")], [("a", "<i4"), ("b", "<f8"), ("c", "<U2")])
    out["records_be"] = np.array([(1, 2.5)], [("a", ">i4"), ("b", ">f8")])
    out["records_mixed"] = np.array([(1, 2.5)], [("a", ">i4"), ("b", "<f8")])
    nested = np.dtype([("a", "i1"), ("b", "<f8", (2, 3)), ("c", "S3"), ("d", [("x", "<U2"), ("y", "<i2"), ("z", "?")])], align=True)
    many = np.zeros(3, nested)
    many["a"] = [1, -2, 3]
    many["b"] = np.arange(18.0).reshape(3, 2, 3)
    many["c"] = [b"abc", b"", b"x"]
    many["d"]["x"] = ["ab", "", "λ"]
    many["d"]["y"] = [7, 8, -9]
    many["d"]["z"] = [True, False, True]
    out["records_nested"] = many
    out["records_names"] = np.zeros(1, [("it's", "<i2"), ("a\nb", "<c8"), ("λ", "|b1"), ("q'\"", "<M8[us]"), ("", "<i4")])
    out["records_latin"] = np.zeros(2, [("é", "<i2")])
    out["records_none"] = np.zeros(2, [])
    out["records_title"] = np.zeros(2, [(("a title", "a"), "<i2")])
    out["records_long"] = np.zeros(1, [(f"field_{i:05d}_with_a_long_name", "<i2") for i in range(2500)])
    out["long_shape"] = np.zeros((1, 1, 2, 1, 1, 3, 1, 1), "u1")
    return out


def objects():
    nested = np.empty(6, object)
    nested[:] = [None, [1, (2.5, "λ")], {"a": 1, 2: [True, 2**70]}, np.arange(6, dtype=">i2").reshape(2, 3), np.float32(1.5), b"\0\xff"]
    more = np.empty((2, 3), object)
    more[:] = [[1 + 2j, {1, "x"}, np.array(["ab", "c"])], [np.array([(1, 2.0)], [("a", "i4"), ("b", "f8")]), np.datetime64("2020-01-01", "ms"), -(2**53)]]
    fields = np.array([(1, "a"), (None, [2])], [("n", "i4"), ("o", "O")][1:] + [("p", "O")])
    again = np.empty(3, object)
    shared = [1, 2]
    again[:] = [shared, shared, np.array([[1.5, 2.5], [3.5, 4.5]], order="F")]
    deep = np.empty(1, object)
    deep[0] = np.empty(2, object)
    deep[0][:] = ["x", np.bool_(True)]
    return {"objects": nested, "objects_2d": more, "objects_records": fields, "objects_shared": again, "objects_deep": deep}


def make(folder):
    found = {}
    for name, x in {**arrays(), **objects()}.items():
        path = f"{folder}/{name}.npy"
        np.save(path, x)
        found[path] = dump(path, True)
    for protocol in range(6):
        path = f"{folder}/protocol_{protocol}.npy"
        x = objects()["objects"]
        with open(path, "wb") as file:
            np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(x))
            import pickle

            file.write(pickle.dumps(x, protocol=protocol))
        found[path] = array(x)
    plain = {k: v for k, v in arrays().items() if k in ("i2_le", "text", "fortran", "zero_d", "records", "empty", "bool")}
    plain["é/λ"] = np.arange(3)
    np.savez(f"{folder}/stored.npz", **plain)
    np.savez_compressed(f"{folder}/packed.npz", **plain, long=np.arange(2_000_000) // 7)
    np.savez(f"{folder}/objects.npz", **objects())
    for name in ("stored", "objects"):
        found[f"{folder}/{name}.npz"] = dump(f"{folder}/{name}.npz", True)
    return found


def resave(path):
    x = np.load(path)
    out = io.BytesIO()
    if path.endswith(".npz"):
        np.savez(out, **{name: x[name] for name in x.files})
    else:
        np.save(out, x)
    return base64.b64encode(out.getvalue()).decode()


if __name__ == "__main__":
    command, *paths = sys.argv[1:]
    if command == "make":
        result = make(paths[0])
    elif command == "dump":
        result = {path: dump(path) for path in paths}
    elif command == "dump-pickled":
        result = {path: dump(path, True) for path in paths}
    elif command == "resave":
        result = {path: resave(path) for path in paths}
    elif command == "check":
        result = {path: zipfile.ZipFile(path).testzip() for path in paths}
    else:
        sys.exit(f"unknown command {command}")
    json.dump(result, sys.stdout)

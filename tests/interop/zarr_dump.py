"""Reads every array of Zarr hierarchies with zarr-python, and says what is in them.

    python zarr_dump.py ROOT < names

Each line of the input is a folder or a .zip below ROOT that holds a hierarchy. Each line of the output is one array:
{store, path, format, shape, dtype, sha256} of its bytes in C order and little-endian, {..., values} for text and
objects, or {..., error} where zarr-python can't read it either.
"""

import hashlib
import json
import os
import sys
import warnings
import zipfile

import numpy as np
import zarr
from zarr.storage import LocalStore, ZipStore

warnings.simplefilter("ignore")


def arrays_below(path):
    """Paths of the arrays of a hierarchy, each with the version of its metadata; the newer one where it has both."""
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            read = lambda name: archive.read(name)
            found = [(name, read(name) if name.endswith("zarr.json") else b"") for name in names]
    else:
        found = []
        for folder, _, files in os.walk(path):
            for file in files:
                if file in (".zarray", "zarr.json"):
                    full = os.path.join(folder, file)
                    found.append((os.path.relpath(full, path), open(full, "rb").read()))
    arrays = {}
    for name, text in found:
        folder, _, file = name.rpartition("/")
        if file == ".zarray":
            arrays.setdefault(folder, 2)
        elif file == "zarr.json" and json.loads(text).get("node_type") == "array":
            arrays[folder] = 3
    return sorted(arrays.items())


def describe(path, array_path, version):
    if path.endswith(".zip"):
        store = ZipStore(path, mode="r")
        array = zarr.open_array(store=store, path=array_path, mode="r", zarr_format=version)
    else:
        array = zarr.open_array(store=LocalStore(os.path.join(path, array_path), read_only=True), zarr_format=version, mode="r")
    values = np.asarray(array[...])
    said = {"shape": list(array.shape), "dtype": str(values.dtype)}
    if values.dtype.kind in "OT":
        return {**said, "values": [json_value(value) for value in values.ravel(order="C").tolist()]}
    if values.dtype.kind in "US":
        texts = [one.decode("utf-8", "surrogateescape") if isinstance(one, bytes) else one for one in values.ravel().tolist()]
        return {**said, "values": texts}
    little = values.astype(values.dtype.newbyteorder("<"))
    return {**said, "sha256": hashlib.sha256(np.ascontiguousarray(little).tobytes()).hexdigest()}


def json_value(value):
    return value if isinstance(value, (str, int, float, bool, list, dict, type(None))) else repr(value)


def main():
    root = sys.argv[1]
    for line in sys.stdin:
        name = line.rstrip("\n")
        if not name:
            continue
        for array_path, version in arrays_below(os.path.join(root, name)):
            said = {"store": name, "path": array_path, "format": version}
            try:
                said.update(describe(os.path.join(root, name), array_path, version))
            except Exception as error:  # what zarr-python can't read says nothing about microtome
                said["error"] = f"{type(error).__name__}: {error}"
            print(json.dumps(said), flush=True)


main()

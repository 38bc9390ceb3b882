"""Says what NumPy and h5py make of plain values, and what they find in files that microtome wrote of the same: plain_test.ts.

Reads {"values": {name: value}, "npy": {name: path}, "npz": path, "h5": path} from standard input. Integers in text are
JavaScript's bigints; numbers are floats, as in JavaScript.
"""

import json
import sys

import h5py
import numpy as np


def value_of(value):
    if isinstance(value, list):
        return [value_of(entry) for entry in value]
    if isinstance(value, str) and value.endswith("n") and value[:-1].lstrip("-").isdigit():
        return int(value[:-1])
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def told(array):
    if array.dtype == object:
        array = np.array([x.decode() if isinstance(x, bytes) else x for x in array.ravel()]).reshape(array.shape)
    kind = array.dtype.kind
    return [kind if kind == "U" else array.dtype.str, list(array.shape), json.dumps(array.tolist())]


call = json.load(sys.stdin)
out = {}
npz = np.load(call["npz"])
with h5py.File(call["h5"], "r") as file:
    for name, value in call["values"].items():
        out[name] = {
            "numpy": told(np.array(value_of(value))),
            "npy": told(np.load(call["npy"][name])),
            "npz": told(npz[name]),
            "write": told(file[f"written/{name}"][()]),
            "rows": told(file[f"rows/{name}"][()]) if f"rows/{name}" in file else None,
            "attribute": told(np.asarray(file.attrs[name])),
        }
json.dump(out, sys.stdout)

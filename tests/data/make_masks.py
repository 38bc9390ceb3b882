"""Makes masks.h5, masks.npy and masks.json: masks beside data, and what NumPy selects by them. Run from this directory.

Where several axes are selected by lists, microtome takes their outer product; the cases here have one list, or a mask of
several axes that comes first.
"""

import json

import h5py
import numpy as np

rng = np.random.default_rng(11)
masks = {
    "plain": np.array([False, True, False, True, True]),
    "none": np.zeros(5, bool),
    "all": np.ones(5, bool),
    "columns": np.array([True, False, True]),
    "long": rng.random(2000) < 0.3,
    "grid": rng.random((5, 3)) < 0.5,
    "grid_none": np.zeros((5, 3), bool),
    "cube": rng.random((5, 3, 4)) < 0.4,
}
arrays = {
    "traces": (np.arange(5)[:, None] * 10 + np.arange(3)).astype("<i2"),
    "movie": np.arange(60, dtype="<f4").reshape(5, 3, 4),
    "times": np.arange(2000) / 8,
    "names": np.array(["a", "b", "c", "d", "e"], dtype=object),
}
cases = [
    ("traces", ["plain"]), ("traces", ["none"]), ("traces", ["all"]), ("traces", [None, "columns"]),
    ("traces", ["plain", 1]), ("traces", ["plain", [0, 2]]), ("traces", [[1, 4], "columns"]), ("traces", [2, "columns"]),
    ("traces", ["grid"]), ("traces", ["grid_none"]), ("movie", ["plain"]), ("movie", [None, "columns"]),
    ("movie", ["grid"]), ("movie", ["grid", [1, 3]]), ("movie", ["grid", 2]), ("movie", ["grid_none"]), ("movie", ["cube"]),
    ("times", ["long"]), ("names", ["plain"]),
]


def select(array, selection):
    """One entry at a time, last first, so that what is dropped or flattened doesn't move the others."""
    entries = [masks[value] if isinstance(value, str) else slice(None) if value is None else value for value in selection]
    axes = np.cumsum([0] + [getattr(value, "ndim", 1) for value in entries])
    for axis, value in reversed(list(zip(axes, entries))):
        array = array[(slice(None),) * axis + (value,)]
    return array


with h5py.File("masks.h5", "w") as file:
    for name, mask in masks.items():
        # Stored in each way that h5py and others have: contiguous, chunked and deflated.
        chunked = mask.ndim == 1 and mask.size > 100 or mask.ndim == 2
        file.create_dataset(f"masks/{name}", data=mask, **({"chunks": True, "compression": "gzip"} if chunked else {}))
    for name, array in arrays.items():
        file.create_dataset(f"arrays/{name}", data=array, dtype=h5py.string_dtype() if array.dtype == object else None)
    file["masks/bytes"] = masks["plain"].astype("u1")  # as MATLAB stores them: numbers, no mask
np.save("masks.npy", masks["grid"])
with open("masks.json", "w") as file:
    out = []
    for name, selection in cases:
        result = select(arrays[name], selection)
        out.append({"array": name, "selection": selection, "shape": list(result.shape), "data": result.ravel().tolist()})
    json.dump({"numpy": np.__version__, "cases": out}, file, separators=(",", ":"))
    file.write("\n")

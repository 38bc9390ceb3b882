"""np.load for rows_npy.ts."""

import time

import numpy as np


def npy_read(path, key=None, mmap=False, starts=None, rows=0, column=None):
    """Reads a file as NumPy's users do. Opening is measured too, but for memory maps, which stay open."""
    opened = np.load(path, mmap_mode="r") if mmap else None
    start = time.perf_counter()
    array = opened if mmap else np.load(path)
    if key is not None:
        array = array[key]
    if starts is not None:
        for first in starts:
            values = np.array(array[first:first + rows])
    elif column is not None:
        values = np.array(array[:, column:column + 1])
    else:
        values = array
    elapsed = (time.perf_counter() - start) * 1e3
    return {"milliseconds": elapsed / (len(starts) if starts else 1), "check": float(values[-1].sum(dtype="f8"))}

"""np.memmap for rows_raw.ts."""

import time

import numpy as np


def memmap_read(path, shape, dtype, starts=None, rows=0, column=None, gain=None):
    array = np.memmap(path, dtype, "r", 0, tuple(shape))
    start = time.perf_counter()
    if starts is not None:
        for first in starts:
            values = np.array(array[first:first + rows])
    elif column is not None:
        values = np.array(array[:, column:column + 1])
    elif gain is not None:
        values = array * np.float32(gain)
    else:
        values = array.astype(array.dtype.newbyteorder("="))
    check = float(values[-1].sum(dtype="f8"))
    elapsed = (time.perf_counter() - start) * 1e3
    return {"milliseconds": elapsed / (len(starts) if starts else 1), "check": check}

"""What rows_reader.ts does by the reader's kernels, by NumPy and zlib, on the same numbers."""

import functools
import time
import zlib

import numpy as np


@functools.cache
def numbers(count):
    return (np.arange(count, dtype="u4") * np.uint32(7919)).astype("i2")


def reader_kernel(kernel, rows, columns):
    values = numbers(rows * columns).reshape(rows, columns)
    start = time.perf_counter()
    if kernel == "convert":
        check = float(values.astype("f4")[-1].sum(dtype="f8"))
    elif kernel == "swap":
        check = float(values.byteswap()[-1].sum(dtype="f8"))
    elif kernel == "transpose":
        check = float(np.ascontiguousarray(values.T)[:, -1].sum(dtype="f8"))
    elif kernel == "decimate":
        buckets = values.reshape(-1, 128, columns)
        low, high = buckets.min(axis=1), buckets.max(axis=1)
        mean = buckets.mean(axis=1)
        check = float(low[-1].sum(dtype="f8") + high[-1].sum(dtype="f8") + mean[-1].sum())
    else:
        check = float(zlib.crc32(values))
    return {"milliseconds": (time.perf_counter() - start) * 1e3, "check": check}

"""h5py writing, for the rows on writing. Synced at the end, as microtome does."""

import os
import time

import h5py
import numpy as np


def synced(path, write):
    start = time.perf_counter()
    with h5py.File(path, "w") as file:
        write(file)
    descriptor = os.open(path, os.O_RDWR)
    os.fsync(descriptor)
    os.close(descriptor)
    return {"milliseconds": (time.perf_counter() - start) * 1e3, "check": 0.0}


def write_gzip(path, source, channels, chunks):
    data = np.fromfile(source, "<i2").reshape(-1, channels)
    return synced(path, lambda file: file.create_dataset(
        "data", data=data, chunks=tuple(chunks), compression="gzip", compression_opts=4, shuffle=True))


def write_pieces(path, source, channels, rows, piece):
    data = np.fromfile(source, "<i2", count=piece * channels).reshape(-1, channels)

    def write(file):
        dataset = file.create_dataset("data", shape=(rows, channels), dtype="<i2")
        for row in range(0, rows, piece):
            dataset[row:row + piece] = data
    return synced(path, write)

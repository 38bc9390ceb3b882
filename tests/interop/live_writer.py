"""Writes an HDF5 file in SWMR mode and leaves it open: what `live_test.ts` reads meanwhile. Told what to do line by line.

    live_writer.py FILE        `grow N`: N more rows, then flushed; `spin STEPS`: grows by 1 to 7 rows as fast as it can;
                               `end`: closes the file. Each is answered by the number of rows.
    live_writer.py FILE read   what h5py reads of it with swmr=True, as JSON: shape and values of each dataset.
"""

import json
import sys

import h5py
import numpy as np


def read(path):
    with h5py.File(path, "r", swmr=True) as file:
        return {name: {"shape": list(file[name].shape), "data": file[name][()].ravel().tolist()} for name in file}


def grow(datasets, count):
    for made in datasets:
        start = made.shape[0]
        made.resize(start + count, axis=0)
        made[start:] = np.arange(start, start + count)[:, None]
        made.flush()
    return datasets[0].shape[0]


def write(path):
    with h5py.File(path, "w", libver="v110") as file:
        options = {"maxshape": (None, 2), "dtype": "i4"}
        datasets = [
            file.create_dataset("plain", (0, 2), chunks=(16, 2), **options),
            file.create_dataset("gzip", (0, 2), chunks=(16, 2), compression=1, fletcher32=True, **options),
            # Two axes without end: another index of chunks (a B-tree of version 2).
            file.create_dataset("tree", (0, 2), chunks=(8, 2), maxshape=(None, None), dtype="i4"),
        ]
        file.swmr_mode = True
        print(grow(datasets, 10), flush=True)
        for line in sys.stdin:
            what, *count = line.split()
            if what == "end":
                break
            if what == "grow":
                grow(datasets, int(count[0]))
            else:
                for step in range(int(count[0])):
                    grow(datasets, 1 + step % 7)
            print(datasets[0].shape[0], flush=True)
    print("closed", flush=True)


if len(sys.argv) > 2:
    print(json.dumps(read(sys.argv[1])))
else:
    write(sys.argv[1])

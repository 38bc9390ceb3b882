"""Prints what h5py reads in files, one JSON object per line, with seeded selections of every dataset.

    python dump.py ROOT < names      (names relative to ROOT, one a line)
"""

import json
import os
import random
import sys
import zlib

import h5py
import hdf5plugin  # noqa: F401  (registers the filters)
import numpy as np

from golden_form import describe, describe_file, whole

SELECTIONS = 3
LARGEST = 2_000_000


def draw_axis(length, draw):
    """One axis of a selection: as JSON, as indices, and whether it drops the axis."""
    kind = draw.randrange(6) if length else 5
    if kind == 0:
        index = draw.randrange(-length, length)
        return index, [index % length], True
    if kind in (1, 2):
        start, stop, step = draw.randrange(length), draw.randrange(length + 3), draw.choice((1, 1, 2, 3, 7))
        if draw.random() < 0.3:
            start, stop, step = max(start, stop), min(start, stop) - 1, -step
            stop = None if stop < 0 else stop
        return {"slice": [start, stop, step]}, list(range(*slice(start, stop, step).indices(length))), False
    if kind == 3:
        indices = [draw.randrange(-length, length) for _ in range(min(length, 12))]
        return {"list": indices}, [index % length for index in indices], False
    if kind == 4 and length <= 2000:
        mask = [draw.random() < 0.4 for _ in range(length)]
        return {"mask": mask}, [i for i, taken in enumerate(mask) if taken], False
    return None, list(range(length)), False


def add_selections(dataset, facts):
    """Adds "selections": what seeded selections of the dataset read as, by NumPy on the whole."""
    shape = dataset.shape
    if not shape or dataset.size > LARGEST:
        return
    values = whole(dataset)
    draw = random.Random(zlib.crc32(dataset.name.encode()))
    facts["selections"] = []
    for _ in range(SELECTIONS):
        axes = [draw_axis(length, draw) for length in shape]
        part = values
        for axis, (_, indices, _) in enumerate(axes):
            part = np.take(part, np.array(indices, dtype=np.intp), axis=axis)
        outer = tuple(len(indices) for _, indices, drop in axes if not drop)
        part = part.reshape(outer + values.shape[len(shape):])
        fact = describe(part, outer, dataset.dtype)
        facts["selections"].append({"selection": [written for written, _, _ in axes], "expected": fact})


def dump(name):
    """Prints one file's line."""
    fact = {"file": name}
    # Files that name others are opened from their own folder, as libhdf5 looks for them there.
    os.chdir(os.path.dirname(name) or ".")
    try:
        fact.update(describe_file(os.path.basename(name), add_selections))
    except Exception as error:
        fact.update(datasets={}, open_error=str(error))
    print(json.dumps(fact), flush=True)


def main():
    os.chdir(sys.argv[1])
    for name in sys.stdin.read().split("\n"):
        if not name:
            continue
        # A child each: some files of the corpus crash native libhdf5.
        child = os.fork()
        if child == 0:
            dump(name)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            print(json.dumps({"file": name, "datasets": {}, "open_error": "h5py crashes"}), flush=True)


main()

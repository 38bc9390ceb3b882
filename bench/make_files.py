"""Makes the files that the benchmarks read, and facts.json: what their slices need, by libhdf5's own chunk index.

    python make_files.py FOLDER [NAME ...]
"""

import json
import os
import sys

import h5py
import numpy as np

ROWS, CHANNELS, CHUNK = 1_048_576, 32, 10_000
SERIES = "acquisition/ElectricalSeries"
# Where the cold slices of rows_remote.ts start.
COLD_ROW = {"int16": 400_000, "chunks100k": 200_000, "chunks1m": 200_000}


def signal(rows, channels, seed=7, noise=80):
    """Integers as a recording has them: slow waves under noise."""
    draw = np.random.default_rng(seed)
    time = np.arange(rows, dtype="f4")[:, None]
    result = np.empty((rows, channels), "<i2")
    for start in range(0, rows, 65_536):
        part = time[start:start + 65_536]
        waves = 900 * np.sin(part * (2e-4 * (1 + np.arange(channels, dtype="f4"))))
        result[start:start + 65_536] = waves + draw.normal(0, noise, (len(part), channels))
    return result


def series(file, data, **options):
    """A series as NWB's writers leave it: the objects and their attributes first, then the data."""
    group = file.create_group(SERIES)
    dataset = group.create_dataset("data", data.shape, data.dtype, **options)
    dataset.attrs["unit"] = "volts"
    dataset.attrs["conversion"] = 1e-6
    starting = group.create_dataset("starting_time", data=0.0)
    starting.attrs["rate"] = 20_000.0
    dataset[...] = data


def int16(file):
    series(file, signal(ROWS, CHANNELS), chunks=(CHUNK, CHANNELS), compression="gzip", compression_opts=4, shuffle=True)


def int16quiet(file):
    data = signal(ROWS, CHANNELS, noise=5)
    series(file, data, chunks=(CHUNK, CHANNELS), compression="gzip", compression_opts=4, shuffle=True)


def float64(file):
    series(file, signal(262_144, CHANNELS, 8).astype("<f8") / 3)


def groups(file):
    for i in range(1000):
        file.create_group(f"many/group{i:04d}").attrs["number"] = i


def many_chunks(count):
    def make(file):
        data = (np.arange(count * 4 * 8, dtype="u4") * 2654435761 >> 22).astype("<i2").reshape(-1, 8)
        series(file, data, chunks=(4, 8), maxshape=(None, 8))
    return make


FILES = {"int16": int16, "int16quiet": int16quiet, "float64": float64, "groups": groups, "chunks100k": many_chunks(100_000),
         "chunks1m": many_chunks(1_000_000)}


def index_levels(path, kind):
    """Levels of the deepest version 1 B-tree in a file: of groups (0) or of chunks (1)."""
    data = open(path, "rb").read()
    sign = b"TREE" + bytes([kind])
    levels, at = 0, data.find(sign)
    while at >= 0:
        levels, at = max(levels, data[at + 5] + 1), data.find(sign, at + 1)
    return levels


def nodes_beyond_head(path, row):
    """Nodes of the chunk index, on the way from its root to the chunk that holds a row, beyond the first 64 KiB."""
    data = open(path, "rb").read()

    def number(at, size):
        return int.from_bytes(data[at:at + size], "little")

    nodes, at = [], data.find(b"TREE\x01")
    while at >= 0:
        nodes.append(at)
        at = data.find(b"TREE\x01", at + 1)
    at = max(nodes, key=lambda node: data[node + 5])
    beyond = 0
    while True:
        beyond += at >= 65_536
        if data[at + 5] == 0:
            return beyond
        # Keys (size, mask, offsets of 2 axes and the element) alternate with the addresses of children.
        keys = [at + 24 + i * 40 for i in range(number(at + 6, 2))]
        key = max(key for key in keys if number(key + 8, 8) <= row)
        at = number(key + 32, 8)


def file_facts(name, path):
    """Levels of the groups' indices; of a chunked series its chunks' bytes on disk (one, where all are equal)."""
    facts = {"groupLevels": index_levels(path, 0)}
    with h5py.File(path) as file:
        dataset = file.get(f"{SERIES}/data")
        if dataset is not None and dataset.chunks:
            sizes = {}
            dataset.id.chunk_iter(lambda info: sizes.__setitem__(info.chunk_offset[0] // dataset.chunks[0], info.size))
            listed = [sizes[i] for i in range(len(sizes))]
            facts.update(chunks=len(sizes), sizes=listed[:1] if len(set(listed)) == 1 else listed)
            facts["indexReads"] = nodes_beyond_head(path, COLD_ROW.get(name, 0))
    return facts


def main():
    folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    facts_path = os.path.join(folder, "facts.json")
    facts = json.load(open(facts_path)) if os.path.exists(facts_path) else {}
    for name in names or FILES:
        path = os.path.join(folder, f"{name}.h5")
        print(f"making {name}.h5", file=sys.stderr, flush=True)
        with h5py.File(path + ".part", "w") as file:
            FILES[name](file)
        os.replace(path + ".part", path)
        facts[name] = file_facts(name, path)
    with open(facts_path, "w") as out:
        json.dump(facts, out)


main()

"""Makes regions.h5 and regions.json: region and object references, text that was never written, and what h5py gives.

Run from this directory.
"""

import json

import h5py
import numpy as np

with h5py.File("regions.h5", "w") as file:
    grid = file.create_dataset("deep/er/grid", data=np.arange(60, dtype="<i4").reshape(6, 10))
    line = file.create_dataset("line", data=np.arange(20) / 4)
    text = file.create_dataset("deep/text", data=["a", "bb", "ccc", "d"], dtype=h5py.string_dtype())
    big = file.create_dataset("big", (100000, 1000), "<u2", chunks=(100, 100), fillvalue=7)
    big[5, 5] = 1

    def blocks(dataset, *parts):
        space = dataset.id.get_space()
        for i, (start, count, step) in enumerate(parts):
            space.select_hyperslab(start, count, step, op=h5py.h5s.SELECT_OR if i else h5py.h5s.SELECT_SET)
        return h5py.h5r.create(dataset.id, b".", h5py.h5r.DATASET_REGION, space)

    def points(dataset, *at):
        space = dataset.id.get_space()
        space.select_elements(np.array(at, "u8"))
        return h5py.h5r.create(dataset.id, b".", h5py.h5r.DATASET_REGION, space)

    references = {
        "row": grid.regionref[2, :],
        "box": grid.regionref[1:4, 2:5],
        "strided": blocks(grid, ((0, 1), (3, 4), (2, 2))),
        "two_blocks": blocks(grid, ((0, 0), (2, 2), (1, 1)), ((4, 7), (2, 3), (1, 1))),
        "ell": blocks(grid, ((0, 0), (3, 1), (1, 1)), ((2, 0), (1, 4), (1, 1))),
        "plus": blocks(grid, ((2, 0), (1, 10), (1, 1)), ((0, 4), (6, 1), (1, 1))),
        "points": points(grid, (5, 9), (0, 0), (3, 3), (0, 1)),
        "whole": grid.regionref[...],
        "run": line.regionref[3:9],
        "line_points": points(line, (7,), (2,), (19,)),
        "texts": text.regionref[1:3],
        "text_points": points(text, (3,), (0,)),
        "scattered": points(big, (5, 5), (99999, 0), (50000, 999), (0, 500)),
    }
    for name, reference in references.items():
        file.create_dataset(f"regions/{name}", data=reference, dtype=h5py.regionref_dtype)
    for name, target in {"grid": grid, "group": file["deep/er"], "line": line}.items():
        file.create_dataset(f"objects/{name}", data=target.ref, dtype=h5py.ref_dtype)

    string = h5py.string_dtype()
    file.create_dataset("fill/chunked", (6,), string, chunks=(2,), fillvalue="empty")
    half = file.create_dataset("fill/half", (6,), string, chunks=(2,), fillvalue="é")
    half[2:4] = ["a", "b"]
    file.create_dataset("fill/contiguous", (3,), string, fillvalue="xyz")
    file.create_dataset("fill/none", (3,), string)
    file.create_dataset("fill/grid", (2, 3), string, chunks=(1, 3), fillvalue="g", compression="gzip")

out = {"regions": {}, "objects": {}, "fill": {}}
# Reading text that was never written needs h5py to have opened the file for writing.
with h5py.File("regions.h5", "r+") as file:
    for name in file["regions"]:
        reference = file["regions"][name][()]
        target = file[reference]
        values = target[reference]
        values = [v.decode() if isinstance(v, bytes) else v for v in values.ravel().tolist()], list(values.shape)
        out["regions"][name] = {"path": target.name, "data": values[0], "shape": values[1]}
    for name in file["objects"]:
        out["objects"][name] = file[file["objects"][name][()]].name
    for name in file["fill"]:
        values = file["fill"][name][()]
        out["fill"][name] = {"data": [v.decode() for v in values.ravel().tolist()], "shape": list(values.shape)}
with open("regions.json", "w") as file:
    json.dump(out, file, ensure_ascii=False, separators=(",", ":"))
    file.write("\n")
print({k: v["shape"] for k, v in out["regions"].items()})

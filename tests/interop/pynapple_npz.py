"""What pynapple saves as NPZ, and what it loads.

    python tests/interop/pynapple_npz.py make FOLDER       saves every kind; says what each file holds
    python tests/interop/pynapple_npz.py describe FILE...  says what pynapple loads of files
    python tests/interop/pynapple_npz.py folder FOLDER     saves into it; prints the tree, as JSON with the sidecar
"""

import json
import sys
import warnings
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pynapple as nap

warnings.simplefilter("ignore")


def plain(value):
    """Arrays with their dtype, numbers by their repr."""
    if isinstance(value, np.ndarray):
        return {"dtype": value.dtype.str, "shape": list(value.shape), "data": [plain(v) for v in value.ravel().tolist()]}
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return repr(float(value)) if isinstance(value, (float, int)) else repr(value)


def metadata(found):
    return {name: plain(np.asarray(found[name])) for name in found.keys() if name != "rate"}


def support(found):
    return [plain(found.start), plain(found.end)]


def describe(path):
    found = nap.load_file(path)
    out = {"kind": type(found).__name__}
    if isinstance(found, nap.IntervalSet):
        return {**out, "support": support(found), "metadata": metadata(found._metadata)}
    out["support"] = support(found.time_support)
    if isinstance(found, nap.TsGroup):
        out["metadata"] = metadata(found._metadata)
        out["members"] = {
            str(key): [plain(found[key].t), plain(found[key].d) if isinstance(found[key], nap.Tsd) else None]
            for key in found.keys()
        }
        return out
    out["t"] = plain(found.t)
    if not isinstance(found, nap.Ts):
        out["d"] = plain(np.asarray(found.values))
    if isinstance(found, nap.TsdFrame):
        out["columns"] = [plain(name) for name in found.columns.tolist()]
        out["metadata"] = metadata(found._metadata)
    return out


def objects():
    random = np.random.default_rng(4)
    ep = nap.IntervalSet([0, 20.5], [10, 40])
    # Rounded as times are: pynapple's default time support isn't.
    t = np.round(np.sort(random.uniform(-5, 45, 50)), 9)
    columns = {
        "area": ["pfc", "hpc λ", ""],
        "depth": np.array([1.5, -2, np.nan], dtype="f4"),
        "shank": [1, 2, 3],
        "good": [True, False, True],
        "note": np.array([None, "x", 2], dtype=object),
        "place": [[1, 2], [3, 4], [5, 6]],
    }
    yield "ts", nap.Ts(t)
    yield "ts_support", nap.Ts(t, time_support=ep)
    yield "ts_one", nap.Ts([3.0], time_support=ep)
    yield "ts_empty", nap.Ts([], time_support=ep)
    for dtype in ["i1", "u2", "i8", "f4", "f8", "?", "c16"]:
        yield f"tsd_{dtype.replace('?', 'bool')}", nap.Tsd(t, (random.normal(size=50) * 50).astype(dtype), time_support=ep)
    yield "frame", nap.TsdFrame(t, random.normal(size=(50, 3)))
    yield "frame_names", nap.TsdFrame(t, random.normal(size=(50, 3)), columns=["x", "é", "z"], metadata=columns)
    yield "frame_numbers", nap.TsdFrame(t, random.normal(size=(50, 3)), columns=[5, 3, 1], metadata=columns)
    yield "frame_fortran", nap.TsdFrame(t, np.asfortranarray(random.normal(size=(50, 3))))
    yield "tensor", nap.TsdTensor(t, random.normal(size=(50, 2, 3)))
    yield "tensor_4", nap.TsdTensor(t, random.integers(0, 9, size=(50, 2, 3, 2)).astype("i2"))
    # No two times are equal: pynapple's own order of these isn't stable.
    trains = {key: nap.Ts(np.round(np.sort(random.uniform(0, 40, 20)), 9)) for key in [7, 2, 30]}
    yield "group", nap.TsGroup(trains)
    yield "group_metadata", nap.TsGroup(trains, time_support=ep, metadata=columns)
    yield "group_values", nap.TsGroup({k: nap.Tsd(ts.t, random.normal(size=len(ts))) for k, ts in trains.items()})
    yield "group_mixed", nap.TsGroup({1: nap.Tsd([1.0, 2.0], [5.0, 6.0]), 2: nap.Ts([1.5])}, time_support=ep)
    yield "intervals", ep
    yield "intervals_metadata", nap.IntervalSet([0, 5, 9], [1, 6, 12], metadata=columns)
    yield "intervals_one", nap.IntervalSet(0, 5, metadata={"label": "a"})


def folder(path):
    tsd = nap.Tsd(np.arange(3.0), np.arange(3))
    nap.load_folder(path).save("saved", tsd, "what é is\nin it")
    found = nap.load_folder(path)

    def printed(run):
        out = StringIO()
        with redirect_stdout(out):
            run()
        return out.getvalue()

    with open(f"{path}/saved.json") as file:
        sidecar = file.read()
    return {
        "tree": printed(found.expand),
        "panel": printed(lambda: found.info("saved")),
        "none": printed(lambda: found.info("x")),
        "keys": list(found.keys()),
        "sidecar": sidecar,
    }


command, *paths = sys.argv[1:]
if command == "make":
    names = []
    for name, found in objects():
        found.save(f"{paths[0]}/{name}.npz")
        names.append(name)
    print(json.dumps({name: describe(f"{paths[0]}/{name}.npz") for name in names}))
elif command == "describe":
    print(json.dumps({path: describe(path) for path in paths}))
else:
    print(json.dumps(folder(paths[0])))

"""What torch_brain and temporaldata save, and what they make of files, as JSON.

    python tests/interop/temporal.py write FOLDER        saves every session of temporal_sessions.py with both packages,
                                                         NAME.torch_brain.h5 and NAME.temporaldata.h5; prints the names
    python tests/interop/temporal.py dump FILE...        what torch_brain loads, eager and lazy, as a line of each file
    python tests/interop/temporal.py print FILE...       what temporaldata prints of it, eager and lazy, as a line of each
    python tests/interop/temporal.py structure FILE...   what libhdf5 sees, as a line of each file
    python tests/interop/temporal.py steps FILE          for each line {"file", "steps"} of it what torch_brain's eager
                                                         objects become

An array is {"dtype": NumPy's text, "shape", "values": flat}; an attribute of a session {"type": Python's, "value"}. Numbers
are as JSON has them, which loses no bit; "nan", "inf" and "-inf" are text, and so are integers of 64 bits; complex numbers
are pairs; bytes are text of their codes (Latin-1).
"""

import json
import logging
import sys
import warnings

import h5py
import numpy as np
import temporaldata
import torch_brain.data

from temporal_sessions import SESSIONS, TORCH_BRAIN_ONLY
from temporal_structure import structure

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


def plain(value):
    if isinstance(value, np.generic):
        if isinstance(value, (np.int64, np.uint64)):
            return str(value)
        value = value.item()
    if isinstance(value, complex):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value.decode("latin-1") if isinstance(value, bytes) else value


def array(values):
    return {"dtype": values.dtype.str, "shape": list(values.shape), "values": [plain(v) for v in values.ravel()]}


def stored(values):
    """An array that wasn't read."""
    return {"dtype": values.dtype.str, "shape": list(values.shape)}


def interval(found):
    return None if found is None else [array(found.start), array(found.end)]


def describe(found, m):
    """Everything in it, its arrays read."""
    kind = type(found).__name__
    # Descriptions are sessions in files, and come back as such.
    out = {"class": "Data" if isinstance(found, m.Data) else kind, "keys": found.keys()}
    if isinstance(found, m.ArrayDict):
        if kind.startswith("Lazy"):
            out["stored"] = {key: stored(found.__dict__[key]) for key in found.keys()}
        if hasattr(found, "_timekeys"):
            out["timekeys"] = list(found._timekeys)
        if hasattr(found, "_sampling_rate"):
            out["sampling_rate"] = {"type": type(found._sampling_rate).__name__, "value": plain(found._sampling_rate)}
            out["timestamps"] = array(found.timestamps)
            out["index_mask"] = [bool(inside) for inside in found.index_mask()]
        if hasattr(found, "_domain"):
            out["domain"] = interval(found._domain)
        out["arrays"] = {key: array(getattr(found, key)) for key in found.keys()}
        return out
    out["domain"] = interval(found._domain)
    out["absolute_start"] = plain(found._absolute_start)
    out["members"] = {key: member(getattr(found, key), m) for key in found.keys()}
    return out


def member(value, m):
    if isinstance(value, (m.Data, m.ArrayDict)):
        return describe(value, m)
    # h5py gives lists of text as arrays of objects.
    return array(value) if isinstance(value, np.ndarray) else {"type": type(value).__name__, "value": plain(value)}


def write(folder):
    names = []
    for name, make in SESSIONS.items():
        for m, package in [(torch_brain.data, "torch_brain"), (temporaldata, "temporaldata")]:
            if m is temporaldata and name in TORCH_BRAIN_ONLY:
                continue
            make(m).save(f"{folder}/{name}.{package}.h5")
            names.append(f"{name}.{package}")
    return names


def dump(path):
    m = torch_brain.data
    with m.Data.load(path) as lazy:
        return {"eager": describe(m.Data.load(path, lazy=False), m), "lazy": describe(lazy, m)}


def printed(path):
    m = temporaldata
    with m.Data.load(path) as lazy:
        return {"eager": repr(m.Data.load(path, lazy=False)), "lazy": repr(lazy)}


def rows_of(rule, length):
    """The mask of a rule, so that whoever makes up the steps needn't know how many rows there are."""
    return np.arange(length) % rule["every"] != rule["not"]


def apply(data, step):
    """One step; of a member where there is "at", which its result then replaces."""
    if step["step"] == "delete":
        data.delete_nested_attribute(step["at"])
        return data
    found = data if step.get("at") is None else data.get_nested_attribute(step["at"])
    if step["step"] == "slice":
        out = found.slice(float(step["start"]), float(step["end"]), reset_origin=step["reset"])
    elif step["step"] == "mask":
        out = found.select_by_mask(rows_of(step, len(found)))
    elif step["step"] == "interval":
        wanted = torch_brain.data.Interval(np.array(step["start"], "f8"), np.array(step["end"], "f8"))
        out = found.select_by_interval(wanted)
    else:
        out = found.to_irregular()
    if step.get("at") is None:
        return out
    return data.set_nested_attribute(step["at"], out)


def steps(line):
    request = json.loads(line)
    try:
        data = torch_brain.data.Data.load(request["file"], lazy=False)
        for step in request["steps"]:
            data = apply(data, step)
        return describe(data, torch_brain.data)
    except Exception as error:  # what the original can't do is told
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    command, *paths = sys.argv[1:]
    if command == "write":
        print(json.dumps(write(paths[0])))
    elif command == "steps":
        with open(paths[0], encoding="utf8") as lines:
            for line in lines:
                print(json.dumps(steps(line)))
    else:
        run = {"dump": dump, "print": printed, "structure": structure}[command]
        for path in paths:
            print(json.dumps(run(path)))


main()

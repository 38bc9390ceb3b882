"""What pynapple makes of NWB files: keys, types, times and values, as JSON lines of a file each.

    python tests/interop/nwb.py FILE...
"""

import json
import sys
from hashlib import sha256
import warnings

import numpy as np
import pynapple as nap

warnings.simplefilter("ignore")


def plain(values):
    """Numbers exactly, by their repr; text as it is; of long lists how long they are, and a digest as float64."""
    array = np.asarray(values)
    if array.size > 200 and array.dtype.kind in "iufb":
        return {"count": array.size, "sha256": sha256(array.astype("<f8").tobytes()).hexdigest()}
    out = []
    for value in array.ravel().tolist():
        if isinstance(value, bytes):
            value = value.decode()
        if isinstance(value, float) and not np.isfinite(value):
            value = str(value)
        out.append(value)
    return out


def seconds(times):
    """Times as pynapple's documentation has them: to nanoseconds. This version keeps those in seconds as they are."""
    return plain(np.round(times, 9))


def metadata(obj):
    columns = {}
    for name in obj.metadata_columns:
        values = obj.get_info(name)
        first = values.iloc[0] if hasattr(values, "iloc") and len(values) else values[0] if len(values) else None
        if isinstance(first, (str, int, float, np.number)):
            columns[name] = plain(list(values))
    return columns


def describe(obj):
    kind = type(obj).__name__
    if kind == "IntervalSet":
        return {"kind": kind, "start": seconds(obj.start), "end": seconds(obj.end), "metadata": metadata(obj)}
    if kind == "Ts":
        return {"kind": kind, "times": seconds(obj.t)}
    if kind in ("Tsd", "TsdFrame", "TsdTensor"):
        out = {"kind": kind, "times": seconds(obj.t), "shape": list(obj.shape), "values": plain(obj.d[:])}
        if kind == "TsdFrame":
            out["columns"] = plain(obj.columns)
        return out
    if kind == "TsGroup":
        return {"kind": kind, "keys": plain(obj.keys()), "members": [seconds(obj[key].t) for key in obj.keys()],
                "metadata": metadata(obj)}
    return {"kind": "failed"}


for path in sys.argv[1:]:
    try:
        nwb = nap.NWBFile(path)
        entries = {}
        for key in nwb.keys():
            entries[key] = {"listed": nwb.data[key]["type"], "id": nwb.key_to_id[key], "path": nwb.key_to_full_path[key]}
        text = str(nwb)
        for key in list(nwb.keys()):
            stored = nwb.nwb.objects[nwb.key_to_id[key]]
            entries[key].update(describe(nwb[key]))
            if hasattr(stored, "get_data_in_units") and entries[key]["kind"] in ("Tsd", "TsdFrame", "TsdTensor"):
                part = np.asarray(stored.get_data_in_units())[:20]
                entries[key]["physical"] = plain(part.ravel()[:200])
        answer = {"text": text, "keys": list(nwb.keys()), "entries": entries}
    except Exception as error:  # What pynapple can't open is told, and left out of the comparison.
        answer = {"error": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps({"file": path, **answer}))

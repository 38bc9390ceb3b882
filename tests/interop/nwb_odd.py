"""What pynwb, h5py and pynapple make of odd NWB files, as JSON lines of a file each.

    python tests/interop/nwb_odd.py FILE...

Of each table its columns, of each time series its values in physical units, times and what is said of pictures in other
files: by pynwb. Where pynwb can't open a file, by h5py: attributes as NumPy's ravel has them, by NWB's own formula.
"""

import json
import sys
import warnings

import h5py
import numpy as np
import pynapple as nap
from hdmf.common import DynamicTable
from pynwb import NWBHDF5IO, TimeSeries

warnings.simplefilter("ignore")


def plain(value):
    if isinstance(value, (list, tuple, np.ndarray, h5py.Dataset)):
        return [plain(item) for item in value[()]] if isinstance(value, h5py.Dataset) else [plain(v) for v in value]
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def rows_of(column, count):
    """Rows one by one; where an index is wrong, NumPy's slices of it."""
    return [plain(column[i]) for i in range(count)]


def table(obj):
    columns = {}
    for name in obj.colnames or [column.name for column in obj.columns]:
        first = obj[name]
        if not hasattr(first, "table"):
            columns[name] = rows_of(first, len(obj.id))
    return {"kind": "table", "ids": plain(obj.id[:]), "columns": {k: v for k, v in columns.items()
                                                                 if "Group" not in str(v)}}


def series(obj):
    out = {"kind": "series"}
    if obj.data is not None and np.asarray(obj.data).size and np.asarray(obj.data).dtype.kind in "iuf":
        out["values"] = plain(np.ravel(obj.get_data_in_units()))
    if obj.timestamps is not None:
        out["times"] = plain(obj.timestamps[:])
    else:
        out["start"], out["rate"] = plain(obj.starting_time), plain(obj.rate)
    if getattr(obj, "external_file", None) is not None:
        out["files"], out["frames"] = plain(obj.external_file[:]), plain(list(obj.starting_frame))
        out["samples"] = plain(obj.num_samples)
    return out


def one(value):
    value = np.ravel(value)
    if value.dtype.kind == "u" and value.size > 1:
        return bytes(value).decode()
    value = value[0]
    if isinstance(value, np.void):
        return value.tobytes().decode()
    return value.decode() if isinstance(value, bytes) else value


def series_of_group(group):
    data, start = group["data"], group.get("starting_time")
    attrs = {name: one(value) for name, value in data.attrs.items()}
    values = data[()] * float(attrs["conversion"]) + float(attrs["offset"])
    out = {"kind": "series", "unit": attrs["unit"], "values": plain(np.ravel(values))}
    if start is not None:
        out["start"], out["rate"] = float(one(start[()])), float(one(start.attrs["rate"]))
    else:
        out["times"] = plain(group["timestamps"][()])
    return out


for path in sys.argv[1:]:
    objects = {}
    try:
        with NWBHDF5IO(path, "r") as io:
            for obj in io.read().objects.values():
                where = obj.container_source and obj.name
                if isinstance(obj, DynamicTable):
                    objects[where] = table(obj)
                elif isinstance(obj, TimeSeries):
                    objects[where] = series(obj)
        by = "pynwb"
    except Exception as error:
        by, objects = f"h5py ({type(error).__name__})", {}
        with h5py.File(path) as file:
            for name, group in file["acquisition"].items():
                if "data" in group:
                    objects[name] = series_of_group(group)
    kinds = {}
    if by == "pynwb":
        nwb = nap.NWBFile(path)
        for key in nwb.keys():
            try:
                kinds[key] = type(nwb[key]).__name__
            except Exception as error:
                kinds[key] = f"error: {type(error).__name__}"
    print(json.dumps({"file": path, "by": by, "objects": objects, "kinds": kinds}))

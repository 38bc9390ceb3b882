"""NWB over HTTP by pynwb and by h5py, both on fsspec; and the file of 2,000 objects that they read.

    python bench/peers/nwb_peer.py make FILE
    python bench/peers/nwb_peer.py pynwb|h5py URL PATH FROM TO

Reading lists what there is, then reads the window FROM to TO (seconds) of the series at PATH. Prints milliseconds of
each of the two, and the sum of the values.
"""

import json
import sys
import time
import warnings
from datetime import datetime, timezone
from urllib.request import urlopen

import fsspec
import h5py
import numpy as np

warnings.simplefilter("ignore")


def make(path):
    from hdmf.backends.hdf5 import H5DataIO
    from pynwb import NWBHDF5IO, NWBFile, TimeSeries

    nwb = NWBFile("2,000 series", "many", datetime(2026, 1, 1, tzinfo=timezone.utc))
    rng = np.random.default_rng(4)
    for i in range(2000):
        nwb.add_acquisition(TimeSeries(name=f"s{i:04}", data=rng.normal(size=500), unit="volts", rate=10.0))
    data = rng.integers(-1000, 1000, (600_000, 32)).astype("<i2")
    nwb.add_acquisition(TimeSeries(name="recording", data=H5DataIO(data, chunks=(10_000, 32), compression="gzip"),
                                   unit="volts", conversion=1e-6, rate=1000.0))
    with NWBHDF5IO(path, "w") as io:
        io.write(nwb)


def log(url):
    """What the server was asked for so far: it tells."""
    with urlopen("/".join(url.split("/")[:3]) + "/__log") as answer:
        entries = json.load(answer)
    return {"requests": len(entries), "bytes": sum(entry["bytes"] for entry in entries)}


def rows(start, stop, starting_time, rate):
    return int(np.ceil((start - starting_time) * rate)), int(np.floor((stop - starting_time) * rate)) + 1


def window(series, start, stop):
    if "timestamps" in series:
        times = series["timestamps"][:]
        first, last = np.searchsorted(times, start), np.searchsorted(times, stop, side="right")
    else:
        first, last = rows(start, stop, series["starting_time"][()], series["starting_time"].attrs["rate"])
    return series["data"][first:last]


def by_h5py(file, url, path, start, stop):
    found = []

    def visit(name, item):
        if isinstance(item, h5py.Group) and not name.startswith("specifications"):
            found.append((name, item.attrs.get("neurodata_type")))

    begin = time.perf_counter()
    file.visititems(visit)
    listed = time.perf_counter()
    cost = log(url)
    reading = time.perf_counter()
    values = window(file[path], start, stop)
    return listed - begin, time.perf_counter() - reading, cost, values


def by_pynwb(file, url, path, start, stop):
    from pynwb import NWBHDF5IO

    begin = time.perf_counter()
    nwb = NWBHDF5IO(file=file, mode="r", load_namespaces=True).read()
    listed = time.perf_counter()
    cost = log(url)
    reading = time.perf_counter()
    name = path.split("/")[-1]
    series = (nwb.acquisition[name] if path.startswith("/acquisition/")
              else next(one for one in nwb.objects.values() if getattr(one, "name", "") == name))
    if series.timestamps is not None:
        times = series.timestamps[:]
        first, last = np.searchsorted(times, start), np.searchsorted(times, stop, side="right")
    else:
        first, last = rows(start, stop, series.starting_time, series.rate)
    values = series.data[first:last]
    return listed - begin, time.perf_counter() - reading, cost, values


def main():
    if sys.argv[1] == "make":
        make(sys.argv[2])
        return
    kind, url, path, start, stop = sys.argv[1:6]
    begin = time.perf_counter()
    raw = fsspec.filesystem("http", skip_instance_cache=True).open(url)
    file = h5py.File(raw)
    opened = time.perf_counter() - begin
    read_by = by_pynwb if kind == "pynwb" else by_h5py
    listed, read, cost, values = read_by(file, url, path, float(start), float(stop))
    print(json.dumps({"list": 1000 * (opened + listed), "read": 1000 * read, "listCost": cost,
                      "sum": float(np.sum(values, dtype="f8")), "shape": list(values.shape)}))


main()

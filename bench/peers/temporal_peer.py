"""torch_brain and temporaldata, for the rows on windows of a session: calls as lines of JSON; and the session.

    python bench/peers/temporal_peer.py make FILE QUICK     QUICK (0 or 1) is a tenth of it
"""

import importlib
import logging
import sys

import fsspec
import h5py
import numpy as np
from serve import serve, timed

logging.disable(logging.WARNING)
state = {}


def make(path, quick):
    """10,000,000 spikes at 1,000 Hz, and a signal of 64 channels at 1 kHz for the first 600 s."""
    from torch_brain.data import Data, IrregularTimeSeries, RegularTimeSeries

    rng = np.random.default_rng(5)
    seconds, samples = (1_000, 60_000) if quick else (10_000, 600_000)
    count = seconds * 1_000
    Data(
        spikes=IrregularTimeSeries(
            timestamps=np.sort(rng.uniform(0, seconds, count)), unit_index=rng.integers(0, 100, count), domain="auto"),
        lfp=RegularTimeSeries(sampling_rate=1000.0, raw=rng.standard_normal((samples, 64), dtype="f4")),
        domain="auto",
    ).save(path)


def package(name):
    return importlib.import_module("torch_brain.data" if name == "torch_brain" else name)


def read(session, starts):
    """Reads three arrays of each window of a second; sums up a little of each."""
    check = 0.0
    for start in starts:
        window = session.slice(start, start + 1)
        times, units, raw = window.spikes.timestamps, window.spikes.unit_index, window.lfp.raw
        check += len(times) + times[0] + float(units[-1]) + float(raw[-1].sum(dtype="f8"))
    return float(check)


def windows(name, path, starts):
    def run():
        with package(name).Data.load(path) as session:
            return read(session, starts)
    return timed(run)


def http_open(name, url, options):
    """Opens by fsspec: a new file system each time, so that nothing is cached from before."""
    def run():
        system = fsspec.filesystem("http", skip_instance_cache=True)
        state["raw"] = system.open(url, **options)
        state["file"] = h5py.File(state["raw"], "r")
        state["session"] = package(name).Data.from_hdf5(state["file"])
        return 0.0
    return timed(run)


def http_windows(starts):
    return timed(lambda: read(state["session"], starts))


def http_close():
    state.pop("session")
    state.pop("file").close()
    state.pop("raw").close()
    return {}


if sys.argv[1:2] == ["make"]:
    make(sys.argv[2], sys.argv[3] == "1")
else:
    serve(globals())

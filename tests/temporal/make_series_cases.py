"""Makes series_cases.json: series with gaps, slices of them and joined events, as torch_brain has them.

    pip install torch_brain==0.2.1 --no-deps && pip install numpy h5py && python make_series_cases.py && deno fmt series_cases.json
"""

import json
import math
import pathlib
import warnings

import numpy as np
from torch_brain.data import Interval, IrregularTimeSeries, RegularTimeSeries, concat

warnings.simplefilter("ignore")
rng = np.random.default_rng(21)


def listed(array):
    """Numbers, NaN as null, since JSON has none."""
    return [None if isinstance(value, float) and math.isnan(value) else value for value in array.tolist()]


def pairs(interval):
    return [[float(start), float(end)] for start, end in zip(interval.start, interval.end)]


def described(series):
    return {
        "raw": listed(series.raw),
        "code": listed(series.code),
        "domain": pairs(series.domain),
        "mask": series.index_mask().tolist() if len(series) else [],
    }


def gappy():
    for i in range(14):
        rate = float(rng.choice([1, 4, 30, 100, 250]))
        start = float(rng.choice([0, 0.1, -2.5, 1000.3]))
        places = np.unique(np.concatenate([[0, 1], rng.choice(40, rng.integers(1, 30))]))
        jitter = rng.uniform(-3e-4, 3e-4, len(places)) / rate * (places > 0)
        timestamps = start + places / rate + jitter
        gap_value = [None, 7, {"i": -5, "f": 0.5}][i % 3]
        series = RegularTimeSeries.from_gappy_timeseries(
            timestamps,
            sampling_rate=rate,
            gap_value=gap_value,
            raw=np.arange(len(places), dtype=np.float64),
            code=np.arange(len(places), dtype=np.int16),
        )
        slices = []
        for _ in range(3):
            a, b = sorted(start + rng.uniform(-3, 45, 2) / rate)
            reset = bool(rng.integers(2))
            slices.append({"start": a, "end": b, "reset": reset, **described(series.slice(a, b, reset_origin=reset))})
        irregular = series.to_irregular()
        yield {
            "timestamps": timestamps.tolist(),
            "samplingRate": rate,
            "gapValue": gap_value,
            "filled": described(series),
            "slices": slices,
            "irregular": {"timestamps": irregular.timestamps.tolist(), "raw": listed(irregular.raw)},
        }


def joined():
    for i in range(12):
        objects = []
        for _ in range(rng.integers(1, 5)):
            count = int(rng.integers(0, 6))
            start = float(np.round(rng.uniform(0, 20), 1))
            timestamps = start + np.sort(np.round(rng.uniform(0, 5, count), 2))
            objects.append(
                IrregularTimeSeries(
                    timestamps=timestamps,
                    shown=timestamps - 0.5,
                    label=np.arange(count),
                    timekeys=["shown"],
                    domain=Interval(start, start + 5),
                )
            )
        out = concat(objects, sort=i % 3 > 0)
        yield {
            "objects": [{"timestamps": o.timestamps.tolist(), "domain": pairs(o.domain)} for o in objects],
            "sort": i % 3 > 0,
            "timestamps": out.timestamps.tolist(),
            "shown": out.shown.tolist(),
            "label": out.label.tolist(),
            "domain": pairs(out.domain),
        }


cases = {"gappy": list(gappy()), "joined": list(joined())}
pathlib.Path(__file__).with_name("series_cases.json").write_text(json.dumps(cases, separators=(",", ":")))

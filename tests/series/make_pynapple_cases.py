"""Makes pynapple_cases.json: what the real pynapple computes and prints for inputs that the tests give microtome too.

    pip install pynapple==0.11.4 && python make_pynapple_cases.py
"""

import json
import pathlib
import warnings

import numpy as np
import pynapple as nap
from pynapple.core import interval_set, time_series, ts_group

warnings.simplefilter("ignore")
rng = np.random.default_rng(7)


def plain(value):
    """Anything as JSON: NaN as null, infinities as text."""
    if isinstance(value, (np.ndarray, list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        value = float(value)
        return None if np.isnan(value) else str(value) if np.isinf(value) else float(f"{value:.12g}")
    return value


def epochs(ep):
    return plain(ep.values)


def series(x):
    """Times, values, time support."""
    return [plain(x.t), plain(x.values), epochs(x.time_support)]


def sorted_times(count, step=0.05, low=0, high=30):
    return np.sort(np.round(rng.integers(low / step, high / step, count) * step, 9))


def random_epochs(count, high=30):
    edges = np.sort(rng.choice(np.arange(0, high, 0.25), 2 * count, replace=False))
    return nap.IntervalSet(edges[::2], edges[1::2])


def computed():
    cases = []
    for i in range(12):
        t = sorted_times(60 if i else 0)
        if i % 3 == 0:
            t = np.unique(t)
        d = np.round(rng.normal(size=len(t)), 3)
        if i % 4 == 1:
            d[rng.integers(0, len(d), 10)] = np.nan
        ep, other = random_epochs(4), random_epochs(3)
        wanted = sorted_times(25)
        bins = float(rng.choice([0.25, 0.4, 1, 2.5, 1 / 3]))
        kernel = np.round(rng.normal(size=int(rng.integers(1, 6))), 3)
        case = {
            "t": plain(t), "d": plain(d), "ep": epochs(ep), "other": epochs(other), "wanted": plain(wanted),
            "bins": bins if bins != 1 / 3 else "1/3", "kernel": plain(kernel),
            "intersect": epochs(ep.intersect(other)), "union": epochs(ep.union(other)),
            "setDiff": epochs(ep.set_diff(other)), "split": epochs(ep.split(bins)),
            "merge": epochs(ep.merge_close_intervals(bins)),
        }
        if len(t) == 0:
            cases.append(case)
            continue
        tsd, ts = nap.Tsd(t, d, time_support=ep), nap.Ts(wanted)
        full = nap.Tsd(t, d)
        case |= {
            "restrict": series(tsd), "rate": plain(tsd.rate),
            "count": series(tsd.count(bins)), "countEach": series(tsd.count()),
            "binAverage": series(tsd.bin_average(bins)),
            "interval": plain(ep.in_interval(ts)),
            "timeDiff": series(tsd.time_diff()), "support": epochs(full.find_support(bins)),
            "threshold": series(full.threshold(0.1)), "below": series(full.threshold(0.1, "belowequal")),
            "trialCount": plain(nap.Ts(t).trial_count(ep, bins)),
            "trials": plain(full.to_trial_tensor(ep, align="end")),
            "convolve": series(full.convolve(kernel)), "left": series(full.convolve(kernel, trim="left")),
            "dropna": series(full.dropna()),
        }
        if len(np.unique(t)) == len(t):
            case["interpolate"] = series(tsd.interpolate(ts))
            case["edges"] = series(tsd.interpolate(ts, ep=other, left=-1.0, right=7.0))
            for mode in ("closest", "before", "after"):
                case[mode] = series(ts.value_from(tsd, ep=ep, mode=mode))
            if min(np.diff(t[(t >= s) & (t <= e)]).size for s, e in ep.values) > 0:
                case["derivative"] = series(tsd.derivative())
        cases.append(case)
    return cases


def filtered():
    cases = []
    for i, (down, order, kind) in enumerate([(4, 8, "iir"), (2, 5, "iir"), (10, 3, "iir"), (3, 8, "fir"), (4, 5, "fir")]):
        t = np.arange(120) * 0.01
        d = np.round(np.sin(np.arange(120) ** 2 / 300) + rng.normal(size=120) / 5, 4)
        tsd = nap.Tsd(t, d, time_support=nap.IntervalSet([0, 0.6], [0.55, 1.19]))
        std = [0.01, 0.03, 0.1, 0.02, 0.05][i]
        cases.append({
            "d": plain(d), "down": down, "order": order, "kind": kind, "std": std,
            "decimate": series(tsd.decimate(down, order, kind)),
            "smooth": series(tsd.smooth(std, size_factor=[100, 100, 20, 5, 10][i])),
            "sizeFactor": [100, 100, 20, 5, 10][i],
        })
    return cases


def intervals():
    cases = []
    for _ in range(40):
        count = int(rng.integers(0, 8))
        start, end = rng.integers(0, 30, count) / 2, rng.integers(0, 30, count) / 2
        if count and rng.random() < 0.5:
            start = np.sort(start)
        ep = nap.IntervalSet(start, end)
        if np.all(ep.start < ep.end):
            cases.append({"start": plain(start), "end": plain(end), "ep": epochs(ep)})
    return cases


def groups():
    members = {k: nap.Ts(sorted_times(40)) for k in (7, 2, 11, 5)}
    info = {"area": ["a", "b", "a", "c"], "depth": [3.5, 1.25, 7.0, 2.0]}
    group = nap.TsGroup(members, metadata=info)
    ep = random_epochs(3)
    feature = nap.Tsd(np.arange(0, 30, 0.5), np.arange(60) ** 2)
    by_interval, centers = group.getby_intervals("depth", np.array([0, 2, 4, 8]))
    # Times that several members have come in no defined order there.
    merged = group.to_tsd()
    order = np.lexsort((merged.values, merged.t))
    return {
        "members": {str(k): plain(m.t) for k, m in members.items()}, "order": [7, 2, 11, 5], "info": info,
        "ep": epochs(ep), "support": epochs(group.time_support), "rates": plain(group.rates),
        "count": series(group.count(1.5)), "countEp": series(group.count(0.7, ep=ep)),
        "toTsd": [plain(merged.t[order]), plain(merged.values[order])],
        "restricted": plain(group.restrict(ep).rates),
        "valueFrom": {str(k): series(m) for k, m in group.value_from(feature).items()},
        "trialCount": plain(group.trial_count(ep, 0.7)),
        "threshold": plain(group.getby_threshold("depth", 2.0).index),
        "notAbove": plain(group.getby_threshold("depth", 2.0, "<=").index),
        "intervals": [plain(g.index) for g in by_interval], "centers": plain(centers),
        "category": {k: plain(g.index) for k, g in group.getby_category("area").items()},
    }


def build(spec):
    """The object that a description stands for."""
    kind = spec["class"]
    meta = spec.get("metadata")
    meta = {k: np.array(v, dtype=spec.get("dtypes", {}).get(k)) if not isinstance(v[0], list) else v for k, v in meta.items()} if meta else None
    if kind == "IntervalSet":
        return nap.IntervalSet(spec["start"], spec["end"], metadata=meta)
    if kind == "TsGroup":
        members = {int(k): nap.Ts(np.array(t)) for k, t in spec["members"].items()}
        return nap.TsGroup(members, metadata=meta, time_support=nap.IntervalSet(0, 100))
    t = np.array(spec["t"], dtype=float)
    if kind == "Ts":
        return nap.Ts(t)
    d = np.array([np.nan if v is None else v for v in spec["d"]], dtype=spec["dtype"]).reshape(spec["shape"])
    if kind == "TsdFrame":
        return nap.TsdFrame(t, d, columns=spec.get("columns"), metadata=meta)
    return getattr(nap, kind)(t, d)


def printed():
    def times(count, step=1.0, start=0.0):
        return plain(np.round(start + step * np.arange(count), 9))

    def values(*shape, dtype="float64", scale=1.0):
        if dtype == "bool":
            return plain(rng.integers(0, 2, shape).astype(bool).ravel())
        if dtype.startswith(("int", "uint")):
            return plain(rng.integers(0, 100, shape).ravel())
        return [float(f"{v:.7g}") for v in (rng.normal(size=shape) * scale).astype(dtype).ravel()]

    specs = [{"class": "Ts", "t": times(n, s, 0.5)} for n, s in ((0, 1), (1, 1), (5, 0.1), (20, 1e-5), (15, 1000))]
    for n in (0, 4, 14, 15, 30):
        for dtype in ("float64", "int64", "bool", "float32", "int16"):
            specs.append({"class": "Tsd", "t": times(n, 0.0083, 670.6407), "d": values(n, dtype=dtype), "dtype": dtype, "shape": [n]})
            specs.append({"class": "TsdFrame", "t": times(n), "d": values(n, 3, dtype=dtype), "dtype": dtype, "shape": [n, 3]})
    for scale in (1e-7, 1e-3, 1e5, 1e9, 1e17):
        for n in (6, 20):
            specs.append({"class": "Tsd", "t": times(n, scale), "d": values(n, scale=scale), "dtype": "float64", "shape": [n]})
            specs.append({"class": "TsdFrame", "t": times(n, 0.5), "d": values(n, 2, scale=scale), "dtype": "float64", "shape": [n, 2], "columns": ["left", "right"]})
            specs.append({"class": "TsdTensor", "t": times(n, 0.5), "d": values(n, 2, 4, scale=scale), "dtype": "float64", "shape": [n, 2, 4]})
    specs.append({"class": "Tsd", "t": times(3), "d": [1.0, None, -2.5], "dtype": "float64", "shape": [3]})
    specs.append({"class": "Tsd", "t": times(20), "d": [None, *values(19)], "dtype": "float64", "shape": [20]})
    for shape, dtype in (((3, 2, 2), "float64"), ((20, 3, 5), "int64"), ((4, 2, 3, 2), "float32"), ((4, 3, 3), "bool"), ((0, 2, 2), "float64"), ((5, 1, 1), "float64")):
        specs.append({"class": "TsdTensor", "t": times(shape[0], 0.1), "d": values(*shape, dtype=dtype), "dtype": dtype, "shape": list(shape)})
    specs.append({"class": "TsdTensor", "t": times(2), "d": [None, 1, 2, 1.5, 0.0078125, 0, 0, 1.0], "dtype": "float64", "shape": [2, 2, 2]})
    areas = ["pfc", "hpc", "ca1", "ca3", "dg", "v1", "m1", "s1"]
    for n, c in ((1, 2), (20, 2), (3, 8), (20, 8)):
        for meta in ({"area": areas[:c]}, {"area": areas[:c], "depth": plain(rng.normal(size=c) * 10)}, {"a": list(range(c)), "b": areas[:c], "c": [True] * c}):
            specs.append({"class": "TsdFrame", "t": times(n), "d": values(n, c), "dtype": "float64", "shape": [n, c], "metadata": meta})
    specs.append({"class": "TsdFrame", "t": times(4), "d": values(4, 8), "dtype": "float64", "shape": [4, 8], "size": [700, 24]})
    for n in (0, 1, 2, 4, 14, 15, 40):
        start = [10.0 * i for i in range(n)]
        end = [10.0 * i + 5.125 * (1 + i % 2) / 2 for i in range(n)]
        specs.append({"class": "IntervalSet", "start": start, "end": end})
        if n > 1:
            specs.append({"class": "IntervalSet", "start": start, "end": end, "metadata": {"label": [areas[i % 8] for i in range(n)], "score": [i + 0.125 for i in range(n)], "ok": [i % 2 == 0 for i in range(n)]}})
            specs.append({"class": "IntervalSet", "start": start, "end": end, "metadata": {f"m{k}": [i * k for i in range(n)] for k in range(8)}, "size": [60, 20]})
    for n in (1, 2, 5, 14, 16, 30):
        members = {str(3 * k + 1): plain(sorted_times(int(rng.integers(2, 60)), high=100)) for k in range(n)}
        specs.append({"class": "TsGroup", "members": members})
        if n == 1:
            continue
        info = {"loc": [areas[i % 8] for i in range(n)], "w": [i / 8 for i in range(n)], "xy": [[i, 2 * i] for i in range(n)], "id": list(range(n))}
        specs.append({"class": "TsGroup", "members": members, "metadata": info})
        specs.append({"class": "TsGroup", "members": members, "metadata": {f"m{k}": [i * k for i in range(n)] for k in range(8)}, "size": [90, 18]})
        specs.append({"class": "TsGroup", "members": members, "metadata": {"pos": [[i / 3, -2.5 * i, 3.0] for i in range(n)]}})
    for spec in specs:
        size = spec.get("size", [80, 24])
        for module in (interval_set, time_series, ts_group):
            module._get_terminal_size = lambda: tuple(size)
        made = build(spec)
        spec["text"] = str(made)
        if repr(made) != spec["text"]:
            spec["repr"] = repr(made)
    return specs


cases = {"version": nap.__version__, "computed": computed(), "filtered": filtered(), "intervals": intervals(), "groups": groups(), "printed": printed()}
path = pathlib.Path(__file__).with_name("pynapple_cases.json")
path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")

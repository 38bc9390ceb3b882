"""Analyses by pynapple: one case a line in, its results a line out."""

import json
import sys
import warnings

import numpy as np
import pynapple as nap

warnings.simplefilter("ignore")


def plain(values):
    if isinstance(values, dict):
        return {str(key): plain(value) for key, value in values.items()}
    if isinstance(values, (list, tuple)):
        return [plain(value) for value in values]
    if isinstance(values, np.ndarray):
        return [plain(value) for value in values.tolist()]
    if isinstance(values, (float, np.floating)):
        return float(values) if np.isfinite(values) else str(float(values))
    return values.item() if isinstance(values, np.generic) else values


def numbers(values):
    return np.array(values, dtype=float)


def curves(tc):
    return {
        "data": tc.values,
        "occupancy": tc.attrs["occupancy"],
        "edges": list(tc.attrs["bin_edges"]),
        "fs": tc.attrs["fs"],
        "rates": tc.attrs.get("rates"),
        "coords": [tc.coords[dim].values for dim in tc.dims],
    }


def frame(table):
    return {"lags": table.index.values, "data": table.values.T}


def run(case):
    support = nap.IntervalSet(case["support"])
    epochs = nap.IntervalSet(case["epochs"])
    group = nap.TsGroup({int(key): nap.Ts(numbers(t)) for key, t in case["units"].items()}, time_support=support)
    events = nap.Ts(numbers(case["events"]), time_support=support)
    feature_times = numbers(case["feature_times"])
    features = nap.TsdFrame(feature_times, numbers(case["features"]), time_support=support, columns=["x", "y"])
    signal = nap.TsdFrame(numbers(case["signal_times"]), numbers(case["signal"]), time_support=support)
    bins, limits = case["bins"], [tuple(pair) for pair in case["range"]]
    window, size = tuple(case["window"]), case["size"]
    one = nap.compute_tuning_curves(group, features[:, 0], bins, epochs=epochs)
    two = nap.compute_tuning_curves(group, features, [bins, bins + 1], range=limits)
    found = {
        "one": curves(one),
        "two": curves(two),
        "counts": curves(nap.compute_tuning_curves(group, features[:, 0], bins, range=limits[0], return_counts=True)),
        "continuous": curves(nap.compute_tuning_curves(signal, features[:, 0], bins, range=limits[0], epochs=epochs)),
        "information": nap.compute_mutual_information(one).values,
        "information2": nap.compute_mutual_information(two).values,
        "response": nap.compute_response_per_epoch(group, {"a": epochs, "b": support}).values,
        "responseFrame": nap.compute_response_per_epoch(signal, {"b": support}).values,
        "auto": frame(nap.compute_autocorrelogram(group, size, window[0], ep=epochs)),
        "cross": frame(nap.compute_crosscorrelogram(group, size, window[0], norm=False)),
        "event": frame(nap.compute_eventcorrelogram(group, events, size, window[1], norm=False)),
        "isi": frame(nap.compute_isi_distribution(group, bins=bins)),
    }
    around = nap.compute_perievent(group, events, window)
    found["perievent"] = [[around[key][event].t for event in around[key].keys()] for key in around.keys()]
    values = nap.compute_perievent(signal, events, window)
    found["values"] = {"t": values.t, "d": values.values}
    # Where bins are shorter than the signal's steps, pynapple takes an epoch's first bins from the epoch before.
    where = epochs if size >= signal.t[1] - signal.t[0] else nap.IntervalSet([case["epochs"][0]])
    eta = nap.compute_event_triggered_average(signal, group, size, window, epochs=where)
    found["average"] = {"t": eta.t, "d": eta.values}
    return found


# All is read before anything is written, so that neither side waits for the other with a full pipe.
for line in sys.stdin.readlines():
    print(json.dumps(plain(run(json.loads(line)))), flush=True)

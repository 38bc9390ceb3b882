"""What SciPy makes of signals: a list of cases as JSON in, a list of their results out."""

import json
import sys

import numpy as np
from scipy import interpolate, signal


def sections(case):
    if case["type"] == "notch":
        return signal.tf2sos(*signal.iirnotch(case["frequency"], case["quality"], fs=case["rate"]))
    cutoff = case["cutoff"] if len(case["cutoff"]) == 2 else case["cutoff"][0]
    return signal.butter(case["order"], cutoff, case["type"], fs=case["rate"], output="sos")


def run(case):
    what = case["what"]
    x = np.array(case["x"], float).reshape(-1, case.get("channels", 1))
    if what == "design":
        return sections(case)
    if what == "sosfilt":
        return signal.sosfilt(sections(case), x, axis=0)
    if what == "sosfiltfilt":
        edge = case["edge"]
        padtype, padlen = (None, 0) if edge == "zero" else (edge, None)
        if edge == "zero":
            once = signal.sosfilt(sections(case), x, axis=0)
            return signal.sosfilt(sections(case), once[::-1], axis=0)[::-1]
        return signal.sosfiltfilt(sections(case), x, axis=0, padtype=padtype, padlen=padlen)
    if what == "resample":
        return signal.resample_poly(x, case["up"], case["down"], axis=0)
    if what == "decimate":
        return signal.decimate(x, case["factor"], axis=0)
    if what == "reference":
        return x - getattr(np, case["method"])(x, axis=1, keepdims=True)
    if what == "welch":
        return signal.welch(
            x, fs=case["rate"], nperseg=case["segment"], noverlap=case["overlap"], window=case["window"],
            detrend=False if case["detrend"] == "none" else case["detrend"], scaling=case["scaling"], axis=0,
        )[1]
    if what == "peaks":
        options = {k: tuple(v) if isinstance(v, list) else v for k, v in case["options"].items()}
        peaks, found = signal.find_peaks(x[:, 0], **options)
        return {"peaks": peaks.tolist(), **{k: np.asarray(v).tolist() for k, v in found.items()}}
    if what == "whiten":
        covariance = x.T @ x / len(x)
        u, s, ut = np.linalg.svd(covariance)
        return x @ (u @ np.diag(1 / np.sqrt(s + case["eps"])) @ ut)
    if what == "shift":
        # Of a periodic signal the transform of the whole is exact.
        spectrum = np.fft.rfft(x, axis=0)
        omega = np.linspace(0, np.pi, len(spectrum))
        return np.fft.irfft(spectrum * np.exp(-1j * omega[:, None] * np.array(case["shifts"])), n=len(x), axis=0)
    if what == "pynapple":
        import pynapple as nap

        epochs = nap.IntervalSet(*np.array(case["epochs"]).T)
        frame = nap.TsdFrame(t=np.array(case["times"]), d=x, time_support=epochs)
        call = getattr(nap, f"apply_{case['type']}_filter")
        return call(frame, case["cutoff"] if len(case["cutoff"]) == 2 else case["cutoff"][0], order=case["order"]).values
    if what == "spline":
        return interpolate.CubicSpline(case["points"], case["x"], bc_type="natural")(np.array(case["at"]))
    raise ValueError(what)


def plain(result):
    return result if isinstance(result, dict) else np.asarray(result).ravel().tolist()


json.dump([plain(run(case)) for case in json.load(sys.stdin)], sys.stdout)

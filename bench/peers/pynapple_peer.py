"""pynapple, for the rows on series: calls as lines of JSON."""

import warnings

import numpy as np
import pynapple as nap
from serve import serve, timed

warnings.simplefilter("ignore")
made = {}


def series(units, spikes, step):
    """Spikes and a feature, the same as in rows_series.ts."""
    if units not in made:
        index = np.arange(spikes, dtype=np.uint64)
        support = nap.IntervalSet(0, spikes * step)
        group = {}
        for unit in range(units):
            mixed = (index * np.uint64(2654435761) + np.uint64(unit * 283521)) & np.uint64(0xFFFFFFFF)
            group[unit] = nap.Ts((index + mixed / 2**32) * step, time_support=support)
        sample = np.arange(int(spikes * step * 120))
        feature = nap.Tsd(sample / 120, np.abs(sample * 0.001 % 2 - 1), time_support=support)
        made[units] = nap.TsGroup(group, time_support=support), feature
    return made[units]


def tuning(units, spikes, step):
    group, feature = series(units, spikes, step)
    return timed(lambda: float(nap.compute_tuning_curves(group, feature, bins=20).values.sum()))


def count(units, spikes, step):
    group, _ = series(units, spikes, step)
    return timed(lambda: float(group.count(step).values[-1].sum()))


serve(globals())

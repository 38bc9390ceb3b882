"""What pynapple and temporaldata make of intervals, groups and events: a JSON case a line from the standard input.

    python tests/interop/algebra.py < CASES
"""

import json
import sys
import warnings

import numpy as np
import pynapple as nap
from temporaldata import Interval

warnings.simplefilter("ignore")


def pairs(start, end):
    return [[float(a), float(b)] for a, b in zip(start, end)]


def epochs(given):
    return nap.IntervalSet([a for a, _ in given], [b for _, b in given])


def union(case):
    found = epochs(case["a"]).union(epochs(case["b"]))
    return pairs(found.start, found.end)


def joined(case):
    a, b = (Interval(np.array([x for x, _ in case[k]], float), np.array([y for _, y in case[k]], float)) for k in "ab")
    found = a | b
    return pairs(found.start, found.end)


def group(case):
    members = {i: nap.Ts(np.array(t, float)) for i, t in enumerate(case["members"])}
    found = nap.TsGroup(members)
    return {"support": pairs(found.time_support.start, found.time_support.end),
            "members": [found[i].t.tolist() for i in range(len(members))]}


def perievent(case):
    tsd = nap.Tsd(np.arange(len(case["values"]), dtype=float), np.array(case["values"], float))
    found = nap.compute_perievent(tsd, nap.Ts(np.array(case["events"], float)), 1)
    return [[None if np.isnan(v) else v for v in row] for row in found.values.tolist()]


def dilate(case):
    start, end = (np.array([pair[i] for pair in case["a"]], float) for i in (0, 1))
    found = Interval(start, end).dilate(case["size"], case["maxLen"])
    return pairs(found.start, found.end)


for line in sys.stdin:
    case = json.loads(line)
    print(json.dumps(globals()[case["what"]](case)))

"""Makes algebra_cases.json: what the real temporaldata computes for random intervals, points among them.

    pip install temporaldata==0.1.6 && python make_algebra_cases.py && deno fmt algebra_cases.json
"""

import json
import pathlib
import warnings

import numpy as np
from temporaldata import Interval

warnings.simplefilter("ignore")
rng = np.random.default_rng(5)


def pairs(interval):
    return [[float(start), float(end)] for start, end in zip(interval.start, interval.end)]


def of(edges):
    edges = np.asarray(edges, dtype=np.float64).reshape(-1, 2)
    return Interval(edges[:, 0].copy(), edges[:, 1].copy())


def disjoint(count, scale=1.0):
    """Sorted and disjoint; some touch, some are points, no point comes twice."""
    edges = np.sort(rng.integers(0, 30, 2 * count) * scale).reshape(-1, 2)
    return of(np.unique(edges, axis=0))


def algebra():
    for i in range(40):
        scale = 1.0 if i % 2 else 0.1
        a, b = disjoint(rng.integers(0, 7), scale), disjoint(rng.integers(0, 7), scale)
        yield {
            "a": pairs(a),
            "b": pairs(b),
            "and": pairs(a & b),
            "or": pairs(a | b),
            "difference": pairs(a.difference(b)),
        }


def shaped():
    for i in range(28):
        a = disjoint(rng.integers(1, 7), 1.0 if i % 2 else 0.1)
        size, max_len = float(rng.choice([0, 0.25, 1, 3])), [None, 1.0, 2.5][rng.integers(3)]
        eps = float(rng.choice([0, 1e-6, 0.15, 1]))
        yield {
            "a": pairs(a),
            "size": size,
            "maxLen": max_len,
            "dilated": pairs(a.dilate(size, max_len)),
            "eps": eps,
            "coalesced": pairs(a.coalesce(eps)),
        }


def overlapping():
    """Overlapping, but sorted by start and by end: coalesced."""
    for _ in range(10):
        start, end = np.sort(rng.integers(0, 40, (2, 6)).astype(float))
        a = of(np.stack([start, np.maximum(start, end)], axis=1))
        yield {"a": pairs(a), "eps": 0.5, "coalesced": pairs(a.coalesce(0.5))}


def grids():
    for _ in range(20):
        start = float(np.round(rng.uniform(-5, 5), 2))
        length = float(np.round(rng.uniform(0.1, 8), 3))
        step = float(rng.choice([0.37, 0.5, 1.1, 3]))
        yield {
            "start": start,
            "end": start + length,
            "step": step,
            "arange": pairs(Interval.arange(start, start + length, step)),
            "whole": pairs(Interval.arange(start, start + length, step, include_end=False)),
            "steps": (steps := int(rng.integers(1, 8))),
            "linspace": pairs(Interval.linspace(start, start + length, steps)),
        }


def subdivided():
    for _ in range(12):
        a = of([pair for pair in pairs(disjoint(4)) if pair[0] < pair[1]] or [[0, 1]])
        a.row = np.arange(len(a))
        step = float(rng.choice([0.7, 1.3, 2.5]))
        cut, whole = a.subdivide(step), a.subdivide(step, drop_short=True)
        yield {
            "a": pairs(a),
            "step": step,
            "cut": pairs(cut),
            "parent": cut.row.tolist(),
            "whole": pairs(whole),
            "wholeParent": whole.row.tolist(),
        }


def splits():
    for n, sizes in [
        (10, [0.5, 0.5]),
        (10, [6, 2, 2]),
        (7, [0.5, 0.5]),
        (5, [0.5, 0.25, 0.25]),
        (100, [0.7, 0.15, 0.15]),
        (6, [0.25] * 4),
        (4, [0.875, 0.125]),
        (33, [1, 2, 30]),
    ]:
        for seed in [None, 0, 42, 2**40]:
            a = Interval.linspace(0, n, n)
            a.row = np.arange(n)
            parts = a.split(sizes, shuffle=seed is not None, random_seed=seed)
            yield {"n": n, "sizes": sizes, "seed": seed, "rows": [part.row.tolist() for part in parts]}


cases = {
    "algebra": list(algebra()),
    "shaped": list(shaped()),
    "overlapping": list(overlapping()),
    "grids": list(grids()),
    "subdivided": list(subdivided()),
    "splits": list(splits()),
}
pathlib.Path(__file__).with_name("algebra_cases.json").write_text(json.dumps(cases, separators=(",", ":")))

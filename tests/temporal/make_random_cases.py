"""Makes random_cases.json: what NumPy's generator draws for seeds that the tests give microtome too.

    pip install numpy && python make_random_cases.py && deno fmt random_cases.json
"""

import hashlib
import json
import pathlib

import numpy as np

SEEDS = [0, 1, 42, 123456789, 2**32 - 1, 2**32, 2**53 - 1, 2**64 + 5, 2**128 - 1, 2**200 + 12345, 10**60]


def digest(order):
    """SHA-256 of an order as little-endian uint32: long ones needn't be listed."""
    return hashlib.sha256(order.astype("<u4").tobytes()).hexdigest()


def raw(seed):
    return [str(value) for value in np.random.PCG64(seed).random_raw(6)]


def floats(seed):
    return np.random.default_rng(seed).random(6).tolist()


def permutations():
    for seed in SEEDS:
        for n in [0, 1, 2, 3, 10, 33]:
            yield {"seed": str(seed), "n": n, "order": np.random.default_rng(seed).permutation(n).tolist()}
        for n in [1000, 65537, 100_003]:
            yield {"seed": str(seed), "n": n, "sha256": digest(np.random.default_rng(seed).permutation(n))}


def integers():
    """Bounds of each kind: none, few, close to 2^31 and 2^32 (where many draws are rejected), beyond."""
    for n in [1, 2, 7, 1000, 2**31 + 1, 3 * 2**30, 2**32 - 1, 2**32, 2**32 + 1, 2**53 - 1]:
        rng = np.random.default_rng(n)
        yield {"seed": str(n), "n": n, "drawn": [int(rng.integers(0, n)) for _ in range(12)]}


def mixed():
    """One stream drawn from in turns: halves of draws are kept while whole ones are taken."""
    rng = np.random.default_rng(7)
    out = []
    for _ in range(5):
        out += [int(rng.integers(0, 10)), rng.random(), rng.permutation(4).tolist(), int(rng.integers(0, 2**40))]
    return out


cases = {
    "numpy": np.__version__,
    "raw": [{"seed": str(seed), "values": raw(seed)} for seed in SEEDS],
    "floats": [{"seed": str(seed), "values": floats(seed)} for seed in SEEDS],
    "permutations": list(permutations()),
    "integers": list(integers()),
    "mixed": mixed(),
}
pathlib.Path(__file__).with_name("random_cases.json").write_text(json.dumps(cases, separators=(",", ":")))

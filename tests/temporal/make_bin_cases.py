"""Makes bin_cases.json: what torch_brain's bin_spikes counts, and where it goes wrong, what it says or gives.

    pip install torch_brain==0.2.1 --no-deps && pip install numpy h5py && python make_bin_cases.py && deno fmt bin_cases.json

binning.py is loaded by its path, since its package wants torch.
"""

import importlib.util
import json
import pathlib

import numpy as np
from torch_brain.data import Interval, IrregularTimeSeries

root = pathlib.Path(importlib.util.find_spec("torch_brain").submodule_search_locations[0])
spec = importlib.util.spec_from_file_location("binning", root / "utils" / "binning.py")
binning = importlib.util.module_from_spec(spec)
spec.loader.exec_module(binning)

rng = np.random.default_rng(12)


def case(timestamps, units, domain, n, bin_size, right=True, max_spikes=None, name=None):
    timestamps, units = np.asarray(timestamps, dtype=np.float64), np.asarray(units, dtype=np.int64)
    spikes = IrregularTimeSeries(
        timestamps=timestamps,
        unit_index=units,
        domain=Interval(*(np.array(edges, dtype=np.float64) for edges in zip(*domain))),
    )
    out = {
        "name": name,
        "timestamps": timestamps.tolist(),
        "units": units.tolist(),
        "domain": domain,
        "n": n,
        "binSize": bin_size,
        "right": right,
        "maxSpikes": max_spikes,
    }
    try:
        counts = binning.bin_spikes(spikes, n, bin_size, max_spikes=max_spikes, right=right)
        return {**out, "counts": counts.tolist(), "shape": list(counts.shape)}
    except Exception as error:
        return {**out, "error": type(error).__name__}


def same():
    """Times that are exact in binary, and times at random, on which rounding has no say."""
    for i in range(40):
        exact = i % 2 == 0
        start = float(rng.integers(-8, 9)) / 4 if exact else float(rng.uniform(-50, 50))
        bin_size = float(rng.choice([0.125, 0.25, 0.5, 0.75])) if exact else float(rng.choice([0.02, 0.1, 0.3]))
        end = start + (float(rng.integers(0, 17)) / 8 if exact else float(rng.uniform(0, 3)))
        count = int(rng.integers(0, 30)) if end > start else 0
        times = start + np.floor(rng.uniform(0, (end - start) * 64, count)) / 64 if exact else rng.uniform(start, end, count)
        n = int(rng.integers(1, 5))
        yield case(
            np.sort(times),
            rng.integers(0, n, count),
            [[start, end]],
            n,
            bin_size,
            right=bool(rng.integers(2)),
            max_spikes=[None, 1, 2][rng.integers(3)],
        )
    # A domain that rounding has made a little too short (torch_brain issue 156).
    yield case([0.01, 0.5, 0.99], [0, 1, 0], [[0.0, 0.9999999999]], 2, 0.02)


def differs():
    yield case([0, 0.5, 1], [0, 0, 0], [[0, 1]], 1, 0.5, name="a spike at the end of the domain")
    yield case([0.2, 0.6, 1.25], [0, 0, 0], [[0, 1.25]], 1, 0.5, name="a spike at the end, where a rest is cut off")
    times = [0.2 + 0.1 * i for i in range(10)]
    yield case(times, [0] * 10, [[0.2, 1.2]], 1, 0.1, name="spikes on edges")
    yield case([1, 1.25, 1.75], [0, 0, 0], [[0, 0.125], [1, 2]], 1, 0.75, name="a rest that ends in a gap")
    yield case([0.25, 0.75], [0, 1], [[0, 1.5]], 1, 0.5, name="a unit that there isn't")
    yield case([-0.25, 0.25], [0, 0], [[0, 1]], 1, 0.5, name="a spike before the domain")


cases = {"same": list(same()), "differs": list(differs())}
pathlib.Path(__file__).with_name("bin_cases.json").write_text(json.dumps(cases, separators=(",", ":")))

"""Writes neural_session.h5: a small session with an object of every class, as torch_brain saves it.

    python tests/data/make_temporal.py

Needs torch_brain (tests/interop/requirements_nwb.txt and requirements_nodeps.txt). Numbers come from a seeded generator, so
that the same versions write the same file.
"""

import sys
from datetime import datetime
from pathlib import Path

import numpy as np
from torch_brain.data import ArrayDict, Data, Interval, IrregularTimeSeries, RegularTimeSeries


def build():
    rng = np.random.default_rng(20)
    # Two stretches of recording; spikes come in both.
    recorded = Interval(np.array([0.5, 14.0]), np.array([12.25, 20.0]))
    times = np.sort(np.concatenate([rng.uniform(0.5, 12.25, 300), rng.uniform(14, 20, 160)]))
    times[[0, 150, -1]] = 0.5, 6.0, 19.5
    unit = rng.integers(0, 6, 460)
    begins = np.arange(10) * 1.75 + 1
    rewarded = rng.random(10) < 0.6
    return Data(
        session_id="À89!ÜÞ 電 🧠",
        recorded_on=datetime(2021, 1, 2, 3, 4, 5),
        trial_count=10,
        temperature=36.625,
        is_wireless=False,
        weights=[1, 2, 3],
        people=["Ada", "Grace Ü"],
        mean_image=np.arange(48, dtype="u2").reshape(6, 8),
        spikes=IrregularTimeSeries(
            timestamps=np.sort(times), unit_index=unit, amplitude=rng.normal(80, 9, 460).astype("f4"),
            is_burst=rng.random(460) < 0.1, quality=np.array(["good", "ok", "mua"])[unit % 3], domain=recorded,
        ),
        licks=IrregularTimeSeries(
            timestamps=np.array([3.0, 1.0, 2.0, 7.5]), offset=np.array([3.25, 1.25, 2.25, 7.75]),
            port=np.array([3, 1, 2, 4], "i1"), timekeys=["offset"], domain="auto",
        ),
        lfp=RegularTimeSeries(
            sampling_rate=25.0, domain_start=0.5, raw=rng.normal(0, 50, (480, 3)).astype("f4"),
            is_artifact=rng.random(480) < 0.05,
        ),
        gaze=RegularTimeSeries.from_gappy_timeseries(
            2 + np.concatenate([np.arange(40), np.arange(60, 100), np.arange(103, 140)]) / 10, sampling_rate=10.0,
            angle=np.round(rng.normal(0, 10, 117), 2), pupil=rng.integers(0, 900, 117).astype("i2"),
        ),
        trials=Interval(
            start=begins, end=begins + 1.25, go_cue=begins + 0.5, timekeys=["go_cue"], is_rewarded=rewarded,
            choice=np.array(["left", "right"])[rng.integers(0, 2, 10)], block=np.arange(20).reshape(10, 2),
        ),
        units=ArrayDict(
            id=np.array([f"unit{i:02}" for i in range(6)]), depth=np.round(rng.uniform(100, 900, 6), 1),
            is_good=np.array([True, True, False, True, False, True]), waveform=rng.normal(size=(6, 5)).astype("f4"),
        ),
        splits=Data(
            train_domain=Interval(0.5, 10.0), test_domain=Interval(np.array([10.0, 15.0]), np.array([12.25, 20.0])),
            note="by hand", counts=np.array([2**60, -1]), domain=Interval(0.5, 20.0),
        ),
        domain=Interval(0.5, 20.0),
    )


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "neural_session.h5"
    build().save(target)
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

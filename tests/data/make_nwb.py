"""Writes session.nwb: a small recording with the keys of the table in pynapple's documentation.

    python tests/data/make_nwb.py

Needs pynwb (tests/interop/requirements_nwb.txt). Ids and dates are fixed, so that the same versions write the same file.
"""

import sys
import uuid
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
from hdmf.backends.hdf5 import H5DataIO
from pynwb import NWBHDF5IO, NWBFile
from pynwb.behavior import CompassDirection, Position, SpatialSeries
from pynwb.epoch import TimeIntervals
from pynwb.file import Subject

COUNT = [0]


def next_id():
    COUNT[0] += 1
    return uuid.UUID(int=(0xDE078912A0934E6B << 64) + COUNT[0])


def build():
    when = datetime(2020, 7, 11, 10, 0, 0, tzinfo=timezone.utc)
    nwb = NWBFile("A mouse in an arena", "A2929-200711", when, file_create_date=when, session_id="session",
                  experimenter=["Ada Example"], institution="An institute", lab="A lab")
    nwb.subject = Subject(subject_id="A2929", species="Mus musculus", sex="M", age="P90D", weight="0.025 kg")

    rng = np.random.default_rng(2929)
    device = nwb.create_device("probe", "A silicon probe", "A maker")
    groups = [nwb.create_electrode_group(f"shank{i}", f"Shank {i}", place, device)
              for i, place in enumerate(["thalamus", "postsubiculum"])]
    for i in range(8):
        nwb.add_electrode(location=groups[i // 4].location, group=groups[i // 4], group_name=groups[i // 4].name)

    # Nine and a half minutes of tracking at 2 Hz, whose frames aren't quite regular.
    count = 1060
    t = np.round(670.6407 + np.arange(count) / 2 + rng.normal(0, 1e-4, count), 5)
    slow = np.cumsum(rng.normal(0, 0.05, (count, 6)), axis=0)
    slow = np.round(0.4 * np.sin(slow), 5)

    def series(name, column, frame, unit):
        data = H5DataIO(slow[:, column], compression="gzip", chunks=(1024,), shuffle=True)
        return SpatialSeries(name=name, data=data, reference_frame=frame, unit=unit,
                             timestamps=position["x"] if name != "x" else
                             H5DataIO(t, compression="gzip", chunks=(1024,), shuffle=True))

    position = Position(name="position")
    for i, name in enumerate("xyz"):
        position.add_spatial_series(series(name, i, "the arena", "meters"))
    direction = CompassDirection(name="direction")
    for i, name in enumerate(["rx", "ry", "rz"]):
        direction.add_spatial_series(series(name, 3 + i, "the head", "radians"))
    behavior = nwb.create_processing_module("behavior", "What the animal did")
    behavior.add(position)
    behavior.add(direction)

    for start, stop, tag in [(0.0, 670.0, "sleep"), (670.0, 1200.0, "wake")]:
        nwb.add_epoch(start, stop, [tag])
    support = TimeIntervals(name="position_time_support", description="When the animal was tracked")
    support.add_interval(start_time=float(t[0]), stop_time=float(t[-1]))
    nwb.add_time_intervals(support)

    nwb.add_unit_column("location", "Where the unit was")
    nwb.add_unit_column("quality", "How well it is isolated")
    # Each unit fires where the animal stands, by the place along y.
    for i in range(6):
        centre = -0.4 + 0.8 * i / 5
        rate = 0.2 + 4 * np.exp(-((slow[:, 1] - centre) / 0.15) ** 2)
        fired = rng.random(count) < rate / 2
        spikes = np.sort(np.round(t[fired] + rng.uniform(0, 0.5, fired.sum()), 5))
        group = groups[i // 3]
        nwb.add_unit(spike_times=spikes[spikes <= t[-1]], location=group.location, quality=round(0.5 + 0.08 * i, 2),
                     electrode_group=group)
    return nwb


def main():
    import hdmf.container
    hdmf.container.uuid4 = next_id
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "session.nwb"
    with NWBHDF5IO(target, "w") as io:
        io.write(build(), cache_spec=False)
    print(f"{target}: {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

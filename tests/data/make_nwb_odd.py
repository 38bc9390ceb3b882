"""Writes nwb_odd/*.nwb: files that are odd in ways in which real ones are, and that read all the same.

    python tests/data/make_nwb_odd.py

Needs pynwb (tests/interop/requirements_nwb.txt). Each file stands for a kind: names that look like types, forms of
attributes that other writers than pynwb leave, data that lies elsewhere or isn't there, types that nothing is known of.
What they must read as is in tests/nwb/odd_test.ts; tests/interop/nwb_odd.py asks the Python peers.
"""

import sys
import uuid
import warnings
from datetime import datetime, timezone
from pathlib import Path

import h5py
import numpy as np
from hdmf.common import DynamicTable, VectorData
from pynwb import NWBHDF5IO, NWBFile, TimeSeries
from pynwb.behavior import SpatialSeries
from pynwb.epoch import TimeIntervals
from pynwb.image import ImageSeries
from pynwb.misc import AnnotationSeries

warnings.simplefilter("ignore")
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "nwb_odd"
COUNT = [0]


def next_id():
    COUNT[0] += 1
    return uuid.UUID(int=(0x0DD << 112) + COUNT[0])


def new():
    when = datetime(2020, 1, 1, tzinfo=timezone.utc)
    return NWBFile("session", "id", when, file_create_date=when)


def write(name, nwb):
    path = FOLDER / name
    with NWBHDF5IO(path, "w") as io:
        io.write(nwb, cache_spec=False)
    return path


def replace(file, path, value, dtype=None):
    """Puts another value in a dataset's place; its attributes stay."""
    kept = dict(file[path].attrs)
    del file[path]
    if dtype is None:
        file[path] = value
    else:
        file.create_dataset(path, shape=np.shape(value), dtype=dtype)
    for key, one in kept.items():
        file[path].attrs[key] = one


def index_names():
    nwb = new()
    for name in ("lap", "lap_index", "cue", "cue_index", "cue_index_index"):
        nwb.add_trial_column(name, "a plain column")
    nwb.add_trial_column("licks", "times of licks", index=True)
    nwb.add_trial_column("sniffs", "sniffs of bouts", index=2)
    nwb.add_trial_column("looks", "times of looks; its index has a name of its own", index=True)
    for i in range(3):
        nwb.add_trial(start_time=float(i), stop_time=i + 0.5, lap=10 * i, lap_index=[0.5, 1.5, 9.5][i], cue="abc"[i],
                      cue_index=[2, 2, 3][i], cue_index_index=["x", "y", "z"][i], licks=[i + 0.1] * i,
                      sniffs=[[1.0 * i], [2.0, 3.0]][:i], looks=[float(j) for j in range(2 - i)])
    nwb.add_unit_column("depth", "a plain column")
    nwb.add_unit_column("depth_index", "a plain column")
    for i in range(3):
        nwb.add_unit(spike_times=[0.5, 1.5, 2.5][:i + 1], depth=100.0 * i, depth_index=[1, 2, 3][i])
    # No group of units: both its columns are plain ones.
    nwb.add_acquisition(DynamicTable("pokes", "pokes", columns=[
        VectorData("poke_times", "when", data=[0.25, 0.5, 0.75]),
        VectorData("poke_times_index", "which", data=[1, 2, 3]),
    ]))
    with h5py.File(write("index_names.nwb", nwb), "r+") as f:
        f.move("intervals/trials/looks_index", "intervals/trials/where_looks_end")


def attribute_forms():
    nwb = new()
    for name in ("one", "square", "fixed", "raw_bytes", "codes", "integers", "written"):
        nwb.add_acquisition(TimeSeries(name=name, data=np.arange(6), unit="V", rate=10.0, starting_time=1.0,
                                       description="about it"))
    nwb.add_acquisition(SpatialSeries(name="typed", data=np.arange(6.0).reshape(3, 2), timestamps=[0.0, 1.0, 2.0],
                                      reference_frame="here", unit="m"))
    nwb.add_trial_column("licks", "times of licks", index=True)
    for i in range(2):
        nwb.add_trial(start_time=float(i), stop_time=i + 0.5, licks=[float(i)] * (i + 1))
    device = nwb.create_device("probe")
    group = nwb.create_electrode_group("shank", "a shank", "CA1", device)
    for i in range(2):
        nwb.add_electrode(location=f"CA{i}", group=group)
    nwb.add_unit(spike_times=[0.5], electrodes=[0], electrode_group=group)
    nwb.add_unit(spike_times=[0.5, 1.5], electrodes=[1], electrode_group=group)

    def put(f, name, wrap_number, wrap_text, start):
        at = f["acquisition"][name]
        for key, value in (("conversion", 0.5), ("offset", 1.0), ("resolution", 0.25)):
            del at["data"].attrs[key]
            at["data"].attrs[key] = wrap_number(value)
        del at["data"].attrs["unit"]
        at["data"].attrs["unit"] = wrap_text("mV")
        del at.attrs["description"]
        at.attrs["description"] = wrap_text("about it")
        replace(f, f"acquisition/{name}/starting_time", start)
        del at["starting_time"].attrs["rate"]
        at["starting_time"].attrs["rate"] = wrap_number(20.0)

    with h5py.File(write("attribute_forms.nwb", nwb), "r+") as f:
        text = h5py.string_dtype()
        put(f, "one", lambda v: np.array([v]), lambda v: np.array([v], dtype=text), np.array([3.0]))
        put(f, "square", lambda v: np.array([[v]], "<f4"), lambda v: np.array([[v]], dtype=text), np.array([[3]], "<i2"))
        put(f, "fixed", lambda v: np.float32(v), lambda v: np.bytes_(v), np.float32(3))
        put(f, "raw_bytes", lambda v: np.array([v], ">f8"), lambda v: np.void(v.encode()), np.array([3.0], ">f4"))
        put(f, "codes", lambda v: np.array([v]), lambda v: np.frombuffer(v.encode(), np.uint8), np.array([3], "<u8"))
        put(f, "integers", lambda v: np.array([round(4 * v)], "<i8"), lambda v: np.array([v.encode()], "S8"), np.int64(3))
        put(f, "written", lambda v: str(v), lambda v: np.array([v], dtype=h5py.string_dtype("ascii")), np.array([3.0]))
        typed = f["acquisition/typed"]
        for key in ("neurodata_type", "namespace", "object_id"):
            value = typed.attrs[key]
            del typed.attrs[key]
            typed.attrs[key] = np.array([value.encode()], "S64")
        trials = f["intervals/trials"]
        names = [name.encode() for name in trials.attrs["colnames"]]
        del trials.attrs["colnames"]
        trials.attrs["colnames"] = np.array(names, "S16")
        index = trials["licks_index"]
        kind, target = index.attrs["neurodata_type"], index.attrs["target"]
        del index.attrs["neurodata_type"], index.attrs["target"]
        index.attrs["neurodata_type"] = np.array([kind], dtype=text)
        index.attrs.create("target", np.array([target], dtype=h5py.ref_dtype), dtype=h5py.ref_dtype)
        region = f["units/electrodes"]
        table = region.attrs["table"]
        del region.attrs["table"]
        region.attrs.create("table", np.array([table], dtype=h5py.ref_dtype), dtype=h5py.ref_dtype)
        replace(f, "general/extracellular_ephys/shank/location" if "location" in f["general/extracellular_ephys/shank"]
                else "identifier", np.array(["CA1"], dtype=text))
        kept = f["general/extracellular_ephys/shank"].attrs
        kind = kept["neurodata_type"]
        del kept["neurodata_type"]
        kept["neurodata_type"] = np.array([kind], dtype=text)


def elsewhere():
    nwb = new()

    def video(name, **options):
        nwb.add_acquisition(ImageSeries(name=name, format="external", unit="n.a.", **options))

    video("no_dataset", external_file=["a.avi"], timestamps=[0.5, 1.5, 2.5], starting_frame=[0])
    video("two_cameras", external_file=["left.avi", "right.avi"], timestamps=np.arange(6) / 4, starting_frame=[0, 3])
    video("counted", external_file=["b.avi"], rate=4.0, starting_time=10.0, num_samples=5)
    video("uncounted", external_file=["c.avi"], rate=4.0, starting_time=10.0, num_samples=1)
    nwb.add_acquisition(TimeSeries(name="fewer_times", data=[1.0, 2.0, 3.0, 4.0], unit="V", timestamps=[0.0, 1.0, 2.0, 3.0]))
    nwb.add_acquisition(TimeSeries(name="more_times", data=[[1.0, 2.0], [3.0, 4.0]], unit="V", timestamps=[0.0, 1.0]))
    for name in ("rate_zero", "rate_negative", "rate_nan"):
        nwb.add_acquisition(TimeSeries(name=name, data=[1.0, 2.0, 3.0], unit="V", rate=1.0, starting_time=5.0))
    nwb.add_acquisition(TimeSeries(name="one_sample", data=[7.0], unit="V", timestamps=[3.0]))
    nwb.add_acquisition(TimeSeries(name="one_of_no_rate", data=[7.0], unit="V", rate=1.0, starting_time=3.0))
    nwb.add_acquisition(TimeSeries(name="nothing_by_rate", data=np.zeros(0), unit="V", rate=10.0))
    nwb.add_acquisition(TimeSeries(name="nothing_by_times", data=np.zeros((0, 2)), unit="V", timestamps=np.zeros(0)))
    nwb.add_acquisition(AnnotationSeries(name="notes", data=["a", "b"], timestamps=[1.0, 2.0]))
    nwb.add_acquisition(TimeSeries(name="no_data", data=[1.0, 2.0], unit="V", timestamps=[4.0, 5.0]))
    nwb.add_acquisition(DynamicTable("no_columns", "a table of two rows, without columns", id=[5, 6]))
    nwb.add_acquisition(DynamicTable("no_rows", "a table without rows", columns=[VectorData("a", "a", data=np.zeros(0))]))
    empty = TimeIntervals("no_intervals", "without rows")
    empty.add_column("tag", "a tag")
    empty.add_interval(start_time=0.0, stop_time=1.0, tag="a")
    nwb.add_time_intervals(empty)
    nwb.add_trial_column("licks", "times of licks", index=True)
    for i in range(2):
        nwb.add_trial(start_time=float(i), stop_time=i + 0.5, licks=[float(i)] * (i + 1))
    for i in range(3):
        nwb.add_unit(spike_times=[0.5, 1.5, 2.5][:i + 1])
    with h5py.File(write("elsewhere.nwb", nwb), "r+") as f:
        here = f["acquisition"]
        for name, dtype in (("id", "<i8"), ("start_time", "<f8"), ("stop_time", "<f8"), ("tag", h5py.string_dtype())):
            replace(f, f"intervals/no_intervals/{name}", np.zeros(0), dtype)
        del here["no_dataset/data"]
        del here["no_data/data"]
        del here["uncounted/num_samples"]
        replace(f, "acquisition/fewer_times/timestamps", np.array([0.0, 1.0, 2.0]))
        replace(f, "acquisition/more_times/timestamps", np.array([0.0, 1.0, 2.0]))
        for name, rate in (("rate_zero", 0.0), ("rate_negative", -2.0), ("rate_nan", np.nan), ("one_of_no_rate", 0.0)):
            here[name]["starting_time"].attrs["rate"] = rate
        # The last spike of the last unit belongs to none.
        replace(f, "units/spike_times_index", np.array([1, 3, 5], np.uint8))
        replace(f, "intervals/trials/licks_index", np.array([3, 1], np.uint8))


def unknown_types():
    nwb = new()
    nwb.add_acquisition(TimeSeries(name="known", data=[1.0, 2.0], unit="V", rate=1.0))
    nwb.add_acquisition(TimeSeries(name="strange_series", data=[1.0, 2.0], unit="V", rate=1.0))
    nwb.add_acquisition(DynamicTable("strange_table", "a table", columns=[VectorData("a", "a", data=[1, 2])]))
    module = nwb.create_processing_module("behavior", "a module")
    module.add(SpatialSeries(name="inner", data=[1.0, 2.0], unit="m", rate=1.0, reference_frame="here"))
    with h5py.File(write("unknown_types.nwb", nwb), "r+") as f:
        for path, kind in (("acquisition/strange_series", "GlowSeries"), ("acquisition/strange_table", "GlowTable"),
                           ("processing/behavior/inner", "GlowTrack")):
            f[path].attrs["neurodata_type"] = kind
            f[path].attrs["namespace"] = "ndx-glow"


def main():
    import hdmf.container
    hdmf.container.uuid4 = next_id
    FOLDER.mkdir(exist_ok=True)
    for make in (index_names, attribute_forms, elsewhere, unknown_types):
        COUNT[0] = 0
        make()
    for path in sorted(FOLDER.glob("*.nwb")):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

"""h5py as a child process: a JSON object per line in, one per line out. Only the work itself is timed."""

import fsspec
import h5py
from npy_peer import npy_read  # noqa: F401, called by name
from raw_peer import memmap_read  # noqa: F401, called by name
from reader_peer import reader_kernel  # noqa: F401, called by name
from serve import serve, timed
from write_peer import write_gzip, write_pieces  # noqa: F401, called by name

state = {}


def checked(values):
    return float(values[-1].sum(dtype="f8"))


def whole(path, dataset):
    def run():
        with h5py.File(path) as file:
            return checked(file[dataset][()])
    return timed(run)


def slices(path, dataset, starts, rows):
    with h5py.File(path) as file:
        series = file[dataset]
        series[:rows]

        def run():
            for start in starts:
                check = checked(series[start:start + rows])
            return check
        result = timed(run)
    result["milliseconds"] /= len(starts)
    return result


def scratch(path, dataset, start, rows):
    def run():
        with h5py.File(path) as file:
            return checked(file[dataset][start:start + rows])
    return timed(run)


def remote_open(url, options):
    """Opens by fsspec: a new file system each time, so that nothing is cached from before."""
    def run():
        system = fsspec.filesystem("http", skip_instance_cache=True)
        state["raw"] = system.open(url, **options)
        state["file"] = h5py.File(state["raw"])
        return 0.0
    return timed(run)


def remote_slice(dataset, start, rows):
    def run():
        series = state["file"][dataset]
        return checked(series[start:start + rows]) if len(series.shape) > 1 else float(series[start:start + rows][-1])
    return timed(run)


def remote_list(path):
    return timed(lambda: float(len([(key, type(link)) for key, link in
                                     ((key, state["file"][path].get(key, getlink=True)) for key in state["file"][path])])))


def remote_close():
    state.pop("file").close()
    state.pop("raw").close()
    return {}


serve(globals())

"""What hdmf's chunk iterators make of settings given as JSON on standard input; the answers go to standard output."""

import json
import sys
import warnings

import numpy as np
from hdmf.data_utils import DataChunkIterator, GenericDataChunkIterator

warnings.simplefilter("ignore")
MOST_BUFFERS = 200


class Shapes(GenericDataChunkIterator):
    """An iterator that is asked for its shapes and selections, never for data."""

    def __init__(self, shape, dtype, **options):
        self.shape_of_data = tuple(shape)
        self.dtype_of_data = np.dtype(dtype)
        super().__init__(**options)

    def _get_data(self, selection):
        return np.empty(0)

    def _get_maxshape(self):
        return self.shape_of_data

    def _get_dtype(self):
        return self.dtype_of_data


def axis_text(axis):
    if not isinstance(axis, slice):
        return str(axis)
    return f"{'' if axis.start is None else axis.start}:{'' if axis.stop is None else axis.stop}"


def generic(case):
    names = {"bufferGb": "buffer_gb", "bufferShape": "buffer_shape", "chunkMb": "chunk_mb", "chunkShape": "chunk_shape"}
    options = {
        names[name]: tuple(value) if isinstance(value, list) else value for name, value in case["options"].items()
    }
    try:
        iterator = Shapes(case["shape"], case["dtype"], **options)
    except (AssertionError, ZeroDivisionError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    found = {"chunk": iterator.chunk_shape, "buffer": iterator.buffer_shape, "buffers": iterator.num_buffers}
    if iterator.num_buffers <= MOST_BUFFERS:
        found["selections"] = [",".join(map(axis_text, chunk.selection)) for chunk in iterator]
    return found


def floats(value):
    if isinstance(value, list):
        return [floats(entry) for entry in value]
    return value if value is None or isinstance(value, str) else float(value)


def stream(case):
    options = case["options"]
    iterator = DataChunkIterator(
        data=(floats(value) for value in case["values"]),
        buffer_size=options.get("bufferSize", 1),
        iter_axis=options.get("iterAxis", 0),
        dtype=np.dtype(options["dtype"]) if "dtype" in options else None,
    )
    return {
        "maxShape": iterator.maxshape,
        "dataShape": iterator.recommended_data_shape(),
        "chunks": [[chunk.data.tolist(), ",".join(map(axis_text, chunk.selection))] for chunk in iterator],
    }


given = json.load(sys.stdin)
json.dump(
    {"generic": [generic(case) for case in given["generic"]], "streams": [stream(case) for case in given["streams"]]},
    sys.stdout,
)

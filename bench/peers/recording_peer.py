"""neo and NumPy for rows_recording.ts."""

import os
import tempfile
import urllib.request

import numpy as np
from neo.rawio import MicromedRawIO, RawBinarySignalRawIO
from serve import serve, timed

state = {}


def opened(path):
    reader = MicromedRawIO(path)
    reader.parse_header()
    return reader


def window(reader, start, rows):
    raw = reader.get_analogsignal_chunk(0, 0, start, start + rows, stream_index=0)
    return float(reader.rescale_signal_raw_to_float(raw, "float32", stream_index=0)[-1].sum(dtype="f8"))


def header(path):
    return timed(lambda: float(opened(path).get_signal_size(0, 0, 0)))


def windows(path, starts, rate):
    reader = opened(path)
    return timed(lambda: [window(reader, start, rate) for start in starts][-1])


def download(url, rate, start):
    folder = tempfile.mkdtemp()
    path = os.path.join(folder, "recording.TRC")

    def run():
        urllib.request.urlretrieve(url, path)
        return window(opened(path), start, rate)

    try:
        return timed(run)
    finally:
        os.remove(path)
        os.rmdir(folder)


def scale(path, channels, gain, start, rows, column=None):
    array = np.memmap(path, "<i2", "r").reshape(-1, channels)
    part = array[start:start + rows] if column is None else array[start:start + rows, column:column + 1]
    return timed(lambda: float((part * np.float32(gain))[-1].sum(dtype="f8")))


def scale_neo(path, channels, gain, start, rows, rate):
    reader = RawBinarySignalRawIO(path, sampling_rate=rate, nb_channel=channels, signal_gain=gain)
    reader.parse_header()
    return timed(lambda: window(reader, start, rows))


serve(globals())

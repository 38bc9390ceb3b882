"""SciPy, for the rows on signals: calls as lines of JSON."""

import numpy as np
from scipy import signal
from serve import serve, timed

SECTIONS = signal.butter(4, [300, 6000], "bandpass", fs=30000, output="sos")


def filter_block(path, channels, block):
    values = np.fromfile(path, "<i2", channels * block).reshape(-1, channels)
    return timed(lambda: round(float(signal.sosfilt(SECTIONS, values, axis=0).astype("f4")[-1, -1])))


def filter_file(path, channels, block):
    def run():
        values = np.memmap(path, "<i2", "r").reshape(-1, channels)
        state = np.zeros((len(SECTIONS), 2, channels))
        with open(path + ".scipy", "wb") as out:
            for start in range(0, len(values), block):
                filtered, state = signal.sosfilt(SECTIONS, values[start:start + block], axis=0, zi=state)
                last = np.clip(np.rint(filtered), -32768, 32767).astype("<i2")
                last.tofile(out)
        return int(last[-1, -1])

    return timed(run)


serve(globals())

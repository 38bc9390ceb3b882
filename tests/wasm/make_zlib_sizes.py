"""Writes data/zlib_sizes.json: what zlib makes of the signals of write_codecs_test.ts, in chunks of 64 KiB.

Plain Python over the reference zlib, which h5py's deflate is. Both sides count with the same 32-bit integers.
"""

import json
import pathlib
import struct
import zlib

N = 1 << 17
CHUNK = 65536


def numbers(seed):
    """Mulberry32: uniform 32-bit integers."""
    while True:
        seed = (seed + 0x6D2B79F5) & 0xFFFFFFFF
        t = (seed ^ (seed >> 15)) * (seed | 1) & 0xFFFFFFFF
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & 0xFFFFFFFF)) & 0xFFFFFFFF
        yield t ^ (t >> 14)


def below(source, limit):
    return next(source) % limit


def noise(source, width):
    return sum(below(source, width) for _ in range(4)) // 4 - width // 2


def walk(source):
    at = 0
    for _ in range(N):
        at += below(source, 7) - 3
        yield at


def signals():
    source = numbers(1)
    yield "noise", struct.pack(f"<{N}h", *(noise(source, 256) for _ in range(N)))
    yield "faint noise", struct.pack(f"<{N}h", *(noise(source, 12) for _ in range(N)))
    yield "walk", struct.pack(f"<{N}h", *walk(source))
    yield "ramp", struct.pack(f"<{N // 2}i", *range(N // 2))
    yield "times", struct.pack(f"<{N // 4}d", *(i / 30000 for i in range(N // 4)))
    yield "saw", struct.pack(f"<{N}h", *(abs(i % 400 - 200) * 5 + below(source, 12) for i in range(N)))


sizes = {
    name: {
        level: sum(len(zlib.compress(data[at : at + CHUNK], level)) for at in range(0, len(data), CHUNK))
        for level in range(4, 8)
    }
    for name, data in signals()
}
target = pathlib.Path(__file__).parent / "data" / "zlib_sizes.json"
target.write_text(json.dumps({"zlib": zlib.ZLIB_RUNTIME_VERSION, "sizes": sizes}, indent=2) + "\n")

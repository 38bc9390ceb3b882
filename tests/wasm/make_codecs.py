"""Makes data/codecs.h5 and data/codecs.json: one dataset per filter, option and type, and what h5py reads from it.

Run with h5py 3.16.0, hdf5plugin 7.1.0 and numpy 2.4.6. The chunks do not divide the shape, so each dataset has a partial one.
"""

import hashlib
import json
from pathlib import Path

import h5py
import hdf5plugin
import numpy as np

HERE = Path(__file__).parent / "data"
COUNT, CHUNK = 700, 400
TYPES = ["<i2", "<f8", "S3", ">i4"]


def values(dtype, count=COUNT):
    walk = np.cumsum(np.random.default_rng(1).integers(-3, 4, count))
    dtype = np.dtype(dtype)
    if dtype.kind == "S":
        return np.array([str(x).encode()[: dtype.itemsize] for x in walk], dtype)
    return (walk * 0.25 if dtype.kind == "f" else walk).astype(dtype)


def options():
    yield "deflate", dict(compression="gzip", compression_opts=6)
    yield "shuffle", dict(shuffle=True)
    yield "fletcher32", dict(fletcher32=True)
    yield "shuffle+deflate+fletcher32", dict(shuffle=True, compression="gzip", fletcher32=True)
    yield "lzf", dict(compression="lzf")
    yield "shuffle+lzf", dict(compression="lzf", shuffle=True)
    yield "lz4", dict(hdf5plugin.LZ4())
    yield "lz4 blocks", dict(hdf5plugin.LZ4(nbytes=300))
    yield "zstd", dict(hdf5plugin.Zstd())
    yield "bzip2", dict(hdf5plugin.BZip2())
    for inner in ("none", "lz4", "zstd"):
        yield f"bitshuffle {inner}", dict(hdf5plugin.Bitshuffle(cname=inner, nelems=64))
    for inner in ("blosclz", "lz4", "lz4hc", "snappy", "zlib", "zstd"):
        for shuffle, name in enumerate(("plain", "shuffle", "bitshuffle")):
            yield f"blosc {inner} {name}", dict(hdf5plugin.Blosc(cname=inner, clevel=9, shuffle=shuffle))
    for coding in ("nn", "ec"):
        yield f"szip {coding}", dict(compression="szip", compression_opts=(coding, 16))
    yield "scaleoffset", dict(scaleoffset=True)


def nbit(file, precision, offset):
    dtype = h5py.h5t.STD_I16LE.copy()
    dtype.set_precision(precision)
    dtype.set_offset(offset)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((CHUNK,))
    dcpl.set_filter(5, 0, ())
    space = h5py.h5s.create_simple((COUNT,))
    made = h5py.h5d.create(file.id, f"nbit {precision} {offset}".encode(), dtype, space, dcpl)
    made.write(h5py.h5s.ALL, h5py.h5s.ALL, (values("<i4") % (1 << (precision - 1))).astype("<i2"))


def main():
    HERE.mkdir(exist_ok=True)
    with h5py.File(HERE / "codecs.h5", "w", libver="v112") as file:
        for name, option in options():
            for dtype in TYPES:
                kind = np.dtype(dtype).kind
                if kind == "S" and name.split()[0] in ("szip", "scaleoffset"):
                    continue
                if kind == "f" and "scaleoffset" in option:
                    option = dict(scaleoffset=2)
                file.create_dataset(f"{name}/{dtype}", data=values(dtype), chunks=(CHUNK,), **option)
        # All bits needed: stored as they are behind the header, which HDF5 1.14.5 refuses to read.
        wide = np.arange(COUNT, dtype="<u4").astype("u1")
        file.create_dataset("scaleoffset/full width", data=wide, chunks=(CHUNK,), scaleoffset=True)
        for precision, offset in ((5, 0), (12, 3), (7, 9)):
            nbit(file, precision, offset)
    read = []
    with h5py.File(HERE / "codecs.h5") as file:

        def visit(name, item):
            if isinstance(item, h5py.Dataset):
                data = np.ascontiguousarray(item[()]).view("u1")
                # Bytes as microtome's module gives them: little-endian.
                if item.dtype.byteorder == ">":
                    data = np.ascontiguousarray(item[()].astype(item.dtype.newbyteorder("<"))).view("u1")
                read.append({"path": name, "sha256": hashlib.sha256(data.tobytes()).hexdigest()})

        file.visititems(visit)
    (HERE / "codecs.json").write_text(json.dumps(read, indent=1) + "\n")


main()

"""Every filter, one dataset each: filters.h5, and the odd cases in filters_odd.h5."""

import struct
import zlib

import h5py
import hdf5plugin
import numpy as np
from h5py import h5s, h5z

from .files import OLD, create, creation, dataset, raw_dataset, rng

NBIT, SCALEOFFSET, SZIP, LZF = 5, 6, 4, 32000


def signal(dtype):
    steps = rng().integers(-3, 4, (53, 12))
    return np.cumsum(steps, axis=0).astype(dtype)


def options(plugin):
    """A plugin's filter as set_filter takes it."""
    return {"set_filter": (plugin.filter_id, h5z.FLAG_MANDATORY, tuple(plugin.filter_options))}


def filters():
    ints, floats = signal("<i2"), (signal("<f4") / 8).astype("<f4")
    wide, big = signal("<f8"), signal(">i4")
    chunk = (16, 5)
    with create("filters.h5", OLD) as file:
        dataset(file, "gzip", ints, chunk=chunk, set_deflate=(6,))
        dataset(file, "gzip_0", ints, chunk=chunk, set_deflate=(0,))
        dataset(file, "shuffle", wide, chunk=chunk, set_shuffle=())
        for name, data in (("i2", ints), ("f4", floats), ("f8", wide), ("be_i4", big)):
            dataset(file, f"shuffle_gzip_{name}", data, chunk=chunk, set_shuffle=(), set_deflate=(4,))
        dataset(file, "shuffle_three_bytes", np.array([bytes([i, i + 1, i + 2]) for i in range(40)], "V3"), chunk=(16,), set_shuffle=(), set_deflate=(4,))
        dataset(file, "fletcher32", ints, chunk=chunk, set_fletcher32=())
        dataset(file, "fletcher32_odd", signal("u1")[:, :3].copy(), chunk=(7, 3), set_fletcher32=())
        dataset(file, "gzip_fletcher32", floats, chunk=chunk, set_shuffle=(), set_deflate=(4,), set_fletcher32=())
        dataset(file, "szip_nn", ints, chunk=(16, 4), set_szip=(h5z.SZIP_NN_OPTION_MASK, 8))
        dataset(file, "szip_ec", floats, chunk=(16, 4), set_szip=(h5z.SZIP_EC_OPTION_MASK, 16))
        dataset(file, "szip_be", big, chunk=(16, 4), set_szip=(h5z.SZIP_NN_OPTION_MASK, 4))
        dataset(file, "szip_f8", wide, chunk=(16, 4), set_szip=(h5z.SZIP_NN_OPTION_MASK, 32))
        dataset(file, "scaleoffset_int", ints, chunk=chunk, set_scaleoffset=(h5z.SO_INT, 0))
        dataset(file, "scaleoffset_be", big, chunk=chunk, set_scaleoffset=(h5z.SO_INT, 0))
        dataset(file, "scaleoffset_float", floats, chunk=chunk, set_scaleoffset=(h5z.SO_FLOAT_DSCALE, 3))
        dataset(file, "scaleoffset_double", wide, chunk=chunk, set_scaleoffset=(h5z.SO_FLOAT_DSCALE, 2))
        dataset(file, "lzf", ints, chunk=chunk, set_shuffle=(), set_filter=(LZF, h5z.FLAG_MANDATORY))
        narrow = h5py.h5t.STD_I32LE.copy()
        narrow.set_precision(13)
        narrow.set_offset(3)
        nbit(file, "nbit_int", narrow, (signal("i4") % 100))
        small = h5py.h5t.STD_I16BE.copy()
        small.set_precision(10)
        nbit(file, "nbit_be", small, (signal("i2") % 100))
        dataset(file, "nbit_float", floats, chunk=chunk, set_filter=(NBIT, h5z.FLAG_OPTIONAL))


def nbit(file, name, kind, data):
    made = raw_dataset(file, name, kind, h5s.create_simple(data.shape), creation(chunk=(16, 5), set_filter=(NBIT, h5z.FLAG_OPTIONAL)))
    made.write_direct(np.ascontiguousarray(data))


def plugins():
    ints, floats, wide = signal("<i2"), (signal("<f4") / 8).astype("<f4"), signal("<f8")
    chunk = (16, 5)
    with create("filters_plugins.h5") as file:
        for name, data in (("i2", ints), ("f4", floats), ("f8", wide)):
            dataset(file, f"lz4_{name}", data, chunk=chunk, **options(hdf5plugin.LZ4()))
            dataset(file, f"zstd_{name}", data, chunk=chunk, **options(hdf5plugin.Zstd(clevel=5)))
            dataset(file, f"bzip2_{name}", data, chunk=chunk, **options(hdf5plugin.BZip2(blocksize=3)))
            for cname in ("none", "lz4", "zstd"):
                dataset(file, f"bitshuffle_{cname}_{name}", data, chunk=chunk, **options(hdf5plugin.Bitshuffle(cname=cname)))
        dataset(file, "lz4_blocks", np.tile(ints, (8, 1)), chunk=(200, 12), **options(hdf5plugin.LZ4(nbytes=1024)))
        dataset(file, "bitshuffle_lz4_blocks", np.tile(ints, (8, 1)), chunk=(200, 12), **options(hdf5plugin.Bitshuffle(nelems=64, cname="lz4")))
        for cname in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
            for shuffle, word in ((0, "none"), (1, "byte"), (2, "bit")):
                plugin = hdf5plugin.Blosc(cname=cname, clevel=5, shuffle=shuffle)
                dataset(file, f"blosc_{cname}_{word}", np.tile(floats, (3, 1)), chunk=(60, 12), **options(plugin))
        # Blosc keeps what it can't compress as a copy (flag 2), which the HDF5 filter never writes itself.
        noise = rng().integers(0, 255, (64, 8), "u1")
        header = struct.pack("<BBBBIII", 2, 1, 2, 1, noise.size, noise.size, noise.size + 16)
        stored = dataset(file, "blosc_memcpyed", shape=(64, 8), dtype="u1", chunk=(64, 8), **options(hdf5plugin.Blosc(cname="lz4")))
        stored.id.write_direct_chunk((0, 0), header + noise.tobytes())


def odd():
    """Chunks whose filters were left out, filters nobody has, damaged checksums."""
    ints = signal("<i2")[:48, :10]
    with create("filters_odd.h5", OLD) as file:
        masked = dataset(file, "filter_mask", shape=(48, 10), dtype="<i2", chunk=(16, 10), set_shuffle=(), set_deflate=(4,))
        masked[0:16] = ints[0:16]
        masked.id.write_direct_chunk((16, 0), ints[16:32].tobytes(), filter_mask=0b11)
        masked.id.write_direct_chunk((32, 0), zlib.compress(ints[32:48].tobytes(), 4), filter_mask=0b01)
        unknown = dataset(file, "unknown_filter", shape=(48, 10), dtype="<i2", chunk=(16, 10), set_filter=(333, h5z.FLAG_OPTIONAL, (1, 2, 3)))
        for row in (0, 16, 32):
            unknown.id.write_direct_chunk((row, 0), ints[row:row + 16].tobytes(), filter_mask=0)
        skipped = dataset(file, "unknown_filter_left_out", shape=(48, 10), dtype="<i2", chunk=(16, 10), set_filter=(333, h5z.FLAG_OPTIONAL, (1, 2, 3)))
        for row in (0, 16, 32):
            skipped.id.write_direct_chunk((row, 0), ints[row:row + 16].tobytes(), filter_mask=1)
        damaged = dataset(file, "damaged_gzip", shape=(48, 10), dtype="<i2", chunk=(16, 10), set_deflate=(4,))
        damaged[...] = ints
        damaged.id.write_direct_chunk((16, 0), b"\x78\x9c" + b"\xff" * 60, filter_mask=0)
        short = dataset(file, "short_chunk", shape=(48, 10), dtype="<i2", chunk=(16, 10), set_deflate=(4,))
        short[...] = ints
        short.id.write_direct_chunk((16, 0), zlib.compress(ints[16:20].tobytes()), filter_mask=0)
        checked = dataset(file, "damaged_fletcher32", shape=(48, 10), dtype="<i2", chunk=(16, 10), set_fletcher32=())
        checked[...] = ints
        checked.id.write_direct_chunk((16, 0), ints[16:32].tobytes() + b"\0\0\0\0", filter_mask=0)
        zfp = dataset(file, "zfp", shape=(48, 10), dtype="<f4", chunk=(16, 10), **options(hdf5plugin.Zfp(reversible=True)))
        zfp[...] = ints


def make():
    filters()
    plugins()
    odd()

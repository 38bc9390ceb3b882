"""Makes seeds/: small files with one of everything that HDF5 has, old and new, and stored chunks of every filter.

Needs the peers of tests/interop (h5py, hdf5plugin). Content and names are this script's own, free to share.
Last byte of an input: what the host does (host.h). Files by name go to the targets walk, chunks and change.
"""

import pathlib
import struct
import sys
import tempfile

import h5py
import hdf5plugin
import numpy as np

SEEDS = pathlib.Path(__file__).parent / "seeds"


def groups(f):
    g = f.create_group("few", track_order=True)
    for i in range(3):
        g.create_group(f"m{i}")
    g["soft"] = h5py.SoftLink("/few/m1")
    g["out"] = h5py.ExternalLink("other.h5", "/few")
    g["hard"] = g["m0"]
    many = f.create_group("many")
    for i in range(14):
        many[f"link {i}"] = h5py.SoftLink(f"/few/m{i}")
    many["loop"] = f["/"]


def attributes(f):
    f.attrs["text"] = "brain"
    f.attrs["list"] = ["a", "bc", ""]
    f.attrs["number"] = np.float32(1.5)
    f.attrs["fixed"] = np.array([b"ab", b"c"])
    f.attrs["empty"] = h5py.Empty("f4")
    d = f.create_dataset("d", data=np.arange(3, dtype="i2"))
    for i in range(12):
        d.attrs[f"attribute {i}"] = i
    d.attrs["reference"] = d.ref


def types(f):
    f["bool"] = np.array([True, False])
    f["complex"] = np.array([1 + 2j], "c8")
    f["half"] = np.array([1, 2], "f2")
    f["big"] = np.array([1, 2], ">i4")
    inner = np.dtype([("x", "f4"), ("y", "i2", (2,))])
    f.create_dataset("compound", (2,), np.dtype([("a", "u1"), ("b", inner), ("c", h5py.string_dtype())]))[0] = (1, (2, [3, 4]), "c")
    f["enum"] = np.array([1, 2], h5py.enum_dtype({"A": 1, "B": 2}, "i1"))
    f["opaque"] = np.array([b"abc"], "V3")
    f["named"] = inner
    f.create_dataset("of named", (2,), f["named"])
    odd = h5py.h5t.STD_I32LE.copy()
    odd.set_precision(19)
    odd.set_offset(3)
    h5py.h5d.create(f.id, b"odd", odd, h5py.h5s.create_simple((3,)))


def variable(f):
    f.create_dataset("texts", data=["a", "", "a longer text"], dtype=h5py.string_dtype())
    d = f.create_dataset("sequences", (3,), h5py.vlen_dtype("i2"), chunks=(2,), compression="gzip")
    d[0], d[1] = [1, 2, 3], []
    f.create_dataset("scalar text", data="one")
    nested = np.dtype([("t", h5py.string_dtype()), ("v", h5py.vlen_dtype("f4"))])
    f.create_dataset("records", (2,), nested)[0] = ("x", np.array([1, 2], "f4"))


def references(f):
    d = f.create_dataset("d", data=np.arange(12).reshape(3, 4))
    f.create_dataset("objects", data=np.array([d.ref, f.ref], dtype=h5py.ref_dtype))
    f.create_dataset("regions", data=np.array([d.regionref[0:2, 1:3], d.regionref[np.array([0, 2]), 1]], dtype=h5py.regionref_dtype))


def chunks(f):
    f.create_dataset("fixed", data=np.arange(24, dtype="i2").reshape(4, 6), chunks=(2, 4))
    f.create_dataset("one", data=np.arange(6, dtype="i4"), chunks=(6,), compression="gzip")
    f.create_dataset("growing", data=np.arange(20, dtype="u1"), chunks=(3,), maxshape=(None,), compression="gzip", shuffle=True)
    f.create_dataset("both", data=np.arange(12, dtype=">f4").reshape(3, 4), chunks=(2, 2), maxshape=(None, None), fletcher32=True)
    f.create_dataset("sparse", (100, 100), "i4", chunks=(10, 10), maxshape=(None, 100), fillvalue=7)[5, 5] = 1
    f.create_dataset("lzf", data=np.zeros((9, 9), "i8"), chunks=(4, 4), compression="lzf")
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((4,))
    dcpl.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    h5py.h5d.create(f.id, b"implicit", h5py.h5t.STD_I16LE, h5py.h5s.create_simple((9,)), dcpl).write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(9, dtype="i2"))


def filters(f):
    data = np.arange(64, dtype="i4").reshape(8, 8) % 9
    for i, options in enumerate([
        {"compression": "szip"}, {"scaleoffset": 0}, {"compression": "lzf", "shuffle": True}, hdf5plugin.BZip2(), hdf5plugin.Blosc("zstd"),
        hdf5plugin.Blosc("lz4"), hdf5plugin.LZ4(), hdf5plugin.Bitshuffle(), hdf5plugin.Zstd(),
    ]):
        try:
            f.create_dataset(f"f{i}", data=data, chunks=(4, 8), **options)
        except ValueError as error:
            print(f"left out: {options}: {error}", file=sys.stderr)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_chunk((4, 8))
    dcpl.set_filter(h5py.h5z.FILTER_NBIT, 0, ())
    odd = h5py.h5t.STD_I32LE.copy()
    odd.set_precision(17)
    h5py.h5d.create(f.id, b"nbit", odd, h5py.h5s.create_simple((8, 8)), dcpl).write(h5py.h5s.ALL, h5py.h5s.ALL, data)


def layouts(f):
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    dcpl.set_layout(h5py.h5d.COMPACT)
    h5py.h5d.create(f.id, b"compact", h5py.h5t.STD_I16BE, h5py.h5s.create_simple((3,)), dcpl)
    f["plain"] = np.arange(20, dtype="u2")
    f.create_dataset("external", (4,), "i2", external=[("other.h5", 8, 8)])
    virtual = h5py.VirtualLayout((2, 20), "u2")
    virtual[0] = h5py.VirtualSource(".", "plain", (20,))
    virtual[1, ::2] = h5py.VirtualSource("other.h5", "plain", (20,))[:10]
    f.create_virtual_dataset("virtual", virtual, fillvalue=3)
    f["scalar"] = 5
    f["null"] = h5py.Empty("i4")


def emptied(f):
    """Free space, and a chunked dataset that shrank."""
    for i in range(12):
        f.create_group(f"g{i}").attrs["a"] = i
    d = f.create_dataset("d", data=np.arange(40), chunks=(4,), maxshape=(None,))
    for i in range(0, 12, 2):
        del f[f"g{i}"]
    d.resize((11,))


def shared(path, libver):
    """Messages that objects share, in a table of the superblock's extension."""
    fcpl = h5py.h5p.create(h5py.h5p.FILE_CREATE)
    fcpl.set_file_space_strategy(h5py.h5f.FSPACE_STRATEGY_FSM_AGGR, True, 1)
    fapl = h5py.h5p.create(h5py.h5p.FILE_ACCESS)
    fapl.set_libver_bounds(*libver)
    with h5py.File(h5py.h5f.create(str(path).encode(), h5py.h5f.ACC_TRUNC, fcpl, fapl)) as f:
        emptied(f)


def files():
    makers = [groups, attributes, types, variable, references, chunks, filters, layouts, emptied]
    for maker in makers:
        for libver in ("earliest", "latest"):
            path = SEEDS / "files" / f"{maker.__name__}_{libver}.h5"
            with h5py.File(path, "w", libver=libver) as f:
                maker(f)
    with h5py.File(SEEDS / "files" / "userblock_latest.h5", "w", libver="latest", userblock_size=512) as f:
        attributes(f)
    shared(SEEDS / "files" / "free_space_latest.h5", (h5py.h5f.LIBVER_LATEST, h5py.h5f.LIBVER_LATEST))
    with h5py.File(SEEDS / "files" / "paged_latest.h5", "w", libver="latest", fs_strategy="page", fs_page_size=512, fs_persist=True) as f:
        f["d"] = np.arange(5)
        f.create_group("g").attrs["a"] = "b"
    for path in (SEEDS / "files").glob("*.h5"):
        # No byte of a file: what the host does, all at hand and checksums passing unless changed.
        path.write_bytes(path.read_bytes() + b"\0")


# As wasm/hdf5/codecs/registry.c has them.
CODECS = [1, 2, 3, 4, 5, 6, 307, 32000, 32001, 32004, 32008, 32015]


def stored_chunks():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "f.h5"
        with h5py.File(path, "w") as f:
            filters(f)
            f.create_dataset("deflate", data=np.arange(64) % 9, chunks=(32,), compression="gzip")
            f.create_dataset("shuffle", data=np.arange(64) % 9, chunks=(32,), shuffle=True)
            f.create_dataset("fletcher", data=np.arange(64) % 9, chunks=(32,), fletcher32=True)
            for i, name in enumerate(["blosclz", "lz4hc", "snappy", "zlib"]):
                f.create_dataset(f"blosc{i}", data=np.arange(4096) % 99, chunks=(2048,), **hdf5plugin.Blosc(name, shuffle=i % 3))
            f.create_dataset("bitshuffle zstd", data=np.arange(4096) % 99, chunks=(2048,), **hdf5plugin.Bitshuffle(cname="zstd"))
            for d in f.values():
                plist = d.id.get_create_plist()
                if plist.get_nfilters() != 1:
                    continue
                number, _, values, _ = plist.get_filter(0)
                if len(values) > 20:
                    continue
                mask, chunk = d.id.read_direct_chunk((0,) * d.ndim)
                head = bytes([CODECS.index(number), 1, len(values)]) + b"".join(struct.pack("<I", v) for v in values)
                (SEEDS / "codecs" / d.name.strip("/").replace(" ", "_")).write_bytes(head + chunk)


def main():
    for folder in ("files", "codecs"):
        (SEEDS / folder).mkdir(parents=True, exist_ok=True)
    files()
    stored_chunks()


main()

"""Makes 40 files as h5py 3.16 (HDF5 2.0) writes them with libver="latest", one per feature.

    python latest_files.py FOLDER      prints the names, one a line

Everything is seeded and small. Each file holds one kind of thing, so that what fails says what can't be read.
"""

import os
import sys

import h5py
import hdf5plugin
import numpy as np

FILES = {}
rng = np.random.default_rng(16)
# A signal that packs well, does not divide evenly into chunks, and holds every bit pattern of its low bytes.
SIGNAL = (np.cumsum(rng.integers(-40, 41, (61, 37)), axis=0) + np.arange(37) * 300).astype("<i4")
WAVE = np.sin(np.arange(1000) / 50).astype("<f8")


def file(name):
    def add(make):
        FILES[name] = make
        return make

    return add


def filtered(name, **options):
    FILES[f"filter_{name}"] = lambda f: [
        f.create_dataset("signal", data=SIGNAL, chunks=(16, 10), **options),
        f.create_dataset("grows", data=SIGNAL, chunks=(16, 10), maxshape=(None, 37), **options),
        f.create_dataset("one", data=SIGNAL, chunks=SIGNAL.shape, **options),
        f.create_dataset("big_endian", data=SIGNAL.astype(">i2"), chunks=(20, 37), **options),
    ]


filtered("gzip", compression="gzip")
filtered("gzip_shuffle", compression="gzip", compression_opts=9, shuffle=True)
filtered("shuffle", shuffle=True)
filtered("fletcher32", fletcher32=True)
filtered("gzip_shuffle_fletcher32", compression="gzip", shuffle=True, fletcher32=True)
filtered("lzf", compression="lzf", shuffle=True)
filtered("szip_nn", compression="szip", compression_opts=("nn", 8))
filtered("scaleoffset", scaleoffset=0)
filtered("lz4", **hdf5plugin.LZ4())
filtered("zstd", **hdf5plugin.Zstd())
filtered("bitshuffle_lz4", **hdf5plugin.Bitshuffle())
filtered("bitshuffle_zstd", **hdf5plugin.Bitshuffle(cname="zstd"))
filtered("blosc", **hdf5plugin.Blosc(cname="lz4", shuffle=hdf5plugin.Blosc.SHUFFLE))
filtered("blosc_zstd", **hdf5plugin.Blosc(cname="zstd", shuffle=hdf5plugin.Blosc.BITSHUFFLE))
filtered("bzip2", **hdf5plugin.BZip2())


@file("filter_szip_ec_scaleoffset_float")
def _(f):
    f.create_dataset("ec", data=SIGNAL, chunks=(16, 10), compression="szip", compression_opts=("ec", 16))
    f.create_dataset("float", data=WAVE, chunks=(300,), scaleoffset=4)
    f.create_dataset("float32", data=WAVE.astype("<f4"), chunks=(300,), scaleoffset=2)


@file("filter_nbit")
def _(f):
    low = h5py.h5t.STD_I32LE.copy()
    low.set_precision(11)
    low.set_offset(3)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((16, 10))
    plist.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
    space = h5py.h5s.create_simple(SIGNAL.shape)
    dataset = h5py.h5d.create(f.id, b"nbit", low, space, plist)
    dataset.write(h5py.h5s.ALL, h5py.h5s.ALL, (SIGNAL % 1000).astype("<i4"))


@file("filter_mask")
def _(f):
    # Chunks that went by the filters, and chunks that were never written.
    d = f.create_dataset("d", (64, 10), "<i4", chunks=(16, 10), compression="gzip", shuffle=True, fillvalue=-7)
    d[:16] = SIGNAL[:16, :10]
    d.id.write_direct_chunk((32, 0), SIGNAL[16:32, :10].tobytes(), filter_mask=0xFFFFFFFF)


@file("chunk_index_single")
def _(f):
    f.create_dataset("plain", data=SIGNAL, chunks=SIGNAL.shape)
    f.create_dataset("packed", data=SIGNAL, chunks=SIGNAL.shape, compression="gzip")
    f.create_dataset("larger", data=SIGNAL, chunks=(70, 40), maxshape=(70, 40), compression="gzip")


@file("chunk_index_implicit")
def _(f):
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((16, 10))
    plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    d = h5py.h5d.create(f.id, b"implicit", h5py.h5t.STD_I32LE, h5py.h5s.create_simple(SIGNAL.shape), plist)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, SIGNAL)


@file("chunk_index_fixed_array")
def _(f):
    f.create_dataset("plain", data=SIGNAL, chunks=(8, 5))
    f.create_dataset("packed", data=SIGNAL, chunks=(8, 5), compression="gzip")
    f.create_dataset("paged", data=np.arange(30_000, dtype="<u2"), chunks=(10,))
    f.create_dataset("paged_packed", data=np.arange(30_000, dtype="<u2"), chunks=(10,), compression="gzip")
    sparse = f.create_dataset("sparse", (100_000,), "<u2", chunks=(10,), fillvalue=9)
    sparse[77_770:77_790] = 1


@file("chunk_index_extensible_array")
def _(f):
    f.create_dataset("plain", data=np.arange(40_000, dtype="<u2"), chunks=(10,), maxshape=(None,))
    f.create_dataset("packed", data=np.arange(40_000, dtype="<u2"), chunks=(10,), maxshape=(None,), compression="gzip")
    f.create_dataset("rows", data=SIGNAL, chunks=(4, 9), maxshape=(None, 37), fletcher32=True)
    sparse = f.create_dataset("sparse", (0,), "<f4", chunks=(10,), maxshape=(None,))
    sparse.resize((200_000,))
    sparse[123_450:123_460] = 2.5


@file("chunk_index_btree2")
def _(f):
    f.create_dataset("plain", data=SIGNAL, chunks=(3, 3), maxshape=(None, None))
    f.create_dataset("packed", data=SIGNAL, chunks=(3, 3), maxshape=(None, None), compression="gzip", shuffle=True)
    many = f.create_dataset("deep", (300, 300), "<i2", chunks=(4, 4), maxshape=(None, None))
    many[...] = np.arange(90_000).reshape(300, 300) % 30_000


@file("chunk_index_old")
def _(f):
    # The first form of the index stands beside the others where a file was begun by an older version.
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk((5, 7, 3))
    space = h5py.h5s.create_simple((11, 12, 13), (11, 12, 13))
    d = h5py.h5d.create(f.id, b"three", h5py.h5t.IEEE_F32BE, space, plist)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, np.arange(11 * 12 * 13, dtype="f4").reshape(11, 12, 13))


@file("complex_native")
def _(f):
    z = (np.arange(60) * (1 - 2j)).reshape(6, 10)
    f["c16"] = z
    f["c8"] = z.astype("<c8")
    f.create_dataset("big_endian", data=z.astype(">c16"))
    f.create_dataset("chunked", data=z, chunks=(4, 4), compression="gzip", shuffle=True)
    f["scalar"] = 3 - 4j
    f["c16"].attrs["z"] = 1 + 2j
    f["c16"].attrs["zs"] = np.array([1j, 2, np.nan])
    f.create_dataset("fill", (5,), "<c16", fillvalue=2 + 3j)


@file("complex_compound")
def _(f):
    # As h5py wrote them before 3.16, and others still do.
    kind = h5py.h5t.create(h5py.h5t.COMPOUND, 16)
    kind.insert(b"r", 0, h5py.h5t.IEEE_F64LE)
    kind.insert(b"i", 8, h5py.h5t.IEEE_F64LE)
    values = np.arange(12) + 1j
    d = h5py.h5d.create(f.id, b"z", kind, h5py.h5s.create_simple((12,)))
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, values.view([("r", "<f8"), ("i", "<f8")]), mtype=kind)


@file("complex_in_compound")
def _(f):
    record = np.zeros(7, dtype=[("id", "<i2"), ("z", "<c16"), ("pair", "<c8", (2,))])
    record["id"] = np.arange(7)
    record["z"] = np.arange(7) * 1j
    record["pair"] = (np.arange(14) - 3j).reshape(7, 2)
    f["records"] = record


@file("complex_attribute_among_others")
def _(f):
    f.attrs["before"] = "text"
    f.attrs["between"] = 2.5 - 1.5j
    f.attrs["count"] = np.int64(42)
    f.attrs["many"] = np.arange(5) * 1j
    f.attrs["zlast"] = np.arange(4, dtype="<u2")


@file("enum_bool")
def _(f):
    colours = h5py.enum_dtype({"RED": 0, "GREEN": 1, "BLUE": -300}, basetype="<i2")
    f.create_dataset("colours", data=np.array([0, 1, -300, 1], "<i2"), dtype=colours)
    f["bools"] = np.array([[True, False, True]] * 3)
    f["bool"] = True
    f["bools"].attrs["yes"] = True
    f["bools"].attrs.create("colour", 1, dtype=colours)
    wide = h5py.enum_dtype({"LOW": 0, "HIGH": 2**62}, basetype=">u8")
    f.create_dataset("wide", data=np.array([0, 2**62], ">u8"), dtype=wide)


@file("compound")
def _(f):
    inner = np.dtype([("x", ">f4"), ("y", "<f8")])
    kind = np.dtype([("id", "<u4"), ("name", "S5"), ("at", inner), ("trace", "<i2", (3,)), ("ok", "?")])
    values = np.zeros(20, kind)
    values["id"] = np.arange(20)
    values["name"] = [f"n{i}".encode() for i in range(20)]
    values["at"]["x"] = np.arange(20) / 4
    values["trace"] = np.arange(60).reshape(20, 3)
    values["ok"] = np.arange(20) % 3 == 0
    f["plain"] = values
    f.create_dataset("chunked", data=values, chunks=(6,), compression="gzip")
    mixed = np.dtype([("label", h5py.string_dtype()), ("value", "<i4")])
    f["mixed"] = np.array([("a", 1), ("", 2), ("µV", 3)], mixed)


@file("attributes_dense")
def _(f):
    g = f.create_group("many", track_order=True)
    for i in range(120):
        g.attrs[f"a{i:03}"] = np.arange(i % 7 + 1) * i if i % 3 else f"text {i}"
    d = f.create_dataset("d", data=np.arange(3))
    d.attrs["long"] = np.arange(20_000)
    for i in range(20):
        d.attrs[f"x{i}"] = i / 8
    f.attrs["empty"] = h5py.Empty("<f4")
    f.attrs["zero"] = np.zeros((0, 3))


@file("groups_dense")
def _(f):
    for name, count, tracked in (("compact", 5, False), ("dense", 300, False), ("ordered", 300, True)):
        g = f.create_group(name, track_order=tracked)
        for i in range(count):
            g.create_dataset(f"{(i * 7919) % 1000:03}", data=np.int16(i))
    f.create_group("a/b/c/d/e").attrs["deep"] = 1
    f["compact/λ µ"] = np.arange(2)


@file("links")
def _(f):
    f["data/values"] = np.arange(10)
    f["soft"] = h5py.SoftLink("/data/values")
    f["relative"] = h5py.SoftLink("data/values")
    f["dangling"] = h5py.SoftLink("/nowhere")
    f["hard"] = f["data/values"]
    f["data/again"] = f["data"]
    f["elsewhere"] = h5py.ExternalLink("compound.h5", "/plain")
    f["lost"] = h5py.ExternalLink("nothing.h5", "/x")


@file("vlen")
def _(f):
    f["texts"] = ["", "a", "µV", "x" * 3000, "日本"]
    f.create_dataset("ascii", data=[b"one", b"two"], dtype=h5py.string_dtype("ascii"))
    ragged = np.empty(6, dtype=object)
    for i in range(6):
        ragged[i] = np.arange(i * 3, dtype="<i4")
    f.create_dataset("ragged", data=ragged, dtype=h5py.vlen_dtype("<i4"))
    f.create_dataset("chunked", data=["t%d" % i for i in range(500)], chunks=(64,), compression="gzip",
                     dtype=h5py.string_dtype())
    f.create_dataset("never", (4,), dtype=h5py.string_dtype())
    f.attrs["texts"] = np.array(["a", "bc"], dtype=object)
    f.create_dataset("fixed", data=np.array([b"abc", b"de", b""], "S4"))
    f.create_dataset("utf8", data=np.array(["ä".encode(), b"b"], h5py.string_dtype("utf-8", 4)))


@file("references")
def _(f):
    d = f.create_dataset("d", data=SIGNAL)
    g = f.create_group("g")
    f.create_dataset("objects", data=np.array([d.ref, g.ref], dtype=object), dtype=h5py.ref_dtype)
    regions = f.create_dataset("regions", (2,), dtype=h5py.regionref_dtype)
    regions[0] = d.regionref[2:5, 1:4]
    regions[1] = d.regionref[::7, 3]
    f.attrs["to"] = d.ref


@file("numbers")
def _(f):
    for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"):
        for order in "<>":
            values = (np.arange(30) * 8.25).astype(order + kind)
            f[f"{'le' if order == '<' else 'be'}_{kind}"] = values
            f.create_dataset(f"chunked_{'le' if order == '<' else 'be'}_{kind}", data=values, chunks=(7,), shuffle=True,
                             compression="gzip")
    f["special"] = np.array([np.nan, np.inf, -np.inf, -0.0, 5e-324], "<f8")
    f["half"] = np.array([np.nan, np.inf, 6e-8, 65504, -0.0], "<f2")
    f["ends"] = np.array([-(2**63), 2**63 - 1], "<i8")


@file("opaque_time")
def _(f):
    f["opaque"] = np.array([b"\0\1\2\3\4", b"abcde"], "V5")
    f["time"] = np.array(["2026-01-02T03:04", "1969-12-31"], "M8[ns]").astype(h5py.opaque_dtype("M8[ns]"))
    f["span"] = np.array([1, -2], "m8[ms]").astype(h5py.opaque_dtype("m8[ms]"))


@file("arrays")
def _(f):
    matrices = f.create_dataset("matrices", (4,), np.dtype(("<f4", (2, 3))))
    matrices[...] = np.arange(24, dtype="<f4").reshape(4, 2, 3)
    f.create_dataset("scalar", data=np.float64(2.5))
    f.create_dataset("empty", shape=(0, 4), dtype="<i2", maxshape=(None, 4))
    f.create_dataset("null", data=h5py.Empty("<i4"))
    f.create_dataset("five", data=np.arange(2 * 3 * 2 * 3 * 2, dtype="<u1").reshape(2, 3, 2, 3, 2), chunks=(1, 2, 2, 2, 1))


@file("committed_types")
def _(f):
    f["kind"] = np.dtype([("a", "<i4"), ("z", "<c8")])
    f["number"] = np.dtype(">f4")
    f.create_dataset("d", data=np.zeros(3, f["kind"].dtype), dtype=f["kind"])
    f.attrs.create("n", 1.5, dtype=f["number"])
    f["kind"].attrs["about"] = "a type"


@file("fill_values")
def _(f):
    f.create_dataset("int", (5,), "<i4", fillvalue=-99)
    f.create_dataset("chunked", (50, 3), "<f8", chunks=(7, 2), fillvalue=np.nan)[10:12] = 1
    f.create_dataset("packed", (50,), ">i2", chunks=(7,), fillvalue=258, compression="gzip")[3] = 4
    f.create_dataset("text", (3,), "S3", fillvalue=b"ab")
    f.create_dataset("record", (2,), [("a", "<i2"), ("b", "<f4")], fillvalue=np.array((3, 0.5), "<i2,<f4")[()])
    f.create_dataset("never", (5,), "<i4", fill_time="never")[:] = 0


@file("virtual")
def _(f):
    folder = os.path.dirname(f.filename)
    for i in range(3):
        with h5py.File(os.path.join(folder, f"virtual_source_{i}.h5"), "w", libver="latest") as source:
            source.create_dataset("rows", data=SIGNAL[i::3], chunks=(4, 37), compression="gzip")
    layout = h5py.VirtualLayout(SIGNAL.shape, "<i4")
    for i in range(3):
        layout[i::3] = h5py.VirtualSource(f"virtual_source_{i}.h5", "rows", SIGNAL[i::3].shape)
    f.create_virtual_dataset("all", layout)


@file("external_storage")
def _(f):
    SIGNAL.tofile(os.path.join(os.path.dirname(f.filename), "external_storage.bin"))
    f.create_dataset("d", SIGNAL.shape, "<i4", external=[("external_storage.bin", 0, SIGNAL.nbytes)])


def user_block(folder):
    path = os.path.join(folder, "user_block.h5")
    with h5py.File(path, "w", libver="latest", userblock_size=1024) as f:
        f.create_dataset("d", data=SIGNAL, chunks=(16, 10), compression="gzip")
        f["texts"] = ["a", "b"]
    with open(path, "r+b") as raw:
        raw.write(b"what another program keeps here")


def main():
    folder = sys.argv[1]
    names = []
    for name, make in FILES.items():
        with h5py.File(os.path.join(folder, f"{name}.h5"), "w", libver="latest") as f:
            make(f)
        names.append(name)
    user_block(folder)
    print("\n".join(f"{name}.h5" for name in [*names, "user_block"]))


main()

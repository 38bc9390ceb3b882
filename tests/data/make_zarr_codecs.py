"""Makes zarr_codecs.json: Zarr stores of one small array by zarr-python and numcodecs, one for each codec and setting.

Each entry has the store's keys and values (base64), and what zarr-python reads. Run from this directory.
"""

import base64
import json
import warnings

import numcodecs
import numpy as np
import zarr
from numcodecs import BZ2, LZ4, Blosc, Fletcher32, Shuffle, Zstd
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, ShardingCodec, ZstdCodec

warnings.simplefilter("ignore")
rng = np.random.default_rng(12)
DATA = {
    "<i2": (rng.normal(0, 30, (90, 7))).astype("<i2"),
    "<f8": np.cumsum(rng.normal(size=(90, 7)), axis=0),
    "|u1": rng.integers(0, 4, (90, 7)).astype("u1"),
}
out = []


def add(name, dtype, **options):
    store = zarr.storage.MemoryStore()
    array = zarr.create_array(store, shape=(90, 7), chunks=options.pop("chunks", (40, 7)), dtype=dtype, fill_value=0, **options)
    array[:] = DATA[dtype]
    read = zarr.open_array(store, mode="r")[:]
    assert (read == DATA[dtype]).all()
    keys = {f"/{key}": base64.b64encode(value.to_bytes()).decode() for key, value in store._store_dict.items()}
    out.append({"name": name, "dtype": dtype, "keys": keys, "values": read.ravel().tolist()})


for dtype in DATA:
    for inner in ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]:
        for shuffle in [Blosc.NOSHUFFLE, Blosc.SHUFFLE, Blosc.BITSHUFFLE]:
            if dtype != "<i2" and shuffle == Blosc.NOSHUFFLE:
                continue
            add(f"v2 blosc {inner} {shuffle} {dtype}", dtype, zarr_format=2, compressors=Blosc(inner, 5, shuffle))
    for codec in [Zstd(3), LZ4(), BZ2(5)]:
        add(f"v2 {codec.codec_id} {dtype}", dtype, zarr_format=2, compressors=codec)
add("v2 small blosc blocks", "<f8", zarr_format=2, compressors=Blosc("lz4", 5, Blosc.SHUFFLE, blocksize=256))
add("v2 shuffle, zstd", "<i2", zarr_format=2, filters=[Shuffle(2)], compressors=Zstd(1))
add("v2 fletcher32, bz2", "<i2", zarr_format=2, filters=[Fletcher32()], compressors=BZ2(1))
add("v3 blosc", "<f8", zarr_format=3, compressors=BloscCodec(cname="zstd", shuffle="bitshuffle"))
add("v3 zstd with checksum", "<i2", zarr_format=3, compressors=ZstdCodec(level=3, checksum=True))
add("v3 zstd, crc32c", "<i2", zarr_format=3, compressors=[ZstdCodec(level=1), Crc32cCodec()])
add("v3 numcodecs lz4", "<i2", zarr_format=3, compressors=[zarr.codecs.numcodecs.LZ4()])
add("v3 numcodecs bz2", "<i2", zarr_format=3, compressors=[zarr.codecs.numcodecs.BZ2(level=1)])
add("v3 shards of zstd", "<i2", zarr_format=3, chunks=(20, 7), shards=(60, 7), compressors=ZstdCodec())
with open("zarr_codecs.json", "w") as file:
    json.dump({"zarr": zarr.__version__, "numcodecs": numcodecs.__version__, "stores": out}, file, separators=(",", ":"))
    file.write("\n")
print(len(out))

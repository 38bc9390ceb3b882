"""Makes tests/data/odd/: small legal files that few writers write. The tests of tests/hdf5/ hold the right values.

    MICROTOME_PYTHON make_odd.py      (needs h5py 3.16; running it again gives the same bytes)
"""

import re
import shutil
import struct
from pathlib import Path

import h5py
import numpy as np
from h5py import h5a, h5d, h5p, h5s, h5t

from make.timeless import clear_times

HERE = Path(__file__).resolve().parent / "odd"


def create(name, **options):
    return h5py.File(HERE / name, "w", **options)


def integer(size, precision, offset=0, order=h5t.ORDER_LE, signed=True, pad=(0, 0)):
    kind = h5t.STD_I64LE.copy()
    kind.set_precision(precision)
    kind.set_size(size)
    kind.set_offset(offset)
    kind.set_order(order)
    kind.set_sign(h5t.SGN_2 if signed else h5t.SGN_NONE)
    kind.set_pad(*pad)
    return kind


def floating(size, sign, exponent_at, exponent, mantissa_at, mantissa, bias, order=h5t.ORDER_LE, norm=h5t.NORM_IMPLIED):
    kind = h5t.IEEE_F64LE.copy()
    kind.set_size(16)
    kind.set_precision(128)
    kind.set_fields(sign, exponent_at, exponent, mantissa_at, mantissa)
    kind.set_precision(8 * size)
    kind.set_size(size)
    kind.set_ebias(bias)
    kind.set_norm(norm)
    kind.set_order(order)
    return kind


def put(file, name, kind, data, plist=None):
    """A dataset of bytes as they are."""
    size = kind.get_size()
    plist = plist or h5p.create(h5p.DATASET_CREATE)
    plist.set_obj_track_times(False)
    space = h5s.create_simple((len(data) // size,))
    h5d.create(file.id, name.encode(), kind, space, plist).write(h5s.ALL, h5s.ALL, np.frombuffer(data, f"V{size}"), kind)


def nbit(length):
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_chunk((length,))
    plist.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
    return plist


def bits():
    big = h5t.ORDER_BE
    # -3, 5, -2048, 2047 in 12 bits; the bits around them are noise.
    words = [0xFFD, 0x005, 0x800, 0x7FF]
    with create("bits.h5", libver="v110") as file:
        put(file, "int12_le", integer(2, 12), struct.pack("<4H", *(0xA000 | w for w in words)))
        put(file, "int12_be", integer(2, 12, 0, big), struct.pack(">4H", *(0xA000 | w for w in words)))
        put(file, "int12_be_offset", integer(2, 12, 3, big), struct.pack(">4H", *(0x8005 | w << 3 for w in words)))
        put(file, "uint12_be", integer(2, 12, 0, big, False), struct.pack(">4H", *(0xA000 | w for w in words)))
        put(file, "int12_of_4_be", integer(4, 12, 0, big), struct.pack(">4I", *(0xDEAD0000 | w for w in words)))
        put(file, "int12_of_3_be", integer(3, 12, 7, big), b"".join((w << 7 | 0x40).to_bytes(3, "big") for w in words))
        put(file, "int50_be", integer(8, 50, 0, big), struct.pack(">2Q", 0xABC << 52 | (1 << 50) - 3, 0xABC << 52 | 1 << 49))
        put(file, "int6_be", integer(1, 6, 0, big), bytes([0xBD, 0x85]))
        put(file, "int12_nbit", integer(2, 12, 2, big), struct.pack(">4H", *(w << 2 for w in words)), nbit(4))
        record = h5t.create(h5t.COMPOUND, 9)
        record.insert(b"a", 0, integer(2, 12, 0, big))
        record.insert(b"b", 2, integer(4, 20, 4, big, False))
        record.insert(b"c", 6, h5t.STD_U8LE)
        put(file, "record", record, b"".join(struct.pack(">HIB2x", 0xA000 | w, i << 4 | 0xF, i) for i, w in enumerate(words)))
        put(file, "array", h5t.array_create(integer(2, 12, 0, big), (2,)), struct.pack(">4H", *(0xA000 | w for w in words)))
        level = h5t.enum_create(integer(2, 15, 0, big))
        level.enum_insert(b"LOW", -3)
        level.enum_insert(b"HIGH", 5)
        put(file, "enum", level, struct.pack(">3H", 0x7FFD, 0x8005, 0x7FFD))
        # nbit knows nothing of enumerations and stores them as they are, with three parameters instead of eight.
        put(file, "enum_nbit", level, struct.pack(">3H", 0x7FFD, 0x8005, 0x7FFD), nbit(3))
        attribute = h5a.create(file.id, b"int12_be", integer(2, 12, 0, big), h5s.create_simple((4,)))
        attribute.write(np.frombuffer(struct.pack(">4H", *(0xA000 | w for w in words)), "V2"), integer(2, 12, 0, big))

        put(file, "bfloat16", floating(2, 15, 7, 8, 0, 7, 127), struct.pack("<4H", 0x3F80, 0xC020, 0x7F80, 0x0001))
        put(file, "bfloat16_be", floating(2, 15, 7, 8, 0, 7, 127, big), struct.pack(">4H", 0x3F80, 0xC020, 0x7F80, 0x0001))
        put(file, "e4m3", floating(1, 7, 3, 4, 0, 3, 7), bytes([0x38, 0xC4, 0x01, 0x77]))
        put(file, "float24", floating(3, 23, 16, 7, 0, 16, 63, big), bytes([0x3F, 0, 0, 0xC0, 0x40, 0]))
        # Exponents past those of 4 bytes: 2^200.
        put(file, "biased", floating(4, 31, 23, 8, 0, 23, 0), struct.pack("<2I", 200 << 23, 1 << 31 | 1 << 23))
        put(file, "msbset", floating(4, 31, 23, 8, 0, 23, 127, h5t.ORDER_LE, h5t.NORM_MSBSET), bytes(8))
    with create("bits_old.h5", libver=("earliest", "v110")) as file:
        put(file, "mostly_unused", integer(4, 16), struct.pack("<I", 5))
        vax = h5t.IEEE_F32LE.copy()
        vax.set_order(h5t.ORDER_VAX)
        words = b"".join(struct.pack("<f", value)[2:] + struct.pack("<f", value)[:2] for value in (1.0, -2.5, 1e10))
        put(file, "vax", vax, words)
    # libhdf5 writes VAX order in a version of the message in which it then isn't read: the version that has it.
    path = HERE / "bits_old.h5"
    raw, found = re.subn(rb"\x11(\x61.\0\x04\0\0\0)", lambda match: b"\x31" + match[1], path.read_bytes())
    assert found == 1
    # 12 bits of 32 is more emptiness than libhdf5 lets anyone write into an old file, where no checksum vouches for it.
    old, new = (struct.pack("<IHH", 4, 0, bits) for bits in (16, 12))
    assert raw.count(old) == 1
    path.write_bytes(raw.replace(old, new))


# Latin-1, single bytes, a character cut off, an encoded surrogate, an overlong slash, and what all of them would be merged into.
NAMES = (b"\xff", b"\xfe", b"caf\xe9", "caf\u00e9".encode(), b"\xf0\x9f\x98", b"\xed\xb2\x80", b"\xc0\xaf", b"\x80x", "\ufffd".encode())
# UTF-8, but easily taken for something else.
ODD = (b"..", b" ", b"__proto__", b"constructor", b'"', b"\\", b"a\nb", b"%2F", b"a.b", b"-0", b"...")


def scalar(parent, name, value):
    """A scalar dataset without times."""
    plist = h5p.create(h5p.DATASET_CREATE)
    plist.set_obj_track_times(False)
    made = h5d.create(parent, name, h5t.STD_I32LE, h5s.create(h5s.SCALAR), plist)
    made.write(h5s.ALL, h5s.ALL, np.array(value, "i4"))


def group(file, name):
    """A group without times."""
    plist = h5p.create(h5p.GROUP_CREATE)
    return h5py.h5g.create(file.id, name, gcpl=plist)


def names():
    with create("names.h5") as file:
        links, odd, deep = group(file, b"links"), group(file, b"odd"), group(file, b"g\xff")
        for index, name in enumerate(NAMES):
            scalar(links, name, index)
            made = h5a.create(file.id, name, h5t.STD_I32LE, h5s.create(h5s.SCALAR))
            made.write(np.array(index, "i4"))
        for index, name in enumerate(ODD):
            scalar(odd, name, index)
        scalar(deep, b"d\xfe", 7)
        soft = group(file, b"soft")
        for index, name in enumerate(NAMES):
            soft.links.create_soft(b"s%d" % index, b"/links/" + name)
            soft.links.create_external(b"e%d" % index, b"x" + name + b".h5", b"/links/" + name)
        record = h5t.create(h5t.COMPOUND, 4 * len(NAMES))
        level = h5t.enum_create(h5t.STD_I16LE)
        for index, name in enumerate(NAMES):
            record.insert(name, 4 * index, h5t.STD_I32LE)
            level.enum_insert(name, index)
            kind = h5t.create(h5t.OPAQUE, 2)
            kind.set_tag(name)
            put(file, f"tag{index}", kind, b"ab")
        put(file, "record", record, np.arange(len(NAMES), dtype="<i4").tobytes())
        put(file, "enum", level, np.arange(len(NAMES), dtype="<i2").tobytes())
    # A name with a slash in it, which no library would make.
    with create("slash.h5") as file:
        scalar(file.id, b"a_b", 1)
        scalar(file.id, b"plain", 2)
        file.id.links.create_soft(b"c_d", b"/plain")
    path = HERE / "slash.h5"
    raw = path.read_bytes()
    assert raw.count(b"a_b") == raw.count(b"c_d") == 1
    path.write_bytes(raw.replace(b"a_b", b"a/b").replace(b"c_d", b"c/d"))


def order():
    """Groups and attributes in every storage, made in an order that isn't that of their names."""
    tracked, indexed = h5p.CRT_ORDER_TRACKED, h5p.CRT_ORDER_TRACKED | h5p.CRT_ORDER_INDEXED
    few, many = ["m", "z", "a", "k"], [f"{(7 * i) % 40:02d}" for i in range(40)]
    kinds = {"none": 0, "tracked": tracked, "indexed": indexed}
    for file_name, options in (("order.h5", {"libver": "v110"}), ("order_old.h5", {"libver": ("earliest", "v110")})):
        with create(file_name, track_order=True, **options) as file:
            for kind, flags in kinds.items():
                for size, members in (("few", few), ("many", many)):
                    plist = h5p.create(h5p.GROUP_CREATE)
                    plist.set_link_creation_order(flags)
                    plist.set_attr_creation_order(flags)
                    made = h5py.h5g.create(file.id, f"{kind}_{size}".encode(), gcpl=plist)
                    for index, name in enumerate(members):
                        h5py.h5g.create(made, name.encode())
                        attribute = h5a.create(made, name.encode(), h5t.STD_I32LE, h5s.create(h5s.SCALAR))
                        attribute.write(np.array(index, "i4"))
            plist = h5p.create(h5p.DATASET_CREATE)
            plist.set_obj_track_times(False)
            plist.set_attr_creation_order(indexed)
            made = h5d.create(file.id, b"dataset", h5t.STD_I32LE, h5s.create(h5s.SCALAR), plist)
            kind = h5t.STD_I16LE.copy()
            kind.commit(file.id, b"a type")
            for name in few:
                h5a.create(made, name.encode(), h5t.STD_I32LE, h5s.create(h5s.SCALAR)).write(np.array(1, "i4"))
                h5a.create(kind, name.encode(), h5t.STD_I32LE, h5s.create(h5s.SCALAR)).write(np.array(1, "i4"))
            file.attrs["z"] = np.int32(1)
            file.attrs["b"] = np.int32(2)


def grow(datasets, count):
    for made in datasets:
        start = made.shape[0]
        made.resize(start + count, axis=0)
        made[start:] = np.arange(start, start + count).reshape((-1,) + (1,) * (made.ndim - 1))
        made.flush()


def writers():
    """Files as they lie there while a writer has them open, or after it died: copies that were never closed."""
    live = HERE / "live.h5"
    with h5py.File(live, "w", libver="v110") as file:
        options = {"maxshape": (None, 2), "chunks": (16, 2), "dtype": "i4"}
        datasets = [file.create_dataset("plain", (0, 2), **options), file.create_dataset("gzip", (0, 2), compression=1, **options)]
        file.swmr_mode = True
        grow(datasets, 10)
        shutil.copy(live, HERE / "swmr_10.h5")
        grow(datasets, 90)
        shutil.copy(live, HERE / "swmr_100.h5")
    with h5py.File(live, "w", libver="v110") as file:
        file["early"] = np.arange(10, dtype="i4")
        file.flush()
        file["late"] = np.arange(10, dtype="i4")
        shutil.copy(live, HERE / "died.h5")
    with h5py.File(live, "w") as file:
        file["early"] = np.arange(10, dtype="i4")
        file["late"] = np.arange(1000, dtype="i4")
    whole = live.read_bytes()
    (HERE / "cut.h5").write_bytes(whole[:-2000])
    (HERE / "long.h5").write_bytes(whole + bytes(500))
    live.unlink()


def main():
    HERE.mkdir(exist_ok=True)
    bits()
    names()
    order()
    writers()
    for pattern in ("order*.h5", "swmr*.h5", "died.h5"):
        for path in HERE.glob(pattern):
            clear_times(path)


main()

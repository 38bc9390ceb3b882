"""Random numbers of odd precision, offset, padding, sign, byte order and size, in every place that a type can stand in.

    python bits.py OUT.h5 SEED COUNT

Writes a file, and prints one JSON object per dataset or attribute: what its bits mean (worked out here, bit by bit, with no
library in between), and what h5py reads by default, or why it reads nothing.
"""

import ctypes
import json
import math
import os
import random
import sys
from fractions import Fraction

import h5py
import hdf5plugin
import numpy as np
from h5py import h5a, h5d, h5p, h5s, h5t

COUNT = 12


def integer(draw):
    """An integer type, and what decodes one element's bytes (packed: once nbit has dropped what it drops)."""
    size = draw.choice((1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 8))
    precision = draw.randint(1, 8 * size)
    offset = draw.randint(0, 8 * size - precision)
    if draw.random() < 0.2:
        precision, offset = 8 * size, 0
    order = draw.choice((h5t.ORDER_LE, h5t.ORDER_BE))
    signed = draw.random() < 0.5 and precision > 1
    kind = h5t.STD_I64LE.copy()
    kind.set_precision(precision)
    kind.set_size(size)
    kind.set_offset(offset)
    kind.set_order(order)
    kind.set_sign(h5t.SGN_2 if signed else h5t.SGN_NONE)
    kind.set_pad(draw.randrange(2), draw.randrange(2))  # the format has no third way

    def decode(raw, packed):
        number = int.from_bytes(raw, "little" if order == h5t.ORDER_LE else "big")
        number = number >> offset & (1 << precision) - 1
        return number - (1 << precision) if signed and number >> precision - 1 else number

    return kind, decode, "int"


# (size, sign at, exponent at, exponent bits, mantissa at, mantissa bits, bias, norm)
KNOWN_FLOATS = (
    (2, 15, 7, 8, 0, 7, 127, h5t.NORM_IMPLIED),  # bfloat16
    (1, 7, 3, 4, 0, 3, 7, h5t.NORM_IMPLIED),  # fp8, E4M3
    (1, 7, 2, 5, 0, 2, 15, h5t.NORM_IMPLIED),  # fp8, E5M2
    (3, 23, 16, 7, 0, 16, 63, h5t.NORM_IMPLIED),  # 24 bits
    (3, 23, 15, 8, 0, 15, 127, h5t.NORM_IMPLIED),
    (4, 31, 23, 8, 0, 23, 127, h5t.NORM_IMPLIED),
    (8, 63, 52, 11, 0, 52, 1023, h5t.NORM_IMPLIED),
    (2, 15, 10, 5, 0, 10, 15, h5t.NORM_IMPLIED),
    (10, 79, 64, 15, 0, 64, 16383, h5t.NORM_NONE),  # x87
)


def floating(draw):
    """A float type, and what decodes one element's bytes."""
    if draw.random() < 0.4:
        size, sign, e_at, e_bits, m_at, m_bits, bias, norm = draw.choice(KNOWN_FLOATS)
        offset, precision = 0, 8 * size
    else:
        size = draw.choice((2, 3, 4, 5, 6, 7, 8, 8))
        precision = draw.randint(8, 8 * size)
        offset = draw.randint(0, 8 * size - precision)
        e_bits = draw.randint(3, min(11, precision - 3))
        m_bits = draw.randint(1, min(52, precision - 1 - e_bits))
        m_at = 0
        e_at = m_bits
        sign = e_at + e_bits
        if draw.random() < 0.2:
            m_at, e_at = e_bits, 0
        bias = (1 << e_bits - 1) - 1
        if draw.random() < 0.2:
            bias += draw.randint(-3, 3)
        norm = draw.choice((h5t.NORM_IMPLIED,) * 4 + (h5t.NORM_MSBSET, h5t.NORM_NONE))
    order = draw.choice((h5t.ORDER_LE, h5t.ORDER_BE))  # VAX order isn't written by any libhdf5 of today
    kind = h5t.IEEE_F64LE.copy()
    # Room for any fields first: each setting is checked against those that stand already.
    kind.set_size(16)
    kind.set_precision(128)
    kind.set_fields(sign, e_at, e_bits, m_at, m_bits)
    kind.set_precision(precision)
    kind.set_size(size)
    kind.set_offset(offset)
    kind.set_ebias(bias)
    kind.set_norm(norm)
    kind.set_pad(draw.randrange(2), draw.randrange(2))  # the format has no third way
    kind.set_order(order)

    def decode(raw, packed):
        # The fields' places count from the lowest bit of the element, not from the offset.
        number = int.from_bytes(raw, "big" if order == h5t.ORDER_BE else "little")
        if packed:
            number &= (1 << precision) - 1 << offset
        negative = number >> sign & 1
        exponent = number >> e_at & (1 << e_bits) - 1
        mantissa = number >> m_at & (1 << m_bits) - 1
        if exponent == (1 << e_bits) - 1:
            if mantissa == 0 or norm != h5t.NORM_IMPLIED and mantissa == 1 << m_bits - 1:
                return -math.inf if negative else math.inf
            return math.nan
        if norm == h5t.NORM_IMPLIED:
            significand = Fraction(mantissa, 1 << m_bits) + (exponent != 0)
            power = (exponent or 1) - bias
        else:
            significand = Fraction(mantissa, 1 << m_bits - 1)
            power = (exponent or 1) - bias
        value = significand * Fraction(2) ** power
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
        return -value if negative else value

    return kind, decode, "float"


def raw_bytes(draw, kind, count):
    """Random bytes, special patterns among them."""
    size = kind.get_size()
    out = []
    for i in range(count):
        if i < 3:
            out.append(bytes([(0, 255, 128)[i]]) * size)
        else:
            out.append(draw.randbytes(size))
    return out


FILTERS = ("none", "deflate", "shuffle", "nbit", "scaleoffset", "fletcher32", "lzf", "blosc", "nbit+deflate")


def creation(draw, kind_name):
    """A creation list for COUNT elements: contiguous, compact, or chunked behind filters."""
    plist = h5p.create(h5p.DATASET_CREATE)
    name = draw.choice(("contiguous", "compact") + FILTERS)
    if name == "contiguous":
        return plist, name
    if name == "compact":
        plist.set_layout(h5d.COMPACT)
        return plist, name
    plist.set_chunk((5,))
    if name == "deflate":
        plist.set_deflate(4)
    if name == "shuffle":
        plist.set_shuffle()
        plist.set_deflate(2)
    if name.startswith("nbit"):
        plist.set_filter(h5py.h5z.FILTER_NBIT, h5py.h5z.FLAG_OPTIONAL, ())
    if name == "nbit+deflate":
        plist.set_deflate(1)
    if name == "scaleoffset" and kind_name == "int":
        plist.set_scaleoffset(h5py.h5z.SO_INT, 0)
    if name == "fletcher32":
        plist.set_fletcher32()
    if name == "lzf":
        plist.set_filter(h5py.h5z.FILTER_LZF, h5py.h5z.FLAG_OPTIONAL, ())
    if name == "blosc":
        plist.set_filter(hdf5plugin.Blosc.filter_id, h5py.h5z.FLAG_OPTIONAL, tuple(hdf5plugin.Blosc(cname="lz4")["compression_opts"]))
    return plist, name


def text(value):
    """A number as text that says all of it."""
    if isinstance(value, (float, np.floating)):
        with np.errstate(all="ignore"):
            value = float(value)
        return "nan" if math.isnan(value) else value.hex() if math.isfinite(value) else ("inf" if value > 0 else "-inf")
    return str(int(value))


def read_default(get):
    """What h5py gives, flat, or the reason why not."""
    try:
        value = get()
        if isinstance(value, np.ndarray) and value.dtype == object:
            value = np.concatenate([np.asarray(item) for item in value.reshape(-1)])
        if isinstance(value, np.ndarray) and value.dtype.names:
            value = value["field"]
        value = np.asarray(value)
        return {"dtype": value.dtype.newbyteorder("<").str, "values": [text(item) for item in value.reshape(-1)]}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def write(dataset, kind, data):
    """Hands bytes over as they are."""
    dataset.write(h5s.ALL, h5s.ALL, np.frombuffer(data, f"V{kind.get_size()}"), kind)


def case(file, draw, name):
    """One dataset or attribute, and its line."""
    number, decode, kind_name = (integer if draw.random() < 0.5 else floating)(draw)
    place = draw.choice(("plain",) * 5 + ("array", "compound", "compound", "attribute", "attribute", "vlen", "enum"))
    if place == "enum" and kind_name != "int":
        place = "plain"
    size = number.get_size()
    per = 3 if place == "array" else 1
    elements = raw_bytes(draw, number, COUNT * per)
    kind, data = number, b"".join(elements)
    if place == "array":
        kind = h5t.array_create(number, (3,))
    if place == "compound":
        before, after = draw.randrange(4), draw.randrange(4)
        kind = h5t.create(h5t.COMPOUND, 8 + before + size + after)
        kind.insert(b"whole", 0, h5t.STD_I32BE)
        kind.insert(b"field", 4 + before, number)
        kind.insert(b"last", 4 + before + size + after, h5t.IEEE_F32LE)
        data = b"".join(b"\0\0\0\1" + bytes(before) + one + bytes(after) + bytes(4) for one in elements)
    if place == "enum":
        kind = h5t.enum_create(number)
        low = decode(elements[3], False)
        try:
            kind.enum_insert(b"SOME", low if low < 2**63 else 1)
            kind.enum_insert(b"ZERO", 0)
        except Exception:
            pass
    space = h5s.create_simple((COUNT,))
    line = {"name": name, "place": place, "type": describe(number)}
    if place == "vlen":
        kind = h5t.vlen_create(number)
        plist, line["filter"] = h5p.create(h5p.DATASET_CREATE), "contiguous"
        dataset = h5d.create(file.id, name.encode(), kind, h5s.create_simple((3,)), plist)
        lengths = (5, 0, 7)
        keep = [ctypes.create_string_buffer(b"".join(elements[a:b])) for a, b in ((0, 5), (5, 5), (5, 12))]
        pairs = np.array([(n, ctypes.addressof(b)) for n, b in zip(lengths, keep)], "u8,u8")
        dataset.write(h5s.ALL, h5s.ALL, pairs.view("V16"), kind)
    elif place == "attribute":
        attribute = h5a.create(file.id, name.encode(), kind, space)
        attribute.write(np.frombuffer(data, f"V{size}"), kind)
    else:
        plist, line["filter"] = creation(draw, kind_name)
        dataset = h5d.create(file.id, name.encode(), kind, space, plist)
        write(dataset, kind, data)
    # nbit keeps an integer's or float's significant bits alone; of enumerations it knows nothing.
    packed = line.get("filter", "").startswith("nbit") and place != "enum"
    line["values"] = [text(decode(one, packed)) for one in elements]
    return line


def describe(kind):
    """The type in numbers, for messages and for what a comparison must know."""
    facts = {"size": kind.get_size(), "order": kind.get_order(), "precision": kind.get_precision(), "offset": kind.get_offset(),
             "pad": list(kind.get_pad())}
    if isinstance(kind, h5t.TypeFloatID):
        facts.update(fields=list(kind.get_fields()), bias=kind.get_ebias(), norm=kind.get_norm())
    else:
        facts["signed"] = kind.get_sign() == h5t.SGN_2
    return facts


def apart(path, line):
    """What h5py reads, by a child of its own: of some types libhdf5 2.0 writes past the end of its memory."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        name = line["name"]
        with h5py.File(path, "r") as file:
            found = read_default(lambda: file.attrs[name] if line["place"] == "attribute" else file[name][()])
        os.write(theirs, json.dumps(found).encode())
        os._exit(0)
    os.close(theirs)
    said = b"".join(iter(lambda: os.read(ours, 65536), b""))
    os.close(ours)
    return json.loads(said) if os.waitpid(child, 0)[1] == 0 else {"error": "h5py crashes"}


def main():
    path, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    draw = random.Random(seed)
    lines, skipped = [], 0
    with h5py.File(path, "w", libver="v114") as file:
        for index in range(count):
            try:
                lines.append(case(file, draw, f"n{index:04d}"))
            except Exception as error:
                skipped += 1
                print(f"n{index:04d}: {type(error).__name__}: {error}", file=sys.stderr)
    for line in lines:
        line["default"] = apart(path, line)
        print(json.dumps(line), flush=True)


main()

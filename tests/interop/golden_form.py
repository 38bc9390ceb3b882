"""The form in which expected values are written down: one JSON object per array.

It is the form of EXPECTED/hdf5_golden.jsonl of the corpus (shape, dtype, chunks, the first 8 and last 3 elements, the sum,
the SHA-256 of the little-endian C-order bytes), so one comparer serves the corpus, the fixtures and the live Python peer.
Integers from 2^53 on are written as strings, so that no JSON reader rounds them.
"""

import hashlib
import math

import h5py
import numpy as np


# Elements beyond which a dataset isn't read.
LARGE = 50_000_000


def plain(value, limit=8):
    """One element as JSON: numbers, text, lists for records; of arrays and sequences the first `limit` elements, flat."""
    if isinstance(value, (h5py.h5r.Reference, h5py.h5r.RegionReference)):
        return "<ref>"
    if isinstance(value, h5py.Empty):
        return "<null dataspace>"
    if isinstance(value, (bytes, np.bytes_)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, np.void):
        if value.dtype.names:
            return [plain(value[name], limit) for name in value.dtype.names]
        return value.tobytes().hex()
    if isinstance(value, (np.datetime64, np.timedelta64)):
        return plain(value.astype("int64"))
    if isinstance(value, np.ndarray):
        return [plain(item, limit) for item in value.reshape(-1)[:limit]]
    if isinstance(value, (complex, np.complexfloating)):
        return [plain(value.real), plain(value.imag)]
    if isinstance(value, (float, np.floating)):
        value = float(value)
        if math.isnan(value):
            return "nan"
        return ("inf" if value > 0 else "-inf") if math.isinf(value) else value
    if isinstance(value, (int, np.integer)):
        value = int(value)
        return value if abs(value) < 2**53 else str(value)
    return repr(value)


def packed_little_endian(dtype):
    """The dtype with every part little-endian and no bytes between fields (whose values nobody promises)."""
    if dtype.subdtype:
        base, shape = dtype.subdtype
        return np.dtype((packed_little_endian(base), shape))
    if not dtype.names:
        return dtype.newbyteorder("<")
    return np.dtype([(name, packed_little_endian(dtype.fields[name][0])) for name in dtype.names])


def pack(array):
    """Copies an array to its packed little-endian dtype, field by field."""
    target = packed_little_endian(array.dtype)
    if not array.dtype.names:
        return np.ascontiguousarray(array.astype(target))
    result = np.empty(array.shape, target)
    for name in array.dtype.names:
        result[name] = pack(array[name])
    return result


def object_digest(flat):
    """SHA-256 over text and sequences: each element as its UTF-8 text or little-endian bytes, with its length in front."""
    digest = hashlib.sha256()
    for item in flat:
        if isinstance(item, str):
            item = item.encode("utf-8", "surrogateescape")
        elif isinstance(item, np.ndarray) and not item.dtype.hasobject:
            item = pack(item).tobytes()
        elif not isinstance(item, bytes):
            return None
        digest.update(len(item).to_bytes(4, "little"))
        digest.update(item)
    return digest.hexdigest()


def describe(value, shape=None, dtype=None, full=False):
    """An array (shape and dtype as the dataset declares them) as expected values; `full` writes every element."""
    if isinstance(value, h5py.Empty):
        return {"shape": None, "dtype": str(dtype if dtype is not None else value.dtype), "value": "<null dataspace>"}
    # A scalar sequence comes as its elements: it is one element.
    if not isinstance(value, np.ndarray) or (shape == () and dtype is not None and dtype.kind == "O" and value.shape != ()):
        boxed = np.empty((), dtype if dtype is not None and dtype.subdtype is None else object)
        boxed[()] = value
        value = boxed
    shape = value.shape if shape is None else shape
    dtype = value.dtype if dtype is None else dtype
    result = {"shape": list(shape), "dtype": str(dtype)}
    flat = value.reshape(-1)
    if shape == ():
        result["value"] = plain(value if value.ndim else value[()])
    else:
        result["first"] = [plain(item) for item in flat[:8]]
        result["last"] = [plain(item) for item in flat[-3:]]
    if full:
        result["values"] = [plain(item, None) for item in flat]
    if value.dtype.kind in "iub":
        result["sum"] = str(sum(flat.tolist())) if flat.size < 1000 else str(int(flat.astype(object).sum()))
    elif value.dtype.kind == "f":
        with np.errstate(all="ignore"):
            result["sum"] = plain(flat.astype(np.float64).sum())
    if not value.dtype.hasobject:
        result["sha256_le_c_order"] = hashlib.sha256(pack(value).tobytes()).hexdigest()
    elif value.dtype.kind == "O":
        digest = object_digest(flat)
        if digest:
            result["sha256_of_texts"] = digest
    return result


def whole(dataset):
    """All of a dataset. h5py asks for opaque bytes under another tag, which libhdf5 refuses: those are read as stored."""
    if dataset.dtype.kind == "V" and not dataset.dtype.names and not dataset.dtype.subdtype:
        target = np.empty(dataset.shape, dataset.dtype)
        dataset.id.read(h5py.h5s.ALL, h5py.h5s.ALL, target, dataset.id.get_type())
        return target
    value = dataset[()]
    base = h5py.check_vlen_dtype(dataset.dtype)
    if isinstance(base, np.dtype) and base.byteorder == ">" and isinstance(value, np.ndarray):
        # h5py 3.16 hands out big-endian sequences unswapped, under a native dtype.
        for index in np.ndindex(value.shape):
            value[index] = value[index].view(base)
    return value


def describe_dataset(dataset):
    """A dataset as expected values, or its "error"."""
    facts = {"shape": None if dataset.shape is None else list(dataset.shape)}
    try:
        dtype = dataset.dtype
        facts["dtype"] = str(dtype)
        if dataset.chunks:
            facts["chunks"] = list(dataset.chunks)
        if dataset.shape is None:
            facts["value"] = "<null dataspace>"
            return facts
        if dataset.size > LARGE:
            facts["skipped"] = "large"
            return facts
        facts.update(describe(whole(dataset), dataset.shape, dtype))
    except Exception as error:  # whatever h5py cannot read is a fact too
        facts["error"] = str(error)
    return facts


def describe_attributes(node):
    """All attributes of an object as expected values, by name."""
    result = {}
    for name in node.attrs:
        try:
            raw = h5py.h5a.open(node.id, name.encode() if isinstance(name, str) else name)
            dtype = raw.dtype
            value = node.attrs[name]
            space = raw.get_space()
            shape = None if space.get_simple_extent_type() == h5py.h5s.NULL else raw.shape
            result[name] = describe(value, shape, None if dtype.kind in "OS" else dtype)
        except Exception as error:
            result[name] = {"error": str(error)}
    return result


def describe_file(path, each=None):
    """All objects of a file, walked by hard links from the root: {"datasets": ..., "attributes": ...}.

    `each(dataset, facts)` may add to the facts of a dataset that could be read.
    """
    result = {"datasets": {}, "attributes": {}}
    seen = set()

    def visit(node, name):
        where = h5py.h5o.get_info(node.id)
        if (where.fileno, where.addr) in seen:
            result["datasets"][name] = {"hardlink_duplicate": True}
            return
        seen.add((where.fileno, where.addr))
        attributes = describe_attributes(node)
        if attributes:
            result["attributes"][name] = attributes
        if isinstance(node, h5py.Dataset):
            facts = result["datasets"][name] = describe_dataset(node)
            if each and "error" not in facts and "skipped" not in facts:
                each(node, facts)
        if isinstance(node, h5py.Group):
            for key in node:
                step(node, key, f"{name.rstrip('/')}/{key}")

    def step(group, key, child):
        try:
            link = group.get(key, getlink=True)
            if isinstance(link, h5py.SoftLink):
                result["datasets"][child] = {"softlink": link.path}
            elif isinstance(link, h5py.ExternalLink):
                result["datasets"][child] = {"external": [link.filename, link.path]}
            else:
                visit(group[key], child)
        except Exception as error:
            result["datasets"][child] = {"error": str(error)}

    with h5py.File(path, "r") as file:
        visit(file["/"], "/")
    return result

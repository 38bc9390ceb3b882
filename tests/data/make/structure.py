"""Superblocks, groups, attributes, links: one file each."""

import h5py
import numpy as np
from h5py import h5f, h5s, h5t

from .files import DATA, NEW, OLD, create, dataset, group, raw_dataset, rng
from .timeless import clear_times


def superblocks():
    for version, libver in ((0, ("earliest", "v108")), (2, ("v108", "v108")), (3, NEW)):
        with create(f"superblock{version}.h5", libver) as file:
            dataset(file, "values", np.arange(5, dtype="i4"))
            file.attrs["version"] = np.int32(version)
    # Version 1 is what an old library writes when the internal node size of chunk indices is set.
    with create("superblock1.h5", OLD, H5Pset_istore_k=(64,)) as file:
        dataset(file, "values", np.arange(5, dtype="i4"))
    for version, libver in ((0, OLD), (3, NEW)):
        with create(f"userblock{version}.h5", libver, userblock=512) as file:
            dataset(file, "contiguous", np.arange(300, dtype="i4"))
            dataset(file, "chunked", np.arange(300, dtype="i4"), chunk=(64,), set_deflate=(4,))
        with open(DATA / f"userblock{version}.h5", "r+b") as raw:
            raw.write(b"This is a user block: 512 bytes that belong to the user.\n")
    with create("paged.h5", NEW, set_file_space_strategy=(h5f.FSPACE_STRATEGY_PAGE, True, 1), set_file_space_page_size=(4096,)) as file:
        for i in range(6):
            dataset(file, f"group{i}/values", np.arange(i * 100, i * 100 + 50, dtype="i4"), chunk=(10,), set_deflate=(4,))
    clear_times(DATA / "paged.h5")


def groups():
    with create("groups.h5", NEW, order=True) as file:
        for name in ("zulu", "alpha", "mike"):
            dataset(file, name, np.int32(len(name)))
        old = group(file, "compact")
        for i in range(4):
            group(old, f"member{i}")
        many = group(file, "dense", order=True, dense=0)
        for i in range(60):
            group(many, f"member{59 - i:02d}")
        group(file, "empty")
        group(file, "名前")
        dataset(file, "名前/with space", np.float32(1))
    with create("many_groups.h5", OLD) as file:
        top = group(file, "many")
        for i in range(200):
            group(top, f"group{i:03d}")


def attributes():
    with create("attributes.h5", NEW) as file:
        file.attrs["text"] = "variable text, µV"
        file.attrs["fixed"] = np.bytes_(b"fixed")
        file.attrs["texts"] = ["one", "two", "three"]
        file.attrs["int"] = np.int64(-(2**62))
        file.attrs["uint"] = np.uint64(2**64 - 1)
        file.attrs["float"] = 0.1
        file.attrs["half"] = np.float16(0.5)
        file.attrs["big_endian"] = np.arange(6, dtype=">f4").reshape(2, 3)
        file.attrs["bool"] = True
        file.attrs["complex"] = np.array([1 + 2j], "c16")
        file.attrs["empty"] = h5py.Empty("f4")
        file.attrs["empty_text"] = ""
        file.attrs["none"] = np.zeros((0,), "i4")
        file.attrs["record"] = np.array([(1, 2.5, b"abc")], [("a", "<i2"), ("b", "<f8"), ("c", "S3")])
        file.attrs.create("list", [np.arange(3, dtype="i4"), np.arange(1, dtype="i4")], (2,), h5py.vlen_dtype(np.dtype("i4")))
        colour = h5py.enum_dtype({"RED": 0, "GREEN": 1}, basetype="u1")
        file.attrs.create("enum", 1, (), colour)
        kind = h5t.array_create(h5t.STD_I16LE, (2, 2))
        made = h5py.h5a.create(file.id, b"array", kind, h5s.create_simple((3,)))
        made.write(np.arange(12, dtype="<i2").reshape(3, 2, 2), mtype=kind)
        dense = group(file, "dense", order=True)
        for i in range(40):
            dense.attrs[f"attribute{39 - i:02d}"] = np.int32(i)
        large = group(file, "large")
        large.attrs["sixty_kib"] = (np.arange(15000) % 1000).astype("<i4")
        values = dataset(file, "values", np.arange(3, dtype="i2"))
        values.attrs["unit"] = "V"
    with create("attributes_old.h5", OLD) as file:
        for i in range(12):
            file.attrs[f"attribute{i:02d}"] = np.arange(i, dtype="i4")
        file.attrs["text"] = "старый"


def links():
    with create("links_target.h5") as file:
        dataset(file, "there/values", np.arange(8, dtype="f4"))
        file["back"] = h5py.ExternalLink("links.h5", "/data/values")
    with create("links.h5") as file:
        values = dataset(file, "data/values", np.arange(5, dtype="i4"))
        file["hard"] = values
        file["soft"] = h5py.SoftLink("/data/values")
        file["soft_relative"] = h5py.SoftLink("data/values")
        file["soft_to_soft"] = h5py.SoftLink("/soft")
        file["soft_to_group"] = h5py.SoftLink("/data")
        file["dangling"] = h5py.SoftLink("/nowhere")
        file["loop_a"] = h5py.SoftLink("/loop_b")
        file["loop_b"] = h5py.SoftLink("/loop_a")
        file["external"] = h5py.ExternalLink("links_target.h5", "/there/values")
        file["external_group"] = h5py.ExternalLink("links_target.h5", "/there")
        file["external_back"] = h5py.ExternalLink("links_target.h5", "/back")
        file["external_absent"] = h5py.ExternalLink("links_absent.h5", "/values")
        file["external_no_object"] = h5py.ExternalLink("links_target.h5", "/nothing")
        file["external_outside"] = h5py.ExternalLink("../outside.h5", "/values")
        file["data/parent"] = file["/"]
        chain = group(file, "chain")
        chain["link00"] = h5py.SoftLink("/data/values")
        for i in range(1, 40):
            chain[f"link{i:02d}"] = h5py.SoftLink(f"/chain/link{i - 1:02d}")


def recording():
    """A small recording: 8 channels at 1 kHz in 100 chunks, for the tests that count requests."""
    generator = rng()
    time = np.arange(20_000)[:, None] / 1000
    waves = 800 * np.sin(2 * np.pi * (4 + np.arange(8)) * time) + generator.normal(0, 6, (20_000, 8))
    with create("signal.h5", OLD) as file:
        data = dataset(file, "signal", waves.astype("<i2"), chunk=(200, 8), set_shuffle=(), set_deflate=(6,))
        data.attrs["unit"] = "µV"
        data.attrs["rate"] = 1000.0
        dataset(file, "recording/time", time[::100, 0])
        dataset(file, "recording/labels", np.array([f"ch{i}".encode() for i in range(8)], "S4"))
        file["recording/data"] = data


def make():
    superblocks()
    groups()
    attributes()
    links()
    recording()

"""Makes arrays.npz, packed.npz and objects.npz, which the portable cases read: python make_npz.py, with numpy 2.4.6."""

from pathlib import Path

import numpy as np

HERE = Path(__file__).parent

ramp = np.arange(40_000, dtype="<i2").reshape(5000, 8)
records = np.array([(1, 2.5, "ab"), (-3, np.inf, "λ")], [("a", "<i4"), ("b", ">f8"), ("c", "<U2")])

np.savez(
    HERE / "arrays.npz",
    t=np.arange(1000) / 8,
    d=ramp,
    turned=np.asfortranarray(ramp[:100].astype(">f4")),
    names=np.array(["a", "λμ", "\U0001f600"]),
    records=records,
    kind=np.array("TsdFrame"),
)
np.savez_compressed(HERE / "packed.npz", small=ramp, large=np.arange(1_500_000, dtype="<i4") // 50)
objects = np.empty(5, object)
objects[:] = [None, [1, (2.5, "λ")], {"a": 2**70, 2: True}, np.arange(6, dtype=">i2").reshape(2, 3), np.float32(1.5)]
np.savez(HERE / "objects.npz", o=objects)

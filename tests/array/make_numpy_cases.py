"""Makes numpy_cases.json: what NumPy itself selects, prints and saves. Run with NumPy 2 from this directory."""

import io
import json
import random

import numpy as np

random.seed(2)


def selection_text(shape):
    def entry(length):
        kind = random.choice(["int", "slice", "slice", "slice", "all", "list", "mask"])
        if kind == "int" and length > 0:
            return str(random.randrange(-length, length))
        if kind == "slice":
            bound = lambda: random.choice(["", str(random.randrange(-2 * length - 2, 2 * length + 3))])
            step = random.choice(["", "", ":1", ":2", ":3", ":-1", ":-2", ":-5", ":100", ":-100"])
            return f"{bound()}:{bound()}{step}"
        if kind == "list" and length > 0:
            return str([random.randrange(-length, length) for _ in range(random.randrange(1, 6))]).replace(" ", "")
        if kind == "mask" and length > 0:
            return str([random.random() < 0.5 for _ in range(length)]).replace(" ", "")
        return ":"

    return ",".join(entry(length) for length in shape[: random.randrange(1, len(shape) + 1)])


def select(array, text):
    """Orthogonal indexing: one axis at a time, last first, so that dropped axes don't move the others."""
    entries = eval(f"np.s_[{text},]", {"np": np, "__builtins__": {}})
    for axis in range(len(entries) - 1, -1, -1):
        array = array[(slice(None),) * axis + (entries[axis],)]
    return array


selections = []
for _ in range(300):
    shape = [random.randrange(0, 8) for _ in range(random.randrange(1, 4))]
    text = selection_text(shape)
    result = select(np.arange(int(np.prod(shape))).reshape(shape), text)
    selections.append({"shape": shape, "text": text, "result": list(result.shape), "data": result.ravel().tolist()})


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue().hex()


numbers = ["i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"]
npy = [{"dtype": np.dtype(name).str, "shape": [2, 3], "data": list(range(6)), "file": saved(np.arange(6, dtype=name).reshape(2, 3))} for name in numbers]
npy.append({"dtype": "<c8", "shape": [2], "data": [1, 2, 3, -4], "file": saved(np.array([1 + 2j, 3 - 4j], "c8"))})
npy.append({"dtype": "<c16", "shape": [2], "data": [1, 2, 3, -4], "file": saved(np.array([1 + 2j, 3 - 4j], "c16"))})
npy.append({"dtype": "|b1", "shape": [3], "data": [1, 0, 1], "file": saved(np.array([True, False, True]))})
npy.append({"dtype": "str", "shape": [3], "data": ["a", "Grüße", "😀"], "file": saved(np.array(["a", "Grüße", "😀"]))})
npy.append({"dtype": "<M8[ms]", "shape": [1], "data": [5], "file": saved(np.array([5], "<M8[ms]"))})
npy.append({"dtype": "<f8", "shape": [], "data": [1.5], "file": saved(np.array(1.5))})
npy.append({"dtype": "<f8", "shape": [0, 4], "data": [], "file": saved(np.zeros((0, 4)))})

# float16 of every kind, from float32: ties, subnormals, overflow.
halves = []
for bits in [0, 1, 0x3F800000, 0x3F801000, 0x3F803000, 0x477FE000, 0x477FEFFF, 0x477FF000, 0x33000000, 0x33000001,
             0x33800000, 0x387FC000, 0x38800000, 0x387FFFFF, 0x7F800000, 0xFF800000, 0x7FC00000, 0x80000000, 0xC2F6E979]:
    value = np.array([bits], "<u4").view("<f4")
    with np.errstate(over="ignore"):
        halves.append([bits, int(value.astype("<f2").view("<u2")[0])])

with open("numpy_cases.json", "w") as file:
    json.dump({"numpy": np.__version__, "selections": selections, "npy": npy, "halves": halves}, file, ensure_ascii=False, indent=None, separators=(",", ":"))
    file.write("\n")

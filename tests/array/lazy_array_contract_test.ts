import assert from "node:assert/strict";
import { typedArrayOf } from "../../src/array/dtype/dtype.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { contiguousStride, ndarray } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { LazyArray, NDArray, NumericData, Selection } from "../../src/array/types.ts";
import type { Dataset } from "../../src/hdf5/dataset.ts";
import { open } from "../../src/hdf5/file.ts";
import type { Group } from "../../src/hdf5/group.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { IMPLEMENTATIONS } from "./lazy_array_support.ts";

/** All datasets below a group, but those of which it isn't told where they are. */
async function* datasetsOf(group: Pick<Group, "members">): AsyncGenerator<[path: string, dataset: Dataset]> {
  for (const { object } of await group.members()) {
    if (object?.kind === "dataset") yield [object.path, object as Dataset];
    else if (object?.kind === "group") yield* datasetsOf(object as Group);
  }
}

type TypedArray = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => NumericData;

/** Bytes around memory that is read into, which must stay as they are. */
const GUARD = 16;

/** Memory full of something else, in the midst of a larger buffer. */
function guarded(like: NumericData, Buffer: new (length: number) => ArrayBufferLike = ArrayBuffer) {
  const buffer = new Buffer(like.byteLength + 2 * GUARD);
  const bytes = new Uint8Array(buffer).fill(0xa5);
  const into = new (like.constructor as TypedArray)(buffer, GUARD, like.length);
  const isUntouched = () =>
    bytes.subarray(0, GUARD).every((byte) => byte === 0xa5) && bytes.subarray(-GUARD).every((byte) => byte === 0xa5);
  return { into, isUntouched };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: NumericData) => new Uint8Array(buffer, byteOffset, byteLength);

/** What is read into memory that was given is what is read into new memory, bit by bit. */
async function checkInto(array: LazyArray, selection: Selection, what: string): Promise<void> {
  const fresh = await array.read(selection) as NDArray<NumericData>;
  assert.ok(ArrayBuffer.isView(fresh.data), `${what} gives no typed array`);
  for (const Buffer of [ArrayBuffer, SharedArrayBuffer]) {
    const { into, isUntouched } = guarded(fresh.data, Buffer);
    const read = await array.read(selection, { into });
    assert.equal(read.data, into, `${what}: the memory given isn't what comes back`);
    assert.deepEqual(bytesOf(into), bytesOf(fresh.data), `${what}: other values than in new memory`);
    assert.deepEqual({ ...read, data: null }, { ...fresh, data: null }, what);
    assert.ok(isUntouched(), `${what}: bytes around the memory were written`);
  }
  const { into } = guarded(fresh.data);
  const given = { ...fresh, data: into };
  assert.equal((await array.read(selection, { into: given })).data, into, what);
  assert.deepEqual(bytesOf(into), bytesOf(fresh.data), what);
}

const rows = ndarray(Uint8Array.of(1, 0, 1, 0, 0, 1, 1), [7], { kind: "bool", itemsize: 1, byteOrder: "|" });
const cells = ndarray(Uint8Array.from({ length: 35 }, (_, i) => i % 4 === 1 ? 1 : 0), [7, 5], rows.dtype);
const SELECTIONS: readonly Selection[] = [
  null,
  [],
  [3],
  [-1, 2],
  [slice(1, 6)],
  [slice(null), slice(4, null, -2)],
  [slice(6, null, -1)],
  [[5, 0, 5, 1], slice(1, 3)],
  [[6, 5, 4, 3, 2, 1, 0]],
  [slice(2, 2)],
  [rows],
  [cells],
];
const MORE_SELECTIONS: readonly Selection[] = [
  [[]],
  [null, []],
  [[], 3],
  [3, []],
  [slice(5, 1)],
  [slice(1, 6, 2), slice(null, null, -1)],
  [slice(6, 0, -3), [4, 4, 0]],
  [slice(-2, null), -1],
  [[0, 6, 3, 6], [2, 0]],
  [slice(2, 3), slice(2, 3)],
];

for (const { name, use } of IMPLEMENTATIONS) {
  Deno.test(`reading into memory gives what reading into new memory gives: ${name}`, async () => {
    await use(async (array) => {
      assert.deepEqual(array.shape, [7, 5]);
      for (const selection of SELECTIONS) await checkInto(array, selection, JSON.stringify(selection));
      if (array.view === undefined) return;
      const view = array.view([slice(1, 7), [4, 0, 1]]);
      await checkInto(view, null, "a view");
      await checkInto(view.view([slice(null, null, -1), 1]), [slice(1, 4)], "a view of a view");
    });
  });

  Deno.test(`a selection is what it is of the whole in memory: ${name}`, async () => {
    await use(async (array) => {
      const whole = memoryArray(await array.read() as NDArray<never>);
      for (const selection of [...SELECTIONS, ...MORE_SELECTIONS]) {
        const what = JSON.stringify(selection);
        const [read, expected] = [await array.read(selection), await whole.read(selection)] as NDArray<NumericData>[];
        assert.deepEqual(read!.shape, expected!.shape, what);
        assert.deepEqual(bytesOf(read!.data), bytesOf(expected!.data), what);
        assert.deepEqual({ ...read!.dtype, byteOrder: "" }, { ...expected!.dtype, byteOrder: "" }, what);
      }
      await assert.rejects(array.read([7]), { name: "SelectionError" });
      await assert.rejects(array.read([null, [0, 5]]), { name: "SelectionError" });
    });
  });

  Deno.test(`memory of the wrong size or class is refused before anything is read: ${name}`, async () => {
    await use(async (array) => {
      const { data } = await array.read([slice(0, 2)]) as NDArray<NumericData>;
      const TypedArray = data.constructor as new (length: number) => NumericData;
      const refused = async (into: unknown, error: { name: string; message: RegExp }) => {
        await assert.rejects(array.read([slice(0, 2)], { into: into as NumericData }), error);
      };
      for (const length of [0, data.length - 1, data.length + 1, 2 * data.length]) {
        const message = new RegExp(`of length ${length}\\b.*\\(2, 5\\).*length of ${data.length}$`);
        await refused(new TypedArray(length), { name: "RangeError", message });
      }
      const Other = TypedArray.name === "Int8Array" ? Int16Array : Int8Array;
      await refused(new Other(data.length), {
        name: "TypeError",
        message: new RegExp(`expected an? ${TypedArray.name}`),
      });
      await refused(bytesOf(data).buffer, { name: "TypeError", message: /expected/ });
      await refused(new Array(data.length).fill(0), { name: "TypeError", message: /a list: expected/ });
      await refused(null, { name: "TypeError", message: /null/ });
    });
  });

  Deno.test(`a signal that has fired ends a read into memory: ${name}`, async () => {
    await use(async (array) => {
      const { data } = await array.read() as NDArray<NumericData>;
      const signal = AbortSignal.abort(new Error("no more"));
      await assert.rejects(array.read(null, { into: data, signal }), /no more/);
      assert.equal(data.length % 35, 0);
    });
  });
}

Deno.test("every lazy array of the source is in the list of those tested", () => {
  const covered = new Set(IMPLEMENTATIONS.flatMap(({ covers }) => covers));
  // Those whose values are no numbers are tested below; times of a rate are read by the writer of NPZ files alone.
  for (const name of ["objectReader", "timesOf"]) covered.add(name);
  const found = implementers(new URL("../../src/", import.meta.url));
  assert.ok(found.size >= 14, [...found].join(", "));
  assert.deepEqual([...found].filter((name) => !covered.has(name)), []);
  assert.deepEqual([...covered].filter((name) => !found.has(name)), []);
});

/** Names of what the source has that reads by a selection: classes, and functions that make objects. */
function implementers(folder: URL): Set<string> {
  const found = new Set<string>();
  for (const { name, isDirectory } of Deno.readDirSync(folder)) {
    if (isDirectory) implementers(new URL(`${name}/`, folder)).forEach((name) => found.add(name));
    if (!name.endsWith(".ts")) continue;
    let last = "";
    for (const line of Deno.readTextFileSync(new URL(name, folder)).split("\n")) {
      last = /^(?:export )?(?:abstract )?(?:async )?(?:class|function|const|interface) (\w+)/.exec(line)?.[1] ?? last;
      const isClass = /^(?:export )?class \w+.*\b(?:implements\b.*\bLazyArray|extends ReadableArray)\b/.test(line);
      const isReader = /^\s+(?:async )?(?:readResolved|read)(?:\(|: )(?:\(?\[?along|\(?axes|selection\?: Selection)/
        .test(line);
      // A method without a body is one of an interface; that of the base class is tested by its heirs.
      if (isClass || (isReader && !line.endsWith(";") && last !== "ReadableArray")) found.add(last);
    }
  }
  return found;
}

Deno.test("what isn't numbers can't be read into memory, and says so", async () => {
  const refuses = async (array: LazyArray, kind: RegExp) => {
    const error = { name: "TypeError", message: new RegExp(`${kind.source}.*only numbers can be read into memory`) };
    await assert.rejects(array.read(null, { into: new Uint8Array(2) }), error);
    await assert.rejects(array.view([slice(0, 1)]).read(null, { into: new Uint8Array(1) }), error);
  };
  await refuses(memoryArray(ndarray(["a", "b"])), /string/);
  await using text = await openNpy(encodeNpy(ndarray(["a", "b"])));
  await refuses(text, /string/);
  await using objects = await openNpy(
    encodeNpy(ndarray([1, "b"] as unknown[], [2], { kind: "object", itemsize: 8, byteOrder: "|" })),
  );
  await refuses(objects, /object/);
  const records = "tests/data/records.h5";
  await using file = await open(records);
  let seen = 0;
  for await (const [path, object] of datasetsOf(file)) {
    if (typedArrayOf(object.dtype) !== null || object.shape.length === 0) continue;
    seen++;
    await assert.rejects(object.read(null, { into: new Uint8Array(1) }), { name: "TypeError" }, path);
  }
  assert.ok(seen > 0);
});

Deno.test("an array in memory that has gaps, or another size than its shape says, is refused", async () => {
  const lazy = memoryArray(ndarray(Int16Array.of(1, 2, 3, 4), [2, 2]));
  const data = new Int16Array(4);
  const { dtype } = lazy;
  await assert.rejects(lazy.read(null, { into: { data, shape: [2, 2], stride: [1, 2], dtype } }), {
    name: "TypeError",
    message: /C order/,
  });
  await assert.rejects(lazy.read(null, { into: { data, shape: [2], stride: [1], dtype } }), /shape \(2,\)/);
  // Only the size counts, not the shape.
  const read = await lazy.read(null, { into: { data, shape: [4], stride: contiguousStride([4]), dtype } });
  assert.deepEqual(read.shape, [2, 2]);
  assert.equal(read.data, data);
});

Deno.test("an array in memory is read into its own memory as if into other", async () => {
  const data = Int16Array.of(1, 2, 3, 4);
  const read = await memoryArray(ndarray(data)).read([slice(null, null, -1)], { into: data });
  assert.deepEqual(read.data, Int16Array.of(4, 3, 2, 1));
});

Deno.test("large values that are turned around or widened in pieces end in the memory given", async () => {
  const stored = new Uint8Array(8_400_000).map((_, i) => i * 7 % 253);
  for (const dtype of [">i2", "int16", "float16", "bool"]) {
    await using raw = await openRaw(stored, { dtype });
    await checkInto(raw, null, dtype);
  }
});

Deno.test("all numbers in HDF5 files of every kind are read into memory, by both ways", async () => {
  let seen = 0;
  for (const { name } of Deno.readDirSync("tests/data")) {
    if (!/^(types|layouts|layouts_old|fill|filters|masks|signal|strings|virtual|hdf5_2_0)\.h5$/.test(name)) continue;
    await using file = await open(`tests/data/${name}`, { external: true, missingSources: "fill" });
    for await (const [path, object] of datasetsOf(file)) {
      if (typedArrayOf(object.dtype) === null || object.size > 2e6) continue;
      for (const engine of [undefined, "library"] as const) {
        const lazy = {
          ...{ shape: object.shape, dtype: object.dtype, chunkShape: null },
          view: (selection: Selection) => object.view(selection),
          read: (selection?: Selection, options?: object) => object.read(selection, { ...options, engine }),
        };
        await checkInto(lazy, null, `${name}: ${path}`);
        if (object.size > 1) await checkInto(lazy, [slice(null, null, -1)], `${name}: ${path}, backwards`);
        seen++;
      }
    }
  }
  assert.ok(seen > 100, String(seen));
});

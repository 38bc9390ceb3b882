import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromDescr } from "../../src/array/dtype/descr.ts";
import { ndarray, sizeOf, toNested } from "../../src/array/ndarray.ts";
import { flatStrides } from "../../src/array/flat/flat_array.ts";
import { resolveSelection, selectionSize } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import { writeSelection } from "../../src/raw/write_blocks.ts";
import type { Selection } from "../../src/array/types.ts";
import { openRaw, type RawOptions } from "../../src/raw/open_raw.ts";
import type { RawWriteData } from "../../src/raw/write_data.ts";
import {
  ClosedError,
  DTypeError,
  NotFoundError,
  SelectionError,
  ShapeError,
  TruncatedError,
  UnsupportedError,
  WriteError,
} from "../../src/source/errors.ts";
import { type MemorySink, memorySink } from "../../src/source/sink/memory_sink.ts";
import type { ByteSink } from "../../src/source/sink/sink.ts";
import { axisCase } from "../array/arbitrary.ts";
import { cartesian } from "../array/model.ts";
import { randomBytes, withFolder } from "./support.ts";

/** A sink that holds some bytes, and notes what is written. */
function sinkOf(bytes: Uint8Array): MemorySink & { writes: [number, number][] } {
  const sink = memorySink();
  sink.writeSync(0, bytes);
  const writes: [number, number][] = [];
  const writeSync = (offset: number, data: Uint8Array) => {
    writes.push([offset, data.length]);
    sink.writeSync(offset, data);
  };
  return {
    ...sink,
    get byteLength() {
      return sink.byteLength;
    },
    writeSync,
    writes,
  };
}

const WRITERS: Record<string, (view: DataView, at: number, value: number) => void> = {
  "|u1": (view, at, value) => view.setUint8(at, value),
  "<i2": (view, at, value) => view.setInt16(at, value, true),
  ">i4": (view, at, value) => view.setInt32(at, value, false),
  ">f8": (view, at, value) => view.setFloat64(at, value, false),
  "<i8": (view, at, value) => view.setBigInt64(at, BigInt(value), true),
};

const writeCase = fc.record({
  axes: fc.array(axisCase(), { maxLength: 3 }),
  name: fc.constantFrom(...Object.keys(WRITERS)),
  order: fc.constantFrom<"C" | "F">("C", "F"),
  offset: fc.integer({ min: 0, max: 9 }),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});

Deno.test("writing any selection changes its elements, as assigning one by one does, and few of them touch no other byte", async () => {
  await fc.assert(
    fc.asyncProperty(writeCase, async ({ axes, name, order, offset, seed }) => {
      const shape = axes.map((axis) => axis.length);
      const itemsize = Number(name[2]);
      const before = randomBytes(offset + sizeOf(shape) * itemsize + 3, seed);
      const expected = before.slice();
      const view = new DataView(expected.buffer);
      const strides = new Array<number>(shape.length);
      let step = itemsize;
      for (const axis of order === "F" ? shape.keys() : [...shape.keys()].reverse()) {
        strides[axis] = step;
        step *= shape[axis]!;
      }
      const touched = new Set<number>();
      const values: number[] = [];
      cartesian(axes.map((axis) => axis.indices)).forEach((index, i) => {
        const at = index.reduce((sum, entry, axis) => sum + entry * strides[axis]!, offset);
        values.push(i % 250);
        WRITERS[name]!(view, at, i % 250);
        for (let byte = 0; byte < itemsize; byte++) touched.add(at + byte);
      });
      const sink = sinkOf(before);
      sink.writes.length = 0;
      await using array = await openRaw(sink, { mode: "r+", dtype: name, shape, order, offset });
      const selection = axes.map((axis) => axis.selected);
      const kept = axes.filter((axis) => !axis.drop).map((axis) => axis.indices.length);
      await array.write(selection, ndarray(Float64Array.from(values), kept));
      assert.deepEqual(sink.bytes(), expected);
      // More than 256 short runs are written in blocks; an index that is named twice makes two of them.
      for (const [start, length] of values.length <= 256 ? sink.writes : []) {
        for (let byte = start; byte < start + length; byte++) assert.ok(touched.has(byte), `byte ${byte}`);
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("writing block by block gives the same bytes as run by run", () => {
  fc.assert(
    fc.property(writeCase, ({ axes, name, order, offset, seed }) => {
      const shape = axes.map((axis) => axis.length);
      const itemsize = Number(name[2]);
      const place = { offset, layout: { shape, strides: flatStrides(shape, itemsize, order), itemsize } };
      const resolved = resolveSelection(axes.map((axis) => axis.selected), shape);
      const elements = randomBytes(selectionSize(resolved) * itemsize, seed + 1);
      const [blocks, runs] = [0, Infinity].map((few) => {
        const sink = sinkOf(randomBytes(offset + sizeOf(shape) * itemsize + 3, seed));
        writeSelection(sink, place, resolved, elements, few);
        return sink.bytes();
      });
      assert.deepEqual(blocks, runs);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a channel of many interleaved samples is written in blocks, a few samples run by run", async () => {
  const sink = sinkOf(randomBytes(100_000 * 8));
  const before = sink.bytes().slice();
  await using array = await openRaw(sink, { mode: "r+", dtype: "int16", shape: [null, 4] });
  sink.writes.length = 0;
  await array.write([null, 1], 7);
  assert.equal(sink.writes.length, 2);
  assert.ok((await array.read([null, 1])).data.every((value) => value === 7));
  const others = (bytes: Uint8Array) => bytes.filter((_, i) => i % 8 !== 2 && i % 8 !== 3);
  assert.deepEqual(others(sink.bytes()), others(before));
  sink.writes.length = 0;
  await array.write([slice(100), 1], 8);
  assert.equal(sink.writes.length, 100);
});

Deno.test("w+ makes a file of zeros, and puts it into place on close", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/x.dat`;
    await Deno.writeTextFile(path, "what was there");
    const array = await openRaw(path, { mode: "w+", dtype: ">f4", shape: [10, 3], offset: 8, order: "F" });
    assert.equal(array.writable, true);
    assert.deepEqual((await array.read()).data, new Float32Array(30));
    await array.write([slice(2, 4), 1], [0.5, -2]);
    assert.deepEqual((await array.read([slice(1, 5), 1])).data, Float32Array.of(0, 0.5, -2, 0));
    await array.flush();
    assert.equal(await Deno.readTextFile(path), "what was there");
    await array.close();
    const bytes = await Deno.readFile(path);
    assert.equal(bytes.length, 128);
    assert.equal(new DataView(bytes.buffer).getFloat32(8 + 40 + 8, false), 0.5);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["x.dat"]);
  });
});

Deno.test("r+ changes a file in place", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/x.dat`;
    await Deno.writeFile(path, new Uint8Array(Int16Array.of(1, 2, 3, 4, 5, 6).buffer));
    for (const source of [path, new URL(`file://${path}`), `file://${path}`]) {
      await using array = await openRaw(source, { mode: "r+", dtype: "int16", shape: [null, 2] });
      const first = (await array.read([0, 0])).data[0] as number;
      await array.write([0, 0], first + 1);
      await array.flush();
      assert.equal(new DataView((await Deno.readFile(path)).buffer).getInt16(0, true), first + 1);
    }
    await using array = await openRaw(path, { dtype: "int16" });
    assert.deepEqual((await array.read()).data, Int16Array.of(4, 2, 3, 4, 5, 6));
  });
});

Deno.test("data broadcasts, as in NumPy: one value, a row, a column, an array, as many values as there are", async () => {
  const written = async ([selection, data]: [Selection, RawWriteData]) => {
    await using array = await openRaw(memorySink(), { mode: "w+", dtype: "int16", shape: [2, 3] });
    await array.write(selection, data);
    return [...(await array.read()).data];
  };
  assert.deepEqual(await written([null, 7]), [7, 7, 7, 7, 7, 7]);
  assert.deepEqual(await written([null, [1, 2, 3]]), [1, 2, 3, 1, 2, 3]);
  assert.deepEqual(await written([null, ndarray(Int8Array.of(1, 2), [2, 1])]), [1, 1, 1, 2, 2, 2]);
  assert.deepEqual(await written([null, Float64Array.of(1, 2, 3, 4, 5, 6)]), [1, 2, 3, 4, 5, 6]);
  assert.deepEqual(await written([null, ndarray(BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n), [2, 3])]), [
    1,
    2,
    3,
    4,
    5,
    6,
  ]);
  assert.deepEqual(await written([[1], ndarray(Int16Array.of(4, 5, 6), [1, 1, 3])]), [0, 0, 0, 4, 5, 6]);
  assert.deepEqual(await written([[slice(0)], 5]), [0, 0, 0, 0, 0, 0]);
  const transposed = { ...ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [3, 2]), shape: [2, 3], stride: [1, 2] };
  assert.deepEqual(await written([null, transposed]), [1, 3, 5, 2, 4, 6]);
});

Deno.test("every kind of element is written as it is read", async () => {
  const record = dtypeFromDescr([["a", "|S3"], ["", "|V1"], ["b", ">i2", [2]], ["z", "<c8"]]);
  const cases: [RawOptions["dtype"], unknown[] | Float32Array | BigInt64Array | Uint8Array, unknown?][] = [
    ["S3", ["ab", "cde"]],
    ["<U2", ["ä€", "z"]],
    [">U2", ["ä€", "z"]],
    ["V2", [Uint8Array.of(1, 2), Uint8Array.of(3, 4)]],
    ["c8", Float32Array.of(1, 2, 3, 4)],
    [">c8", Float32Array.of(1, 2, 3, 4)],
    ["<f2", Float32Array.of(1.5, -2)],
    [">i8", BigInt64Array.of(-5n, 2n ** 60n)],
    ["<M8[s]", BigInt64Array.of(-5n, 7n)],
    ["bool", Uint8Array.of(1, 0)],
    ["bool", [true, false], Uint8Array.of(1, 0)],
    [record, [{ a: "x", b: ndarray(Int16Array.of(1, -2)), z: [0.5, 1] }, {
      a: "",
      b: ndarray(Int16Array.of(0, 0)),
      z: [0, 0],
    }]],
  ];
  for (const [dtype, values, expected = values] of cases) {
    await using array = await openRaw(memorySink(), { mode: "w+", dtype, shape: [2] });
    await array.write(null, values as unknown[]);
    assert.deepEqual((await array.read()).data, expected, String(dtype));
    await array.write([1], await array.read([0]));
    const [first, second] = toNested(await array.read()) as unknown[];
    assert.deepEqual(second, first, String(dtype));
  }
  await using numbers = await openRaw(memorySink(), { mode: "w+", dtype: "c16", shape: [2] });
  await numbers.write(null, ndarray(Int16Array.of(3, 4)));
  assert.deepEqual((await numbers.read()).data, Float64Array.of(3, 0, 4, 0));
  await numbers.write(null, [5, 6]);
  assert.deepEqual((await numbers.read()).data, Float64Array.of(5, 6, 5, 6));
});

Deno.test("what doesn't fit is refused before anything is written", async () => {
  const sink = memorySink();
  await using array = await openRaw(sink, { mode: "w+", dtype: "uint8", shape: [2, 3] });
  await array.write(null, 9);
  const refused: [unknown, unknown, new (...args: never[]) => Error][] = [
    [null, 256, DTypeError],
    [null, -1, DTypeError],
    [null, 1.5, DTypeError],
    [null, NaN, DTypeError],
    [null, "7", DTypeError],
    [null, ["1", "2", "3"], DTypeError],
    [null, [1, 2, [3]], ShapeError],
    [null, Int16Array.of(1, 2, 3, 4, 5, 600), DTypeError],
    [null, { a: 1 }, DTypeError],
    [null, undefined, DTypeError],
    [null, [1, 2], ShapeError],
    [null, new Uint8Array(7), ShapeError],
    [[0], new Uint8Array(6), ShapeError],
    [[2], 1, SelectionError],
    [[0, 0, 0], 1, SelectionError],
    [[slice(0, 1, 0)], 1, SelectionError],
  ];
  for (const [selection, data, kind] of refused) {
    await assert.rejects(array.write(selection as null, data as number), kind, `${selection} ${data}`);
  }
  assert.deepEqual(sink.bytes(), new Uint8Array(6).fill(9));
  await using texts = await openRaw(memorySink(), { mode: "w+", dtype: "S2", shape: [2] });
  await assert.rejects(texts.write(null, ["abc", "a"]), DTypeError);
  await assert.rejects(texts.write(null, 5), DTypeError);
  const record = dtypeFromDescr([["n", "<i2"], ["z", "<c8"]]);
  await using records = await openRaw(memorySink(), { mode: "w+", dtype: record, shape: [2] });
  for (
    const wrong of [{ n: 70_000, z: [0, 0] }, { n: 1.5, z: [0, 0] }, { n: 1, z: ["a", 0] }, { n: 1 }, { n: 1, z: 5 }]
  ) {
    await assert.rejects(records.write([1], wrong), DTypeError, JSON.stringify(wrong));
  }
  await records.write(null, { n: -3, z: [0.5, 2] });
  assert.deepEqual((await records.read([1])).data, [{ n: -3, z: [0.5, 2] }]);
});

Deno.test("what was opened for reading, is scaled or was closed can't be written", async () => {
  await using read = await openRaw(new Uint8Array(4), { dtype: "u1" });
  await assert.rejects(read.write(null, 1), WriteError);
  await using scaled = await openRaw(memorySink(), { mode: "w+", dtype: "u1", shape: [2], scale: { gain: 2 } });
  await assert.rejects(scaled.write(null, 1), UnsupportedError);
  const closed = await openRaw(memorySink(), { mode: "w+", dtype: "u1", shape: [2] });
  await closed.close();
  await assert.rejects(closed.write(null, 1), ClosedError);
  await assert.rejects(closed.flush(), ClosedError);
});

Deno.test("opening for writing refuses what can't be written", async () => {
  const options: RawOptions = { dtype: "u1", shape: [2] };
  await withFolder(async (folder) => {
    await assert.rejects(openRaw(`${folder}/none`, { ...options, mode: "r+" }), NotFoundError);
    await assert.rejects(openRaw(folder, { ...options, mode: "r+" }), WriteError);
    await assert.rejects(openRaw(folder, { ...options, mode: "w+" }), WriteError);
    await assert.rejects(openRaw(`${folder}/no/x`, { ...options, mode: "w+" }), WriteError);
    await Deno.writeFile(`${folder}/one`, new Uint8Array(1));
    await assert.rejects(openRaw(`${folder}/one`, { ...options, mode: "r+" }), TruncatedError);
    assert.equal((await Deno.stat(`${folder}/one`)).size, 1);
    await assert.rejects(openRaw(`${folder}/x`, { mode: "w+", dtype: "u1", shape: [null] }), ShapeError);
    await assert.rejects(openRaw(`${folder}/x`, { mode: "w+", dtype: "u1", shape: [2 ** 53] }), ShapeError);
    await assert.rejects(openRaw(`${folder}/x`, { mode: "w+", shape: [2] }), TypeError);
    await assert.rejects(openRaw(`${folder}/x`, { mode: "w+", dtype: "u1" }), TypeError);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["one"]);
  });
  for (const mode of ["r+", "w+"] as const) {
    await assert.rejects(openRaw("http://127.0.0.1/x", { ...options, mode }), TypeError);
    await assert.rejects(openRaw(new Uint8Array(4) as unknown as string, { ...options, mode }), TypeError);
  }
  await assert.rejects(openRaw(memorySink(), { ...options, mode: "w+", sidecar: true }), TypeError);
});

Deno.test("an abandoned file leaves what was there", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/x.dat`;
    await Deno.writeTextFile(path, "old");
    const array = await openRaw(path, { mode: "w+", dtype: "u1", shape: [100], sidecar: true });
    await array.write(null, 1);
    await array.abandon();
    await array.close();
    assert.equal(await Deno.readTextFile(path), "old");
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["x.dat"]);
  });
});

Deno.test("a disk that fills up leaves what was there: the file isn't put into place any more", async () => {
  const inner = memorySink();
  let committed = false;
  const full: ByteSink = {
    ...inner,
    byteLength: 8,
    truncateSync() {},
    writeSync() {
      throw new WriteError("Cannot write: the disk is full");
    },
    // deno-lint-ignore require-await -- as a sink has it
    async commit() {
      committed = true;
    },
  };
  const array = await openRaw(full, { mode: "w+", dtype: "u1", shape: [8] });
  await assert.rejects(array.write(null, 1), /the disk is full/);
  await assert.rejects(array.close(), (error: Error) => {
    assert.ok(error instanceof WriteError);
    assert.match(error.message, /a write to it has failed before/);
    assert.match(String(error.cause), /the disk is full/);
    return true;
  });
  assert.equal(committed, false);
  await array.close();
});

Deno.test("a sidecar is written beside the file, so that it opens by its path alone", async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/x.dat`;
    const array = await openRaw(path, {
      mode: "w+",
      dtype: ">i2",
      shape: [3, 2],
      order: "F",
      offset: 4,
      sidecar: true,
    });
    await array.write(null, Int16Array.of(1, 2, 3, 4, 5, 6));
    await array.close();
    await using again = await openRaw(path);
    assert.deepEqual(toNested(await again.read()), [[1, 2], [3, 4], [5, 6]]);
    assert.deepEqual([again.order, again.offset, again.dtype.byteOrder], ["F", 4, ">"]);
  });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromDescr } from "../../src/array/dtype/descr.ts";
import { ndarray, sizeOf, toNested } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import { openRaw, type RawOptions } from "../../src/raw/open_raw.ts";
import {
  ClosedError,
  DTypeError,
  LimitError,
  NotFoundError,
  SelectionError,
  ShapeError,
  TruncatedError,
  UnsupportedError,
  WrongKindError,
} from "../../src/source/errors.ts";
import { axisCase } from "../array/arbitrary.ts";
import { cartesian } from "../array/model.ts";
import { everywhere, randomBytes, withFolder, withServer } from "./support.ts";

/** How a DataView reads one element of each type. */
const READERS: Record<string, (view: DataView, at: number) => unknown> = {
  "|i1": (view, at) => view.getInt8(at),
  "|u1": (view, at) => view.getUint8(at),
  "<i2": (view, at) => view.getInt16(at, true),
  ">u2": (view, at) => view.getUint16(at, false),
  "<i4": (view, at) => view.getInt32(at, true),
  ">i4": (view, at) => view.getInt32(at, false),
  "<u8": (view, at) => view.getBigUint64(at, true),
  ">i8": (view, at) => view.getBigInt64(at, false),
  "<f4": (view, at) => view.getFloat32(at, true),
  ">f8": (view, at) => view.getFloat64(at, false),
  "|b1": (view, at) => view.getUint8(at) !== 0,
  ">c8": (view, at) => [view.getFloat32(at, false), view.getFloat32(at + 4, false)],
  "<i3": (view, at) => (view.getInt8(at + 2) << 16) | view.getUint16(at, true),
  ">u3": (view, at) => (view.getUint8(at) << 16) | view.getUint16(at + 1, false),
};
const ITEMSIZE = (name: string) => Number(/\d+/.exec(name)![0]);

const rawCase = fc.record({
  axes: fc.array(axisCase(), { maxLength: 3 }),
  name: fc.constantFrom(...Object.keys(READERS)),
  order: fc.constantFrom<"C" | "F">("C", "F"),
  offset: fc.integer({ min: 0, max: 20 }),
  behind: fc.integer({ min: 0, max: 5 }),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});

Deno.test("any selection of any flat file is what a DataView reads index by index", async () => {
  await fc.assert(
    fc.asyncProperty(rawCase, async ({ axes, name, order, offset, behind, seed }) => {
      const shape = axes.map((axis) => axis.length);
      const itemsize = ITEMSIZE(name);
      const bytes = randomBytes(offset + sizeOf(shape) * itemsize + behind, seed);
      const view = new DataView(bytes.buffer);
      const strides = new Array<number>(shape.length);
      let step = itemsize;
      for (const axis of order === "F" ? shape.keys() : [...shape.keys()].reverse()) {
        strides[axis] = step;
        step *= shape[axis]!;
      }
      const expected = cartesian(axes.map((axis) => axis.indices)).map((index) =>
        READERS[name]!(view, index.reduce((at, i, axis) => at + i * strides[axis]!, offset))
      );
      await using array = await openRaw(bytes, { dtype: name, shape, order, offset });
      assert.deepEqual(array.shape, shape);
      const read = await array.read(axes.map((axis) => axis.selected));
      assert.deepEqual(read.shape, axes.filter((axis) => !axis.drop).map((axis) => axis.indices.length));
      assert.deepEqual(toNested(ndarray(read.data, undefined, read.dtype)), expected);
      assert.notEqual(read.dtype.byteOrder, ">");
    }),
    { numRuns: 300 },
  );
});

Deno.test("memory, files and servers give the same array", async () => {
  const bytes = randomBytes(4 + 300 * 7 * 2, 3);
  const options: RawOptions = { dtype: ">i2", shape: [null, 7], offset: 4 };
  const expected = Int16Array.from(
    { length: 20 },
    (_, i) => new DataView(bytes.buffer).getInt16(4 + (i * 3 * 7 + 5) * 2),
  );
  await everywhere(bytes, async (source, place) => {
    await using array = await openRaw(source, options);
    assert.deepEqual([array.shape, array.size, array.byteLength, array.offset], [[300, 7], 2100, 4200, 4], place);
    assert.deepEqual((await array.read([slice(0, 60, 3), 5])).data, expected, place);
    assert.deepEqual((await array.view([slice(0, 60, 3)]).read([null, 5])).data, expected, place);
    assert.equal((await array.read()).data.length, 2100);
    assert.equal(array.chunkShape, null);
    assert.equal(array.writable, false);
    assert.ok(array.cost.requests > 0 || place === "memory", place);
  });
});

Deno.test("an array in Fortran order is one channel behind the other", async () => {
  await using array = await openRaw(Int16Array.of(1, 2, 3, 10, 20, 30), {
    dtype: "int16",
    shape: [null, 2],
    order: "F",
  });
  assert.deepEqual(array.shape, [3, 2]);
  assert.deepEqual(toNested(await array.read()), [[1, 10], [2, 20], [3, 30]]);
  assert.deepEqual((await array.read([null, 1])).data, Int16Array.of(10, 20, 30));
});

Deno.test("fixed strings and records are read, and single fields of records", async () => {
  const bytes = new Uint8Array(2 * 13);
  const view = new DataView(bytes.buffer);
  for (const [i, text] of ["ab", "c"].entries()) {
    bytes.set(new TextEncoder().encode(text), 13 * i);
    view.setFloat64(13 * i + 3, i + 0.5, true);
    view.setUint16(13 * i + 11, 500 + i, false);
  }
  const dtype = dtypeFromDescr([["name", "|S3"], ["t", "<f8"], ["n", ">u2"]]);
  await using array = await openRaw(bytes, { dtype });
  assert.deepEqual((await array.read()).data, [{ name: "ab", t: 0.5, n: 500 }, { name: "c", t: 1.5, n: 501 }]);
  assert.deepEqual((await array.field("n").read()).data, Uint16Array.of(500, 501));
  assert.throws(() => array.field("x"), NotFoundError);
  await using texts = await openRaw(new TextEncoder().encode("abcd"), { dtype: "S2" });
  assert.deepEqual((await texts.read()).data, ["ab", "cd"]);
});

Deno.test("what was closed can't be read", async () => {
  const array = await openRaw(new Uint8Array(4), { dtype: "u1" });
  const view = array.view([0]);
  await array.close();
  await array.close();
  await assert.rejects(array.read(), ClosedError);
  await assert.rejects(view.read(), ClosedError);
});

Deno.test("a wrong call is refused by the right class", async () => {
  const bytes = new Uint8Array(60);
  const refused: [RawOptions, new (...args: never[]) => Error, RegExp][] = [
    [{ dtype: "int17" }, UnsupportedError, /the NumPy dtype "int17"/],
    [{ dtype: "<i3x" }, UnsupportedError, /the NumPy dtype/],
    [{ dtype: "" }, UnsupportedError, /the NumPy dtype ""/],
    [{ dtype: "str" }, DTypeError, /no fixed size/],
    [{ dtype: "O" }, DTypeError, /no fixed size/],
    [{ dtype: "S0" }, DTypeError, /no fixed size/],
    [{ dtype: "uint12" }, DTypeError, /say how it is packed, as uint12:lsb, uint12:msb or uint12:mipi/],
    [{ dtype: "int16", order: "A" as "C" }, TypeError, /the order "A"/],
    [{ dtype: "int16", mode: "a" as "r" }, TypeError, /the mode "a"/],
    [{ dtype: "int16", shape: [31] }, TruncatedError, /takes 62 bytes, the file has 60/],
    [{ dtype: "int16", shape: [null, 7] }, ShapeError, /rows of 7 channels/],
    [{ dtype: "int16", offset: -2 }, RangeError, /offset -2/],
    [{}, TypeError, /without a dtype/],
    [{ dtype: "S2", scale: { gain: 2 } }, DTypeError, /its elements are of kind string/],
    [{ dtype: "bool", scale: { gain: 2 } }, DTypeError, /of kind bool/],
    [{ dtype: "int16", scale: { gain: NaN } }, RangeError, /each gain must be a finite number/],
    [
      { dtype: "int16", shape: [10, 3], scale: { gain: [1, 2] } },
      ShapeError,
      /2 values of gain for 3 channels along axis 1/,
    ],
    [{ dtype: "int16", shape: [10, 3], scale: { offset: [1], axis: 2 } }, ShapeError, /along axis 2: it has 2/],
    [{ dtype: "int16", scale: { dtype: "int32" as "float32" } }, DTypeError, /expected float32 or float64/],
  ];
  for (const [options, kind, message] of refused) {
    await assert.rejects(openRaw(bytes, options), (error: Error) => {
      assert.ok(error instanceof kind, `${JSON.stringify(options)}: ${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
  await using array = await openRaw(bytes, { dtype: "int16", shape: [10, 3], maxReadBytes: 40 });
  await assert.rejects(array.read([10]), SelectionError);
  await assert.rejects(array.read([0, 0, 0]), SelectionError);
  await assert.rejects(array.read(), LimitError);
  await assert.rejects(array.read([0], { signal: AbortSignal.abort(new Error("enough")) }), /enough/);
  assert.throws(() => array.view([3, 9]), SelectionError);
});

Deno.test("a file that isn't there, a directory and a missing server's file are told apart", async () => {
  await withFolder(async (folder) => {
    await assert.rejects(openRaw(`${folder}/none.bin`, { dtype: "u1" }), NotFoundError);
    await assert.rejects(openRaw(folder, { dtype: "u1" }), WrongKindError);
  });
  await withServer({}, async ({ url }) => {
    await assert.rejects(openRaw(`${url}/none.bin`, { dtype: "u1" }), { code: "http-status" });
  });
});

Deno.test("a file of no bytes is an array of none", async () => {
  await everywhere(new Uint8Array(0), async (source) => {
    await using array = await openRaw(source, { dtype: "<f8", shape: [null, 4] });
    assert.deepEqual([array.shape, (await array.read()).data], [[0, 4], new Float64Array(0)]);
  });
});

Deno.test("without a dtype the sidecar beside a file says what it holds, and options stand before it", async () => {
  const bytes = new Uint8Array(Int16Array.of(0, 1, 2, 3, 4, 5).buffer);
  const text = (content: string) => new TextEncoder().encode(content);
  const json = '{"format":"microtome-raw","version":1,"dtype":"<i2","shape":[1,3],"order":"C","offset":2}';
  const yaml = "data_order: channels\ndtype: int16\nn_channels: 2\n";
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.b.bin`, bytes);
    await assert.rejects(openRaw(`${folder}/a.b.bin`), (error: Error) => {
      assert.ok(error instanceof NotFoundError);
      assert.match(error.message, /there is no sidecar, neither a\.b\.bin\.json nor a\.b\.yaml$/);
      return true;
    });
    await assert.rejects(openRaw(`${folder}/a.b.bin`, { sidecar: false }), TypeError);
    await Deno.writeFile(`${folder}/a.b.yaml`, text(yaml));
    await using channels = await openRaw(`${folder}/a.b.bin`);
    assert.deepEqual(toNested(await channels.read()), [[0, 3], [1, 4], [2, 5]]);
    await using samples = await openRaw(`${folder}/a.b.bin`, { order: "C" });
    assert.deepEqual(toNested(await samples.read()), [[0, 1], [2, 3], [4, 5]]);
    await Deno.writeFile(`${folder}/a.b.bin.json`, text(json));
    await using ours = await openRaw(new URL(`file://${folder}/a.b.bin`));
    assert.deepEqual(toNested(await ours.read()), [[1, 2, 3]]);
    await Deno.writeFile(`${folder}/a.b.bin.json`, text("{}"));
    await assert.rejects(openRaw(`${folder}/a.b.bin`), { code: "format" });
  });
  await withServer({ "/a.bin": bytes, "/a.yaml": text(yaml) }, async ({ url }) => {
    await using array = await openRaw(`${url}/a.bin?token=1`, { attempts: 1 });
    assert.deepEqual([array.shape, array.order], [[3, 2], "F"]);
  });
});

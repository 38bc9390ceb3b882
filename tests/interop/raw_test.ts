import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { decodeElements, flattenArrayType, nativeOrder } from "../../src/array/codec/decode_elements.ts";
import { type Descr, dtypeFromDescr } from "../../src/array/dtype/descr.ts";
import { encodeElements } from "../../src/array/codec/encode_elements.ts";
import { ndarray, sizeOf } from "../../src/array/ndarray.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { AxisSelection, DType, NDArray } from "../../src/array/types.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { withFolder } from "../raw/support.ts";
import { findPython } from "./python.ts";

/** An axis as `raw.py` writes it. */
type WrittenAxis = number | null | { slice: [number | null, number | null, number | null] } | { list: number[] };

/** A selection, and the values there: little-endian, in C order. */
interface Part {
  readonly selection: readonly WrittenAxis[];
  readonly shape: readonly number[];
  readonly hex: string;
}

/** A file that np.memmap has made. */
interface MemmapCase {
  readonly path: string;
  readonly dtype: Descr;
  readonly shape: readonly number[];
  readonly order: "C" | "F";
  readonly offset: number;
  readonly selections: readonly Part[];
  /** What NumPy has assigned in a copy of the file, `<path>.after`. */
  readonly write?: Part;
}

const PYTHON = findPython();
const without = PYTHON === null ? " (skipped: no Python with NumPy; see tests/interop/python.ts)" : "";

function python<T>(args: readonly string[], input = ""): T {
  const script = fileURLToPath(new URL("./raw.py", import.meta.url));
  return JSON.parse(execFileSync(PYTHON!, [script, ...args], { input, maxBuffer: 2 ** 28, encoding: "utf8" })) as T;
}

function axisOf(written: WrittenAxis): AxisSelection {
  if (written === null || typeof written === "number") return written;
  return "slice" in written ? slice(...written.slice) : written.list;
}

function hexOf({ data, dtype }: NDArray): string {
  return encodeElements(dtype, data).toHex();
}

function arrayOf({ hex, shape }: Part, dtype: DType): NDArray {
  const { base } = flattenArrayType(nativeOrder(dtype));
  return ndarray(decodeElements(base, Uint8Array.fromHex(hex), sizeOf(shape)), shape, base);
}

Deno.test({
  name: `flat files that np.memmap makes read as it reads them, and are changed as it changes them${without}`,
  ignore: PYTHON === null,
  fn: () =>
    withFolder(async (folder) => {
      const cases = python<MemmapCase[]>(["make", folder]);
      assert.equal(cases.length, 120);
      for (const { path, dtype: descr, shape, order, offset, selections, write } of cases) {
        const dtype = dtypeFromDescr(descr);
        const what = `${JSON.stringify(descr)} ${JSON.stringify(shape)} ${order} ${offset}`;
        await using array = await openRaw(path, { mode: "r+", dtype, shape, order, offset });
        for (const { selection, shape: wanted, hex } of selections) {
          const read = await array.read(selection.map(axisOf));
          assert.deepEqual(read.shape, wanted, `${what} ${JSON.stringify(selection)}`);
          assert.equal(hexOf(read), hex, `${what} ${JSON.stringify(selection)}`);
        }
        if (write === undefined) continue;
        await array.write(write.selection.map(axisOf), arrayOf(write, dtype));
        assert.deepEqual(await Deno.readFile(path), await Deno.readFile(`${path}.after`), `${what} written`);
      }
    }),
});

Deno.test({
  name: `flat files that are written here read the same with np.memmap${without}`,
  ignore: PYTHON === null,
  fn: () =>
    withFolder(async (folder) => {
      const cases = python<MemmapCase[]>(["make", folder]).filter(({ shape }) => !shape.includes(0));
      const expected: string[] = [];
      const written: unknown[] = [];
      for (const { dtype: descr, shape, order, offset, selections } of cases) {
        const dtype = dtypeFromDescr(descr);
        const path = `${folder}/ours_${written.length}.dat`;
        const array = await openRaw(path, { mode: "w+", dtype, shape, order, offset });
        await array.write(null, arrayOf(selections[0]!, dtype));
        await array.close();
        written.push({ path, dtype: descr, shape, order, offset });
        expected.push(selections[0]!.hex);
      }
      assert.deepEqual(python(["read"], JSON.stringify(written)), expected);
    }),
});

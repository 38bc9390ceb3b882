import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { DType, NDArray } from "../../src/array/types.ts";
import { writeZarr, type WriteZarrOptions } from "../../src/zarr/write/write_node.ts";
import { openZarr } from "../../src/zarr/mod.ts";
import { CORPUS, digest, HAS_CORPUS, readAll, type ReadArray, STORES, values } from "../zarr/corpus.ts";
import { findPython } from "./python.ts";

interface Dumped {
  readonly store: string;
  readonly path: string;
  readonly shape: number[];
  readonly dtype: string;
  readonly sha256?: string;
  readonly values?: unknown[];
  readonly error?: string;
}

const PYTHON = findPython();
const hasZarr = PYTHON !== null && spawnSync(PYTHON, ["-c", "import zarr"]).status === 0;
const without = !HAS_CORPUS ? " (skipped: no corpus)" : !hasZarr ? " (skipped: no Python with zarr)" : "";

/** What microtome refuses although zarr-python reads it, by the codec or feature that is named. */
const REFUSED = /codec "(numcodecs\.)?(zfpy|pcodec)" isn't built in/;

/**
 * In version 2 the fill value 0 stands for empty text: numcodecs' `vlen-utf8` writes both the same. zarr-python has made
 * it "0" since 3.1.
 */
const ZERO_TEXT = "zarr_python_compat/str_v2_fv_0.zarr";

function differences(ours: ReadArray | undefined, theirs: Dumped): string[] {
  const where = `${theirs.store} ${theirs.path}`;
  if (ours === undefined) return [`${where}: not found`];
  if (theirs.error !== undefined) return [];
  if (ours.read === undefined) {
    return REFUSED.test(ours.error!.message) ? [] : [`${where}: ${ours.error}`];
  }
  const { array, read } = ours;
  if (theirs.shape.join() !== read.shape.join()) return [`${where}: shape ${read.shape}, expected ${theirs.shape}`];
  if (theirs.values !== undefined) {
    const expected = theirs.path === ZERO_TEXT ? theirs.values.map((text) => text === "0" ? "" : text) : theirs.values;
    const same = JSON.stringify(values(read)) === JSON.stringify(expected);
    return same
      ? []
      : [`${where}: ${JSON.stringify(values(read)).slice(0, 200)}, ${JSON.stringify(expected).slice(0, 200)}`];
  }
  return digest(read, array!.dtype.itemsize) === theirs.sha256 ? [] : [`${where}: other bytes (${theirs.dtype})`];
}

Deno.test({
  name: `every array of the corpus reads as zarr-python reads it, or is refused by the name of its codec${without}`,
  ignore: without !== "",
  fn: async () => {
    const script = fileURLToPath(new URL("./zarr_dump.py", import.meta.url));
    const said = execFileSync(PYTHON!, [script, CORPUS], {
      input: STORES.join("\n"),
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    const dumped = said.trim().split("\n").map((line): Dumped => JSON.parse(line));
    assert(dumped.length > 350, `only ${dumped.length} arrays`);
    const lines: string[] = [];
    for (const store of STORES) {
      const ours = await readAll(store);
      const theirs = dumped.filter((one) => one.store === store);
      for (const one of theirs) lines.push(...differences(ours.find(({ path }) => path === one.path), one));
      const extra = ours.filter(({ path }) => !theirs.some((one) => one.path === path));
      lines.push(...extra.map(({ path }) => `${store} ${path}: only we find it`));
    }
    assert.deepEqual(lines, []);
  },
});

const int = (itemsize: 1 | 2 | 4 | 8, byteOrder: "<" | ">" | "|" = "<"): DType => ({
  kind: "int",
  itemsize,
  byteOrder,
});
const numbers = Array.from({ length: 35 }, (_, i) => i - 3);

/** Arrays of every type that Zarr has, each 5 by 7. */
const WRITTEN: Readonly<Record<string, NDArray>> = {
  i1: ndarray(Int8Array.from(numbers), [5, 7]),
  i4_be: ndarray(Int32Array.from(numbers), [5, 7], int(4, ">")),
  u8: ndarray(BigUint64Array.from(numbers, (n) => 2n ** 63n + BigInt(n)), [5, 7]),
  f2: ndarray(Float32Array.from(numbers, (n) => n / 4), [5, 7], { kind: "float", itemsize: 2, byteOrder: "<" }),
  f8: ndarray(Float64Array.from(numbers, (n) => n === 0 ? NaN : 1 / n), [5, 7]),
  c8: ndarray(Float32Array.from([...numbers, ...numbers]), [5, 7], { kind: "complex", itemsize: 8, byteOrder: "<" }),
  b: ndarray(Uint8Array.from(numbers, (n) => n & 1), [5, 7], { kind: "bool", itemsize: 1, byteOrder: "|" }),
  M8: ndarray(BigInt64Array.from(numbers, BigInt), [5, 7], {
    kind: "datetime",
    itemsize: 8,
    byteOrder: "<",
    unit: "ms",
  }),
  text: ndarray(numbers.map((n) => n % 3 === 0 ? "" : `é${n}`), [5, 7]),
  U: ndarray(numbers.map((n) => `é${n}`), [5, 7], {
    kind: "string",
    length: 16,
    itemsize: 16,
    byteOrder: "|",
    charset: "ucs4",
    padding: "null-padded",
  }),
  S: ndarray(numbers.map((n) => `s${n}`), [5, 7], {
    kind: "string",
    length: 4,
    itemsize: 4,
    byteOrder: "|",
    charset: "ascii",
    padding: "null-padded",
  }),
};

Deno.test({
  name: `zarr-python reads what is written, in both versions, by each compression, shuffled${
    hasZarr ? "" : " (skipped: no Python with zarr)"
  }`,
  ignore: !hasZarr,
  fn: async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtome-zarr-"));
    try {
      const lazy = Object.fromEntries(
        Object.entries(WRITTEN).map(([name, array]) => [`g/${name}`, memoryArray(array)]),
      );
      const ways: Record<string, WriteZarrOptions> = {
        plain3: {},
        gzip3: { compression: { name: "gzip", level: 6 }, chunkShape: [2, 3] },
        zstd3: { compression: { name: "zstd", level: 3 }, chunkShape: [5, 7], blockBytes: 1 },
        plain2: { zarrFormat: 2, chunkShape: [9, 2] },
        gzip2: { zarrFormat: 2, compression: { name: "gzip", level: 1 }, chunkShape: [2, 3] },
        zstd2: { zarrFormat: 2, compression: { name: "zstd", level: 9 }, chunkShape: [1, 7] },
      };
      for (const [name, options] of Object.entries(ways)) await writeZarr(join(folder, name), lazy, options);
      const shuffled = { i4: memoryArray(ndarray(Int32Array.from(numbers))), f8: memoryArray(WRITTEN.f8!) };
      await writeZarr(join(folder, "shuffled"), shuffled, {
        zarrFormat: 2,
        shuffle: true,
        compression: { name: "gzip", level: 4 },
      });
      const script = fileURLToPath(new URL("./zarr_dump.py", import.meta.url));
      const names = [...Object.keys(ways), "shuffled"];
      const said = execFileSync(PYTHON!, [script, folder], { input: names.join("\n"), encoding: "utf8" });
      const dumped = said.trim().split("\n").map((line): Dumped => JSON.parse(line));
      assert.equal(dumped.length, names.length * Object.keys(WRITTEN).length - Object.keys(WRITTEN).length + 2);
      for (const { store, path, error, sha256, values: texts, shape } of dumped) {
        const where = `${store} ${path}`;
        assert.equal(error, undefined, where);
        const array = path === "i4" ? ndarray(Int32Array.from(numbers)) : WRITTEN[path.replace("g/", "")]!;
        assert.deepEqual(shape, array.shape, where);
        if (texts !== undefined) assert.deepEqual(texts, array.data, where);
        else assert.equal(sha256, digest(array, array.dtype.itemsize), where);
        await using back = await openZarr(join(folder, store), { path });
        assert(back.kind === "array");
        assert.deepEqual((await back.read()).data, array.data, where);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
});

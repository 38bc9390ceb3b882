import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import type { NpyArray } from "../../src/npy/npy_array.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { encodeNpy, writeNpy } from "../../src/npy/write.ts";
import { encodeNpz, writeNpz } from "../../src/npy/write_npz.ts";
import { UnsupportedError } from "../../src/source/errors.ts";
import { canonicalElements, checksum, withoutNumberTypes } from "../npy/canonical.ts";
import { findPython } from "./python.ts";

/** What NumPy says of an array, or why it can't load it. */
interface Dumped {
  readonly descr: string;
  readonly shape: number[];
  readonly data?: unknown[];
  readonly sha256?: string;
  readonly error?: string;
  readonly raw?: string;
  readonly members?: Record<string, Dumped>;
}

const PYTHON = findPython();
const SCRIPT = fileURLToPath(new URL("./npy.py", import.meta.url));
const CORPUS = fileURLToPath(new URL("../../../shared/data/npz/", import.meta.url));
const without = PYTHON === null ? " (skipped: no Python; see tests/interop/python.ts)" : "";
const withoutCorpus = without || (existsSync(CORPUS) ? "" : " (skipped: no corpus)");

function python<T>(command: string, ...paths: string[]): T {
  const options = { maxBuffer: 2 ** 30, encoding: "utf8" as const };
  return JSON.parse(execFileSync(PYTHON!, ["-W", "ignore", SCRIPT, command, ...paths], options));
}

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtome-npy-"));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

async function differs(array: NpyArray, expected: Dumped): Promise<string | undefined> {
  const whole = await array.read();
  if (expected.error !== undefined) return `NumPy can't load it: ${expected.error}`;
  if (array.shape.join() !== expected.shape.join()) return `shape ${array.shape}, expected ${expected.shape}`;
  try {
    if (expected.data === undefined) assert.equal(await checksum(whole), expected.sha256);
    else {
      const wanted = array.storage === "pickled" ? expected.data.map(withoutNumberTypes) : expected.data;
      assert.deepEqual(canonicalElements(whole), wanted);
    }
  } catch (error) {
    return (error as Error).message.slice(0, 600);
  }
  return undefined;
}

/** Fields of records whose names or titles are lost, or that lie in both byte orders: read right, written otherwise. */
const WRITTEN_OTHERWISE = ["records_mixed", "records_title"];

Deno.test({
  name: `what NumPy saves is read equal, and written again as the same bytes${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const dumped = python<Record<string, Dumped>>("make", folder);
    const lines: string[] = [];
    let same = 0;
    for (const [path, expected] of Object.entries(dumped)) {
      if (!path.endsWith(".npy")) continue;
      await using array = await openNpy(path);
      const difference = await differs(array, expected);
      if (difference !== undefined) lines.push(`${path}: ${difference}`);
      if (array.storage === "pickled" || WRITTEN_OTHERWISE.some((name) => path.includes(name))) continue;
      const byteOrder = expected.descr.includes(">") ? ">" : "<";
      const written = encodeNpy(await array.read(), { byteOrder, order: array.order });
      const original = readFileSync(path);
      if (!original.equals(written)) lines.push(`${path}: written otherwise than by NumPy`);
      const copy = join(folder, "copy");
      await writeNpy(copy, array, { byteOrder, order: array.order, blockBytes: 50 });
      if (!original.equals(readFileSync(copy))) lines.push(`${path}: written otherwise in blocks`);
      same++;
    }
    assert.deepEqual(lines, []);
    assert.ok(same > 50, `${same} files`);
  }),
});

Deno.test({
  name: `archives that NumPy saves are read equal, and a stored one is written again as the same bytes${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const dumped = python<Record<string, Dumped>>("make", folder);
    const lines: string[] = [];
    for (const name of ["stored", "objects"]) {
      await using npz = await openNpz(`${folder}/${name}.npz`);
      const { members } = dumped[`${folder}/${name}.npz`]!;
      assert.deepEqual([...npz.keys()], Object.keys(members!));
      for (const key of npz.keys()) {
        const difference = await differs(await npz.get(key), members![key]!);
        if (difference !== undefined) lines.push(`${name} ${key}: ${difference}`);
      }
    }
    assert.deepEqual(lines, []);

    await using stored = await openNpz(`${folder}/stored.npz`);
    await using packed = await openNpz(`${folder}/packed.npz`);
    const arrays: Record<string, NDArray | NpyArray> = {};
    for (const [key, array] of await stored.getAll()) {
      arrays[key] = array;
      const other = await packed.get(key);
      assert.equal(other.storage, "deflated");
      assert.deepEqual(canonicalElements(await other.read()), canonicalElements(await array.read()), key);
    }
    // A single order for the whole archive: the one array in Fortran order is written alone.
    const { fortran: _, ...plain } = arrays;
    await writeNpz(`${folder}/again.npz`, plain, { blockBytes: 64 });
    const again = python<Record<string, string>>("resave", `${folder}/again.npz`);
    assert.ok(Buffer.from(again[`${folder}/again.npz`]!, "base64").equals(readFileSync(`${folder}/again.npz`)));

    const long = await packed.get("long");
    assert.equal((await long.read([1_999_999])).data[0], BigInt(Math.floor(1_999_999 / 7)));
  }),
});

Deno.test({
  name: `NumPy reads the archives that are written here, compressed or not, and finds their checksums right${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const big = ndarray(Float64Array.from({ length: 300_000 }, (_, i) => Math.sin(i / 100)), [100, 3000]);
    const arrays = {
      big: memoryArray(big, { chunkShape: [7, 1000] }),
      text: ndarray(["a", "λμ"]),
      scalar: ndarray(Int16Array.of(7), []),
      none: ndarray(new Float32Array(0), [0, 5]),
      half: ndarray(Float32Array.of(0.5, -2), [2], dtypeFromNumpy("<f2")),
      "é": ndarray(BigInt64Array.of(-1n, 2n ** 62n)),
    };
    const paths = [true, false].map((compressed) => `${folder}/${compressed}.npz`);
    await writeNpz(paths[0]!, arrays, { compression: true, blockBytes: 100_000, order: "F" });
    writeFileSync(paths[1]!, await encodeNpz(arrays));
    assert.deepEqual(python("check", ...paths), { [paths[0]!]: null, [paths[1]!]: null });
    for (const [path, { members, error }] of Object.entries(python<Record<string, Dumped>>("dump", ...paths))) {
      assert.equal(error, undefined, path);
      assert.deepEqual(Object.keys(members!), Object.keys(arrays));
      await using npz = await openNpz(path);
      for (const key of npz.keys()) assert.equal(await differs(await npz.get(key), members![key]!), undefined, key);
      assert.equal((await npz.get("big")).order, path === paths[0] ? "F" : "C");
      assert.deepEqual((await (await npz.get("big")).read()).data, big.data);
    }
    assert.ok(statSync(paths[0]!).size < 0.99 * statSync(paths[1]!).size);
  }),
});

function corpusFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return corpusFiles(path);
    return /\.np[yz]$/.test(entry.name) ? [path] : [];
  });
}

Deno.test({
  name: `every .npy and .npz file of the corpus reads equal to NumPy${withoutCorpus}`,
  ignore: withoutCorpus !== "",
  fn: async () => {
    const files = corpusFiles(CORPUS);
    // Their pickles were looked at: they hold plain data, or a range.
    const isPickled = (path: string) => /objarr|ibllib__|block_300ms/.test(path);
    const dumped = {
      ...python<Record<string, Dumped>>("dump", ...files.filter((path) => !isPickled(path))),
      ...python<Record<string, Dumped>>("dump-pickled", ...files.filter(isPickled)),
    };
    const lines: string[] = [];
    const refused: string[] = [];
    let arrays = 0;
    const check = async (array: NpyArray, expected: Dumped, name: string) => {
      arrays++;
      try {
        const difference = await differs(array, expected);
        if (difference !== undefined) lines.push(`${name}: ${difference}`);
      } catch (error) {
        if (!(error instanceof UnsupportedError)) throw error;
        refused.push(`${name}: ${error.message.replace(/.* in its pickle /, "")}`);
      }
    };
    for (const path of files) {
      const expected = dumped[path]!;
      if (path.endsWith(".npy")) {
        await using array = await openNpy(path);
        await check(array, expected, path.slice(CORPUS.length));
        continue;
      }
      await using npz = await openNpz(path);
      for (const key of npz.keys()) {
        await check(await npz.get(key), expected.members![key]!, `${path.slice(CORPUS.length)} ${key}`);
      }
    }
    console.log(`    ${arrays} arrays of ${files.length} files`);
    assert.deepEqual(lines, []);
    assert.deepEqual(refused.sort(), [
      "numpy__py2-np0-objarr.npy: it asks for numpy.core._internal._reconstruct",
      "numpy__py2-objarr.npy: it asks for __builtin__.xrange",
      "numpy__py3-objarr.npy: it asks for builtins.range",
      "numpy__py3-objarr.npz x: it asks for builtins.range",
    ]);
  },
});

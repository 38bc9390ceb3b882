import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
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
const REFUSED = /codec "(numcodecs\.)?(bz2|fletcher32|zfpy|pcodec)" isn't built in/;

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

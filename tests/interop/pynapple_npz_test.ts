import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { elements, flatten, ndarray } from "../../src/array/ndarray.ts";
import { Npz, openNpz } from "../../src/npy/npz.ts";
import { writeNpz } from "../../src/npy/write_npz.ts";
import { loadFolder } from "../../src/series/folder/load.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import type { Metadata } from "../../src/series/metadata.ts";
import { loadNpz } from "../../src/series/npz/npz.ts";
import { encodeColumn } from "../../src/series/npz/columns.ts";
import { kindOfObject, saveNpz, type SeriesObject } from "../../src/series/npz/write.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { TsdTensor } from "../../src/series/tsd_tensor.ts";
import type { NDArray } from "../../src/array/types.ts";
import { findNwbPython } from "./python.ts";

const PYTHON = findNwbPython();
const SCRIPT = fileURLToPath(new URL("./pynapple_npz.py", import.meta.url));
const CORPUS = fileURLToPath(new URL("../../../shared/data/npz/", import.meta.url));
const without = PYTHON === null ? " (skipped: no pynapple; see tests/interop/python.ts)" : "";
const withoutCorpus = without || (existsSync(CORPUS) ? "" : " (skipped: no corpus)");

interface PlainArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** What the script says of a file. */
interface Described {
  readonly kind: string;
  readonly support: readonly [PlainArray, PlainArray];
  readonly t?: PlainArray;
  readonly d?: PlainArray;
  readonly columns?: readonly unknown[];
  readonly members?: Readonly<Record<string, readonly [PlainArray, PlainArray | null]>>;
  readonly metadata?: Readonly<Record<string, PlainArray>>;
}

/** What the script says of a folder. */
interface DescribedFolder {
  readonly tree: string;
  readonly panel: string;
  readonly none: string;
  readonly keys: string[];
  readonly sidecar: string;
}

function python<T>(command: string, ...paths: string[]): T {
  const options = { maxBuffer: 2 ** 28, encoding: "utf8" as const };
  return JSON.parse(execFileSync(PYTHON!, ["-W", "ignore", SCRIPT, command, ...paths], options));
}

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = mkdtempSync(join(tmpdir(), "microtome-pynapple-"));
    try {
      await run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

/** A value as the script writes it, and what it wrote, made comparable: numbers as numbers. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Map) return [...value];
  return value;
}

function theirs(value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (value === "nan") return NaN;
  const complex = /^\((-?[\d.e+-]+?)([+-][\d.e+-]+)j\)$/.exec(value);
  if (complex !== null) return [Number(complex[1]), Number(complex[2])];
  return value !== "" && !Number.isNaN(Number(value)) ? Number(value) : value;
}

function sameArray(own: NDArray, { shape, data }: PlainArray, label: string): void {
  assert.deepEqual(own.shape, shape, label);
  assert.deepEqual([...elements(flatten(own))].map(plain), data.map(theirs), label);
}

function sameMetadata(own: Metadata, wanted: Described["metadata"], label: string): void {
  const names = own.keys().filter((name) => name !== "rate");
  assert.deepEqual(names, Object.keys(wanted!), label);
  for (const name of names) sameArray(encodeColumn(own.get(name)), wanted![name]!, `${label} ${name}`);
}

async function same(own: SeriesObject | Npz, wanted: Described, label: string): Promise<void> {
  assert.ok(!(own instanceof Npz), label);
  assert.equal(kindOfObject(own), wanted.kind, label);
  const support = own instanceof IntervalSet ? own : own.timeSupport;
  sameArray(ndarray(support.start), wanted.support[0], label);
  sameArray(ndarray(support.end), wanted.support[1], label);
  if (own instanceof IntervalSet) return sameMetadata(own.metadata, wanted.metadata, label);
  if (own instanceof TsGroup) {
    assert.deepEqual(own.keys().map(String), Object.keys(wanted.members!), label);
    for (const [key, member] of own) {
      const [t, d] = wanted.members![key]!;
      sameArray(ndarray(member.times), t, label);
      assert.equal(member instanceof Tsd, d !== null, label);
      if (member instanceof Tsd) sameArray(await member.read(), d!, label);
    }
    return sameMetadata(own.metadata, wanted.metadata, label);
  }
  sameArray(ndarray(own.times), wanted.t!, label);
  if (!(own instanceof Ts)) sameArray(await own.read(), wanted.d!, label);
  if (own instanceof TsdFrame) {
    assert.deepEqual(own.columns, wanted.columns!.map(theirs), label);
    sameMetadata(own.metadata, wanted.metadata, label);
  }
}

Deno.test({
  name: `every kind that pynapple saves is loaded equal, and what is saved again is the same to pynapple${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const made = python<Record<string, Described>>("make", folder);
    const names = Object.keys(made);
    assert.deepEqual([...new Set(names.map((name) => made[name]!.kind))].length, 6);
    for (const name of names) {
      const object = await loadNpz(`${folder}/${name}.npz`) as SeriesObject;
      await same(object, made[name]!, name);
      for (const compression of [false, true]) {
        await saveNpz(`${folder}/${name}.${compression}.npz`, object, { compression });
      }
      await using original = await openNpz(`${folder}/${name}.npz`);
      await using again = await openNpz(`${folder}/${name}.false.npz`);
      assert.deepEqual(again.keys(), original.keys(), name);
      for (const [key, array] of await original.getAll()) {
        const other = await again.get(key);
        const label = `${name} ${key}`;
        assert.deepEqual([other.dtype, other.shape], [array.dtype, array.shape], label);
        // Plain arrays are the same bytes; but where the original is in Fortran order, which isn't kept.
        if (array.storage !== "stored" || array.order === "F") continue;
        assert.deepEqual(await again.bytes(key), await original.bytes(key), label);
      }
    }
    for (const compression of [false, true]) {
      const paths = names.map((name) => `${folder}/${name}.${compression}.npz`);
      const again = python<Record<string, Described>>("describe", ...paths);
      for (const [i, name] of names.entries()) assert.deepEqual(again[paths[i]!], made[name], name);
    }
  }),
});

Deno.test({
  name: `what is made here is loaded by pynapple as what it is${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const t = Float64Array.from({ length: 20 }, (_, i) => i * 1.1);
    const timeSupport = new IntervalSet([0, 12.5], [8, 30], { metadata: { label: ["a", "b"] } });
    const values = (...shape: number[]) => {
      const count = shape.reduce((product, length) => product * length, 20);
      return ndarray(Float32Array.from({ length: count }, (_, i) => i / 3), [20, ...shape]);
    };
    const metadata = { area: ["pfc", "hpc"], n: [1, 2], depth: [0.5, NaN], ok: [true, false], any: ["a", null] };
    const objects: Record<string, SeriesObject> = {
      ts: new Ts(t, { timeSupport }),
      tsd: new Tsd(t, values(), { timeSupport }),
      bool: new Tsd(t, Array.from(t, (time) => time > 5)),
      frame: new TsdFrame(t, values(2), { columns: ["x", "λ"], metadata }),
      mixed: new TsdFrame(t, values(2), { columns: ["x", 4] }),
      tensor: new TsdTensor(t, values(2, 3)),
      group: new TsGroup(new Map([[5, new Ts(t)], [2, new Ts([0.05, 3])]]), { timeSupport, metadata }),
      values: new TsGroup(new Map<number, Ts | Tsd>([[5, new Tsd(t, values())], [2, new Ts([0.05, 3])]])),
      intervals: timeSupport.setInfo(metadata),
    };
    for (const [name, object] of Object.entries(objects)) await saveNpz(`${folder}/${name}.npz`, object);
    const paths = Object.keys(objects).map((name) => `${folder}/${name}.npz`);
    const described = Object.values(python<Record<string, Described>>("describe", ...paths));
    for (const [i, [name, object]] of Object.entries(objects).entries()) {
      if (name === "values") {
        // Of a group that has values, each member has.
        await same((await loadNpz(`${folder}/values.npz`)) as TsGroup, described[i]!, name);
      } else await same(object, described[i]!, name);
    }
  }),
});

Deno.test({
  name: `pynapple's own test files are loaded as pynapple loads them${withoutCorpus}`,
  ignore: withoutCorpus !== "",
  fn: async () => {
    const paths = ["ts", "tsd", "tsdframe"].map((name) => `${CORPUS}pynapple__${name}.npz`);
    const described = python<Record<string, Described>>("describe", ...paths);
    for (const path of paths) await same(await loadNpz(path), described[path]!, path);
  },
});

Deno.test({
  name: `folders have pynapple's tree, keys, panels and sidecars${without}`,
  ignore: PYTHON === null,
  fn: inFolder(async (folder) => {
    const tsd = new Tsd([0, 1], [5, 6]);
    mkdirSync(`${folder}/sub-B/ses-1`, { recursive: true });
    mkdirSync(`${folder}/sub-A`);
    mkdirSync(`${folder}/.hidden`);
    await saveNpz(`${folder}/x.npz`, tsd);
    await saveNpz(`${folder}/.hidden/x.npz`, tsd);
    await saveNpz(`${folder}/sub-B/ses-1/my tsd.npz`, tsd);
    await saveNpz(`${folder}/sub-A/position_x.npz`, new IntervalSet([0], [1]));
    await writeNpz(`${folder}/sub-B/other.npz`, { a: ndarray([1, 2].map(String)) });
    const { tree, panel, none, keys, sidecar } = python<DescribedFolder>("folder", folder);

    await using loaded = await loadFolder(folder);
    const lines = (text: string) =>
      text.trimEnd().replaceAll("└", "├").split("\n").map((line) => line.trimEnd()).sort();
    // Files are in no order there.
    assert.deepEqual(lines(await loaded.expand()), lines(tree));
    assert.deepEqual([...loaded.keys()].sort(), [...keys].sort());
    assert.deepEqual(loaded.subfolder("sub-B").subfolder("ses-1").keys(), ["mytsd"]);
    const { time, info } = (await loaded.describe("saved"))!;
    assert.deepEqual(JSON.parse(sidecar), { time, info });
    assert.equal(info, "what é is\nin it");
    const body = (text: string) =>
      text.split("\n").filter((line) => line.startsWith("│")).map((line) => line.replace(/ +│$/, ""));
    assert.deepEqual(body(await loaded.info("saved")), body(panel));
    assert.deepEqual(body(await loaded.info("x")), body(none));

    await loaded.save("ours", tsd, { description: info! });
    const ours = readFileSync(`${folder}/ours.json`, "utf8");
    const masked = (text: string) => text.replace(/"time": "[\d -:.]{26}"/, "TIME");
    assert.equal(masked(ours), masked(sidecar));
    assert.match(ours, /"time": "\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}"/);
  }),
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { elements } from "../../src/array/ndarray.ts";
import { NWBFile, type NwbSeries } from "../../src/nwb/nwb_file.ts";
import type { NwbObject } from "../../src/nwb/object.ts";
import type { NwbTable } from "../../src/nwb/tables/table.ts";
import type { NwbTimeSeries } from "../../src/nwb/series/time_series.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import type { Metadata } from "../../src/series/metadata.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { ValueSeries } from "../../src/series/value_series.ts";
import { findNwbPython } from "./python.ts";

const PYTHON = findNwbPython();
const FOLDER = fileURLToPath(new URL("../../../shared/data/nwb/", import.meta.url));
const OWN = fileURLToPath(new URL("../data/session.nwb", import.meta.url));

type Plain = unknown[] | { count: number; sha256: string };

interface Described {
  readonly kind: string;
  readonly listed: string;
  readonly id: string;
  readonly path: string;
  readonly [field: string]: unknown;
}

interface Answer {
  readonly file: string;
  readonly error?: string;
  readonly text: string;
  readonly keys: string[];
  readonly entries: Record<string, Described>;
}

function askPynapple(files: readonly string[]): Answer[] {
  const script = fileURLToPath(new URL("./nwb.py", import.meta.url));
  const text = execFileSync(PYTHON!, [script, ...files], {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

/** Checks that the first values in physical units are pynwb's, up to the order of two multiplications. */
async function checkPhysical(file: NWBFile, key: string, expected: readonly number[], label: string): Promise<void> {
  const { data } = await file.at(key) as NwbTimeSeries;
  const values = [...elements(await data.read([{ start: 0, stop: 20, step: 1 }]))].slice(0, expected.length).map(
    Number,
  );
  assert.equal(values.length, expected.length, label);
  values.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) <= 1e-14 * Math.abs(expected[i]!), `${label}: ${value}, ${expected[i]}`);
  });
}

/** A list as the script writes it. */
function plain(values: Iterable<unknown>): Plain {
  const list = [...values].map((value) => typeof value === "bigint" ? Number(value) : value);
  if (list.length > 200 && list.every((value) => typeof value === "number" || typeof value === "boolean")) {
    const bytes = new Uint8Array(Float64Array.from(list, Number).buffer);
    return { count: list.length, sha256: createHash("sha256").update(bytes).digest("hex") };
  }
  return list.map((value) => typeof value === "number" && !Number.isFinite(value) ? pythonName(value) : value);
}

function pythonName(value: number): string {
  return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

function checkMetadata(own: Metadata, theirs: Record<string, Plain>, label: string): void {
  // Ours has truth values too, which pynapple leaves out.
  for (const [name, values] of Object.entries(theirs)) {
    if (name === "rate") continue;
    assert.ok(own.has(name), `${label}: metadata ${name}`);
    const entries = Array.from(own.get(name) as ArrayLike<unknown>, (value) => Array.isArray(value) ? value[0] : value);
    assert.deepEqual(plain(entries), values, `${label}: metadata ${name}`);
  }
}

async function checkSeries(nwb: NWBFile, key: string, own: NwbSeries, theirs: Described, label: string): Promise<void> {
  if (own instanceof IntervalSet) {
    // pynapple keeps rows of NaN, and takes a microsecond off where intervals touch.
    if (Array.isArray(theirs.start) && theirs.start.includes("nan")) return;
    assert.deepEqual(plain(own.start), theirs.start, label);
    const ends = [...own.end].map((end, i) => end === own.start[i + 1] ? Number((end - 1e-6).toFixed(9)) : end);
    assert.deepEqual(plain(ends), theirs.end, label);
    checkMetadata(own.metadata, theirs.metadata as Record<string, Plain>, label);
  } else if (own instanceof TsGroup) {
    assert.deepEqual([...own.keys()], theirs.keys, label);
    assert.deepEqual(own.members().map(({ times }) => plain(times)), theirs.members, label);
    checkMetadata(own.metadata, theirs.metadata as Record<string, Plain>, label);
  } else if (own instanceof Ts) {
    assert.deepEqual(plain(own.times), theirs.times, label);
  } else if (own instanceof ValueSeries) {
    assert.deepEqual(plain(own.times), theirs.times, label);
    assert.deepEqual(own.shape, theirs.shape, label);
    // pynapple sorts times, and leaves the values where they were.
    const wasSorted = !(nwb.warnings.get(key) ?? "").includes("timestamps are not sorted");
    const values = wasSorted ? await own.read() : await (await nwb.at(key) as NwbTimeSeries).raw.read();
    assert.deepEqual(plain(elements(values)), theirs.values, label);
    if (own instanceof TsdFrame) assert.deepEqual([...own.columns], theirs.columns, label);
  } else {
    assert.fail(`${label}: nothing to compare`);
  }
}

Deno.test({
  name: `NWB files give the keys, types, times and values that pynapple gives${
    PYTHON === null ? " (skipped: no Python with pynapple; see tests/interop/python.ts)" : ""
  }`,
  ignore: PYTHON === null,
  fn: async () => {
    const corpus = existsSync(FOLDER) ? readdirSync(FOLDER).sort().map((name) => FOLDER + name) : [];
    if (corpus.length === 0) console.log("no corpus: only the file of tests/data is compared");
    let [files, series, physicals] = [0, 0, 0];
    for (const answer of askPynapple([OWN, ...corpus.filter((path) => path.endsWith(".nwb"))])) {
      if (answer.error !== undefined) continue;
      files++;
      await using nwb = await NWBFile.open(answer.file, { raw: true });
      // Of two objects with the same path pynapple has the last alone.
      const lost = nwb.entries().filter(([, { path, fullPath }]) => path === fullPath && path.split("/").length > 3);
      // Types that nothing is known of are listed, and by pynapple not.
      const strange = nwb.keys().filter((key) => nwb.typeOf(key) === "unknown" && !answer.keys.includes(key));
      for (const key of strange) console.log(`${nwb.name}: ${key}: ${nwb.warnings.get(key)}`);
      const keys = nwb.keys().filter((key) =>
        !strange.includes(key) && !lost.some(([one]) => one === key && !answer.keys.includes(key))
      );
      assert.deepEqual(keys.toSorted(), answer.keys.toSorted(), answer.file);
      if (lost.length === 0 && strange.length === 0) assert.equal(String(nwb), answer.text);
      for (const key of keys) {
        const label = `${nwb.name}: ${key}`;
        const theirs = answer.entries[key]!;
        assert.equal(nwb.typeOf(key), theirs.listed, label);
        // Files without ids get random ones from pynwb.
        if (nwb.keyToId[key] !== "") assert.equal(nwb.keyToId[key], theirs.id, label);
        assert.equal(nwb.keyToFullPath[key], theirs.path, label);
        if (theirs.kind === "failed") {
          // pynapple gives the object, and warns; so is it here.
          const object = await nwb.get(key) as NwbTimeSeries | NwbTable | NwbObject;
          assert.equal(object.path, nwb.entries().find(([one]) => one === key)![1].path, label);
          assert.ok(nwb.warnings.has(key), label);
          console.log(`${label}: ${nwb.warnings.get(key)}`);
        } else {
          await checkSeries(nwb, key, await nwb.get<NwbSeries>(key), theirs, label);
          const { physical } = theirs;
          if (Array.isArray(physical)) {
            await checkPhysical(nwb, key, physical, label);
            physicals++;
          }
          series++;
        }
      }
    }
    console.log(`${series} series of ${files} files are as pynapple has them, ${physicals} in pynwb's physical units`);
    assert.ok(physicals >= (corpus.length > 0 ? 50 : 6));
    assert.ok(series >= (corpus.length > 0 ? 70 : 9));
  },
});

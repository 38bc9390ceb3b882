import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { elements, isNDArray } from "../../src/array/ndarray.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import { NwbTable } from "../../src/nwb/tables/table.ts";
import { NwbTimeSeries } from "../../src/nwb/series/time_series.ts";
import type { NwbObject } from "../../src/nwb/object.ts";
import { reportPath } from "../support/reports.ts";
import { findNwbPython } from "./python.ts";

const PYTHON = findNwbPython();
const FOLDER = fileURLToPath(new URL("../data/nwb_odd/", import.meta.url));
const REPORTS = ["01_index_named_column.nwb", "02_arrays_of_one.nwb", "03_external_video.nwb"];

/** An object as the script describes it. */
interface Described {
  readonly kind: "table" | "series";
  readonly ids?: unknown[];
  readonly columns?: Record<string, unknown[]>;
  readonly values?: unknown[];
  readonly unit?: string;
  readonly times?: number[];
  readonly start?: number;
  readonly rate?: number | "nan";
  readonly files?: string[];
  readonly frames?: number[];
  readonly samples?: number | null;
}

interface Answer {
  readonly file: string;
  readonly by: string;
  readonly objects: Record<string, Described>;
  readonly kinds: Record<string, string>;
}

/** What is another answer here, each with its reason. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "elsewhere.trials.licks": "an index that runs backwards: rows from it on are refused, where NumPy's slices are empty",
  pokes: "two plain columns: times, where pynapple fails by their names",
  rate_zero: "a rate of 0: no times, where pynapple has infinite ones",
  rate_negative: "a negative rate: no times, where pynapple has times that run backwards, sorted",
  rate_nan: "a rate of NaN: no times, where pynapple has NaN",
};

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isNDArray(value)) return [...elements(value)].map(plain);
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && !Number.isFinite(value) ? "nan" : value;
}

async function checkTable(table: NwbTable, theirs: Described, label: string): Promise<void> {
  assert.deepEqual(await table.ids(), theirs.ids, label);
  for (const [name, rows] of Object.entries(theirs.columns!)) {
    if (`${label.replace(/ .* /, ".")}.${name}` in DIFFERENT) {
      await assert.rejects(table.column(name).read(), /^CorruptFileError/, `${label} ${name}`);
    } else {
      assert.deepEqual(plain(await table.column(name).read()), rows, `${label} ${name}`);
    }
  }
}

async function checkSeries(series: NwbTimeSeries, theirs: Described, label: string): Promise<void> {
  if (theirs.values !== undefined) assert.deepEqual(plain(await series.data.read()), theirs.values, label);
  if (theirs.unit !== undefined) assert.equal(series.unit, theirs.unit, label);
  if (theirs.times !== undefined) assert.deepEqual([...await series.times() as Float64Array], theirs.times, label);
  if (theirs.rate !== undefined) {
    assert.deepEqual([series.startingTime, plain(series.rate)], [theirs.start, theirs.rate], label);
  }
  if (theirs.files !== undefined) {
    const { externalFiles, startingFrames, numSamples } = series;
    assert.deepEqual([externalFiles, startingFrames, numSamples], [theirs.files, theirs.frames, theirs.samples], label);
  }
}

Deno.test({
  name: `odd NWB files give what pynwb, h5py and pynapple give, but for differences that are listed${
    PYTHON === null ? " (skipped: no Python with pynapple; see tests/interop/python.ts)" : ""
  }`,
  ignore: PYTHON === null,
  fn: async () => {
    const reports = REPORTS.flatMap((name) => reportPath(name) ?? []);
    if (reports.length < REPORTS.length) {
      console.log("without shared/reports: only the files of tests/data are compared");
    }
    const files = [...readdirSync(FOLDER).sort().map((name) => FOLDER + name), ...reports];
    const script = fileURLToPath(new URL("./nwb_odd.py", import.meta.url));
    const text = execFileSync(PYTHON!, [script, ...files], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    let count = 0;
    for (const line of text.trim().split("\n")) {
      const answer = JSON.parse(line) as Answer;
      await using nwb = await NWBFile.open(answer.file);
      for (const [name, theirs] of Object.entries(answer.objects)) {
        const label = `${nwb.name} by ${answer.by}: ${name}`;
        const view = await nwb.at(nwb.has(name) ? name : `/acquisition/${name}`);
        if (nwb.has(name) && nwb.typeOf(name) === "unknown" && !(view instanceof NwbTimeSeries)) {
          // Nothing is taken for granted of a type that isn't known: its datasets are there.
          assert.deepEqual(plain(await (view as NwbObject).arrays.data!.read()), theirs.values, label);
        } else if (theirs.kind === "table") {
          assert.ok(view instanceof NwbTable, label);
          await checkTable(view, theirs, label);
        } else {
          assert.ok(view instanceof NwbTimeSeries, label);
          await checkSeries(view, theirs, label);
        }
        count++;
      }
      for (const [key, kind] of Object.entries(answer.kinds)) {
        if (key in DIFFERENT) continue;
        const ours = (await nwb.get(key)).constructor.name;
        const isObject = ours.startsWith("Nwb");
        // Where pynapple gives the object, so does get.
        assert.equal(
          isObject ? "object" : ours,
          /^(Ts(d|dFrame|dTensor|Group)?|IntervalSet)$/.test(kind) ? kind : "object",
          `${nwb.name}: ${key}`,
        );
      }
    }
    console.log(`${count} objects of ${files.length} odd files are as the peers have them`);
    assert.ok(count >= 35);
  },
});

import assert from "node:assert/strict";
import { elements, isNDArray } from "../../src/array/ndarray.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import type { NwbObject } from "../../src/nwb/object.ts";
import type { NwbTable } from "../../src/nwb/tables/table.ts";
import { NwbTimeSeries } from "../../src/nwb/series/time_series.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import type { Ts } from "../../src/series/ts.ts";
import type { TsGroup } from "../../src/series/ts_group.ts";
import type { Tsd } from "../../src/series/tsd.ts";
import type { TsdFrame } from "../../src/series/tsd_frame.ts";
import type { TimeAxis } from "../../src/time/axis.ts";
import { reportPath } from "../support/reports.ts";

const FOLDER = new URL("../data/nwb_odd/", import.meta.url);

/** A report as a test, which is skipped where the folder of reports isn't. */
function report(name: string, what: string, check: (nwb: NWBFile) => Promise<void>): void {
  const path = reportPath(name);
  Deno.test({
    name: `${name}: ${what}${path === null ? " (skipped: shared/reports isn't here)" : ""}`,
    ignore: path === null,
    fn: async () => {
      await using nwb = await NWBFile.open(path!);
      await check(nwb);
    },
  });
}

async function openOdd(name: string): Promise<NWBFile> {
  return await NWBFile.open(new URL(name, FOLDER));
}

/** Arrays, lists of them, and values, as plain lists. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (isNDArray(value)) return [...elements(value)].map(plain);
  return typeof value === "bigint" ? Number(value) : value;
}

async function columnsOf(table: NwbTable): Promise<Record<string, unknown>> {
  const columns = [...table.columns.values()];
  return Object.fromEntries(
    await Promise.all(columns.map(async (column) => [column.name, plain(await column.read())])),
  );
}

async function timesOf(series: NwbTimeSeries): Promise<number[]> {
  const times = await series.times();
  return [...(times instanceof Float64Array ? times : (times as TimeAxis).times())];
}

report("01_index_named_column.nwb", "a plain column that is called as an index is a plain column", async (nwb) => {
  const trials = await nwb.get<IntervalSet>("trials");
  assert.deepEqual(trials.metadata.get("stimulus"), ["a", "b", "a", "c"]);
  assert.deepEqual([...trials.metadata.get("stimulus_index") as number[]], [0, 1, 2, 4]);
  const table = await nwb.at("trials") as NwbTable;
  const { stimulus, stimulus_index } = await columnsOf(table);
  assert.deepEqual([stimulus, stimulus_index], [["a", "b", "a", "c"], [0, 1, 2, 4]]);
  assert.equal(nwb.warnings.size, 0);
});

report("02_arrays_of_one.nwb", "numbers and texts as arrays of one are these numbers and texts", async (nwb) => {
  const scaled = await nwb.at("scaled") as NwbTimeSeries;
  assert.deepEqual([scaled.unit, scaled.conversion, scaled.offset, scaled.startingTime], ["mV", 0.5, 1, 3]);
  const series = await nwb.get<Tsd>("scaled");
  assert.deepEqual([...series.times].slice(0, 3), [3, 3.1, 3.2]);
  assert.deepEqual([...(await series.read()).data], Array.from({ length: 10 }, (_, i) => 0.5 * i + 1));
  const rated = await nwb.get<Tsd>("rated");
  assert.deepEqual([...rated.times].slice(0, 3), [0, 0.1, 0.2]);
  assert.deepEqual([...(await rated.read()).data], Array.from({ length: 10 }, (_, i) => i));
  assert.equal(nwb.warnings.size, 0);
});

report("03_external_video.nwb", "pictures in files of their own have their times, names and counts", async (nwb) => {
  const times = await nwb.get<NwbTimeSeries>("by_times");
  assert.deepEqual([times.externalFiles, times.startingFrames, times.numSamples], [["a.avi", "b.avi"], [0, 10], 20]);
  assert.deepEqual(await timesOf(times), Array.from({ length: 20 }, (_, i) => i / 2));
  const rate = await nwb.get<NwbTimeSeries>("by_rate");
  assert.deepEqual([rate.startingTime, rate.rate, rate.numSamples], [0, 30, 77]);
  assert.deepEqual([rate.externalFiles, (await timesOf(rate)).length], [["c.avi"], 77]);
  assert.match(nwb.warnings.get("by_rate")!, /its pictures lie in files of their own \(c\.avi\)$/);
});

Deno.test("which dataset is an index follows from types and references, whatever the columns are called", async () => {
  await using nwb = await openOdd("index_names.nwb");
  assert.deepEqual(await columnsOf(await nwb.at("trials") as NwbTable), {
    start_time: [0, 1, 2],
    stop_time: [0.5, 1.5, 2.5],
    lap: [0, 10, 20],
    lap_index: [0.5, 1.5, 9.5],
    cue: ["a", "b", "c"],
    cue_index: [2, 2, 3],
    cue_index_index: ["x", "y", "z"],
    licks: [[], [1.1], [2.1, 2.1]],
    sniffs: [[], [[1]], [[2], [2, 3]]],
    // Its index has a name that says nothing.
    looks: [[0, 1], [0], []],
  });
  const trials = await nwb.get<IntervalSet>("trials");
  assert.deepEqual([...trials.metadata.get("lap_index") as number[]], [0.5, 1.5, 9.5]);
  assert.deepEqual(trials.metadata.get("cue_index_index"), ["x", "y", "z"]);
  const units = await nwb.get<TsGroup>("units");
  assert.deepEqual(units.members().map(({ times }) => [...times]), [[0.5], [0.5, 1.5], [0.5, 1.5, 2.5]]);
  assert.deepEqual([...units.metadata.get("depth_index") as number[]], [1, 2, 3]);
  // Two plain columns, which pynapple takes for units by their names, and fails.
  assert.equal(nwb.typeOf("pokes"), "Ts");
  assert.deepEqual((await nwb.get<Ts>("pokes")).times, Float64Array.of(0.25, 0.5, 0.75));
  assert.equal(nwb.warnings.size, 0);
});

Deno.test("numbers and texts count in all the forms in which files have them", async () => {
  await using nwb = await openOdd("attribute_forms.nwb");
  for (const name of ["one", "square", "fixed", "raw_bytes", "codes", "written"]) {
    const series = await nwb.at(name) as NwbTimeSeries;
    const { conversion, offset, resolution, unit, startingTime, rate, description } = series;
    assert.deepEqual(
      { conversion, offset, resolution, unit, startingTime, rate, description },
      { conversion: 0.5, offset: 1, resolution: 0.25, unit: "mV", startingTime: 3, rate: 20, description: "about it" },
      name,
    );
    const tsd = await nwb.get<Tsd>(name);
    assert.deepEqual([...(await tsd.read()).data], [1, 1.5, 2, 2.5, 3, 3.5], name);
    assert.deepEqual([...tsd.times], [3, 3.05, 3.1, 3.15, 3.2, 3.25], name);
  }
  const { conversion, offset, resolution, rate, unit } = await nwb.at("integers") as NwbTimeSeries;
  assert.deepEqual([conversion, offset, resolution, rate, unit], [2, 4, 1, 80, "mV"]);
  assert.equal(nwb.typeOf("typed"), "TsdFrame");
  assert.deepEqual((await nwb.get<TsdFrame>("typed")).columns, ["x", "y"]);
  assert.match(nwb.keyToId.typed!, /^[0-9a-f-]{36}$/);
  const trials = await nwb.at("trials") as NwbTable;
  assert.deepEqual((await columnsOf(trials)).licks, [[0], [1, 1]]);
  // References as arrays of one: the electrode groups and electrodes tell where the units were.
  const units = await nwb.get<TsGroup>("units");
  assert.deepEqual(units.members().map(({ length }) => length), [1, 2]);
  assert.equal(nwb.warnings.size, 0);
});

Deno.test("what lies elsewhere, or isn't there, is told, and what is there can be had", async () => {
  await using nwb = await openOdd("elsewhere.nwb");
  const view = async (key: string) => await nwb.get<NwbTimeSeries>(key);
  const video = async (key: string) => {
    const series = await view(key);
    assert.ok(series instanceof NwbTimeSeries && !series.hasData, key);
    const { externalFiles, startingFrames, numSamples } = series;
    return { externalFiles, startingFrames, numSamples, times: await timesOf(series).catch((error) => error.message) };
  };
  assert.deepEqual(await video("no_dataset"), {
    externalFiles: ["a.avi"],
    startingFrames: [0],
    numSamples: 3,
    times: [0.5, 1.5, 2.5],
  });
  assert.deepEqual(await video("two_cameras"), {
    externalFiles: ["left.avi", "right.avi"],
    startingFrames: [0, 3],
    numSamples: 6,
    times: [0, 0.25, 0.5, 0.75, 1, 1.25],
  });
  assert.deepEqual((await video("counted")).times, [10, 10.25, 10.5, 10.75, 11]);
  assert.deepEqual(await video("uncounted"), {
    externalFiles: ["c.avi"],
    startingFrames: [0],
    numSamples: null,
    times: "Cannot read /acquisition/uncounted: it doesn't say how many samples it has",
  });

  for (
    const [key, data, times] of [["fewer_times", [1, 2, 3, 4], [0, 1, 2]], ["more_times", [1, 2, 3, 4], [0, 1, 2]]]
  ) {
    const series = await view(key as string);
    assert.deepEqual([[...(await series.data.read()).data], await timesOf(series)], [data, times]);
    assert.match(nwb.warnings.get(key as string)!, /it has timestamps of shape \(3\) for [24] samples$/);
  }
  for (const [key, rate] of [["rate_zero", 0], ["rate_negative", -2], ["rate_nan", NaN]] as const) {
    const series = await view(key);
    assert.deepEqual([series.rate, series.startingTime, [...(await series.data.read()).data]], [rate, 5, [1, 2, 3]]);
    assert.match(nwb.warnings.get(key)!, new RegExp(`its rate is ${rate} Hz`));
    await assert.rejects(series.times(), /^CorruptFileError/);
  }
  for (const key of ["one_sample", "one_of_no_rate"]) {
    const tsd = await nwb.get<Tsd>(key);
    assert.deepEqual([[...tsd.times], [...(await tsd.read()).data]], [[3], [7]], key);
  }
  assert.deepEqual((await nwb.get<Tsd>("nothing_by_rate")).length, 0);
  assert.deepEqual((await nwb.get<TsdFrame>("nothing_by_times")).shape, [0, 2]);
  assert.deepEqual((await nwb.get<Ts>("notes")).times, Float64Array.of(1, 2));
  const bare = await view("no_data");
  assert.deepEqual([bare.hasData, bare.numSamples, await timesOf(bare)], [false, 2, [4, 5]]);

  const columnless = await nwb.at("/acquisition/no_columns") as NwbTable;
  assert.deepEqual([columnless.length, columnless.columns.size, await columnless.ids()], [2, 0, [5, 6]]);
  const rows = [];
  for await (const row of columnless) rows.push(row);
  assert.deepEqual(rows, [{ id: 5 }, { id: 6 }]);
  const rowless = await nwb.at("/acquisition/no_rows") as NwbTable;
  assert.deepEqual([rowless.length, await columnsOf(rowless)], [0, { a: [] }]);
  assert.match(nwb.warnings.get("/acquisition/no_rows")!, /^It has no colnames: its columns were told by their types$/);
  assert.equal((await nwb.get<IntervalSet>("no_intervals")).length, 0);

  // An index that ends before its values, and one that runs backwards.
  const units = await nwb.get<TsGroup>("units");
  assert.deepEqual(units.members().map(({ times }) => [...times]), [[0.5], [0.5, 1.5], [0.5, 1.5]]);
  assert.match(nwb.warnings.get("units")!, /has 6 values, and its last row ends at 5: those behind it belong to none$/);
  const trials = await nwb.get<IntervalSet>("trials");
  assert.ok(trials instanceof IntervalSet);
  assert.deepEqual([[...trials.start], trials.metadata.has("licks")], [[0, 1], false]);
  assert.match(nwb.warnings.get("trials")!, /column licks is left out: .*row 1 ends at 1, before it begins at 3$/);
});

Deno.test("objects of types that nothing is known of are listed, with a warning, and given as they are", async () => {
  await using nwb = await openOdd("unknown_types.nwb");
  assert.deepEqual(nwb.keys().toSorted(), ["inner", "known", "strange_series", "strange_table"]);
  for (
    const [key, type] of [["inner", "GlowTrack"], ["strange_series", "GlowSeries"], ["strange_table", "GlowTable"]]
  ) {
    assert.equal(nwb.typeOf(key!), "unknown");
    assert.match(
      nwb.warnings.get(key!)!,
      new RegExp(`neurodata_type "${type}" of the namespace "ndx-glow" isn't known, and the file has no specification`),
    );
    const object = await nwb.get<NwbObject>(key!);
    assert.equal(object.type, type);
  }
  const { arrays } = await nwb.get<NwbObject>("strange_series");
  assert.deepEqual([...(await arrays.data!.read()).data], [1, 2]);
  assert.deepEqual([...(await (await nwb.get<Tsd>("known")).read()).data], [1, 2]);
});

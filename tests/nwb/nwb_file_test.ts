import assert from "node:assert/strict";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import type { NwbObject } from "../../src/nwb/object.ts";
import type { NwbTimeSeries } from "../../src/nwb/series/time_series.ts";
import type { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { IntervalSet as Intervals } from "../../src/series/intervals/interval_set.ts";
import { Ts } from "../../src/series/ts.ts";
import type { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import type { TsdFrame } from "../../src/series/tsd_frame.ts";
import { makeBytes, makeNwb } from "./support.ts";

const SESSION = new URL("../data/session.nwb", import.meta.url);

Deno.test("a file lists its series as pynapple's documentation prints them, and reads no data for that", async () => {
  await using nwb = await NWBFile.open(SESSION);
  assert.equal(
    `${nwb}`,
    `session
┍━━━━━━━━━━━━━━━━━━━━━━━┯━━━━━━━━━━━━━┑
│ Keys                  │ Type        │
┝━━━━━━━━━━━━━━━━━━━━━━━┿━━━━━━━━━━━━━┥
│ units                 │ TsGroup     │
│ position_time_support │ IntervalSet │
│ epochs                │ IntervalSet │
│ z                     │ Tsd         │
│ y                     │ Tsd         │
│ x                     │ Tsd         │
│ rz                    │ Tsd         │
│ ry                    │ Tsd         │
│ rx                    │ Tsd         │
┕━━━━━━━━━━━━━━━━━━━━━━━┷━━━━━━━━━━━━━┙`,
  );
  assert.equal(nwb.size, 9);
  assert.equal(nwb.warnings.size, 0);
  assert.match(nwb.keyToId.units!, /^de078912-a093-4e6b-/);
  assert.equal(nwb.keyToFullPath.z, "/behavior/position/z");
  assert.deepEqual(nwb.entries().find(([key]) => key === "z")![1].path, "/processing/behavior/position/z");
});

Deno.test("an entry is built once, by its key or any of its paths, and its values stay in the file", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const z = await nwb.get<Tsd>("z");
  assert.ok(z instanceof Tsd && z.isLazy);
  assert.equal(await nwb.get("/behavior/position/z"), z);
  assert.equal(await nwb.get("/processing/behavior/position/z"), z);
  assert.ok(nwb.has("z") && nwb.has("/behavior/position/z") && !nwb.has("q"));
  const part = z.get(680, 690);
  assert.ok(part.isLazy);
  assert.equal((await part.load()).isLazy, false);
  await assert.rejects(nwb.get("q"), /^NotFoundError: Cannot get "q" of .*session.nwb: there is no such key$/);
  assert.throws(() => nwb.typeOf("q"), /^NotFoundError/);
  // x, y and z share their timestamps by links: they are read once.
  assert.ok((await nwb.get<Tsd>("x")).times === z.times);
});

Deno.test("units come with what their electrodes' groups and their table say, intervals with their tags", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const units = await nwb.get<TsGroup>("units");
  assert.deepEqual(units.keys(), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(units.metadata.keys(), ["rate", "location", "quality"]);
  assert.deepEqual([...units.getInfo("quality") as number[]], [0.5, 0.58, 0.66, 0.74, 0.82, 0.9]);
  assert.deepEqual(units.getInfo("location").length, 6);
  const epochs = await nwb.get<IntervalSet>("epochs");
  assert.deepEqual(epochs.pairs(), [[0, 670], [670, 1200]]);
  assert.deepEqual(epochs.getInfo("tags"), [["sleep"], ["wake"]]);
});

Deno.test("values are in physical units, per channel where the file says so, and as stored where asked", async () => {
  const fill = async (maker: Parameters<Parameters<typeof makeBytes>[0]>[0]) => {
    // The case of hdmf's facts: data 0…4 at 2 Hz from 1 s, conversion 2, offset 1.
    await maker.series("/acquisition/ts", Int16Array.of(0, 1, 2, 3, 4), {
      rate: 2,
      start: 1,
      attributes: { conversion: 2, offset: 1, resolution: 0.5 },
    });
    await maker.series("/acquisition/plain", Int16Array.of(7, 8), { attributes: { conversion: 1, offset: 0 } });
    await maker.series("/acquisition/odd", Int16Array.of(7, 8), { attributes: { conversion: NaN } });
    await maker.series("/acquisition/probe", [[1, 2, 3], [4, 5, 6]], {
      type: "ElectricalSeries",
      attributes: { conversion: 10 },
    });
    await maker.file.createDataset("/acquisition/probe/channel_conversion", {
      data: [1, 2, 0.5],
      attributes: { axis: 1 },
    });
  };
  await using nwb = await makeNwb(fill);
  const ts = await nwb.get<Tsd>("ts");
  assert.deepEqual(ts.times, Float64Array.of(1, 1.5, 2, 2.5, 3));
  assert.deepEqual((await ts.read()).data, Float64Array.of(1, 3, 5, 7, 9));
  assert.deepEqual((await ts.get(1.5, 2).read()).data, Float64Array.of(3, 5));
  const probe = await nwb.get<TsdFrame>("probe");
  assert.deepEqual((await probe.read()).data, Float64Array.of(10, 40, 15, 40, 100, 30));
  assert.deepEqual((await probe.columnAt(1).read()).data, Float64Array.of(40, 100));
  assert.deepEqual((await probe.read([[1, 0], [2, 1]])).data, Float64Array.of(30, 100, 15, 40));
  assert.deepEqual((await (await nwb.get<Tsd>("plain")).read()).data, Int16Array.of(7, 8));
  assert.deepEqual((await (await nwb.get<Tsd>("odd")).read()).data, Int16Array.of(7, 8));
  assert.match(nwb.warnings.get("odd")!, /conversion is NaN, which was taken as 1/);
  await using raw = await makeNwb(fill, { raw: true });
  assert.deepEqual((await (await raw.get<Tsd>("ts")).read()).data, Int16Array.of(0, 1, 2, 3, 4));
  const view = await nwb.at("/acquisition/ts") as NwbTimeSeries;
  assert.deepEqual([view.conversion, view.offset, view.unit, view.resolution], [2, 1, "volts", 0.5]);
  assert.deepEqual([view.startingTime, view.rate, view.description], [1, 2, "About /acquisition/ts"]);
});

Deno.test("a day at 30 kHz is opened, cut and counted without its times or values ever being listed", async () => {
  const samples = 86_400 * 30_000;
  await using nwb = await makeNwb(async (maker) => {
    await maker.object("/acquisition/day", "TimeSeries");
    await maker.file.createDataset("/acquisition/day/data", {
      shape: [samples],
      dtype: "<i2",
      chunkShape: [65_536],
      fillValue: 3,
      attributes: { unit: "volts", conversion: 0.5 },
    });
    await maker.file.createDataset("/acquisition/day/starting_time", { data: 100, attributes: { rate: 30_000 } });
  });
  const day = await nwb.get<Tsd>("day");
  assert.deepEqual(day.shape, [samples]);
  assert.deepEqual(
    [day.startTime(), day.endTime()],
    [100, 100 + (samples - 1) / 30_000].map((t) => Number(t.toFixed(9))),
  );
  assert.ok(Math.abs(day.rate - 30_000) < 1e-3);
  const window = day.get(50_000, 50_010);
  assert.equal(window.length, 300_001);
  assert.deepEqual([window.times[0], window.times.at(-1)], [50_000, 50_010]);
  const { data } = await window.read();
  assert.ok((data as Float64Array).every((value) => value === 1.5));
  const parts = day.restrict(new Intervals([[200, 200.001], [40_000, 40_000.0005]]));
  assert.equal(parts.length, 31 + 16);
  assert.deepEqual([...(await day.count(3600).read()).data as Int32Array].slice(0, 2), [108_000_000, 108_000_000]);
  const spikes = new Ts([150, 150.00002, 86_000]);
  assert.deepEqual([...(await (await spikes.valueFrom(day)).read()).data as Float64Array], [1.5, 1.5, 1.5]);
  assert.throws(() => day.times, /^LimitError: Cannot list 2,592,000,000 times: they would take 20 GiB/);
  assert.match(day.toString({ rows: 14 }), /shape: \(2592000000,\)$/);
});

Deno.test("annotations give their times, and columns of times a series each", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.series("/acquisition/notes", ["a", "b"], { type: "AnnotationSeries", timestamps: [3, 5] });
    await maker.table("/processing/one", { lick_times: [1, 2, 4], kind: ["l", "r", "l"] });
    await maker.table("/processing/two", { lick_times: [1, 2], poke_times: [7, 8] });
  });
  assert.deepEqual(nwb.entries().map(([key, { kind }]) => [key, kind]), [["two", "Ts"], ["one", "Ts"], [
    "notes",
    "Ts",
  ]]);
  assert.deepEqual((await nwb.get<Ts>("notes")).times, Float64Array.of(3, 5));
  assert.deepEqual((await nwb.get<Ts>("one")).times, Float64Array.of(1, 2, 4));
  const both = await nwb.get<Map<string, Ts>>("two");
  assert.deepEqual([...both].map(([name, { times }]) => [name, [...times]]), [["lick_times", [1, 2]], ["poke_times", [
    7,
    8,
  ]]]);
});

Deno.test("frames name their columns: axes of space, ids of electrodes with what their table says, else numbers", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.series("/processing/xy", [[1, 2], [3, 4]], { type: "SpatialSeries" });
    await maker.series("/processing/xyz", [[1, 2, 3], [3, 4, 5]], { type: "SpatialSeries" });
    await maker.series("/processing/four", [[1, 2, 3, 4]], { type: "SpatialSeries" });
    await maker.series("/acquisition/lfp", [[1, 2], [3, 4]], { type: "ElectricalSeries" });
    await maker.table(
      "/general/extracellular_ephys/electrodes",
      {
        location: ["CA1", "CA3", "DG"],
        depth: [1.5, 2.5, 3.5],
        good: [true, false, true],
      },
      "DynamicTable",
      [10, 20, 30],
    );
    await maker.file.createDataset("/acquisition/lfp/electrodes", {
      data: Int32Array.of(2, 0),
      attributes: {
        neurodata_type: "DynamicTableRegion",
        table: await maker.file.reference("/general/extracellular_ephys/electrodes"),
      },
    });
  });
  const columns = async (key: string) => (await nwb.get<TsdFrame>(key)).columns;
  assert.deepEqual(await columns("xy"), ["x", "y"]);
  assert.deepEqual(await columns("xyz"), ["x", "y", "z"]);
  assert.deepEqual(await columns("four"), [0, 1, 2, 3]);
  const lfp = await nwb.get<TsdFrame>("lfp");
  assert.deepEqual(lfp.columns, [30, 10]);
  assert.deepEqual(lfp.metadata.toRecord(), { location: ["DG", "CA1"], depth: [3.5, 1.5], good: [true, true] });
});

Deno.test("units take what a region of another table says, skip what isn't one value a row, and may never have fired", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.table("/general/extracellular_ephys/electrodes", { location: ["CA1", "CA3"], depth: [1, 2] });
    // The case of hdmf's facts: spikes [1, 2, 3], [], [4.5].
    await maker.table(
      "/units",
      {
        w: [7, 8, 9],
        spike_times: [1, 2, 3, 4.5],
        spike_times_index: [3, 3, 4],
        waveform_mean: [[1, 2], [3, 4], [5, 6]],
        rate: [1, 2, 3],
        electrodes: Int32Array.of(1, 0, 1),
      },
      "Units",
      [4, 2, 9],
    );
    const electrodes = await maker.file.dataset("/units/electrodes");
    await electrodes.attributes.set("neurodata_type", "DynamicTableRegion");
    await electrodes.attributes.set("table", await maker.file.reference("/general/extracellular_ephys/electrodes"));
    await maker.table("/processing/silent", { spike_times: new Float64Array(0), spike_times_index: [0, 0] }, "Units");
  });
  const units = await nwb.get<TsGroup>("units");
  assert.deepEqual(units.keys(), [2, 4, 9]);
  assert.deepEqual(units.members().map(({ times }) => [...times]), [[], [1, 2, 3], [4.5]]);
  assert.deepEqual(units.metadata.keys(), ["rate", "w", "location", "depth"]);
  assert.deepEqual([...units.getInfo("w") as number[]], [8, 7, 9]);
  assert.deepEqual([...units.getInfo("location") as string[]], ["CA1", "CA3", "CA3"]);
  assert.match(nwb.warnings.get("units")!, /column rate is left out/);
  assert.deepEqual((await nwb.get<TsGroup>("silent")).members().map(({ length }) => length), [0, 0]);
});

Deno.test("a type of an extension is read as what its specification extends, through every namespace", async () => {
  const spec = (name: string, parent: string) =>
    JSON.stringify({ groups: [{ neurodata_type_def: name, neurodata_type_inc: parent }] });
  await using nwb = await makeNwb(async (maker) => {
    await maker.series("/acquisition/pulse", [1, 2, 3], { type: "PulseSeries" });
    await maker.series("/acquisition/blob", [1, 2, 3], { type: "Unheard" });
    await maker.file.createDataset("/specifications/ndx-pulse/0.1.0/ndx-pulse.extensions", {
      data: spec("PulseSeries", "WaveSeries"),
    });
    await maker.file.createDataset("/specifications/ndx-wave/0.2.0/ndx-wave.extensions", {
      data: spec("WaveSeries", "TimeSeries"),
    });
    await maker.file.createDataset("/specifications/ndx-wave/0.2.0/broken", { data: "{not JSON" });
  });
  assert.deepEqual(nwb.keys(), ["pulse", "blob"]);
  assert.deepEqual((await (await nwb.get<Tsd>("pulse")).read()).data, Float64Array.of(1, 2, 3));
  assert.match(nwb.warnings.get("/specifications/ndx-wave/0.2.0/broken")!, /^Cannot read the specification/);
  // Without a specification nothing is taken for granted: it is listed, told of, and given as it is.
  assert.equal(nwb.typeOf("blob"), "unknown");
  assert.match(
    nwb.warnings.get("blob")!,
    /^Its neurodata_type "Unheard" of the namespace "core" isn't known, and the file has no specification of it/,
  );
  const blob = await nwb.get<NwbObject>("blob");
  assert.deepEqual([blob.type, Object.keys(blob.arrays)], ["Unheard", ["data"]]);
});

Deno.test("objects of unknown types change no key of a series, and have keys of their own", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.series("/acquisition/a", [1]);
    await maker.object("/processing/a", "Strange", {}, "ndx-strange");
    await maker.object("/processing/b", "Strange", {}, "ndx-strange");
    await maker.object("/processing/b/b", "Strange", {}, "ndx-strange");
    await maker.series("/processing/b/inner", [1, 2]);
    // Defined, and extending nothing: it is known, and no series.
    await maker.object("/processing/c", "Alone", {}, "ndx-alone");
    await maker.file.createDataset("/specifications/ndx-alone/1/ndx-alone.extensions", {
      data: JSON.stringify({ groups: [{ neurodata_type_def: "Alone" }] }),
    });
  });
  assert.deepEqual(nwb.keys(), ["inner", "a", "b", "b/b", "processing/a"]);
  assert.deepEqual(nwb.keys().filter((key) => nwb.typeOf(key) === "Tsd"), ["inner", "a"]);
});

Deno.test("two series of one path keep keys of their own, where pynapple has the last alone", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.series("/acquisition/index_0", [1]);
    await maker.series("/stimulus/presentation/index_0", [2]);
  });
  assert.deepEqual(nwb.keys(), ["presentation/index_0", "index_0"]);
  assert.deepEqual((await (await nwb.get<Tsd>("index_0")).read()).data, Float64Array.of(1));
  assert.deepEqual((await (await nwb.get<Tsd>("presentation/index_0")).read()).data, Float64Array.of(2));
});

Deno.test("NWB 1.0: types by ancestry, epochs and units as groups of groups", async () => {
  await using file = await create();
  await file.createDataset("nwb_version", { data: "NWB-1.0.6" });
  await file.createDataset("epochs/a/start_time", { data: 1 });
  await file.createDataset("epochs/a/stop_time", { data: 2 });
  await file.createDataset("epochs/b/start_time", { data: 3 });
  await file.createDataset("epochs/b/stop_time", { data: 5 });
  const series = await file.createGroup("acquisition/timeseries/lick");
  await series.attributes.set("neurodata_type", "TimeSeries");
  await series.attributes.set("ancestry", ["TimeSeries", "VoltageClampSeries"]);
  await file.createDataset("acquisition/timeseries/lick/data", { data: [1, 2, 3], attributes: { conversion: 3 } });
  await file.createDataset("acquisition/timeseries/lick/timestamps", { data: [1, 2, 3] });
  const units = await file.createGroup("processing/shank/UnitTimes");
  await units.attributes.set("neurodata_type", "Interface");
  await file.createDataset("processing/shank/UnitTimes/unit_3/times", { data: [1, 2] });
  await file.createDataset("processing/shank/UnitTimes/unit_12/times", { data: [4, 5, 6] });
  await using nwb = await NWBFile.open(await file.bytes());
  assert.deepEqual(nwb.entries().map(([key, { kind, type }]) => [key, kind, type]), [
    ["epochs", "IntervalSet", "EpochsBefore2"],
    ["UnitTimes", "TsGroup", "UnitTimesBefore2"],
    ["lick", "Tsd", "VoltageClampSeries"],
  ]);
  const epochs = await nwb.get<IntervalSet>("epochs");
  assert.deepEqual([epochs.pairs(), epochs.getInfo("name")], [[[1, 2], [3, 5]], ["a", "b"]]);
  const group = await nwb.get<TsGroup>("UnitTimes");
  assert.deepEqual([group.keys(), [...group.at(12).times]], [[3, 12], [4, 5, 6]]);
  assert.deepEqual((await (await nwb.get<Tsd>("lick")).read()).data, Float64Array.of(3, 6, 9));
});

Deno.test("an open HDF5 file can be given, which closing leaves open, and which its session names", async () => {
  const bytes = await makeBytes(async (maker) => {
    await maker.series("/acquisition/a", [1, 2]);
    await maker.file.createDataset("/general/session_id", { data: "monday" });
  });
  await using file = await open(bytes);
  const nwb = await NWBFile.open(file);
  assert.equal(nwb.name, "monday");
  await nwb.close();
  assert.equal(file.closed, false);
  await using empty = await makeNwb(async () => {});
  assert.equal(empty.toString().split("\n")[0], "-");
  assert.deepEqual(empty.keys(), []);
});

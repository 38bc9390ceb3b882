import assert from "node:assert/strict";
import type { NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { NWBFile, type NwbView } from "../../src/nwb/nwb_file.ts";
import type { NwbObject } from "../../src/nwb/object.ts";
import { NwbTimeSeries } from "../../src/nwb/series/time_series.ts";
import { NwbTable } from "../../src/nwb/tables/table.ts";
import type { Tsd } from "../../src/series/tsd.ts";
import type { TsGroup } from "../../src/series/ts_group.ts";
import { makeNwb, type Maker } from "./support.ts";

/** A file with one sound series beside what is broken. */
async function beside(fill: (maker: Maker) => Promise<void>): Promise<NWBFile> {
  return await makeNwb(async (maker) => {
    await maker.series("/acquisition/sound", [1, 2, 3]);
    await fill(maker);
  });
}

/** Checks that an entry is no series, but the object as it is, that a warning says why, and that the other is one. */
async function checkFault<T extends NwbView>(nwb: NWBFile, key: string, why: RegExp): Promise<T> {
  assert.ok(nwb.has(key), `${key} of ${nwb.keys()}`);
  const object = await nwb.get(key) as T;
  assert.equal(typeof (object as unknown as NwbObject).path, "string", `${key} is an object`);
  assert.ok(nwb.warnings.get(key)!.split("\n").some((line) => why.test(line)), nwb.warnings.get(key));
  await checkOther(nwb);
  return object;
}

async function checkOther(nwb: NWBFile): Promise<void> {
  assert.deepEqual((await (await nwb.get<Tsd>("sound")).read()).data, Float64Array.of(1, 2, 3));
  assert.ok(!nwb.warnings.has("sound"));
}

Deno.test("HDF5 that isn't NWB is refused, and says what is missing", async () => {
  await using file = await create();
  await file.createDataset("acquisition/a/data", { data: [1, 2] });
  await assert.rejects(
    NWBFile.open(await file.bytes()),
    /^FormatError: Cannot open .* as an NWB file: its root has no neurodata_type NWBFile, and no nwb_version$/,
  );
  await assert.rejects(NWBFile.open(new Uint8Array(100)), /^NotHdf5Error/);
});

Deno.test("timestamps that don't match the data make no series, and both can be had", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.series("/acquisition/short", [1, 2, 3, 4], { timestamps: [0, 1, 2] });
    await maker.series("/acquisition/long", [1, 2], { timestamps: [0, 1, 2] });
    await maker.series("/acquisition/turned", [[1, 2, 3], [4, 5, 6]], { timestamps: [0, 1, 2] });
    await maker.series("/acquisition/upright", [1, 2], { timestamps: [0, 1] });
    await maker.file.remove("/acquisition/upright/timestamps");
    await maker.file.createDataset("/acquisition/upright/timestamps", { data: [[0.5], [1.5]] });
  });
  const short = await checkFault<NwbTimeSeries>(
    nwb,
    "short",
    /^Cannot read \/acquisition\/short: it has timestamps of shape \(3\) for 4 samples$/,
  );
  assert.deepEqual([short.numSamples, await short.times()], [4, Float64Array.of(0, 1, 2)]);
  assert.deepEqual((await short.data.read()).data, Float64Array.of(1, 2, 3, 4));
  assert.deepEqual(short.warnings, ["It has timestamps of shape (3) for 4 samples"]);
  await assert.rejects(short.index(), /^CorruptFileError: .*\(3\) for 4 samples$/);
  await checkFault(nwb, "long", /\(3\) for 2 samples$/);
  await checkFault(nwb, "turned", /for 2 samples; the data may be transposed: time should be their first axis$/);
  // A column of as many is a timestamp for each.
  assert.deepEqual((await nwb.get<Tsd>("upright")).times, Float64Array.of(0.5, 1.5));
  assert.ok(!nwb.warnings.has("upright"));
});

Deno.test("missing data, times, rates and columns are named, and what is there is given", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.object("/acquisition/empty", "TimeSeries");
    await maker.object("/acquisition/timeless", "TimeSeries");
    await maker.file.createDataset("/acquisition/timeless/data", { data: [1, 2] });
    await maker.series("/acquisition/rateless", [1, 2]);
    await (await maker.file.dataset("/acquisition/rateless/starting_time")).attributes.delete("rate");
    for (const [name, rate] of [["backwards", -5], ["still", 0], ["nameless", NaN], ["endless", Infinity]] as const) {
      await maker.series(`/acquisition/${name}`, [1, 2], { rate });
      await maker.series(`/acquisition/${name}_one`, [7], { rate, start: 3 });
      await maker.series(`/acquisition/${name}_none`, new Float64Array(0), { rate });
    }
    await maker.series("/acquisition/worded", [1, 2]);
    await maker.file.createDataset("/acquisition/worded/timestamps", { data: ["a", "b"] });
    await maker.series("/acquisition/scalar", 5);
    await maker.table("/intervals/open", { start_time: [1, 2] }, "TimeIntervals");
    await maker.table("/intervals/columnless", { start_time: [1, 2], stop_time: [2, 3] }, "TimeIntervals");
    await maker.file.remove("/intervals/columnless/stop_time");
  });
  assert.equal(nwb.typeOf("empty"), "unknown");
  assert.match(nwb.warnings.get("empty")!, /it has no data$/);
  const empty = await checkFault<NwbTimeSeries>(nwb, "empty", /^Cannot read \/acquisition\/empty: it has no data$/);
  assert.deepEqual([empty.hasData, empty.shape, empty.numSamples], [false, [0], null]);
  const timeless = await checkFault<NwbTimeSeries>(nwb, "timeless", /it has neither timestamps nor a starting_time$/);
  assert.deepEqual((await timeless.data.read()).data, Float64Array.of(1, 2));
  await assert.rejects(timeless.times(), /^CorruptFileError: .*neither timestamps nor a starting_time$/);
  await checkFault(nwb, "rateless", /its starting_time has no attribute rate$/);
  for (const [name, rate] of [["backwards", -5], ["still", 0], ["nameless", NaN], ["endless", Infinity]] as const) {
    const odd = await checkFault<NwbTimeSeries>(nwb, name, new RegExp(`its rate is ${rate} Hz, expected a number`));
    assert.deepEqual([odd.rate, odd.startingTime, odd.numSamples], [rate, 0, 2]);
    assert.deepEqual((await odd.data.read()).data, Float64Array.of(1, 2));
    await assert.rejects(odd.times(), /^CorruptFileError: .*its rate is/);
    // The first sample lies at the start, whatever the rate: nothing is guessed.
    const one = await nwb.get<Tsd>(`${name}_one`);
    assert.deepEqual([one.times, (await one.read()).data], [Float64Array.of(3), Float64Array.of(7)]);
    assert.match(nwb.warnings.get(`${name}_one`)!, /^Its rate is/);
    assert.equal((await nwb.get<Tsd>(`${name}_none`)).length, 0);
  }
  await checkFault(nwb, "worded", /worded\/timestamps: it holds values of kind string, expected numbers$/);
  const scalar = await checkFault<NwbTimeSeries>(nwb, "scalar", /its data is a scalar$/);
  assert.deepEqual((await scalar.data.read()).data, Float64Array.of(5));
  const open = await checkFault<NwbTable>(nwb, "open", /it has no column stop_time$/);
  assert.deepEqual([open.length, [...open.columns.keys()]], [2, ["start_time"]]);
  const columnless = await checkFault<NwbTable>(
    nwb,
    "columnless",
    /column "stop_time" is missing: there is none of that/,
  );
  assert.throws(
    () => columnless.column("stop_time"),
    /^CorruptFileError: Cannot read column "stop_time" .*there is none of that name$/,
  );
  assert.ok(columnless instanceof NwbTable && scalar instanceof NwbTimeSeries);
});

Deno.test("an index that runs backwards or past its target spoils what it spoils; one that ends early is read", async () => {
  const units = (index: number[]) => ({ spike_times: [1, 2, 3, 4], spike_times_index: index });
  await using nwb = await beside(async (maker) => {
    await maker.table("/processing/backwards", units([3, 1, 4]), "Units");
    await maker.table("/processing/past", units([2, 9]), "Units");
    await maker.table("/processing/early", units([2, 3]), "Units");
    await maker.table("/processing/twins", units([2, 4]), "Units", [5, 5]);
    await maker.table("/processing/uneven", { ...units([2, 4]), w: [1, 2, 3] }, "Units");
    await maker.table("/processing/shorter", units([2, 4]), "Units", [0, 1, 2]);
  });
  const backwards = await checkFault<NwbTable>(nwb, "backwards", /row 1 ends at 1, before it begins at 3$/);
  // What comes before the fault can be read.
  const [first] = await backwards.column("spike_times").read({ to: 1 }) as NDArray[];
  assert.deepEqual(first!.data, Float64Array.of(1, 2, 3));
  await checkFault(nwb, "past", /row 1 ends at 9, and there are 4 values$/);
  await checkFault(nwb, "twins", /two of its rows have the id 5$/);
  await checkFault(nwb, "shorter", /its column "spike_times" has 2 rows, and the table 3$/);
  const early = await nwb.get<TsGroup>("early");
  assert.deepEqual(early.members().map(({ times }) => times), [Float64Array.of(1, 2), Float64Array.of(3)]);
  assert.equal(
    nwb.warnings.get("early"),
    'Its column "spike_times" has 4 values, and its last row ends at 3: those behind it belong to none',
  );
  // A column of metadata that doesn't fit is left out, the times are sound.
  const uneven = await nwb.get<TsGroup>("uneven");
  assert.deepEqual([uneven.length, uneven.metadata.has("w")], [2, false]);
  assert.match(nwb.warnings.get("uneven")!, /Its column "w" has 3 rows, and the table 2$/);
});

Deno.test("a reference to nothing, or to rows that aren't there, leaves out what it would have told", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.table("/electrodes", { location: ["CA1"] });
    await maker.table("/gone", { location: ["CA1"] });
    for (const [name, table, row] of [["lost", "/gone", 0], ["beyond", "/electrodes", 7]] as const) {
      await maker.table(`/processing/${name}`, {
        spike_times: [1, 2],
        spike_times_index: [1, 2],
        where: Int32Array.of(row, 0),
      }, "Units");
      const column = await maker.file.dataset(`/processing/${name}/where`);
      await column.attributes.set("neurodata_type", "DynamicTableRegion");
      await column.attributes.set("table", await maker.file.reference(table));
    }
    await maker.file.remove("/gone");
  });
  for (
    const [key, why] of [["lost", /column where is left out: /], [
      "beyond",
      /names row 7 of \/electrodes, which has 1$/,
    ]] as const
  ) {
    const group = await nwb.get<TsGroup>(key);
    assert.deepEqual([group.keys(), group.metadata.keys()], [[0, 1], ["rate"]]);
    assert.match(nwb.warnings.get(key)!, why);
  }
});

Deno.test("an external link to a missing file is a warning on its key, and the others work", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.series("/acquisition/far", [1, 2]);
    await maker.file.remove("/acquisition/far/data");
    await maker.file.link("/acquisition/far/data", { external: { file: "elsewhere.nwb", path: "/a/data" } });
    await maker.file.link("/acquisition/gone", { external: { file: "elsewhere.nwb", path: "/a" } });
    await maker.file.link("/acquisition/dangling", { soft: "/nowhere" });
  });
  assert.match(nwb.warnings.get("far")!, /elsewhere\.nwb/);
  assert.match(nwb.warnings.get("/acquisition/gone")!, /elsewhere\.nwb/);
  assert.ok(nwb.warnings.has("/acquisition/dangling"));
  // The file may be there another time; what is here can be looked at.
  await assert.rejects(
    nwb.get("far"),
    /^CorruptFileError: Cannot read \/acquisition\/far: its data can't be opened \(.*elsewhere\.nwb/,
  );
  const far = await nwb.at("far") as NwbObject;
  assert.match(String(far.errors.data), /elsewhere\.nwb/);
  await checkOther(nwb);
  await assert.rejects(nwb.at("/acquisition/gone"), /elsewhere\.nwb/);
});

Deno.test("a specification that includes itself spoils the objects of its types alone", async () => {
  const specs = [["RoundSeries", "RingSeries"], ["RingSeries", "RoundSeries"]].map(([name, parent]) => ({
    neurodata_type_def: name,
    neurodata_type_inc: parent,
  }));
  await using nwb = await beside(async (maker) => {
    await maker.series("/acquisition/round", [1, 2], { type: "RoundSeries" });
    await maker.file.createDataset("/specifications/ndx/1/ndx.extensions", { data: JSON.stringify({ groups: specs }) });
  });
  assert.equal(nwb.typeOf("round"), "unknown");
  await checkFault(nwb, "round", /leads in a circle \(RoundSeries extends RingSeries extends RoundSeries\)$/);
});

Deno.test("a channel_conversion of another length than the channels leaves the values without units", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.series("/acquisition/probe", [[1, 2, 3]], { type: "ElectricalSeries" });
    await maker.file.createDataset("/acquisition/probe/channel_conversion", { data: [1, 2] });
  });
  const probe = await checkFault<NwbObject>(
    nwb,
    "probe",
    /its channel_conversion has 2 factors along axis 1, and its data the shape \(1, 3\)$/,
  );
  assert.deepEqual(Object.keys(probe.arrays), ["channel_conversion", "data"]);
});

Deno.test("groups that hold each other are listed once", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.file.link("/acquisition/sound/again", { hard: "/acquisition" });
    await maker.file.link("/acquisition/sound/self", { soft: "/acquisition/sound" });
  });
  assert.deepEqual(nwb.keys(), ["sound"]);
});

Deno.test("what failed is tried again when it is asked again", async () => {
  await using nwb = await beside(async () => {});
  await assert.rejects(nwb.get("sound", { signal: AbortSignal.abort() }), /AbortError/);
  assert.ok(!nwb.warnings.has("sound"));
  assert.equal((await nwb.get<Tsd>("sound")).length, 3);
});

Deno.test("columns of a broken table can't be had, its sound neighbours can", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.table("/processing/t", { a: [1, 2], b: [1, 2, 3], b_index: [3, 2] });
  });
  const table = await nwb.at("/processing/t") as NwbTable;
  assert.deepEqual((await table.column("a").read() as { data: unknown }).data, Float64Array.of(1, 2));
  await assert.rejects(table.column("b").read(), /row 1 ends at 2, before it begins at 3/);
});

import assert from "node:assert/strict";
import { create } from "../../src/hdf5/create.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import type { NwbTable } from "../../src/nwb/table.ts";
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

/** Checks that an entry can't be had, says why, and that the other can. */
async function checkFault(nwb: NWBFile, key: string, why: RegExp): Promise<void> {
  assert.ok(nwb.has(key), `${key} of ${nwb.keys()}`);
  await assert.rejects(nwb.get(key), why);
  assert.match(nwb.warnings.get(key)!, new RegExp(why.source.replace(/^\^\w+: /, "")));
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

Deno.test("timestamps that don't match the data spoil their series alone", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.series("/acquisition/short", [1, 2, 3, 4], { timestamps: [0, 1, 2] });
    await maker.series("/acquisition/turned", [[1, 2, 3], [4, 5, 6]], { timestamps: [0, 1, 2] });
  });
  await checkFault(
    nwb,
    "short",
    /^CorruptFileError: Cannot read \/acquisition\/short: it has timestamps of shape \(3\) for 4 samples$/,
  );
  await checkFault(nwb, "turned", /for 2 samples; the data may be transposed: time should be their first axis$/);
});

Deno.test("missing data, times, rates and columns are named", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.object("/acquisition/empty", "TimeSeries");
    await maker.object("/acquisition/timeless", "TimeSeries");
    await maker.file.createDataset("/acquisition/timeless/data", { data: [1, 2] });
    await maker.series("/acquisition/rateless", [1, 2]);
    await (await maker.file.dataset("/acquisition/rateless/starting_time")).attributes.delete("rate");
    await maker.series("/acquisition/backwards", [1, 2], { rate: -5 });
    await maker.series("/acquisition/still", [1, 2], { rate: 0 });
    await maker.series("/acquisition/worded", [1, 2]);
    await maker.file.createDataset("/acquisition/worded/timestamps", { data: ["a", "b"] });
    await maker.table("/intervals/endless", { start_time: [1, 2] }, "TimeIntervals");
    await maker.table("/intervals/columnless", { start_time: [1, 2], stop_time: [2, 3] }, "TimeIntervals");
    await maker.file.remove("/intervals/columnless/stop_time");
  });
  assert.equal(nwb.typeOf("empty"), "unknown");
  assert.match(nwb.warnings.get("empty")!, /it has no data$/);
  await checkFault(nwb, "empty", /^CorruptFileError: .*empty: it has no data$/);
  await checkFault(nwb, "timeless", /it has neither timestamps nor a starting_time$/);
  await checkFault(nwb, "rateless", /its starting_time has no attribute rate$/);
  await checkFault(nwb, "backwards", /its rate is -5 Hz, expected a number above 0/);
  await checkFault(nwb, "still", /its rate is 0 Hz/);
  await checkFault(nwb, "worded", /worded\/timestamps: it holds values of kind string, expected numbers$/);
  await checkFault(nwb, "endless", /it has no column stop_time$/);
  await checkFault(
    nwb,
    "columnless",
    /^CorruptFileError: Cannot read column "stop_time" .*there is none of that name$/,
  );
});

Deno.test("an index that runs backwards, past its target or not to its end spoils its table alone", async () => {
  const units = (index: number[]) => ({ spike_times: [1, 2, 3, 4], spike_times_index: index });
  await using nwb = await beside(async (maker) => {
    await maker.table("/processing/backwards", units([3, 1, 4]), "Units");
    await maker.table("/processing/past", units([2, 9]), "Units");
    await maker.table("/processing/early", units([2, 3]), "Units");
    await maker.table("/processing/twins", units([2, 4]), "Units", [5, 5]);
    await maker.table("/processing/uneven", { ...units([2, 4]), w: [1, 2, 3] }, "Units");
  });
  await checkFault(nwb, "backwards", /row 1 ends at 1, before it begins at 3$/);
  await checkFault(nwb, "past", /row 1 ends at 9, and there are 4 values$/);
  await checkFault(nwb, "early", /its index ends at 3, and there are 4 values$/);
  await checkFault(nwb, "twins", /two of its rows have the id 5$/);
  await checkFault(nwb, "uneven", /its column "w" has 3 rows, and the table 2$/);
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
    assert.deepEqual([group.keys, group.metadata.names], [[0, 1], ["rate"]]);
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
  await checkFault(
    nwb,
    "far",
    /^CorruptFileError: Cannot read \/acquisition\/far: its data can't be opened \(.*elsewhere\.nwb/,
  );
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

Deno.test("a channel_conversion of another length than the channels is refused", async () => {
  await using nwb = await beside(async (maker) => {
    await maker.series("/acquisition/probe", [[1, 2, 3]], { type: "ElectricalSeries" });
    await maker.file.createDataset("/acquisition/probe/channel_conversion", { data: [1, 2] });
  });
  await checkFault(nwb, "probe", /its channel_conversion has 2 factors, and its data the shape \(1, 3\)$/);
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

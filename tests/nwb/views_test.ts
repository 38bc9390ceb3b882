import assert from "node:assert/strict";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { encodeSeriesNpz } from "../../src/series/npz/write.ts";
import { loadFile } from "../../src/nwb/load_file.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import type { NwbObject } from "../../src/nwb/object.ts";
import { NwbTable } from "../../src/nwb/tables/table.ts";
import { NwbTimeSeries } from "../../src/nwb/series/time_series.ts";
import type { Reference } from "../../src/hdf5/reference.ts";
import type { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { makeBytes, makeNwb } from "./support.ts";

const SESSION = new URL("../data/session.nwb", import.meta.url);

Deno.test("metadata comes as a record: attributes, texts and single values, and what else there is by name", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const subject = await nwb.at("/general/subject") as NwbObject;
  assert.deepEqual([subject.type, subject.path, subject.members], ["Subject", "/general/subject", []]);
  assert.deepEqual(subject.fields, {
    age: "P90D",
    sex: "M",
    species: "Mus musculus",
    subject_id: "A2929",
    weight: "0.025 kg",
  });
  const root = await nwb.at("/") as NwbObject;
  assert.equal(root.fields.identifier, "A2929-200711");
  assert.equal(root.fields.session_description, "A mouse in an arena");
  assert.deepEqual(root.members.slice(0, 3), ["acquisition", "analysis", "general"]);
  const general = await nwb.at("/general") as NwbObject;
  assert.deepEqual([general.type, general.fields.experimenter], ["", ["Ada Example"]]);
  const shank = await nwb.at("/general/extracellular_ephys/shank0") as NwbObject;
  assert.deepEqual([shank.type, shank.fields.location, shank.members], ["ElectrodeGroup", "thalamus", ["device"]]);
  // By a link: what it leads to.
  const device = await nwb.at("/general/extracellular_ephys/shank0/device") as NwbObject;
  assert.deepEqual([device.type, device.fields.manufacturer], ["Device", "A maker"]);
  await assert.rejects(nwb.at("/nowhere"), /^NotFoundError/);
});

Deno.test("a time series has its data, unit and times, by path or by key", async () => {
  await using nwb = await NWBFile.open(SESSION);
  const z = await nwb.at("z");
  assert.ok(z instanceof NwbTimeSeries);
  assert.deepEqual([z.type, z.unit, z.path, z.conversion], [
    "SpatialSeries",
    "meters",
    "/processing/behavior/position/z",
    1,
  ]);
  assert.deepEqual([z.startingTime, z.rate], [null, null]);
  const times = await z.times() as Float64Array;
  assert.deepEqual([times.length, z.shape], [1060, [1060]]);
  assert.deepEqual((await z.data.read([0])).shape, []);
  const data = await nwb.at("/processing/behavior/position/z/data") as LazyArray;
  assert.deepEqual(data.shape, [1060]);
});

Deno.test("a table has columns to read and rows to walk over, ragged ones as lists", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.table(
      "/processing/t",
      {
        n: [5, 6, 7],
        word: ["a", "b", "c"],
        list: [1, 2, 3, 4],
        list_index: [3, 3, 4],
        lists: [10, 20, 30, 40, 50],
        lists_index: [2, 3, 5],
        lists_index_index: [2, 2, 3],
        pair: [[1, 2], [3, 4], [5, 6]],
      },
      "DynamicTable",
      [7, 8, 9],
    );
  });
  const table = await nwb.at("/processing/t");
  assert.ok(table instanceof NwbTable);
  assert.deepEqual([...table.columns.keys()], ["n", "word", "list", "lists", "pair"]);
  assert.deepEqual([table.length, await table.ids()], [3, [7, 8, 9]]);
  const plain = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(plain)
      : typeof value === "object" && value !== null && "data" in value
      ? [...(value as NDArray).data]
      : value;
  const rows: unknown[] = [];
  for await (const row of table) rows.push(Object.values(row).map(plain));
  assert.deepEqual(rows, [
    [7, 5, "a", [1, 2, 3], [[10, 20], [30]], [1, 2]],
    [8, 6, "b", [], [], [3, 4]],
    [9, 7, "c", [4], [[40, 50]], [5, 6]],
  ]);
  assert.deepEqual(plain(await table.column("list").read({ from: 1, to: 3 })), [[], [4]]);
  assert.throws(() => table.column("none"), /^NotFoundError: Cannot find column "none" of table \/processing\/t/);
});

Deno.test("aligned tables are tables of their own beside the one that holds them", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.table("/general/recordings", { n: [1, 2] }, "AlignedDynamicTable");
    await maker.table("/general/recordings/stimuli", { amplitude: [0.5, 0.6] });
  });
  const inner = await nwb.at("/general/recordings/stimuli") as NwbTable;
  assert.deepEqual((await inner.column("amplitude").read() as NDArray).data, Float64Array.of(0.5, 0.6));
  assert.equal((await nwb.at("/general/recordings") as NwbTable).length, 2);
});

Deno.test("a file is opened by what it is: NWB, a series saved as NPZ, and nothing else", async () => {
  const nwb = await loadFile(SESSION);
  assert.ok(nwb instanceof NWBFile);
  await nwb.close();
  const bytes = await encodeSeriesNpz(new Tsd([0, 1], [5, 6]));
  for (const source of [bytes, new Blob([bytes as Uint8Array<ArrayBuffer>])]) {
    const tsd = await loadFile(source);
    assert.ok(tsd instanceof Tsd);
    assert.deepEqual((await tsd.read()).data, Float64Array.of(5, 6));
  }
  const made = await loadFile(await makeBytes(async () => {}));
  assert.ok(made instanceof NWBFile);
  await made.close();
  await assert.rejects(loadFile("a.txt"), /^FormatError: Cannot load a.txt: the file format is not supported/);
  await assert.rejects(loadFile("nowhere.nwb"), /^NotFoundError/);
  await assert.rejects(loadFile(new Uint8Array(3)), /^NotHdf5Error/);
});

async function serve(path: string, bytes: Uint8Array, run: (server: RangeServer, url: string) => Promise<void>) {
  const server = await startRangeServer({ [path]: bytes });
  try {
    await run(server, server.url + path);
  } finally {
    await server.close();
  }
}

Deno.test("a small file is listed in two requests, and its series cost none after that", async () => {
  await serve("/session.nwb", await Deno.readFile(SESSION), async (server, url) => {
    await using nwb = await NWBFile.open(url);
    assert.equal(server.log.length, 2);
    assert.equal(nwb.name, "session");
    await nwb.get("units");
    await (await nwb.get<Tsd>("z")).get(680, 690).read();
    assert.equal(server.log.length, 2);
  });
});

Deno.test("two thousand objects are listed in a few round trips, and one of them read in one or two", async () => {
  const bytes = await makeBytes(async (maker) => {
    await maker.file.createDataset("/acquisition/bulk/data", {
      data: new Float64Array(500_000),
      attributes: { unit: "V" },
    });
    for (let i = 0; i < 2000; i++) {
      const path = `/acquisition/ts${String(i).padStart(4, "0")}`;
      const group = await maker.file.createGroup(path);
      await group.attributes.set("neurodata_type", "TimeSeries");
      await maker.file.createDataset(`${path}/data`, { data: [i, i + 1, i + 2], attributes: { unit: "V" } });
      await maker.file.createDataset(`${path}/starting_time`, { data: 0, attributes: { rate: 10 } });
    }
  });
  await serve("/many.nwb", bytes, async (server, url) => {
    await using nwb = await NWBFile.open(url);
    assert.equal(nwb.size, 2000);
    console.log(`2,000 objects: ${server.log.length} requests, ${nwb.cost.roundTrips} round trips`);
    assert.ok(nwb.cost.roundTrips <= 20, `${nwb.cost.roundTrips} round trips`);
    assert.ok(server.log.length <= 40, `${server.log.length} requests`);
    const before = nwb.cost.roundTrips;
    const values = await (await nwb.get<Tsd>("ts1234")).get(0.1, 0.2).read();
    assert.deepEqual(values.data, Float64Array.of(1235, 1236));
    assert.ok(nwb.cost.roundTrips - before <= 2);
  });
});

Deno.test("a window of a long recording is read by its own bytes", async () => {
  await using file = await create();
  for (const name of ["neurodata_type", "nwb_version"]) await file.attributes.set(name, "NWBFile");
  const group = await file.createGroup("acquisition/lfp");
  await group.attributes.set("neurodata_type", "ElectricalSeries");
  await file.createDataset("acquisition/lfp/data", { data: new Int16Array(8 * 250_000), shape: [250_000, 8] });
  await file.createDataset("acquisition/lfp/starting_time", { data: 5, attributes: { rate: 1000 } });
  await serve("/lfp.nwb", await file.bytes(), async (server, url) => {
    await using nwb = await NWBFile.open(url, { smallFileBytes: 0 });
    const lfp = await nwb.get("lfp") as Tsd;
    server.clear();
    const part = await lfp.get(105, 115).read();
    assert.deepEqual(part.shape, [10_001, 8]);
    assert.deepEqual(server.log.map(({ length }) => length), [10_001 * 16]);
  });
});

Deno.test("types of any width and records of any kind are columns: small indices, float32 times, references", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.series("/acquisition/ts", [1, 2, 3]);
    await maker.table("/intervals/trials", {
      start_time: Float32Array.of(0, 1),
      stop_time: Float32Array.of(0.5, 1.5),
      count: Int8Array.of(3, 4),
      flag: [true, false],
    }, "TimeIntervals");
    await maker.file.createDataset("/intervals/trials/timeseries", {
      data: [await maker.file.reference("/acquisition/ts"), await maker.file.reference("/acquisition/ts")],
      dtype: { kind: "reference", itemsize: 8, byteOrder: "|", target: "object" },
      attributes: { neurodata_type: "VectorData" },
    });
    const trials = await maker.file.group("/intervals/trials");
    await trials.attributes.set("colnames", ["start_time", "stop_time", "count", "flag", "timeseries"]);
  });
  const trials = await nwb.get<IntervalSet>("trials");
  assert.deepEqual(trials.pairs(), [[0, 0.5], [1, 1.5]]);
  assert.deepEqual(trials.metadata.keys(), ["count", "flag"]);
  assert.deepEqual([trials.getInfo("count"), trials.getInfo("flag")].map((column) => [...column as number[]]), [
    [3, 4],
    [true, false],
  ]);
  for await (const { timeseries } of await nwb.at("trials") as NwbTable) {
    assert.equal((await nwb.file.dereference(timeseries as Reference)).path, "/acquisition/ts");
  }
});

Deno.test("overlapping intervals are joined, and touching ones kept, as sets of intervals have it", async () => {
  await using nwb = await makeNwb(async (maker) => {
    await maker.table("/intervals/touching", { start_time: [0, 1], stop_time: [1, 2], n: [7, 8] }, "TimeIntervals");
    await maker.table("/intervals/over", { start_time: [0, 1], stop_time: [1.5, 2], n: [7, 8] }, "TimeIntervals");
    await maker.table("/intervals/turned", { start_time: [4, 1], stop_time: [5, 2], n: [7, 8] }, "TimeIntervals");
  });
  const touching = await nwb.get<IntervalSet>("touching");
  assert.deepEqual([touching.pairs(), [...touching.getInfo("n") as number[]]], [[[0, 1], [1, 2]], [7, 8]]);
  const over = await nwb.get<IntervalSet>("over");
  assert.deepEqual([over.pairs(), over.metadata.keys()], [[[0, 2]], []]);
  assert.match(nwb.warnings.get("over")!, /Joining them!/);
  const turned = await nwb.get<IntervalSet>("turned");
  assert.deepEqual([turned.pairs(), [...turned.getInfo("n") as number[]]], [[[1, 2], [4, 5]], [8, 7]]);
});

import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { MicrotomeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { json, v2 } from "../zarr/support.ts";
import { isLazily } from "./lazy_support.ts";

const ROWS = 200_000;
const COLUMNS = 4;
const VALUES = new Int16Array(ROWS * COLUMNS).map((_, i) => i % 30_011);
const TIMES = new Float64Array(ROWS).map((_, i) => i / 1000 + (i % 3) * 1e-4);
const PLAIN = { smallFileBytes: 0, readAheadBytes: 0, gap: 0 };

const bytesOf = (array: ArrayBufferView<ArrayBuffer>) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

async function hdf5(): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await create();
  await file.createDataset("a/values", {
    data: VALUES,
    shape: [ROWS, COLUMNS],
    chunkShape: [2000, COLUMNS],
    compression: 4,
  });
  await file.createDataset("a/times", { data: TIMES });
  return await file.bytes();
}

function zarrStore(): Map<string, Uint8Array> {
  const rows = 2000;
  const store = new Map<string, Uint8Array>();
  store.set("/.zarray", json(v2({ shape: [ROWS, COLUMNS], chunks: [rows, COLUMNS] })));
  for (let i = 0; i < ROWS / rows; i++) {
    store.set(`/${i}.0`, bytesOf(VALUES.subarray(i * rows * COLUMNS, (i + 1) * rows * COLUMNS)));
  }
  return store;
}

/** Every format's array of the same numbers, and what is read of it: bytes served since the last call. */
async function withSources(
  run: (format: string, values: LazyArray, times: LazyArray | null, bytesRead: () => number) => Promise<void>,
): Promise<void> {
  const values = ndarray(VALUES, [ROWS, COLUMNS]);
  const server: RangeServer = await startRangeServer({
    "/values.bin": bytesOf(VALUES),
    "/times.bin": bytesOf(TIMES),
    "/values.npy": await encodeNpy(values),
    "/times.npy": await encodeNpy(ndarray(TIMES)),
    "/all.npz": await encodeNpz({ values, times: ndarray(TIMES) }),
    "/all.h5": await hdf5(),
  });
  const bytesRead = () => {
    const sum = server.log.reduce((all, { length }) => all + length!, 0);
    server.clear();
    return sum;
  };
  try {
    await using raw = await openRaw(`${server.url}/values.bin`, { dtype: "int16", shape: [null, COLUMNS], ...PLAIN });
    await using rawTimes = await openRaw(`${server.url}/times.bin`, { dtype: "float64", ...PLAIN });
    await run("raw", raw, rawTimes, bytesRead);
    await using npy = await openNpy(`${server.url}/values.npy`, PLAIN);
    await using npyTimes = await openNpy(`${server.url}/times.npy`, PLAIN);
    await run("npy", npy, npyTimes, bytesRead);
    await using npz = await openNpz(`${server.url}/all.npz`, PLAIN);
    await run("npz", await npz.get("values"), await npz.get("times"), bytesRead);
    await using file = await open(`${server.url}/all.h5`, PLAIN);
    await run("hdf5", await file.dataset("a/values"), await file.dataset("a/times"), bytesRead);
    const store = zarrStore();
    let read = 0;
    const counting = {
      get(key: `/${string}`): Promise<Uint8Array | undefined> {
        const bytes = store.get(key);
        read += bytes?.length ?? 0;
        return Promise.resolve(bytes);
      },
    };
    const zarr = await openZarr(counting);
    await run("zarr", zarr as unknown as LazyArray, null, () => {
      const sum = read;
      read = 0;
      return sum;
    });
  } finally {
    await server.close();
  }
}

function rowsOf(start: number, stop: number): Int16Array {
  return VALUES.slice(start * COLUMNS, stop * COLUMNS);
}

Deno.test("an array of any format is a column of samples: sliced without reading, read by its rows, printed, saved", async () => {
  await withSources(async (format, values, _times, bytesRead) => {
    const lfp = new RegularTimeSeries({ values }, { samplingRate: 1000 });
    assert.ok(isLazily(lfp, RegularTimeSeries), format);
    const data = new Data({ lfp }, { domain: "auto" });
    assert.equal(data.end, 200);
    bytesRead();
    const window = data.slice(100, 150).slice(1, 1.5);
    assert.equal(bytesRead(), 0, `${format}: slicing reads nothing`);
    const printed = format === "hdf5"
      ? 'values=<HDF5 dataset "values": shape (200000, 4), type "<i2">'
      : 'values=<lazy array "values": shape (200000, 4), type "<i2">';
    assert.equal(String(window), `Data(\nlfp=LazyRegularTimeSeries(\n  ${printed}\n),\n)`, format);
    const part = await window.get<NDArray>("lfp.values");
    assert.deepEqual([part.shape, part.data], [[500, COLUMNS], rowsOf(101_000, 101_500)], format);
    const cost = bytesRead();
    // Pages of 64 KiB, since windows near it may follow; a chunk of 2,000 rows, and the index of chunks the first time.
    assert.ok(cost > 0 && cost <= 2 * 65_536, `${format}: ${cost} of ${VALUES.byteLength}`);
    const irregular = lfp.selectByMask(Array.from({ length: ROWS }, (_, i) => i >= 5000 && i < 5010));
    assert.deepEqual((await irregular.array("values")).data, rowsOf(5000, 5010));
    await using saved = await Data.load(await window.toBytes());
    assert.deepEqual((await saved.get<NDArray>("lfp.values")).data, rowsOf(101_000, 101_500));
    assert.equal(saved.absoluteStart, 101);
  });
});

Deno.test("lazy timestamps with a domain are searched by bisection, and columns beside them read by rows", async () => {
  await withSources(async (format, values, times, bytesRead) => {
    if (times === null) return;
    const domain = new Interval(0, 200);
    assert.throws(() => new IrregularTimeSeries({ timestamps: times, values }), MicrotomeError, "no domain is known");
    const spikes = new IrregularTimeSeries({ timestamps: times, values }, { domain });
    assert.ok(isLazily(spikes, IrregularTimeSeries));
    bytesRead();
    const window = spikes.slice(50, 50.5);
    assert.equal(bytesRead(), 0);
    const expected = [...TIMES].map((time, row) => [time, row] as const).filter(([time]) => time >= 50 && time < 50.5);
    assert.deepEqual(await window.timestamps, Float64Array.from(expected, ([time]) => time - 50), format);
    const cost = bytesRead();
    assert.ok(cost < TIMES.byteLength / 2, `${format}: ${cost} of ${TIMES.byteLength}`);
    const first = expected[0]![1];
    assert.deepEqual((await window.array("values")).data, rowsOf(first, first + expected.length), format);
    // Saved: all timestamps are looked at, and an index made of them.
    const bytes = await new Data({ spikes: window }, { domain: "auto" }).toBytes();
    await using saved = await Data.load(bytes);
    assert.equal((await saved.slice(0.1, 0.2).get<Float64Array>("spikes.timestamps") as Float64Array).length, 100);
  });
});

Deno.test("tables, intervals and recordings themselves hold lazy arrays of any format", async () => {
  await withSources(async (format, values, times) => {
    const table = new ArrayDict({ values, row: new Int32Array(ROWS).map((_, i) => i) });
    assert.ok(isLazily(table, ArrayDict), format);
    const some = table.selectByMask(Array.from({ length: ROWS }, (_, i) => i % 50_000 === 7));
    assert.deepEqual((await some.array("values")).shape, [4, COLUMNS]);
    assert.deepEqual(some.get("row"), Int32Array.of(7, 50_007, 100_007, 150_007));
    const data = new Data({ values, table: some });
    assert.deepEqual(data.describe("values"), { shape: values.shape, dtype: values.dtype, loaded: false });
    await using saved = await Data.load(await data.toBytes());
    assert.deepEqual((await saved.get<NDArray>("values")).data, VALUES, format);
    assert.deepEqual((await saved.get<NDArray>("table.values")).data, (await some.array("values")).data);
    if (times === null) return;
    const trials = new Interval(times, times, { row: new Int32Array(ROWS).map((_, i) => i) });
    const few = trials.slice(10, 10.002);
    const rows = await few.array("row");
    assert.ok(rows.shape[0]! > 0 && rows.shape[0]! < 5, `${rows.shape}`);
  });
});

Deno.test("scaled raw samples, views of arrays and several files make one session", async () => {
  await using raw = await openRaw(bytesOf(VALUES), { dtype: "int16", shape: [null, COLUMNS], scale: { gain: 0.5 } });
  await using file = await open(await hdf5());
  const column = (await file.dataset("a/values")).view([null, 2]);
  const times = (await file.dataset("a/times")).view([{ kind: "slice", start: 0, stop: 1000, step: null }]);
  const data = new Data({
    ephys: new RegularTimeSeries({ microvolt: raw, third: column }, { samplingRate: 1000 }),
    events: new IrregularTimeSeries({ timestamps: times }, { domain: new Interval(0, 1) }),
  }, { domain: "auto" });
  const window = data.slice(0.5, 0.502);
  assert.deepEqual(
    (await window.get<NDArray>("ephys.microvolt")).data,
    Float64Array.from(rowsOf(500, 502), (x) => x / 2),
  );
  assert.deepEqual(await window.get<Int16Array>("ephys.third"), Int16Array.of(VALUES[2002]!, VALUES[2006]!));
  const events = await window.get<Float64Array>("events.timestamps") as Float64Array;
  assert.ok(events.length >= 1 && events.length <= 3);
  await using saved = await Data.load(await data.slice(0, 1).toBytes({ storage: { compression: "gzip" } }));
  assert.deepEqual((await saved.get<Int16Array>("ephys.third") as Int16Array)[500], VALUES[2002]);
});

Deno.test("columns of unequal length, and lazy arrays without axes, are refused", async () => {
  await using raw = await openRaw(bytesOf(VALUES), { dtype: "int16" });
  assert.throws(() => new RegularTimeSeries({ raw, other: [1, 2] }, { samplingRate: 1 }), /^ShapeError: .*other is 2/);
  await using file = await create();
  const scalar = await file.createDataset("scalar", { data: 1 });
  assert.throws(() => new ArrayDict({ scalar }), /^ShapeError: .*scalar must be at least 1-dimensional/);
});

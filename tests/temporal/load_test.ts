import assert from "node:assert/strict";
import type { LazyArray } from "../../src/array/types.ts";
import { fileURLToPath } from "node:url";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { ClosedError, FormatError, MicrotomeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { saveObject } from "../../src/temporal/files/hdf5_write.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { loadObject } from "../../src/temporal/files/load_object.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { startRangeServer } from "../support/range_server.ts";
import { isLazily } from "./lazy_support.ts";

const SESSION = new URL("../data/neural_session.h5", import.meta.url);

function made(): Data {
  return new Data({
    spikes: new IrregularTimeSeries({ timestamps: [0.1, 0.2, 2.3, 3.9], unit: [0n, 1n, 0n, 1n] }, {
      domain: new Interval(0, 4),
    }),
    lfp: new RegularTimeSeries({ raw: Float32Array.from({ length: 16 }, (_, i) => i) }, { samplingRate: 4 }),
    trials: new Interval([0, 1, 2], [1, 2, 3], { go: [0.5, 1.5, 2.5] }, { timekeys: ["go"] }),
    units: new ArrayDict({ id: ["a", "b"] }),
    waveforms: new Float64Array([1, 2, 3]),
    sub: new Data({ events: new IrregularTimeSeries({ timestamps: [1, 2] }) }, { domain: "auto" }),
  }, { domain: "auto" });
}

Deno.test("a session is loaded from a path, a URL, bytes, a blob, a server, an open file and a group, all the same", async () => {
  const bytes = await Deno.readFile(SESSION);
  const server = await startRangeServer({ "/s.h5": bytes });
  await using file = await open(bytes);
  await using nested = await create();
  await made().toHdf5(await nested.createGroup("deep/session"));
  await using outer = await open(await nested.bytes());
  const sources = [
    fileURLToPath(SESSION),
    SESSION,
    bytes,
    bytes.buffer,
    new Blob([bytes]),
    `${server.url}/s.h5`,
    file,
    await file.group("/"),
  ];
  const printed = new Set<string>();
  for (const source of sources) {
    for (const lazy of [true, false]) {
      const data = await Data.load(source, { lazy });
      await data.materialize();
      printed.add(String(data));
      await data.close();
      assert.equal(file.closed, false, "an open file is its owner's to close");
    }
  }
  assert.equal(printed.size, 1);
  const inner = await Data.load(await outer.group("deep/session"));
  assert.deepEqual(await inner.get<BigInt64Array>("spikes.unit"), BigInt64Array.of(0n, 1n, 0n, 1n));
  assert.equal(inner.file, null);
  await server.close();
});

Deno.test("lazily, objects are lazy and nothing of their arrays is read; else all is in memory, and the file closed", async () => {
  const bytes = await made().toBytes();
  await using lazy = await Data.load(bytes);
  assert.ok(isLazily(lazy.get("spikes"), IrregularTimeSeries));
  assert.ok(isLazily(lazy.get("lfp"), RegularTimeSeries));
  assert.ok(isLazily(lazy.get("trials"), Interval));
  assert.ok(isLazily(lazy.get("units"), ArrayDict));
  for (
    const path of [
      "spikes.timestamps",
      "spikes.unit",
      "lfp.raw",
      "trials.start",
      "units.id",
      "waveforms",
      "sub.events.timestamps",
    ]
  ) {
    assert.equal(lazy.describe(path).loaded, false, path);
  }
  assert.ok(
    lazy.domain instanceof Interval &&
      (lazy.get("spikes") as IrregularTimeSeries<LazyArray>).domain instanceof Interval,
  );
  assert.equal(lazy.file?.closed, false);
  const eager = await Data.load(bytes, { lazy: false });
  assert.equal(eager.file, null);
  assert.ok(eager.get("spikes") instanceof IrregularTimeSeries);
  assert.ok(eager.get("lfp") instanceof RegularTimeSeries);
  assert.ok(eager.get("trials") instanceof Interval);
  assert.ok(eager.get("units") instanceof ArrayDict);
  assert.deepEqual(eager.get("sub.events.timestamps"), Float64Array.of(1, 2));
  assert.equal(String(await lazy.materialize()), String(eager));
});

Deno.test("an array is a promise until it was read, then the same value each time", async () => {
  await using data = await Data.load(await made().toBytes());
  const spikes = data.get<IrregularTimeSeries<LazyArray>>("spikes") as IrregularTimeSeries<LazyArray> & {
    unit: unknown;
  };
  const first = spikes.unit;
  assert.ok(first instanceof Promise);
  const unit = await first;
  assert.equal(spikes.unit, unit);
  assert.equal(data.get("spikes.unit"), unit);
  await spikes.timestamps;
  assert.ok(data.get("spikes") instanceof IrregularTimeSeries, "all is read: it is the plain class now");
  const [a, b] = [data.get("waveforms"), data.get("waveforms")];
  assert.equal(await a, await b);
  assert.deepEqual(data.get("waveforms"), Float64Array.of(1, 2, 3));
});

Deno.test("closing twice does nothing, strictly it is an error where no file is open", async () => {
  const bytes = await made().toBytes();
  const data = await Data.load(bytes);
  await data.close({ strict: true });
  assert.equal(data.file?.closed, true);
  await data.close();
  for (const one of [data, made(), await Data.load(bytes, { lazy: false }), data.slice(0, 1)]) {
    await assert.rejects(
      one.close({ strict: true }),
      (error: Error) =>
        error instanceof MicrotomeError && /^Cannot close this Data: no file is open$/.test(error.message),
    );
    await one.close();
  }
});

Deno.test("what was read outlives its file; what wasn't says which array it is, in slices too", async () => {
  const bytes = await made().toBytes();
  let data!: Data;
  let kept!: Data;
  {
    await using loaded = await Data.load(bytes);
    data = loaded;
    kept = await loaded.slice(0, 3).materialize();
    await loaded.get<unknown>("spikes.unit");
  }
  assert.equal(data.file?.closed, true);
  assert.deepEqual(await kept.get<Float64Array>("spikes.timestamps"), Float64Array.of(0.1, 0.2, 2.3));
  assert.deepEqual(data.get("spikes.unit"), BigInt64Array.of(0n, 1n, 0n, 1n));
  const slice = data.slice(0, 3);
  const closed = (name: RegExp) => (error: Error) => {
    assert.ok(error instanceof ClosedError, String(error));
    assert.match(error.message, name);
    return true;
  };
  for (const one of [data, slice]) {
    await assert.rejects(async () => await one.get<unknown>("spikes.timestamps"), closed(/spikes\.timestamps.*closed/));
    await assert.rejects(async () => await one.get<unknown>("lfp.raw"), closed(/raw \("\/lfp\/raw"\).*closed/));
    await assert.rejects(async () => await one.get<unknown>("trials.go"), closed(/trials|go/));
    await assert.rejects(async () => await one.get<unknown>("units.id"), closed(/id \("\/units\/id"\)/));
    await assert.rejects(
      async () => await one.get<unknown>("sub.events.timestamps"),
      closed(/sub\.events\.timestamps/),
    );
  }
  // What stands in the session itself was read with the slice, once for both.
  assert.deepEqual(data.get("waveforms"), Float64Array.of(1, 2, 3));
  await assert.rejects(data.materialize(), ClosedError);
  await assert.rejects(data.toBytes(), ClosedError);
});

Deno.test("an array that stands in a session itself is named as well where its file is closed", async () => {
  const data = await Data.load(await made().toBytes());
  await data.close();
  await assert.rejects(
    async () => await data.get<unknown>("waveforms"),
    /^ClosedError: Cannot read waveforms \("\/waveforms"\): its file is closed$/,
  );
});

Deno.test("what is set in a slice or a copy isn't set in the session, and the other way round", async () => {
  await using data = await Data.load(await made().toBytes());
  data.set("tags", ["a"]);
  for (const one of [data.slice(0, 2), data.copy(), data.selectByInterval(new Interval(0, 1))]) {
    one.set("units.depth", [1, 2]).set("sub.note", "n").set("extra", 1n);
    (one.get("tags") as string[]).push("b");
    one.delete("units.id");
    assert.deepEqual([data.has("units.depth"), data.has("sub.note"), data.has("extra")], [false, false, false]);
    assert.deepEqual([data.get("tags"), data.has("units.id")], [["a"], true]);
  }
});

Deno.test("a class of the user's own loads as itself, with what it adds", async () => {
  class Session extends Data {
    get duration(): number {
      return this.end! - this.start!;
    }
  }
  await using session = await Session.load(await made().toBytes());
  assert.ok(session instanceof Session);
  assert.equal(session.duration, 4);
  assert.equal(session.slice(1, 3).duration, 2);
  assert.equal(session.copy().duration, 4);
  assert.equal((session.get("sub") as Data).constructor, Data);
  const again = await Session.load(await session.toBytes(), { lazy: false });
  assert.equal(again.duration, 4);
  const fresh = new Session({ note: "x" }, { domain: new Interval(0, 2) });
  assert.equal(fresh.slice(0, 1).duration, 1);
});

Deno.test("one object of a file is loaded by its group, if it is of the class that was asked for", async () => {
  await using file = await open(await made().toBytes());
  const spikes = await loadObject(await file.group("spikes"), "IrregularTimeSeries");
  assert.ok(isLazily(spikes, IrregularTimeSeries));
  assert.deepEqual(await spikes.slice(0.15, 3).timestamps, Float64Array.of(0.2 - 0.15, 2.3 - 0.15));
  const lfp = await loadObject(await file.group("lfp"), "RegularTimeSeries", { lazy: false });
  assert.deepEqual([lfp instanceof RegularTimeSeries, lfp.length, lfp.samplingRate], [true, 16, 4]);
  const trials = await loadObject(await file.group("trials"), "Interval", { lazy: false });
  assert.deepEqual([trials.timekeys(), trials.end], [["go", "start", "end"], Float64Array.of(1, 2, 3)]);
  const units = await loadObject(await file.group("units"), "ArrayDict", { lazy: false });
  assert.deepEqual(units.get("id"), ["a", "b"]);
  await assert.rejects(loadObject(await file.group("units"), "Interval"), (error: Error) => {
    assert.ok(error instanceof FormatError);
    assert.equal(error.message, 'Cannot read "/units": it has a ArrayDict object, expected Interval');
    return true;
  });
  await assert.rejects(loadObject(await file.group("sub"), "ArrayDict"), /has a Data object, expected ArrayDict/);
  await assert.rejects(
    Data.load(await file.group("units")),
    /Cannot read "\/units": it has a ArrayDict object, expected Data/,
  );
  assert.equal(file.closed, false);
});

Deno.test("single objects are saved into groups of any file, and loaded from there", async () => {
  await using file = await create();
  const series = new IrregularTimeSeries({ timestamps: [3, 1, 2], name: ["c", "a", "b"] });
  await saveObject(await file.createGroup("a/series"), series);
  await saveObject(await file.createGroup("b"), new ArrayDict());
  await using read = await open(await file.bytes());
  const loaded = await loadObject(await read.group("a/series"), "IrregularTimeSeries", { lazy: false });
  assert.deepEqual([loaded.timestamps, loaded.get("name")], [Float64Array.of(1, 2, 3), ["a", "b", "c"]]);
  assert.deepEqual(series.timestamps, Float64Array.of(3, 1, 2), "what was saved is as it was");
  assert.deepEqual((await loadObject(await read.group("b"), "ArrayDict")).keys(), []);
});

Deno.test("a lazy and an eager session print as their classes, members one below the other", async () => {
  await using data = await Data.load(await made().toBytes());
  const lines = String(data).split("\n");
  assert.deepEqual(lines.slice(0, 4), [
    "Data(",
    "lfp=LazyRegularTimeSeries(",
    '  raw=<HDF5 dataset "raw": shape (16,), type "<f4">',
    "),",
  ]);
  assert.ok(lines.includes('waveforms=<HDF5 dataset "waveforms": shape (3,), type "<f8">,'));
  await data.materialize();
  assert.ok(String(data).includes("waveforms=[3],\n"));
  assert.equal(String(data).includes("Lazy"), false);
  const plain = new Data({
    name: "x",
    n: 3n,
    list: [1, 2],
    none: null,
    empty: {},
    one: { a: 1 },
    two: { a: [1], b: { c: "d" } },
  });
  assert.equal(
    String(plain),
    "Data(\nname='x',\nn=3,\nlist=[2],\nempty={},\none={ a=1.0 },\ntwo={\n  a=[1],\n  b={ c='d' }\n},\n)",
  );
});

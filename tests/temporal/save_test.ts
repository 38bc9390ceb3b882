import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import { ArrayView } from "../../src/array/select/view.ts";
import { resolveSelection } from "../../src/array/select/selection.ts";
import type { LazyArray, NDArray } from "../../src/array/types.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import type { ByteSink } from "../../src/source/sink/sink.ts";
import { DTypeError, WriteError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { secondCounts } from "../../src/temporal/files/hdf5_write.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { startRangeServer } from "../support/range_server.ts";

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function names(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) found.push(name);
  return found.sort();
}

/** A lazy array that isn't in any file: it counts what is read of it at once. */
function counting(
  shape: readonly number[],
): { array: LazyArray<Float64Array>; most: () => number; reads: () => number } {
  let [most, reads] = [0, 0];
  const reader = {
    shape,
    dtype: { kind: "float", itemsize: 8, byteOrder: "<" } as const,
    chunkShape: null,
    // deno-lint-ignore require-await -- throws as a rejection
    async readResolved(axes: ReturnType<typeof resolveSelection>): Promise<NDArray<Float64Array>> {
      const [rows, columns] = axes;
      const counts = axes.map(({ count }) => count);
      const rowAt = (i: number) =>
        rows!.kind === "range" ? rows!.start + i : rows!.kind === "list" ? rows!.indices[i]! : 0;
      const first = columns === undefined || columns.kind !== "range" ? 0 : columns.start;
      const width = shape[1] ?? 1;
      const [n, m] = [counts[0]!, counts[1] ?? 1];
      most = Math.max(most, n * m);
      reads++;
      const data = new Float64Array(n * m);
      for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) data[i * m + j] = rowAt(i) * width + first + j;
      return ndarray(data, counts) as NDArray<Float64Array>;
    },
  };
  const array = new ArrayView<Float64Array>(reader, resolveSelection(null, shape));
  return { array, most: () => most, reads: () => reads };
}

Deno.test("datasets lie in one piece, as h5py makes them, and nothing is in the groups but what the layout says", async () => {
  const data = new Data({
    spikes: new IrregularTimeSeries({ timestamps: [0.1, 0.2, 2.3, 3.9], lab: ["a", "bb", "", "c"] }),
    lfp: new RegularTimeSeries({ raw: ndarray(new Float32Array(20), [10, 2]) }, { samplingRate: 4 }),
    trials: new Interval([0], [1], { go: [0.5] }, { timekeys: ["go"] }),
    units: new ArrayDict({ ok: [true] }),
  }, { domain: "auto" });
  await using file = await open(await data.toBytes());
  assert.equal(file.info.superblock, 0);
  const listed: Record<string, string> = {};
  const walk = async (path: string) => {
    const group = await file.group(path);
    for (const { name, object } of await group.members()) {
      const full = `${path === "/" ? "" : path}/${name}`;
      if (object!.kind === "dataset") {
        listed[full] = `${object!.layout} ${object!.dtype.kind}${object!.dtype.itemsize} ${object!.shape}`;
      } else await walk(full);
    }
    listed[path] = (await group.attributes.list()).map(({ name, dtype, shape }) =>
      `${name} ${dtype.kind === "string" && dtype.length !== null ? `S${dtype.length}` : dtype.kind} (${shape})`
    ).join(", ");
  };
  await walk("/");
  const interval = "_unicode_keys S1 (0), object string (), timekeys S5 (2)";
  assert.deepEqual(listed, {
    "/": "absolute_start float (), object string ()",
    "/domain": interval,
    "/domain/start": "contiguous float8 1",
    "/domain/end": "contiguous float8 1",
    "/lfp": "object string (), sampling_rate float ()",
    "/lfp/raw": "contiguous float4 10,2",
    "/lfp/domain": interval,
    "/lfp/domain/start": "contiguous float8 1",
    "/lfp/domain/end": "contiguous float8 1",
    "/spikes": "_unicode_keys S3 (1), object string (), timekeys S10 (1)",
    "/spikes/timestamps": "contiguous float8 4",
    "/spikes/lab": "contiguous string2 4",
    "/spikes/timestamp_indices_1s": "contiguous int8 5",
    "/spikes/domain": interval,
    "/spikes/domain/start": "contiguous float8 1",
    "/spikes/domain/end": "contiguous float8 1",
    "/trials": "_unicode_keys S1 (0), object string (), timekeys S5 (3)",
    "/trials/start": "contiguous float8 1",
    "/trials/end": "contiguous float8 1",
    "/trials/go": "contiguous float8 1",
    "/units": "_unicode_keys S1 (0), object string ()",
    "/units/ok": "contiguous bool1 1",
  });
  assert.deepEqual(
    (await (await file.dataset("/spikes/timestamp_indices_1s")).read()).data,
    BigInt64Array.of(0n, 2n, 2n, 3n, 4n),
  );
});

Deno.test("the index of seconds counts the timestamps before each second, to a second beyond the domain", () => {
  assert.deepEqual([...secondCounts([], 0, 2)], [0n, 0n, 0n]);
  assert.deepEqual([...secondCounts([5, 5, 6], 5, 6)], [0n, 2n]);
  assert.deepEqual([...secondCounts([-1.5, -0.5], -2, -0.5)], [0n, 1n, 2n]);
  assert.throws(() => secondCounts([], 0, Infinity), RangeError);
  assert.throws(() => secondCounts([], -1e12, 0), RangeError);
});

Deno.test("an array far larger than a block is saved block by block, never whole", async () => {
  await inFolder(async (folder) => {
    const { array, most, reads } = counting([3_000_000, 8]);
    const data = new Data({ signal: new RegularTimeSeries({ raw: array }, { samplingRate: 1000 }) }, {
      domain: "auto",
    });
    await data.save(`${folder}/large.h5`);
    assert.ok(reads() >= 5 && most() * 8 <= 34_000_000, `${reads()} reads of up to ${most() * 8} bytes`);
    assert.equal((data.get("signal") as RegularTimeSeries<LazyArray>).isLoaded("raw"), false, "saving keeps nothing");
    await using loaded = await Data.load(`${folder}/large.h5`);
    const part = await loaded.slice(2000, 2000.002).get<NDArray>("signal.raw");
    assert.deepEqual(part.data, Float64Array.from({ length: 16 }, (_, i) => 2_000_000 * 8 + i));
    assert.equal((await Deno.stat(`${folder}/large.h5`)).size > 192_000_000, true);
  });
});

Deno.test("a slice of a remote session is saved by reading its rows alone", async () => {
  const rows = 400_000;
  const data = new Data({
    spikes: new IrregularTimeSeries({
      timestamps: new Float64Array(rows).map((_, i) => i / 100),
      unit: new Int32Array(rows).map((_, i) => i),
    }),
    lfp: new RegularTimeSeries({ raw: new Float64Array(rows).map((_, i) => i) }, { samplingRate: 100 }),
  }, { domain: "auto" });
  const server = await startRangeServer({ "/s.h5": await data.toBytes() });
  try {
    await using remote = await Data.load(`${server.url}/s.h5`, { smallFileBytes: 0, readAheadBytes: 0 });
    server.clear();
    const bytes = await remote.slice(1000, 1001).toBytes();
    const read = server.log.reduce((sum, { length }) => sum + length!, 0);
    assert.ok(read < 400_000, `${read} bytes of ${remote.file!.byteLength}`);
    await using part = await Data.load(bytes);
    assert.deepEqual(await part.get<Int32Array>("spikes.unit"), new Int32Array(100).map((_, i) => 100_000 + i));
    assert.deepEqual(await part.get<Float64Array>("lfp.raw"), new Float64Array(100).map((_, i) => 100_000 + i));
    assert.deepEqual([part.start, part.end, part.absoluteStart], [0, 1, 1000]);
  } finally {
    await server.close();
  }
});

Deno.test("a session is saved over the very file that it is being read from", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/s.h5`;
    const values = new Float64Array(200_000).map((_, i) => i);
    await new Data({ lfp: new RegularTimeSeries({ raw: values }, { samplingRate: 100 }) }, { domain: "auto" }).save(
      path,
    );
    {
      await using data = await Data.load(path);
      data.set("note", "changed");
      await data.save(path);
      await data.slice(10, 20).save(path);
      assert.equal(data.describe("lfp.raw").loaded, false);
      assert.deepEqual(await data.get<Float64Array>("lfp.raw"), values, "what was opened is still the old file");
    }
    await using again = await Data.load(path);
    assert.deepEqual([again.get("note"), again.absoluteStart], ["changed", 10]);
    assert.deepEqual(await again.get<Float64Array>("lfp.raw"), values.slice(1000, 2000));
    assert.deepEqual(await names(folder), ["s.h5"]);
  });
});

Deno.test("where saving fails the target is as it was, and nothing is left beside it", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/s.h5`;
    await new Data({ note: "old" }).save(path);
    const before = await Deno.readFile(path);
    const broken = counting([10]).array;
    const failing = Object.assign(Object.create(broken) as LazyArray, {
      shape: [10],
      read: () => Promise.reject(new Error("the disk is gone")),
      view: () => failing,
    });
    const text = new RegularTimeSeries({ label: ["a", "b"] }, { samplingRate: 1 });
    const faults: [Data, RegExp][] = [
      [
        new Data({ lfp: text }, { domain: "auto" }),
        /^DTypeError: Cannot save \/lfp\/label: a RegularTimeSeries has no room for text$/,
      ],
      [
        new Data({ units: new ArrayDict({ name: ["ok", "ü"] }) }),
        /^DTypeError: Cannot save \/units\/name: "ü" isn't ASCII/,
      ],
      [new Data({ sub: new Data({ bad: { a: 1 } }) }), /^DTypeError: Cannot save attribute \/sub\/bad/],
      [new Data({ gone: failing }), /the disk is gone/],
      [new Data({ units: new ArrayDict({ gone: failing }) }), /the disk is gone/],
    ];
    for (const [data, expected] of faults) {
      await assert.rejects(data.save(path), expected);
      assert.deepEqual(await Deno.readFile(path), before);
      await assert.rejects(data.save(`${folder}/new.h5`), expected);
      assert.deepEqual(await names(folder), ["s.h5"]);
    }
    const abort = new AbortController();
    const slow = counting([20_000_000]);
    const stopping = Object.assign(Object.create(slow.array) as LazyArray, {
      shape: slow.array.shape,
      read: (...given: Parameters<LazyArray["read"]>) => {
        if (slow.reads() === 1) abort.abort();
        return slow.array.read(...given);
      },
    });
    await assert.rejects(new Data({ long: stopping }).save(path, { signal: abort.signal }), /^AbortError/);
    assert.ok(slow.reads() < 5);
    assert.deepEqual(await Deno.readFile(path), before);
    assert.deepEqual(await names(folder), ["s.h5"]);
    await assert.rejects(new Data({ a: 1 }).save(`${folder}/no/such/folder.h5`), WriteError);
  });
});

Deno.test("a target that runs full is given up", async () => {
  let abandoned = false;
  const bytes = new Uint8Array(4096);
  const sink: ByteSink = {
    name: "full",
    byteLength: 0,
    readIntoSync: (offset, target) => target.set(bytes.subarray(offset, offset + target.length)),
    writeSync(offset, data) {
      if (offset + data.length > bytes.length) throw new WriteError("Cannot write to full: no space is left");
      bytes.set(data, offset);
    },
    truncateSync() {},
    commit: () => Promise.reject(new Error("must not be committed")),
    abandon() {
      abandoned = true;
      return Promise.resolve();
    },
  };
  await assert.rejects(new Data({ a: new Float64Array(100_000) }).save(sink), /no space is left/);
  assert.equal(abandoned, true);
});

Deno.test("storage for all arrays fits each of them: other ranks, short ones, text, booleans, none at all", async () => {
  const data = new Data({
    spikes: new IrregularTimeSeries({ timestamps: [0, 1, 2], name: ["a", "b", "c"], ok: [true, false, true] }),
    lfp: new RegularTimeSeries({ raw: ndarray(new Float32Array(4000), [1000, 4]) }, { samplingRate: 100 }),
    none: new ArrayDict({ id: new Int32Array(0) }),
    cube: ndarray(new Int16Array(600), [100, 3, 2]),
    scalar: ndarray(Float64Array.of(1), []),
  }, { domain: "auto" });
  for (const compression of ["gzip", 9, true, "lzf", "zstd"] as const) {
    const bytes = await data.toBytes({ storage: { chunkShape: [100], compression, shuffle: true } });
    await using file = await open(bytes);
    const chunks = async (path: string) => (await file.dataset(path)).chunkShape;
    assert.deepEqual(await chunks("/lfp/raw"), [100, 4]);
    assert.deepEqual(await chunks("/cube"), [100, 3, 2]);
    assert.deepEqual(await chunks("/spikes/timestamps"), [3]);
    assert.deepEqual(await chunks("/spikes/timestamp_indices_1s"), null);
    assert.deepEqual(await chunks("/domain/start"), null);
    assert.deepEqual(await chunks("/none/id"), null);
    assert.ok((await file.dataset("/lfp/raw")).filters.length > 0);
    await using loaded = await Data.load(file);
    assert.deepEqual(await loaded.get<string[]>("spikes.name"), ["a", "b", "c"]);
    assert.deepEqual(await loaded.get<boolean[]>("spikes.ok"), [true, false, true]);
    // Saved again without a word, all lies in one piece again.
    await using plain = await open(await loaded.toBytes());
    assert.deepEqual((await plain.dataset("/lfp/raw")).chunkShape, null);
  }
});

Deno.test("a function gives each array its own storage, by path, shape and type", async () => {
  const asked: string[] = [];
  const data = new Data({
    spikes: new IrregularTimeSeries({ timestamps: new Float64Array(5000), unit: new Int32Array(5000) }),
    sub: new Data({ w: new Float32Array(3000) }),
  }, { domain: "auto" });
  await using file = await open(
    await data.toBytes({
      storage(path, { shape, dtype }) {
        asked.push(`${path} ${shape} ${dtype.kind}${dtype.itemsize}`);
        if (path === "/spikes/unit") return { chunkShape: [1000], compression: "gzip", maxShape: [null] };
        return path === "/sub/w" ? { scaleOffset: 2, chunkShape: true } : undefined;
      },
    }),
  );
  assert.deepEqual(asked, ["/spikes/timestamps 5000 float8", "/spikes/unit 5000 int4", "/sub/w 3000 float4"]);
  const unit = await file.dataset("/spikes/unit");
  assert.deepEqual([unit.chunkShape, unit.maxShape, unit.filters.length], [[1000], [null], 1]);
  assert.equal((await file.dataset("/spikes/timestamps")).chunkShape, null);
  assert.equal((await file.dataset("/sub/w")).filters.length, 1);
  await assert.rejects(data.toBytes({ storage: () => ({ chunkShape: [9999] }) }), /chunks/);
});

Deno.test("events that aren't in order are saved in order, in memory or lazy, and stay as they were", async () => {
  const unsorted = new IrregularTimeSeries({ timestamps: [3, 1, 2], unit: [30, 10, 20], tag: ["c", "a", "b"] }, {
    domain: new Interval(0, 5),
  });
  const data = new Data({ unsorted }, { domain: "auto" });
  await using loaded = await Data.load(await data.toBytes());
  assert.deepEqual(await loaded.get<Float64Array>("unsorted.timestamps"), Float64Array.of(1, 2, 3));
  assert.deepEqual(await loaded.get<Float64Array>("unsorted.unit"), Float64Array.of(10, 20, 30));
  assert.deepEqual(await loaded.get<string[]>("unsorted.tag"), ["a", "b", "c"]);
  assert.deepEqual([unsorted.timestamps, unsorted.get("unit")], [
    Float64Array.of(3, 1, 2),
    Float64Array.of(30, 10, 20),
  ]);
  assert.deepEqual([...(loaded.get("unsorted") as IrregularTimeSeries<LazyArray>).domain], [[0, 5]]);
  const { array } = counting([3]);
  const lazy = new IrregularTimeSeries({ timestamps: [3, 1, 2], row: array }, { domain: new Interval(0, 5) });
  await using again = await Data.load(await new Data({ lazy }, { domain: "auto" }).toBytes());
  assert.deepEqual(await again.get<Float64Array>("lazy.row"), Float64Array.of(1, 2, 0));
  assert.equal(lazy.isLoaded("row"), false);
});

Deno.test("every chain of steps on a lazy session is saved as it would be read", async () => {
  const rows = 1000;
  const data = new Data({
    spikes: new IrregularTimeSeries({
      timestamps: new Float64Array(rows).map((_, i) => i / 10),
      unit: new Int16Array(rows).map((_, i) => i % 7),
      peak: new Float64Array(rows).map((_, i) => i / 10 + 0.01),
      name: Array.from({ length: rows }, (_, i) => `n${i}`),
    }, { timekeys: ["peak"] }),
    lfp: new RegularTimeSeries({ raw: ndarray(new Float32Array(rows * 2).map((_, i) => i), [rows, 2]) }, {
      samplingRate: 10,
    }),
    trials: new Interval([0, 20, 50], [10, 30, 70], { go: [1, 21, 51] }, { timekeys: ["go"] }),
  }, { domain: "auto" });
  const bytes = await data.toBytes();
  const chains: ((one: Data) => Data)[] = [
    (one) => one.slice(10, 60),
    (one) => one.slice(10, 60, { resetOrigin: false }).slice(20, 25),
    (one) => one.selectByInterval(new Interval([5, 52], [22, 60])).slice(6, 55),
    (one) => one.resetOrigin(3).slice(1, 2),
    (one) => one.slice(500, 600),
    (one) => one.slice(0, 99).copy(),
  ];
  for (const [i, chain] of chains.entries()) {
    await using lazy = await Data.load(bytes);
    const expected = await chain(data.copy()).materialize();
    await using saved = await Data.load(await chain(lazy).toBytes());
    assert.equal(String(await saved.materialize()).length > 0, true);
    for (
      const path of ["spikes.timestamps", "spikes.unit", "spikes.peak", "spikes.name", "trials.start", "trials.go"]
    ) {
      assert.deepEqual(saved.get(path), expected.get(path), `chain ${i}: ${path}`);
    }
    assert.deepEqual((saved.get("lfp.raw") as NDArray).data, (expected.get("lfp.raw") as NDArray).data, `chain ${i}`);
    assert.deepEqual([saved.start, saved.end, saved.absoluteStart], [
      expected.start,
      expected.end,
      expected.absoluteStart,
    ]);
  }
});

Deno.test("text of a regular series, and what isn't ASCII, is refused also where it is lazy", async () => {
  const bytes = await new Data({ units: new ArrayDict({ id: ["a", "b"] }) }).toBytes();
  await using file = await open(bytes);
  const id = await file.dataset("/units/id");
  // Bytes, as it is without the word that they are text: there is room for those.
  const series = new RegularTimeSeries({ id }, { samplingRate: 1 });
  await using loaded = await Data.load(await new Data({ series }, { domain: "auto" }).toBytes());
  assert.deepEqual(await loaded.get<string[]>("series.id"), ["a", "b"]);
  const units = (await Data.load(file)).get<{ id: Promise<string[]> }>("units") as { id: Promise<string[]> };
  const text = new RegularTimeSeries({ id: await units.id }, { samplingRate: 1 });
  await assert.rejects(
    new Data({ text }, { domain: "auto" }).toBytes(),
    (error: Error) => error instanceof DTypeError && error.message.startsWith("Cannot save /text/id: "),
  );
});

Deno.test("references, which lead into the file that they are from, aren't saved into another", async () => {
  await using file = await create();
  await file.createDataset("x", { data: [1, 2] });
  const reference = await file.reference("x");
  await file.attributes.set("object", "Data");
  await file.attributes.set("one", reference);
  await file.createDataset("many", { data: [reference, reference] });
  await using data = await Data.load(await file.bytes());
  for (const key of ["one", "many"]) {
    const other = data.copy();
    for (const name of other.keys()) if (name !== key) other.delete(name);
    await assert.rejects(other.toBytes(), new RegExp(`^DTypeError: Cannot save /${key}: references`));
    other.set("list", [await data.get<unknown>(key)]).delete(key);
    await assert.rejects(other.toBytes(), DTypeError);
  }
});

Deno.test("saving a lazy session keeps nothing of what it reads but times", async () => {
  const bytes = await new Data({
    spikes: new IrregularTimeSeries({ timestamps: [1, 2, 3], name: ["a", "b", "c"], unit: [1, 2, 3] }),
    units: new ArrayDict({ id: ["x", "y"] }),
    waveforms: new Float32Array(10),
    trials: new Interval([0, 1], [1, 2]),
  }, { domain: "auto" }).toBytes();
  await using data = await Data.load(bytes);
  const again = await data.toBytes();
  const paths = ["spikes.name", "spikes.unit", "units.id", "waveforms"];
  assert.deepEqual(paths.filter((path) => data.describe(path).loaded), []);
  await using saved = await Data.load(again, { lazy: false });
  assert.deepEqual(saved.get("spikes.name"), ["a", "b", "c"]);
  assert.equal(String(saved), String(await data.materialize()));
});

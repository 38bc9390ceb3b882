import assert from "node:assert/strict";
import { change, create } from "../../src/hdf5/write/create.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";
import { FormatError, LimitError, MicrotomeError, NotHdf5Error, SourceError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { startRangeServer } from "../support/range_server.ts";

async function sound(): Promise<Uint8Array<ArrayBuffer>> {
  return await new Data({
    session: "s",
    spikes: new IrregularTimeSeries({ timestamps: [0.5, 1.5, 2.5], unit: [1, 2, 3], name: ["a", "b", "c"] }, {
      domain: new Interval([0, 2], [1.75, 4]),
    }),
    lfp: new RegularTimeSeries({ raw: [1, 2, 3, 4] }, { samplingRate: 1 }),
    trials: new Interval([0, 1], [1, 2], { go: [0.5, 1.5] }),
    units: new ArrayDict({ id: ["x", "y"], depth: [1, 2] }),
    sub: new Data({ spikes: new IrregularTimeSeries({ timestamps: [1] }) }, { domain: "auto" }),
  }, { domain: "auto" }).toBytes();
}

/** A sound file with something changed. */
async function broken(damage: (file: WritableFile) => Promise<unknown>): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await change(await sound());
  await damage(file);
  await file.close();
  return await file.bytes();
}

async function retyped(file: WritableFile, path: string, object: unknown): Promise<void> {
  const group = await file.group(path);
  if (object === undefined) await group.attributes.delete("object");
  else await group.attributes.set("object", object as string);
}

async function replaced(file: WritableFile, path: string, data: unknown): Promise<void> {
  await file.createDataset(path, { data: data as number[], overwrite: true });
}

const FAULTS: readonly [name: string, damage: (file: WritableFile) => Promise<unknown>, message: RegExp][] = [
  ["no object attribute", (file) => retyped(file, "/", undefined), /^Cannot read "\/": it has no attribute "object"/],
  ["no object attribute within", (file) => retyped(file, "/units", undefined), /^Cannot read "\/units": .*"object"/],
  [
    "an unknown object",
    (file) => retyped(file, "/spikes", "Series"),
    /^Cannot read "\/spikes": .*"object" is "Series"/,
  ],
  ["an object that is no text", (file) => retyped(file, "/sub", 3), /^Cannot read "\/sub": .*"object" isn't text/],
  ["a root of another class", (file) => retyped(file, "/", "ArrayDict"), /^Cannot read "\/": its "domain" is a group/],
  [
    "a class that wants other arrays",
    (file) => retyped(file, "/units", "Interval"),
    /^Cannot read "\/units": it has no dataset "start"/,
  ],
  [
    "a table with a domain",
    (file) => retyped(file, "/lfp", "ArrayDict"),
    /^Cannot read "\/lfp": its "domain" is a group, expected a dataset/,
  ],
  [
    "arrays of unequal length",
    (file) => replaced(file, "/spikes/unit", [1, 2]),
    /^Cannot read "\/spikes": its arrays differ in length: .*"unit" has 2|"name" has 3/,
  ],
  [
    "starts and ends of unequal number",
    (file) => replaced(file, "/trials/end", [1]),
    /^Cannot read "\/trials": its arrays differ in length/,
  ],
  [
    "an array without axes",
    (file) => replaced(file, "/units/depth", 5),
    /^Cannot read "\/units": its array "depth" has no axes/,
  ],
  ["no start", (file) => file.remove("/trials/start"), /^Cannot read "\/trials": it has no dataset "start"/],
  ["no end", (file) => file.remove("/domain/end"), /^Cannot read "\/domain": it has no dataset "end"/],
  [
    "no timestamps",
    (file) => file.remove("/spikes/timestamps"),
    /^Cannot read "\/spikes": it has no dataset "timestamps"/,
  ],
  ["no domain", (file) => file.remove("/spikes/domain"), /^Cannot read "\/spikes": it has no group "domain"/],
  ["no domain of samples", (file) => file.remove("/lfp/domain"), /^Cannot read "\/lfp": it has no group "domain"/],
  [
    "no rate",
    async (file) => (await file.group("/lfp")).attributes.delete("sampling_rate"),
    /^Cannot read "\/lfp": it has no sampling_rate/,
  ],
  [
    "a rate of 0",
    async (file) => (await file.group("/lfp")).attributes.set("sampling_rate", 0),
    /^Cannot read "\/lfp": .*rate of 0/,
  ],
  [
    "a rate that is NaN",
    async (file) => (await file.group("/lfp")).attributes.set("sampling_rate", NaN),
    /^Cannot read "\/lfp": .*rate of NaN/,
  ],
  [
    "a rate that is text",
    async (file) => (await file.group("/lfp")).attributes.set("sampling_rate", "fast"),
    /^Cannot read "\/lfp": .*sampling_rate/,
  ],
  [
    "an origin that is text",
    (file) => file.attributes.set("absolute_start", "now"),
    /^Cannot read "\/": its absolute_start isn't a number/,
  ],
  [
    "a domain that overlaps itself",
    (file) => replaced(file, "/spikes/domain/end", [3, 4]),
    /^Cannot read "\/spikes": .*overlapping/,
  ],
  ["a domain of all that overlaps itself", async (file) => {
    await replaced(file, "/domain/start", [0, 1]);
    await replaced(file, "/domain/end", [2, 3]);
  }, /^Cannot read "\/": .*overlapping/],
  [
    "a domain that ends before it starts",
    (file) => replaced(file, "/lfp/domain/end", [-1]),
    /^Cannot read "\/lfp": interval 0 of its domain ends before it starts/,
  ],
  ["a domain with NaN", (file) => replaced(file, "/sub/domain/start", [NaN]), /^Cannot read sub\.domain\.start: .*NaN/],
  ["a domain of text", (file) => replaced(file, "/sub/domain/start", ["a"]), /start of sub\.domain.*string/],
  ["a domain of two axes", async (file) => {
    await replaced(file, "/sub/domain/start", [[1]]);
  }, /sub\.domain\.start.*1D/],
  [
    "a domain of another class",
    (file) => retyped(file, "/spikes/domain", "ArrayDict"),
    /^Cannot read "\/spikes": its domain is a ArrayDict object, expected Interval/,
  ],
  ["a dataset for a domain", async (file) => {
    await file.remove("/sub/domain");
    await replaced(file, "/sub/domain", [0, 1]);
  }, /^Cannot read "\/sub": its "domain" is a dataset, expected a group/],
  ["a group for an array", async (file) => {
    await file.remove("/units/depth");
    await file.createGroup("/units/depth");
  }, /^Cannot read "\/units": its "depth" is a group, expected a dataset/],
  ["a group for timestamps", async (file) => {
    await file.remove("/spikes/timestamps");
    await file.createGroup("/spikes/timestamps");
  }, /^Cannot read "\/spikes": its "timestamps" is a group, expected a dataset/],
  [
    "time keys that aren't there",
    async (file) => (await file.group("/trials")).attributes.set("timekeys", ["stop"]),
    /^Cannot read "\/trials": .*stop not found/,
  ],
  [
    "time keys that are numbers",
    async (file) => (await file.group("/trials")).attributes.set("timekeys", [1, 2]),
    /^Cannot read "\/trials": its attribute "timekeys" isn't a list of names/,
  ],
  [
    "text that is numbers",
    async (file) => (await file.group("/units")).attributes.set("_unicode_keys", ["depth"]),
    /^Cannot read "\/units": its array "depth" should be text by _unicode_keys/,
  ],
  [
    "a group that holds itself",
    (file) => file.link("/sub/again", { hard: "/sub" }),
    /^Cannot read "\/sub\/again": it leads back to "\/sub"/,
  ],
  [
    "a group that holds the root",
    (file) => file.link("/sub/root", { soft: "/" }),
    /^Cannot read "\/sub\/root": it leads back to "\/"/,
  ],
];

for (const [name, damage, message] of FAULTS) {
  Deno.test(`${name}: an error that names the group and what is wrong`, async () => {
    const bytes = await broken(damage);
    for (const lazy of [true, false]) {
      await assert.rejects(Data.load(bytes, { lazy }), (error: Error) => {
        assert.ok(error instanceof FormatError, String(error));
        assert.match(error.message, message);
        return true;
      });
    }
  });
}

Deno.test("links that lead nowhere, and into other files, are errors that name them", async () => {
  const nowhere = await broken((file) => file.link("/sub/lost", { soft: "/nowhere" }));
  await assert.rejects(Data.load(nowhere), /^NotFoundError: .*"\/sub\/lost"/);
  const elsewhere = await broken((file) => file.link("/sub/other", { external: { file: "other.h5", path: "/x" } }));
  await assert.rejects(Data.load(elsewhere), /^ExternalFileError: .*"\/sub\/other"/);
  const round = await broken((file) => file.link("/sub/loop", { soft: "/sub/loop" }));
  await assert.rejects(
    Data.load(round),
    (error: Error) => error instanceof MicrotomeError && error.message.includes("/sub/loop"),
  );
});

Deno.test("the same group under two names is two objects", async () => {
  const bytes = await broken((file) => file.link("/copy", { hard: "/sub" }));
  await using data = await Data.load(bytes);
  assert.notEqual(data.get("copy"), data.get("sub"));
  data.set("copy.note", "x");
  assert.equal(data.has("sub.note"), false);
  assert.deepEqual(await data.get<Float64Array>("copy.spikes.timestamps"), Float64Array.of(1));
});

Deno.test("few groups that stand in very many places, and groups within groups without end, are beyond the limit", async () => {
  const chain = async (levels: number, links: readonly string[]) => {
    await using file = await create();
    await file.attributes.set("object", "Data");
    let path = "";
    for (let i = 0; i < levels; i++) {
      const group = await file.createGroup(`${path}/a`);
      await group.attributes.set("object", "Data");
      for (const link of links) await file.link(`${path}/${link}`, { hard: `${path}/a` });
      path += "/a";
    }
    return await file.bytes();
  };
  await assert.rejects(Data.load(await chain(30, ["b", "c"])), LimitError);
  await assert.rejects(Data.load(await chain(300, [])), LimitError);
  await using data = await Data.load(await chain(50, []));
  assert.equal(String(data).split("Data(").length, 52);
});

Deno.test("NaN times, and an index that disagrees with them, are found when times are read", async () => {
  const nan = await broken((file) => replaced(file, "/spikes/timestamps", [0.5, NaN, 2.5]));
  await using data = await Data.load(nan);
  const expected = (error: Error) => error instanceof FormatError && /spikes\.timestamps.*NaN/.test(error.message);
  await assert.rejects(async () => await data.get<unknown>("spikes.timestamps"), expected);
  await assert.rejects(async () => await data.slice(0, 2).get<unknown>("spikes.unit"), expected);
  await assert.rejects(Data.load(nan, { lazy: false }), expected);
  const starts = await broken((file) => replaced(file, "/trials/start", [NaN, 1]));
  await assert.rejects(Data.load(starts, { lazy: false }), /^FormatError: .*trials\.start.*NaN/);
  for (const counts of [[9n, 9n, 9n, 9n, 9n], [3n, 2n, 1n, 0n, 0n], [-1n, 0n, 0n, 0n, 0n]]) {
    const bytes = await broken((file) => replaced(file, "/spikes/timestamp_indices_1s", BigInt64Array.from(counts)));
    await using loaded = await Data.load(bytes);
    await assert.rejects(
      async () => await loaded.slice(1, 2).get<unknown>("spikes.unit"),
      (error: Error) => error instanceof FormatError && /spikes.*timestamp_indices_1s/.test(error.message),
    );
    assert.deepEqual(await loaded.get<unknown>("spikes.unit"), Float64Array.of(1, 2, 3), "the rest can be read");
  }
});

Deno.test("what is no HDF5 file, is cut short, or comes from a server that lies: the source's own errors", async () => {
  await assert.rejects(Data.load(new Uint8Array(0)), NotHdf5Error);
  await assert.rejects(Data.load(new TextEncoder().encode("torch_brain ".repeat(100))), NotHdf5Error);
  const bytes = await new Data({ a: new ArrayDict({ x: new Float64Array(100_000).fill(1) }) }).toBytes();
  const server = await startRangeServer({ "/s.h5": bytes });
  try {
    for (const kind of ["wrong-range", "short", "no-content-range", "long"]) {
      const options = { smallFileBytes: 0, readAheadBytes: 0 };
      await using data = await Data.load(`${server.url}/s.h5`, options);
      server.behave("/s.h5", { kind });
      await assert.rejects(async () => await data.get<unknown>("a.x"), SourceError, kind);
      server.behave("/s.h5", undefined);
      assert.equal((await data.get<Float64Array>("a.x") as Float64Array)[99_999], 1, "and it can be tried again");
    }
    await using data = await Data.load(`${server.url}/s.h5`, { smallFileBytes: 0 });
    server.put("/s.h5", { bytes: bytes.map((byte) => byte ^ 1) });
    server.behave("/s.h5", { kind: "change" });
    await assert.rejects(async () => await data.get<unknown>("a.x"), MicrotomeError);
    await assert.rejects(Data.load(`${server.url}/none.h5`), /404/);
  } finally {
    await server.close();
  }
});

Deno.test("a file that can't be loaded, or was read at once, is closed", async () => {
  const nan = await broken((file) => replaced(file, "/spikes/timestamps", [0.5, NaN, 2.5]));
  const unknown = await broken((file) => retyped(file, "/spikes", "Series"));
  for (
    const [bytes, lazy, left] of [[nan, false, 0], [unknown, true, 0], [await sound(), false, 0], [
      await sound(),
      true,
      1,
    ]] as const
  ) {
    let opened = 1;
    const source = {
      byteLength: bytes.length,
      read: ({ offset, length }: { offset: number; length: number }) =>
        Promise.resolve(bytes.slice(offset, offset + length)),
      close() {
        opened--;
        return Promise.resolve();
      },
    };
    const data = await Data.load(source, { lazy }).catch((error) => {
      assert.ok(error instanceof FormatError);
      return null;
    });
    assert.equal(opened, left);
    await data?.close();
  }
});

/** Reads everything that a file has, by slices too. */
async function readAll(bytes: Uint8Array): Promise<void> {
  await using data = await Data.load(bytes);
  String(data);
  const slice = data.domain === null ? data.copy() : data.slice(0.25, 2);
  for (const key of slice.keys()) {
    const value = await slice.get<unknown>(key);
    if (value instanceof IrregularTimeSeries || value instanceof ArrayDict) await value.materialize();
  }
  await data.materialize();
  await slice.toBytes();
}

Deno.test("files that are cut or damaged anywhere give errors of this library, or what can still be read; none hangs", async () => {
  const bytes = await sound();
  let [failed, read] = [0, 0];
  const seen = new Set<string>();
  const attempt = async (damaged: Uint8Array, what: string) => {
    try {
      await readAll(damaged);
      read++;
    } catch (error) {
      assert.ok(error instanceof MicrotomeError, `${what}: ${(error as Error).stack}`);
      seen.add(error.code);
      failed++;
    }
  };
  for (let i = 0; i < 40; i++) await attempt(bytes.subarray(0, Math.floor(bytes.length * i / 40)), `cut at ${i}/40`);
  let seed = 12345;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let i = 0; i < 240; i++) {
    const damaged = bytes.slice();
    const count = 1 + random(3);
    for (let j = 0; j < count; j++) damaged[random(damaged.length)]! ^= 1 << random(8);
    await attempt(damaged, `damage ${i}`);
  }
  console.log(`${failed} failed (${[...seen].sort().join(", ")}), ${read} could be read`);
  assert.ok(failed > 40 && read > 60);
});

/** Damaged arrays of a session: every error says which file and which object, however the array is reached. */

import assert from "node:assert/strict";
import type { ArrayData } from "../../src/array/types.ts";
import { Dataset } from "../../src/hdf5/dataset.ts";
import { slice } from "../../src/array/select/slice.ts";
import { change } from "../../src/hdf5/write/create.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";
import { open } from "../../src/hdf5/file.ts";
import { Group } from "../../src/hdf5/group.ts";
import { MicrotomeError } from "../../src/source/errors.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { RecordingDataset } from "../../src/temporal/dataset/dataset.ts";
import { loadObject, type ObjectTypes } from "../../src/temporal/files/load_object.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

const ROWS = 3000;
const rows = (base: number, step = 1) => Float64Array.from({ length: ROWS }, (_, i) => base + i * step);

/** A session with arrays of all kinds, no two of which hold the same, in chunks whose checksums tell damage. */
async function session(): Promise<Uint8Array> {
  const window = (start: number) => new Interval(start, start + ROWS / 100);
  const data = new Data({
    plain: rows(1e5),
    table: new ArrayDict({ x: rows(2e5), y: rows(3e5) }),
    trials: new Interval(rows(4e5), rows(4e5 + 0.5), { score: rows(5e5) }),
    spikes: new IrregularTimeSeries({ timestamps: rows(0.001, 0.01), unit: rows(6e5) }, { domain: window(0) }),
    lfp: new RegularTimeSeries({ raw: rows(7e5) }, { samplingRate: 100, domainStart: 0.25 }),
    inner: new Data({ deep: new ArrayDict({ z: rows(8e5) }) }, { domain: window(0.5) }),
  }, { domain: window(0.75) });
  return await data.toBytes({
    storage: (_path, { shape }) => ({ chunkShape: shape.map((length) => Math.min(length, 1000)), fletcher32: true }),
  });
}

/** All arrays of a file, by path. */
async function arraysOf(bytes: Uint8Array): Promise<Map<string, ArrayData>> {
  await using file = await open(bytes);
  const found = new Map<string, ArrayData>();
  const look = async (group: Group): Promise<void> => {
    for (const { object } of await group.members()) {
      if (object instanceof Group) await look(object);
      else if (object instanceof Dataset) found.set(object.path, (await object.read()).data);
    }
  };
  await look(file);
  return found;
}

/** The file with another byte in the array's first chunk, which its checksum tells. */
function damaged(bytes: Uint8Array, data: ArrayData): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = data as Float64Array;
  const stored = new Uint8Array(buffer, byteOffset, Math.min(byteLength, 1000));
  const places: number[] = [];
  for (let at = bytes.indexOf(stored[0]!); at >= 0; at = bytes.indexOf(stored[0]!, at + 1)) {
    if (stored.every((byte, i) => bytes[at + i] === byte)) places.push(at);
  }
  assert.ok(places.length > 0);
  const copy = new Uint8Array(bytes);
  // Short ones may stand elsewhere too: the last that is so is the one that was written for it.
  for (const place of places) copy[place + stored.length - 1]! ^= 0x10;
  return copy;
}

const BYTES = await session();
const ARRAYS = await arraysOf(BYTES);

/** A source with a name, as files and URLs have one. */
const named = (bytes: Uint8Array) => ({
  name: "session.h5",
  byteLength: bytes.length,
  read: ({ offset, length }: { offset: number; length: number }) =>
    Promise.resolve(bytes.subarray(offset, offset + length)),
});

/** What a file's errors say. */
async function errorsOf(run: () => Promise<unknown>): Promise<MicrotomeError> {
  const error = await run().then(() => undefined, (error) => error);
  assert.ok(error instanceof MicrotomeError, String(error));
  return error;
}

const OBJECTS: Readonly<Record<string, keyof ObjectTypes>> = {
  table: "ArrayDict",
  trials: "Interval",
  spikes: "IrregularTimeSeries",
  lfp: "RegularTimeSeries",
};

/** Domains are saved without checksums, in one piece: damage to them is other values. */
const isChecked = (path: string) => !path.includes("/domain/");

Deno.test("the session has an array of each kind", () => {
  assert.deepEqual([...ARRAYS.keys()].filter(isChecked).sort(), [
    "/inner/deep/z",
    "/lfp/raw",
    "/plain",
    "/spikes/timestamp_indices_1s",
    "/spikes/timestamps",
    "/spikes/unit",
    "/table/x",
    "/table/y",
    "/trials/end",
    "/trials/score",
    "/trials/start",
  ]);
});

for (const [path, data] of ARRAYS) {
  if (!isChecked(path)) continue;
  Deno.test(`a damaged chunk of ${path} is an error with file and object, whoever reads it`, async () => {
    const source = named(damaged(BYTES, data));
    const check = async (what: string, run: () => Promise<unknown>) => {
      const { file, object, code, message } = await errorsOf(run);
      // An index has no checksum: it is checked against the timestamps.
      const expected = path.endsWith("timestamp_indices_1s") ? "format" : "corrupt";
      assert.deepEqual([what, code, file, object], [what, expected, "session.h5", path], message);
    };
    const key = path.slice(1).replaceAll("/", ".");
    const [start, end] = key.startsWith("trials") ? [4e5, 4e5 + 2] : [1, 2];
    await using lazy = await Data.load(source);
    // Nobody reads it but to find rows.
    const isIndex = key.endsWith("timestamp_indices_1s");
    if (isIndex) return await check("slice", async () => await lazy.slice(start, end).get("spikes.unit"));
    await check("whole", () => Data.load(source, { lazy: false }));
    await check("materialize", () => lazy.copy().materialize());
    await check("get", async () => await lazy.get(key));
    await check("slice", async () => await lazy.slice(start, end).get(key));
    await check("the dataset's", async () => {
      await using dataset = await RecordingDataset.open({ one: source });
      await (await dataset.get({ recordingId: "one", start, end })).get(key);
    });
    const [object, ...rest] = key.split(".");
    const type = OBJECTS[object!];
    if (type === undefined || rest.length !== 1) return;
    await using file = await open(source);
    await check("loadObject", async () => {
      const one = await loadObject(await file.group(object!), type) as ArrayDict;
      await (one as unknown as { get(key: string): Promise<unknown> }).get(rest[0]!);
    });
  });
}

/** Errors of sound bytes that aren't what they should be. */
Deno.test("times that aren't times, and an index that disagrees, are errors with file and object", async () => {
  const [timestamps, index] = ["/spikes/timestamps", "/spikes/timestamp_indices_1s"];
  const wrong: [what: string, object: string, change: (file: WritableFile) => Promise<unknown>][] = [
    [
      "NaN",
      timestamps,
      async (file) => await (await file.dataset(timestamps)).write([slice(121, 122)], Float64Array.of(NaN)),
    ],
    [
      "disorder",
      timestamps,
      async (file) => await (await file.dataset(timestamps)).write([slice(120, 121)], Float64Array.of(9)),
    ],
    ["index", index, async (file) => await (await file.dataset(index)).write([slice(1, 2)], BigInt64Array.of(-1n))],
  ];
  for (const [what, object, damage] of wrong) {
    const path = await Deno.makeTempFile({ suffix: ".h5" });
    await Deno.writeFile(path, BYTES);
    const file = await change(path);
    await damage(file);
    await file.close();
    const lazy = await Data.load(path);
    const error = await errorsOf(async () => await lazy.slice(1, 2).get("spikes.unit"));
    await lazy.close();
    await Deno.remove(path);
    assert.deepEqual([what, error.code, error.file, error.object], [what, "format", path, object], error.message);
  }
});

/** One deadline for one call, however many requests it makes: by a clock that stands until the server was asked. */

import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import { open } from "../../src/hdf5/file.ts";
import { create } from "../../src/hdf5/write/create.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { openNpz } from "../../src/npy/npz.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { NWBFile } from "../../src/nwb/nwb_file.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { type MicrotomeError, NetworkError } from "../../src/source/errors.ts";
import { bounded } from "../../src/source/fetch/deadline.ts";
import { Data } from "../../src/temporal/data.ts";
import { loadObject } from "../../src/temporal/files/load_object.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import type { ZarrArray } from "../../src/zarr/read/array.ts";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { errorOf, watchTimers } from "./support.ts";

/** A limit that nothing else waits for. */
const DEADLINE = 567_890;

/** No guessing ahead, one request after the other: many of them for one call. */
const PIECEMEAL = {
  smallFileBytes: 0,
  readAheadBytes: 0,
  blockSize: 512,
  headBytes: 512,
  maxRequestBytes: 1024,
  maxParallel: 1,
  gap: 0,
} as const;

type Options = typeof PIECEMEAL & { readonly deadline?: number };

/** A call under test, and what ends what was opened for it. */
interface Prepared {
  readonly call: () => Promise<unknown>;
  readonly end?: () => Promise<void>;
}

/** Does what comes before a call. */
type Prepare = (url: string, options: Options) => Prepared | Promise<Prepared>;

const numbers = (length: number) => Float64Array.from({ length }, (_, i) => i);

async function hdf5(): Promise<Uint8Array> {
  await using file = await create();
  await file.createDataset("a", { shape: [2000], chunkShape: [200], data: numbers(2000), dtype: "float64" });
  for (let i = 0; i < 40; i++) {
    const group = await file.createGroup(`groups/${i}`);
    await group.attributes.set("text", "x".repeat(900));
    await group.attributes.set("more", "y".repeat(900));
  }
  return await file.bytes();
}

/** A file that is open, and a call on it. */
const within =
  (call: (file: Awaited<ReturnType<typeof open>>) => Promise<() => Promise<unknown>>): Prepare =>
  async (url, options) => {
    const file = await open(`${url}/a.h5`, options);
    return { call: await call(file), end: () => file.close() };
  };

const CALLS: Readonly<Record<string, Prepare>> = {
  "open()": (url, options) => ({
    call: async () => await (await open(`${url}/session.nwb`, options)).close(),
  }),
  "Dataset.read()": within(async (file) => {
    const dataset = await file.dataset("a");
    return () => dataset.read();
  }),
  "Group.members()": within(async (file) => {
    const group = await file.group("groups");
    return () => group.members();
  }),
  "AttributeSet.all()": within(async (file) => {
    const { attributes } = await file.group("groups/39");
    return () => attributes.all();
  }),
  "H5File.refresh()": within((file) => Promise.resolve(() => file.refresh())),
  "Data.load()": (url, options) => ({
    call: async () => await (await Data.load(`${url}/neural_session.h5`, options)).close(),
  }),
  "Data.load(), all at once": (url, options) => ({
    call: () => Data.load(`${url}/neural_session.h5`, { ...options, lazy: false }),
  }),
  "loadObject()": async (url, options) => {
    const file = await open(`${url}/neural_session.h5`, options);
    const group = await file.group("spikes");
    return { call: () => loadObject(group, "IrregularTimeSeries"), end: () => file.close() };
  },
  "NWBFile.open()": (url, options) => ({
    call: async () => await (await NWBFile.open(`${url}/session.nwb`, options)).close(),
  }),
  "NWBFile.get()": async (url, options) => {
    const nwb = await NWBFile.open(`${url}/session.nwb`, options);
    return { call: () => nwb.get("units"), end: () => nwb.close() };
  },
  "openNpy()": (url, options) => ({
    call: async () => await (await openNpy(`${url}/a.npy`, { ...options, headBytes: 8 })).close(),
  }),
  "NpyArray.read()": async (url, options) => {
    const array = await openNpy(`${url}/a.npy`, options);
    return { call: () => array.read(), end: () => array.close() };
  },
  "Npz.getAll()": async (url, options) => {
    const npz = await openNpz(`${url}/a.npz`, options);
    return { call: () => npz.getAll(), end: () => npz.close() };
  },
  "Npz.bytes()": async (url, options) => {
    const npz = await openNpz(`${url}/a.npz`, options);
    return { call: () => npz.bytes("a"), end: () => npz.close() };
  },
  "RawArray.read()": async (url, options) => {
    const array = await openRaw(`${url}/a.bin`, { ...options, dtype: "float64" });
    return { call: () => array.read(), end: () => array.close() };
  },
  "openZarr()": (url, options) => ({
    call: async () => await (await openZarr(`${url}/a.zarr`, options)).close(),
  }),
  "ZarrArray.read()": async (url, options) => {
    const array = await openZarr(`${url}/a.zarr`, options) as ZarrArray;
    return { call: () => array.read(), end: () => array.close() };
  },
};

async function serving(run: (server: RangeServer) => Promise<void>): Promise<void> {
  const data = { a: ndarray(numbers(2000)), b: ndarray(numbers(2000)), c: ndarray(numbers(2000)) };
  const zarr = { zarr_format: 2, shape: [2000], chunks: [200], dtype: "<f8", order: "C", filters: null };
  const server = await startRangeServer({
    "/": new URL("../data/", import.meta.url),
    "/a.h5": await hdf5(),
    "/a.npy": encodeNpy(data.a),
    "/a.npz": await encodeNpz(data),
    "/a.bin": new Uint8Array(numbers(2000).buffer),
    "/a.zarr/.zarray": new TextEncoder().encode(JSON.stringify({ ...zarr, compressor: null, fill_value: 0 })),
    ...Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`/a.zarr/${i}`, new Uint8Array(1600)])),
  });
  try {
    await run(server);
  } finally {
    await server.close();
  }
}

for (const [name, prepare] of Object.entries(CALLS)) {
  Deno.test(`${name} has one deadline for all its requests`, () =>
    serving(async (server) => {
      const free = await prepare(server.url, PIECEMEAL);
      server.clear();
      await free.call();
      await free.end?.();
      const requests = server.log.length;
      assert.ok(requests > 1, "one request shows nothing");

      const { call, end } = await prepare(server.url, { ...PIECEMEAL, deadline: DEADLINE });
      server.clear();
      // The last request isn't answered; the time of whoever has waited for all of them is up.
      const release = server.hold(requests - 1);
      const timers = watchTimers(DEADLINE, server, requests);
      let error: Error;
      try {
        error = await errorOf(call());
      } finally {
        timers.end();
        release();
      }
      assert.ok(error instanceof NetworkError, String(error));
      assert.match(error.message, /^Cannot [a-z].* it took longer than the deadline of 567890 ms$/);
      assert.ok((error as MicrotomeError).file?.startsWith(server.url), error.message);
      assert.equal(server.log.length, requests);
      await end?.();
    }));
}

Deno.test("a call within another has no deadline of its own, and the caller's signal counts too", async () => {
  const call = { deadline: DEADLINE, what: "read", file: "a.h5" };
  const timers = watchTimers();
  try {
    const outer = new AbortController();
    await bounded(call, { signal: outer.signal }, async ({ signal }) => {
      assert.notEqual(signal, outer.signal);
      await bounded(call, { signal }, (options) => Promise.resolve(assert.equal(options.signal, signal)));
      outer.abort(new Error("enough"));
      assert.equal((signal!.reason as Error).message, "enough");
    });
    assert.deepEqual(timers.waits, [DEADLINE]);
    await assert.rejects(bounded(call, { signal: outer.signal }, () => Promise.resolve(1)), /enough/);
    const plain = { signal: undefined };
    await bounded({ ...call, deadline: undefined }, plain, (options) => Promise.resolve(assert.equal(options, plain)));
  } finally {
    timers.end();
  }
});

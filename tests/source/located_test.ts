/** Every error about data says its code, its file and the object in it, whatever the format. */

import assert from "node:assert/strict";
import {
  create,
  encodeNpy,
  encodeNpz,
  MicrotomeError,
  ndarray,
  NWBFile,
  open,
  openNpy,
  openNpz,
  openRaw,
  slice,
} from "../../mod.ts";
import * as errors from "../../src/source/errors.ts";
import { located } from "../../src/source/located.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { Data } from "../../src/temporal/data.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import { ROOT, stopBundler } from "../support/bundle.ts";
import * as esbuild from "../support/tools/esbuild.ts";
import { fromFileUrl } from "@std/path";
import { crafted } from "./zip_support.ts";

const text = (value: string) => new TextEncoder().encode(value);
const npy = encodeNpy(ndarray(Int16Array.of(1, 2, 3, 4, 5, 6), [3, 2]));

/** NPY with another header. */
function withHeader(header: string, rest = new Uint8Array(12)): Uint8Array {
  const padded = header.padEnd(117, " ") + "\n";
  return new Uint8Array([...npy.subarray(0, 8), padded.length & 255, padded.length >> 8, ...text(padded), ...rest]);
}

function zarr(metadata: object, chunk = new Uint8Array(4)) {
  const whole = {
    zarr_format: 2,
    shape: [4],
    chunks: [2],
    dtype: "<i2",
    order: "C",
    compressor: null,
    filters: null,
    fill_value: 0,
    ...metadata,
  };
  return openZarr(
    new Map([["/.zgroup", text('{"zarr_format": 2}')], ["/a/.zarray", text(JSON.stringify(whole))], ["/a/0", chunk]]),
    { path: "a" },
  );
}

async function readZarr(metadata: object, chunk?: Uint8Array<ArrayBuffer>, selection?: number[]): Promise<unknown> {
  const array = await zarr(metadata, chunk);
  assert(array.kind === "array");
  return await array.read(selection);
}

async function npz() {
  return await openNpz(await encodeNpz({ a: ndarray(Int16Array.of(1, 2)) }));
}

const SIGNAL = "tests/data/signal.h5";
async function h5<T>(run: (file: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T> {
  await using file = await open(SIGNAL);
  return await run(file);
}

async function made<T>(run: (file: Awaited<ReturnType<typeof create>>) => Promise<T>): Promise<T> {
  await using file = await create();
  await file.createDataset("a", { data: ndarray(Int16Array.of(1, 2, 3)), maxShape: [null], chunkShape: [2] });
  return await run(file);
}

const raw = (options: object = {}) => openRaw(Int16Array.of(1, 2, 3, 4), { dtype: "int16", ...options });

/** Faults per format: what is done, the code, and the object. */
const FAULTS: Readonly<
  Record<string, readonly [name: string, run: () => Promise<unknown>, code: string, object: string][]>
> = {
  HDF5: [
    ["a path that isn't there", () => h5((file) => file.get("/no")), "not-found", "/no"],
    ["a group as a dataset", () => h5((file) => file.dataset("/recording")), "wrong-kind", "/recording"],
    [
      "a row that isn't there",
      () => h5(async (file) => (await file.dataset("/signal")).read([1e9])),
      "selection",
      "/signal",
    ],
    [
      "too many axes",
      () => h5(async (file) => (await file.dataset("/signal")).read([0, 0, 0])),
      "selection",
      "/signal",
    ],
    [
      "a view that doesn't fit",
      () => h5(async (file) => (await file.dataset("/signal")).view([-1e9])),
      "selection",
      "/signal",
    ],
    ["an attribute that isn't there", () => h5((file) => file.attributes.get("no")), "not-found", "/"],
    [
      "more than may be read",
      async () => {
        await using file = await open(SIGNAL, { maxReadBytes: 65536 });
        return await (await file.dataset("/signal")).read();
      },
      "limit",
      "/signal",
    ],
    [
      "text into numbers",
      () => made(async (file) => (await file.dataset("a")).write(null, ["x", "y", "z"])),
      "dtype",
      "/a",
    ],
    ["too many values", () => made(async (file) => (await file.dataset("a")).write(null, [1, 2, 3, 4])), "shape", "/a"],
    ["a value that doesn't fit", () => made(async (file) => (await file.dataset("a")).write([0], 1e9)), "dtype", "/a"],
    ["fewer axes", () => made(async (file) => (await file.dataset("a")).resize([1, 2])), "shape", "/a"],
    ["an axis that can't grow", () => made(async (file) => (await file.dataset("a")).append([1], 3)), "shape", "/a"],
    [
      "a shape that data hasn't",
      () => made((file) => file.createDataset("b", { shape: [5], data: [1, 2] })),
      "shape",
      "b",
    ],
    ["a name that is taken", () => made((file) => file.createDataset("a", { data: [1] })), "write", "/a"],
  ],
  NPY: [
    ["no NPY", () => openNpy(text("no NPY at all, by no means")), "format", "/"],
    ["a header that is cut off", () => openNpy(npy.subarray(0, 40)), "corrupt", "/"],
    ["a header that is none", () => openNpy(withHeader("{'descr': '<i2', 'shape'")), "corrupt", "/"],
    [
      "a type that is none",
      () => openNpy(withHeader("{'descr': '<q9', 'fortran_order': False, 'shape': (3, 2), }")),
      "corrupt",
      "/",
    ],
    ["less data than the header says", () => openNpy(npy.subarray(0, npy.length - 1)), "corrupt", "/"],
    ["a row that isn't there", async () => (await openNpy(npy)).read([3]), "selection", "/"],
    ["too many axes", async () => (await openNpy(npy)).view([0, 0, 0]), "selection", "/"],
    ["a field of numbers", async () => (await openNpy(npy)).field("x"), "not-found", "/"],
  ],
  NPZ: [
    ["a member that isn't there", async () => (await npz()).get("no"), "not-found", "no"],
    [
      "a member that is no NPY",
      async () => (await openNpz(zipOf("a.npy", text("nothing of the kind")))).get("a"),
      "wrong-kind",
      "a.npy",
    ],
    [
      "a member whose header is none",
      async () => (await openNpz(zipOf("a.npy", withHeader("{'descr'")))).get("a"),
      "corrupt",
      "a.npy",
    ],
    [
      "a member with less data",
      async () => (await openNpz(zipOf("a.npy", npy.subarray(0, -1)))).get("a"),
      "corrupt",
      "a.npy",
    ],
    ["a row that isn't there", async () => (await (await npz()).get("a")).read([7]), "selection", "a.npy"],
    ["a field of numbers", async () => (await (await npz()).get("a")).field("x"), "not-found", "a.npy"],
  ],
  Zarr: [
    ["nothing at all", () => openZarr(new Map()), "not-found", "/"],
    ["a shape that is none", () => zarr({ shape: "x" }), "corrupt", "/a"],
    ["chunks of another rank", () => zarr({ chunks: [2, 2] }), "corrupt", "/a"],
    ["a type that is none", () => zarr({ dtype: "<q7" }), "unsupported", "/a"],
    ["a chunk that is too short", () => readZarr({}, new Uint8Array(3)), "corrupt", "/a"],
    ["a chunk that isn't packed", () => readZarr({ compressor: { id: "zlib", level: 1 } }), "corrupt", "/a"],
    ["a row that isn't there", () => readZarr({}, undefined, [9]), "selection", "/a"],
  ],
  raw: [
    ["a shape that doesn't fit", () => raw({ shape: [9] }), "truncated", "/"],
    ["rows that don't fit", () => raw({ shape: [null, 3] }), "shape", "/"],
    ["a row that isn't there", async () => (await raw()).read([9]), "selection", "/"],
    ["a view that doesn't fit", async () => (await raw()).view([9]), "selection", "/"],
    ["a field of numbers", async () => (await raw()).field("x"), "not-found", "/"],
    ["writing what was opened for reading", async () => (await raw()).write(null, 1), "write", "/"],
    [
      "a value that doesn't fit",
      async () => (await openRaw(memorySink(), { mode: "w+", dtype: "int8", shape: [2] })).write(null, 300),
      "dtype",
      "/",
    ],
    [
      "too many values",
      async () => (await openRaw(memorySink(), { mode: "w+", dtype: "int8", shape: [2] })).write(null, [1, 2, 3]),
      "shape",
      "/",
    ],
  ],
  NWB: [
    ["no NWB", () => NWBFile.open(SIGNAL), "format", "/"],
    ["a key that isn't there", async () => (await NWBFile.open("tests/data/session.nwb")).get("no"), "not-found", "no"],
    [
      "a path that isn't there",
      async () => (await NWBFile.open("tests/data/session.nwb")).at("/no"),
      "not-found",
      "/no",
    ],
    [
      "a row that isn't there",
      async () => {
        const nwb = await NWBFile.open("tests/data/session.nwb");
        const series = nwb.entries().find(([, { kind }]) => kind === "Tsd" || kind === "TsdFrame")!;
        const object = await nwb.file.dataset(`${series[1].path}/data`);
        return await object.read([slice(0, 1), 99]);
      },
      "selection",
      "",
    ],
  ],
  sessions: [
    ["no session", () => Data.load(SIGNAL), "format", "/"],
    [
      "a group as a session",
      () => h5(async (file) => Data.load(await file.group("/recording"))),
      "format",
      "/recording",
    ],
    ["a part that isn't there", () => h5(async (file) => Data.load(await file.group("/no"))), "not-found", "/no"],
  ],
};

function zipOf(name: string, data: Uint8Array): Uint8Array {
  return crafted([{ name, data }]);
}

for (const [format, faults] of Object.entries(FAULTS)) {
  for (const [name, run, code, object] of faults) {
    Deno.test(`${format}, ${name}: "${code}", with its file and object`, async () => {
      const error = await run().then(() => undefined, (error) => error);
      assert.ok(error instanceof MicrotomeError, `${error}\n${error?.stack}`);
      assert.equal(error.code, code, error.message);
      assert.ok(typeof error.file === "string" && error.file !== "", `no file: ${error.message}`);
      if (object === "") assert.ok(error.object);
      else assert.equal(error.object, object, error.message);
    });
  }
}

Deno.test("what an error says already stays, and others' errors stay as they are", async () => {
  const own = new errors.ShapeError("x", { file: "f" });
  assert.throws(() =>
    located({ file: "g", object: "o" }, () => {
      throw own;
    }), { file: "f", object: "o" });
  const other = new RangeError("x");
  await assert.rejects(
    located({ file: "g" }, () => Promise.reject(other)),
    (error) => error === other && !("file" in error),
  );
  assert.equal(await located({}, () => Promise.resolve(7)), 7);
  assert.equal(located({}, () => 7), 7);
});

Deno.test("the names of errors' classes outlive a bundler that shortens names", async () => {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: 'export * from "./src/source/errors.ts";', resolveDir: fromFileUrl(ROOT), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  await stopBundler();
  assert.doesNotMatch(outputFiles[0]!.text, /class \w*Error/);
  const short = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`) as typeof errors;
  const made = Object.entries(short).map(([name, Class]) => [name, new (Class as typeof MicrotomeError)("x")] as const);
  assert.deepEqual(made.map(([, error]) => error.name), made.map(([name]) => name));
  assert.ok(made.length > 20);
  assert.match(String(new short.ShapeError("x")), /^ShapeError: x$/);
});

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { fromFileUrl, toFileUrl } from "@std/path";
import config from "../deno.json" with { type: "json" };
import * as microtome from "../mod.ts";
import type { NDArray } from "../mod.ts";
import type { TsdFrame } from "../src/series/mod.ts";
import { Interval, IrregularTimeSeries } from "../src/temporal/mod.ts";
import { type Fields, makeBytes } from "./nwb/support.ts";
import { readWasm, ROOT, stopBundler } from "./support/bundle.ts";
import * as esbuild from "./support/tools/esbuild.ts";

/** What is only loaded when it is met doesn't count: tests below say that what reads meets none of it. */
const loadedLater: esbuild.Plugin = {
  name: "loaded-later",
  setup(build) {
    build.onResolve(
      { filter: /./ },
      ({ kind }) => kind === "dynamic-import" ? { path: "later", external: true } : null,
    );
  },
};

/** How many bytes of each room a bundle of some of mod.ts' names keeps. */
async function roomsOf(names: string): Promise<Map<string, number>> {
  const { metafile } = await esbuild.build({
    stdin: { contents: `export { ${names} } from "./mod.ts";`, resolveDir: fromFileUrl(ROOT), loader: "ts" },
    absWorkingDir: fromFileUrl(ROOT),
    bundle: true,
    minify: true,
    metafile: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*", "@std/path", "@std/yaml"],
    plugins: [loadedLater],
    write: false,
    logLevel: "silent",
  });
  const rooms = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const room = /src\/(\w+)\//.exec(path)?.[1] ?? "";
      rooms.set(room, (rooms.get(room) ?? 0) + bytesInOutput);
    }
  }
  return rooms;
}

Deno.test("a bundle of what opens HDF5 and slices it leaves out all that it doesn't use", async () => {
  try {
    const rooms = await roomsOf("open, slice");
    assert.ok(rooms.get("hdf5")! > 20_000, "it has what it uses");
    // A few constants are kept: some bytes of each of many files.
    for (const room of ["temporal", "series", "nwb", "npy", "raw", "zarr", "batch", "formats"]) {
      const bytes = rooms.get(room) ?? 0;
      assert.ok(bytes < 2500, `${room}: ${bytes} bytes`);
    }
    // Four bytes or so of each of its files, whatever is in them.
    assert.ok((rooms.get("temporal") ?? 0) < 250, `temporal: ${rooms.get("temporal")} bytes`);
    const data = await roomsOf("Data");
    assert.ok(data.get("temporal")! > 20_000 && (data.get("series") ?? 0) < 1000, JSON.stringify([...data]));
  } finally {
    await stopBundler();
  }
});

Deno.test("what opens any format needs zarrita only where a chunk of Zarr is read", async () => {
  try {
    const { metafile } = await esbuild.build({
      stdin: { contents: `export { openAny } from "./mod.ts";`, resolveDir: fromFileUrl(ROOT), loader: "ts" },
      absWorkingDir: fromFileUrl(ROOT),
      bundle: true,
      metafile: true,
      format: "esm",
      platform: "neutral",
      target: "es2022",
      external: ["node:*", "@std/path", "@std/yaml", "zarrita"],
      write: false,
      logLevel: "silent",
    });
    const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
    const kinds = imports.filter(({ path }) => path === "zarrita").map(({ kind }) => kind);
    assert.deepEqual(kinds, ["dynamic-import"]);
  } finally {
    await stopBundler();
  }
});

/** A bundle's cost in KiB, minified and gzipped: of what a job loads, and of all, as tools make it that give one file. */
interface Most {
  readonly entry: string;
  readonly names: string;
  /** The plan's target. */
  readonly loaded: number;
  /** Such tools wrap what is imported later, and what that imports, which costs up to 3 KiB; series bring filters, spectra and peaks. */
  readonly alone: number;
}

const MOST: readonly Most[] = [
  { entry: ".", names: "open, slice", loaded: 40, alone: 51 },
  { entry: ".", names: "openNpy", loaded: 31, alone: 43 },
  { entry: ".", names: "create", loaded: 55, alone: 68 },
  { entry: ".", names: "NWBFile", loaded: 75, alone: 103 },
  { entry: ".", names: "Data", loaded: 66, alone: 91 },
  { entry: "./npy", names: "openNpy", loaded: 31, alone: 43 },
  { entry: "./nwb", names: "NWBFile", loaded: 75, alone: 103 },
  { entry: "./temporal", names: "Data", loaded: 66, alone: 91 },
];

/** Bundles some names of an entry, minified. */
async function bundled(entry: string, names: string, ...plugins: esbuild.Plugin[]): Promise<Uint8Array<ArrayBuffer>> {
  const { outputFiles } = await esbuild.build({
    stdin: {
      contents: `export { ${names} } from "${config.exports[entry as keyof typeof config.exports]}";`,
      resolveDir: fromFileUrl(ROOT),
      loader: "ts",
    },
    absWorkingDir: fromFileUrl(ROOT),
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    external: ["node:*", "@std/path", "@std/yaml", "zarrita"],
    plugins,
    write: false,
    logLevel: "silent",
  });
  return new Uint8Array(outputFiles[0]!.contents);
}

function kib(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).byteLength / 1024;
}

Deno.test("what opens and reads stays small, by the main entry and by the rooms'", async () => {
  try {
    for (const { entry, names, ...most } of MOST) {
      const loaded = kib(await bundled(entry, names, loadedLater));
      const alone = kib(await bundled(entry, names));
      const told = `${names} of ${entry}: ${loaded.toFixed(1)} KiB of ${most.loaded}, in one file ${alone.toFixed(1)}`;
      console.log(`told: ${told} of ${most.alone}`);
      assert.ok(loaded <= most.loaded && alone <= most.alone, told);
    }
  } finally {
    await stopBundler();
  }
});

/** Puts in the place of each file that is loaded later one that fails, and says which it is. */
const neverLoaded: esbuild.Plugin = {
  name: "never-loaded",
  setup(build) {
    build.onResolve({ filter: /./ }, ({ kind, path }) => {
      return kind === "dynamic-import" ? { path, namespace: "later" } : null;
    });
    build.onLoad({ filter: /./, namespace: "later" }, ({ path }) => ({
      contents: `throw new Error("${path} was loaded");`,
    }));
  },
};

/** What pages do, for which what they have loaded must be enough. */
const JOBS: readonly (readonly [name: string, names: string, run: (library: typeof microtome) => Promise<unknown>])[] =
  [
    ["slices HDF5", "open, slice", async ({ open, slice }) => {
      await using file = await open(await hdf5Bytes());
      const array = await file.dataset("/raw");
      return [await array.attributes.all(), Array.from((await array.read([slice(2, 4)])).data as Int16Array)];
    }],
    ["slices NPY", "openNpy", async ({ openNpy }) => {
      const { encodeNpy, ndarray, slice } = microtome;
      await using array = await openNpy(encodeNpy(ndarray(Int16Array.of(1, 2, 3, 4))));
      return Array.from((await array.read([slice(1, 3)])).data as Int16Array);
    }],
    ["writes HDF5", "create", async ({ create }) => (await hdf5Bytes(create)).length > 1000],
    ["reads a signal in physical units, with its electrodes", "NWBFile", async ({ NWBFile }) => {
      await using nwb = await NWBFile.open(await nwbBytes());
      const lfp = await (await nwb.get<TsdFrame>("lfp")).get(0, 0.1).load();
      return [String(nwb), String(lfp), lfp.columns, (lfp.values as NDArray).data];
    }],
    ["reads a window of a recording", "Data", async ({ Data }) => {
      const spikes = new IrregularTimeSeries({ timestamps: [0, 0.5, 1, 1.5], unit: [1, 2, 3, 4] }, { domain: "auto" });
      const made = new microtome.Data({ spikes, trials: new Interval([0, 1], [1, 2]) }, { domain: "auto" });
      await using data = await Data.load(await made.toBytes());
      const window = await data.slice(0.4, 1.2).materialize();
      return [String(window), await (window.get("spikes") as IrregularTimeSeries).timestamps];
    }],
  ];

async function hdf5Bytes(create = microtome.create): Promise<Uint8Array> {
  await using file = await create();
  const options = { chunkShape: [3], compression: "gzip", attributes: { unit: "V" } } as const;
  await file.createDataset("raw", { data: Int16Array.of(1, 2, 3, 4, 5, 6), ...options });
  return await file.bytes();
}

function nwbBytes(): Promise<Uint8Array> {
  return makeBytes(async (maker) => {
    const electrodes = "/general/extracellular_ephys/electrodes";
    await maker.table(electrodes, { location: ["CA1", "CA3"], depth: [1, 2] }, "DynamicTable", [4, 7]);
    const attributes = { conversion: 0.5 } as unknown as Fields;
    await maker.series("/acquisition/lfp", [[1, 2], [3, 4]], { type: "ElectricalSeries", attributes, dtype: "<i2" });
    await maker.file.createDataset("/acquisition/lfp/electrodes", {
      data: Int32Array.of(1, 0),
      attributes: {
        neurodata_type: "DynamicTableRegion",
        namespace: "hdmf-common",
        description: "",
        table: await maker.file.reference(electrodes),
      },
    });
  });
}

for (const [name, names, run] of JOBS) {
  Deno.test(`what ${name} loads nothing later`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const path = `${folder}/bundle.mjs`;
      await Deno.writeFile(path, await bundled(".", `${names}, init`, neverLoaded));
      const library = await import(toFileUrl(path).href) as typeof microtome;
      await library.init({ bytes: await readWasm(), reader: await readWasm("reader.wasm") });
      assert.deepEqual(await run(library), await run(microtome));
    } finally {
      await Deno.remove(folder, { recursive: true });
      await stopBundler();
    }
  });
}

Deno.test("what is met seldom is loaded later: a file that isn't HDF5, and what saves", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const path = `${folder}/bundle.mjs`;
    await Deno.writeFile(path, await bundled(".", "open, Data, init", neverLoaded));
    const { open, Data, init } = await import(toFileUrl(path).href) as typeof microtome;
    await init({ bytes: await readWasm() });
    await assert.rejects(open(new Uint8Array(100)), /signatures\.ts was loaded/);
    await assert.rejects(new Data().toBytes(), /create\.ts was loaded/);
  } finally {
    await Deno.remove(folder, { recursive: true });
    await stopBundler();
  }
});

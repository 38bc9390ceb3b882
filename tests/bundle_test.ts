import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { fromFileUrl } from "@std/path";
import config from "../deno.json" with { type: "json" };
import { ROOT, stopBundler } from "./support/bundle.ts";
import * as esbuild from "./support/tools/esbuild.ts";

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
    external: ["node:*", "@std/path"],
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
      external: ["node:*", "@std/path", "zarrita"],
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

/**
 * The most that what opens and reads takes, minified and gzipped, in KiB. The plan's targets (40, 31, 55, 75, 76) are
 * missed by what safety and honest errors have taken since; the figures stand here so that nothing grows unseen.
 */
const MOST: readonly (readonly [string, string, number])[] = [
  [".", "open, slice", 44],
  [".", "openNpy", 37],
  [".", "create", 61],
  [".", "NWBFile", 88],
  [".", "Data", 82],
  ["./npy", "openNpy", 37],
  ["./nwb", "NWBFile", 88],
  ["./temporal", "Data", 82],
];

/** What is only loaded when it is met doesn't count. */
const loadedLater: esbuild.Plugin = {
  name: "loaded-later",
  setup(build) {
    build.onResolve(
      { filter: /./ },
      ({ kind }) => kind === "dynamic-import" ? { path: "later", external: true } : null,
    );
  },
};

Deno.test("what opens and reads stays small, by the main entry and by the rooms'", async () => {
  try {
    for (const [entry, names, most] of MOST) {
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
        external: ["node:*", "@std/path", "zarrita"],
        plugins: [loadedLater],
        write: false,
        logLevel: "silent",
      });
      const size = gzipSync(outputFiles[0]!.contents, { level: 9 }).byteLength / 1024;
      console.log(`told: ${names} of ${entry}: ${size.toFixed(1)} KiB of ${most}`);
      assert.ok(size <= most, `${names} of ${entry}: ${size.toFixed(1)} KiB, ${most} at most`);
    }
  } finally {
    await stopBundler();
  }
});

import assert from "node:assert/strict";
import { memoryArray, ndarray } from "../../mod.ts";
import { type CommandEntry, COMMANDS } from "../../src/cli/commands.ts";
import { arraySource } from "../../src/cli/sources/sources.ts";
import { SOURCES } from "../../src/cli/sources/registry.ts";
import { TARGETS } from "../../src/cli/targets/registry.ts";
import type { Target } from "../../src/cli/targets/target.ts";
import { FORMATS, Opened, type SourceFormat } from "../../src/formats/mod.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { openSink } from "../../src/source/sink/open_sink.ts";
import { CODECS } from "../../src/zarr/codec/codec_registry.ts";
import type { Undo } from "../../src/zarr/codec/codec_types.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import type { ZarrArray } from "../../src/zarr/read/array.ts";
import { run } from "./support.ts";

const BYTES = Uint8Array.of(...new TextEncoder().encode("COUNTS"), 5, 0, 0, 0, 6, 0, 0, 0);

// What docs/extending.md says each takes: one of each, and its line in the registry.
const COUNTS: SourceFormat<"counts", Int32Array> = {
  name: "counts",
  description: "32-bit counts behind the word COUNTS",
  recognises: ({ head }) => new TextDecoder().decode(head.subarray(0, 6)) === "COUNTS",
  async open({ input, name, byteLength, options }) {
    await using raw = await openRaw<Int32Array>(input as Uint8Array, { ...options, dtype: "<i4", offset: 6 });
    const { data } = await raw.read();
    const array = memoryArray(ndarray(data));
    return new Opened({
      format: COUNTS,
      name,
      byteLength,
      meter: options.meter,
      handle: data,
      keys: () => ["/"],
      get: () => Promise.resolve(array),
      close: async () => {},
    });
  },
};

const countsSource = (opened: Opened) =>
  arraySource(opened, {
    kind: "counts",
    tree: (path) => Promise.resolve({ name: path, path, kind: "group", memberCount: 0 }),
    info: () => Promise.resolve({ rows: [["counts", "two"]], json: { counts: 2 } }),
  });

const SUM: CommandEntry = {
  parameters: ["SOURCE", "[PATH]"],
  help: "the sum of an array",
  options: ["select"],
  load: () =>
    Promise.resolve(async (source, call, io) => {
      const { array } = await source.array(call.path, io.signal);
      const { data } = await array.read();
      await io.stdout(`${(Array.from(data) as number[]).reduce((sum, value) => sum + value)}\n`);
    }),
};

const LINES: Target = {
  endings: ["txt"],
  holdsMany: false,
  options: [],
  async write([only], { target, overwrite }, signal) {
    const { data } = await only!.array.read(null, { signal });
    const sink = await openSink(target, { overwrite });
    sink.writeSync(0, new TextEncoder().encode(Array.from(data, (value) => `${value}\n`).join("")));
    await sink.commit();
  },
};

const REGISTRIES = {
  commands: { ...COMMANDS, sum: SUM },
  formats: [...FORMATS, COUNTS],
  sources: { ...SOURCES, counts: () => Promise.resolve(countsSource) },
  targets: { ...TARGETS, lines: LINES },
};

Deno.test("a format, its view, a command and a target are one object and one line each", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const source = `${folder}/a.counts`;
    await Deno.writeFile(source, BYTES);
    const told = await run(["info", source], {}, REGISTRIES);
    assert.match(told.stdout, /kind +counts: 32-bit counts behind the word COUNTS\n/);
    assert.match(told.stdout, /counts +two\n/);
    assert.equal((await run(["sum", source], {}, REGISTRIES)).stdout, "11\n");
    assert.match(
      (await run(["--help"], {}, REGISTRIES)).stdout,
      /microtome sum SOURCE \[PATH\] +the sum of an array\n/,
    );
    const converted = await run(["convert", source, `${folder}/a.txt`], {}, REGISTRIES);
    assert.equal(converted.code, 0, converted.stderr);
    assert.equal(await Deno.readTextFile(`${folder}/a.txt`), "5\n6\n");
    // Its options are refused as those of the others are, and without the lines nobody knows any of them.
    const refused = await run(["convert", source, `${folder}/a.txt`, "--chunks", "2"], {}, REGISTRIES);
    assert.match(refused.stderr, /Cannot use --chunks for a \.txt file: it is for \.h5, \.zarr/);
    assert.match((await run(["sum", source])).stderr, /Cannot run "sum"/);
    assert.match((await run(["convert", source, `${folder}/a.txt`])).stderr, /expected a name that ends in .*\.zarr/);
    assert.doesNotMatch((await run(["info", source])).stdout, /counts:/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a codec of Zarr is one function and one line", async () => {
  const undoReverse: Undo = (bytes) => bytes.toReversed();
  const store = new Map<string, Uint8Array>([
    [
      "/.zarray",
      new TextEncoder().encode(JSON.stringify({
        zarr_format: 2,
        shape: [3],
        chunks: [3],
        dtype: "|u1",
        compressor: { id: "reverse" },
        fill_value: 0,
        order: "C",
        filters: null,
      })),
    ],
    ["/0", Uint8Array.of(3, 2, 1)],
  ]);
  const read = async () => {
    const array = await openZarr(store) as ZarrArray;
    return Array.from((await array.read()).data as Uint8Array);
  };
  const codecs = CODECS as Map<string, Undo>;
  await assert.rejects(read(), /reverse/);
  codecs.set("reverse", undoReverse);
  try {
    assert.deepEqual(await read(), [1, 2, 3]);
  } finally {
    codecs.delete("reverse");
  }
});

/** Wrong calls and bad files: refused by what is wrong, inputs and old outputs as they were. */
import assert from "node:assert/strict";
import { linkSync, readdirSync } from "node:fs";
import { join } from "node:path";
import {
  type BatchFunction,
  BatchPipeline,
  BatchProcessor,
  butterworth,
  PipedTransformation,
} from "../../src/batch/mod.ts";
import { RecordingsReader, standarize } from "../../src/batch/mod.ts";
import { FormatError, NotFoundError, UnsupportedError, WriteError } from "../../src/source/errors.ts";
import { inFolder, LAYOUT, readValues, SMALL, writeValues, YASS } from "./yass_support.ts";

const same: BatchFunction = (batch) => batch;

/** A rejection by class and text. */
async function refused(run: () => unknown, kind: new (...args: never[]) => Error, text: RegExp): Promise<void> {
  await assert.rejects(async () => await run(), (error: Error) => {
    assert.ok(error instanceof kind, `${error.name}: ${error.message}`);
    assert.match(error.message, text);
    return true;
  });
}

Deno.test("a size that doesn't fit dtype and channels is refused by both", async () => {
  const open = (bytes: Uint8Array, nChannels: number) => RecordingsReader.open(bytes, { ...LAYOUT, nChannels });
  await refused(
    () => open(new Uint8Array(7), 1),
    RangeError,
    /wrong file size or dtype: 7 bytes are no whole number of values of 2/,
  );
  await refused(
    () => open(new Uint8Array(60), 4),
    RangeError,
    /wrong nChannels, .*number of channels \(30 values % 4 != 0\)/,
  );
  await refused(() => open(new Uint8Array(60), 0), RangeError, /Cannot use 0 as nChannels/);
});

Deno.test("something that isn't given needs a sidecar, which must be YAML, whole, and agree with its file", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", SMALL);
    const beside = (text: string) => Deno.writeTextFile(join(folder, "raw.yaml"), text);
    await refused(
      () => RecordingsReader.open(raw),
      NotFoundError,
      /at least one of dtype, nChannels and dataOrder .* there is no .*raw\.yaml$/,
    );
    await refused(() => RecordingsReader.open(SMALL, { dtype: "int16" }), TypeError, /only a path or URL has one/);
    await beside("{{");
    await refused(() => RecordingsReader.open(raw), FormatError, /JSON|YAML/);
    await beside("dtype: [\n");
    await refused(() => RecordingsReader.open(raw), FormatError, /raw\.yaml as a sidecar: it is no YAML/);
    await beside("data_order: samples\ndtype: int16\nn_channels: 3\nobservations: 11\n");
    await refused(() => RecordingsReader.open(raw), FormatError, /it says 11 observations, the file has 10/);
    await beside("data_order: samples\ndtype: int16\nn_channels: 4\n");
    await refused(() => RecordingsReader.open(raw), RangeError, /30 values % 4 != 0/);
    // YASS 0.9 writes none where it was given none.
    await beside("data_order: samples\ndtype: int16\nn_channels: null\n");
    await refused(
      () => RecordingsReader.open(raw),
      FormatError,
      /its n_channels is null, as YASS 0\.9 writes it; give nChannels/,
    );
    await using reader = await RecordingsReader.open(raw, { nChannels: 3 });
    assert.deepEqual(reader.shape, [10, 3]);
  });
});

Deno.test("wrong options are refused by name", async () => {
  await refused(
    () => BatchProcessor.open(SMALL, { ...LAYOUT, loader: "mmap" as "array" }),
    TypeError,
    /Cannot use "mmap" as loader: expected "memmap", "array" or "python"/,
  );
  await refused(
    () => BatchProcessor.open(SMALL, { ...LAYOUT, max_memory: 1 } as object),
    TypeError,
    /unknown option "max_memory"; perhaps "maxMemory"/,
  );
  await refused(
    () => BatchProcessor.open(SMALL, { ...LAYOUT, maxMemory: "10XB" }),
    SyntaxError,
    /Cannot read the size "10XB"/,
  );
  await refused(() => BatchProcessor.open(SMALL, { ...LAYOUT, bufferSize: -1 }), RangeError, /as bufferSize/);
  await using processor = await BatchProcessor.open(SMALL, LAYOUT);
  const apply = (options: object) => processor.multiChannelApply(same, options as { mode: "memory" });
  await refused(() => apply({ mode: "x" }), TypeError, /with the mode "x": expected "disk" or "memory"/);
  await refused(() => apply({ mode: "disk" }), TypeError, /without outputPath: it is required/);
  await refused(
    () => apply({ mode: "disk", outputPath: "x", passBatchResults: true }),
    UnsupportedError,
    /in "disk" mode/,
  );
  await refused(() => apply({ mode: "memory", castDtype: "complex64" }), Error, /Cannot cast to complex64/);
  await refused(
    () => processor.multiChannelApply(5 as never, { mode: "memory" }),
    TypeError,
    /Cannot apply 5: expected a function/,
  );
  await refused(
    () => processor.multiChannelApply({ name: "nope", options: {} }, { mode: "memory" }),
    TypeError,
    /nope.*known are/,
  );
  await refused(
    () => new PipedTransformation(same, "a.bin", { mode: "all" as "multiChannel" }),
    TypeError,
    /Cannot use "all" as mode/,
  );
});

Deno.test("forceCompleteChannelBatch is ignored for several channels, with a warning", async () => {
  const logged: string[] = [];
  await using processor = await BatchProcessor.open(SMALL, {
    ...LAYOUT,
    onLog: (level, text) => logged.push(`${level}: ${text}`),
  });
  await processor.multiChannelApply(same, { mode: "memory", forceCompleteChannelBatch: true });
  assert.match(logged[0]!, /^warning: forceCompleteChannelBatch has no meaning/);
});

Deno.test("an output that is the input is refused, by another name too, and its sidecar is no output's", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", SMALL);
    await Deno.writeTextFile(join(folder, "raw.yaml"), "dtype: int16\nn_channels: 3\n");
    linkSync(raw, join(folder, "other.bin"));
    await using processor = await BatchProcessor.open(raw);
    const apply = (name: string) => processor.multiChannelApply(same, { mode: "disk", outputPath: join(folder, name) });
    for (const name of ["raw.bin", "other.bin"]) await refused(() => apply(name), RangeError, /it is the input/);
    await refused(() => apply("raw.dat"), RangeError, /its sidecar .*raw\.yaml" is the input's/);
    await refused(() => apply("out.yaml"), RangeError, /it is the name of its own sidecar/);
    const pipeline = new BatchPipeline(raw, { outputPath: folder });
    pipeline.add(new PipedTransformation(same, "raw.bin", { mode: "multiChannel" }));
    await refused(() => pipeline.run(), RangeError, /it is the input/);
    assert.deepEqual(await readValues(raw, Int16Array), SMALL);
    assert.throws(() => pipeline.add(new PipedTransformation(same, "raw.bin", { mode: "multiChannel" })), RangeError);
  });
});

Deno.test("an output that is there is an error with abort; skip wants it whole, and of the same making", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", SMALL);
    const outputPath = join(folder, "out.bin");
    const sidecar = join(folder, "out.yaml");
    const logged: string[] = [];
    await using processor = await BatchProcessor.open(raw, { ...LAYOUT, onLog: (_, text) => logged.push(text) });
    const apply = (ifFileExists: "abort" | "skip" | "overwrite", task: BatchFunction = same) =>
      processor.multiChannelApply(task, { mode: "disk", outputPath, ifFileExists });
    const made = await apply("abort");
    await refused(() => apply("abort"), RangeError, /out\.bin": it already exists/);
    logged.length = 0;
    assert.deepEqual(await apply("skip"), made);
    assert.deepEqual(logged, [`${outputPath} exists, skipping...`]);
    await refused(() => apply("skip", (batch) => ({ ...batch })), RangeError, /it was made in another way/);
    const text = await Deno.readTextFile(sidecar);
    await Deno.writeFile(outputPath, new Uint8Array(10));
    await refused(() => apply("skip"), RangeError, /it isn't whole/);
    await Deno.remove(sidecar);
    await refused(() => apply("skip"), RangeError, /ifFileExists is "skip", but .*out\.yaml is missing/);
    await apply("overwrite");
    assert.equal(await Deno.readTextFile(sidecar), text);
  });
});

Deno.test(
  "an output that cannot be made is a WriteError, and nothing half-written stays",
  { ignore: Deno.build.os !== "linux" },
  async () => {
    await inFolder(async (folder) => {
      await using processor = await BatchProcessor.open(SMALL, LAYOUT);
      // Where no folder is, and where none may be.
      for (const outputPath of [join(folder, "none/out.bin"), "/proc/out.bin"]) {
        await refused(
          () => processor.multiChannelApply(same, { mode: "disk", outputPath }),
          WriteError,
          /Cannot write/,
        );
      }
      assert.deepEqual(readdirSync(folder), []);
    });
  },
);

Deno.test("what can't be written is refused: values of another type than before, and no numbers", async () => {
  await inFolder(async (folder) => {
    await using processor = await BatchProcessor.open(SMALL, YASS);
    const outputPath = join(folder, "out.bin");
    let call = 0;
    const odd: BatchFunction = (batch) => call++ === 0 ? batch : Float64Array.of(1, 2, 3);
    await refused(
      () => processor.multiChannelApply(odd, { mode: "disk", outputPath }),
      Error,
      /float64 behind others of int16/,
    );
    await refused(
      () => processor.multiChannelApply(() => "text", { mode: "disk", outputPath }),
      TypeError,
      /Cannot write the result "text"/,
    );
    assert.deepEqual(readdirSync(folder), []);
  });
});

Deno.test("cut-offs above Nyquist, wrong orders and missing rates of YASS' functions are refused", async () => {
  const ts = new Float64Array(100);
  const filter = { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 };
  await refused(() => butterworth(ts, { ...filter, highFactor: 0.5 }), RangeError, /must lie between 0 and 15000 Hz/);
  await refused(() => butterworth(ts, { ...filter, lowFreq: 4000 }), RangeError, /lowFreq must lie below highFactor/);
  await refused(() => butterworth(ts, { ...filter, order: 0 }), RangeError, /an order of 0/);
  const two = {
    data: ts,
    shape: [50, 2],
    stride: [2, 1],
    dtype: { kind: "float", itemsize: 8, byteOrder: "<" } as const,
  };
  await refused(() => butterworth(two, filter), UnsupportedError, /expected the samples of one channel/);
  await refused(
    () => butterworth(ts.subarray(88), { ...filter, compatible: "0.9" }),
    RangeError,
    /12 samples both ways: it takes more than 12/,
  );
  await refused(() => standarize(ts, { sd: [1, 2] }), Error, /1 channels by 2 values of sd/);
  await using processor = await BatchProcessor.open(SMALL, { ...LAYOUT, samplingRate: 1000 });
  const band = { name: "bandpass", options: { low: 300, high: 600, causal: true } };
  await refused(
    () => processor.multiChannelApply(band, { mode: "memory" }),
    RangeError,
    /500 Hz, half the sampling rate/,
  );
});

Deno.test("an abort ends it, and what was there before stays", async () => {
  await inFolder(async (folder) => {
    await using processor = await BatchProcessor.open(SMALL, YASS);
    const outputPath = await writeValues(folder, "out.bin", SMALL);
    const controller = new AbortController();
    const stop: BatchFunction = (batch) => {
      controller.abort(new Error("Enough"));
      return batch;
    };
    const { signal } = controller;
    await refused(() => processor.multiChannelApply(stop, { mode: "disk", outputPath, signal }), Error, /^Enough$/);
    assert.deepEqual(await readValues(outputPath, Int16Array), SMALL);
    assert.deepEqual(readdirSync(folder), ["out.bin"]);
  });
});

/** Several processes: results in order, margins honoured, failures told. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { BatchProcessor, butterworth } from "../../src/batch/mod.ts";
import { BatchError, UnsupportedError } from "../../src/source/errors.ts";
import { failsAt, sumOfThree } from "./yass_worker_functions.ts";
import { inFolder, LAYOUT, readValues, writeValues } from "./yass_support.ts";

const MODULE = new URL("./yass_worker_functions.ts", import.meta.url);
const VALUES = Int16Array.from({ length: 3 * 2000 }, (_, i) => (i * 7919) % 1000);
const OPTIONS = { sanitizeOps: false, sanitizeResources: false };

Deno.test("two processes give what one does, in order, with their margins", OPTIONS, async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", VALUES);
    await using processor = await BatchProcessor.open(raw, { ...LAYOUT, bufferSize: 1, maxMemory: "64KB" });
    const task = { module: MODULE, name: "sumOfThree" };
    const [one, two] = [join(folder, "one.bin"), join(folder, "two.bin")];
    await processor.multiChannelApply(sumOfThree, { mode: "disk", outputPath: one });
    await processor.multiChannelApply(task, { mode: "disk", outputPath: two, processes: 2 });
    const found = await readValues(two, Float64Array);
    assert.deepEqual(found, await readValues(one, Float64Array));
    const at = (i: number) => VALUES[i] ?? 0;
    assert.deepEqual([...found], [...VALUES].map((value, i) => value + at(i - 3) + at(i + 3)));
  });
});

Deno.test("transforms in two processes differ from a walk by no more than their tolerance", OPTIONS, async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", VALUES);
    await using processor = await BatchProcessor.open(raw, { ...LAYOUT, samplingRate: 30_000, maxMemory: "200KB" });
    for (const causal of [true, false]) {
      const task = { name: "bandpass", options: { low: 300, high: 6000, causal, dtype: "float64" } };
      const [one, two] = [join(folder, "one.bin"), join(folder, "two.bin")];
      await processor.multiChannelApply(task, { mode: "disk", outputPath: one });
      await processor.multiChannelApply(task, { mode: "disk", outputPath: two, processes: 2 });
      const [walked, windows] = [await readValues(one, Float64Array), await readValues(two, Float64Array)];
      assert.equal(walked.length, windows.length);
      walked.forEach((value, i) => assert.ok(Math.abs(value - windows[i]!) <= 1e-6 * 1000, `${i}`));
    }
  });
});

Deno.test(
  "YASS' own functions go to other processes; a closure is refused, with what to give in its place",
  OPTIONS,
  async () => {
    await using processor = await BatchProcessor.open(VALUES, LAYOUT);
    const kwargs = { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 };
    const [first, , third] = await processor.singleChannelApply(butterworth, { mode: "memory", kwargs, processes: 2 });
    const [one, , three] = await processor.singleChannelApply(butterworth, { mode: "memory", kwargs });
    assert.deepEqual([first!.data, third!.data], [one!.data, three!.data]);
    await assert.rejects(
      processor.multiChannelApply((batch) => batch, { mode: "memory", processes: 2 }),
      (error: Error) => {
        assert.ok(error instanceof UnsupportedError);
        assert.match(error.message, /a function can't be sent; give \{ module, name \}/);
        return true;
      },
    );
  },
);

Deno.test(
  "a function that throws in batch 7 of 20 is told with its batch and what is kept, in a worker too",
  OPTIONS,
  async () => {
    await inFolder(async (folder) => {
      const outputPath = join(folder, "out.bin");
      const more = { kwargs: { at: 650 }, passBatchInfo: true } as const;
      for (const [task, processes] of [[failsAt, 1], [{ module: MODULE, name: "failsAt" }, 2]] as const) {
        await using processor = await BatchProcessor.open(VALUES, {
          ...LAYOUT,
          maxMemory: 600 * processes,
          compatible: "yass",
        });
        await Deno.writeTextFile(outputPath, "old");
        await assert.rejects(
          processor.multiChannelApply(task, { ...more, mode: "disk", outputPath, processes }),
          (error: BatchError) => {
            assert.ok(error instanceof BatchError, String(error));
            assert.equal(error.batch, 7);
            assert.match(
              error.message,
              /batch 7 of 20 \(observations 600 to 700\): Can't do 650; .*out\.bin is as it was before$/,
            );
            assert.equal((error.cause as Error).name, "RangeError");
            return true;
          },
        );
        assert.equal(await Deno.readTextFile(outputPath), "old");
        assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["out.bin"]);
      }
      await using processor = await BatchProcessor.open(VALUES, { ...LAYOUT, maxMemory: 600, compatible: "yass" });
      await assert.rejects(processor.multiChannelApply(failsAt, { ...more, mode: "memory" }), (error: BatchError) => {
        assert.match(error.message, /the results of the batches before, 6, are the error's results$/);
        assert.equal(error.results.length, 6);
        return true;
      });
    });
  },
);

/** YASS' processor on makers' recordings, and on blocks of any size. */
import assert from "node:assert/strict";
import { memoryArray, ndarray } from "../../mod.ts";
import { BatchProcessor, RecordingsReader } from "../../src/batch/mod.ts";
import { openRecording } from "../../src/recording/mod.ts";
import { bandpass } from "../../src/signal/mod.ts";
import { makeTrc } from "../recording/make/micromed.ts";

const TRC = makeTrc({
  electrodes: [{ code: 1, name: "Fp1" }, { code: 2, name: "Cz" }],
  rows: 500,
  value: (row, channel) => 32768 + (row * 7 + channel * 13) % 101,
});

Deno.test("a recording gives its samples as stored, an analog signal physical values, both at their rate", async () => {
  await using recording = await openRecording(TRC);
  const { analogSignals: [signal] } = await recording.readSegment({ lazy: true });
  const raw = (await recording.rawSignal().read()).data as Uint16Array;
  const physical = (await signal!.read()).data as Float32Array;
  for (const [source, kind, whole] of [[recording, "uint", raw], [signal!, "float", physical]] as const) {
    const bytes = whole.BYTES_PER_ELEMENT;
    await using processor = await BatchProcessor.open(source as never, { maxMemory: 200 * bytes, compatible: "yass" });
    assert.deepEqual([processor.shape, processor.dtype.kind], [[500, 2], kind]);
    const found: number[] = [];
    // A second has 256 samples.
    for await (const [data] of processor.multiChannel({ fromTime: "1 s" })) found.push(...data.data as Float32Array);
    assert.deepEqual(found, Array.from(whole.slice(256 * 2)));
  }
  await using reader = await RecordingsReader.open(recording as never);
  assert.deepEqual([reader.shape, reader.samplingRate], [[500, 2], 256]);
});

Deno.test("batches of one row, of a prime number of rows and the whole give one result", async () => {
  const noise = ndarray(Float64Array.from({ length: 1500 }, (_, i) => Math.sin(i * i)), [500, 3]);
  const options = { low: 300, high: 6000, causal: true, samplingRate: 30_000, dtype: "float64" } as const;
  const whole = (await bandpass(noise, options).read()).data;
  for (const rows of [1, 7, 500]) {
    await using processor = await BatchProcessor.open(memoryArray(noise) as never, {
      maxMemory: rows * 3 * 8,
      compatible: "yass",
    });
    const parts = await processor.multiChannelApply({ name: "bandpass", options }, { mode: "memory" }) as {
      data: Float64Array;
    }[];
    assert.equal(parts.length, Math.ceil(500 / rows));
    assert.deepEqual(parts.flatMap(({ data }) => [...data]), Array.from(whole));
  }
});

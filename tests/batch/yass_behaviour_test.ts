/** What YASS' processor and pipeline do beside the numeric cases. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { bandpass } from "../../src/signal/mod.ts";
import { memoryArray, ndarray, open, slice } from "../../mod.ts";
import {
  type BatchIndex,
  BatchPipeline,
  BatchProcessor,
  BinaryReader,
  butterworth,
  MemoryMap,
} from "../../src/batch/mod.ts";
import { PipedTransformation, RecordingsReader, standarize } from "../../src/batch/mod.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";
import { openZarr, type ZarrArray } from "../../src/zarr/mod.ts";
import { startRangeServer } from "../support/range_server.ts";
import { all, inFolder, LAYOUT, readValues, SMALL, TURNED, writeValues, YASS } from "./yass_support.ts";

const plusOne = (batch: NDArray<NumericData>) => ({ ...batch, data: (batch.data as Int16Array).map((x) => x + 1) });

/** 2 channels of noise and a sine, int16. */
const WAVES = Int16Array.from({ length: 8000 }, (_, i) => 1000 * Math.sin(i / 7) + 300 * Math.sin(i * i / 11));
const WAVE_LAYOUT = { dtype: "int16", nChannels: 2, dataOrder: "samples", samplingRate: 30_000 } as const;
const BAND = { name: "bandpass", options: { low: 300, high: 6000, causal: true } } as const;

Deno.test("dataFormat is another name of dataOrder, sample of samples, and two that disagree are refused", async () => {
  const layout = { dtype: "int16", nChannels: 3 } as const;
  for (const [dataFormat, order] of [["long", "samples"], ["wide", "channels"], ["sample", "samples"]] as const) {
    await using reader = await RecordingsReader.open(SMALL, { ...layout, dataFormat });
    assert.equal(reader.dataOrder, order);
  }
  await (await RecordingsReader.open(SMALL, { ...layout, dataOrder: "samples", dataFormat: "long" })).close();
  await assert.rejects(
    RecordingsReader.open(SMALL, { ...layout, dataOrder: "samples", dataFormat: "wide" }),
    /Cannot use dataOrder "samples" with dataFormat "wide": they disagree/,
  );
  await assert.rejects(RecordingsReader.open(SMALL, { ...layout, dataOrder: "both" as "wide" }), TypeError);
});

Deno.test("a reader has shape, observations, channels, data, dataOrder and dtype, and prints as YASS' does", async () => {
  await using reader = await RecordingsReader.open(TURNED, { ...LAYOUT, dataOrder: "channels", output: "wide" });
  const { shape, observations, channels, dataOrder, dtype, data } = reader;
  assert.deepEqual([shape, observations, channels, dataOrder, dtype.kind, dtype.itemsize], [
    [10, 3],
    10,
    3,
    "channels",
    "int",
    2,
  ]);
  assert.equal(String(reader), 'Reader for recordings with 10 observations and 3 channels in "channels" format');
  // The file's own orientation.
  assert.deepEqual([data.shape, (await data.read([2, slice(3)])).data], [[3, 10], Int16Array.of(2, 5, 8)]);
  // What is asked for is [observations, channels]; what comes is turned.
  const { data: values, shape: turned } = await reader.read([slice(2, 5), slice(0, 2)]);
  assert.deepEqual([turned, values], [[2, 3], Int16Array.of(6, 9, 12, 7, 10, 13)]);
});

Deno.test("items of multiChannel destructure as three, have names, and print as Python's tuples of slices", async () => {
  await using processor = await BatchProcessor.open(SMALL, {
    ...YASS,
    compatible: undefined,
    maxMemory: 400,
    bufferSize: 2,
  });
  const [item] = await all(processor.multiChannel({ fromTime: 3, channels: [2, 0] }));
  const [data, local, index] = item!;
  assert.deepEqual([item!.data, item!.local, item!.index], [data, local, index]);
  assert.equal(`${local} ${index}`, "(slice(2, 9, None), slice(None, None, None)) (slice(3, 10, None), [2, 0])");
  // In the file's dtype, real observations before, zeros behind.
  assert.ok(data.data instanceof Int16Array);
  assert.deepEqual([...data.data.subarray(0, 4)], [5, 3, 8, 6]);
  assert.deepEqual([...data.data.subarray(-4)], [0, 0, 0, 0]);
  // Both are selections: what they select is the batch without its buffer.
  const lazy = memoryArray(data);
  assert.deepEqual((await lazy.read(local)).data, (await processor.data.read(index)).data);
});

Deno.test("the ends are padded with zeros, mirrored, or with the last value", async () => {
  const ends = async (padding: "zeros" | "reflect" | "edge") => {
    const options = { dtype: "int16", nChannels: 1, dataOrder: "samples", bufferSize: 3, padding } as const;
    await using processor = await BatchProcessor.open(Int16Array.of(1, 2, 3), options);
    return [...(await all(processor.multiChannel()))[0]!.data.data];
  };
  assert.deepEqual(await ends("zeros"), [0, 0, 0, 1, 2, 3, 0, 0, 0]);
  assert.deepEqual(await ends("edge"), [1, 1, 1, 1, 2, 3, 3, 3, 3]);
  assert.deepEqual(await ends("reflect"), [2, 3, 2, 1, 2, 3, 2, 1, 2]);
});

Deno.test("times are numbers of observations, or texts where the rate is known", async () => {
  await using processor = await BatchProcessor.open(WAVES, WAVE_LAYOUT);
  const [index] = await all(processor.multiChannel({ fromTime: "10 ms", toTime: "0.1 s", returnData: false }));
  assert.equal(String(index), "(slice(300, 3000, None), slice(0, 2, None))");
  await using unknown = await BatchProcessor.open(SMALL, LAYOUT);
  await assert.rejects(
    all(unknown.multiChannel({ fromTime: "10 s" })),
    /Cannot take "10 s" as fromTime without a sampling rate/,
  );
  await assert.rejects(
    all(unknown.multiChannel({ toTime: 11 })),
    /Cannot take 11 as toTime: expected a whole number from 0 to 10/,
  );
  await assert.rejects(all(unknown.multiChannel({ fromTime: 5, toTime: 4 })), /fromTime lies behind toTime/);
  await assert.rejects(all(unknown.multiChannel({ channels: [3] })), /Cannot take channel 3: there are 3, from 0 to 2/);
});

Deno.test("memory is counted whole: a limit that YASS takes for 4 rows is too small, and both ways out are named", async () => {
  await using small = await BatchProcessor.open(SMALL, { ...LAYOUT, maxMemory: 23 });
  await assert.rejects(all(small.multiChannel()), (error: Error) => {
    assert.ok(error instanceof RangeError);
    assert.match(error.message, /one observation takes 24 B; raise maxMemory to at least that, or take fewer channels/);
    return true;
  });
  // 4 batches at a time: 24 bytes a row.
  await using processor = await BatchProcessor.open(SMALL, { ...LAYOUT, maxMemory: 4 * 24 });
  assert.equal((await all(processor.multiChannel()))[0]!.data.shape[0], 4);
  await assert.rejects(
    all(processor.singleChannel({ toTime: 10 })).then(() =>
      processor.singleChannelApply((batch) => batch, { mode: "memory" })
    ),
    /raise maxMemory, or set forceCompleteChannelBatch: false/,
  );
});

Deno.test("a function is called with its keywords, and with where the batch lies if it asks", async () => {
  await using processor = await BatchProcessor.open(SMALL, { ...YASS, bufferSize: 1 });
  const seen: string[] = [];
  const look = (
    _: NDArray<NumericData>,
    { word, local, index }: { word: string; local?: BatchIndex; index?: BatchIndex },
  ) => {
    seen.push(`${word} ${local} ${index}`);
    return 0;
  };
  await processor.multiChannelApply(look, { mode: "memory", kwargs: { word: "a" }, passBatchInfo: true, toTime: 4 });
  await processor.multiChannelApply(look, { mode: "memory", kwargs: { word: "b" }, toTime: 4 });
  assert.deepEqual(seen, [
    "a (slice(1, 5, None), slice(None, None, None)) (slice(0, 4, None), slice(0, 3, None))",
    "b undefined undefined",
  ]);
});

Deno.test("the cleanup function gets result, local, index and buffer, in that order, and what it gives is kept", async () => {
  await using processor = await BatchProcessor.open(SMALL, { ...YASS, bufferSize: 1 });
  const found = await processor.multiChannelApply((batch) => batch.shape[0]!, {
    mode: "memory",
    cleanupFunction: (result, local, index, bufferSize) => `${result} ${local} ${index} ${bufferSize}`,
    channels: 1,
  });
  assert.deepEqual(found, ["12 (slice(1, 11, None), slice(None, None, None)) (slice(0, 10, None), 1) 1"]);
});

Deno.test("casts round to the nearest even and clip, and say how many; NaN has no integer", async () => {
  const logged: string[] = [];
  const options = { dtype: "float32", nChannels: 1, dataOrder: "samples" } as const;
  const values = Float32Array.of(0.5, 1.5, -0.6, 300, -5, Infinity);
  await using processor = await BatchProcessor.open(values, {
    ...options,
    onLog: (level, text) => logged.push(`${level}: ${text}`),
  });
  const [{ data }] = await processor.multiChannelApply((batch) => batch, { mode: "memory", castDtype: "uint8" }) as [
    NDArray,
  ];
  assert.deepEqual(data, Uint8Array.of(0, 2, 0, 255, 0, 255));
  assert.match(
    logged.join("\n"),
    /^info: Applying function .*\.\.\.\nwarning: Clipped 4 values to uint8\ninfo: .* took/,
  );
  await using odd = await BatchProcessor.open(Float32Array.of(1, NaN), options);
  await assert.rejects(
    odd.multiChannelApply((batch) => batch, { mode: "memory", castDtype: "int16" }),
    /batch 1 of 1 .*Cannot cast NaN to int16, which has none: cast to float32/,
  );
});

Deno.test("transforms in place of a function carry their state: any limit gives what the whole does", async () => {
  const whole = await bandpass(ndarray(WAVES, [4000, 2]), { ...BAND.options, samplingRate: 30_000 }).walk(4000).next();
  const expected = whole.value!.data as Float32Array;
  await inFolder(async (folder) => {
    for (const maxMemory of ["3KB", "10KB", "1GB"]) {
      await using processor = await BatchProcessor.open(WAVES, { ...WAVE_LAYOUT, maxMemory });
      for (const task of [BAND, [BAND], bandpass(processor.data, { ...BAND.options, samplingRate: 30_000 })]) {
        const outputPath = join(folder, "band.bin");
        const [, params] = await processor.multiChannelApply(task, { mode: "disk", outputPath });
        assert.equal(params.dtype, "float32");
        const found = await readValues(outputPath, Float32Array);
        assert.equal(found.length, expected.length);
        found.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6 * 1000, `${maxMemory} ${i}`));
      }
      // Channel after channel, and a transform that looks at all.
      const outputPath = join(folder, "channels.bin");
      await processor.singleChannelApply(BAND, { mode: "disk", outputPath, channels: [1] });
      const one = await readValues(outputPath, Float32Array);
      one.forEach((value, i) => assert.ok(Math.abs(value - expected[2 * i + 1]!) < 1e-3));
      const referenced = await processor.multiChannelApply({ name: "commonReference", options: {} }, {
        mode: "memory",
      });
      assert.ok(referenced.length >= 1);
    }
  });
});

Deno.test("NaN in the data stays in its channel, and in a filter in what lies behind it", async () => {
  const values = Float32Array.from({ length: 200 }, (_, i) => i === 100 ? NaN : Math.sin(i));
  const options = { dtype: "float32", nChannels: 2, dataOrder: "samples", samplingRate: 30_000 } as const;
  await using processor = await BatchProcessor.open(values, options);
  const [{ data }] = await processor.multiChannelApply(BAND, { mode: "memory" }) as [NDArray<Float32Array>];
  const channel = (c: number) => Array.from({ length: 100 }, (_, i) => data[2 * i + c]!);
  assert.ok(channel(1).every(Number.isFinite));
  assert.deepEqual([channel(0).findIndex(Number.isNaN), channel(0).slice(50).every(Number.isNaN)], [50, true]);
});

Deno.test("outputs are flat files, HDF5, Zarr and SpikeInterface's folders, and hold the same", async () => {
  await inFolder(async (folder) => {
    await using processor = await BatchProcessor.open(SMALL, { ...YASS, samplingRate: 1000 });
    for (const isSingle of [false, true]) {
      const apply = (outputPath: string, format?: "spikeinterface") => {
        const options = { mode: "disk", outputPath, format } as const;
        return isSingle
          ? processor.singleChannelApply(plusOne, { ...options, forceCompleteChannelBatch: false })
          : processor.multiChannelApply(plusOne, options);
      };
      const expected = SMALL.map((x) => x + 1);
      await apply(join(folder, "one.h5"));
      await using file = await open(join(folder, "one.h5"));
      const dataset = await file.dataset("data");
      assert.deepEqual([dataset.shape, (await dataset.read()).data], [[10, 3], expected]);
      assert.equal(await dataset.attributes.get("sampling_rate"), 1000);
      await apply(join(folder, "one.zarr"));
      const zarr = await openZarr(join(folder, "one.zarr")) as ZarrArray;
      assert.deepEqual([zarr.shape, (await zarr.read()).data], [[10, 3], expected]);
      await zarr.close();
      await apply(join(folder, "saved"), "spikeinterface");
      const { kwargs, class: name, relative_paths } = JSON.parse(
        await Deno.readTextFile(join(folder, "saved/binary.json")),
      );
      assert.match(name, /\.BinaryRecordingExtractor$/);
      const { file_paths, sampling_frequency, num_channels, dtype, time_axis } = kwargs;
      assert.deepEqual(
        [file_paths, sampling_frequency, num_channels, dtype, time_axis, relative_paths],
        [["traces_cached_seg0.raw"], 1000, 3, "int16", isSingle ? 1 : 0, true],
      );
      const traces = await readValues(join(folder, "saved/traces_cached_seg0.raw"), Int16Array);
      assert.deepEqual(traces, (isSingle ? TURNED : SMALL).map((x) => x + 1));
    }
    assert.deepEqual([...Deno.readDirSync(folder)].filter(({ name }) => /part/.test(name)), []);
  });
});

Deno.test("inputs are paths, URLs, lazy arrays, arrays in memory; of a URL ranges are read", async () => {
  await inFolder(async (folder) => {
    await writeValues(folder, "raw.bin", SMALL);
    await Deno.writeTextFile(join(folder, "raw.yaml"), "dtype: int16\nn_channels: 3\n");
    const server = await startRangeServer(folder);
    try {
      const sources = [
        join(folder, "raw.bin"),
        `${server.url}/raw.bin`,
        memoryArray(ndarray(SMALL, [10, 3])),
        ndarray(SMALL, [10, 3]),
      ];
      for (const source of sources) {
        await using processor = await BatchProcessor.open(source);
        assert.deepEqual(processor.shape, [10, 3]);
        const sum = await processor.multiChannelApply(
          ({ data }) => Array.from(data, Number).reduce((a, b) => a + b, 0),
          {
            mode: "memory",
          },
        );
        assert.deepEqual(sum, [435]);
      }
      await using flat = await BatchProcessor.open(memoryArray(ndarray(SMALL)));
      assert.deepEqual([flat.shape, (await all(flat.singleChannel()))[0]!.data], [[30, 1], SMALL]);
    } finally {
      await server.close();
    }
  });
});

Deno.test("BinaryReader and MemoryMap read as YASS' classes do, with their limits", async () => {
  await using rows = await BinaryReader.open(SMALL, { dtype: "int16", shape: [10, 3], order: "C" });
  assert.deepEqual((await rows.read([slice(2, 4), slice(0, 2)])).shape, [2, 2]);
  assert.deepEqual(await rows.read([2, slice(0, 3)]), { ...(await rows.read([2, slice(0, 3)])), shape: [3] });
  assert.deepEqual((await rows.read([[0, 9], slice(0, 1)])).data, Int16Array.of(0, 27));
  await assert.rejects(rows.read([slice(0, 2), [0, 1]]), /by a list of columns: it takes one of rows/);
  await assert.rejects(rows.read([slice(2)]), /but by two slices/);
  await assert.rejects(rows.read([slice(0, 4, 2), slice(2)]), /step size not supported/);
  await using columns = await BinaryReader.open(TURNED, { dtype: "int16", shape: [10, 3] });
  assert.equal(columns.order, "F");
  assert.deepEqual((await columns.read([slice(0, 1), [0, 2]])).data, Int16Array.of(0, 2));
  await assert.rejects(BinaryReader.open(SMALL, { dtype: "int16", shape: [10, 3], order: "K" as "C" }), TypeError);
  await using map = await MemoryMap.open(SMALL, { dtype: "int16", shape: [10, 3], offset: 0 });
  assert.deepEqual((await map.read([9])).data, Int16Array.of(27, 28, 29));
});

/** The seed's pipeline on a small recording. */
function pipelineIn(
  folder: string,
  raw: string,
  more: { readonly keep?: boolean; readonly skip?: boolean; readonly log?: string[] } = {},
) {
  const { keep = false, skip = false, log = [] } = more;
  const pipeline = new BatchPipeline(raw, {
    ...WAVE_LAYOUT,
    outputPath: join(folder, "tmp"),
    fromTime: 1000,
    channels: [1],
    onLog: (level, text) => log.push(`${level}: ${text}`),
  });
  const ifFileExists = skip ? "skip" : "overwrite";
  const filter = new PipedTransformation(butterworth, "filtered.bin", {
    mode: "single_channel_one_batch",
    keep,
    ifFileExists,
    kwargs: { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 },
  });
  pipeline.add([
    filter,
    new PipedTransformation(standarize, "standarized.bin", {
      mode: "singleChannelOneBatch",
      ifFileExists,
      castDtype: "float32",
      kwargs: { samplingFreq: 30_000 },
    }),
  ]);
  return pipeline;
}

Deno.test("a pipeline gives two lists; stretch and channels are those of its first step; what isn't kept goes, the input never", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", WAVES);
    const [paths, params] = await pipelineIn(folder, raw).run();
    assert.deepEqual(paths, [join(folder, "tmp/filtered.bin"), join(folder, "tmp/standarized.bin")]);
    assert.deepEqual(params, [
      { dtype: "float64", nChannels: 1, dataOrder: "channels" },
      { dtype: "float32", nChannels: 1, dataOrder: "channels" },
    ]);
    assert.deepEqual([...Deno.readDirSync(join(folder, "tmp"))].map(({ name }) => name).sort(), [
      "standarized.bin",
      "standarized.yaml",
    ]);
    assert.deepEqual(await readValues(raw, Int16Array), WAVES);
    const channel = WAVES.filter((_, i) => i % 2 === 1).subarray(1000);
    const filtered = butterworth(channel, { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 });
    const expected = Float32Array.from(standarize(filtered, { samplingFreq: 30_000 }).data);
    assert.deepEqual(await readValues(paths[1]!, Float32Array), expected);
  });
});

Deno.test("a pipeline that was interrupted goes on behind the last step that is whole and of the same making", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", WAVES);
    const [paths, params] = await pipelineIn(folder, raw, { keep: true, skip: true }).run();
    // As if it had ended in the second step.
    await Deno.remove(paths[1]!);
    await Deno.remove(join(folder, "tmp/standarized.yaml"));
    const log: string[] = [];
    assert.deepEqual((await pipelineIn(folder, raw, { keep: true, skip: true, log }).run())[1], params);
    assert.match(log[0]!, /^info: .*filtered\.bin exists, skipping\.\.\.$/);
    assert.deepEqual(log.filter((line) => /Applying/.test(line)), ["info: Applying function standarize..."]);
    // All of it is there; what wasn't kept needn't be.
    await Deno.remove(paths[0]!);
    await Deno.remove(join(folder, "tmp/filtered.yaml"));
    const again: string[] = [];
    assert.deepEqual((await pipelineIn(folder, raw, { skip: true, log: again }).run())[1], params);
    assert.deepEqual(again.filter((line) => /Applying/.test(line)), []);
    // Another input isn't the same making.
    await writeValues(folder, "raw.bin", WAVES.slice(2));
    await assert.rejects(
      pipelineIn(folder, raw, { skip: true }).run(),
      /it was made in another way, or from something else/,
    );
  });
});

Deno.test("a pipeline says beforehand what it is going to do", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", WAVES);
    const steps = await pipelineIn(folder, raw).plan();
    assert.deepEqual(steps.map(({ name, batches, rows, outputBytes }) => [name, batches, rows, outputBytes]), [
      ["butterworth", 1, 3000, 24_000],
      ["standarize", 1, 3000, 12_000],
    ]);
    assert.ok(!existsSync(join(folder, "tmp")));
  });
});

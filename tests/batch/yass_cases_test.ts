/** The numeric cases of the facts about YASS, run with `compatible: "yass"`. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { slice } from "../../mod.ts";
import { BatchProcessor, butterworth, parseBytes, RecordingsReader, standarize } from "../../src/batch/mod.ts";
import { bytesText } from "../../src/batch/process/apply/memory.ts";
import { bufferedRows } from "../../src/batch/process/apply/read_batch.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";
import { all, inFolder, LAYOUT, readValues, SMALL, TURNED, writeValues, YASS } from "./yass_support.ts";

/** numpy's `max(axis=0)`. */
function maxOfColumns({ data, shape }: NDArray<NumericData>): number[] {
  const [rows, columns] = shape as [number, number];
  return Array.from(
    { length: columns },
    (_, c) => Math.max(...Array.from({ length: rows }, (_, r) => Number(data[r * columns + c]))),
  );
}

Deno.test("sizes are powers of 1,024, as YASS has them; decimals and lower case, which it refuses, are taken", () => {
  const cases: [number | string, number][] = [
    [7, 7],
    ["10", 10],
    ["160B", 160],
    ["1KB", 1024],
    ["2K", 2048],
    ["3MB", 3145728],
    ["1G", 1073741824],
    ["1GB", 1073741824],
    ["1.5gb", 1610612736],
  ];
  for (const [size, bytes] of cases) assert.equal(parseBytes(size, { units: "binary" }), bytes, String(size));
  for (const wrong of ["B", "10XB"]) assert.throws(() => parseBytes(wrong, { units: "binary" }), SyntaxError);
  for (const [bytes, text] of [[10, "10 B"], [1024, "1 KB"], [1536, "1.5 KB"], [123456789, "117.74 MB"]] as const) {
    assert.equal(bytesText(bytes), text);
  }
});

Deno.test("batches of several channels: places of the facts' cases", async () => {
  await using processor = await BatchProcessor.open(SMALL, YASS);
  const places = async (options?: Parameters<typeof processor.multiChannel>[0]) =>
    (await all(processor.multiChannel({ ...options, returnData: false }))).map(String);
  assert.deepEqual(await places(), [
    "(slice(0, 4, None), slice(0, 3, None))",
    "(slice(4, 8, None), slice(0, 3, None))",
    "(slice(8, 10, None), slice(0, 3, None))",
  ]);
  assert.deepEqual(await places({ fromTime: 2, toTime: 9, channels: [0, 2] }), [
    "(slice(2, 8, None), [0, 2])",
    "(slice(8, 9, None), [0, 2])",
  ]);
});

Deno.test("batches of one channel: places of the facts' cases, and the limit that must be more than a channel", async () => {
  await using parts = await BatchProcessor.open(SMALL, { ...YASS, maxMemory: 8 });
  const items = await all(parts.singleChannel({ forceCompleteChannelBatch: false, channels: [0, 2] }));
  assert.deepEqual(items.map(({ index, channel }) => `${channel} ${index}`), [
    "0 (slice(0, 4, None), 0)",
    "0 (slice(4, 8, None), 0)",
    "0 (slice(8, 10, None), 0)",
    "2 (slice(0, 4, None), 2)",
    "2 (slice(4, 8, None), 2)",
    "2 (slice(8, 10, None), 2)",
  ]);
  await using whole = await BatchProcessor.open(SMALL, { ...YASS, maxMemory: 20 });
  await assert.rejects(
    all(whole.singleChannel()),
    /each channel has a size of 20 B but maximum memory is 20 B; raise maxMemory, or set forceCompleteChannelBatch: false/,
  );
  await using more = await BatchProcessor.open(SMALL, { ...YASS, maxMemory: 21 });
  assert.deepEqual((await all(more.singleChannel({ channels: 1 })))[0]!.data, SMALL.filter((_, i) => i % 3 === 1));
});

Deno.test("what is read for a batch with a buffer, and how much is missing", () => {
  const cases = [
    [10, 20, [0, 30], [0, 0]],
    [5, 20, [0, 30], [5, 0]],
    [89, 99, [79, 100], [0, 9]],
    [5, 98, [0, 100], [5, 8]],
  ] as const;
  for (const [start, stop, read, missing] of cases) {
    assert.deepEqual(bufferedRows(start, stop, 10, 100), { read, missing }, `[${start}, ${stop})`);
  }
});

Deno.test("readers give the same of both orders, by all three loaders", async () => {
  for (const loader of ["memmap", "array", "python"] as const) {
    for (const [bytes, dataOrder] of [[SMALL, "samples"], [TURNED, "channels"]] as const) {
      await using reader = await RecordingsReader.open(bytes, { ...LAYOUT, dataOrder, loader });
      const { data, shape } = await reader.read([slice(2, 4), slice(0, 2)]);
      assert.deepEqual([[...data], shape], [[6, 7, 9, 10], [2, 2]], `${loader} ${dataOrder}`);
    }
  }
});

Deno.test("readers with a buffer pad with zeros, and say where the data lie", async () => {
  await using reader = await RecordingsReader.open(SMALL, { ...LAYOUT, bufferSize: 2, returnDataIndex: true });
  const [first, index] = await reader.read([slice(0, 3), null]);
  assert.deepEqual([first.shape, [...first.data]], [[7, 3], [0, 0, 0, 0, 0, 0, ...SMALL.subarray(0, 15)]]);
  assert.equal(String(index), "(slice(2, 5, None), slice(None, None, None))");
  const [last, end] = await reader.read([slice(8, 10), null]);
  assert.deepEqual([last.shape, [...last.data]], [[6, 3], [...SMALL.subarray(18), 0, 0, 0, 0, 0, 0]]);
  assert.equal(String(end), "(slice(2, 4, None), slice(None, None, None))");
});

Deno.test("a sum of each batch of each channel, accumulated, is the channels' sum", async () => {
  const bytes = BigInt64Array.from({ length: 200 }, (_, i) => BigInt(i % 100));
  const options = {
    dtype: "int64",
    nChannels: 2,
    dataOrder: "channels",
    maxMemory: "160B",
    compatible: "yass",
  } as const;
  await using processor = await BatchProcessor.open(bytes, options);
  const sums = [0n, 0n];
  let batches = 0;
  for await (const [{ data }] of processor.multiChannel()) {
    (data as BigInt64Array).forEach((value, i) => sums[i % 2]! += value);
    batches++;
  }
  assert.deepEqual([sums, batches], [[4950n, 4950n], 10]);
});

Deno.test("the largest of each batch, and a fold by previousBatch", async () => {
  await using processor = await BatchProcessor.open(SMALL, YASS);
  assert.deepEqual(await processor.multiChannelApply(maxOfColumns, { mode: "memory" }), [
    [9, 10, 11],
    [21, 22, 23],
    [27, 28, 29],
  ]);
  const seen: unknown[] = [];
  const total = await processor.multiChannelApply(({ data }, { previousBatch }) => {
    seen.push(previousBatch);
    return (previousBatch as number | null ?? 0) + Array.from(data, Number).reduce((sum, value) => sum + value, 0);
  }, { mode: "memory", passBatchResults: true });
  assert.equal(total, 435);
  assert.deepEqual(seen, [null, 66, 276]);
});

Deno.test("each channel doubled goes to a file channel after channel, which its sidecar says", async () => {
  await inFolder(async (folder) => {
    await using processor = await BatchProcessor.open(SMALL, YASS);
    const double = (batch: NDArray<NumericData>) => ({ ...batch, data: (batch.data as Int16Array).map((x) => 2 * x) });
    const outputPath = join(folder, "double.bin");
    const [path, params] = await processor.singleChannelApply(double, { mode: "disk", outputPath });
    assert.deepEqual(params, { dtype: "int16", nChannels: 3, dataOrder: "channels" });
    assert.deepEqual(await readValues(path, Int16Array), TURNED.map((x) => 2 * x));
    const text = await Deno.readTextFile(join(folder, "double.yaml"));
    assert.ok(text.startsWith("data_order: channels\ndtype: int16\nn_channels: 3\n"), text);
    await using reader = await RecordingsReader.open(path);
    assert.deepEqual((await reader.read()).data, SMALL.map((x) => 2 * x));
  });
});

Deno.test("a file of channels, applied to by batches of all, comes in the order of samples, and its sidecar begins with YASS' bytes", async () => {
  await inFolder(async (folder) => {
    await using processor = await BatchProcessor.open(TURNED, { ...YASS, dataOrder: "channels" });
    const outputPath = join(folder, "same.bin");
    const float = (batch: NDArray<NumericData>) => ({
      ...batch,
      data: Float32Array.from(batch.data as Int16Array),
      dtype: { kind: "float", itemsize: 4, byteOrder: "<" } as const,
    });
    const [path, params] = await processor.multiChannelApply(float, { mode: "disk", outputPath });
    assert.deepEqual(params, { dtype: "float32", nChannels: 3, dataOrder: "samples" });
    assert.deepEqual(await readValues(path, Float32Array), Float32Array.from(SMALL));
    const text = await Deno.readTextFile(join(folder, "same.yaml"));
    assert.ok(text.startsWith("data_order: samples\ndtype: float32\nn_channels: 3\n"), text);
  });
});

Deno.test("as in YASS, without a cleanup function the padding stays in the output, in float64", async () => {
  await inFolder(async (folder) => {
    await using processor = await BatchProcessor.open(SMALL, { ...YASS, bufferSize: 1 });
    const outputPath = join(folder, "padded.bin");
    const [, params] = await processor.multiChannelApply((batch) => batch, { mode: "disk", outputPath });
    assert.equal(params.dtype, "float64");
    assert.equal((await Deno.stat(outputPath)).size, 384);
    const own = await BatchProcessor.open(SMALL, { ...LAYOUT, bufferSize: 1 });
    const [, trimmed] = await own.multiChannelApply((batch) => batch, { mode: "disk", outputPath });
    assert.equal(trimmed.dtype, "int16");
    assert.deepEqual(await readValues(outputPath, Int16Array), SMALL);
  });
});

const WAVE = Float64Array.from({ length: 60 }, (_, n) => 100 * Math.sin(0.3 * n) + 50);
const FILTER = { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 };

function assertNear(found: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expected.forEach((value, i) =>
    assert.ok(Math.abs(found[i]! - value) <= tolerance, `${i}: ${found[i]}, not ${value}`)
  );
}

Deno.test("butterworth gives the numbers of SciPy's lfilter: the seed's filter, of floats and of integers", () => {
  const { data } = butterworth(WAVE, FILTER);
  assertNear(
    data,
    [0.6910036941895982, 4.404422438108558, 13.80904301226805, 29.35392907313478, 48.734398546100714],
    1e-9,
  );
  assertNear(data.slice(-3), [-67.43491927132344, -84.18503995538502, -92.95636717398267], 1e-9 * 100);
  const rounded = Int16Array.from(WAVE, (x) => Math.round(x));
  assertNear(butterworth(rounded, FILTER).data, [0.6910036941895982, 4.410613545600999, 13.83223858210983], 1e-9 * 100);
  const wide = butterworth(WAVE, { ...FILTER, highFactor: 0.45 });
  assertNear(wide.data, [34.21749109177536, 71.60468451304565, 79.19255612694002], 1e-9 * 100);
});

Deno.test("butterworth as of 0.9 gives the numbers of SciPy's filtfilt of a high-pass", () => {
  const { data } = butterworth(WAVE, { ...FILTER, compatible: "0.9" });
  assertNear(
    data,
    [-3.543744281475824, 25.924926771444092, 52.68039090992431, 74.31942333295433, 88.88969088923139],
    1e-9 * 100,
  );
  assertNear(data.slice(-3), [-25.194691110479468, -15.935049872866486, 2.8530655032503502], 1e-9 * 100);
});

Deno.test("standarize gives the numbers of the facts, of both published forms", () => {
  assertNear(standarize(WAVE, { samplingFreq: 30_000 }).data, [
    0.5909530133945385,
    0.9402301266855294,
    1.258307355681222,
  ], 1e-12);
  const range = (from: number, to: number) => Float64Array.from({ length: to - from }, (_, i) => from + i);
  for (const [samples, samplingFreq] of [[range(-50, 50), 4], [range(-50, 51), 4.2]] as const) {
    assertNear([-50 / standarize(samples, { samplingFreq }).data[0]!], [7.412898443291327], 1e-12);
  }
  // Centred, and silent channels become zeros.
  const rec = { data: Float64Array.of(1, 7, 3, 7, 5, 7, 7, 7), shape: [4, 2], stride: [2, 1], dtype: DOUBLE };
  const { data } = standarize(rec, { samplingFreq: 30_000, compatible: "head" });
  const sd = 2 / 0.6745;
  assertNear(data, [-3 / sd, 0, -1 / sd, 0, 1 / sd, 0, 3 / sd, 0], 1e-12);
  assert.throws(() => standarize(WAVE), /Cannot standardize without samplingFreq or sd/);
});

const DOUBLE = { kind: "float", itemsize: 8, byteOrder: "<" } as const;

Deno.test("the seed's pair of functions on a file: filtered and standardised channels", async () => {
  await inFolder(async (folder) => {
    const raw = await writeValues(folder, "raw.bin", TURNED);
    await using processor = await BatchProcessor.open(raw, { ...LAYOUT, dataFormat: "wide", dataOrder: "channels" });
    const outputPath = join(folder, "filtered.bin");
    await processor.singleChannelApply(butterworth, { mode: "disk", outputPath, kwargs: FILTER, channels: [0, 2] });
    await using filtered = await RecordingsReader.open(outputPath);
    assert.deepEqual(filtered.shape, [10, 2]);
    const expected = butterworth(TURNED.subarray(20), FILTER).data;
    assert.deepEqual((await filtered.read([null, 1])).data, expected);
  });
});

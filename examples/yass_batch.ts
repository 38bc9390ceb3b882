/**
 * `deno run -A examples/yass_batch.ts [FOLDER]`: the seven programs of YASS' documentation of its batch module, in their order.
 *
 * The recording is made up (`make_yass_data.ts`). All that counts observations is a hundredth of what it is there; limits of memory are a
 * twenty-fifth, as microtome counts four batches where YASS counts one: so there are as many batches as with YASS. Only where YASS takes
 * all in one batch (three channels in 500 MB) is the limit a twelfth of that again, so that there are three.
 *
 * @module
 */

import { join } from "node:path";
import { type NDArray, ndarray, slice } from "../mod.ts";
import {
  BatchPipeline,
  BatchProcessor,
  butterworth,
  PipedTransformation,
  RecordingsReader,
  standarize,
  tracesSvg,
} from "../src/batch/mod.ts";
import { random, yassRecording } from "./make_yass_data.ts";

/** Takes a line of text. */
type Print = (line: string) => void;

/** A limit of the seed, scaled. */
const limit = (megabytes: number, times = 1) => Math.round(megabytes * 2 ** 20 / 25 / times);
/** An observation of the seed, scaled. */
const time = (observations: number) => observations / 100;
/** A shape as Python prints it. */
const tuple = (shape: readonly number[]) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

const LAYOUT = { dtype: "int16", nChannels: 385, dataFormat: "wide" } as const;
const FILTER = { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30_000 };
const UNIT = "raw units";

/** Runs all programs: files and figures go to the folder. */
export async function yassBatch(folder: string, print: Print): Promise<void> {
  const pathToNeuropixelData = join(folder, "rawDataSample.bin");
  await Deno.writeFile(pathToNeuropixelData, new Uint8Array(yassRecording().buffer));
  await Deno.mkdir(join(folder, "tmp"), { recursive: true });
  await multiChannel(pathToNeuropixelData, print);
  await multiChannelApplyDisk(pathToNeuropixelData, folder, print);
  await multiChannelApplyMemory(pathToNeuropixelData, print);
  await singleChannel(pathToNeuropixelData, print);
  await singleChannelApply(pathToNeuropixelData, folder, print);
  await pipeline(pathToNeuropixelData, folder, print);
  await reader(folder, print);
}

/** Splitting large file into batches where every batch has n observations from m channels. */
async function multiChannel(path: string, print: Print): Promise<void> {
  await using bp = await BatchProcessor.open(path, { ...LAYOUT, maxMemory: limit(300) });

  // Traverse all channels and all observations: each batch holds a subset in time, whose size is determined by maxMemory.
  for await (const [d, , idx] of bp.multiChannel()) print(`Shape: ${tuple(d.shape)}. Index: ${idx}`);

  // We can specify the temporal limits and subset channels.
  const part = { fromTime: time(100_000), toTime: time(200_000), channels: [0, 1, 2] };
  for await (const [d, , idx] of bp.multiChannel(part)) print(`Shape: ${tuple(d.shape)}. Index: ${idx}`);

  // We can also create a BatchProcessor with a buffer.
  await using bp2 = await BatchProcessor.open(path, { ...LAYOUT, maxMemory: limit(100 / 1024), bufferSize: 10 });
  const buffered = { fromTime: 0, toTime: time(100_000), channels: [0, 1, 2] };
  for await (const [d, idxLocal, idx] of bp2.multiChannel(buffered)) {
    // d is the batch data (with buffer), idxLocal selects from it the data without buffer, and idx is the absolute location of the batch.
    print(`Shape: ${tuple(d.shape)}. Local: ${idxLocal}. Absolute: ${idx}\n`);
  }
}

/** Out example function just adds one to every observation. */
function sumOne(batch: NDArray): NDArray {
  return { ...batch, data: (batch.data as Int16Array).map((value) => value + 1) };
}

/** Processing a large file in batches, the results on disk. */
async function multiChannelApplyDisk(path: string, folder: string, print: Print): Promise<void> {
  const pathToModifiedData = join(folder, "tmp/modified.bin");
  const onLog = (level: string, message: string) => print(`${level.toUpperCase()}: ${message}`);
  await using bp = await BatchProcessor.open(path, { ...LAYOUT, maxMemory: limit(500, 12), onLog });
  await bp.multiChannelApply(sumOne, { mode: "disk", outputPath: pathToModifiedData, channels: [0, 1, 2] });

  // Let's visualize the results. The format needn't be specified, since there is a YAML file with such parameters.
  await using raw = await RecordingsReader.open(path, LAYOUT);
  await using filtered = await RecordingsReader.open(pathToModifiedData);
  await Deno.writeTextFile(
    join(folder, "modified.svg"),
    tracesSvg([await panel("Raw data", raw), await panel("Raw data + 1", filtered)], { samplingRate: 30_000 }),
  );
}

/** The first 2,000 observations of channel 0. */
async function panel(title: string, reader: RecordingsReader, unit = UNIT) {
  const { data } = await reader.read([slice(2000), 0]);
  return { title: `${title}, channel 0`, values: Array.from(data, Number), unit };
}

/** On each batch, the maximum value in every channel. */
function maxInChannel({ data, shape: [rows = 0, channels = 0] }: NDArray): number[] {
  const values = data as Int16Array;
  return Array.from({ length: channels }, (_, c) => {
    let most = -Infinity;
    for (let row = 0; row < rows; row++) most = Math.max(most, values[row * channels + c]!);
    return most;
  });
}

/** Extracting information from a large file by processing it in batches. */
async function multiChannelApplyMemory(path: string, print: Print): Promise<void> {
  await using bp = await BatchProcessor.open(path, { ...LAYOUT, maxMemory: limit(10) });
  const res = await bp.multiChannelApply(maxInChannel, { mode: "memory", channels: [0, 1, 2] });

  // We have one element per batch.
  print(String(res.length));
  // Output for the first batch.
  print(`[${res[0]!.join(", ")}]`);
  // The results from every batch stacked, and the maximum value along every channel in all the dataset.
  const arr = ndarray(res);
  print(`[${maxInChannel(arr).join(", ")}]`);
}

/** Splitting large file into batches where every batch contains n observations from 1 channel. */
async function singleChannel(path: string, print: Print): Promise<void> {
  await using bp = await BatchProcessor.open(path, { ...LAYOUT, maxMemory: limit(1) });

  // Traverse the whole dataset, one channel at a time: this raises an error, since all observations of a channel don't fit.
  try {
    for await (const d of bp.singleChannel()) print(tuple(d.shape));
  } catch (error) {
    print(`${(error as Error).name}: ${(error as Error).message}`);
  }

  // When forceCompleteChannelBatch is false, a channel can be split; here every channel is split in two parts.
  for await (const [d, ch] of bp.singleChannel({ forceCompleteChannelBatch: false, channels: [0, 1, 2] })) {
    print(`${tuple(d.shape)} Data from channel ${ch}`);
  }

  // Finally, we can traverse a single channel in a temporal subset.
  const part = { fromTime: time(100_000), toTime: time(200_000), channels: [0, 1, 2] };
  for await (const d of bp.singleChannel(part)) print(tuple(d.shape));
}

/** Applying functions to large files, channel by channel. */
async function singleChannelApply(path: string, folder: string, print: Print): Promise<void> {
  const outputPath = join(folder, "tmp/filtered_channels.bin");
  const onLog = (level: string, message: string) => print(`${level.toUpperCase()}: ${message}`);
  await using bp = await BatchProcessor.open(path, { ...LAYOUT, maxMemory: limit(500), onLog });
  await bp.singleChannelApply(butterworth, { mode: "disk", outputPath, kwargs: FILTER, channels: [0, 1, 2] });

  await using raw = await RecordingsReader.open(path, LAYOUT);
  await using filtered = await RecordingsReader.open(outputPath);
  await Deno.writeTextFile(
    join(folder, "filtered.svg"),
    tracesSvg([await panel("Raw data", raw), await panel("Filtered data", filtered)], { samplingRate: 30_000 }),
  );
}

/** Chaining operations. */
async function pipeline(path: string, folder: string, print: Print): Promise<void> {
  const pathOutput = join(folder, "tmp");
  const onLog = (level: string, message: string) => print(`${level.toUpperCase()}: ${message}`);
  const pipeline = new BatchPipeline(path, {
    ...LAYOUT,
    maxMemory: limit(500),
    fromTime: null,
    toTime: null,
    channels: "all",
    outputPath: pathOutput,
    onLog,
  });
  const butterworthOp = new PipedTransformation(butterworth, "filtered.bin", {
    mode: "singleChannelOneBatch",
    keep: true,
    kwargs: FILTER,
  });
  const standarizeOp = new PipedTransformation(standarize, "standarized.bin", {
    mode: "singleChannelOneBatch",
    keep: true,
    kwargs: { samplingFreq: 30_000 },
  });
  pipeline.add([butterworthOp, standarizeOp]);
  await pipeline.run();

  await using raw = await RecordingsReader.open(path, LAYOUT);
  await using filtered = await RecordingsReader.open(join(pathOutput, "filtered.bin"));
  await using standarized = await RecordingsReader.open(join(pathOutput, "standarized.bin"));
  const panels = [
    await panel("Raw data", raw),
    await panel("Filtered data", filtered),
    await panel("Standarized data", standarized, "standard deviations"),
  ];
  await Deno.writeTextFile(join(folder, "pipeline.svg"), tracesSvg(panels, { samplingRate: 30_000 }));
}

/** Reading large files with RecordingsReader. */
async function reader(folder: string, print: Print): Promise<void> {
  // Generate data: 50 channels of 1,000 observations, and the same turned.
  const [channels, observations] = [50, time(100_000)];
  const next = random(7);
  const wideData = Float64Array.from({ length: channels * observations }, next);
  const longData = Float64Array.from(
    wideData,
    (_, i) => wideData[(i % channels) * observations + Math.floor(i / channels)]!,
  );
  const [pathToWide, pathToLong] = [join(folder, "wide.bin"), join(folder, "long.bin")];
  await Deno.writeFile(pathToWide, new Uint8Array(wideData.buffer));
  await Deno.writeFile(pathToLong, new Uint8Array(longData.buffer));

  // The readers are agnostic on the data shape and will behave exactly the same.
  const layout = { dtype: "float64", nChannels: channels } as const;
  await using readerWide = await RecordingsReader.open(pathToWide, { ...layout, dataOrder: "channels" });
  await using readerLong = await RecordingsReader.open(pathToLong, { ...layout, dataOrder: "samples" });
  print(`${tuple(readerWide.shape)} ${tuple(readerLong.shape)}`);

  // First index is for observations and second index for channels, whatever the shape of the data.
  const part = [slice(time(10_000), time(20_000)), slice(20, 30)];
  const wide = await readerWide.read(part);
  const long = await readerLong.read(part);
  print(`${tuple(wide.shape)} ${tuple(long.shape)} ${wide.data.every((value, i) => value === long.data[i])}`);
}

if (import.meta.main) {
  const folder = Deno.args[0] ?? await Deno.makeTempDir({ prefix: "yass-" });
  await yassBatch(folder, console.log);
  console.log(`Files and figures are in ${folder}`);
}

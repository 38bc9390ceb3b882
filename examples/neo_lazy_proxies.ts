/**
 * `deno run -A examples/neo_lazy_proxies.ts [FILE.TRC]`: neo's "Demonstration of lazy load and proxy objects", line by line; then the
 * same from a URL, without a download, and what that costs.
 *
 * It prints what the Python one prints on the file `File_micromed_1.TRC` of NeuralEnsemble's ephy_testing_data. Without a file it
 * makes a small one of its own.
 *
 * @module
 */

import type { NDArray, NumericData } from "../mod.ts";
import { formatCost, subtractCost } from "../src/source/mod.ts";
import { type AnalogSignal, headerText, MicromedIO, seconds } from "../src/recording/mod.ts";
import { startRangeServer } from "../tests/support/range_server.ts";
import { makeTrc } from "../tests/recording/make/micromed.ts";

/** Takes a line of text. */
type Print = (line: string) => void;

/**
 * Runs the example.
 *
 * @param source Path or URL of the recording
 * @param print Takes the lines
 */
export async function lazyProxies(source: string, print: Print): Promise<{ eager: Float32Array; lazy: Float32Array }> {
  // Create a reader. The file may be a path or a URL: it needn't be downloaded first.
  await using reader = new MicromedIO({ filename: source });
  await reader.parseHeader();

  print(String(reader));
  print(`Header information: ${headerText(reader.header)}`);

  const limStart = seconds("-20 ms"); // 20 milliseconds before
  const limEnd = seconds("+20 ms"); // 20 milliseconds after

  // Eager: everything is loaded into memory.
  const segment = await reader.readSegment({ lazy: false });
  const anasig = segment.analogSignals[0]!; // here anasig contains the whole recording in memory
  const eagerChunks: AnalogSignal[] = [];
  for (const t of segment.events[0]!.times) {
    const [t0, t1] = [t + limStart, t + limEnd];
    eagerChunks.push(anasig.timeSlice(t0, t1));
  }
  const eager = applyMyFancyAverage(eagerChunks);

  // Lazy: only the windows are loaded, one at a time.
  const lazySegment = await reader.readSegment({ lazy: true });
  const triggers = await lazySegment.events[0]!.load({ timeSlice: null }); // this loads all triggers in memory
  const anasigProxy = lazySegment.analogSignals[0]!; // this is a proxy
  const lazyChunks: AnalogSignal[] = [];
  for (const t of triggers.times) {
    const [t0, t1] = [t + limStart, t + limEnd];
    // At this step actual data are loaded into memory, one window at a time.
    lazyChunks.push(await anasigProxy.load({ timeSlice: [t0, t1] }));
  }
  const lazy = applyMyFancyAverage(lazyChunks);

  // We see that either way the result is the same.
  print(`Eagerly loading data and averaging: ${float32Text(eager)}`);
  print(`Lazy loading data and average ${float32Text(lazy)}`);
  return { eager, lazy };
}

/**
 * The lazy half alone, from a URL, and what it costs.
 *
 * @param url Address of the recording
 * @param print Takes the lines
 */
export async function overHttp(url: string, print: Print): Promise<Float32Array> {
  await using reader = await new MicromedIO({ filename: url }).parseHeader();
  const byteLength = reader.byteLength!;
  print(`The header: ${formatCost(reader.cost, byteLength)}`);
  const segment = await reader.readSegment({ lazy: true });
  let before = reader.cost;
  const triggers = await segment.events[0]!.load();
  print(`${triggers.length} triggers: ${formatCost(subtractCost(reader.cost, before), byteLength)}`);
  const chunks: AnalogSignal[] = [];
  before = reader.cost;
  for (const t of triggers.times) {
    chunks.push(await segment.analogSignals[0]!.load({ timeSlice: [t + seconds("-20 ms"), t + seconds("20 ms")] }));
  }
  print(`${chunks.length} windows: ${formatCost(subtractCost(reader.cost, before), byteLength)}`);
  const average = applyMyFancyAverage(chunks);
  print(`Average from the URL: ${float32Text(average)}`);
  return average;
}

/**
 * Basic average along triggers and then channels. `magnitude` is the array without its unit. Sums are NumPy's, in float32: along
 * the first axis one after the other, along the last in eight partial sums.
 */
function applyMyFancyAverage(signals: readonly AnalogSignal[]): Float32Array {
  const stacked = signals.map(({ magnitude }) => magnitude);
  const [samples, channels] = stacked[0]!.shape as [number, number];
  const mean = new Float32Array(samples * channels);
  for (const { data } of stacked as NDArray<NumericData>[]) {
    for (let i = 0; i < mean.length; i++) mean[i]! += (data as Float32Array)[i]!;
  }
  for (let i = 0; i < mean.length; i++) mean[i]! /= stacked.length;
  return Float32Array.from({ length: samples }, (_, row) => {
    return Math.fround(pairwiseSum(mean.subarray(row * channels, (row + 1) * channels)) / channels);
  });
}

/** NumPy's sum of up to 128 float32. */
function pairwiseSum(values: Float32Array): number {
  const f = Math.fround;
  if (values.length < 8) return values.reduce((sum, value) => f(sum + value), 0);
  const r = values.slice(0, 8);
  let i = 8;
  for (; i + 8 <= values.length; i += 8) for (let j = 0; j < 8; j++) r[j]! += values[i + j]!;
  let sum = f(f(f(r[0]! + r[1]!) + f(r[2]! + r[3]!)) + f(f(r[4]! + r[5]!) + f(r[6]! + r[7]!)));
  for (; i < values.length; i++) sum = f(sum + values[i]!);
  return sum;
}

/** As NumPy prints float32: as many digits as tell a value from its neighbours, eight decimals at most, dots in a column. */
function float32Text(values: Float32Array): string {
  const parts = Array.from(values, (value) => {
    for (let digits = 1; digits <= 9; digits++) {
      const text = Number(value.toPrecision(digits));
      if (Math.fround(text) === value) return String(Number(text.toFixed(8)));
    }
    return String(value);
  }).map((text) => text.includes(".") ? text.split(".") as [string, string] : [text, ""] as const);
  const [before, behind] = [0, 1].map((i) => Math.max(...parts.map((part) => part[i]!.length))) as [number, number];
  const lines = ["["];
  parts.forEach(([whole, decimals], i) => {
    const word = `${whole.padStart(before)}.${decimals.padEnd(behind)}`;
    if (lines.at(-1)!.length + word.length > 74 && lines.at(-1)!.trim() !== "") lines.push(" ");
    lines[lines.length - 1] += i === parts.length - 1 ? word : `${word} `;
  });
  return `${lines.map((line, i) => i === lines.length - 1 ? line : line.trimEnd()).join("\n")}]`;
}

/** A recording of our own: 64 channels of noise, with a trigger every half second. */
function ownRecording(): Uint8Array<ArrayBuffer> {
  return makeTrc({
    electrodes: Array.from({ length: 64 }, (_, i) => ({ code: i + 1, name: `E${i + 1}` })),
    rows: 2560,
    value: (row, channel) => 32768 + Math.round(300 * Math.sin(row / 20 + channel)),
    triggers: Array.from({ length: 19 }, (_, i) => [128 * (i + 1), 1] as const),
  });
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    const given = Deno.args[0] ?? "../shared/data/micromed/ephy_testing_data__File_micromed_1.TRC";
    const there = await Deno.readFile(given).catch(() => null);
    if (there === null) console.log(`There is no ${given}: a recording of our own stands in for it.`);
    await Deno.writeFile(`${folder}/File_micromed_1.TRC`, there ?? ownRecording());
    await lazyProxies(`${folder}/File_micromed_1.TRC`, console.log);
    const server = await startRangeServer(folder);
    try {
      await overHttp(`${server.url}/File_micromed_1.TRC`, console.log);
    } finally {
      await server.close();
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

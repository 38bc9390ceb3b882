/**
 * Signals: every transform gives the same numbers in each engine.
 *
 * @module
 */
import { ndarray } from "../../../src/array/ndarray.ts";
import { badChannels, findPeaks, fromDescription, type TransformedArray, welch } from "../../../src/signal/mod.ts";
import { memoryArray } from "../../../src/array/memory.ts";
import { RATE, recording, WAYS } from "../../signal/transforms.ts";
import { BatchProcessor } from "../../../src/batch/mod.ts";
import type { Case } from "../types.ts";

/** Engines' sines differ in the last digits, so designs do: values are told to nine. */
function told(values: ArrayLike<number>): number[] {
  const largest = Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 1e-300);
  return Array.from(values, (value) => Math.round(value / largest * 1e6));
}

/** The cases. */
export const signalCases: readonly Case[] = [
  ...WAYS.map(([name, options], i): Case => ({
    name: `signal: ${name}, ${i}`,
    run: async () => {
      const chain = fromDescription(memoryArray(recording(900)), [{ name, options }]) as TransformedArray;
      const fitted = await chain.fit();
      const part = await fitted.read([{ start: 100, stop: 180, step: 1 }, [0, 4]]);
      return { shape: fitted.shape, rate: fitted.samplingRate, part: told(part.data as Float64Array) };
    },
  })),
  {
    name: "signal: spectra, peaks and bad channels",
    run: async () => {
      const samples = recording(4000);
      const { frequencies, power } = await welch(samples, { samplingRate: RATE, segment: 100 });
      const first = samples.data.filter((_, i) => i % 6 === 0);
      const peaks = findPeaks(first, { prominence: 150, width: 2 });
      const labels = await badChannels(ndarray(samples.data, samples.shape), {
        samplingRate: RATE,
        chunks: 2,
        highpass: null,
      });
      return {
        frequencies: told(frequencies),
        power: told(power.data),
        peaks: [...peaks.peaks],
        widths: told(peaks.widths!),
        labels,
      };
    },
  },
  {
    name: "YASS: batches, buffers, functions and transforms in memory",
    run: async () => {
      const samples = Int16Array.from({ length: 900 }, (_, i) => (i * 7919) % 2003 - 1000);
      const layout = { dtype: "int16", nChannels: 3, dataOrder: "channels" } as const;
      await using processor = await BatchProcessor.open(samples, {
        ...layout,
        maxMemory: 240,
        bufferSize: 2,
        compatible: "yass",
        samplingRate: 30_000,
      });
      const items: unknown[] = [];
      for await (const { data, local, index } of processor.multiChannel({ toTime: 100, channels: [2, 0] })) {
        items.push([data.shape, Array.from(data.data as Int16Array).slice(0, 12), String(local), String(index)]);
      }
      const most = await processor.singleChannelApply(
        (batch) => Math.max(...batch.data as Int16Array) as never,
        { mode: "memory", forceCompleteChannelBatch: false },
      );
      const chain = [{ name: "bandpass", options: { low: 300, high: 6000, causal: true } }];
      const filtered = await processor.multiChannelApply(chain, { mode: "memory" }) as { data: Float32Array }[];
      return { items, most, filtered: told(filtered.flatMap(({ data }) => [...data])) };
    },
  },
];

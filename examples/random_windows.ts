/**
 * `deno run -A examples/random_windows.ts [FOLDER]`: random windows of a directory of sessions in batches, as one trains a
 * decoder on, and what they cost. Without a folder it makes four sessions of a minute, in one that is removed afterwards.
 *
 * @module
 */

import {
  binSpikes,
  Interval,
  IrregularTimeSeries,
  RandomFixedWindowSampler,
  RecordingDataset,
  RegularTimeSeries,
} from "../src/temporal/mod.ts";
import { Data, type LazyArray, type NDArray, ndarray } from "../mod.ts";
import { formatBytes } from "../src/source/mod.ts";

/** Takes a line of text. */
type Print = (line: string) => void;

const UNITS = 20;
const CHANNELS = 16;
const SECONDS = 60;
const BATCH = 32;

/** What a window becomes: spike counts, shape (bins, units), and the signal, shape (samples, channels). */
interface Sample {
  readonly counts: NDArray<Int32Array>;
  readonly signal: NDArray;
}

/**
 * Runs the example.
 *
 * @param folder The directory
 * @param print Takes the lines
 */
export async function randomWindows(folder: string, print: Print): Promise<void> {
  const cost = { requests: 0, bytes: 0 };
  await using dataset = await RecordingDataset.open<Sample>(folder, {
    transform: async (sample) => {
      const [counts, signal] = await Promise.all([
        binSpikes(sample.get("spikes") as IrregularTimeSeries<LazyArray>, { units: UNITS, binSize: 0.02 }),
        (sample.get("lfp") as RegularTimeSeries<LazyArray>).array("raw"),
      ]);
      return { counts, signal };
    },
    onRequest: ({ received }) => {
      cost.requests++;
      cost.bytes += received;
    },
  });
  print(`${dataset}: ${dataset.recordingIds.join(", ")}`);

  // Windows of two seconds out of what each session sets aside for training. Sampling reads nothing but that.
  const samplingIntervals = await dataset.getSamplingIntervals({
    intervals: (recording) => recording.get("train_domain") as Interval<LazyArray>,
  });
  const sampler = new RandomFixedWindowSampler({ samplingIntervals, windowLength: 2, seed: 0 });
  print(`${sampler.length} windows; until here ${cost.requests} requests, ${formatBytes(cost.bytes)}`);

  const windows = [...sampler];
  let spikes = 0;
  for (let i = 0; i < windows.length; i += BATCH) {
    const batch = windows.slice(i, i + BATCH);
    const samples = await Promise.all(batch.map((window) => dataset.get(window)));
    const ids = new Set(batch.map(({ recordingId }) => recordingId));
    spikes += samples.reduce((sum, { counts }) => sum + counts.data.reduce((a, b) => a + b), 0);
    print(
      `batch ${i / BATCH + 1} of ${ids.size} recordings: ` +
        `counts [${samples.length}, ${samples[0]!.counts.shape.join(", ")}], ` +
        `signal [${samples.length}, ${samples[0]!.signal.shape.join(", ")}]`,
    );
  }
  print(`${spikes} spikes; in all ${cost.requests} requests, ${formatBytes(cost.bytes)}`);
}

/**
 * Makes sessions to choose from.
 *
 * @param folder An empty directory
 * @param count How many
 */
export async function makeSessions(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const timestamps = Float64Array.from({ length: 24_000 }, () => Math.random() * SECONDS).sort();
    await new Data({
      session_id: `session_${i}`,
      spikes: new IrregularTimeSeries({
        timestamps,
        unit_index: BigInt64Array.from(timestamps, () => BigInt(Math.floor(Math.random() * UNITS))),
      }, { domain: new Interval(0, SECONDS) }),
      lfp: new RegularTimeSeries({
        raw: ndarray(new Float32Array(SECONDS * 250 * CHANNELS).map(Math.random), [SECONDS * 250, CHANNELS]),
      }, { samplingRate: 250 }),
      train_domain: new Interval([0, 30], [24, 54]),
      test_domain: new Interval([24, 54], [30, 60]),
    }, { domain: "auto" }).save(`${folder}/session_${i}.h5`);
  }
}

if (import.meta.main) {
  const [given] = Deno.args;
  const folder = given ?? await Deno.makeTempDir();
  try {
    if (given === undefined) await makeSessions(folder, 4);
    await randomWindows(folder, console.log);
  } finally {
    if (given === undefined) await Deno.remove(folder, { recursive: true });
  }
}

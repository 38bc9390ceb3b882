/**
 * Sets of sessions: from memory, from the server, from a directory.
 *
 * @module
 */
import { Data, type LazyArray } from "../../../mod.ts";
import { type IrregularTimeSeries, RandomFixedWindowSampler } from "../../../src/temporal/mod.ts";
import { RecordingDataset } from "../../../src/temporal/dataset/dataset.ts";
import type { Case, Context } from "../types.ts";
import { bytesOf, errorOf, LIMITS, urlOf } from "./tools.ts";

const SESSION = "data/neural_session.h5";

/** Windows of a second, with what is in them. */
async function samplesOf(dataset: RecordingDataset): Promise<unknown> {
  const samplingIntervals = await dataset.getSamplingIntervals();
  const out: unknown[] = [String(dataset), dataset.recordingIds];
  for (const index of new RandomFixedWindowSampler({ samplingIntervals, windowLength: 3, seed: 5 })) {
    const sample = await dataset.get(index);
    const spikes = sample.get("spikes") as IrregularTimeSeries<LazyArray>;
    out.push(index, sample.absoluteStart, await spikes.get("timestamps"), await spikes.get("quality"));
  }
  return out;
}

/** Cases of sets of sessions. */
export const temporalDatasetCases: readonly Case[] = [
  {
    name: "random windows of sessions in memory and on a server, as one dataset",
    run: async (context: Context) => {
      const whole = await bytesOf(context, SESSION);
      const part = await (await Data.load(whole)).slice(4, 17).toBytes();
      const sources = { whole, part, remote: urlOf(context, SESSION) };
      await using dataset = await RecordingDataset.open(sources, { ...LIMITS, maxOpenFiles: 1 });
      const samples = await samplesOf(dataset);
      return [samples, dataset.openFiles, await errorOf(dataset.getRecording("absent"))];
    },
  },
  {
    name: "a session of the file system, and a directory of them",
    needs: "disk",
    run: async ({ directory }) => {
      await using session = await Data.load(`${directory}/${SESSION}`);
      await using dataset = await RecordingDataset.open(`${directory}/data`, { recordingIds: ["neural_session"] });
      return [
        String(session),
        await session.slice(6, 7).get("spikes.timestamps"),
        await samplesOf(dataset),
        await errorOf(RecordingDataset.open(`${directory}/data`, { recordingIds: ["../session"] })),
      ];
    },
  },
];

/**
 * Segments of Intan's recordings: stretches whose samples are numbered without a gap, with what lies in them.
 *
 * @module
 */

import type { BlockParts, FormatOptions, SegmentParts, SegmentSignal } from "../../format.ts";
import { type Section, sectionsOf } from "../../gaps.ts";
import type { IntanData, IntanStream } from "./signals.ts";

/** Numbers are 32 bits wide, and start again behind the last: after 20 hours at 30 kHz. */
const TURN = 2 ** 32;

/** Stretches of samples without gaps. One of nothing where there are no samples. */
export async function sectionsOfData(
  data: IntanData,
  samplingRate: number,
  { gapTolerance, maxSegments, signal }: FormatOptions,
  name: string,
): Promise<Section[]> {
  const { samples, times } = data;
  if (samples === 0 || times === null) return [{ start: 0, stop: samples, first: 0 }];
  let origin: number | undefined;
  return await sectionsOf({
    count: samples,
    step: 1,
    tolerance: gapTolerance === undefined ? 0.5 : gapTolerance * samplingRate,
    async read(rows) {
      const read = await times.read(rows, signal);
      origin ??= rows[0] === 0 ? read[0]! : (await times.read([0], signal))[0]!;
      return Float64Array.from(read, (value, i) => origin! + rows[i]! + apart(value, origin! + rows[i]!));
    },
  }, { maxSegments, name });
}

/** How far a number is from what is expected, on a clock that starts again. */
function apart(value: number, expected: number): number {
  const difference = ((value - expected) % TURN + TURN) % TURN;
  return difference >= TURN / 2 ? difference - TURN : difference;
}

/** Where a number lies in a section, counted from its first sample; `null` where it lies in another. */
export function rowInSection(tick: number, { start, stop, first }: Section): number | null {
  const row = ((tick - first) % TURN + TURN) % TURN;
  return row < stop - start ? row : null;
}

/** Segments with their signals; `more` gives what happens in each. */
export function segmentsOf(
  data: IntanData,
  streams: readonly IntanStream[],
  sections: readonly Section[],
  samplingRate: number,
  more: (section: Section, index: number) => Pick<SegmentParts, "events" | "spikes">,
): BlockParts["segments"] {
  return sections.map((section, i) => ({
    tStart: section.first / samplingRate,
    tStop: (section.first + section.stop - section.start) / samplingRate,
    signals: streams.map(({ signal }): SegmentSignal | null => {
      const { every, array } = signal;
      const rows = array.shape[0]!;
      const start = Math.min(rows, Math.ceil(section.start / every));
      const stop = Math.min(rows, Math.ceil(section.stop / every));
      if (stop <= start && section.stop > section.start) return null;
      const timed = Math.min(data.times?.array.shape[0] ?? 0, stop * every);
      return {
        array: start === 0 && stop === rows ? array : array.view([{ start, stop, step: 1 }]),
        tStart: (section.first + start * every - section.start) / samplingRate,
        // As the file has them; of a file that was cut there are none.
        timestamps: data.times === null || Math.ceil((timed - start * every) / every) !== stop - start
          ? undefined
          : data.times.array.view([{ start: start * every, stop: timed, step: every }]),
      };
    }),
    ...more(section, i),
  }));
}

/**
 * Segments of a recording whose streams have gaps of their own: one for each stretch in which no stream has one.
 *
 * @module
 */

/** A run without a gap. */
export interface TimedSection {
  /** Its first row. */
  readonly start: number;
  /** The first row behind it. */
  readonly stop: number;
  /** When it begins, in seconds. */
  readonly tStart: number;
}

/** A stream's runs. */
export interface TimedStream {
  /** Its rate. */
  readonly sampleRate: number;
  /** Its runs, in the order of the file. */
  readonly sections: readonly TimedSection[];
}

/** For each segment, rows of each stream; `null` where a stream has none. */
export type Cuts = readonly (readonly (TimedSection | null)[])[];

/** Gaps of two streams that end so near each other are one. */
const NEAR = 1;

/**
 * Cuts streams into segments. Where no stream has a gap there is one segment. Else a segment begins where a stream goes on
 * behind a gap; the others are cut there too, without loss. Where a stream's clock was set back time doesn't tell what
 * belongs together: then runs do that overlap most.
 *
 * @param streams The streams
 */
export function alignSections(streams: readonly TimedStream[]): Cuts {
  if (streams.every(({ sections }) => sections.length <= 1)) {
    return [streams.map(({ sections }) => sections[0] ?? null)];
  }
  const goesBack = streams.some(({ sections }) =>
    sections.some(({ tStart }, i) => i > 0 && !(tStart > sections[i - 1]!.tStart))
  );
  return goesBack ? byOverlap(streams) : byTime(streams);
}

function byTime(streams: readonly TimedStream[]): Cuts {
  const cuts = cutsOf(streams);
  const all = Array.from({ length: cuts.length + 1 }, (): (TimedSection | null)[] => streams.map(() => null));
  streams.forEach(({ sections, sampleRate }, s) => {
    // Which cut each run but the first begins at.
    const own = new Map(cuts.flatMap(({ members }, c) => members.has(s) ? [[members.get(s)!, c] as const] : []));
    let cut = 0;
    sections.forEach((section, i) => {
      if (i > 0) cut = own.get(i)! + 1;
      let start = section.start;
      // Cuts of others, up to where its own next run begins.
      for (; cut <= cuts.length && start < section.stop; cut++) {
        const next = cuts[cut];
        const ends = next === undefined || next.members.has(s);
        const row = ends ? section.stop : rowAt(section, next.time, sampleRate);
        const stop = Math.min(section.stop, Math.max(start, row));
        if (stop > start) {
          const tStart = section.tStart + (start - section.start) / sampleRate;
          all[cut]![s] = { start, stop, tStart };
        }
        start = stop;
        if (ends) break;
      }
    });
  });
  return all.filter((segment) => segment.some((part) => part !== null));
}

function rowAt(section: TimedSection, time: number, rate: number): number {
  return section.start + Math.ceil((time - section.tStart) * rate - 1e-6);
}

/** Where runs begin behind gaps; those of several streams that are near each other are one. */
function cutsOf(streams: readonly TimedStream[]): { time: number; members: Map<number, number> }[] {
  const begins = streams.flatMap(({ sections }, stream) =>
    sections.slice(1).map(({ tStart }, i) => ({ time: tStart, stream, section: i + 1 }))
  ).sort((a, b) => a.time - b.time);
  const cuts: { time: number; members: Map<number, number> }[] = [];
  for (const { time, stream, section } of begins) {
    const last = cuts.at(-1);
    if (last !== undefined && time - last.time < NEAR && !last.members.has(stream)) last.members.set(stream, section);
    else cuts.push({ time, members: new Map([[stream, section]]) });
  }
  return cuts;
}

function byOverlap(streams: readonly TimedStream[]): Cuts {
  const most = streams.reduce(
    (best, { sections }, i) => sections.length > streams[best]!.sections.length ? i : best,
    0,
  );
  const leading = streams[most]!;
  const all = leading.sections.map((section): (TimedSection | null)[] =>
    streams.map((_, s) => s === most ? section : null)
  );
  streams.forEach((stream, s) => {
    if (s === most) return;
    stream.sections.forEach((section, i) => {
      const free = all.map((segment, at) => ({ segment, at })).filter(({ segment }) => segment[s] === null);
      const equal = stream.sections.length === leading.sections.length;
      const shares = free.map(({ at }) => {
        if (equal) return at === i ? 1 : 0;
        const other = leading.sections[at];
        return other === undefined ? 0 : overlap(section, stream.sampleRate, other, leading.sampleRate);
      });
      const best = shares.indexOf(Math.max(...shares, 0));
      if (best >= 0 && shares[best]! > 0) free[best]!.segment[s] = section;
      else all.push(streams.map((_, at) => at === s ? section : null));
    });
  });
  return all;
}

function overlap(a: TimedSection, aRate: number, b: TimedSection, bRate: number): number {
  const from = Math.max(a.tStart, b.tStart);
  const to = Math.min(a.tStart + (a.stop - a.start) / aRate, b.tStart + (b.stop - b.start) / bRate);
  return to - from;
}

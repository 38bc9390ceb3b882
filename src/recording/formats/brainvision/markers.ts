/**
 * BrainVision's marker file: what happened, and where the recording was interrupted.
 *
 * @module
 */

import { fieldsOf, type SectionFile } from "./sections.ts";

/** A marker. */
export interface Marker {
  /** Its kind, such as `Stimulus`. */
  readonly type: string;
  /** What it says. */
  readonly description: string;
  /** The sample that it stands at, counted from 0. */
  readonly sample: number;
  /** How many samples it lasts. */
  readonly points: number;
  /** The channel that it belongs to, counted from 1; 0 for all. */
  readonly channel: number;
  /** When it was, in microseconds since 1970, where that is told. */
  readonly date: number | null;
}

/** The kind of marker that a stretch without interruption begins with. */
export const NEW_SEGMENT = "New Segment";

/**
 * Reads the markers, in the order of their place.
 *
 * @param file The marker file
 * @param name What messages call it
 * @param warn Told of markers that can't be read
 */
export function markersOf(file: SectionFile, name: string, warn: (message: string) => void): Marker[] {
  const found: Marker[] = [];
  const odd: string[] = [];
  if (!file.has("Marker Infos")) warn(`${name}: there is no section [Marker Infos] in it; it is read without markers`);
  for (const [key, value] of file.entries("Marker Infos")) {
    if (!/^Mk\d+$/i.test(key)) continue;
    const marker = markerOf(value);
    if (marker === null) odd.push(key);
    else found.push(marker);
  }
  if (odd.length > 0) {
    warn(`${name}: ${odd.length} markers tell no place, and are left out: ${odd.slice(0, 5).join(", ")}`);
  }
  return found.sort((a, b) => a.sample - b.sample);
}

/** `type,description,position,points,channel[,date]`; the position counts from 1. */
function markerOf(value: string): Marker | null {
  const fields = fieldsOf(value);
  // Some programs write a description's commas as they are: its place is the first number that a number follows.
  const isNumber = (field: string | undefined) => /^\d+$/.test(field ?? "");
  let at = 2;
  if (!isNumber(fields[at])) {
    if ((fields[at] ?? "") === "") return null;
    at = fields.findIndex((field, i) => i > 2 && isNumber(field) && isNumber(fields[i + 1]));
    if (at < 0) return null;
  }
  const [position, points, channel, date] = fields.slice(at);
  const count = (field: string | undefined) => isNumber(field) ? Number(field) : 0;
  if (!Number.isSafeInteger(Number(position))) return null;
  return {
    type: fields[0]!,
    description: value.split(",").slice(1, at).join(",").replaceAll("\\1", ",").trim(),
    sample: Math.max(0, Number(position) - 1),
    points: Math.min(count(points), Number.MAX_SAFE_INTEGER),
    channel: count(channel),
    date: dateOf(date ?? ""),
  };
}

/** `YYYYMMDDhhmmssuuuuuu`, in local time of an unknown zone, which is taken as UTC; zeros where it was taken out. */
function dateOf(text: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{0,6})$/.exec(text)?.slice(1);
  if (parts === undefined) return null;
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 || year < 100) {
    return null;
  }
  return Date.UTC(year, month - 1, day, hour, minute, second) * 1000 + Number(parts[6]!.padEnd(6, "0"));
}

/** A stretch of samples without interruption. */
export interface Stretch {
  /** Its first sample. */
  readonly start: number;
  /** The first one behind it. */
  readonly stop: number;
  /** When it began, in seconds since the first sample of all. */
  readonly tStart: number;
  /** The same in microseconds since 1970, where that is told. */
  readonly date: number | null;
}

/** What {@linkcode stretchesOf} has to know. */
export interface StretchOptions {
  /** Number of samples. */
  readonly samples: number;
  /** Samples per second. */
  readonly rate: number;
  /** How late a stretch may begin, in seconds, before a gap is seen. */
  readonly gapTolerance: number;
  /** Samples after which segments begin where no marker says so; `null` where none do. */
  readonly segmentPoints: number | null;
  /** Told of dates that can't be. */
  readonly warn: (message: string) => void;
}

/**
 * Stretches between markers of the kind New Segment. Where their dates tell that nothing lies between two of them, they are one.
 * Without a date a stretch begins where the one before ends, since how long the gap was isn't known.
 */
export function stretchesOf(
  markers: readonly Marker[],
  { samples, rate, gapTolerance, segmentPoints, warn }: StretchOptions,
): Stretch[] {
  const marks = new Map<number, number | null>();
  for (const { type, sample, date } of markers) {
    if (type.toLowerCase() !== NEW_SEGMENT.toLowerCase() || sample > 0 && sample >= samples) continue;
    if ((marks.get(sample) ?? null) === null) marks.set(sample, date);
  }
  const begin = marks.get(0) ?? null;
  if (segmentPoints !== null && [...marks.keys()].every((sample) => sample === 0)) {
    for (let sample = segmentPoints; sample < samples; sample += segmentPoints) marks.set(sample, null);
  }
  marks.delete(0);
  const found: { start: number; tStart: number; date: number | null }[] = [{ start: 0, tStart: 0, date: begin }];
  // The last date that is known, and the time in microseconds that it stands for.
  let dated = begin === null ? null : { micros: 0, date: begin };
  for (const [start, date] of [...marks].sort(([a], [b]) => a - b)) {
    const last = found.at(-1)!;
    const expected = last.tStart + (start - last.start) / rate;
    const told = date === null || dated === null ? null : (dated.micros + date - dated.date) / 1e6;
    const isEarly = told !== null && told < last.tStart;
    if (isEarly) warn(`the segment at sample ${start} is dated before the one that it follows`);
    const tStart = told === null || isEarly ? expected : told;
    if (told === null || isEarly ? gapTolerance === Infinity : Math.abs(told - expected) <= gapTolerance) continue;
    if (date !== null) dated = { micros: Math.round(tStart * 1e6), date };
    found.push({ start, tStart, date });
  }
  return found.map((stretch, i) => ({ ...stretch, stop: found[i + 1]?.start ?? samples }));
}

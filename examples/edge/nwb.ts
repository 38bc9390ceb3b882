/**
 * `GET /nwb`: what series an NWB file holds. `GET /nwb/slice`: a stretch of time of one of them, as numbers or as a picture.
 *
 * @module
 */
import { NWBFile } from "../../mod.ts";
import type { Opened } from "../../src/formats/mod.ts";
import { IntervalSet, ValueSeries } from "../../src/series/mod.ts";
import {
  countOf,
  entryCsv,
  entryJson,
  openEntry,
  type ReadEntry,
  type SeriesEntry,
  type TimeWindow,
  windowOf,
} from "../../src/show/mod.ts";
import { drawEntry } from "./draw.ts";
import { hdf5Of } from "./hdf5.ts";
import { needed, number } from "./query.ts";
import { Refusal } from "./refusal.ts";
import { type Settings, tooLarge } from "./settings.ts";

/** What is drawn may be so many times as large as what is given: it is read in blocks and decimated. */
export const DRAWN_PER_GIVEN = 16;
/** Text of numbers is longer than the numbers. */
export const TEXT_PER_BYTE = 16;

const TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * Answers with the keys of a file, and what each is.
 *
 * @param file The file
 * @param _query Nothing more
 * @param settings Bounds
 * @param signal Aborts when the client goes away
 * @returns `{name, keys: [{key, type, neurodataType, path, objectId}], truncated, warnings}`
 */
export async function answerKeys(
  file: Opened,
  _query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const nwb = await NWBFile.open(hdf5Of(file), { signal });
  const entries = nwb.entries();
  const keys = entries.slice(0, settings.maxObjects).map(([key, { kind, type, path, objectId }]) => ({
    key,
    type: kind,
    neurodataType: type,
    path,
    objectId,
  }));
  const warnings = Object.fromEntries([...nwb.warnings].slice(0, settings.maxObjects));
  return Response.json({ name: nwb.name, keys, truncated: keys.length < entries.length, warnings });
}

/**
 * Answers with a stretch of time of an entry.
 *
 * @param file The file
 * @param query `key`, and perhaps `from`, `to` (seconds, both included), `raw`, `format`, `width` and `height`
 * @param settings Bounds
 * @param signal Aborts when the client goes away
 * @returns The entry in the format asked for
 */
export async function answerEntry(
  file: Opened,
  query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const key = needed(query, "key");
  const format = query.get("format") ?? "json";
  if (!Object.hasOwn(TYPES, format)) {
    throw new Refusal(400, "bad-request", `Cannot answer with ${format}: expected ${Object.keys(TYPES).join(", ")}`);
  }
  const window = readWindow(query);
  const size = { width: pixels(query, "width") ?? 1200, height: pixels(query, "height") };
  const raw = query.get("raw") === "true";
  const nwb = await NWBFile.open(hdf5Of(file), { signal, raw });
  const { entry: whole, unit } = await openEntry(nwb, key, { raw, signal });
  const entry = windowOf(whole, window);
  const room = settings.maxResultBytes * (format === "svg" ? DRAWN_PER_GIVEN : 1);
  if (bytesOf(entry) > room) throw tooLarge(`${countOf(entry)} samples, ${bytesOf(entry)} bytes`, settings);
  const body = format === "svg"
    ? await drawEntry({ entry, title: key, window, size, unit, signal })
    : await encode(format, { key, type: nwb.typeOf(key), unit, entry }, settings, signal);
  const name = key.replace(/[^\w.-]/g, "_");
  return new Response(body, {
    headers: {
      "content-type": TYPES[format]!,
      "content-disposition": `inline; filename="${name}.${format}"`,
      // A picture is a document: whatever stands in a file, nothing in it runs.
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}

async function encode(format: string, read: ReadEntry, settings: Settings, signal: AbortSignal): Promise<string> {
  const entry = read.entry instanceof ValueSeries ? await read.entry.load({ signal }) : read.entry;
  let text = "";
  for (const piece of (format === "csv" ? entryCsv : entryJson)({ ...read, entry })) {
    text += piece;
    if (text.length > settings.maxResultBytes * TEXT_PER_BYTE) throw tooLarge("more text than that", settings);
  }
  return text;
}

/** Bytes of times and values, before they become text. */
function bytesOf(entry: SeriesEntry): number {
  const count = countOf(entry);
  if (entry instanceof IntervalSet) return 16 * count;
  if (!(entry instanceof ValueSeries)) return 8 * count;
  const row = entry.shape.slice(1).reduce((product, length) => product * length, entry.dtype.itemsize);
  return (8 + row) * count;
}

/** The stretch of time that is asked for. @throws {Refusal} If it ends before it begins */
export function readWindow(query: URLSearchParams): TimeWindow {
  const [from, to] = [number(query, "from") ?? -Infinity, number(query, "to") ?? Infinity];
  if (from > to) throw new Refusal(400, "bad-request", `Cannot slice from ${from} to ${to}: from should not follow to`);
  return { from, to };
}

/** Pixels that are asked for. @throws {Refusal} If they are none, or too many */
export function pixels(query: URLSearchParams, name: string): number | undefined {
  const value = number(query, name);
  if (value === undefined || (Number.isInteger(value) && value >= 160 && value <= 4096)) return value;
  throw new Refusal(400, "bad-request", `Cannot use ${value} as ${name}: expected 160 to 4096 pixels`);
}

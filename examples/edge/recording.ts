/**
 * `GET /recording`: the header of a recording, in whatever maker's format. `GET /recording/slice`: a stretch of time of a stream's
 * channels, as numbers or as a picture. Files beside the one that was named are found at its address, and guarded as it is.
 *
 * @module
 */
import type { Opened } from "../../src/formats/mod.ts";
import { npyParts } from "../../src/npy/mod.ts";
import { Recording } from "../../src/recording/mod.ts";
import { entryCsv, entryJson, placeAt, recordingJson, type RecordingPart, signalPart } from "../../src/show/mod.ts";
import { answerWith, type Body } from "./body.ts";
import { drawEntry } from "./draw.ts";
import { DRAWN_PER_GIVEN, pixels, readWindow, TEXT_PER_BYTE } from "./nwb.ts";
import { bandOf, needed } from "./query.ts";
import { Refusal } from "./refusal.ts";
import { type Settings, tooLarge } from "./settings.ts";

const TYPES: Readonly<Record<string, string>> = {
  json: "application/json",
  csv: "text/csv; charset=utf-8",
  npy: "application/octet-stream",
  svg: "image/svg+xml",
};

/**
 * Answers with the tables of a recording: streams, channels, events, and where segments begin and end.
 *
 * @param file The file
 * @param _query Nothing more
 * @param settings Bounds
 */
// deno-lint-ignore require-await -- as others have it
export async function answerRecording(file: Opened, _query: URLSearchParams, settings: Settings): Promise<Response> {
  const recording = recordingOf(file);
  const { signalChannels, spikeChannels, eventChannels } = recording.header;
  const count = signalChannels.length + spikeChannels.length + eventChannels.length;
  const segments = recording.parts.blocks.reduce((sum, { segments }) => sum + segments.length, 0);
  if (count + segments > 10 * settings.maxObjects) {
    throw tooLarge(`${count} channels in ${segments} segments`, settings);
  }
  return Response.json(recordingJson(recording));
}

/**
 * Answers with a stretch of time of a stream.
 *
 * @param file The file
 * @param query `stream` (its key, such as `/0/0/Signals`), and perhaps `channels` (names or ids, separated by commas), `from`, `to`
 * (seconds, both included), `raw` or `bandpass`, `format`, `width` and `height`
 * @param settings Bounds
 * @param signal Aborts when the client goes away
 */
export async function answerRecordingSlice(
  file: Opened,
  query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const stream = needed(query, "stream");
  const format = query.get("format") ?? "json";
  if (!Object.hasOwn(TYPES, format)) {
    throw new Refusal(400, "bad-request", `Cannot answer with ${format}: expected ${Object.keys(TYPES).join(", ")}`);
  }
  const [window, raw] = [readWindow(query), query.get("raw") === "true"];
  const size = { width: pixels(query, "width") ?? 1200, height: pixels(query, "height") };
  const channels = query.get("channels")?.split(",").map((name) => name.trim()).filter((name) => name !== "");
  const recording = recordingOf(file);
  const place = placeAt(recording, stream);
  if (place.kind !== "signal") throw new Refusal(400, "bad-request", `Cannot slice ${place.key}: it is no stream`);
  const filters = bandOf(query);
  if (raw && filters.length > 0) throw new Refusal(400, "bad-request", "Cannot filter samples as they are stored");
  const part = signalPart(recording, place, { channels, window, raw, filters });
  const [samples, width] = part.array.shape as [number, number];
  const bytes = samples * (8 + width * part.array.dtype.itemsize);
  const room = settings.maxResultBytes * (format === "svg" ? DRAWN_PER_GIVEN : 1);
  if (bytes > room) throw tooLarge(`${samples} samples of ${width} channels, ${bytes} bytes`, settings);
  const body = format === "svg"
    ? await drawEntry({ entry: part.frame, title: part.key, window, size, unit: part.unit, scaleBar: true, signal })
    : await encode(format, part, settings, signal);
  const name = part.key.replace(/^\//, "").replace(/[^\w.-]/g, "_");
  return answerWith(body, {
    "content-type": TYPES[format]!,
    "content-disposition": `inline; filename="${name}.${format}"`,
    // A picture is a document: whatever stands in a file, nothing in it runs.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  });
}

async function encode(format: string, part: RecordingPart, settings: Settings, signal: AbortSignal): Promise<Body> {
  if (format === "npy") {
    const { header, data } = npyParts(await part.array.read(null, { signal }));
    return [header, data];
  }
  const { key, unit } = part;
  const entry = await part.frame.load({ signal });
  let text = "";
  for (const piece of (format === "csv" ? entryCsv : entryJson)({ key, type: "AnalogSignal", unit, entry })) {
    text += piece;
    if (text.length > settings.maxResultBytes * TEXT_PER_BYTE) throw tooLarge("more text than that", settings);
  }
  return text;
}

function recordingOf({ handle, name, format }: Opened): Recording {
  if (handle instanceof Recording) return handle;
  throw new Refusal(422, "format", `Cannot read ${name} as a recording: it is ${format}`);
}

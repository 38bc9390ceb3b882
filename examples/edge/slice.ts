/**
 * `GET /slice`: one selection of one array.
 *
 * @module
 */
import { type LazyArray, type NDArray, parseSelection } from "../../mod.ts";
import { numpyName, toCsv, toJsonValue } from "../../src/array/mod.ts";
import type { Opened } from "../../src/formats/mod.ts";
import { npyParts } from "../../src/npy/mod.ts";
import { fromDescription } from "../../src/signal/mod.ts";
import { answerWith, type Body } from "./body.ts";
import { bandOf, needed } from "./query.ts";
import { Refusal } from "./refusal.ts";
import { type Settings, tooLarge } from "./settings.ts";

/** A way to write an array down. */
export interface Format {
  readonly type: string;
  readonly extension: string;
  encode(array: NDArray, path: string): Body;
}

/** What an answer can come as. */
const FORMATS: Readonly<Record<string, Format>> = {
  json: { type: "application/json", extension: "json", encode: toJson },
  npy: { type: "application/octet-stream", extension: "npy", encode: toNpy },
  csv: { type: "text/csv; charset=utf-8", extension: "csv", encode: (array) => toCsv(array) },
};

/** Text of numbers is longer than the numbers; text beyond this many times the limit comes of long strings. */
const TEXT_PER_BYTE = 16;

/**
 * Answers with a slice.
 *
 * @param file The file
 * @param query `path`, and perhaps `select`, `format`, and `bandpass` with `rate`
 * @param settings Bounds
 * @param signal Aborts when the client goes away
 * @returns The slice in the format asked for
 */
export async function answerSlice(
  file: Opened,
  query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const path = needed(query, "path");
  const format = formatOf(query);
  const stored = await file.get(path, { signal });
  const array = filtered(stored, query);
  const view = array.view(parseSelection(query.get("select") ?? "", array.shape.length));
  checkSize(view, settings);
  // Where it lies in the file, however it was asked for.
  const at = "path" in stored ? String(stored.path) : path;
  const name = at.split("/").at(-1) || "array";
  return arrayResponse(await view.read(null, { signal }), { path: at, name, format }, settings);
}

/** The array, or what a band-pass makes of it: `bandpass=300,6000&rate=30000`. Only the window that is asked for is filtered. */
function filtered(array: LazyArray, query: URLSearchParams): LazyArray {
  const chain = bandOf(query);
  if (chain.length === 0) return array;
  const samplingRate = Number(query.get("rate") ?? NaN);
  if (!(samplingRate > 0)) {
    throw new Refusal(400, "bad-request", "Cannot filter an array without rate, its samples per second");
  }
  try {
    return fromDescription(array, chain.map(({ name, options }) => ({ name, options: { ...options, samplingRate } })));
  } catch (error) {
    // A band that the rate doesn't hold, or an array that is no samples.
    throw error instanceof RangeError || error instanceof TypeError
      ? new Refusal(400, "bad-request", error.message)
      : error;
  }
}

/**
 * What an array is asked for as.
 *
 * @throws {Refusal} 400 if there is no such format
 */
export function formatOf(query: URLSearchParams): Format {
  const name = query.get("format") ?? "json";
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (format !== undefined) return format;
  throw new Refusal(400, "bad-request", `Cannot answer with ${name}: expected ${Object.keys(FORMATS).join(", ")}`);
}

/**
 * Checks how large an array is before it is read.
 *
 * @throws {Refusal} 413 if it is too large
 */
export function checkSize({ shape, dtype }: Pick<NDArray, "shape" | "dtype">, settings: Settings): void {
  const bytes = shape.reduce((product, length) => product * length, dtype.itemsize);
  if (bytes > settings.maxResultBytes) throw tooLarge(`${shape.join(" x ")} elements, ${bytes} bytes`, settings);
}

/**
 * An array as an answer.
 *
 * @param array The array
 * @param as Its path, name and format
 * @param settings Bounds
 * @throws {Refusal} 413 if its text is too large
 */
export function arrayResponse(
  array: NDArray,
  { path, name, format }: { readonly path: string; readonly name: string; readonly format: Format },
  settings: Settings,
): Response {
  const body = format.encode(array, path);
  if (typeof body === "string" && body.length > settings.maxResultBytes * TEXT_PER_BYTE) {
    throw tooLarge(`${body.length} bytes of text`, settings);
  }
  const fileName = `${name.replace(/[^\w.-]/g, "_")}.${format.extension}`;
  return answerWith(body, {
    "content-type": format.type,
    "content-disposition": `inline; filename="${fileName}"`,
  });
}

function toNpy(array: NDArray): Uint8Array[] {
  const { header, data } = npyParts(array);
  return [header, data];
}

function toJson(array: NDArray, path: string): string {
  return JSON.stringify({ path, shape: array.shape, dtype: numpyName(array.dtype), data: toJsonValue(array) });
}

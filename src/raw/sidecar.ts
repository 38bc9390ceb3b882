/**
 * Sidecars: small files that say what a flat file beside them holds.
 *
 * Ours is JSON, named as the file with `.json` behind (`recording.bin.json`):
 *
 * ```json
 * { "format": "microtome-raw", "version": 1, "dtype": "<i2", "shape": [30000, 32], "order": "C", "offset": 0 }
 * ```
 *
 * `dtype` is what `np.dtype(...).descr` gives (a name, or a list of fields), or a name that only `openRaw` knows. An axis
 * of `shape` may be `null`: the file's size says it. `scale` (`gain`, `offset`, `axis`, `dtype`) may stand beside them, and so may `recording` (`samplingRate`,
 * `units`, `channelNames`, `tStart`).
 *
 * YASS' is YAML, named as the file with `.yaml` in place of its extension (`recording.yaml`); see `yass_sidecar.ts`.
 *
 * @module
 */

import { dtypeFromDescr, numpyDescr } from "../array/dtype/descr.ts";
import type { DType, PartialShape } from "../array/types.ts";
import { parseBoundedJson } from "../source/bounded_json.ts";
import { FormatError, HttpStatusError, NotFoundError } from "../source/errors.ts";
import { openSource, type SourceInput, type SourceOptions } from "../source/open_source.ts";
import type { AxisOrder } from "./extent.ts";
import type { ArrayScale } from "../array/scale.ts";
import { decodeYassSidecar, yassSidecarName } from "./yass_sidecar.ts";

/** What a sidecar says of a flat file. */
export interface RawSidecar {
  /** The elements, as `RawOptions.dtype` has them. */
  readonly dtype: DType | string;
  /** Length of each axis; `null` where the file's size says it. */
  readonly shape: PartialShape;
  /** Whether the last axis runs fastest, or the first. */
  readonly order: AxisOrder;
  /** Bytes before the array. */
  readonly offset: number;
  /** How stored values become physical ones. */
  readonly scale?: ArrayScale | undefined;
  /** What is known of it as a recording, whose axes are samples and channels. */
  readonly recording?: SidecarRecording | undefined;
}

/** What a sidecar says of a recording. */
export interface SidecarRecording {
  /** Samples per second. */
  readonly samplingRate: number;
  /**
   * Unit of the physical values, such as `uV`; or of each channel's.
   *
   * @default {""}
   */
  readonly units?: string | readonly string[] | undefined;
  /** Names of the channels: one each. */
  readonly channelNames?: readonly string[] | undefined;
  /**
   * When the first sample was taken, in seconds.
   *
   * @default {0}
   */
  readonly tStart?: number | undefined;
}

const FORMAT = "microtome-raw";
/** No sidecar is longer: another file has its name. */
const MAX_BYTES = 1024 * 1024;

/**
 * A sidecar as text: JSON, to be stored at {@linkcode sidecarPath}.
 *
 * @param sidecar What the flat file holds
 * @throws {UnsupportedError} If NumPy has no name for the dtype
 *
 * @example Usage
 * ```ts
 * import { decodeSidecar, encodeSidecar } from "./sidecar.ts";
 * import assert from "node:assert/strict";
 *
 * const text = encodeSidecar({ dtype: "<i2", shape: [100, 4], order: "C", offset: 0 });
 * assert.deepEqual((await decodeSidecar(text)).shape, [100, 4]);
 * ```
 */
export function encodeSidecar({ dtype, shape, order, offset, scale, recording }: RawSidecar): string {
  const descr = typeof dtype === "string" ? dtype : numpyDescr(dtype);
  const content = { format: FORMAT, version: 1, dtype: descr, shape, order, offset };
  return `${JSON.stringify({ ...content, scale, recording })}\n`;
}

/**
 * Where the sidecar of a file lies: at its path or URL with `.json` behind.
 *
 * @param path Path or URL of the flat file
 */
export function sidecarPath<P extends string | URL>(path: P): P {
  return beside(path, (name) => `${name}.json`) as P;
}

/**
 * Reads what a sidecar says: ours (JSON), or YASS' (YAML with the keys `data_order`, `dtype` and `n_channels`). What reads YAML is
 * loaded when one is met.
 *
 * @param text What the sidecar holds
 * @param name What messages call it
 * @throws {FormatError} If it is neither
 * @throws {UnsupportedError} If its dtype is none that can be read
 */
export async function decodeSidecar(text: string, name: string = "the sidecar"): Promise<RawSidecar> {
  if (text.trimStart().startsWith("{")) return decodeJson(text, name);
  const { dtype, nChannels, order, observations, samplingRate } = await decodeYassSidecar(text, name);
  if (nChannels === null) {
    throw new FormatError(
      `Cannot use ${name} as a sidecar: its n_channels is null, as YASS 0.9 writes it; give dtype and shape`,
      { file: name },
    );
  }
  const recording = samplingRate === null ? {} : { recording: { samplingRate } };
  return { dtype, shape: [observations, nChannels], order, offset: 0, ...recording };
}

/**
 * Looks for a file's sidecar: ours first, then YASS'.
 *
 * @param source The flat file
 * @param options Of HTTP: headers that the flat file needs are sent for the sidecar as well
 * @returns What it says, or `null` where the source is no path or URL
 * @throws {NotFoundError} If there is none
 */
export async function readSidecar(source: SourceInput, options: SourceOptions): Promise<RawSidecar | null> {
  if (typeof source !== "string" && !(source instanceof URL)) return null;
  const found = await findSidecar(source, options);
  if (found !== null) return await decodeSidecar(found.text, found.name);
  const places = sidecarPlaces(source);
  throw new NotFoundError(
    `Cannot open ${String(source)} without a dtype: there is no sidecar, neither ${places.map(lastPart).join(" nor ")}`,
    { file: String(source) },
  );
}

/** Where sidecars of a file may lie: ours, then YASS'. */
function sidecarPlaces<P extends string | URL>(source: P): P[] {
  return [sidecarPath(source), yassSidecarPath(source)];
}

/**
 * Where YASS has the sidecar of a file: at its path or URL with `.yaml` in place of the extension.
 *
 * @param path Path or URL of the flat file
 */
export function yassSidecarPath<P extends string | URL>(path: P): P {
  return beside(path, yassSidecarName) as P;
}

/**
 * The text of a file's sidecar, or `null` where there is none.
 *
 * @param source Path or URL of the flat file
 * @param options Of HTTP
 */
export async function findSidecar(
  source: string | URL,
  options: SourceOptions,
): Promise<{ readonly text: string; readonly name: string } | null> {
  for (const place of sidecarPlaces(source)) {
    const text = await readText(place, options);
    if (text !== null) return { text, name: String(place) };
  }
  return null;
}

async function readText(place: string | URL, options: SourceOptions): Promise<string | null> {
  // What is meant for the flat file alone (its ETag, the meter of its cost) stays away from the sidecar.
  const { headers, fetch, timeout, signal, attempts } = options;
  try {
    const opened = await openSource(place, { headers, fetch, timeout, signal, attempts } as SourceOptions);
    try {
      const { byteLength } = opened.source;
      if (byteLength > MAX_BYTES) {
        throw new FormatError(`Cannot use ${String(place)} as a sidecar: it has ${byteLength} bytes`);
      }
      const [bytes] = await opened.cache.readMany([{ offset: 0, length: byteLength }], { signal });
      return new TextDecoder().decode(bytes);
    } finally {
      await opened.close();
    }
  } catch (error) {
    if (error instanceof NotFoundError) return null;
    // Buckets that may not be listed answer 403 for what isn't there.
    if (error instanceof HttpStatusError && [403, 404, 410].includes(error.status)) return null;
    throw error;
  }
}

/** Another file in the same folder; of a URL, the query is kept. */
function beside(path: string | URL, rename: (name: string) => string): string | URL {
  if (typeof path === "string" && !path.includes("://")) return rename(path);
  const url = new URL(path);
  url.pathname = rename(url.pathname);
  return typeof path === "string" ? url.href : url;
}

function lastPart(path: string | URL): string {
  const text = path instanceof URL || path.includes("://") ? new URL(path).pathname : path;
  return text.slice(text.search(/[^/\\]*$/));
}

function decodeJson(text: string, name: string): RawSidecar {
  let content: unknown;
  try {
    content = parseBoundedJson(text);
  } catch (cause) {
    throw new FormatError(`Cannot use ${name} as a sidecar: it is no JSON`, { file: name, cause });
  }
  const { format, version, dtype, shape, order = "C", offset = 0, scale, recording } = content as Record<
    string,
    unknown
  >;
  const refuse = (why: string): never => {
    throw new FormatError(`Cannot use ${name} as a sidecar: ${why}`, { file: name });
  };
  if (format !== FORMAT || version !== 1) {
    refuse(`expected the format ${FORMAT} in version 1, found ${JSON.stringify(format)} in ${JSON.stringify(version)}`);
  }
  if (dtype === undefined) refuse("it says no dtype");
  const isLength = (length: unknown) => length === null || (Number.isSafeInteger(length) && (length as number) >= 0);
  if (!Array.isArray(shape) || !shape.every(isLength)) refuse("it says no shape");
  if (order !== "C" && order !== "F") refuse(`its order is ${JSON.stringify(order)}, expected "C" or "F"`);
  if (!isLength(offset) || offset === null) refuse(`its offset is ${JSON.stringify(offset)}`);
  if (scale !== undefined && (typeof scale !== "object" || scale === null)) refuse("its scale is no object");
  const said = recording === undefined ? null : recordingOf(recording) ?? refuse("its recording says no samplingRate");
  return {
    // Names that NumPy doesn't have are looked at by openRaw.
    dtype: typeof dtype === "string" ? dtype : dtypeFromDescr(dtype),
    shape: shape as PartialShape,
    order: order as AxisOrder,
    offset: offset as number,
    ...(scale === undefined ? {} : { scale: scale as ArrayScale }),
    ...(said === null ? {} : { recording: said }),
  };
}

/** What is said of a recording, or `null` where that can't be. */
function recordingOf(said: unknown): SidecarRecording | null {
  const { samplingRate, units = "", channelNames, tStart = 0 } = (said ?? {}) as Record<string, unknown>;
  const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
  const isTexts = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((name) => typeof name === "string");
  const isList = channelNames === undefined || isTexts(channelNames);
  const isUnit = typeof units === "string" || isTexts(units);
  if (!isNumber(samplingRate) || samplingRate <= 0 || !isUnit || !isNumber(tStart) || !isList) {
    return null;
  }
  return {
    samplingRate,
    units,
    tStart,
    ...(channelNames === undefined ? {} : { channelNames: channelNames as string[] }),
  };
}

/**
 * Kerchunk's references, version 1: a file of JSON that tells Zarr's readers where in a raw file the chunks of an array lie.
 *
 * @module
 */

import { numpyDescr } from "../array/dtype/descr.ts";
import { describeDType } from "../array/dtype/dtype.ts";
import { flatPartOf } from "../array/flat/flat_part.ts";
import type { LazyArray } from "../array/types.ts";
import type { SignalChannel } from "../recording/header.ts";
import { AnalogSignalProxy } from "../recording/objects/analog_signal_proxy.ts";
import { Recording } from "../recording/recording.ts";
import { UnsupportedError } from "../source/errors.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import { chunkRows } from "./chunk_rows.ts";
import { layoutOf } from "./layout.ts";

/** References, as kerchunk and fsspec have them: keys of a Zarr store to text, or to a place in a file. */
export interface KerchunkReferences {
  /** Version of the form. */
  readonly version: 1;
  /** What stands at each key: text (base64 behind `base64:`), or file, first byte and number of bytes. */
  readonly refs: Readonly<Record<string, string | readonly [url: string, offset: number, length: number]>>;
}

/** Options of {@linkcode toKerchunk}. */
export interface KerchunkOptions {
  /**
   * About how many bytes a chunk has. A number of samples that divides all is taken where one is near.
   *
   * @default {1048576}
   */
  readonly chunkBytes?: number | undefined;
  /**
   * Where the file lies for whoever reads the references; a function is told where it lies here.
   *
   * @default {the path or URL that it was opened by}
   */
  readonly url?: string | ((name: string) => string) | undefined;
  /** Where an array stands in the hierarchy; of a recording, what its streams stand below. By default the root. */
  readonly path?: string | undefined;
  /** Attributes of an array, beside those that are known of it. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  /** Which streams of a recording, by where they stand; all by default. */
  readonly streamIndexes?: readonly number[] | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

type Refs = Record<string, string | readonly [string, number, number]>;

const CHUNK_BYTES = 2 ** 20;
const PIECE = 8192;

/**
 * References to the samples of an array, or of a recording's streams, in chunks of time. The metadata are Zarr's version 2, with
 * `_ARRAY_DIMENSIONS` for xarray and, where it is known, `sampling_rate`, `t_start`, `units`, `gain`, `offset`, `channel_names`.
 * Interleaved samples are referred to by whole rows: where some columns only are meant, the attribute `columns` says which. Nothing is
 * read but, where no number of samples divides all, the last chunk, which then stands in the references itself.
 *
 * @param source A recording, whose streams become arrays called `block/segment/stream`, other signs than letters, digits, `.`
 * and `-` as `_`; a signal of one; a lazy array [samples,
 * channels] or [samples]
 * @param options Size of chunks, where the file lies for others
 * @returns What `JSON.stringify` makes a file of
 * @throws {UnsupportedError} If its elements don't lie in a file as they are read (records, packed or compressed samples, physical
 * values), or in a way that chunks can't be referred to; the message says which
 *
 * @example A flat file
 * ```ts
 * import { openRaw } from "../raw/open_raw.ts";
 * import { toKerchunk } from "./kerchunk.ts";
 * import assert from "node:assert/strict";
 *
 * await using array = await openRaw(Int16Array.of(1, 2, 3, 4, 5, 6), { dtype: "int16", shape: [3, 2] });
 * const { refs } = await toKerchunk(array, { url: "https://example.org/raw.bin" });
 * assert.deepEqual(refs["0.0"], ["https://example.org/raw.bin", 0, 12]);
 * ```
 */
export async function toKerchunk(
  source: LazyArray | AnalogSignalProxy | Recording,
  options: KerchunkOptions = {},
): Promise<KerchunkReferences> {
  checkOptions(options, OPTIONS, "refer to an array");
  const { chunkBytes = CHUNK_BYTES, path = "", attributes = {}, streamIndexes } = options;
  if (!(chunkBytes >= 1 && Number.isFinite(chunkBytes))) {
    throw new RangeError(`Cannot refer to an array in chunks of ${chunkBytes} bytes: expected a number of at least 1`);
  }
  const below = path.replace(/^\/+|\/+$/g, "");
  const refs: Refs = {};
  if (!(source instanceof Recording)) {
    const known = source instanceof AnalogSignalProxy ? signalAttributes(source, source.channels) : {};
    const array = source instanceof AnalogSignalProxy ? source.raw : source;
    await addArray(refs, below, array, below || "the array", { ...known, ...attributes }, { ...options, chunkBytes });
    return { version: 1, refs };
  }
  const { header, parts } = source;
  // A slash would be a group, and readers take keys for parts of URLs.
  const names = header.signalStreams.map(({ name }) => name.replace(/[^\p{L}\p{N}_.-]+/gu, "_"));
  for (const [b, { segments }] of parts.blocks.entries()) {
    for (const [s, { signals }] of segments.entries()) {
      for (const [i, signal] of signals.entries()) {
        if (signal === null || streamIndexes?.includes(i) === false) continue;
        const { name } = header.signalStreams[i]!;
        const own = names.filter((other) => other === names[i]).length === 1 && names[i] !== "" ? names[i]! : String(i);
        const at = [below, b, s, own].filter((part) => part !== "").join("/");
        const known = signalAttributes({ tStart: signal.tStart }, source.channels(i));
        await addArray(refs, at, signal.array, `stream ${JSON.stringify(name)}`, known, { ...options, chunkBytes });
      }
    }
  }
  return { version: 1, refs };
}

function signalAttributes({ tStart }: { readonly tStart: number }, channels: readonly SignalChannel[]): object {
  return {
    sampling_rate: channels[0]!.samplingRate,
    t_start: tStart,
    units: channels.map(({ units }) => units),
    gain: channels.map(({ gain }) => gain),
    offset: channels.map(({ offset }) => offset),
    channel_names: channels.map(({ name }) => name),
  };
}

async function addArray(
  refs: Refs,
  path: string,
  array: LazyArray,
  name: string,
  attributes: object,
  { chunkBytes, url, signal }: KerchunkOptions & { readonly chunkBytes: number },
): Promise<void> {
  const refuse = (why: string): never => {
    throw new UnsupportedError(`Cannot refer to ${name}: ${why}`, { object: path });
  };
  const part = flatPartOf(array);
  if (part === null) {
    const stored = array.chunkShape === null ? "" : ` (it is stored in pieces of ${array.chunkShape.join(" x ")})`;
    return refuse(`its samples don't lie in the file as they are read${stored}`);
  }
  const { dtype, file } = part.flat;
  if (!["int", "uint", "float", "complex", "bool"].includes(dtype.kind)) {
    return refuse(`its elements are ${describeDType(dtype)}, expected numbers`);
  }
  const layout = layoutOf(part);
  if (typeof layout === "string") return refuse(layout);
  const { rows, width, rowBytes, offsets, columns } = layout;
  // Bytes in memory are called so, which leads nowhere.
  const isNowhere = file.name === undefined || file.name === "memory";
  const place = typeof url === "string" ? url : isNowhere ? undefined : url?.(file.name!) ?? file.name;
  if (place === undefined) return refuse("what it lies in has no name: give the option url");
  const count = chunkRows(rows, rowBytes, chunkBytes);
  const isMatrix = array.shape.length === 2;
  const prefix = path === "" ? "" : `${path}/`;
  addGroups(refs, path);
  refs[`${prefix}.zarray`] = JSON.stringify({
    zarr_format: 2,
    shape: isMatrix ? [rows, width * offsets.length] : [rows],
    chunks: isMatrix ? [count, width] : [count],
    dtype: numpyDescr(dtype),
    compressor: null,
    fill_value: null,
    order: "C",
    filters: null,
    dimension_separator: ".",
  });
  refs[`${prefix}.zattrs`] = JSON.stringify({
    _ARRAY_DIMENSIONS: isMatrix ? ["time", "channel"] : ["time"],
    ...attributes,
    ...(columns === null ? {} : { columns }),
  });
  for (let first = 0, i = 0; first < rows; first += count, i++) {
    for (const [j, offset] of offsets.entries()) {
      const key = `${prefix}${isMatrix ? `${i}.${j}` : i}`;
      const at = offset + first * rowBytes;
      // A chunk is whole: what the file doesn't have of it stands here, with zeros behind.
      const isThere = first + count <= rows && at + count * rowBytes <= file.byteLength;
      refs[key] = isThere ? [place, at, count * rowBytes] : inlined(
        await part.flat.bytes(at, Math.min((rows - first) * rowBytes, file.byteLength - at), { signal }),
        count * rowBytes,
      );
    }
  }
}

/** Bytes as text, with zeros behind. */
function inlined(bytes: Uint8Array, length: number): string {
  const whole = new Uint8Array(length);
  whole.set(bytes);
  let text = "";
  for (let at = 0; at < length; at += PIECE) text += String.fromCharCode(...whole.subarray(at, at + PIECE));
  return `base64:${btoa(text)}`;
}

/** Every folder above an array is a group. */
function addGroups(refs: Refs, path: string): void {
  if (path === "") return;
  const parts = path.split("/");
  for (let depth = 0; depth < parts.length; depth++) {
    refs[[...parts.slice(0, depth), ".zgroup"].join("/")] = JSON.stringify({ zarr_format: 2 });
  }
}

const OPTIONS: OptionNames<KerchunkOptions> = {
  chunkBytes: true,
  url: true,
  path: true,
  attributes: true,
  streamIndexes: true,
  signal: true,
};

/**
 * Opening flat binary files.
 *
 * @module
 */

import { located } from "../source/located.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import { SOURCE_OPTIONS } from "../source/open_source.ts";
import { nativeOrder } from "../array/codec/decode_elements.ts";
import { FlatArray } from "../array/flat/flat_array.ts";
import type { ArrayData, DType, PartialShape } from "../array/types.ts";
import { numbersOf } from "../array/dtype/kinds.ts";
import { RangeFetcher } from "../source/fetch/fetcher.ts";
import { type OpenedSource, openSource, type SourceInput, type SourceOptions } from "../source/open_source.ts";
import { openSink, openSinkToChange } from "../source/sink/open_sink.ts";
import type { ByteSink, SinkTarget } from "../source/sink/sink.ts";
import { loadReader } from "../wasm/reader/reader.ts";
import { type RawElement, rawElement } from "./element.ts";
import { type AxisOrder, type Extent, newExtent, resolveExtent } from "./extent.ts";
import { RawArray } from "./raw_array.ts";
import { RawFile } from "./raw_file.ts";
import { type ArrayScale, resolveScale } from "../array/scale.ts";
import { encodeSidecar, type RawSidecar, readSidecar, sidecarPath } from "./sidecar.ts";
import { sinkSource } from "../source/sink/sink_source.ts";
import { unpackedSource } from "./unpacked_source.ts";

/** What a file is opened for, as `np.memmap` has it. */
export type RawMode = "r" | "r+" | "w+";

/** Options of {@linkcode openRaw}. */
export interface RawOptions extends SourceOptions {
  /**
   * The elements: a dtype, NumPy's name of one (`int16`, `>f4`, `S8`), or `int24`, `uint24`, `>i3`, `uint12:lsb` (and
   * `uint10`, `:msb`, `:mipi`), `bits16`; see `rawElement`. By default a sidecar beside the file says it.
   */
  readonly dtype?: DType | string | undefined;
  /**
   * Length of each axis, one of which may be `null` or -1, to be computed from the file's size: `[null, 32]` for 32
   * interleaved channels.
   *
   * @default {[null]}
   */
  readonly shape?: PartialShape | undefined;
  /**
   * Whether the last axis runs fastest in the file (`C`: `[samples, channels]` are interleaved), or the first (`F`: one
   * channel lies behind the other).
   *
   * @default {"C"}
   */
  readonly order?: AxisOrder | undefined;
  /**
   * Bytes before the array: a header that is to be skipped.
   *
   * @default {0}
   */
  readonly offset?: number | undefined;
  /** How stored integers become physical values, as floats. Such an array can't be written. */
  readonly scale?: ArrayScale | undefined;
  /**
   * `r` opens for reading, `r+` a file that is there for writing too, in place (one that is too short is refused, where
   * `np.memmap` makes it longer, so that a wrong shape spoils no recording). `w+` makes a new file of zeros, which is
   * written beside its path and put into place on `close` (unlike `np.memmap`'s, which is there at once, and half
   * written where the program ends).
   *
   * @default {"r"}
   */
  readonly mode?: RawMode | undefined;
  /**
   * Whether a sidecar is used: looked for where no dtype is given, or, with the mode `w+`, written as `<path>.json`.
   *
   * @default {true for reading, false for writing}
   */
  readonly sidecar?: boolean | Pick<RawSidecar, "scale" | "recording"> | undefined;
}

/**
 * Opens a flat binary file as a lazy array, as `np.memmap` does. Nothing but its size is read.
 *
 * Without a dtype, a sidecar beside the file is read: `recording.bin.json`, or YASS' `recording.yaml`. Other options
 * then stand before what it says.
 *
 * @param source A path, a URL, bytes, a `Blob`, an R2 object, or anything with `byteLength` and `read`; with the modes
 * `r+` and `w+` a path or a sink
 * @param options What it holds, and what it is opened for
 * @returns The array; close it, or declare it with `await using`
 * @throws {ShapeError} If the shape is none, or doesn't divide the file
 * @throws {FormatError} If the file's size is no whole number of elements where an axis is to be computed, or the
 * sidecar isn't one
 * @throws {TruncatedError} If the file is shorter than the array
 * @throws {DTypeError} If elements of the dtype have no fixed size, or can't be scaled
 * @throws {UnsupportedError} If the dtype's name is none
 * @throws {NotFoundError} If there is no such file, or no dtype is given and there is no sidecar
 * @throws {WriteError} If it can't be opened for writing
 *
 * @example A recording of two interleaved channels, in microvolts
 * ```ts
 * import { openRaw } from "./open_raw.ts";
 * import { slice } from "../array/select/slice.ts";
 * import assert from "node:assert/strict";
 *
 * const bytes = Int16Array.of(1, -1, 2, -2, 3, -3);
 * await using recording = await openRaw(bytes, { dtype: "int16", shape: [null, 2], scale: { gain: 0.195 } });
 * assert.deepEqual(recording.shape, [3, 2]);
 * assert.deepEqual((await recording.read([slice(2), 0])).data, Float64Array.of(0.195, 0.39));
 * ```
 *
 * @example A new file, written piece by piece
 * ```ts
 * import { openRaw } from "./open_raw.ts";
 * import { slice } from "../array/select/slice.ts";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempFile();
 * await using array = await openRaw(path, { mode: "w+", dtype: "float32", shape: [10, 3] });
 * await array.write([slice(2, 4)], 1);
 * await array.close();
 * assert.equal((await Deno.stat(path)).size, 120);
 * await Deno.remove(path);
 * ```
 */
export async function openRaw<D extends ArrayData = ArrayData>(
  source: SourceInput | SinkTarget,
  options: RawOptions = {},
): Promise<RawArray<D>> {
  checkOptions(options, OPTIONS, "open a flat file");
  const { mode = "r" } = options;
  if (mode === "w+") return await createRaw<D>(source as SinkTarget, options);
  if (mode !== "r" && mode !== "r+") {
    throw new TypeError(`Cannot open a file with the mode ${JSON.stringify(mode)}: expected "r", "r+" or "w+"`);
  }
  const described = await describe(source as SourceInput, options);
  checkOrder(described.order);
  const element = rawElement(described.dtype);
  const sink = mode === "r" ? null : await openToChange(source as SinkTarget);
  let opened: OpenedSource | undefined;
  try {
    opened = await openSource(sink === null ? source as SourceInput : sinkSource(sink, true), options);
    const name = opened.source.name ?? "the source";
    const { byteLength } = opened.source;
    const extent = located(
      { file: name, object: "/" },
      () => resolveExtent({ ...described, element, name, byteLength }),
    );
    return await assemble<D>(opened, sink, element, extent, described);
  } catch (error) {
    await opened?.close();
    await sink?.abandon();
    throw error;
  }
}

/** What is known of a file once options and sidecar are put together. */
type Described = Omit<RawOptions, "dtype"> & { readonly dtype: DType | string };

async function describe(source: SourceInput, options: RawOptions): Promise<Described> {
  if (options.dtype !== undefined) return { ...options, dtype: options.dtype };
  const { shape, order, offset, scale } = options;
  const found = options.sidecar === false ? null : await readSidecar(source, options);
  if (found === null) {
    throw new TypeError(
      "Cannot open a flat file without a dtype: give one, or the path or URL of a file with a sidecar",
    );
  }
  return {
    ...options,
    dtype: found.dtype,
    shape: shape ?? found.shape,
    order: order ?? found.order,
    offset: offset ?? found.offset,
    scale: scale ?? found.scale,
  };
}

async function createRaw<D extends ArrayData>(target: SinkTarget, options: RawOptions): Promise<RawArray<D>> {
  const { dtype, shape, order = "C", offset = 0, sidecar = false } = options;
  if (dtype === undefined || shape === undefined) {
    throw new TypeError(`Cannot make a flat file without a ${dtype === undefined ? "dtype" : "shape"}`);
  }
  checkOrder(order);
  const element = rawElement(dtype);
  if (sidecar !== false && typeof target !== "string" && !(target instanceof URL)) {
    throw new TypeError("Cannot write a sidecar beside a sink: only a path has a place beside it");
  }
  // Checked before anything is made.
  const extent = newExtent({ name: "a flat file", element, shape, offset });
  const sink = await openSink(target);
  try {
    sink.truncateSync(0);
    sink.truncateSync(offset + extent.byteLength);
    const opened = await openSource(sinkSource(sink, true), options);
    const said = typeof sidecar === "object" ? sidecar : {};
    const finish = !sidecar ? undefined : async () => {
      const beside = await openSink(sidecarPath(target as string | URL));
      beside.writeSync(
        0,
        new TextEncoder().encode(encodeSidecar({ ...extent, dtype, order, scale: options.scale, ...said })),
      );
      await beside.commit();
    };
    return await assemble<D>(opened, sink, element, extent, { ...options, dtype }, finish);
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}

async function assemble<D extends ArrayData>(
  opened: OpenedSource,
  sink: ByteSink | null,
  element: RawElement,
  extent: Extent,
  { order = "C", scale }: Described,
  finish?: () => Promise<void>,
): Promise<RawArray<D>> {
  const { fetcher, cache, meter } = opened;
  const name = opened.source.name ?? "the source";
  const { dtype, packing, group, groupBytes } = element;
  const common = { shape: extent.shape, dtype, order, name };
  // What was written lies in no page.
  const flatCache = sink === null ? cache : undefined;
  let flat: FlatArray;
  if (packing === null) {
    flat = new FlatArray({ ...common, fetcher, offset: extent.offset, cache: flatCache });
  } else {
    const { limits } = fetcher;
    const gap = Math.floor(limits.gap * packing.valueBytes / groupBytes);
    const unpacked = unpackedSource(opened, extent, element, await loadReader());
    flat = new FlatArray({ ...common, fetcher: new RangeFetcher(unpacked, { ...limits, gap }), offset: 0 });
  }
  const unit = swapUnit(flat.dtype);
  const swap = unit === null ? null : {
    flat: new FlatArray({ ...common, dtype: nativeOrder(dtype), fetcher, offset: extent.offset, cache: flatCache }),
    reader: await loadReader(),
    unit,
  };
  const how = scale === undefined ? null : {
    how: resolveScale(scale, flat.shape, flat.dtype, name),
    reader: await loadReader(),
    maxReadBytes: fetcher.limits.maxReadBytes,
  };
  const { offset, byteLength } = extent;
  const file = new RawFile({ name, offset, byteLength, meter, sink, closeSource: () => opened.close(), finish });
  const { deadline } = opened;
  return new RawArray<D>({ deadline, flat, file, order, swap, scale: how, packed: packing !== null || group !== 1 });
}

function openToChange(target: SinkTarget): Promise<ByteSink> {
  return openSinkToChange(
    target,
    (address) => `Cannot open ${address} for writing: only local files and sinks can be written`,
  );
}

/** How many bytes of a big-endian number the C reader reverses together; `null` where it isn't one for it. */
function swapUnit(dtype: DType): 2 | 4 | 8 | null {
  if (dtype.byteOrder !== ">") return null;
  const held = numbersOf(dtype);
  // float16 is widened when it is decoded.
  return held === null || (held.kind === "float" && held.itemsize === 2) ? null : held.itemsize as 2 | 4 | 8;
}

function checkOrder(order: AxisOrder | undefined): void {
  if (order !== undefined && order !== "C" && order !== "F") {
    throw new TypeError(`Cannot open a flat file in the order ${JSON.stringify(order)}: expected "C" or "F"`);
  }
}

const OPTIONS: OptionNames<RawOptions> = {
  ...SOURCE_OPTIONS,
  dtype: true,
  shape: true,
  order: true,
  offset: true,
  scale: true,
  mode: true,
  sidecar: true,
};

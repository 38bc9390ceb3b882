/**
 * What a transform makes of a lazy array: a lazy array.
 *
 * @module
 */

import { withoutInto } from "../../array/select/into.ts";
import { contiguousStride, flatten, isNDArray } from "../../array/ndarray.ts";
import { axisIndex } from "../../array/select/selection.ts";
import { memoryArray } from "../../array/memory.ts";
import { ReadableArray } from "../../array/select/readable.ts";
import { summary, typeAndShape } from "../../array/text/summary.ts";
import type { DType, LazyArray, NDArray, NumericData, ReadIntoOptions, ResolvedAxis } from "../../array/types.ts";
import { ShapeError } from "../../source/errors.ts";
import { checkOptions } from "../../source/options.ts";
import { cutUp, SlidingRows } from "./sliding_rows.ts";
import type {
  Block,
  FitOptions,
  Prepared,
  TransformDescription,
  Transformed,
  TransformInput,
  TransformKind,
} from "./transform.ts";

/** Rows that are asked for and lie apart further than this many are worked out by themselves. */
const APART = 4096;

/** What a transform makes of a lazy array. Made by the functions of this room. */
export class TransformedArray<D extends NumericData = NumericData> extends ReadableArray<D> implements Transformed<D> {
  /** Number of samples, number of channels. */
  readonly shape: readonly number[];
  /** Type of the values. */
  readonly dtype: DType;
  /** That of the input, where rows are the same; a hint for walks. */
  readonly chunkShape: readonly number[] | null;
  /** Samples per second, where that is known. */
  readonly samplingRate: number | null;
  /** What it is made from. */
  readonly input: LazyArray;
  readonly #kind: TransformKind;
  readonly #prepared: Prepared;
  readonly #wasFlat: boolean;

  /** Made by {@linkcode transformed}; not for users. */
  constructor(input: LazyArray, kind: TransformKind, prepared: Prepared) {
    super();
    this.#wasFlat = input.shape.length === 1;
    this.shape = this.#wasFlat ? [prepared.shape[0]] : prepared.shape;
    this.dtype = prepared.dtype;
    this.samplingRate = prepared.samplingRate;
    this.chunkShape = input.chunkShape !== null && input.shape[0] === prepared.shape[0] && !this.#wasFlat
      ? [input.chunkShape[0]!, Math.min(input.chunkShape[1]!, prepared.shape[1])]
      : null;
    this.input = input;
    this.#kind = kind;
    this.#prepared = prepared;
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("Transformed", this.#kind.name, typeAndShape(this));
  }

  /** The chain of transforms, the first one first, as JSON. */
  describe(): readonly TransformDescription[] {
    const before = this.input instanceof TransformedArray ? this.input.describe() : [];
    return [...before, { name: this.#kind.name, options: this.#prepared.options }];
  }

  /** Reads a checked selection. */
  async readResolved(axes: readonly ResolvedAxis[], options: ReadIntoOptions = {}): Promise<NDArray<D>> {
    options.signal?.throwIfAborted();
    const rows = axes[0]!;
    const channels = this.#wasFlat ? null : axes[1]!;
    const width = channels?.count ?? 1;
    const runs = runsOf(rows);
    const [only] = runs;
    if (only !== undefined && runs.length === 1 && only.isWhole) {
      const block = await this.#block(only.from, only.to, channels, options);
      return this.#result(block, axes, options);
    }
    // What is asked for in another order, or far apart, is put together.
    let out: NumericData | undefined;
    for (const run of runs) {
      const block = await this.#block(run.from, run.to, channels, withoutInto(options) ?? {});
      out ??= new (block.data.constructor as new (length: number) => NumericData)(rows.count * width);
      const [target, from] = [out as Float64Array, block.data as Float64Array];
      for (const place of run.places) {
        const at = (axisIndex(rows, place) - run.from) * width;
        target.set(from.subarray(at, at + width), place * width);
      }
    }
    out ??= (await this.#block(0, 0, channels, {})).data;
    return this.#result({ data: out, rows: rows.count, channels: width }, axes, options);
  }

  /**
   * Blocks of rows in order, from the first row to the last. Filters carry their state, so that what comes out is what the whole at
   * once would give, whatever the size of the blocks; the input is read once, without margins.
   *
   * @param rows Rows of a block
   * @param options Abort signal
   * @throws {RangeError} If the number of rows is none
   */
  walk(rows: number, options: { readonly signal?: AbortSignal | undefined } = {}): AsyncGenerator<NDArray<D>> {
    checkOptions(options, { signal: true }, "walk an array");
    if (!Number.isSafeInteger(rows) || rows < 1) {
      throw new RangeError(`Cannot walk in blocks of ${String(rows)} rows: expected a whole number of at least 1`);
    }
    return this.#walk(rows, options.signal);
  }

  /**
   * Finds what a transform needs to know of all values, such as their means, of this one and those before it in the chain; those that
   * need nothing, or were given it, stay as they are. What is found stands in `describe`.
   *
   * @param options Abort signal
   * @returns An array that can be read
   */
  async fit(options: FitOptions = {}): Promise<TransformedArray<D>> {
    checkOptions(options, { signal: true }, "fit");
    const input = this.input instanceof TransformedArray ? await this.input.fit(options) : this.input;
    const { needsFit = false, options: found } = this.#prepared;
    if (!needsFit && input === this.input) return this;
    const isFound = needsFit && this.#kind.fit !== undefined;
    const complete = isFound ? await this.#kind.fit!(input, found, options) : found;
    return new TransformedArray<D>(input, this.#kind, this.#kind.prepare(inputOf(input, this.#kind.name), complete));
  }

  async *#walk(rows: number, signal: AbortSignal | undefined): AsyncGenerator<NDArray<D>> {
    for await (const block of this.blocks(rows, signal)) {
      const shape = this.#wasFlat ? [block.rows] : [block.rows, block.channels];
      yield { data: block.data as D, shape, stride: contiguousStride(shape), dtype: this.dtype };
    }
  }

  /** As {@linkcode walk}, of bare blocks. */
  async *blocks(rows: number, signal: AbortSignal | undefined): AsyncGenerator<Block> {
    this.#checkFitted();
    const carried = this.#prepared.carry?.(null);
    if (carried !== undefined) {
      for await (const block of inputBlocks(this.input, rows, signal)) yield await carried.next(block);
      return;
    }
    // A row alone costs as much as a margin: what is worked out together is at least as long.
    const { margin } = this.#prepared;
    const beside = margin === "all" ? Infinity : margin.before + margin.after;
    const [length] = this.shape as [number];
    const stretch = Math.min(length, Math.max(1, Math.ceil(beside / rows)) * rows) || rows;
    const source = new SlidingRows(inputBlocks(this.input, rows, signal), this.input.shape[1] ?? 1);
    try {
      for (let from = 0; from < length; from += stretch) {
        const to = Math.min(length, from + stretch);
        const [wantedFrom, wantedTo] = this.#prepared.rowsFor(from, to);
        const inputFrom = Math.max(0, wantedFrom);
        const input = await source.take(inputFrom, Math.max(inputFrom, Math.min(this.input.shape[0]!, wantedTo)));
        const block = await this.#prepared.apply(input, { from, to, inputFrom, channels: null });
        signal?.throwIfAborted();
        yield* cutUp(block, rows);
      }
    } finally {
      await source.close();
    }
  }

  #checkFitted(): void {
    if (this.#prepared.needsFit !== true) return;
    const { name } = this.#kind;
    throw new TypeError(
      `Cannot read ${name}: it needs what fit() finds; await array.fit() first, or give it as options`,
    );
  }

  async #block(from: number, to: number, channels: ResolvedAxis | null, options: ReadIntoOptions): Promise<Block> {
    this.#checkFitted();
    const { isChannelwise } = this.#prepared;
    const [length, width] = [this.input.shape[0]!, this.input.shape[1] ?? 1];
    const picked = channels === null || isWholeAxis(channels, width)
      ? null
      : Array.from({ length: channels.count }, (_, i) => axisIndex(channels, i));
    const [wantedFrom, wantedTo] = from < to ? this.#prepared.rowsFor(from, to) : [0, 0];
    const inputFrom = Math.max(0, wantedFrom);
    const inputTo = Math.max(inputFrom, Math.min(length, wantedTo));
    const rows = { start: inputFrom, stop: inputTo, step: 1 };
    const inputChannels = isChannelwise ? picked : null;
    const read = flatten(
      await this.input.read(this.#wasFlat ? [rows] : [rows, inputChannels], { signal: options.signal }),
    ) as NDArray<NumericData>;
    options.signal?.throwIfAborted();
    const input: Block = { data: read.data, rows: inputTo - inputFrom, channels: inputChannels?.length ?? width };
    const block = await this.#prepared.apply(input, { from, to, inputFrom, channels: inputChannels });
    if (isChannelwise || picked === null) return block;
    return pickColumns(block, picked);
  }

  #result(block: Block, axes: readonly ResolvedAxis[], { into }: ReadIntoOptions): NDArray<D> {
    const shape = axes.filter(({ drop }) => !drop).map(({ count }) => count);
    const array = { data: block.data as D, shape, stride: contiguousStride(shape), dtype: this.dtype };
    if (into === undefined || !ArrayBuffer.isView(into)) return array;
    (into as Float64Array).set(block.data as Float64Array);
    return { ...array, data: into as D };
  }
}

/**
 * A transform of a lazy array [samples, channels], or of one channel [samples].
 *
 * @param kind The transform
 * @param input The array; it may be one in memory, or what another transform gives
 * @param options Its options
 * @throws {ShapeError} If the array has more than two axes, or none
 */
export function transformed<D extends NumericData>(
  kind: TransformKind,
  input: LazyArray | NDArray,
  options: Readonly<Record<string, unknown>>,
): TransformedArray<D> {
  const lazy = isNDArray(input) ? memoryArray(input) : input as LazyArray;
  return new TransformedArray<D>(lazy, kind, kind.prepare(inputOf(lazy, kind.name), options));
}

/** What is known of an input. */
export function inputOf(input: LazyArray, name: string): TransformInput {
  const { shape, dtype } = input;
  if (shape.length < 1 || shape.length > 2) {
    throw new ShapeError(`Cannot ${name} an array of shape [${shape.join(", ")}]: expected [samples, channels]`);
  }
  if (dtype.kind !== "int" && dtype.kind !== "uint" && dtype.kind !== "float" && dtype.kind !== "bool") {
    throw new ShapeError(`Cannot ${name} an array of ${dtype.kind}: expected real numbers`);
  }
  const rate = (input as { readonly samplingRate?: unknown }).samplingRate;
  const samplingRate = typeof rate === "number" && rate > 0 && Number.isFinite(rate) ? rate : null;
  return { shape: [shape[0]!, shape[1] ?? 1], dtype, samplingRate };
}

async function* inputBlocks(input: LazyArray, rows: number, signal: AbortSignal | undefined): AsyncGenerator<Block> {
  if (input instanceof TransformedArray) {
    yield* input.blocks(rows, signal);
    return;
  }
  const [length, channels] = [input.shape[0]!, input.shape[1] ?? 1];
  for (let start = 0; start < length; start += rows) {
    const stop = Math.min(length, start + rows);
    const { data } = flatten(await input.read([{ start, stop, step: 1 }], { signal })) as NDArray<NumericData>;
    yield { data, rows: stop - start, channels };
  }
}

interface Run {
  readonly from: number;
  readonly to: number;
  readonly places: readonly number[];
  /** Whether it is all of the selection, in order, without gaps. */
  readonly isWhole: boolean;
}

/** Stretches of rows that are worked out together. */
function runsOf(axis: ResolvedAxis): Run[] {
  if (axis.count === 0) return [];
  if (axis.kind === "range" && (axis.step === 1 || axis.count === 1)) {
    return [{ from: axis.start, to: axis.start + axis.count, places: [], isWhole: true }];
  }
  const order = Array.from({ length: axis.count }, (_, i) => i).sort((a, b) => axisIndex(axis, a) - axisIndex(axis, b));
  const runs: { from: number; to: number; places: number[]; isWhole: false }[] = [];
  for (const place of order) {
    const row = axisIndex(axis, place);
    const last = runs.at(-1);
    if (last !== undefined && row - last.to < APART) {
      last.to = Math.max(last.to, row + 1);
      last.places.push(place);
    } else {
      runs.push({ from: row, to: row + 1, places: [place], isWhole: false });
    }
  }
  return runs;
}

function isWholeAxis(axis: ResolvedAxis, length: number): boolean {
  return axis.kind === "range" && axis.start === 0 && axis.step === 1 && axis.count === length && !axis.drop;
}

function pickColumns({ data, rows, channels }: Block, picked: readonly number[]): Block {
  const out = new (data.constructor as new (length: number) => NumericData)(rows * picked.length);
  const [target, from] = [out as Float64Array, data as Float64Array];
  for (let row = 0, at = 0; row < rows; row++) {
    for (const channel of picked) target[at++] = from[row * channels + channel]!;
  }
  return { data: out, rows, channels: picked.length };
}

/**
 * Running a filter of second-order sections over windows of a lazy array, causal or both ways.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import type { ReaderInstance } from "../../wasm/reader/memory.ts";
import { type NumberRows, runSectionsIn } from "../../wasm/reader/signal.ts";
import { chooseOf, floatOf, rateOf } from "../transform/check.ts";
import type { Block, BlockPlace, Carried, Prepared, TransformInput } from "../transform/transform.ts";
import type { Section } from "./butterworth.ts";
import { edgeRows, type FilterEdge, padLength } from "./edges.ts";
import { emptyState, settledState, tailOf } from "./sections.ts";

/** Options of every filter. */
export interface FilterOptions {
  /** Samples per second; may be left out where the array knows it, as analog signals and what transforms give do. */
  readonly samplingRate?: number | undefined;
  /**
   * Whether the past alone is used, which shifts phases; else the filter runs forwards and backwards, which shifts none.
   *
   * @default {false}
   */
  readonly causal?: boolean | undefined;
  /**
   * What is taken to lie beyond the ends of a recording where the filter runs both ways: it turned about the end point (`odd`), mirrored
   * (`even`), the last value (`constant`), or zeros, which is what YASS has.
   *
   * @default {"odd"}
   */
  readonly edge?: FilterEdge | undefined;
  /**
   * How much a window may differ from the same part of the whole, as a fraction of the largest value: the margin that is read beside a
   * window follows from it.
   *
   * @default {1e-6}
   */
  readonly tolerance?: number | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: "float32" | "float64" | undefined;
}

/** Names of {@linkcode FilterOptions}. */
export const FILTER_OPTIONS: OptionNames<FilterOptions> = {
  samplingRate: true,
  causal: true,
  edge: true,
  tolerance: true,
  dtype: true,
};

/** A filter as it was designed, and how it was asked for. */
export interface FilterDesign {
  /** Its name, for messages. */
  readonly name: string;
  /** Its sections. */
  readonly sections: readonly Section[];
  /** What it was designed by: these options come first in a description. */
  readonly options: Readonly<Record<string, number>>;
}

/**
 * A filter, made for an input.
 *
 * @param design The filter
 * @param input The input
 * @param given Options, not checked yet
 */
export function prepareFilter(design: FilterDesign, input: TransformInput, given: FilterOptions): Prepared {
  const { name, sections } = design;
  const { causal = false, tolerance = 1e-6 } = given;
  const samplingRate = rateOf(name, input, given);
  if (typeof causal !== "boolean") {
    throw new TypeError(`Cannot ${name} with causal ${String(causal)}: expected true or false`);
  }
  const edge = chooseOf(name, "edge", given.edge ?? "odd", ["odd", "even", "constant", "zero"]);
  const dtype = floatOf(name, input, given.dtype);
  if (!(tolerance > 0 && tolerance < 1)) {
    throw new RangeError(`Cannot ${name} with a tolerance of ${String(tolerance)}: expected a number between 0 and 1`);
  }
  const [rows] = input.shape;
  const pad = causal || edge === "zero" ? 0 : padLength(sections);
  if (!causal && edge !== "zero" && rows > 0 && rows <= pad) {
    throw new RangeError(
      `Cannot ${name} ${rows} samples both ways with the edge ${edge}: it takes more than ${pad}; give causal, or edge: "zero"`,
    );
  }
  // Known when a window is asked for: walking a causal filter needs none. Beyond an end lies what is mirrored of a window.
  let tail: number | undefined;
  const margin = () => tail ??= Math.max(tailOf(sections, tolerance / 4), pad + 1);
  const flat = Float64Array.from(sections.flat());
  const filter = { sections, flat, edge, pad, rows };
  const resultOf = (length: number) => dtype === "float32" ? new Float32Array(length) : new Float64Array(length);
  const carry = (): Carried => {
    let state: Float64Array | undefined;
    return {
      async next(block) {
        const instance = await loadReaderInstance();
        state ??= emptyState(sections, block.channels);
        const data = resultOf(block.rows * block.channels);
        runSectionsIn(instance, block as NumberRows, data, { sections: flat, state, backwards: false });
        return { ...block, data };
      },
    };
  };
  return {
    options: { ...design.options, samplingRate, causal, edge, tolerance, dtype },
    shape: input.shape,
    dtype: { kind: "float", itemsize: dtype === "float32" ? 4 : 8, byteOrder: "<" },
    samplingRate,
    isChannelwise: true,
    get margin() {
      return { before: margin(), after: causal ? 0 : margin() };
    },
    rowsFor: (from, to) => [from - margin(), causal ? to : to + margin()],
    async apply(block, place) {
      const data = resultOf((place.to - place.from) * block.channels);
      if (data.length > 0) (causal ? runForwards : runBothWays)(await loadReaderInstance(), block, place, filter, data);
      return { data, rows: place.to - place.from, channels: block.channels };
    },
    ...(causal ? { carry } : {}),
  };
}

interface Filter {
  readonly sections: readonly Section[];
  readonly flat: Float64Array;
  readonly edge: FilterEdge;
  readonly pad: number;
  /** Rows of the whole. */
  readonly rows: number;
}

function runForwards(
  instance: ReaderInstance,
  block: Block,
  { from, to, inputFrom }: BlockPlace,
  { sections, flat }: Filter,
  target: Float32Array | Float64Array,
): void {
  // A window within the recording begins as if its first value had always been there: so little of it remains.
  const state = inputFrom === 0 ? emptyState(sections, block.channels) : settledState(sections, rowOf(block, 0));
  const run = { sections: flat, state, backwards: false };
  runSectionsIn(instance, part(block, 0, from - inputFrom), null, run);
  runSectionsIn(instance, part(block, from - inputFrom, to - inputFrom), target, run);
}

function runBothWays(
  instance: ReaderInstance,
  block: Block,
  { from, to, inputFrom }: BlockPlace,
  { sections, flat, edge, pad, rows: length }: Filter,
  target: Float32Array | Float64Array,
): void {
  const { channels, rows } = block;
  const [isStart, isEnd] = [inputFrom === 0, inputFrom + rows === length];
  const before = edgeRows(block, isStart ? pad : 0, "before", edge);
  const after = edgeRows(block, isEnd ? pad : 0, "after", edge);
  const state = edge === "zero" && isStart
    ? emptyState(sections, channels)
    : settledState(sections, rowOf(before.rows > 0 ? before : block, 0));
  const forwards = { sections: flat, state, backwards: false };
  const filtered = new Float64Array(rows * channels);
  runSectionsIn(instance, before, null, forwards);
  runSectionsIn(instance, block as NumberRows, filtered, forwards);
  runSectionsIn(instance, after, after.data, forwards);
  const middle = { data: filtered, rows, channels };
  const last = after.rows > 0 ? rowOf(after, after.rows - 1) : rowOf(middle, rows - 1);
  const back = {
    sections: flat,
    state: edge === "zero" && isEnd ? emptyState(sections, channels) : settledState(sections, last),
    backwards: true,
  };
  runSectionsIn(instance, after, null, back);
  runSectionsIn(instance, part(middle, to - inputFrom, rows), null, back);
  runSectionsIn(instance, part(middle, from - inputFrom, to - inputFrom), target, back);
}

function part({ data, channels }: Block, from: number, to: number): NumberRows {
  return {
    data: data.subarray(from * channels, to * channels) as Float64Array<ArrayBuffer>,
    rows: to - from,
    channels,
  };
}

function rowOf({ data, channels }: Block, row: number): Float64Array {
  return Float64Array.from({ length: channels }, (_, channel) => Number(data[row * channels + channel]));
}

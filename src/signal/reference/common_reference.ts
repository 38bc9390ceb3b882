/**
 * Common references.
 *
 * @module
 */

import type { LazyArray, NDArray } from "../../array/types.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { loadReaderInstance } from "../../wasm/reader/load.ts";
import { type NumberRows, type ReferenceOf, subtractReferences } from "../../wasm/reader/signal.ts";
import {
  channelsOf,
  chooseOf,
  distance,
  dtypeOf,
  floatOf,
  floats,
  type FloatType,
  numberOf,
  positionsOf,
} from "../transform/check.ts";
import type { Json, TransformKind } from "../transform/transform.ts";
import { transformed, type TransformedArray } from "../transform/transformed_array.ts";

/** Options of {@linkcode commonReference}. */
export interface CommonReferenceOptions {
  /**
   * What is taken off: the median or the mean of the channels.
   *
   * @default {"median"}
   */
  readonly method?: "median" | "mean" | undefined;
  /** Groups of channels, each a list of where they stand: each has a reference of its own. Channels of no group stay as they are. */
  readonly groups?: readonly (readonly number[])[] | undefined;
  /** Which channels make up the reference, where it is one of all: such as those that aren't bad. All by default. */
  readonly from?: readonly number[] | undefined;
  /** Where the channels lie: then each has a reference of its neighbours, those in the ring between the two radii. */
  readonly positions?: readonly (readonly number[])[] | undefined;
  /**
   * Neighbours lie further away than this, in the unit of the positions.
   *
   * @default {30}
   */
  readonly innerRadius?: number | undefined;
  /**
   * Neighbours lie at most this far away, in the unit of the positions.
   *
   * @default {55}
   */
  readonly outerRadius?: number | undefined;
  /**
   * What the values come in; they are worked out in float64.
   *
   * @default {"float64" for float64, else "float32"}
   */
  readonly dtype?: FloatType | undefined;
}

/**
 * Takes off each sample what channels have in common: the median, or the mean, of all channels, of those of its group, or of its
 * neighbours. A NaN among these makes the reference NaN, as in NumPy.
 *
 * @param input Samples [samples, channels]
 * @param options Of which channels, and what
 * @returns A lazy array of the same shape; a window reads all channels of its samples
 * @throws {RangeError} If a channel isn't there, is in two groups, or has no neighbours
 *
 * @example Usage
 * ```ts
 * import { commonReference } from "./common_reference.ts";
 * import { ndarray } from "../../array/ndarray.ts";
 * import assert from "node:assert/strict";
 *
 * const referenced = commonReference(ndarray(Int16Array.of(1, 2, 9, 4, 4, 4), [2, 3]));
 * assert.deepEqual((await referenced.read()).data, Float32Array.of(-1, 0, 7, 0, 0, 0));
 * ```
 */
export function commonReference(
  input: LazyArray | NDArray,
  options: CommonReferenceOptions = {},
): TransformedArray<Float32Array | Float64Array> {
  return transformed(COMMON_REFERENCE, input, { ...options });
}

const NAMES: OptionNames<CommonReferenceOptions> = {
  method: true,
  groups: true,
  from: true,
  positions: true,
  innerRadius: true,
  outerRadius: true,
  dtype: true,
};

/** {@linkcode commonReference} as a line of the registry. */
export const COMMON_REFERENCE: TransformKind = {
  name: "commonReference",
  prepare(input, options) {
    checkOptions(options, NAMES, "commonReference");
    const method = chooseOf("commonReference", "method", options.method ?? "median", ["median", "mean"]);
    const dtype = floatOf("commonReference", input, options.dtype);
    const scope = scopeOf(options, input.shape[1]);
    return {
      options: { method, ...scope.options, dtype },
      shape: input.shape,
      dtype: dtypeOf(dtype),
      samplingRate: input.samplingRate,
      isChannelwise: false,
      margin: { before: 0, after: 0 },
      rowsFor: (from, to) => [from, to],
      async apply(block) {
        const data = floats(dtype, block.rows * block.channels);
        subtractReferences(await loadReaderInstance(), block as NumberRows, data, scope.references, method);
        return { ...block, data };
      },
    };
  },
};

interface Scope {
  readonly options: { readonly [name: string]: Json };
  readonly references: readonly ReferenceOf[];
}

function scopeOf(options: Readonly<Record<string, unknown>>, channels: number): Scope {
  const given = ["groups", "from", "positions"].filter((name) => options[name] !== undefined);
  if (given.length > 1) {
    throw new TypeError(`Cannot reference by ${given.join(" and ")}: expected one of them`);
  }
  if (given[0] !== "positions" && (options.innerRadius !== undefined || options.outerRadius !== undefined)) {
    throw new TypeError("Cannot reference by radius without positions");
  }
  const all = Uint32Array.from({ length: channels }, (_, i) => i);
  if (given[0] === "positions") return neighbours(options, channels);
  if (given[0] === "from") {
    const from = channelsOf("commonReference", "from", options.from, channels);
    if (from.length === 0) throw new RangeError("Cannot reference by no channel: from is empty");
    return { options: { from }, references: [{ targets: all, members: Uint32Array.from(from) }] };
  }
  if (given[0] === undefined) return { options: {}, references: channels > 0 ? [{ targets: all, members: all }] : [] };
  if (!Array.isArray(options.groups)) throw new TypeError("Cannot reference by groups: expected a list of lists");
  const groups = options.groups.map((group) => channelsOf("commonReference", "groups", group, channels));
  channelsOf("commonReference", "groups", groups.flat(), channels);
  if (groups.some((group) => group.length === 0)) throw new RangeError("Cannot reference by groups: one is empty");
  return {
    options: { groups },
    references: groups.map((group) => ({ targets: Uint32Array.from(group), members: Uint32Array.from(group) })),
  };
}

function neighbours(options: Readonly<Record<string, unknown>>, channels: number): Scope {
  const positions = positionsOf("commonReference", options.positions, channels);
  const innerRadius = numberOf("commonReference", "innerRadius", options, 30);
  const outerRadius = numberOf("commonReference", "outerRadius", options, 55);
  if (!(innerRadius >= 0 && innerRadius < outerRadius)) {
    throw new RangeError(
      `Cannot reference between the radii ${innerRadius} and ${outerRadius}: expected inner below outer`,
    );
  }
  const references = positions.map((point, channel) => {
    const members = positions.flatMap((other, i) => {
      const far = distance(point, other);
      return far > innerRadius && far <= outerRadius ? [i] : [];
    });
    if (members.length === 0) {
      throw new RangeError(
        `Cannot reference channel ${channel}: no channel lies between ${innerRadius} and ${outerRadius} of it`,
      );
    }
    return { targets: Uint32Array.of(channel), members: Uint32Array.from(members) };
  });
  return { options: { positions, innerRadius, outerRadius }, references };
}

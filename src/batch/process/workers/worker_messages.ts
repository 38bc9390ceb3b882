/**
 * What is said between a processor and its workers.
 *
 * @module
 */

import type { NDArray, NumericData } from "../../../array/types.ts";
import type { TransformDescription } from "../../../signal/transform/transform.ts";
import type { BatchPlace } from "../apply/batches.ts";
import type { WorkDescription } from "../apply/function.ts";
import type { ChannelKey } from "../apply/place.ts";

/** What a worker is to do, said once: a function, or transforms of a file that it opens itself. */
export type WorkerTask =
  | {
    readonly kind: "call";
    readonly described: WorkDescription;
    readonly kwargs: object;
    /** Of where a batch lies; `null` where the function isn't told. */
    readonly info: { readonly bufferSize: number; readonly key: ChannelKey } | null;
  }
  | {
    readonly kind: "chain";
    readonly chain: readonly TransformDescription[];
    readonly path: string;
    readonly layout: { readonly dtype: string; readonly nChannels: number; readonly dataOrder: "samples" | "channels" };
    readonly samplingRate: number | null;
    readonly stretch: readonly [from: number, to: number];
    readonly channels: readonly number[] | null;
  };

/** A batch for a worker: the values, for a function. */
export interface WorkerBatch {
  /** Which batch. */
  readonly number: number;
  /** Where it lies. */
  readonly place: BatchPlace;
  /** Its values; transforms read them themselves. */
  readonly batch: NDArray<NumericData> | null;
}

/** What a worker answers. */
export type WorkerAnswer =
  | { readonly number: number; readonly result: unknown }
  | { readonly number: number; readonly failure: unknown };

/**
 * Views: selections of a lazy array that are lazy arrays themselves.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { chunksText, summary, typeAndShape } from "../text/summary.ts";
import { readSelection } from "./read_selection.ts";
import { composeSelections, resolveSelection, resultShape } from "./selection.ts";
import type { ArrayData, DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../types.ts";

/** What a reader offers so that {@linkcode ArrayView} can look through it: a read by a checked selection. */
export interface ResolvedReader<D extends ArrayData = ArrayData> {
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements. */
  readonly dtype: DType;
  /** Shape of the pieces in which it is stored, or `null` where it lies in one piece. */
  readonly chunkShape: readonly number[] | null;
  /**
   * Reads a checked selection, one entry per axis of `shape`. Memory to read into is checked already; a reader may fill it,
   * or leave that to `readSelection`.
   */
  readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<D>>;
}

/** A selection of a lazy array. Making one reads nothing; reading one reads only what is asked of it. */
export class ArrayView<D extends ArrayData = ArrayData> implements LazyArray<D>, ResolvedReader<D> {
  /** What is looked at. */
  readonly reader: ResolvedReader<D>;
  /** What of it is seen: one entry per axis of `reader`. */
  readonly axes: readonly ResolvedAxis[];
  /** Length of each axis. */
  readonly shape: readonly number[];

  /**
   * Makes a view.
   *
   * @param reader What is looked at
   * @param axes What of it is seen: a checked selection of `reader.shape`
   */
  constructor(reader: ResolvedReader<D>, axes: readonly ResolvedAxis[]) {
    printsAsText(ArrayView.prototype);
    this.reader = reader;
    this.axes = axes;
    this.shape = resultShape(axes);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("ArrayView", undefined, typeAndShape(this), chunksText(this.chunkShape));
  }

  /** Type of the elements. */
  get dtype(): DType {
    return this.reader.dtype;
  }

  /**
   * About the shape of the stored pieces as the view sees them: a step of 4 makes a chunk of 1,000 look 250 long. It
   * says how much is sensibly read at once; where the pieces start isn't told.
   */
  get chunkShape(): readonly number[] | null {
    const chunkShape = this.reader.chunkShape;
    if (chunkShape === null) return null;
    return this.axes.flatMap((axis, i) => axis.drop ? [] : [seenLength(axis, chunkShape[i]!)]);
  }

  /** Reads a selection of the view, everything by default. */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>> {
    return readSelection(this, selection, options);
  }

  /** Reads a checked selection of the view. */
  readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<D>> {
    return this.reader.readResolved(composeSelections(this.axes, axes), options);
  }

  /** A selection of the view as a view of its own; reads nothing. */
  view(selection: Selection): ArrayView<D> {
    return new ArrayView(this.reader, composeSelections(this.axes, resolveSelection(selection, this.shape)));
  }
}

function seenLength(axis: ResolvedAxis, chunkLength: number): number {
  const length = axis.kind === "range" ? Math.ceil(chunkLength / Math.abs(axis.step)) : chunkLength;
  return Math.max(1, Math.min(axis.count, length));
}

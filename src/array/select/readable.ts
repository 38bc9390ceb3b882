/**
 * What arrays that read checked selections have in common.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import type { ArrayData, DType, LazyArray, NDArray, ReadIntoOptions, ResolvedAxis, Selection } from "../types.ts";
import { readSelection } from "./read_selection.ts";
import { resolveSelection } from "./selection.ts";
import { ArrayView, type ResolvedReader } from "./view.ts";

/** A lazy array by what it reads of a checked selection: selections are checked, views made and texts printed here. */
export abstract class ReadableArray<D extends ArrayData = ArrayData> implements LazyArray<D>, ResolvedReader<D> {
  /** Length of each axis. */
  abstract readonly shape: readonly number[];
  /** Type of the elements. */
  abstract readonly dtype: DType;
  /** Shape of the pieces in which it is stored, or `null` where it lies in one piece. */
  abstract readonly chunkShape: readonly number[] | null;

  /** Makes one; it reads nothing. */
  constructor() {
    printsAsText(new.target.prototype);
  }

  /** What it is, in one line. */
  abstract toString(): string;

  /** Reads a checked selection. */
  abstract readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<D>>;

  /** Reads a selection, everything by default. */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>> {
    return readSelection(this, selection, options);
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): ArrayView<D> {
    return new ArrayView<D>(this, resolveSelection(selection, this.shape));
  }
}

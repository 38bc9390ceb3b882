/**
 * Flat binary files as sources: by `--dtype` and what goes with it, or by a sidecar.
 *
 * @module
 */

import { shapeText } from "../array/ndarray.ts";
import { describeDType } from "../array/dtype.ts";
import { openRaw } from "../raw/open_raw.ts";
import type { SourceOptions } from "../source/open_source.ts";
import { type ArraySource, onlyArray, type Opening } from "./sources.ts";

/** How a flat file is laid out, as the arguments say. */
export interface RawLayout {
  /** Type of the elements. */
  readonly dtype?: string;
  /** Shape; `null` along the axis that is computed. */
  readonly shape?: readonly (number | null)[];
  /** Order of the axes. */
  readonly order?: "C" | "F";
  /** Bytes before the array. */
  readonly offset?: number;
}

/**
 * Opens a flat file as a source.
 *
 * @param opening What and how
 * @param layout What the arguments say of it; a sidecar says the rest
 * @param options Of HTTP, and limits
 */
export async function rawSource(
  { source, meter, signal }: Opening,
  layout: RawLayout,
  options: SourceOptions,
): Promise<ArraySource> {
  const array = await openRaw(source, { ...options, meter, signal, ...layout });
  const { shape, dtype, order, offset, byteLength } = array;
  return {
    kind: "raw",
    description: "flat binary file",
    byteLength: offset + byteLength,
    get cost() {
      return meter.cost;
    },
    // deno-lint-ignore require-await -- so that a wrong path rejects
    async tree(path) {
      onlyArray(source, path, array);
      return {
        name: "/",
        path: "/",
        kind: "dataset",
        shape,
        maxShape: shape,
        dtype,
        chunks: null,
        layout: "contiguous",
        filters: [],
      };
    },
    // deno-lint-ignore require-await -- so that a wrong path rejects
    async array(path) {
      return onlyArray(source, path, array);
    },
    // deno-lint-ignore require-await -- so that a wrong path rejects
    async arrays(path) {
      return [onlyArray(source, path, array)];
    },
    // deno-lint-ignore require-await -- as others have it
    async info() {
      return {
        rows: [["dtype", describeDType(dtype)], ["shape", shapeText(shape)], ["order", order], [
          "offset",
          `${offset} bytes`,
        ]],
        json: { dtype: describeDType(dtype), shape: [...shape], order, offset },
      };
    },
    [Symbol.asyncDispose]: () => array.close(),
  };
}

/**
 * Flat binary files as the commands show them.
 *
 * @module
 */

import { shapeText } from "../../array/ndarray.ts";
import { describeDType } from "../../array/dtype/dtype.ts";
import type { Opened } from "../../formats/mod.ts";
import type { RawArray } from "../../raw/raw_array.ts";
import { type ArraySource, arraySource, plainSource } from "./sources.ts";

/**
 * A flat file as a source.
 *
 * @param opened The file
 */
export function rawSource(opened: Opened): ArraySource {
  const { shape, dtype, order, offset } = opened.handle as RawArray;
  const rows = [
    ["dtype", describeDType(dtype)],
    ["shape", shapeText(shape)],
    ["order", order],
    ["offset", `${offset} bytes`],
  ] as const;
  const json = { dtype: describeDType(dtype), shape: [...shape], order, offset };
  const { tree } = plainSource(opened);
  return arraySource(opened, { kind: "raw", tree, info: () => Promise.resolve({ rows, json }) });
}

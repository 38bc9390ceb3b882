/**
 * Types by the names that zarrita has for them.
 *
 * @module
 */

import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import type { DType, StringDType } from "../../array/types.ts";
import { UnsupportedError } from "../../source/errors.ts";

/** Text of any length. */
export const TEXT: StringDType = dtypeFromNumpy("str") as StringDType;

/**
 * The type of an array's elements, as they lie in a decoded chunk.
 *
 * @param name zarrita's name of it
 * @returns The type, in native byte order
 * @throws {UnsupportedError} If microtome has none like it
 */
export function dtypeFromZarrita(name: string): DType {
  const fixed = /^v2:([SU])(\d+)$/.exec(name);
  if (fixed !== null) return dtypeFromNumpy(`${fixed[1] === "U" ? "<" : "|"}${fixed[1]}${fixed[2]}`);
  if (name === "string") return TEXT;
  if (name === "v2:object") return { kind: "object", itemsize: 8, byteOrder: "|" };
  if (/^(u?int(8|16|32|64)|float(16|32|64)|bool)$/.test(name)) return dtypeFromNumpy(name);
  throw new UnsupportedError(
    `Cannot use the Zarr data type ${JSON.stringify(name)}: it isn't one that can be held here`,
  );
}

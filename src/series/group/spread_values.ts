/**
 * A value per member, given to each of its samples.
 *
 * @module
 */

import { type MetadataColumn, numericColumn } from "../metadata.ts";

/**
 * The value of each sample: that of its member.
 *
 * @param column A value per member
 * @param source For each sample the member that it is of
 * @param name What the values are called, for messages
 * @returns Texts where there is one among the values, else numbers
 */
export function spreadValues(
  column: MetadataColumn | ArrayLike<number>,
  source: Uint32Array,
  name: string,
): string[] | Float64Array {
  if (Array.from(column as ArrayLike<unknown>).some((value) => typeof value === "string")) {
    return Array.from(source, (i) => String(column[i]));
  }
  const numbers = numericColumn(name, column as MetadataColumn);
  const data = new Float64Array(source.length);
  for (let i = 0; i < data.length; i++) data[i] = numbers[source[i]!]!;
  return data;
}

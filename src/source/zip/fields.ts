/**
 * What the records of a ZIP archive are made of: numbers of 64 bits, extra fields, and what is said where they can't be so.
 *
 * @module
 */

import { CorruptFileError } from "../errors.ts";

/** Fields by their id; what is left of a malformed one is ignored, as Info-ZIP does. */
export function extraFields(extra: Uint8Array): Map<number, Uint8Array> {
  const fields = new Map<number, Uint8Array>();
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.length) break;
    fields.set(view.getUint16(at, true), extra.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

/** Values of 64 bits for those that are all ones (section 4.5.3), in the order of the field. */
export function zip64Values(values: readonly number[], field: Uint8Array | undefined, file: string): number[] {
  let at = 0;
  return values.map((value, i) => {
    const width = i === 3 ? 4 : 8;
    if (value !== (i === 3 ? 0xffff : 0xffffffff)) return value;
    if (field === undefined) return value;
    if (at + width > field.length) throw corrupt(file, "a ZIP64 field is too short");
    const view = viewOf(field);
    const wide = width === 4 ? view.getUint32(at, true) : number64(view, at, file);
    at += width;
    return wide;
  });
}

/** A number of 64 bits, which must be one that can be counted with. */
export function number64(view: DataView, at: number, file: string): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw corrupt(file, `a ZIP64 field says ${value}`);
  return value;
}

/** Looks into bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The error of an archive that can't be opened. */
export function corrupt(file: string, what: string): CorruptFileError {
  return new CorruptFileError(`Cannot open ${file} as a ZIP archive: ${what}`, { file });
}

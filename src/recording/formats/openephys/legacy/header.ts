/**
 * Headers of Open Ephys' legacy files: 1,024 bytes of text, one assignment a line.
 *
 * @module
 */

import { CorruptFileError, TruncatedError } from "../../../../source/errors.ts";
import type { RecordingFile } from "../../../files/recording_files.ts";
import { decodeText } from "../../../files/texts.ts";

/** Bytes of a header. */
export const HEADER_BYTES = 1024;

/** What every legacy file begins with. */
export const LEGACY_MAGIC = "header.format = 'Open Ephys Data Format'";

/** A header's assignments. */
export class LegacyHeader {
  readonly #file: string;
  readonly #values: ReadonlyMap<string, string>;

  /** Made by {@linkcode readLegacyHeader}. */
  constructor(file: string, values: ReadonlyMap<string, string>) {
    this.#file = file;
    this.#values = values;
  }

  /** Text of a field without its quotes; empty where it isn't there. */
  text(field: string): string {
    return (this.#values.get(field) ?? "").replace(/^'(.*)'$/, "$1");
  }

  /** A number; `missing` where it isn't there. */
  number(field: string, missing?: number): number {
    const text = this.#values.get(field);
    if (text === undefined && missing !== undefined) return missing;
    const value = text === undefined || text === "" ? NaN : Number(text);
    if (!Number.isFinite(value)) this.refuse(field, `is no number: ${JSON.stringify(text?.slice(0, 40) ?? "")}`);
    return value;
  }

  /** A number that must be above 0. */
  positive(field: string, missing?: number): number {
    const value = this.number(field, missing);
    if (!(value > 0)) this.refuse(field, `is ${value}, which it can't be`);
    return value;
  }

  /** Says that a field can't be. */
  refuse(field: string, why: string): never {
    throw new CorruptFileError(`Cannot read the header of ${this.#file}: header.${field} ${why}`, {
      file: this.#file,
      object: field,
    });
  }
}

/**
 * Reads a header.
 *
 * @param file The file
 * @throws {TruncatedError} If it isn't all there
 * @throws {CorruptFileError} If it is none
 */
export async function readLegacyHeader(file: RecordingFile): Promise<LegacyHeader> {
  const { byteLength, name } = file;
  if (byteLength < HEADER_BYTES) {
    throw new TruncatedError(
      `Cannot read the header of ${name}: it has ${HEADER_BYTES} bytes, but the file only ${byteLength}`,
      { file: name },
    );
  }
  return parseLegacyHeader(decodeText(await file.bytes({ offset: 0, length: HEADER_BYTES })), name);
}

/** Parses a header's text; `file` is what messages call the file. */
export function parseLegacyHeader(text: string, file: string): LegacyHeader {
  if (!text.startsWith("header.format")) {
    throw new CorruptFileError(`Cannot read the header of ${file}: it doesn't begin with header.format at byte 0`, {
      file,
    });
  }
  const values = new Map<string, string>();
  for (const line of text.split(/[\n\r]+/)) {
    const found = /^\s*header\.(\w+)\s*=\s*(.*?)\s*;?\s*$/.exec(line);
    if (found !== null) values.set(found[1]!, found[2]!);
  }
  const header = new LegacyHeader(file, values);
  const bytes = header.number("header_bytes", HEADER_BYTES);
  if (bytes !== HEADER_BYTES) header.refuse("header_bytes", `is ${bytes}, expected ${HEADER_BYTES}`);
  return header;
}

/**
 * Fields of a binary header, read one by one; what isn't there is told by file, field and offset.
 *
 * @module
 */

import { CorruptFileError, TruncatedError } from "../../source/errors.ts";
import { decodeLatin1 } from "./texts.ts";

/** Reads fields of a header, one behind the other. All numbers are little-endian. */
export class HeaderReader {
  /** What messages call the file. */
  readonly file: string;
  /** The header's bytes. */
  readonly bytes: Uint8Array;
  /** Where they begin in the file. */
  readonly start: number;
  /** Where the next field begins, counted from the start of `bytes`. */
  at: number;
  readonly #view: DataView;

  /**
   * @param bytes The header
   * @param file What messages call the file
   * @param start Where the bytes begin in the file
   */
  constructor(bytes: Uint8Array, file: string, start = 0) {
    this.bytes = bytes;
    this.file = file;
    this.start = start;
    this.at = 0;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to a place, counted from the start of the bytes. */
  seek(at: number): this {
    this.at = at;
    return this;
  }

  /** An unsigned byte. @throws {TruncatedError} If the header ends before it, as for all fields */
  u8(field: string): number {
    return this.#view.getUint8(this.#take(1, field));
  }

  /** A signed byte. */
  i8(field: string): number {
    return this.#view.getInt8(this.#take(1, field));
  }

  /** An unsigned 16-bit integer. */
  u16(field: string): number {
    return this.#view.getUint16(this.#take(2, field), true);
  }

  /** A signed 16-bit integer. */
  i16(field: string): number {
    return this.#view.getInt16(this.#take(2, field), true);
  }

  /** An unsigned 32-bit integer. */
  u32(field: string): number {
    return this.#view.getUint32(this.#take(4, field), true);
  }

  /** A signed 32-bit integer. */
  i32(field: string): number {
    return this.#view.getInt32(this.#take(4, field), true);
  }

  /** A 64-bit integer, as a number. */
  i64(field: string): number {
    return Number(this.#view.getBigInt64(this.#take(8, field), true));
  }

  /** A 32-bit float. */
  f32(field: string): number {
    return this.#view.getFloat32(this.#take(4, field), true);
  }

  /** A 64-bit float. */
  f64(field: string): number {
    return this.#view.getFloat64(this.#take(8, field), true);
  }

  /** Bytes as they are: a view. */
  take(length: number, field: string): Uint8Array {
    const at = this.#take(length, field);
    return this.bytes.subarray(at, at + length);
  }

  /** Text of a fixed length in cp1252, up to its first NUL; blanks at its end stay. */
  text(length: number, field: string): string {
    return decodeLatin1(this.take(length, field)).replace(/\0[^]*$/, "");
  }

  /**
   * Says that a field can't be.
   *
   * @param field Its name
   * @param at Where it stands, counted from the start of the bytes
   * @param why What is wrong with it
   */
  refuse(field: string, at: number, why: string): never {
    throw new CorruptFileError(
      `Cannot read the header of ${this.file}: ${field} at byte ${this.start + at} ${why}`,
      { file: this.file, object: field },
    );
  }

  #take(length: number, field: string): number {
    const { at } = this;
    if (!(at >= 0 && at + length <= this.bytes.length)) {
      throw new TruncatedError(
        `Cannot read the header of ${this.file}: ${field} stands at byte ${this.start + at}, behind its end at ` +
          `${this.start + this.bytes.length}`,
        { file: this.file, object: field },
      );
    }
    this.at = at + length;
    return at;
  }
}

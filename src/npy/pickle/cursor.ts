/**
 * The numbers and texts that opcodes of a pickle are followed by.
 *
 * @module
 */

import { decodeText } from "../../array/text/text.ts";
import { CorruptFileError, LimitError } from "../../source/errors.ts";

/** The longest integer, in bytes; Python's own limit for text is about as long. */
const LONGEST_INTEGER = 4096;

/** Takes a pickle apart from its start on. */
export class PickleCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #name: string;
  #at = 0;

  /** Starts at the first byte. */
  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#name = name;
  }

  /** Where it is. */
  get at(): number {
    return this.#at;
  }

  /** Passes over some bytes and gives where they were. */
  skip(length: number): number {
    const at = this.#at;
    if (!(at + length <= this.#bytes.length)) {
      throw new CorruptFileError(`Cannot read ${this.#name}: its pickle breaks off`);
    }
    this.#at = at + length;
    return at;
  }

  /** Takes some bytes, as a view. */
  take(length: number): Uint8Array {
    const at = this.skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A byte. */
  byte(): number {
    return this.#bytes[this.skip(1)]!;
  }

  /** An unsigned 32-bit number. */
  uint32(): number {
    return this.#view.getUint32(this.skip(4), true);
  }

  /** An unsigned 64-bit number. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.skip(8), true));
  }

  /** Text up to the end of the line. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    const line = this.take((end < 0 ? Infinity : end) - this.#at);
    this.#at++;
    return decodeText(line);
  }

  /** A place in the memo. */
  index(text: string): number {
    if (!/^\d{1,15}$/.test(text)) throw new Error("no index");
    return Number(text);
  }

  /** An integer in text; where it may be one, a truth value. */
  textInteger(mayBeBool: boolean): number | bigint | boolean {
    const text = this.line().trim();
    if (mayBeBool && (text === "00" || text === "01")) return text === "01";
    if (text.length > LONGEST_INTEGER) throw tooLong();
    if (!/^-?\d+L?$/.test(text)) throw new Error("no integer");
    return narrow(BigInt(text.replace("L", "")));
  }

  /** An integer of any length. */
  long(length: number): number | bigint {
    if (length > LONGEST_INTEGER) throw tooLong();
    const bytes = this.take(length);
    if (length === 0) return 0;
    let hex = "";
    for (let i = length - 1; i >= 0; i--) hex += bytes[i]!.toString(16).padStart(2, "0");
    return narrow(BigInt.asIntN(8 * length, BigInt(`0x${hex}`)));
  }

  /** A number in text. */
  textFloat(): number {
    const text = this.line().trim();
    const named: Record<string, number> = { nan: NaN, "-nan": NaN, inf: Infinity, "-inf": -Infinity };
    const value = named[text] ?? Number(text);
    if (text === "" || (Number.isNaN(value) && named[text] === undefined)) throw new Error("no number");
    return value;
  }

  /** A string in quotes, with Python 2's escapes of bytes. */
  quoted(): string {
    const line = this.line().trim();
    const quote = line[0];
    if (line.length < 2 || (quote !== "'" && quote !== '"') || line.at(-1) !== quote) throw new Error("no text");
    const known: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };
    return line.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|.)/g, (_, escape: string) => {
      if (escape.length === 3) return String.fromCharCode(parseInt(escape.slice(1), 16));
      if (known[escape] === undefined) throw new Error("no escape");
      return known[escape];
    });
  }

  /** Text in Python's raw-unicode-escape: Latin-1 with \u and \U. */
  rawUnicode(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at);
    const text = latin1(this.take((end < 0 ? Infinity : end) - this.#at));
    this.#at++;
    return text.replace(
      /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g,
      (_, short?: string, long?: string) => String.fromCodePoint(parseInt(short ?? long!, 16)),
    );
  }

  /** A signed 32-bit number. */
  int32(): number {
    return this.#view.getInt32(this.skip(4), true);
  }

  /** An unsigned 16-bit number. */
  uint16(): number {
    return this.#view.getUint16(this.skip(2), true);
  }

  /** A double, big-endian as pickles have it. */
  float64(): number {
    return this.#view.getFloat64(this.skip(8), false);
  }
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function tooLong(): LimitError {
  return new LimitError(`an integer takes more than ${LONGEST_INTEGER} bytes`);
}

/** Text of which each character is a byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

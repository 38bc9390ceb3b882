/**
 * SpikeGLX's `.meta`: a text of `key=value`, one a line; lists stand in round brackets behind each other.
 *
 * @module
 */

import { CorruptFileError } from "../../../source/errors.ts";

/** The most channels of a file, four times what the largest probes have. */
export const MAX_CHANNELS = 8192;

/** A list in brackets: `(1,2,480)(0:0:0:1)(0:1:0:1)` has a header of three fields and two entries. */
export interface MetaList {
  /** Fields of the first brackets, which are separated by commas. */
  readonly header: readonly string[];
  /** What stands in the others. */
  readonly entries: readonly string[];
}

/** A parsed `.meta`. */
export class Meta {
  /** What messages call the file. */
  readonly file: string;
  readonly #values = new Map<string, { readonly text: string; readonly line: number }>();

  /**
   * @param text The file's text
   * @param file What messages call it
   */
  constructor(text: string, file: string) {
    this.file = file;
    let line = 0;
    for (const row of text.split(/\r\n|\n|\r/)) {
      line++;
      const at = row.indexOf("=");
      if (at <= 0) continue;
      // Lists have a tilde before their key, which some tools drop.
      this.#values.set(row.slice(0, at).trim().replace(/^~/, ""), { text: row.slice(at + 1).trim(), line });
    }
  }

  /** A value as it stands there; `undefined` where it is missing or empty. */
  text(key: string): string | undefined {
    return this.#values.get(key)?.text || undefined;
  }

  /** A number; `undefined` where it is missing or empty. @throws {CorruptFileError} If it is something else */
  number(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = Number(text);
    return Number.isFinite(value) ? value : this.refuse(key, "expected a number");
  }

  /** A number above zero; `undefined` where it is missing or empty. @throws {CorruptFileError} If it is something else */
  positive(key: string): number | undefined {
    const value = this.number(key);
    return value === undefined || value > 0 ? value : this.refuse(key, "expected a number above 0");
  }

  /** A number above zero. @throws {CorruptFileError} If it isn't there, or is something else */
  needed(key: string): number {
    return this.positive(key) ?? this.refuse(key, "expected a number above 0");
  }

  /** Counts of channels, separated by commas; `undefined` where they are missing. */
  counts(key: string, length: number): number[] | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const counts = text.split(",").map((part) => part.trim() === "" ? NaN : Number(part));
    const isRight = counts.length === length && counts.every((n) => Number.isInteger(n) && n >= 0) &&
      counts.reduce((sum, n) => sum + n, 0) <= MAX_CHANNELS;
    return isRight ? counts : this.refuse(key, `expected ${length} counts of channels`);
  }

  /**
   * Numbers as one tells a printer: `0:383,768` are 0 to 383 and 768.
   *
   * @param key Its key
   * @param all How many there are, for `all`
   * @returns `undefined` where it is missing or empty
   */
  ranges(key: string, all: number): number[] | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    if (/^all$/i.test(text)) return Array.from({ length: all }, (_, i) => i);
    const numbers: number[] = [];
    for (const part of text.split(",")) {
      const match = /^\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?$/.exec(part);
      if (match === null) return this.refuse(key, "expected numbers and ranges such as 0:383,768");
      const first = Number(match[1]);
      const last = match[2] === undefined ? first : Number(match[2]);
      if (last < first || numbers.length + last - first >= 2 * MAX_CHANNELS) {
        return this.refuse(key, `expected ranges of at most ${2 * MAX_CHANNELS} channels`);
      }
      for (let n = first; n <= last; n++) numbers.push(n);
    }
    return numbers;
  }

  /** A list in brackets; `undefined` where it is missing, or is none. */
  list(key: string): MetaList | undefined {
    const text = this.text(key);
    if (text === undefined || !text.startsWith("(")) return undefined;
    const [header, ...entries] = text.slice(1).replace(/\)\s*$/, "").split(/\)\s*\(/);
    return { header: header!.split(",").map((field) => field.trim()), entries };
  }

  /** Says that a value can't be. */
  refuse(key: string, why: string): never {
    const found = this.#values.get(key);
    const what = found === undefined
      ? `${key} is missing`
      : `${key} in line ${found.line} is ${JSON.stringify(shortened(found.text))}`;
    throw new CorruptFileError(`Cannot read ${this.file}: ${what}, ${why}`, { file: this.file, object: key });
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

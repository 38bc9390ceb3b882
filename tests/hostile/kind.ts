/**
 * What a kind of input is: one entry of the list in `kinds.ts` is all that a further format needs.
 *
 * @module
 */

/** The files of an input, by name: most kinds have one. */
export type Files = ReadonlyMap<string, Uint8Array>;

/** What was read: digests of values and descriptions by what they belong to, and what went wrong. */
export interface Reading {
  /** By object: a digest, or `error CODE`. */
  readonly items: Map<string, string>;
  /** All errors, in order. */
  readonly errors: unknown[];
  /** Warnings that were given. */
  readonly warnings: string[];
}

/** A part of a file. */
export interface Range {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

/**
 * What protects a byte. `all`: whatever is read equals what was, or there is an error. `values`: a value that is read is one
 * of those that were, whatever it is called now. `nothing`: other values may come of it.
 */
export type Cover = "all" | "values" | "nothing";

/** A kind of input. */
export interface Kind {
  /** How it is called, on the command line too. */
  readonly name: string;
  /** Makes the sound input; the same each time. */
  make(): Promise<Files>;
  /** Reads everything, as the product does. Errors of single objects are collected. */
  read(files: Files): Promise<Reading>;
  /** Where flips go: metadata. By default everywhere. */
  targets?(files: Files): Range[];
  /** What protects a byte of the sound input, given the file before and after. By default nothing. */
  cover?(file: string, offset: number, sound: Uint8Array, damaged: Uint8Array): Cover;
  /** What is done to the damaged input so that the damage gets further in: checksums made right again. */
  mend?(files: Map<string, Uint8Array>, sound: Files, file: string, offset: number): void;
}

/** An empty reading. */
export function newReading(): Reading {
  return { items: new Map(), errors: [], warnings: [] };
}

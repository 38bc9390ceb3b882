/**
 * The kinds of dtypes, one row each: a new kind is its interface in `types.ts` and a row here. Code that treats kinds alike asks
 * the row and doesn't list kinds; `kinds_test.ts` says which files may.
 *
 * @module
 */

import type { DType } from "../types.ts";

/** What is known of a kind. */
export interface Kind {
  /** NumPy's letter for it, where an element is a number of NumPy's. */
  readonly letter?: string;
  /** Bytes that an element of such may take. */
  readonly sizes?: readonly number[];
  /** The plain numbers that elements are made of, in files and in memory; none where elements aren't numbers. */
  readonly held?: "int" | "uint" | "float";
  /**
   * How many of these make an element.
   *
   * @default {1}
   */
  readonly parts?: number;
  /** Whether they count a unit, which the dtype names: all but NumPy calls such dtypes something else. */
  readonly hasUnit?: true;
  /** Whether elements only refer to what lies elsewhere, so that they can't be stored by themselves. */
  readonly isElsewhere?: true;
}

/** The kinds, by name. */
export const KINDS: Readonly<Record<DType["kind"], Kind>> = {
  bool: { letter: "b", sizes: [1], held: "uint" },
  int: { letter: "i", sizes: [1, 2, 4, 8], held: "int" },
  uint: { letter: "u", sizes: [1, 2, 4, 8], held: "uint" },
  float: { letter: "f", sizes: [2, 4, 8], held: "float" },
  complex: { letter: "c", sizes: [8, 16], held: "float", parts: 2 },
  datetime: { letter: "M", sizes: [8], held: "int", hasUnit: true },
  timedelta: { letter: "m", sizes: [8], held: "int", hasUnit: true },
  // Held by its base, which numbersOf looks at.
  enum: {},
  string: {},
  opaque: {},
  compound: {},
  array: {},
  vlen: { isElsewhere: true },
  reference: { isElsewhere: true },
  object: { isElsewhere: true },
};

/** The plain numbers that an element is made of. */
export interface HeldNumbers {
  /** Their kind. */
  readonly kind: "int" | "uint" | "float";
  /** Bytes of each. */
  readonly itemsize: number;
  /** How many make an element. */
  readonly parts: number;
}

/**
 * The plain numbers that elements are made of: a complex number of two floats, a truth value of a byte, a date of an
 * integer, an enum of its integers.
 *
 * @param dtype Type of the elements
 * @returns The numbers, `null` where elements are none; an array type isn't one, whatever its base
 */
export function numbersOf(dtype: DType): HeldNumbers | null {
  if (dtype.kind === "enum") return numbersOf(dtype.base);
  const { held, parts = 1 } = KINDS[dtype.kind];
  return held === undefined ? null : { kind: held, itemsize: dtype.itemsize / parts, parts };
}

/** Types whose elements are plain numbers, one entry of a typed array each. */
export type NumberDType = Extract<
  DType,
  { kind: "int" | "uint" | "float" | "bool" | "enum" | "datetime" | "timedelta" }
>;

/** Whether an element is one plain number. */
export function isNumber(dtype: DType): dtype is NumberDType {
  return numbersOf(dtype)?.parts === 1;
}

/** The unit that numbers of a dtype count, `null` where they count none. */
export function unitOf(dtype: DType): string | null {
  return "unit" in dtype ? dtype.unit : null;
}

/** The kind that NumPy has a letter for, if it is one of numbers. */
export function kindOfLetter(letter: string): DType["kind"] | undefined {
  return (Object.keys(KINDS) as DType["kind"][]).find((kind) => KINDS[kind].letter === letter);
}

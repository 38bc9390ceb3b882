/**
 * Expected values, as `tests/interop/golden_form.py` and the corpus' `hdf5_golden.jsonl` write them down.
 *
 * @module
 */

/** An element as JSON: integers from 2^53 on and the specials as strings, records and sequences as lists. */
export type Plain = number | string | boolean | null | readonly Plain[];

/** What one dataset or attribute must read as. */
export interface Expected {
  readonly shape?: readonly number[] | null;
  readonly dtype?: string;
  readonly chunks?: readonly number[];
  readonly first?: readonly Plain[];
  readonly last?: readonly Plain[];
  /** The value of a scalar. */
  readonly value?: Plain;
  readonly sum?: Plain;
  readonly sha256_le_c_order?: string;
  readonly sha256_of_texts?: string;
  /** Why the peer could not read it. */
  readonly error?: string;
  /** Why the peer did not try. */
  readonly skipped?: string;
  readonly softlink?: string;
  readonly external?: readonly [string, string];
  readonly hardlink_duplicate?: boolean;
}

/** What one file must read as. */
export interface ExpectedFile {
  readonly file: string;
  readonly datasets: Readonly<Record<string, Expected>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, Expected>>>>;
  readonly open_error?: string;
  readonly walk_error?: string;
}

/**
 * Parses JSON whose integers may pass 2^53: those become strings, digit by digit as written.
 *
 * @param text The JSON.
 */
export function parseExact(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown => {
    if (typeof value !== "number" || Number.isSafeInteger(value) || context?.source === undefined) return value;
    return /^-?\d+$/.test(context.source) ? context.source : value;
  };
  return JSON.parse(text, reviver);
}

/**
 * Reads one JSON object per line.
 *
 * @param text The lines.
 */
export function parseLines(text: string): ExpectedFile[] {
  return text.split("\n").filter((line) => line !== "").map((line) => parseExact(line) as ExpectedFile);
}

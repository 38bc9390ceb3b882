/**
 * NumPy's selection syntax, for the command line and for URLs.
 *
 * @module
 */

import { SelectionError } from "../../source/errors.ts";
import { slice } from "./slice.ts";
import type { AxisSelection, Selection } from "../types.ts";

/**
 * Reads a selection in NumPy's syntax: integers, `start:stop:step`, `[1,5,7]`, `[True,False]`, `...`, separated by
 * commas. Brackets around the whole aren't part of it. Empty text selects everything.
 *
 * @param text The selection, such as `0:10,:,3`
 * @param rank Number of axes of the array; needed only where axes follow a `...`
 * @returns The selection
 * @throws {SelectionError} If the text isn't a selection; the message says at which position
 *
 * @example Usage
 * ```ts
 * import { parseSelection, slice } from "../../../mod.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseSelection("0:10,:,3"), [slice(0, 10), null, 3]);
 * assert.deepEqual(parseSelection("..., ::2", 3), [null, null, slice(null, null, 2)]);
 * assert.deepEqual(parseSelection("[1,5,7]"), [[1, 5, 7]]);
 * ```
 */
export function parseSelection(text: string, rank?: number): Selection {
  const entries = parseEntries(text);
  const at = entries.indexOf(ELLIPSIS);
  if (at < 0) return entries as AxisSelection[];
  if (entries.indexOf(ELLIPSIS, at + 1) >= 0) {
    throw new SelectionError(`Cannot read selection ${JSON.stringify(text)}: it has more than one "..."`);
  }
  const before = entries.slice(0, at) as AxisSelection[];
  const after = entries.slice(at + 1) as AxisSelection[];
  if (after.length === 0) return before;
  if (rank === undefined) {
    throw new SelectionError(
      `Cannot read selection ${JSON.stringify(text)}: "..." before other axes needs the array's number of axes`,
    );
  }
  const missing = rank - before.length - after.length;
  if (missing < 0) {
    throw new SelectionError(
      `Cannot read selection ${JSON.stringify(text)}: ` +
        `it names ${before.length + after.length} axes, the array has ${rank}`,
    );
  }
  return [...before, ...new Array<null>(missing).fill(null), ...after];
}

const ELLIPSIS = Symbol("...");
const TOKEN = /\s*(?:(\.\.\.)|([+-]?\d+)(?![\w.])|(True|true|False|false)\b|(None|null)\b|([:,[\]]))/y;

interface Token {
  readonly text: string;
  readonly position: number;
}

function parseEntries(text: string): (AxisSelection | typeof ELLIPSIS)[] {
  const tokens = tokenize(text);
  const entries: (AxisSelection | typeof ELLIPSIS)[] = [];
  let next = 0;
  const fail = (token: Token | undefined, expected: string): never => {
    const found = token === undefined ? "the end" : `"${token.text}"`;
    throw new SelectionError(
      `Cannot read selection ${JSON.stringify(text)}: ` +
        `expected ${expected} at position ${token?.position ?? text.length}, found ${found}`,
    );
  };
  const integer = (): number | null => {
    const token = tokens[next];
    if (token === undefined || !/^[+-]?\d+$/.test(token.text)) {
      if (token?.text === "None" || token?.text === "null") next++;
      return null;
    }
    const value = Number(token.text);
    if (!Number.isSafeInteger(value)) fail(token, "an integer below 2^53");
    next++;
    return value + 0;
  };
  const list = (): number[] | boolean[] => {
    const numbers: number[] = [];
    const booleans: boolean[] = [];
    while (tokens[next]?.text !== "]") {
      const token = tokens[next];
      if (token !== undefined && /^(true|false)$/i.test(token.text)) {
        if (numbers.length > 0) fail(token, "an integer");
        booleans.push(/^true$/i.test(token.text));
        next++;
      } else {
        const value = integer();
        if (value === null || booleans.length > 0) fail(token, booleans.length > 0 ? "True or False" : "an integer");
        else numbers.push(value);
      }
      if (tokens[next]?.text === ",") next++;
      else if (tokens[next]?.text !== "]") fail(tokens[next], '"," or "]"');
    }
    next++;
    return booleans.length > 0 ? booleans : numbers;
  };
  const entry = (): AxisSelection | typeof ELLIPSIS => {
    const token = tokens[next];
    if (token?.text === "...") return next++, ELLIPSIS;
    if (token?.text === "[") return next++, list();
    const start = next;
    const first = integer();
    if (tokens[next]?.text !== ":") {
      if (next === start) fail(token, 'an integer, ":", "[" or "..."');
      return first;
    }
    next++;
    const stop = integer();
    let step: number | null = null;
    if (tokens[next]?.text === ":") {
      next++;
      step = integer();
    }
    if (step === 0) fail(tokens[next - 1], "a step that isn't 0");
    return first === null && stop === null && step === null ? null : slice(first, stop, step);
  };
  while (next < tokens.length) {
    entries.push(entry());
    if (next < tokens.length) {
      if (tokens[next]!.text !== ",") fail(tokens[next], '","');
      next++;
    }
  }
  return entries;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  const end = text.trimEnd().length;
  while (position < end) {
    TOKEN.lastIndex = position;
    const match = TOKEN.exec(text);
    if (match === null) {
      const at = position + (text.slice(position).length - text.slice(position).trimStart().length);
      throw new SelectionError(
        `Cannot read selection ${JSON.stringify(text)}: unexpected ${JSON.stringify(text[at])} at position ${at}`,
      );
    }
    const found = match[0].trimStart();
    tokens.push({ text: found, position: TOKEN.lastIndex - found.length });
    position = TOKEN.lastIndex;
  }
  return tokens;
}

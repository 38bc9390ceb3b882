/**
 * Parsing JSON that anyone may have written: in time that grows with its length, and no deeper than can be walked.
 *
 * @module
 */

/** How deep JSON may be nested: what walks through it, or prints it, goes as deep on the stack. */
export const DEEPEST_JSON = 256;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** How JSON is parsed. */
export interface BoundedJsonOptions {
  /** Whether `NaN` and the infinities, which Python writes and JSON doesn't have, are taken as text. */
  readonly nonFinite?: boolean | undefined;
}

/**
 * Parses JSON.
 *
 * @param text The JSON
 * @param options What else is taken
 * @throws {SyntaxError} If it is no JSON, or nested more than 256 levels deep
 *
 * @example Usage
 * ```ts
 * import { parseBoundedJson } from "./bounded_json.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(parseBoundedJson('{"a": [1, NaN]}', { nonFinite: true }), { a: [1, "NaN"] });
 * assert.throws(() => parseBoundedJson("[".repeat(1000) + "]".repeat(1000)), SyntaxError);
 * ```
 */
export function parseBoundedJson(text: string, { nonFinite = false }: BoundedJsonOptions = {}): unknown {
  checkDepth(text);
  if (!nonFinite) return JSON.parse(text);
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(quoteNonFinite(text));
  }
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > DEEPEST_JSON) throw new SyntaxError(`It is nested more than ${DEEPEST_JSON} levels deep`);
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
}

/** Where the quote is that ends a string; the end of the text, where none does. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
  return text.length;
}

// Not one regular expression over the whole: of strings that don't end it would try each quote, and be quadratic.
function quoteNonFinite(text: string): string {
  const parts: string[] = [];
  const token = /-?\bInfinity\b|\bNaN\b/y;
  let taken = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    // "-", "I", "N"
    else if (code === 0x2d || code === 0x49 || code === 0x4e) {
      token.lastIndex = at;
      const found = token.exec(text)?.[0];
      if (found === undefined) continue;
      parts.push(text.slice(taken, at), `"${found}"`);
      taken = at + found.length;
      at = taken - 1;
    }
  }
  parts.push(text.slice(taken));
  return parts.join("");
}

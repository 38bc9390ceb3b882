/**
 * Python literals, as the headers of `.npy` files hold them: a parser that knows nothing else, and `repr` for text.
 *
 * @module
 */

import { CorruptFileError } from "../source/errors.ts";

/** A tuple, which isn't a list: shapes must be tuples. */
export interface Tuple {
  /** Tells it from the others. */
  readonly kind: "tuple";
  /** What it holds. */
  readonly items: readonly Literal[];
}

/** A literal: text, a whole number, `True`, `False`, `None`, a tuple, a list, or a dictionary with text as keys. */
export type Literal = string | number | bigint | boolean | null | Tuple | readonly Literal[] | Map<string, Literal>;

/** How deep literals may be nested; NumPy's own dtypes end at 2 per level of records. */
const DEEPEST = 64;

/** No length has more digits; turning long ones into numbers takes longer than reading them. */
const MOST_DIGITS = 64;

const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/** Whether a value is a tuple. */
export function isTuple(value: Literal | undefined): value is Tuple {
  return typeof value === "object" && value !== null && "kind" in value;
}

/**
 * Parses one literal. Nothing is evaluated: names other than `True`, `False` and `None` are errors, as are operators.
 *
 * @param text The literal, and nothing else but white space
 * @param name What messages call the file
 * @returns The value
 * @throws {CorruptFileError} If it is anything else
 */
export function parseLiteral(text: string, name: string): Literal {
  let at = 0;

  const fail = (expected: string): never => {
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 20)) : "the end";
    throw new CorruptFileError(`Cannot read ${name}: its header has ${found} at character ${at}, expected ${expected}`);
  };
  const skip = () => {
    while (at < text.length && " \t\n\r\f".includes(text[at]!)) at++;
  };
  const take = (token: string): boolean => {
    skip();
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  };
  const match = (pattern: RegExp): string | undefined => {
    skip();
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };

  const value = (depth: number): Literal => {
    if (depth > DEEPEST) fail(`at most ${DEEPEST} levels of nesting`);
    if (take("{")) return dictionary(depth);
    if (take("[")) return items("]", depth).values;
    if (take("(")) {
      const { values, commas } = items(")", depth);
      return values.length === 1 && commas === 0 ? values[0]! : { kind: "tuple", items: values };
    }
    // Python 2 wrote long integers with an L.
    const number = match(/-?\d+L?(?![\w.])/y);
    if (number !== undefined) {
      if (number.length > MOST_DIGITS) fail(`an integer of at most ${MOST_DIGITS} digits`);
      return integer(number.replace("L", ""));
    }
    const word = match(/(?:True|False|None)(?!\w)/y);
    if (word !== undefined) return word === "None" ? null : word === "True";
    return string() ?? fail("a value");
  };
  const items = (end: string, depth: number): { values: Literal[]; commas: number } => {
    const values: Literal[] = [];
    let commas = 0;
    while (!take(end)) {
      if (values.length > commas) fail(`"," or ${JSON.stringify(end)}`);
      values.push(value(depth + 1));
      if (take(",")) commas++;
    }
    return { values, commas };
  };
  const dictionary = (depth: number): Map<string, Literal> => {
    const entries = new Map<string, Literal>();
    for (let more = true; !take("}"); more = take(",")) {
      if (!more) fail('"," or "}"');
      const key = string() ?? fail("a key");
      if (entries.has(key)) fail(`no second ${JSON.stringify(key.slice(0, 40))}`);
      if (!take(":")) fail('":"');
      entries.set(key, value(depth + 1));
    }
    return entries;
  };
  const string = (): string | undefined => {
    const quote = match(/[uUbB]?['"]/y)?.at(-1);
    if (quote === undefined) return undefined;
    let out = "";
    for (;;) {
      const character = text[at++];
      if (character === undefined || character === "\n") return fail("the end of a text");
      if (character === quote) return out;
      out += character === "\\" ? escape() : character;
    }
  };
  const escape = (): string => {
    const pattern = /x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y;
    pattern.lastIndex = at;
    const hex = pattern.exec(text)?.[0];
    if (hex !== undefined) {
      at += hex.length;
      const point = parseInt(hex.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : fail("a character");
    }
    return ESCAPES[text[at++] ?? ""] ?? fail("an escape that Python knows");
  };

  const result = value(0);
  skip();
  if (at < text.length) fail("nothing more");
  return result;
}

function integer(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number + 0 : BigInt(text);
}

/**
 * Text as Python writes it in source code.
 *
 * @param text The text
 * @returns With quotes and escapes, as `repr` gives it
 */
export function pythonRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = "";
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (character === quote || character === "\\") out += "\\" + character;
    else if (character === "\n") out += "\\n";
    else if (character === "\r") out += "\\r";
    else if (character === "\t") out += "\\t";
    else if (character !== " " && /[\p{C}\p{Z}]/u.test(character)) {
      const hex = point.toString(16);
      out += point < 0x100
        ? "\\x" + hex.padStart(2, "0")
        : point < 0x10000
        ? "\\u" + hex.padStart(4, "0")
        : "\\U" + hex.padStart(8, "0");
    } else out += character;
  }
  return quote + out + quote;
}

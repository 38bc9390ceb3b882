/**
 * One check of option names for the whole library: a misspelt option is refused by name, never ignored in silence.
 *
 * @module
 */

import type { ReadOptions } from "./types.ts";

/**
 * The names of a type's options, each once. Written as an object so that the compiler finds one that is missing, or one
 * too many.
 */
export type OptionNames<T> = { readonly [Name in keyof Required<T>]: true };

/**
 * Refuses options whose names nobody reads. To be called where users call, once for each call: what passes options on
 * picks those that the next function takes.
 *
 * A name whose value is `undefined` counts as not given.
 *
 * @param options What the user gave; nothing is fine
 * @param names The options that there are
 * @param action What is being done, for messages, such as `write NPY`
 * @throws {TypeError} If `options` is no object, or has an option of another name; the message says which, and which one
 * may have been meant
 *
 * @example Usage
 * ```ts
 * import { checkOptions, type OptionNames } from "./options.ts";
 * import assert from "node:assert/strict";
 *
 * interface WriteOptions { readonly overwrite?: boolean }
 * const NAMES: OptionNames<WriteOptions> = { overwrite: true };
 * checkOptions({ overwrite: true }, NAMES, "write");
 * assert.throws(() => checkOptions({ overwrit: true }, NAMES, "write"), /unknown option "overwrit".*"overwrite"/);
 * ```
 */
export function checkOptions(options: unknown, names: Readonly<Record<string, true>>, action: string): void {
  if (options === undefined || options === null) return;
  if (typeof options !== "object" || Array.isArray(options) || ArrayBuffer.isView(options)) {
    const found = typeof options === "object" ? `a value of class ${options.constructor.name}` : String(options);
    throw new TypeError(`Cannot ${action}: the options are ${found}, expected an object`);
  }
  // An object with a prototype of its own may keep its options there; those that it has itself are what can be misspelt.
  // Known names are told first, without a list of them: small reads come by here.
  for (const name in options) {
    if (Object.hasOwn(names, name)) continue;
    if (!Object.hasOwn(options, name) || (options as Record<string, unknown>)[name] === undefined) continue;
    throw new TypeError(`Cannot ${action}: unknown option ${JSON.stringify(name)}${hint(name, Object.keys(names))}`);
  }
}

/** The name that was most likely meant, or all there are. */
function hint(given: string, names: readonly string[]): string {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.distance - b.distance);
  if (best !== undefined) return `; perhaps ${JSON.stringify(best.name)} was meant`;
  if (names.length === 0) return "; there are none";
  return `; known are ${names.map((name) => JSON.stringify(name)).join(", ")}`;
}

/** Insertions, removals and replacements from one text to another. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** Names of {@linkcode ReadOptions}, which what reads bytes takes. */
export const READ_OPTIONS: OptionNames<ReadOptions> = { signal: true, onAttempt: true };

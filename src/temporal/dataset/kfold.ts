import { md5 } from "@noble/hashes/legacy.js";

/** What a recording serves for in one fold. */
export type FoldPart = "train" | "valid" | "test";

/** How {@linkcode generateStringKfoldAssignment} assigns. */
export interface KfoldOptions {
  /** How many folds. @default {3} */
  readonly folds?: number | undefined;
  /** Share of what isn't tested that validates, of [0, 1]. @default {0.2} */
  readonly validRatio?: number | undefined;
  /** A whole number, which goes into the hash. @default {42} */
  readonly seed?: number | bigint | undefined;
}

/**
 * What a name (a subject, a session) serves for in each fold, from a hash of the name alone: it's the same in every run, on
 * every machine, and as torch_brain's. It is tested in just one fold.
 *
 * torch_brain's stratified folds aren't here: they are scikit-learn's random choices.
 *
 * @param id The name, not empty
 * @param options How many folds, share of validation, seed
 * @returns For each fold its part
 * @throws {TypeError} If the name isn't a string, or the seed not a number
 * @throws {RangeError} If the name is empty or isn't well-formed Unicode, or an option isn't as above
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { generateStringKfoldAssignment } from "./kfold.ts";
 *
 * assert.equal(generateStringKfoldAssignment("sub-01").filter((part) => part === "test").length, 1);
 * ```
 */
export function generateStringKfoldAssignment(
  id: string,
  { folds = 3, validRatio = 0.2, seed = 42 }: KfoldOptions = {},
): FoldPart[] {
  if (typeof id !== "string") throw new TypeError(`Cannot assign folds to ${JSON.stringify(id)}: it isn't a string`);
  if (id === "") throw new RangeError("Cannot assign folds to an empty string");
  // A lone surrogate has no UTF-8: two names that differ in one would become the same.
  if (!id.isWellFormed()) throw new RangeError(`Cannot assign folds to ${JSON.stringify(id)}: it isn't Unicode text`);
  if (!(Number.isSafeInteger(folds) && folds >= 1)) {
    throw new RangeError(`Cannot assign folds: their number must be a whole number, at least 1, got ${folds}`);
  }
  if (!(typeof validRatio === "number" && validRatio >= 0 && validRatio <= 1)) {
    throw new RangeError(`Cannot assign folds: the ratio must be between 0 and 1, got ${validRatio}`);
  }
  if (typeof seed !== "bigint" && !Number.isSafeInteger(seed)) {
    throw new RangeError(`Cannot assign folds: the seed must be a whole number, got ${seed}`);
  }
  const name = `${id}_${seed}`;
  const tested = Number(hashOf(name) % BigInt(folds));
  return Array.from({ length: folds }, (_, fold) => {
    if (fold === tested) return "test";
    return Number(hashOf(`${name}_${fold}`) % 10_000n) / 10_000 < validRatio ? "valid" : "train";
  });
}

/** A string's MD5 as a number. */
function hashOf(text: string): bigint {
  let hash = 0n;
  for (const byte of md5(new TextEncoder().encode(text))) hash = (hash << 8n) | BigInt(byte);
  return hash;
}

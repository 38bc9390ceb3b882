/**
 * Of what, and by what, an output was made: so that an old one is taken for the same only where it is.
 *
 * @module
 */

import type { BatchParams } from "./params.ts";

/** What a sidecar says of how its file was made. */
export interface Making {
  /** Who wrote it. */
  readonly by: "microtome";
  /** Name of the function, names of the transforms. */
  readonly function: string;
  /** What it was made from. */
  readonly input: string;
  /** A digest of all that the values depend on. */
  readonly sha256: string;
  /** What the steps before gave, of a pipeline. */
  readonly before?: readonly BatchParams[];
}

/**
 * A digest of values: SHA-256 of them as JSON, functions as their text.
 *
 * @param facts The values
 */
export async function digestOf(facts: unknown): Promise<string> {
  const text = JSON.stringify(facts, (_, value) => {
    if (typeof value === "function") return `function ${String(value)}`;
    if (typeof value === "bigint") return `${value}n`;
    if (ArrayBuffer.isView(value)) return [value.constructor.name, ...Array.from(value as Uint8Array, String)];
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    return value;
  });
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether what a sidecar says is a making of that digest. */
export function isMaking(said: unknown, sha256: string): said is Making {
  return typeof said === "object" && said !== null && (said as Partial<Making>).sha256 === sha256;
}

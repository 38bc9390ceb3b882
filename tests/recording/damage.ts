import assert from "node:assert/strict";
import { MicrotomeError } from "../../src/source/errors.ts";

/** Numbers below 1 that look like chance, the same each time. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = state * 1664525 + 1013904223 >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Damaged copies of a file: bytes that changed, mostly among the first ones, and cut ends.
 *
 * @param bytes The file
 * @param count How many
 * @param seed Which
 * @param header How many bytes the header has
 */
export function* damaged(bytes: Uint8Array, count: number, seed: number, header: number): Generator<Uint8Array> {
  const chance = seeded(seed);
  const upTo = (most: number) => Math.floor(chance() * most);
  for (let i = 0; i < count; i++) {
    if (i % 5 === 4) {
      yield bytes.slice(0, upTo(bytes.length));
      continue;
    }
    const copy = bytes.slice();
    for (let flips = 1 + upTo(3); flips > 0; flips--) {
      const at = upTo(chance() < 0.8 ? Math.min(header, bytes.length) : bytes.length);
      // A bit, another digit (headers are text), or anything.
      copy[at] = [copy[at]! ^ 1 << upTo(8), 48 + upTo(10), upTo(256)][upTo(3)]!;
    }
    yield copy;
  }
}

/** What is done with damaged bytes must end soon, well or with an error of the tree. */
export async function survives(what: string, act: () => Promise<unknown>): Promise<"read" | "refused"> {
  const began = performance.now();
  try {
    await act();
    return "read";
  } catch (error) {
    assert.ok(error instanceof MicrotomeError, `${what}: ${error instanceof Error ? error.stack : error}`);
    return "refused";
  } finally {
    assert.ok(performance.now() - began < 5000, `${what} took longer than 5 s`);
  }
}

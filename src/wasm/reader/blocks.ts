/**
 * Sending arrays of any length through the module, block by block.
 *
 * @module
 */
import { ShapeError } from "../../source/errors.ts";
import { type Arena, BLOCK, check, type ReaderInstance } from "./memory.ts";
import { type Bytes, bytesOf } from "./types.ts";

/** What goes in and out per step, in bytes: an element, a group of packed values. */
export interface Steps {
  readonly source: Uint8Array;
  readonly sourceStep: number;
  readonly target: Uint8Array;
  readonly targetStep: number;
  /** How many steps there are. */
  readonly count: number;
  /** Reverses runs of so many bytes of the source on the way. */
  readonly unit?: number;
  /** Blocks are whole multiples of so many steps; 1 by default. */
  readonly multiple?: number;
}

/**
 * Sends an array through the module.
 *
 * @param instance The module.
 * @param steps What.
 * @param kernel Does one block: addresses of target and source, first step, number of steps. Its status is checked.
 * @param prepare Runs first, to take room for what all blocks need.
 */
export function inBlocks<P = undefined>(
  instance: ReaderInstance,
  steps: Steps,
  kernel: (arena: Arena, target: number, source: number, first: number, count: number, prepared: P) => number,
  prepare?: (arena: Arena) => P,
): void {
  const { source, sourceStep, target, targetStep, count, unit = 1, multiple = 1 } = steps;
  if (count === 0) return;
  const whole = Math.max(Math.floor(BLOCK / Math.max(sourceStep, targetStep) / multiple), 1) * multiple;
  const block = Math.min(count, whole);
  instance.call((arena) => {
    const prepared = prepare?.(arena) as P;
    const into = arena.take(block * sourceStep);
    const out = arena.take(block * targetStep);
    for (let first = 0; first < count; first += block) {
      const now = Math.min(block, count - first);
      const start = first * sourceStep;
      const length = Math.min(now * sourceStep, source.byteLength - start);
      arena.view(into, length).set(source.subarray(start, start + length));
      if (unit > 1) check(arena.exports.mr_swap(into, into, length, unit));
      check(kernel(arena, out, into, first, now, prepared));
      target.set(arena.view(out, now * targetStep), first * targetStep);
    }
  });
}

/**
 * Elements of a size that bytes hold.
 *
 * @param bytes The bytes.
 * @param itemsize Bytes per element.
 * @param action What is done, for the message: `convert int16`.
 * @throws {ShapeError} If they end within an element.
 */
export function countOf(bytes: Bytes, itemsize: number, action: string): number {
  const count = bytes.byteLength / itemsize;
  if (!Number.isInteger(count)) {
    throw new ShapeError(`Cannot ${action}: ${bytes.byteLength} bytes aren't whole elements of ${itemsize}`);
  }
  return count;
}

/**
 * Memory for a result: what the caller gave, or new.
 *
 * @param target What the caller gave.
 * @param length How long it must be, in bytes.
 * @param action What is done, for the message.
 * @throws {ShapeError} If it is longer or shorter.
 */
export function targetOf(target: Bytes | undefined, length: number, action: string): Uint8Array<ArrayBuffer> {
  if (target === undefined) return new Uint8Array(length);
  if (target.byteLength !== length) {
    throw new ShapeError(`Cannot ${action} into ${target.byteLength} bytes, expected ${length}`);
  }
  return bytesOf(target) as Uint8Array<ArrayBuffer>;
}

/**
 * Checks a number that counts something.
 *
 * @param value The number.
 * @param what What it counts, for the message.
 * @param least The smallest that is right.
 * @throws {ShapeError} If it isn't such an integer.
 */
export function checkCount(value: number, what: string, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new ShapeError(`Cannot use ${value} as ${what}: expected an integer from ${least}`);
  }
}

/**
 * Memories of instances that have ended, for those that start next. An engine frees a memory only when its garbage is
 * collected, and doesn't see how large it is: a Worker that opens a file for each request would hold dozens of dead ones.
 *
 * Nothing of one file reaches another: a memory is filled with zeros before it is given out again, as a new one is.
 *
 * @module
 */

/** WebAssembly's unit of memory. */
export const PAGE = 65536;
/** Memories that are kept: as many files as are usually open at once. */
const MOST_KEPT = 8;
/** Larger ones are left to the collector: to fill them costs more than a new one. */
const MOST_BYTES = 8 * 1024 * 1024;

interface Kept {
  readonly memory: WebAssembly.Memory;
  /** Its maximum, which can't be asked for. */
  readonly maximum: number;
}

const kept: Kept[] = [];

/**
 * A memory full of zeros.
 *
 * @param initial Its least size, in pages of 64 KiB
 * @param maximum What it may grow to, in pages
 * @returns One that was given back, or a new one
 */
export function takeMemory(initial: number, maximum: number): WebAssembly.Memory {
  const index = kept.findIndex((one) => one.maximum === maximum && one.memory.buffer.byteLength >= initial * PAGE);
  if (index < 0) return new WebAssembly.Memory({ initial, maximum });
  const [{ memory }] = kept.splice(index, 1) as [Kept];
  new Uint8Array(memory.buffer).fill(0);
  return memory;
}

/**
 * Gives a memory back, which nothing may use any more.
 *
 * @param memory The memory
 * @param maximum What it was made with
 */
export function giveMemory(memory: WebAssembly.Memory, maximum: number): void {
  if (kept.length < MOST_KEPT && memory.buffer.byteLength <= MOST_BYTES) kept.push({ memory, maximum });
}

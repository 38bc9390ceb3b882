/**
 * The terminal that a process writes its messages to. Node, Deno and Bun all have `process`; elsewhere there is none.
 *
 * @module
 */

/** A terminal. */
export interface Terminal {
  /** Its width, in characters. */
  readonly columns: number;
  /** Writes text to it. */
  readonly write: (text: string) => void;
}

/** What is used of `process`; said here so that users need no types of Node's. */
interface ProcessLike {
  readonly stderr?: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
}

/** Standard error, if that is a terminal, else `null`. */
export function standardError(): Terminal | null {
  const { process } = globalThis as { process?: ProcessLike };
  const stream = process?.stderr;
  if (stream?.isTTY !== true) return null;
  return { columns: stream.columns || 80, write: (text) => void stream.write(text) };
}

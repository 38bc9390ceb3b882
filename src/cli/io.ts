/**
 * What the command line needs of the world, so that tests can give it another one.
 *
 * @module
 */

export { oneLine, printable, printableName } from "../show/printable.ts";

/** The world as the command line sees it. */
export interface CliIo {
  /** Writes text to standard output; resolves once it has been taken. */
  stdout(text: string): Promise<void>;
  /** Writes text to standard error. */
  stderr(text: string): void;
  /** Whether standard error is a terminal, so that progress can be drawn on it. */
  readonly isTerminal: boolean;
  /** Width of the terminal, in characters. */
  readonly columns: number;
  /** Writes a file as a whole or not at all: what was at `path` stays as it is until all pieces are written. */
  writeFile(path: string, pieces: Iterable<string | Uint8Array>): Promise<void>;
  /** Aborts what is going on (Ctrl-C). */
  readonly signal: AbortSignal;
}

/** A call that is wrong in itself, whatever the data: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = "UsageError";
}

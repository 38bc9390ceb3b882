/**
 * Giving others a turn in a long read that never waits.
 *
 * @module
 */

/** Bytes after which a read that never waits lets timers, aborts and other reads run. */
const TURN = 32 * 1024 * 1024;

/** Counts the bytes of a read and lets others run now and then. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #bytes = 0;

  /** @param signal Looked at whenever others had a turn. */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /**
   * Counts bytes.
   *
   * @param bytes Bytes read since the last call.
   * @returns Whether it is time for {@linkcode pass}.
   */
  due(bytes: number): boolean {
    this.#bytes += bytes;
    return this.#bytes >= TURN;
  }

  /** Lets others run. @throws The signal's reason, where it was aborted. */
  async pass(): Promise<void> {
    this.#bytes = 0;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#signal?.throwIfAborted();
  }
}

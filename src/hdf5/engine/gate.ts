/**
 * Who may use a file at the same time: any number of reads, or one refresh.
 *
 * @module
 */

/** Reads pass side by side; what must be alone waits for them, and they for it. */
export class Gate {
  #active = 0;
  #whenIdle: (() => void)[] = [];
  #alone: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  /**
   * Does what must see one state of the file from its start to its end. Within it others may be begun.
   *
   * @param run What to do
   * @param outermost Whether it is never begun within another: it then waits for a refresh that waits itself, so that reads
   * without a pause don't hold that up for ever
   */
  async shared<T>(run: () => Promise<T>, outermost = false): Promise<T> {
    for (;;) {
      const before = this.#alone ?? (outermost ? this.#waiting : undefined);
      if (before === undefined) break;
      await before;
    }
    this.#active++;
    try {
      return await run();
    } finally {
      this.#active--;
      if (this.#active === 0) { for (const resume of this.#whenIdle.splice(0)) resume(); }
    }
  }

  /**
   * Does what nothing may run beside, once all that has passed has come back. Within it `shared` would wait for ever.
   *
   * @param run What to do
   */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    while (this.#waiting !== undefined || this.#alone !== undefined) await (this.#alone ?? this.#waiting);
    let begin = (): void => {};
    let end = (): void => {};
    this.#waiting = new Promise((resolve) => begin = resolve);
    while (this.#active > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.#alone = new Promise((resolve) => end = resolve);
    this.#waiting = undefined;
    begin();
    try {
      return await run();
    } finally {
      this.#alone = undefined;
      end();
    }
  }
}

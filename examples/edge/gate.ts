/**
 * How much a Worker does at once: so many requests are answered, some more wait, all others are told to come back.
 *
 * A Worker mustn't wait for a promise of another request, and a request whose client has gone may end anywhere, without a
 * `finally`. So those who wait look for themselves, and every place is a lease that runs out.
 *
 * @module
 */
import { Refusal } from "./refusal.ts";

/** Bounds of a {@linkcode Gate}. */
export interface GateOptions {
  /** Requests that are answered at once. */
  readonly places: number;
  /** Requests that may wait for a place. */
  readonly waiting: number;
  /** How long one may wait, in milliseconds. */
  readonly patience: number;
  /** How long a place is held at most, in milliseconds: longer than any request may take. */
  readonly lease: number;
}

/** How often those who wait look, in milliseconds; who hasn't looked for ten times as long has gone. */
const LOOK = 20;

/** Answers that are under way, and who waits. */
export class Gate {
  readonly #options: GateOptions;
  /** When each lease runs out. */
  readonly #places = new Map<symbol, number>();
  /** Who waits, first come first served, and when each looked last. */
  readonly #queue = new Map<symbol, number>();

  /** Makes a gate that nobody has passed. */
  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Requests that hold a place now. */
  get busy(): number {
    return this.#places.size;
  }

  /**
   * Takes a place, when there is one.
   *
   * @param signal Ends the waiting
   * @returns Gives the place back; calling it twice is fine
   * @throws {Refusal} 503 if too many wait already, or none became free in time: come back later
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const me = Symbol();
    const started = Date.now();
    this.#tidy(started);
    if (this.#queue.size === 0 && this.#places.size < this.#options.places) return this.#take(me, started);
    if (this.#queue.size >= this.#options.waiting) throw this.#busy();
    this.#queue.set(me, started);
    try {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, LOOK));
        signal.throwIfAborted();
        const now = Date.now();
        // What is set again keeps its place in the order.
        this.#queue.set(me, now);
        this.#tidy(now);
        const [first] = this.#queue.keys();
        if (first === me && this.#places.size < this.#options.places) return this.#take(me, now);
        if (now - started > this.#options.patience) throw this.#busy();
      }
    } finally {
      this.#queue.delete(me);
    }
  }

  #take(me: symbol, now: number): () => void {
    this.#places.set(me, now + this.#options.lease);
    return () => void this.#places.delete(me);
  }

  /** Forgets those who went without a word. */
  #tidy(now: number): void {
    for (const [who, until] of this.#places) if (until < now) this.#places.delete(who);
    for (const [who, looked] of this.#queue) if (looked < now - 10 * LOOK) this.#queue.delete(who);
  }

  #busy(): Refusal {
    // At different times, so that those who are sent away don't all come back at once.
    const seconds = 1 + Math.floor(Math.random() * 3);
    return new Refusal(503, "busy", `Cannot answer now: ${this.#options.places} requests are being answered`, seconds);
  }
}

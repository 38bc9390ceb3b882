/**
 * The requests of one call.
 *
 * @module
 */

import type { RequestPool, Ticket } from "./request_pool.ts";
import type { ByteRange } from "../types.ts";

/** Requests that are aborted together: by the call's signal, or because one of them failed. */
export class RequestGroup {
  readonly #pool: RequestPool;
  readonly #tickets = new Set<Ticket>();
  readonly #signal: AbortSignal | undefined;
  /** One listener for all requests: runtimes warn of many on one signal, and each costs time. */
  readonly #onAbort = (): void => this.abort(this.#signal?.reason);
  #aborted: { readonly reason: unknown } | undefined;

  /**
   * Begins a group; `close` it.
   *
   * @throws The signal's reason, if it is aborted already
   */
  constructor(pool: RequestPool, signal: AbortSignal | undefined) {
    signal?.throwIfAborted();
    this.#pool = pool;
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Requests a range as the pool does. */
  async request(range: ByteRange): Promise<Uint8Array> {
    if (this.#aborted !== undefined) throw this.#aborted.reason;
    const ticket = this.#pool.join(range);
    this.#tickets.add(ticket);
    try {
      return await ticket.bytes;
    } finally {
      this.#tickets.delete(ticket);
    }
  }

  /** Waits no longer for anything; requests after it are refused for the same reason. */
  abort(reason: unknown): void {
    this.#aborted ??= { reason };
    for (const ticket of [...this.#tickets]) ticket.leave(reason);
  }

  /** Ends the group: what is still under way is aborted. */
  close(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
    this.abort(new DOMException("The read has ended", "AbortError"));
  }
}

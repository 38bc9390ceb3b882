/**
 * What the module asks while a call runs: answered from what is at hand, and what isn't is noted.
 *
 * @module
 */
import type { PageCall } from "../../source/pages/page_call.ts";
import type { ByteSink } from "../../source/sink/sink.ts";
import type { ByteRange } from "../../source/types.ts";
import type { Hdf5Host } from "../../wasm/instance.ts";
import type { Foresee } from "./engine_types.ts";
import { indexHints } from "./index_hints.ts";
import { type FileSlots, MISSING_FILE } from "./slots.ts";

/** What the attempts of one call share: the pages they hold, and what the last of them was missing. */
export interface Context {
  readonly calls: Map<number, PageCall>;
  readonly foresee: Foresee | undefined;
  readonly opens: boolean;
  names: string[];
  failure: unknown;
}

/** Most pages that a hint may cost. */
const HINTED_PAGES = 2;
/** The answer to a read of bytes that aren't at hand, as `microtome.h` has it. */
const MISSING = 1;

/** Answers the module, on behalf of the call that runs. */
export class Answers {
  readonly #slots: FileSlots;
  readonly #sink: ByteSink | undefined;
  #context: Context | undefined;
  #hinted = false;
  /** Bytes before the HDF5 data of the file that was opened: addresses in the file count from there. */
  userblock = 0;
  /** Why bytes could not be written, or what else has spoilt a file that is being written. */
  writeFailure: unknown;

  /**
   * @param slots The files.
   * @param sink Where bytes are written, which the source in slot 0 reads back; nothing where the file is only read.
   */
  constructor(slots: FileSlots, sink: ByteSink | undefined) {
    this.#slots = slots;
    this.#sink = sink;
  }

  /** Answers on behalf of a call, as long as one attempt of it runs. */
  during<T>(context: Context, attempt: () => T): T {
    context.failure = undefined;
    this.#context = context;
    try {
      return attempt();
    } finally {
      this.#context = undefined;
    }
  }

  /** Forgets what is known of the bytes: they are others now. */
  forget(): void {
    this.#hinted = false;
  }

  /** What a call holds of the file in a slot. */
  pagesOf(context: Context, slot: number): PageCall {
    let call = context.calls.get(slot);
    if (call === undefined) context.calls.set(slot, call = this.#slots.source(slot).cache.begin());
    return call;
  }

  /**
   * The first time that bytes beyond the head are waited for, asks for the next level of its chunk indices along with
   * them, where that is a page or two: a round trip less on files of some hundred chunks.
   */
  hint(context: Context): void {
    const call = context.calls.get(0);
    if (this.#hinted || call === undefined || call.missing.length === 0) return;
    this.#hinted = true;
    const { cache, source } = this.#slots.source(0);
    const head = cache.peek({ offset: 0, length: Math.min(cache.blockSize, source.byteLength) });
    if (head === undefined) return;
    const nodes = indexHints(head, this.userblock, source.byteLength);
    const pages = new Set(nodes.map((node) => Math.floor(node / cache.blockSize)));
    if (pages.size > HINTED_PAGES) return;
    for (const page of pages) call.note({ offset: page * cache.blockSize, length: 1 });
  }

  /** Notes what the call will read next, so that it isn't waited for piece by piece. */
  #foresee({ foresee, calls }: Context, slot: number, address: number, bytes: Uint8Array): void {
    const call = calls.get(slot);
    // Only of the file that was opened it is known where addresses count from.
    if (foresee === undefined || slot !== 0 || call === undefined) return;
    const { cache, source, fetcher } = this.#slots.source(slot);
    // Nothing is ever waited for.
    if (fetcher.isSync) return;
    const within = ({ offset, length }: ByteRange): ByteRange | undefined => {
      const range = { offset: offset + this.userblock, length };
      return offset >= 0 && range.offset + length <= source.byteLength ? range : undefined;
    };
    const peek = (range: ByteRange): Uint8Array | undefined => {
      const found = within(range);
      return found === undefined ? undefined : cache.peek(found);
    };
    for (const range of foresee(bytes, address - this.userblock, peek)) {
      const found = within(range);
      if (found !== undefined) call.note(found);
    }
  }

  /** What is given to the module. No error may fly through the C side's frames. */
  host(): Hdf5Host {
    return {
      read: (slot, _type, address, target) => {
        const context = this.#context;
        if (context === undefined) return -1;
        try {
          // Pages of what is being written would grow old.
          if (slot === 0 && this.#sink !== undefined) {
            this.#sink.readIntoSync(address, target);
            return 0;
          }
          const call = this.pagesOf(context, slot);
          if (!call.tryRead(address, target)) return MISSING;
          this.#foresee(context, slot, address, target);
          return 0;
        } catch (error) {
          context.failure = error;
          return -1;
        }
      },
      open: (name) => {
        const slot = this.#slots.find(name);
        if (slot === MISSING_FILE) this.#context?.names.push(name);
        return slot;
      },
      size: (slot) => this.#slots.source(slot).source.byteLength,
      write: (slot, _type, address, data) => this.#change(slot, (sink) => sink.writeSync(address, data)),
      truncate: (slot, size) => this.#change(slot, (sink) => sink.truncateSync(size)),
    };
  }

  #change(slot: number, act: (sink: ByteSink) => void): number {
    if (this.#sink === undefined || slot !== 0) return -1;
    try {
      act(this.#sink);
      return 0;
    } catch (error) {
      this.writeFailure ??= error;
      if (this.#context !== undefined) this.#context.failure = error;
      return -1;
    }
  }
}

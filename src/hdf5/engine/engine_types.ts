/**
 * What the engine is asked: calls, what they are about, and options.
 *
 * @module
 */
import type { OpenedSource, SourceOptions } from "../../source/open_source.ts";
import type { ByteRange } from "../../source/types.ts";
import type { Hdf5Exports } from "../../wasm/instance.ts";
import type { ExternalResolver } from "./external.ts";

/** What a call is about, for messages: `{ action: 'read dataset "/a"', object: "/a" }`. */
export interface Subject {
  readonly action: string;
  readonly object?: string;
}

/** A restartable call: gives a status of the C side, and on `OK` may leave its result where the caller finds it. */
export type Attempt = (exports: Hdf5Exports) => number;

/**
 * Says what a call will read next, by what it has read: a hint only.
 *
 * @param bytes What was read.
 * @param address Where, counted from the end of the user block.
 * @param peek Other bytes of the file, `undefined` where they aren't at hand.
 * @returns The bytes that are likely next; addresses likewise.
 */
export type Foresee = (
  bytes: Uint8Array,
  address: number,
  peek: (range: ByteRange) => Uint8Array | undefined,
) => readonly ByteRange[];

/** Options of a restartable call. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes that the call will surely need, fetched before it starts, per slot. */
  readonly prefetch?: { readonly slot: number; readonly ranges: readonly ByteRange[] } | undefined;
  /** Bytes that each call decodes, as far as that is known: others get their turn between as many as may be. */
  readonly bytes?: number | undefined;
  /** Told what the call reads; what it foresees is fetched along with what the call waits for first. */
  readonly foresee?: Foresee | undefined;
  /** Part of a refresh, which all others wait for. */
  readonly refreshing?: boolean | undefined;
  /** The call opens the file itself. */
  readonly opens?: boolean | undefined;
}

/** How the engine treats files that this one refers to, and how far it follows links. */
export interface EngineOptions extends SourceOptions {
  readonly external?: boolean | ExternalResolver | undefined;
  readonly maxLinks?: number | undefined;
  readonly missingSources?: "error" | "fill" | undefined;
  readonly follow?: boolean | undefined;
}

/** Opens a file's bytes once more, as they are then. */
export type Again = (signal: AbortSignal | undefined) => Promise<OpenedSource>;

/**
 * What undoing a codec takes and gives.
 *
 * @module
 */

import type { CodecModule } from "./codec_instance.ts";

/** What a codec is told beside the bytes. */
export interface UndoContext {
  /** The most bytes that may come of it. */
  readonly limit: number;
  /** What messages call the chunk. */
  readonly name: string;
  /** The module that holds some of the codecs. */
  readonly module: CodecModule;
}

/** Undoes a codec: gives the bytes that went into it. */
export type Undo = (bytes: Uint8Array, context: UndoContext) => Uint8Array | Promise<Uint8Array>;

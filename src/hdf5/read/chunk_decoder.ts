/**
 * From a chunk as it is stored to the elements that are wanted of it.
 *
 * @module
 */
import type { StoredChunk } from "./chunk_lookup.ts";
import type { Hdf5Instance } from "../../wasm/instance.ts";
import type { Engine } from "../engine/engine.ts";
import { Gatherer } from "./gather.ts";
import type { DatasetInfo } from "../metadata.ts";
import type { AxisPiece } from "../../array/select/plan_chunks.ts";
import { Scratch } from "../engine/scratch.ts";

/** Decodes stored chunks of a dataset, one after the other, and picks what is wanted. */
export class ChunkDecoder {
  readonly #engine: Engine;
  readonly #info: DatasetInfo;
  readonly #path: string;
  readonly #swap: number;
  /** Whose memory all below is in. */
  #instance!: Hdf5Instance;
  #gatherer!: Gatherer;
  /** Room for a stored chunk. */
  #scratch!: Scratch;
  /** Where `mt_chunk_decode` leaves a pointer and a length. */
  #answer!: number;

  /**
   * @param engine The file's engine.
   * @param info The dataset.
   * @param path Its path, for messages.
   * @param swap Runs of this many bytes are reversed on the way; 1 for none.
   */
  constructor(engine: Engine, info: DatasetInfo, path: string, swap: number) {
    this.#engine = engine;
    this.#info = info;
    this.#path = path;
    this.#swap = swap;
    this.#moveInto(engine.instance);
  }

  #moveInto(instance: Hdf5Instance): void {
    this.#instance = instance;
    this.#gatherer = new Gatherer(instance, this.#info.fileItemsize, this.#swap);
    this.#scratch = new Scratch(instance);
    this.#answer = instance.alloc(8);
  }

  /**
   * Decodes one chunk.
   *
   * @param chunk Where it lies.
   * @param pieces What of it is wanted.
   * @param fill Puts its stored bytes at the address that it is given.
   * @returns The wanted elements, packed: a view of wasm memory, valid until the next call.
   */
  decode(chunk: StoredChunk, pieces: readonly AxisPiece[], fill: (pointer: number) => void): Uint8Array {
    const { instance } = this.#engine;
    // Another call may have cost the instance since the last chunk.
    if (instance !== this.#instance) this.#moveInto(instance);
    const subject = { action: `decode a chunk of dataset "${this.#path}"`, object: this.#path };
    const source = this.#scratch.for(chunk.length);
    fill(source);
    this.#engine.runNow(
      subject,
      (exports) =>
        this.#engine.withHandle(
          exports,
          this.#info,
          (handle) => exports.mt_chunk_decode(handle, source, chunk.length, chunk.mask, this.#answer, this.#answer + 4),
        ),
    );
    const view = new DataView(instance.bytes.buffer);
    const decoded = view.getUint32(this.#answer, true);
    const length = view.getUint32(this.#answer + 4, true);
    return this.#gatherer.gather(decoded, length, this.#info.chunk!, pieces);
  }

  /** Gives back the memory. */
  end(): void {
    this.#scratch.end();
    this.#instance.free(this.#answer);
    this.#gatherer.end();
  }
}

/**
 * Picking what is wanted out of a decoded chunk or block, in wasm.
 *
 * @module
 */
import type { Hdf5Instance } from "../../wasm/instance.ts";
import type { AxisPiece } from "../../array/select/plan_chunks.ts";
import { Scratch } from "../engine/scratch.ts";

/** Packs the wanted elements of boxes that lie in wasm memory, in native byte order. */
export class Gatherer {
  readonly #instance: Hdf5Instance;
  readonly #itemsize: number;
  readonly #swap: number;
  readonly #scratch: Scratch;

  /**
   * @param instance The instance whose memory holds the boxes.
   * @param itemsize Bytes per element.
   * @param swap Runs of this many bytes are reversed; 1 for none.
   */
  constructor(instance: Hdf5Instance, itemsize: number, swap: number) {
    this.#instance = instance;
    this.#scratch = new Scratch(instance);
    this.#itemsize = itemsize;
    this.#swap = swap;
  }

  /**
   * Packs the wanted elements.
   *
   * @param source Address of the box.
   * @param length Its size in bytes.
   * @param shape Its shape.
   * @param pieces What is wanted along each axis.
   * @returns The elements, packed: a view of wasm memory, valid until the next call.
   */
  gather(source: number, length: number, shape: readonly number[], pieces: readonly AxisPiece[]): Uint8Array {
    const instance = this.#instance;
    const whole = this.#swap === 1 ? bandOf(shape, pieces) : undefined;
    if (whole !== undefined) {
      const start = source + whole.first * this.#itemsize;
      return instance.bytes.subarray(start, start + whole.count * this.#itemsize);
    }
    const rank = shape.length;
    const counts = pieces.map((piece) => piece.count);
    const indices = counts.reduce((sum, count) => sum + count, 0);
    const size = counts.reduce((product, count) => product * count, this.#itemsize);
    const parameters = new Uint32Array(2 * rank + indices);
    parameters.set(shape, 0);
    parameters.set(counts, rank);
    let at = 2 * rank;
    for (const { local, count } of pieces) {
      if (local instanceof Uint32Array) parameters.set(local, at);
      else for (let i = 0; i < count; i++) parameters[at + i] = local.start + i * local.step;
      at += count;
    }
    const scratch = this.#scratch.for(parameters.byteLength + size);
    instance.bytes.set(new Uint8Array(parameters.buffer), scratch);
    const packed = scratch + parameters.byteLength;
    instance.call((exports) =>
      exports.mt_gather(
        source,
        length,
        rank,
        scratch,
        scratch + 4 * rank,
        scratch + 8 * rank,
        this.#itemsize,
        this.#swap,
        packed,
      )
    );
    return instance.bytes.subarray(packed, packed + size);
  }

  /** Gives back the memory. */
  end(): void {
    this.#scratch.end();
  }
}

/**
 * Whether what is wanted lies in one piece: ascending neighbours along one axis, everything along the axes behind it, one
 * index along the axes before it.
 */
function bandOf(
  shape: readonly number[],
  pieces: readonly AxisPiece[],
): { first: number; count: number } | undefined {
  let first = 0;
  let count = 1;
  let stride = 1;
  let open = true; // whether all axes behind are taken whole
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const { local, count: wanted } = pieces[axis]!;
    if (local instanceof Uint32Array || (local.step !== 1 && wanted > 1)) return undefined;
    if (!open && wanted !== 1) return undefined;
    first += local.start * stride;
    count *= wanted;
    stride *= shape[axis]!;
    open &&= wanted === shape[axis];
  }
  return { first, count };
}

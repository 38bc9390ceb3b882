/**
 * The reader's instance and its memory: laid out anew in each call, and given back when a call took much of it.
 *
 * @module
 */
import { WasmError } from "../../source/errors.ts";

/** What the module exports, as `reader.h` documents it. Pointers and counts are unsigned 32-bit numbers. */
export interface ReaderExports {
  readonly memory: WebAssembly.Memory;
  /** Where the host's memory begins. */
  readonly __heap_base: WebAssembly.Global;
  mr_crc32(sum: number, src: number, length: number): number;
  mr_crc32c(sum: number, src: number, length: number): number;
  mr_adler32(sum: number, src: number, length: number): number;
  mr_swap(dst: number, src: number, length: number, unit: number): number;
  mr_copy(
    dst: number,
    dstLength: number,
    dstStart: number,
    src: number,
    srcLength: number,
    srcStart: number,
    rank: number,
    axes: number,
    itemsize: number,
    unit: number,
  ): number;
  mr_convert(dst: number, to: number, src: number, from: number, count: number, rule: number): number;
  mr_scale(
    dst: number,
    to: number,
    src: number,
    from: number,
    count: number,
    gain: number,
    offset: number,
    channels: number,
    channel: number,
    left: number,
    run: number,
  ): number;
  mr_int24(dst: number, src: number, count: number, flags: number): number;
  mr_unpack(dst: number, count: number, src: number, length: number, bits: number, packing: number): number;
  mr_bits(
    dst: number,
    src: number,
    words: number,
    wordsize: number,
    first: number,
    bits: number,
    planar: number,
  ): number;
  mr_decimate(
    min: number,
    max: number,
    mean: number,
    state: number,
    src: number,
    type: number,
    frames: number,
    channels: number,
    factor: number,
    at: number,
  ): number;
  mr_sections(
    data: number,
    rows: number,
    channels: number,
    sections: number,
    count: number,
    state: number,
    backwards: number,
  ): number;
  mr_reference(
    dst: number,
    src: number,
    rows: number,
    channels: number,
    targets: number,
    targetCount: number,
    members: number,
    memberCount: number,
    room: number,
    statistic: number,
  ): number;
  mr_weigh(
    dst: number,
    rows: number,
    src: number,
    srcRows: number,
    channels: number,
    weights: number,
    width: number,
    up: number,
    down: number,
    start: number,
    each: number,
  ): number;
  mr_mix(dst: number, columns: number, src: number, rows: number, channels: number, matrix: number): number;
  mr_round(dst: number, to: number, src: number, count: number): number;
}

/** Bytes that go through the module at once: together with the results they stay in the processor's cache. */
export const BLOCK = 2 ** 18;

/** An instance whose memory grew beyond this is dropped after the call. */
const LARGE = 64 * 2 ** 20;

/** Room in the module's memory for one call. */
export class Arena {
  readonly exports: ReaderExports;
  #next: number;

  /** Begins at the lowest free byte. */
  constructor(exports: ReaderExports) {
    this.exports = exports;
    this.#next = exports.__heap_base.value as number;
  }

  /**
   * Takes room, growing the memory where it is needed: views from before are then void.
   *
   * @param size Bytes.
   * @returns Address of the room, a multiple of 16.
   * @throws {WasmError} If there is no more memory.
   */
  take(size: number): number {
    const start = Math.ceil(this.#next / 16) * 16;
    const { memory } = this.exports;
    const missing = start + size - memory.buffer.byteLength;
    try {
      if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    } catch (cause) {
      throw new WasmError(`Cannot take ${size} bytes of memory in the reader module`, { cause });
    }
    this.#next = start + size;
    return start;
  }

  /** A view of the memory, until the next {@linkcode take}. */
  view(start: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.exports.memory.buffer as ArrayBuffer, start, length);
  }

  /** Takes room for bytes and puts them there. */
  put(bytes: ArrayBufferView): number {
    const start = this.take(bytes.byteLength);
    this.view(start, bytes.byteLength).set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return start;
  }
}

/** Runs calls on an instance that is made when it is needed. */
export class ReaderInstance {
  readonly #module: WebAssembly.Module;
  #exports: ReaderExports | undefined;

  /** Takes a compiled module and a first instance of it. */
  constructor(module: WebAssembly.Module, first: WebAssembly.Instance) {
    this.#module = module;
    this.#exports = first.exports as unknown as ReaderExports;
  }

  /** Size of the instance's memory in bytes; 0 where there is no instance now. */
  get memoryBytes(): number {
    return this.#exports?.memory.buffer.byteLength ?? 0;
  }

  /**
   * Runs calls with the memory to themselves.
   *
   * @param run Gets the room.
   * @returns What `run` returns.
   * @throws {WasmError} If the module traps, which is its fault.
   */
  call<T>(run: (arena: Arena) => T): T {
    this.#exports ??= new WebAssembly.Instance(this.#module, {}).exports as unknown as ReaderExports;
    try {
      return run(new Arena(this.#exports));
    } catch (cause) {
      if (!(cause instanceof WebAssembly.RuntimeError)) throw cause;
      this.#exports = undefined;
      throw new WasmError(`Cannot go on: the reader module failed (${cause.message})`, { cause });
    } finally {
      if (this.memoryBytes > LARGE) this.#exports = undefined;
    }
  }
}

/**
 * Holds a status against what it must be.
 *
 * @param status What an entry point returned.
 * @throws {WasmError} If it refused its arguments, which the callers here have checked.
 */
export function check(status: number): void {
  if (status < 0) throw new WasmError("Cannot go on: the reader module refuses its arguments");
}

/**
 * One running instance of the HDF5 module: typed calls, its memory, and the host's side of its imports.
 *
 * @module
 */
import { ClosedError, CorruptFileError, WasmError } from "../source/errors.ts";
import { hdf5Module } from "./module.ts";

/** Status of an entry point: the constants of `microtome.h`. */
export const OK = 0;
/** Bytes or a file are missing; the host noted which. */
export const NEED = 1;

/** What the module asks of its host while a call runs. All answers are given at once; nothing waits. */
export interface Hdf5Host {
  /** Fills `target` with the bytes at `address` of file `slot`: 0, or 1 (missing, noted), or -1 (beyond the end). */
  read(slot: number, type: number, address: number, target: Uint8Array): number;
  /** Slot of the file of that name, or -1 (missing, noted), or -2 (there is none). */
  open(name: string): number;
  /** Size of the file in a slot, in bytes. */
  size(slot: number): number;
  /** Writes `data` at `address` of a slot that was opened for writing: 0, or -1 (the host keeps the reason). */
  write?(slot: number, type: number, address: number, data: Uint8Array): number;
  /** Sets the size of a slot that was opened for writing: 0 or -1. */
  truncate?(slot: number, size: number): number;
}

/** What the module exports, as `microtome.h` documents it. */
export interface Hdf5Exports {
  readonly memory: WebAssembly.Memory;
  _initialize?(): void;
  mt_start(): number;
  mt_alloc(size: number): number;
  mt_free(pointer: number): void;
  mt_out_ptr(): number;
  mt_out_len(): number;
  mt_filters(): number;
  mt_value_limit(bytes: number): void;
  mt_chunk_limit(bytes: number): void;
  mt_file_open(name: number, length: number): number;
  mt_file_close(): number;
  mt_object_open(from: number, path: number, length: number, maxLinks: number): number;
  mt_object_open_at(file: number, address: number): number;
  mt_object_close(handle: number): number;
  mt_group_list(handle: number, byCreation: number): number;
  mt_attr_list(handle: number, byCreation: number): number;
  mt_attr_info(handle: number, name: number, length: number): number;
  mt_attr_read(handle: number, name: number, length: number): number;
  mt_dataset_read(handle: number, rank: number, start: number, count: number, step: number): number;
  mt_value_ptr(): number;
  mt_value_len(): number;
  mt_value_release(): void;
  mt_reference_info(handle: number, kind: number, reference: number): number;
  mt_chunk_lookup(handle: number, n: number, offsets: number, chunks: number): number;
  mt_chunk_list(handle: number): number;
  mt_chunk_decode(handle: number, src: number, size: number, mask: number, decoded: number, length: number): number;
  mt_gather(
    src: number,
    srcLength: number,
    rank: number,
    dims: number,
    count: number,
    index: number,
    itemsize: number,
    swap: number,
    dst: number,
  ): number;
  mt_file_create(name: number, length: number, flags: number, userBlock: number): number;
  mt_file_change(name: number, length: number, flags: number): number;
  mt_file_flush(): number;
  mt_type_integer(size: number, signed: number, order: number): number;
  mt_type_float(size: number, order: number): number;
  mt_type_bitfield(size: number, order: number): number;
  mt_type_string(size: number, padding: number, charset: number): number;
  mt_type_opaque(size: number, tag: number, tagLength: number): number;
  mt_type_enum(base: number): number;
  mt_type_enum_member(type: number, name: number, nameLength: number, value: number): number;
  mt_type_compound(size: number): number;
  mt_type_member(type: number, name: number, nameLength: number, offset: number, member: number): number;
  mt_type_array(base: number, rank: number, dims: number): number;
  mt_type_vlen(base: number): number;
  mt_type_reference(kind: number): number;
  mt_type_of(handle: number): number;
  mt_type_info(type: number): number;
  mt_type_clear(): number;
  mt_type_commit(from: number, path: number, pathLength: number, type: number): number;
  mt_group_create(from: number, path: number, pathLength: number, flags: number): number;
  mt_dataset_create(
    from: number,
    path: number,
    pathLength: number,
    type: number,
    rank: number,
    dims: number,
    maxDims: number,
    chunk: number,
    filters: number,
    fill: number,
    flags: number,
  ): number;
  mt_dataset_write(handle: number, rank: number, start: number, count: number, step: number, values: number): number;
  mt_chunk_put(handle: number, rank: number, offset: number, bytes: number, length: number): number;
  mt_dataset_resize(handle: number, rank: number, dims: number): number;
  mt_attr_write(
    handle: number,
    name: number,
    nameLength: number,
    type: number,
    rank: number,
    dims: number,
    values: number,
  ): number;
  mt_attr_delete(handle: number, name: number, nameLength: number): number;
  mt_link_soft(
    from: number,
    path: number,
    pathLength: number,
    target: number,
    targetLength: number,
    flags: number,
  ): number;
  mt_link_hard(from: number, path: number, pathLength: number, target: number, flags: number): number;
  mt_link_external(
    from: number,
    path: number,
    pathLength: number,
    file: number,
    fileLength: number,
    target: number,
    targetLength: number,
    flags: number,
  ): number;
  mt_link_delete(from: number, path: number, pathLength: number): number;
  mt_link_move(from: number, path: number, pathLength: number, to: number, toLength: number, flags: number): number;
  mt_reference_region(handle: number, rank: number, start: number, count: number, step: number): number;
}

/** A running instance. Everything it says lies in its memory until the next call, so take it before awaiting. */
export class Hdf5Instance {
  readonly #exports: Hdf5Exports;
  readonly #name: string;
  #bytes: Uint8Array;
  /** Why it can't be called any more. */
  #dead: Error | undefined;

  private constructor(exports: Hdf5Exports, name: string) {
    this.#exports = exports;
    this.#name = name;
    this.#bytes = new Uint8Array(exports.memory.buffer);
  }

  /**
   * Starts an instance.
   *
   * @param host Answers the module's questions.
   * @param name What messages call the file.
   * @returns The instance, its library started.
   * @throws {WasmError} If the module can't be loaded or started.
   */
  static async start(host: Hdf5Host, name: string): Promise<Hdf5Instance> {
    const module = await hdf5Module();
    let self: Hdf5Instance | undefined;
    const memory = (): Uint8Array => self!.bytes;
    try {
      const instance = await WebAssembly.instantiate(module, imports(host, memory));
      self = new Hdf5Instance(instance.exports as unknown as Hdf5Exports, name);
      self.#exports._initialize?.();
      if (self.#exports.mt_start() !== OK) throw new WasmError("the library reports a failure at its start");
      return self;
    } catch (cause) {
      throw new WasmError(`Cannot start the HDF5 module: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }

  /** The instance's memory as it is now. Growth moves it: take it anew after each call. */
  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.#exports.memory.buffer) this.#bytes = new Uint8Array(this.#exports.memory.buffer);
    return this.#bytes;
  }

  /** Size of the instance's memory in bytes; it never shrinks before the instance ends. */
  get memoryBytes(): number {
    return this.#exports.memory.buffer.byteLength;
  }

  /**
   * Runs calls into the module. A trap makes this instance unusable and becomes an error of its file.
   *
   * @param run What to call.
   * @returns What `run` returns.
   * @throws {CorruptFileError} If the module traps, or has trapped before.
   * @throws {ClosedError} If the instance was ended.
   */
  call<T>(run: (exports: Hdf5Exports) => T): T {
    if (this.#dead !== undefined) throw this.#dead;
    try {
      return run(this.#exports);
    } catch (cause) {
      if (!isTrap(cause)) throw cause;
      this.#dead = new CorruptFileError(
        `Cannot read ${this.#name}: the file makes libhdf5 fail beyond recovery (${cause.message}), most likely because it is damaged`,
        { file: this.#name, cause },
      );
      throw this.#dead;
    }
  }

  /** Ends the instance: every later call is an error, and its memory is free once nobody holds the instance. */
  end(): void {
    this.#dead ??= new ClosedError(`Cannot read ${this.#name}: the file is closed`, { file: this.#name });
  }

  /** The out buffer's bytes: a view, valid until the next call. */
  out(): Uint8Array {
    const { mt_out_ptr, mt_out_len } = this.#exports;
    return this.bytes.subarray(mt_out_ptr(), mt_out_ptr() + mt_out_len());
  }

  /** The out buffer as JSON. */
  json(): unknown {
    return JSON.parse(decoder.decode(this.out()));
  }

  /**
   * Puts bytes into the instance's memory for the time of a call.
   *
   * @param data The bytes.
   * @param run Gets their address.
   * @returns What `run` returns.
   */
  withBytes<T>(data: Uint8Array, run: (pointer: number) => T): T {
    const pointer = this.alloc(data.byteLength);
    try {
      this.bytes.set(data, pointer);
      return run(pointer);
    } finally {
      this.free(pointer);
    }
  }

  /** Puts text into memory, as UTF-8, for the time of a call. */
  withText<T>(text: string, run: (pointer: number, length: number) => T): T {
    const data = encoder.encode(text);
    return this.withBytes(data, (pointer) => run(pointer, data.byteLength));
  }

  /** Takes memory; {@linkcode free} gives it back. */
  alloc(size: number): number {
    const pointer = this.call((exports) => exports.mt_alloc(Math.max(size, 1)));
    if (pointer === 0) {
      throw new WasmError(`Cannot read ${this.#name}: no memory for ${size} bytes in the HDF5 module`, {
        file: this.#name,
      });
    }
    return pointer >>> 0;
  }

  /** Gives memory back; nothing happens on an instance that has ended. */
  free(pointer: number): void {
    if (this.#dead === undefined) this.#exports.mt_free(pointer);
  }
}

/** A trap, or the stack running out: both leave the instance in an unknown state. */
function isTrap(cause: unknown): cause is Error {
  return cause instanceof WebAssembly.RuntimeError ||
    (cause instanceof Error && /call stack|too much recursion/i.test(cause.message));
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The module's imports: the host's functions, and what little the C library asks of a system. */
function imports(host: Hdf5Host, memory: () => Uint8Array): WebAssembly.Imports {
  return {
    env: {
      mt_host_read: (slot: number, type: number, address: number, size: number, pointer: number): number => {
        const start = pointer >>> 0;
        return host.read(slot, type, address, memory().subarray(start, start + (size >>> 0)));
      },
      mt_host_open: (pointer: number, length: number): number =>
        host.open(decoder.decode(memory().slice(pointer >>> 0, (pointer >>> 0) + length))),
      mt_host_size: (slot: number): number => host.size(slot),
      mt_host_write: (slot: number, type: number, address: number, size: number, pointer: number): number => {
        const start = pointer >>> 0;
        return host.write?.(slot, type, address, memory().subarray(start, start + (size >>> 0))) ?? -1;
      },
      mt_host_truncate: (slot: number, size: number): number => host.truncate?.(slot, size) ?? -1,
      emscripten_notify_memory_growth: (): void => {},
    },
    wasi_snapshot_preview1: {
      proc_exit: (code: number): void => {
        throw new WebAssembly.RuntimeError(`exit with code ${code}`);
      },
    },
  };
}

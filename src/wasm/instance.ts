/**
 * One running instance of the HDF5 module: typed calls, its memory, and the host's side of its imports.
 *
 * @module
 */
import { ClosedError, CorruptFileError, LimitError, WasmError } from "../source/errors.ts";
import { decodeText, tryEncodeText } from "../source/utf8.ts";
import { giveMemory, PAGE, takeMemory } from "./memory_pool.ts";
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

/** What one instance may use. */
export interface InstanceLimits {
  /** Most bytes that its memory grows to. */
  readonly maxMemory: number;
  /** Most steps of libhdf5's loops in one call, beside 512 for each element that it reads or writes. */
  readonly maxWork: number;
}

/** Why an instance can't be used any more, as an error of the C side would say it. */
export interface Trap {
  readonly code: "limit" | "corrupt";
  readonly message: string;
  readonly cause: Error;
}

/** What the module exports, as `microtome.h` documents it. */
export interface Hdf5Exports {
  _initialize?(): void;
  mt_start(): number;
  mt_alloc(size: number): number;
  mt_free(pointer: number): void;
  mt_out_ptr(): number;
  mt_out_len(): number;
  mt_filters(): number;
  mt_value_limit(bytes: number): void;
  mt_missing_sources?(fill: number): void;
  mt_chunk_limit(bytes: number): void;
  /** The countdown of the call under way: below zero where it ended the call. */
  readonly mt_net?: WebAssembly.Global;
  mt_work_limit?(steps: number): void;
  mt_work_share(): number;
  mt_work_most(): number;
  mt_memory_full?(): number;
  mt_file_open(name: number, length: number): number;
  mt_file_close(): number;
  mt_file_join(name: number, length: number): number;
  mt_file_follow?(on: number): void;
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
  mt_codec_decode(codec: number, src: number, size: number, limit: number, decoded: number, length: number): number;
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

/** Pages that the module has from the start. */
const FIRST_PAGES = 32;
const MOST_PAGES = 65536;

/** A running instance. Everything it says lies in its memory until the next call, so take it before awaiting. */
export class Hdf5Instance {
  readonly #module: WebAssembly.Module;
  readonly #host: Hdf5Host;
  readonly #name: string;
  readonly #limits: InstanceLimits | undefined;
  readonly #maximum: number;
  #memory: WebAssembly.Memory;
  #exports!: Hdf5Exports;
  #bytes: Uint8Array;
  /** Why it can't be called any more. */
  #dead: Error | undefined;
  #trap: Trap | undefined;
  #starved = false;
  #ended = false;

  private constructor(module: WebAssembly.Module, host: Hdf5Host, name: string, limits: InstanceLimits | undefined) {
    this.#module = module;
    this.#host = host;
    this.#name = name;
    this.#limits = limits;
    const most = Math.ceil((limits?.maxMemory ?? Infinity) / PAGE);
    this.#maximum = Math.min(MOST_PAGES, Math.max(FIRST_PAGES, most));
    this.#memory = takeMemory(FIRST_PAGES, this.#maximum);
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /**
   * Starts an instance.
   *
   * @param host Answers the module's questions.
   * @param name What messages call the file.
   * @param limits What it may use; the module's own limits where left out.
   * @returns The instance, its library started.
   * @throws {WasmError} If the module can't be loaded or started.
   */
  static async start(host: Hdf5Host, name: string, limits?: InstanceLimits): Promise<Hdf5Instance> {
    const module = await hdf5Module();
    try {
      const self = new Hdf5Instance(module, host, name, limits);
      self.#run(await WebAssembly.instantiate(module, self.#imports()));
      return self;
    } catch (cause) {
      throw notStarted(cause);
    }
  }

  /**
   * Starts a fresh instance in place of this one, at once and with nothing open.
   *
   * @returns The instance.
   * @throws {WasmError} If it can't be started.
   */
  again(): Hdf5Instance {
    try {
      const other = new Hdf5Instance(this.#module, this.#host, this.#name, this.#limits);
      other.#run(new WebAssembly.Instance(this.#module, other.#imports()));
      return other;
    } catch (cause) {
      throw notStarted(cause);
    }
  }

  #run({ exports }: WebAssembly.Instance): void {
    this.#exports = exports as unknown as Hdf5Exports;
    this.#exports._initialize?.();
    // Modules of releases before 0.2 have a memory of their own and no countdown: the benchmark holds ours against them.
    if (exports.memory instanceof WebAssembly.Memory) this.#memory = exports.memory;
    if (this.#exports.mt_start() !== OK) throw new WasmError("the library reports a failure at its start");
    if (this.#limits !== undefined) this.#exports.mt_work_limit?.(this.#limits.maxWork);
  }

  /** Whether {@linkcode alloc} was refused memory: a fresh instance has more to give. */
  get starved(): boolean {
    return this.#starved;
  }

  /** Why it is lost, where a call trapped: it then must be given up. */
  get trap(): Trap | undefined {
    return this.#trap;
  }

  /** The instance's memory as it is now. Growth moves it: take it anew after each call. */
  get bytes(): Uint8Array {
    // The memory may be another file's by now.
    if (this.#ended) throw this.#dead;
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer);
    return this.#bytes;
  }

  /** Size of the instance's memory in bytes; it never shrinks before the instance ends. */
  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /**
   * Runs calls into the module. A trap makes this instance unusable and becomes an error of its file.
   *
   * @param run What to call.
   * @returns What `run` returns.
   * @throws {LimitError} If the call needs more work or memory than it may use, or one did before.
   * @throws {CorruptFileError} If the module traps for another reason, or has trapped before.
   * @throws {ClosedError} If the instance was ended.
   */
  call<T>(run: (exports: Hdf5Exports) => T): T {
    if (this.#dead !== undefined) throw this.#dead;
    try {
      return run(this.#exports);
    } catch (cause) {
      if (!isTrap(cause)) throw cause;
      this.#trap = this.#reason(cause);
      const { code, message } = this.#trap;
      const ErrorClass = code === "limit" ? LimitError : CorruptFileError;
      this.#dead = new ErrorClass(`Cannot read ${this.#name}: ${message}`, { file: this.#name, cause });
      throw this.#dead;
    }
  }

  /** What a trap means: its own counters can still be looked at. */
  #reason(cause: Error): Trap {
    const { mt_net, mt_memory_full } = this.#exports;
    if (mt_net !== undefined && mt_net.value < 0n) {
      const most = this.#limits?.maxWork ?? 2 ** 26;
      const message =
        `libhdf5 needs more than ${most} steps for one call (the option maxWork), most likely because the ` +
        "file is damaged";
      return { code: "limit", message, cause };
    }
    if (mt_memory_full?.() === 1) return { code: "limit", message: this.#noMemory(), cause };
    const message = `the file makes libhdf5 fail beyond recovery (${cause.message}), most likely because it is damaged`;
    return { code: "corrupt", message, cause };
  }

  #noMemory(): string {
    const most = this.#limits?.maxMemory ?? MOST_PAGES * PAGE;
    return `libhdf5 needs more than ${most} bytes of memory (the option maxMemory)`;
  }

  /** Ends the instance: every later call is an error, and its memory is free once nobody holds the instance. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#dead ??= new ClosedError(`Cannot read ${this.#name}: the file is closed`, { file: this.#name });
    giveMemory(this.#memory, this.#maximum);
    this.#bytes = new Uint8Array();
  }

  /** The module's imports: its memory, and the host's functions. */
  #imports(): WebAssembly.Imports {
    const host = this.#host;
    const at = (pointer: number, size: number): Uint8Array => {
      const start = pointer >>> 0;
      return this.bytes.subarray(start, start + (size >>> 0));
    };
    return {
      env: {
        memory: this.#memory,
        mt_host_read: (slot: number, type: number, address: number, size: number, pointer: number): number =>
          host.read(slot, type, address, at(pointer, size)),
        mt_host_open: (pointer: number, length: number): number => host.open(decodeText(at(pointer, length))),
        mt_host_size: (slot: number): number => host.size(slot),
        mt_host_write: (slot: number, type: number, address: number, size: number, pointer: number): number =>
          host.write?.(slot, type, address, at(pointer, size)) ?? -1,
        mt_host_truncate: (slot: number, size: number): number => host.truncate?.(slot, size) ?? -1,
      },
    };
  }

  /** The out buffer's bytes: a view, valid until the next call. */
  out(): Uint8Array {
    const { mt_out_ptr, mt_out_len } = this.#exports;
    return this.bytes.subarray(mt_out_ptr(), mt_out_ptr() + mt_out_len());
  }

  /** The out buffer as JSON; names that aren't UTF-8 keep their bytes (see `decodeText`). */
  json(): unknown {
    return JSON.parse(decodeText(this.out()));
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

  /**
   * Puts text into memory, as UTF-8, for the time of a call: the bytes that {@linkcode json} made it of.
   *
   * @throws {TypeError} If no bytes stand for it.
   */
  withText<T>(text: string, run: (pointer: number, length: number) => T): T {
    const data = tryEncodeText(text);
    if (data === null) {
      throw new TypeError(
        `Cannot look for ${
          JSON.stringify(text)
        } in ${this.#name}: it holds half of a surrogate pair, which no bytes stand for`,
      );
    }
    return this.withBytes(data, (pointer) => run(pointer, data.byteLength));
  }

  /** Takes memory; {@linkcode free} gives it back. */
  alloc(size: number): number {
    const pointer = this.call((exports) => exports.mt_alloc(Math.max(size, 1)));
    if (pointer === 0) {
      this.#starved = true;
      throw new LimitError(`Cannot read ${this.#name}: no memory for ${size} bytes: ${this.#noMemory()}`, {
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

function notStarted(cause: unknown): WasmError {
  return new WasmError(`Cannot start the HDF5 module: ${cause instanceof Error ? cause.message : cause}`, { cause });
}

/** A trap, or the stack running out: both leave the instance in an unknown state. */
function isTrap(cause: unknown): cause is Error {
  return cause instanceof WebAssembly.RuntimeError ||
    (cause instanceof Error && /call stack|too much recursion/i.test(cause.message));
}

/** Plain calls on the writing half of the HDF5 module, over a sink in memory, for tests of the C side alone. */
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { Hdf5Instance, OK } from "../../src/wasm/instance.ts";

/** What an entry point says of an object. */
export interface Made {
  handle: number;
  path: string;
  address: number;
  shape?: number[];
  [key: string]: unknown;
}

/** An error of an entry point. */
export class CallError extends Error {
  readonly code: string;

  constructor({ code, message }: { code: string; message: string }) {
    super(message);
    this.code = code;
  }
}

/** How a dataset is made. */
export interface DatasetPlan {
  dims?: number[] | null;
  maxDims?: number[];
  chunk?: number[];
  filters?: { id: number; flags?: number; values?: number[] }[];
  fill?: Uint8Array;
  flags?: number;
}

/** Flags of microtome.h. */
export const PARENTS = 1;
export const TRACK_ORDER = 2;
export const COMPACT = 8;
export const ALLOCATE = 32;
export const LATEST = 2;

/** Bytes in front of a file where a test asks for some. */
export const USER_BLOCK = 512;

/** The bytes of numbers. */
export function bytesOf(data: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** One file being written in one instance. */
export class WriteFile {
  readonly instance: Hdf5Instance;
  readonly sink = memorySink();
  /** Writes that the host still accepts. */
  writesLeft = Infinity;
  /** Entry points that were called. */
  readonly #called: Set<string>;

  private constructor(instance: Hdf5Instance, called: Set<string>) {
    this.instance = instance;
    this.#called = called;
  }

  /** Starts an instance with a sink that holds `bytes`. */
  static async start(bytes?: Uint8Array, called: Set<string> = new Set()): Promise<WriteFile> {
    let file: WriteFile | undefined = undefined;
    const host = {
      read(_slot: number, _type: number, address: number, target: Uint8Array): number {
        file!.sink.readIntoSync(address, target);
        return 0;
      },
      open: (name: string): number => name === "new.h5" ? 0 : -2,
      size: (): number => file!.sink.byteLength,
      write(_slot: number, _type: number, address: number, data: Uint8Array): number {
        if (file!.writesLeft-- <= 0) return -1;
        file!.sink.writeSync(address, data);
        return 0;
      },
      truncate(_slot: number, size: number): number {
        if (file!.writesLeft <= 0) return -1;
        file!.sink.truncateSync(size);
        return 0;
      },
    };
    file = new WriteFile(await Hdf5Instance.start(host, "new.h5"), called);
    if (bytes !== undefined) file.sink.writeSync(0, bytes);
    return file;
  }

  /** Makes a new file. */
  static async create(flags = 0, userBlock = 0, called?: Set<string>): Promise<WriteFile> {
    const file = await WriteFile.start(undefined, called);
    file.done(file.text("new.h5", (at, n) => file.call("mt_file_create", at, n, flags, userBlock)));
    return file;
  }

  /** Opens bytes to change them. */
  static async change(bytes: Uint8Array, called?: Set<string>): Promise<WriteFile> {
    const file = await WriteFile.start(bytes, called);
    file.done(file.text("new.h5", (at, n) => file.call("mt_file_change", at, n, 0)));
    return file;
  }

  /** Calls an entry point: what it returns. */
  call(name: `mt_${string}`, ...values: number[]): number {
    this.#called.add(name);
    return this.instance.call((wasm) =>
      (wasm as unknown as Record<string, (...values: number[]) => number>)[name]!(...values)
    );
  }

  text<T>(text: string, run: (at: number, length: number) => T): T {
    return this.instance.withText(text, run);
  }

  /** @throws {CallError} Unless the status is OK. */
  done(status: number): void {
    if (status !== OK) this.#fail(status);
  }

  #fail(status: number): never {
    if (status > 0) throw new Error(`status ${status}`);
    throw new CallError(this.instance.json() as { code: string; message: string });
  }

  json<T = Made>(status: number): T {
    this.done(status);
    return this.instance.json() as T;
  }

  /** Calls an entry point that gives the number of a type. */
  type(name: `mt_type_${string}`, ...values: number[]): number {
    const type = this.call(name, ...values);
    return type > 0 ? type : this.#fail(type);
  }

  int16 = (): number => this.type("mt_type_integer", 2, 1, 0);

  /** Numbers as float64 in memory, 0 for undefined. */
  doubles<T>(lists: (readonly number[] | undefined)[], run: (...at: number[]) => T): T {
    const all = new Float64Array(lists.flatMap((list) => list ?? []));
    return this.instance.withBytes(bytesOf(all), (at) => {
      const starts = lists.map((list) => {
        const start = list === undefined ? 0 : at;
        at += 8 * (list?.length ?? 0);
        return start;
      });
      return run(...starts);
    });
  }

  group(path: string, flags = 0, from = 0): Made {
    return this.json(this.text(path, (at, n) => this.call("mt_group_create", from, at, n, flags)));
  }

  dataset(path: string, type: number, plan: DatasetPlan, from = 0): Made {
    const { dims, maxDims, chunk, filters, fill, flags = 0 } = plan;
    const rank = dims === null ? -1 : dims?.length ?? 0;
    const pipeline = filters?.flatMap(({ id, flags = 0, values = [] }) => [id, flags, values.length, ...values]);
    const parameters = Uint32Array.from(pipeline === undefined ? [] : [filters!.length, ...pipeline]);
    return this.json(
      this.text(
        path,
        (at, n) =>
          this.doubles(
            [dims ?? undefined, maxDims, chunk],
            (dims, max, chunk) =>
              this.instance.withBytes(bytesOf(parameters), (list) =>
                this.instance.withBytes(fill ?? new Uint8Array(0), (value) =>
                  this.call(
                    "mt_dataset_create",
                    from,
                    at,
                    n,
                    type,
                    rank,
                    dims!,
                    max!,
                    chunk!,
                    pipeline === undefined ? 0 : list,
                    fill === undefined ? 0 : value,
                    flags,
                  ))),
          ),
      ),
    );
  }

  #box(start: number[], count: number[], step: number[] | undefined, run: (...at: number[]) => number): number {
    return this.doubles([start, count, step ?? count.map(() => 1)], run);
  }

  /** Writes a selection from bytes in memory layout. */
  write({ handle }: { handle: number }, start: number[], count: number[], values: Uint8Array, step?: number[]): void {
    this.done(this.#box(start, count, step, (start, count_, step) =>
      this.instance.withBytes(
        values,
        (at) => this.call("mt_dataset_write", handle, count.length, start!, count_!, step!, at),
      )));
  }

  /** Reads a selection in memory layout. */
  read({ handle }: { handle: number }, start: number[], count: number[]): Uint8Array<ArrayBuffer> {
    this.done(
      this.#box(
        start,
        count,
        undefined,
        (start, count_, step) => this.call("mt_dataset_read", handle, count.length, start!, count_!, step!),
      ),
    );
    return this.value();
  }

  /** The value that was read last, released. */
  value(): Uint8Array<ArrayBuffer> {
    const at = this.call("mt_value_ptr") >>> 0;
    const value = this.instance.bytes.slice(at, at + this.call("mt_value_len"));
    this.call("mt_value_release");
    return value as Uint8Array<ArrayBuffer>;
  }

  resize({ handle }: { handle: number }, dims: number[]): Made {
    return this.json(this.doubles([dims], (at) => this.call("mt_dataset_resize", handle, dims.length, at!)));
  }

  put({ handle }: { handle: number }, offset: number[], bytes: Uint8Array): void {
    this.done(this.doubles([offset], (offset_) =>
      this.instance.withBytes(
        bytes,
        (at) => this.call("mt_chunk_put", handle, offset.length, offset_!, at, bytes.byteLength),
      )));
  }

  attribute(handle: number, name: string, type: number, dims: number[] | null, values: Uint8Array): void {
    this.done(this.text(name, (at, n) =>
      this.doubles([dims ?? undefined], (dims_) =>
        this.instance.withBytes(
          values,
          (value) => this.call("mt_attr_write", handle, at, n, type, dims?.length ?? -1, dims_!, value),
        ))));
  }

  readAttribute(handle: number, name: string): Uint8Array<ArrayBuffer> {
    this.done(this.text(name, (at, n) => this.call("mt_attr_read", handle, at, n)));
    return this.value();
  }

  deleteAttribute(handle: number, name: string): void {
    this.done(this.text(name, (at, n) => this.call("mt_attr_delete", handle, at, n)));
  }

  open(path: string, from = 0): Made {
    return this.json(this.text(path, (at, n) => this.call("mt_object_open", from, at, n, 16)));
  }

  closeObject(handle: number): void {
    this.done(this.call("mt_object_close", handle));
  }

  list(handle = 0, byCreation = 0): { name: string; type: string; target?: string; file?: string }[] {
    return this.json(this.call("mt_group_list", handle, byCreation));
  }

  member(type: number, name: string, offset: number, member: number): void {
    this.done(this.text(name, (at, n) => this.call("mt_type_member", type, at, n, offset, member)));
  }

  enumMember(type: number, name: string, value: bigint): void {
    const bytes = bytesOf(BigInt64Array.of(value));
    this.done(
      this.text(
        name,
        (at, n) => this.instance.withBytes(bytes, (value) => this.call("mt_type_enum_member", type, at, n, value)),
      ),
    );
  }

  commit(path: string, type: number): Made {
    return this.json(this.text(path, (at, n) => this.call("mt_type_commit", 0, at, n, type)));
  }

  softLink(path: string, target: string, flags = 0): void {
    this.done(
      this.text(path, (at, n) => this.text(target, (to, m) => this.call("mt_link_soft", 0, at, n, to, m, flags))),
    );
  }

  hardLink(path: string, target: number, flags = 0): void {
    this.done(this.text(path, (at, n) => this.call("mt_link_hard", 0, at, n, target, flags)));
  }

  externalLink(path: string, file: string, target: string, flags = 0): void {
    this.done(
      this.text(
        path,
        (at, n) =>
          this.text(
            file,
            (name, k) => this.text(target, (to, m) => this.call("mt_link_external", 0, at, n, name, k, to, m, flags)),
          ),
      ),
    );
  }

  delete(path: string): void {
    this.done(this.text(path, (at, n) => this.call("mt_link_delete", 0, at, n)));
  }

  move(path: string, to: string, flags = 0): void {
    this.done(
      this.text(path, (at, n) => this.text(to, (target, m) => this.call("mt_link_move", 0, at, n, target, m, flags))),
    );
  }

  region({ handle }: { handle: number }, start: number[], count: number[], step?: number[]): Uint8Array {
    this.done(
      this.#box(
        start,
        count,
        step,
        (start, count_, step) => this.call("mt_reference_region", handle, count.length, start!, count_!, step!),
      ),
    );
    return this.instance.out().slice();
  }

  flush(): void {
    this.done(this.call("mt_file_flush"));
  }

  /** Closes the file: its bytes. */
  close(): Uint8Array<ArrayBuffer> {
    this.done(this.call("mt_file_close"));
    return this.sink.bytes().slice();
  }

  /** Where all chunks of a dataset of one axis lie. */
  chunks({ handle }: { handle: number }): { offset: number[]; address: number; size: number; mask: number }[] {
    this.done(this.call("mt_chunk_list", handle));
    const out = this.instance.out().slice();
    const view = new DataView(out.buffer);
    return Array.from({ length: out.byteLength / 32 }, (_, i) => ({
      offset: [view.getFloat64(32 * i, true)],
      address: view.getFloat64(32 * i + 8, true),
      size: view.getUint32(32 * i + 16, true),
      mask: view.getUint32(32 * i + 20, true),
    }));
  }

  /** Puts bytes into the instance's memory for good: where they lie. */
  keep(bytes: Uint8Array): number {
    const at = this.instance.alloc(bytes.byteLength);
    this.instance.bytes.set(bytes, at);
    return at;
  }

  /** The same of a text that ends in a zero byte. */
  cString(text: string): number {
    return this.keep(new TextEncoder().encode(`${text}\0`));
  }

  /** A variable string in memory layout. */
  pointer(text: string): Uint8Array {
    return bytesOf(Uint32Array.of(this.cString(text)));
  }

  openIds(): number {
    return this.call("mt_open_ids");
  }
}

/**
 * The files of a recording: the one that was given, and those beside it. On disk, on a server, or in a map of names.
 *
 * @module
 */

import { FlatArray } from "../../array/flat/flat_array.ts";
import { dtypeFromNumpy } from "../../array/dtype/dtype.ts";
import type { ArrayData, DType } from "../../array/types.ts";
import { CostMeter } from "../../source/cost.ts";
import { describeValue } from "../../source/describe_value.ts";
import { HttpStatusError, LimitError, NotFoundError, TruncatedError, WrongKindError } from "../../source/errors.ts";
import { type OpenedSource, openSource, type SourceInput, type SourceOptions } from "../../source/open_source.ts";
import type { ByteRange, Cost } from "../../source/types.ts";
import { decodeText } from "./texts.ts";

/** Where files beside the one that was given are found. */
export type Siblings =
  | string
  | URL
  | ReadonlyMap<string, SourceInput>
  | Readonly<Record<string, SourceInput>>
  | ((name: string) => SourceInput | null | Promise<SourceInput | null>);

/** The most bytes that a header, or a file that is read whole, may have. */
export const MAX_HEADER = 64 * 1024 * 1024;

/** Where a run of samples lies in a file. */
export interface FlatSamples {
  /** First byte. */
  readonly offset?: number | undefined;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** NumPy's name of the elements, such as `<i2`, or a dtype. */
  readonly dtype: string | DType;
  /** Which axis runs fastest. */
  readonly order?: "C" | "F" | undefined;
  /** Bytes from one index to the next along each axis, instead of what `order` gives. */
  readonly strides?: readonly number[] | undefined;
}

/** An open file of a recording. */
export class RecordingFile {
  /** Its name, as messages call it: with the folder, without a query. */
  readonly name: string;
  /** Its name in the recording: relative to the folder. */
  readonly path: string;
  readonly #opened: OpenedSource;

  /** Made by {@linkcode RecordingFiles}. */
  constructor(name: string, path: string, opened: OpenedSource) {
    this.name = name;
    this.path = path;
    this.#opened = opened;
  }

  /** Size, in bytes. */
  get byteLength(): number {
    return this.#opened.source.byteLength;
  }

  /** The source with all that reads it, for arrays that are more than flat. */
  get opened(): OpenedSource {
    return this.#opened;
  }

  /**
   * Some bytes, by pages that are kept: for headers.
   *
   * @throws {TruncatedError} If the file ends before
   * @throws {LimitError} If they are more than a header has
   */
  async bytes(range: ByteRange, signal?: AbortSignal): Promise<Uint8Array> {
    return (await this.pieces([range], signal))[0]!;
  }

  /** Several pieces at once: those that are near each other by one request. */
  async pieces(ranges: readonly ByteRange[], signal?: AbortSignal): Promise<Uint8Array[]> {
    let sum = 0;
    for (const { offset, length } of ranges) {
      sum += length;
      if (offset + length > this.byteLength) {
        throw new TruncatedError(
          `Cannot read ${this.name}: bytes ${offset} to ${offset + length} are asked for, it has ${this.byteLength}`,
          { file: this.name },
        );
      }
    }
    if (sum > MAX_HEADER) {
      throw new LimitError(
        `Cannot read the header of ${this.name}: it claims ${sum.toLocaleString("en")} bytes, ` +
          `more than ${MAX_HEADER.toLocaleString("en")}`,
        { file: this.name },
      );
    }
    const wanted = ranges.filter(({ length }) => length > 0);
    const read = wanted.length === 0 ? [] : await this.#opened.cache.readMany(wanted, { signal });
    let next = 0;
    return ranges.map(({ length }) => length === 0 ? new Uint8Array(0) : read[next++]!);
  }

  /** All its bytes. @throws {LimitError} If they are more than a header has */
  async whole(signal?: AbortSignal): Promise<Uint8Array> {
    return await this.bytes({ offset: 0, length: this.byteLength }, signal);
  }

  /** All of it as text: UTF-8, or cp1252 where it isn't that. */
  async text(signal?: AbortSignal): Promise<string> {
    return decodeText(await this.whole(signal));
  }

  /** Samples that lie flat in it as a lazy array; reads nothing. What it spans isn't checked against the file's size. */
  flat<D extends ArrayData = ArrayData>({ offset = 0, shape, dtype, order, strides }: FlatSamples): FlatArray<D> {
    const { fetcher, cache } = this.#opened;
    const type = typeof dtype === "string" ? dtypeFromNumpy(dtype) : dtype;
    return new FlatArray<D>({ fetcher, cache, offset, shape, dtype: type, order, strides, name: this.name });
  }
}

/** The files of a recording. */
export class RecordingFiles {
  /** What messages call the recording: its file or folder. */
  readonly name: string;
  /** Name of the file that was given, without folders; empty where it was a folder. */
  readonly fileName: string;
  /** Counts what all of it costs. */
  readonly meter: CostMeter;
  /** What was found odd, and read all the same. */
  readonly warnings: string[] = [];
  readonly #options: SourceOptions;
  readonly #folder: Folder | null;
  readonly #onWarning: ((message: string) => void) | undefined;
  readonly #open = new Map<string, Promise<RecordingFile | null>>();

  /** Made by {@linkcode openRecording}. */
  constructor(parts: {
    readonly name: string;
    readonly fileName: string;
    readonly main: OpenedSource | null;
    readonly folder: Folder | null;
    readonly options: SourceOptions;
    readonly onWarning?: ((message: string) => void) | undefined;
  }) {
    const { name, fileName, main, folder, options, onWarning } = parts;
    this.name = name;
    this.fileName = fileName;
    this.meter = options.meter ?? new CostMeter({ onRequest: options.onRequest });
    this.#options = { ...options, meter: this.meter };
    this.#folder = folder;
    this.#onWarning = onWarning;
    if (main !== null) this.#open.set(fileName, Promise.resolve(new RecordingFile(name, fileName, main)));
  }

  /** What reading has cost so far, over all files. */
  get cost(): Cost {
    return this.meter.cost;
  }

  /** Options that its files are opened with; the meter that counts is one of them. */
  get options(): SourceOptions {
    return this.#options;
  }

  /** The file's name without what stands behind its last dot. */
  get stem(): string {
    return this.fileName.replace(/\.[^.]*$/, "");
  }

  /** The file that was given. @throws {WrongKindError} If it was a folder */
  async main(): Promise<RecordingFile> {
    const found = await this.#open.get(this.fileName);
    if (found !== null && found !== undefined) return found;
    throw new WrongKindError(`Cannot open ${this.name} as a file: it is a folder`, { file: this.name });
  }

  /**
   * A file of the recording by its name, relative to the folder, with slashes.
   *
   * @throws {NotFoundError} If it isn't there
   */
  async open(path: string): Promise<RecordingFile> {
    const found = await this.find(path);
    if (found !== null) return found;
    const where = this.#folder === null ? "; what lies beside it isn't known: give the option siblings" : "";
    throw new NotFoundError(`Cannot open ${this.name}: there is no ${JSON.stringify(path)} beside it${where}`, {
      file: this.name,
      object: path,
    });
  }

  /** A file of the recording, or `null` where it isn't there. */
  find(path: string): Promise<RecordingFile | null> {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const found = this.#find(path);
    this.#open.set(path, found);
    found.catch(() => this.#open.delete(path));
    return found;
  }

  /**
   * Names in the recording's folder, or one below it, sorted; folders have a slash behind. `null` where they can't be listed: on
   * a server, beside bytes.
   */
  async list(below = ""): Promise<string[] | null> {
    return await this.#folder?.list(below.replace(/\/+$/, "")) ?? null;
  }

  /** Says that something is odd, and was read all the same. */
  warn(message: string): void {
    this.warnings.push(message);
    this.#onWarning?.(message);
  }

  /** Closes all that was opened. */
  async close(): Promise<void> {
    const all = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(all.map(async (file) => await (await file.catch(() => null))?.opened.close()));
  }

  async #find(path: string): Promise<RecordingFile | null> {
    const input = await this.#folder?.at(path) ?? null;
    if (input === null) return null;
    try {
      const opened = await openSource(input, this.#options);
      // Bytes have no name of their own.
      const name = hasName(input) ? opened.source.name ?? path : path;
      return new RecordingFile(name, path, opened);
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}

function hasName(input: SourceInput): boolean {
  const isBytes = input instanceof ArrayBuffer || ArrayBuffer.isView(input) || input instanceof Blob;
  return !isBytes && !(typeof SharedArrayBuffer !== "undefined" && input instanceof SharedArrayBuffer);
}

function isMissing(error: unknown): boolean {
  return error instanceof NotFoundError || error instanceof WrongKindError && /director/.test(error.message) ||
    error instanceof HttpStatusError && (error.status === 404 || error.status === 410);
}

/** A place with names in it. */
export interface Folder {
  /** What stands there; `null` where that is known not to be. */
  at(path: string): SourceInput | null | Promise<SourceInput | null>;
  /** Names directly below, folders with a slash behind; `null` where they can't be listed. */
  list(below: string): Promise<string[] | null> | string[] | null;
}

/** A place, however it is given. */
export function folderOf(given: Siblings): Folder {
  if (typeof given === "function") return { at: given, list: () => null };
  if (typeof given === "string" || given instanceof URL) return addressFolder(given);
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError(
      `Cannot find files beside the recording by siblings ${
        describeValue(given)
      }: expected a path, a map or a function`,
    );
  }
  const entries = given instanceof Map ? given as ReadonlyMap<string, SourceInput> : new Map(Object.entries(given));
  return {
    at: (path) => entries.get(path) ?? null,
    list: (below) => {
      const prefix = below === "" ? "" : `${below}/`;
      const names = [...entries.keys()].filter((key) => key.startsWith(prefix)).map((key) => {
        const rest = key.slice(prefix.length);
        const slash = rest.indexOf("/");
        return slash < 0 ? rest : rest.slice(0, slash + 1);
      });
      return [...new Set(names)].sort();
    },
  };
}

function addressFolder(base: string | URL): Folder {
  const address = base instanceof URL ? base : /^[a-z][a-z0-9+.-]*:\/\//i.test(base) ? new URL(base) : null;
  const below = (path: string): string | URL => {
    if (address === null) return path === "" ? String(base) : `${String(base).replace(/[/\\]+$/, "") || "."}/${path}`;
    const at = new URL(address);
    at.pathname = [at.pathname.replace(/\/+$/, ""), ...path.split("/").filter(Boolean).map(encodeURIComponent)].join(
      "/",
    );
    return at;
  };
  return {
    // Names in headers come from strangers: none leads out of the folder.
    at: (path) => isWithin(path) ? below(path) : null,
    async list(path) {
      if (address !== null && address.protocol !== "file:") return null;
      const { listFolder, isFolder } = await import("../../source/local/folder_node.ts");
      const at = below(path);
      const inside = (name: string) => below(path === "" ? name : `${path}/${name}`);
      return listFolder(at).map((name) => isFolder(inside(name)) ? `${name}/` : name);
    },
  };
}

// deno-lint-ignore no-control-regex -- NUL ends paths where C reads them
const BAD = /[\\\u0000]/;

function isWithin(path: string): boolean {
  return !BAD.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

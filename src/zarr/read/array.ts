/**
 * An array of a Zarr hierarchy, read through zarrita.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import { chunksText, summary, typeAndShape } from "../../array/text/summary.ts";
import { bounded } from "../../source/fetch/deadline.ts";
import { located } from "../../source/located.ts";
import { type DTypeData, type DTypeName, hasDType } from "../../array/dtype/dtype_name.ts";
import { readSelection } from "../../array/select/read_selection.ts";
import { sizeOf } from "../../array/ndarray.ts";
import { resolveSelection } from "../../array/select/selection.ts";
import type {
  ArrayData,
  DType,
  LazyArray,
  NDArray,
  ReadIntoOptions,
  ResolvedAxis,
  Selection,
} from "../../array/types.ts";
import { ArrayView, type ResolvedReader } from "../../array/select/view.ts";
import { CorruptFileError, LimitError } from "../../source/errors.ts";
import type { Limits } from "../../source/limits.ts";
import type { Cost } from "../../source/types.ts";
import { CodecModule } from "../codec/codec_instance.ts";
import { zarrError } from "../errors.ts";
import { fillBytes } from "./fill_value.ts";
import type { JsonObject } from "../json.ts";
import { undoCodecs } from "./own_codecs.ts";
import { type ChunkReader, readChunks } from "./read_chunks.ts";
import type { ZarrSpec } from "./spec.ts";
import { joinKey, type KeyStore } from "../store/store.ts";
import { type StoredForm, storedForm } from "./stored_form.ts";
import type { ZarrChunk, ZarrChunkedArray, ZarrGetOptions, ZarrRange, ZarrStore } from "../types.ts";
import { loadZarrita } from "../zarrita.ts";

/** An array of a Zarr hierarchy: a lazy array. Made by {@linkcode openZarr}. */
export class ZarrArray<D extends ArrayData = ArrayData> implements LazyArray<D>, ResolvedReader<D> {
  /** Tells it from a group. */
  readonly kind: "array" = "array";
  /** Path from the root, with a slash in front. */
  readonly path: string;
  /** Version of the format. */
  readonly zarrFormat: 2 | 3;
  /** Length of each axis. */
  readonly shape: readonly number[];
  /** Type of the elements as stored; values in memory are in native byte order. */
  readonly dtype: DType;
  /** Shape of the chunks: of the inner ones, where they lie in shards. */
  readonly chunkShape: readonly number[];
  /** Shape of the shards, or `null` where each chunk is an object of its own. */
  readonly shardShape: readonly number[] | null;
  /** Names of the axes, or `null` where they have none. */
  readonly dimensionNames: readonly (string | null)[] | null;
  /** Its attributes. */
  readonly attributes: JsonObject;
  /** Names of its codecs, in the order in which they are done. */
  readonly codecs: readonly string[];
  /** What chunks hold that were never written, as the metadata has it. */
  readonly fillValue: unknown;
  readonly #store: KeyStore;
  readonly #reader: ChunkReader;

  /** Made by {@linkcode openZarr}. */
  constructor(store: KeyStore, path: string, spec: ZarrSpec, limits: Limits) {
    printsAsText(ZarrArray.prototype);
    this.path = `/${path}`;
    this.zarrFormat = spec.zarrFormat;
    this.shape = spec.shape;
    this.dtype = spec.dtype;
    this.chunkShape = spec.chunkShape;
    this.shardShape = spec.shardShape;
    this.dimensionNames = spec.dimensionNames;
    this.attributes = spec.attributes;
    this.codecs = [...spec.codecs.map(({ name }) => name)];
    this.fillValue = spec.fillValue;
    this.#store = store;
    this.#reader = chunkReader(store, path, spec, limits);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("ZarrArray", this.path, typeAndShape(this), chunksText(this.chunkShape), this.codecs.join(", "));
  }

  /**
   * Whether the elements are of a dtype; if so, the type of what is read is known as well.
   *
   * @param name Name of the dtype, whatever its byte order
   * @throws {TypeError} If there is no such name
   */
  is<N extends DTypeName>(name: N): this is ZarrArray<DTypeData[N]> {
    return hasDType(this as LazyArray, name);
  }

  /** What reading the hierarchy has cost. */
  get cost(): Cost {
    return this.#store.meter.cost;
  }

  /**
   * Reads a selection, everything by default. Each chunk that it touches is fetched once.
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask
   * @param options Abort signal, memory to read into
   * @returns The values, in C order
   * @throws {SelectionError} If the selection doesn't fit the shape
   * @throws {CorruptFileError} If a chunk can't be decoded
   * @throws {UnsupportedFilterError} If a codec isn't built in
   * @throws {LimitError} If the result, or a chunk, would be larger than the limits
   */
  // deno-lint-ignore require-await -- so that a wrong selection rejects, as every other failure does
  async read(selection?: Selection, options?: ReadIntoOptions): Promise<NDArray<D>> {
    return located({ file: this.#store.name, object: this.path }, () => {
      return readSelection(this, selection, options);
    });
  }

  /** Reads a checked selection, one entry per axis of `shape`. */
  async readResolved(axes: readonly ResolvedAxis[], options?: ReadIntoOptions): Promise<NDArray<D>> {
    const [file, object] = [this.#store.name, this.path];
    return await located({ file, object }, () => {
      const call = { deadline: this.#store.deadline, what: `read "${object}" of`, file, object };
      return bounded(call, options ?? {}, (options) => readChunks(this.#reader, axes, options) as Promise<NDArray<D>>);
    });
  }

  /** A selection as a lazy array of its own; reads nothing. */
  view(selection: Selection): ArrayView<D> {
    return located({ file: this.#store.name, object: this.path }, () => {
      return new ArrayView<D>(this, resolveSelection(selection, this.shape));
    });
  }

  /** Closes the hierarchy that it belongs to. */
  async close(): Promise<void> {
    await this.#store.close();
  }

  /** The same, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Thrown by a store through zarrita, which would make fill values itself, where a chunk was never written. */
const MISSING = new Error("This chunk was never written");

/** What goes through zarrita from a look-up of a chunk to the store. */
interface Lookup extends ZarrGetOptions {
  /** Whether the store was asked for the chunk's own bytes: a shard's index says of some chunks that there are none. */
  found: boolean;
}

function chunkReader(store: KeyStore, path: string, spec: ZarrSpec, limits: Limits): ChunkReader {
  const name = `${JSON.stringify(`/${path}`)} of ${store.name}`;
  const form = storedForm(spec, name);
  const isText = form.dataType === "string" || form.dataType === "v2:object";
  const fill = isText ? textFill(spec.fillValue) : fillBytes(form.chunkDType, spec.fillValue, name);
  const chunkBytes = sizeOf(spec.chunkShape) * Math.max(1, form.chunkDType.itemsize);
  const open = async () => {
    if (!isText && chunkBytes > limits.maxChunkBytes) {
      throw new LimitError(
        `Cannot read ${name}: a chunk takes ${chunkBytes.toLocaleString("en")} bytes, ` +
          `more than the limit maxChunkBytes of ${limits.maxChunkBytes.toLocaleString("en")}`,
      );
    }
    // Text of any length has no size that is known before.
    const inflated = isText ? limits.maxChunkBytes : 2 * chunkBytes + 65_536;
    return await zarritaArray(chunkStore(store, path, spec, form, inflated), spec, form, name);
  };
  let array: Promise<ZarrChunkedArray> | undefined;
  return {
    name,
    shape: spec.shape,
    chunkShape: spec.chunkShape,
    dtype: form.chunkDType,
    fill: isText ? { value: fill } : { bytes: fill as Uint8Array },
    maxParallel: limits.maxParallel,
    maxReadBytes: limits.maxReadBytes,
    async getChunk(coordinates, options): Promise<ZarrChunk | null> {
      array ??= open();
      const lookup: Lookup = { ...options, found: false };
      try {
        const chunk = await (await array).getChunk(coordinates, lookup);
        return lookup.found ? chunk : null;
      } catch (error) {
        if (error === MISSING) return null;
        throw error;
      }
    },
  };
}

// zarr-python has empty text where a fill value is none.
function textFill(value: unknown): unknown {
  return value === null || value === 0 ? "" : value;
}

async function zarritaArray(
  store: ZarrStore,
  spec: ZarrSpec,
  form: StoredForm,
  name: string,
): Promise<ZarrChunkedArray> {
  const { Array: ZarritaArray } = await loadZarrita();
  const codecs = form.codecs.map((codec) => ({ name: codec.name, configuration: { ...codec.configuration } }));
  const sharding = {
    name: "sharding_indexed",
    configuration: {
      chunk_shape: [...spec.chunkShape],
      codecs,
      index_codecs: spec.indexCodecs.map(({ name, configuration }) => ({ name, configuration: { ...configuration } })),
    },
  };
  try {
    return new ZarritaArray(store, "/", {
      zarr_format: 3,
      node_type: "array",
      shape: [...spec.shape],
      data_type: form.dataType as "int32",
      chunk_grid: { name: "regular", configuration: { chunk_shape: [...(spec.shardShape ?? spec.chunkShape)] } },
      chunk_key_encoding: { name: spec.keys.name, configuration: { separator: spec.keys.separator } },
      codecs: spec.shardShape === null ? codecs : [sharding],
      fill_value: anyFill(form) as number,
      attributes: {},
    });
  } catch (cause) {
    throw zarrError(`Cannot read ${name}`, cause);
  }
}

// Where a shard lacks a chunk, zarrita makes one, which is thrown away: any value that it takes will do.
function anyFill({ dataType }: StoredForm): unknown {
  if (dataType === "bool") return false;
  return dataType === "string" || dataType.startsWith("v2:") ? "" : 0;
}

/** One instance of the codecs' module for each hierarchy: what is hostile in one harms no other. */
const modules = new WeakMap<KeyStore, CodecModule>();

function moduleOf(store: KeyStore): CodecModule {
  let module = modules.get(store);
  if (module === undefined) modules.set(store, module = new CodecModule());
  return module;
}

/** The store of one array: its chunks by their keys below its own path, with the codecs undone that zarrita isn't given. */
function chunkStore(
  store: KeyStore,
  path: string,
  spec: ZarrSpec,
  form: StoredForm,
  limit: number,
): ZarrStore {
  const module = moduleOf(store);
  const isPlain = form.codecs.every((codec) => codec.name === "bytes" || codec.name === "transpose");
  const exact = isPlain ? sizeOf(spec.chunkShape) * form.chunkDType.itemsize : null;
  const prepare = async (bytes: Uint8Array | undefined, key: string): Promise<Uint8Array> => {
    if (bytes === undefined) throw MISSING;
    const name = `${JSON.stringify(key)} of ${store.name}`;
    // Incompressible data grows by little: what is far longer than a chunk can be none.
    if (bytes.length > limit) {
      throw new CorruptFileError(`Cannot read ${name}: it has ${bytes.length} bytes, far more than a chunk takes`);
    }
    const undone = await undoCodecs(bytes, form.ownCodecs, { limit, name, module });
    // Bytes that make no whole element at the end would be passed over.
    if (exact !== null && undone.length !== exact) {
      throw new CorruptFileError(
        `Cannot read ${name}: it decodes to ${undone.length.toLocaleString("en")} bytes, ` +
          `expected ${exact.toLocaleString("en")}`,
      );
    }
    // zarrita's codec for text looks at the whole buffer, wherever a view of it begins.
    return undone.byteLength === undone.buffer.byteLength ? undone : undone.slice();
  };
  return {
    async get(key, options = {}) {
      const at = joinKey(path, key.slice(1));
      const bytes = await prepare(await store.get(at, options), at);
      (options as Lookup).found = true;
      return bytes;
    },
    async getRange(key, range, options = {}) {
      const at = joinKey(path, key.slice(1));
      if ("suffixLength" in range) return await shardIndex(store, at, spec, range.suffixLength);
      (options as Lookup).found = true;
      return await prepare(await store.getRange(at, range, options), at);
    },
  };
}

// zarrita keeps the index for all who wait for it, so no one's signal may end it.
async function shardIndex(store: KeyStore, key: string, spec: ZarrSpec, length: number): Promise<Uint8Array> {
  const range: ZarrRange = spec.indexLocation === "end" ? { suffixLength: length } : { offset: 0, length };
  const bytes = await store.getRange(key, range, {});
  if (bytes === undefined) throw MISSING;
  // zarrita takes the checksum off without a look at it.
  const name = `the index of ${JSON.stringify(key)} of ${store.name}`;
  if (spec.indexCodecs.at(-1)?.name === "crc32c") {
    await undoCodecs(bytes, spec.indexCodecs.slice(-1), { limit: length, name, module: moduleOf(store) });
  }
  return bytes.slice();
}

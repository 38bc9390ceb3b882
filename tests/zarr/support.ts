/**
 * Zarr arrays in memory, for tests.
 *
 * @module
 */
import * as zarr from "zarrita";

/** Keys and values of a store in memory. */
export type MemoryStore = Map<string, Uint8Array>;

/** Metadata as the bytes of a document. */
export function json(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** Metadata of an array in version 2. */
export function v2(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    zarr_format: 2,
    shape: [4],
    chunks: [2],
    dtype: "<i2",
    order: "C",
    compressor: null,
    filters: null,
    fill_value: 0,
    ...more,
  };
}

/** Metadata of an array in version 3. */
export function v3(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    zarr_format: 3,
    node_type: "array",
    shape: [4],
    data_type: "int16",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
    chunk_key_encoding: { name: "default" },
    codecs: [{ name: "bytes", configuration: { endian: "little" } }],
    fill_value: 0,
    attributes: {},
    ...more,
  };
}

/** A store that holds one array. */
export function storeOf(metadata: Record<string, unknown>, chunks: Record<string, Uint8Array> = {}): MemoryStore {
  return new Map([
    [metadata.zarr_format === 2 ? "/.zarray" : "/zarr.json", json(metadata)],
    ...Object.entries(chunks).map(([key, bytes]): [string, Uint8Array] => [`/${key}`, bytes]),
  ]);
}

/** An array of int32 that counts up in C order, written by zarrita. */
export async function counting(
  shape: number[],
  chunkShape: number[],
  codecs: zarr.CodecMetadata[] = [],
): Promise<{ store: MemoryStore; array: zarr.Array<"int32", MemoryStore> }> {
  const store: MemoryStore = new Map();
  const array = await zarr.create<MemoryStore, "int32">(store, { shape, chunkShape, dtype: "int32", codecs });
  const size = shape.reduce((product, length) => product * length, 1);
  const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, length) => product * length, 1));
  if (size > 0) await zarr.set(array, null, { data: Int32Array.from({ length: size }, (_, i) => i), shape, stride });
  return { store, array };
}

/** gzip of bytes. */
export async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A store that counts what it is asked for, and answers late. */
export function watched(store: MemoryStore, delay = 0): {
  get(key: string): Promise<Uint8Array | undefined>;
  keys: string[];
  most: number;
} {
  let now = 0;
  const out = {
    keys: [] as string[],
    most: 0,
    async get(key: string) {
      out.keys.push(key);
      out.most = Math.max(out.most, ++now);
      await new Promise((resolve) => setTimeout(resolve, delay));
      now--;
      return store.get(key);
    },
  };
  return out;
}

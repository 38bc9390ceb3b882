/**
 * A small NPZ archive, and a small Zarr hierarchy.
 *
 * @module
 */
import { encodeNpz, ndarray } from "../../mod.ts";
import { ZipWriter } from "../../src/source/zip/zip_writer.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { loadReader } from "../../src/wasm/reader/reader.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import type { Files } from "./kind.ts";

const numbers = Int32Array.from({ length: 300 }, (_, i) => i * i % 977);
const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Numbers, texts, records and objects; stored and deflated members. */
export async function npzFile(): Promise<Uint8Array> {
  const record = [{ a: 1, b: 2.5 }, { a: -1, b: 0.5 }];
  const stored = {
    numbers: ndarray(numbers, [20, 15]),
    half: ndarray(Float64Array.of(1.5, -2, NaN)),
    scalar: ndarray(Int8Array.of(3), []),
    texts: ndarray(["a", "bcd", "λ"]),
    objects: ndarray([null, 3, "x", [1, 2, new Map([["k", 1n << 70n]])]], [4], {
      kind: "object",
      itemsize: 8,
      byteOrder: "|",
    }),
    records: ndarray(record, [2], {
      kind: "compound",
      itemsize: 12,
      byteOrder: "|",
      fields: [
        { name: "a", dtype: { kind: "int", itemsize: 4, byteOrder: "<" }, offset: 0 },
        { name: "b", dtype: { kind: "float", itemsize: 8, byteOrder: "<" }, offset: 4 },
      ],
    }),
  };
  const reader = await loadReader();
  const sink = memorySink();
  const zip = new ZipWriter(sink, { crc32: (bytes, crc) => reader.crc32(bytes, crc) });
  for (const [name, array] of Object.entries(stored)) {
    const bytes = await encodeNpy(array);
    await zip.add(`${name}.npy`, [bytes]);
    await zip.add(`${name}_packed.npy`, [bytes], { compression: true });
  }
  zip.close();
  return sink.bytes().slice();
}

/** The same as what NumPy's `savez` makes of one array, for its headers. */
export async function smallNpz(): Promise<Uint8Array> {
  return await encodeNpz({ a: ndarray(numbers, [300]) });
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer(),
  );
}

/** Arrays of both versions, with and without codecs, sharded, with text, and metadata that is kept together. */
export async function zarrFiles(): Promise<Files> {
  const files = new Map<string, Uint8Array>();
  const half = (i: number) => new Uint8Array(numbers.slice(i * 150, i * 150 + 150).buffer);
  const v3 = (more: object) => ({
    zarr_format: 3,
    node_type: "array",
    shape: [300],
    data_type: "int32",
    chunk_grid: { name: "regular", configuration: { chunk_shape: [150] } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    codecs: [{ name: "bytes", configuration: { endian: "little" } }],
    fill_value: 0,
    attributes: { unit: "µV", nested: { a: [1, { b: null }] } },
    ...more,
  });
  const gzipped = [{ name: "bytes", configuration: { endian: "little" } }, {
    name: "gzip",
    configuration: { level: 5 },
  }];
  const group = { zarr_format: 3, node_type: "group", attributes: { a: 1 } };
  files.set("/zarr.json", text(group));
  files.set("/plain/zarr.json", text(v3({})));
  files.set("/packed/zarr.json", text(v3({ codecs: gzipped })));
  files.set(
    "/transposed/zarr.json",
    text(v3({
      shape: [20, 15],
      chunk_grid: { name: "regular", configuration: { chunk_shape: [10, 15] } },
      codecs: [{ name: "transpose", configuration: { order: [1, 0] } }, ...gzipped],
    })),
  );
  files.set(
    "/record/zarr.json",
    text(v3({
      data_type: { name: "struct", configuration: { fields: [["a", "int16"], ["b", "float16"]] } },
      fill_value: "AAAAAA==",
    })),
  );
  files.set(
    "/checked/zarr.json",
    text(v3({ codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }] })),
  );
  for (const i of [0, 1]) {
    files.set(`/plain/c/${i}`, half(i));
    files.set(`/record/c/${i}`, half(i));
    files.set(`/packed/c/${i}`, await gzip(half(i) as Uint8Array<ArrayBuffer>));
    files.set(`/transposed/c/${i}/0`, await gzip(half(i) as Uint8Array<ArrayBuffer>));
    files.set(`/checked/c/${i}`, withCrc32c(half(i)));
  }
  const together = Object.fromEntries(["plain", "packed"].map((name) => [name, v3({ shape: [10] })]));
  files.set(
    "/kept/zarr.json",
    text({ ...group, consolidated_metadata: { kind: "inline", must_understand: false, metadata: together } }),
  );
  return files;
}

/** Castagnoli's polynomial, reflected, bit by bit. */
function withCrc32c(bytes: Uint8Array): Uint8Array {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  const out = new Uint8Array(bytes.length + 4);
  out.set(bytes);
  new DataView(out.buffer).setUint32(bytes.length, ~crc >>> 0, true);
  return out;
}

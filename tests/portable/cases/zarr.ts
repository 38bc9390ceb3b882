/**
 * Zarr: arrays of zarrita as lazy arrays, lazy arrays as arrays of zarrita, and hierarchies by HTTP.
 *
 * @module
 */
import * as zarr from "zarrita";
import { open, slice } from "../../../mod.ts";
import { fromZarr, openZarr, toZarr } from "../../../src/zarr/mod.ts";
import type { Case } from "../types.ts";
import { errorOf, urlOf } from "./tools.ts";

const SIGNAL = "data/signal.h5";

function storeOf(metadata: Record<string, unknown>, chunks: Record<string, Uint8Array>): Map<string, Uint8Array> {
  const document = new TextEncoder().encode(JSON.stringify(metadata));
  return new Map([[metadata.zarr_format === 2 ? "/.zarray" : "/zarr.json", document], ...Object.entries(chunks)]);
}

function v2(more: Record<string, unknown>): Record<string, unknown> {
  return {
    zarr_format: 2,
    shape: [4],
    chunks: [2],
    order: "C",
    compressor: null,
    filters: null,
    fill_value: 0,
    ...more,
  };
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Cases of Zarr. */
export const zarrCases: readonly Case[] = [
  {
    name: "a dataset read by zarrita, and by us through zarrita",
    run: async (context) => {
      await using file = await open(urlOf(context, SIGNAL));
      const dataset = await file.dataset("/signal");
      const array = await toZarr(dataset);
      const { data, shape, stride } = await zarr.get(array, [zarr.slice(50, 60), null]) as zarr.Chunk<"int16">;
      const back = await fromZarr(array).read([[19999, 0, 7, 7], slice(null, null, -3)]);
      const own = await dataset.read([[19999, 0, 7, 7], slice(null, null, -3)]);
      return { data, shape, stride, back, own };
    },
  },
  {
    name: "Zarr of every codec that the HDF5 module holds: blosc, zstd, lz4, bz2",
    run: async (context) => {
      const { stores } = await (await fetch(urlOf(context, "data/zarr_codecs.json"))).json() as {
        stores: { name: string; keys: Record<string, string>; values: number[] }[];
      };
      const wrong: string[] = [];
      for (const { name, keys, values } of stores) {
        const store = new Map(Object.entries(keys).map(([key, value]) => [key, bytesOf(value)]));
        const array = await openZarr(store);
        if (array.kind !== "array") throw new Error(name);
        const { data } = await array.read();
        if (Array.from(data as ArrayLike<number>).some((value, i) => value !== values[i])) wrong.push(name);
      }
      if (wrong.length > 0) throw new Error(`wrong: ${wrong.join(", ")}`);
      return { read: stores.length };
    },
  },
  {
    name: "Zarr in memory: float16, text, complex numbers, gzip, fill values",
    run: async () => {
      const stores = [
        storeOf(v2({ dtype: ">f2", fill_value: 1.5 }), { "/0": Uint8Array.of(0x3c, 0, 0xc0, 0) }),
        storeOf(v2({ dtype: "<U1", fill_value: "é" }), { "/1": Uint8Array.of(97, 0, 0, 0, 98, 0, 0, 0) }),
        storeOf(v2({ dtype: "<c8" }), { "/0": new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer) }),
        storeOf(v2({ dtype: "<i2", compressor: { id: "gzip", level: 1 } }), {
          "/1": await gzip(Uint8Array.of(1, 0, 2, 0)),
        }),
      ];
      return await Promise.all(stores.map(async (store) => {
        const array = await openZarr(store);
        return array.kind === "array" ? await array.read([slice(null, null, -1)]) : null;
      }));
    },
  },
  {
    name: "Zarr that is wrong",
    run: async () => {
      const errors = [
        openZarr(new Map<string, Uint8Array>()),
        openZarr(storeOf(v2({ dtype: "x" }), {})),
        openZarr(storeOf(v2({ dtype: "<i2", chunks: [0] }), {})),
        openZarr(storeOf(v2({ dtype: "<i2" }), { "/0": Uint8Array.of(1) })).then((array) =>
          array.kind === "array" ? array.read() : null
        ),
        openZarr(storeOf(v2({ dtype: "<i2", compressor: { id: "gzip" } }), { "/0": Uint8Array.of(1) })).then((array) =>
          array.kind === "array" ? array.read() : null
        ),
      ];
      return await Promise.all(errors.map(errorOf));
    },
  },
];

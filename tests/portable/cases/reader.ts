/**
 * The reader's kernels, of which each engine must make the same bytes: NaN, rounding, SIMD and all.
 *
 * @module
 */
import { type ElementType, loadReader, type Overflow, type Reader } from "../../../src/wasm/reader/reader.ts";
import { randomBytes, randomNumbers, seeded } from "../../wasm/reader_random.ts";
import { ELEMENT_TYPES, STORED_TYPES } from "../../wasm/reader_twin.ts";
import { sha256 } from "../canonical.ts";
import type { Case } from "../types.ts";

type Random = (limit: number) => number;

/** A short digest of bytes. */
async function digest(view: ArrayBufferView<ArrayBuffer>): Promise<string> {
  return (await sha256(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))).slice(0, 16);
}

/** A case that gets the reader and seeded random numbers. */
function readerCase(name: string, run: (reader: Reader, random: Random) => Promise<unknown>): Case {
  return { name, run: async () => await run(await loadReader(), seeded(99)) };
}

/** What a conversion gives: a digest, or its error. */
async function converted(reader: Reader, random: Random, to: ElementType, overflow: Overflow): Promise<unknown> {
  const out: Record<string, string> = {};
  for (const from of STORED_TYPES) {
    const source = randomNumbers(random, from, 1500, overflow !== "error");
    try {
      out[from] = await digest(reader.convert(source, from, to, { overflow }));
    } catch (error) {
      out[from] = (error as Error).message;
    }
  }
  return out;
}

/** The cases. */
export const readerCases: readonly Case[] = [
  readerCase("the reader's checksums", (reader, random) => {
    const bytes = randomBytes(random, 700_001);
    return Promise.resolve([reader.crc32(bytes), reader.crc32c(bytes), reader.adler32(bytes)]);
  }),
  ...(["error", "wrap", "clip"] as const).map((overflow) =>
    readerCase(`the reader converts types, overflow ${overflow}`, async (reader, random) => {
      const out: Record<string, unknown> = {};
      for (const to of ELEMENT_TYPES) out[to] = await converted(reader, random, to, overflow);
      return out;
    })
  ),
  readerCase("the reader scales, and reduces for drawing", async (reader, random) => {
    const out: string[] = [];
    for (const type of ELEMENT_TYPES) {
      const source = randomNumbers(random, type, 3 * 4001);
      const gain = [0.195, -3.3, 1e30];
      out.push(await digest(reader.scale(source, type, "float32", { gain, offset: 7 })));
      out.push(await digest(reader.scale(source, type, "float64", { gain, offset: 7, layout: "channel-major" })));
      const { min, max, mean } = reader.decimate(source, type, { factor: 5, channels: 3 });
      for (const part of [min, max, mean]) out.push(await digest(part as ArrayBufferView<ArrayBuffer>));
    }
    return out;
  }),
  readerCase("the reader moves, swaps and unpacks", async (reader, random) => {
    const out: string[] = [];
    const source = randomBytes(random, 720_720);
    for (const itemsize of [1, 2, 3, 4, 8, 16]) {
      out.push(await digest(reader.transpose(source, [source.length / itemsize / 1001, 1001], itemsize)));
      const axes = [{ count: 30, stride: 24_000 }, { count: 9, stride: 160, indices: [3, 1, 8, 8, 0, 2, 7, 5, 6] }];
      const box = [...axes, { count: 20, stride: -itemsize }];
      const swap = [16, 8, 4, 2, 1].find((unit) => itemsize % unit === 0)!;
      out.push(await digest(reader.gather(source, { itemsize, swap, offset: 400, axes: box })));
    }
    for (const bits of [10, 12] as const) {
      for (const packing of ["lsb", "msb", "mipi"] as const) {
        out.push(await digest(reader.unpack(source, { bits, packing, skip: 3 })));
      }
    }
    out.push(await digest(reader.int24(source)), await digest(reader.bits(source, 2, { layout: "channel-major" })));
    return out;
  }),
];

/**
 * Flat files: from bytes, by URL, from a path and in memory, through the reader's module.
 *
 * @module
 */
import { memorySink } from "../../../src/source/sink/memory_sink.ts";
import { openRaw } from "../../../src/raw/open_raw.ts";
import { slice } from "../../../src/array/select/slice.ts";
import type { Case } from "../types.ts";
import { bytesOf, errorOf, LIMITS, recordRequests, urlOf } from "./tools.ts";

/** Any file is flat for who doesn't know better. */
const FILE = "data/signal.h5";

/** Cases of flat files. */
export const rawCases: readonly Case[] = [
  {
    name: "a flat file from bytes: byte orders, Fortran order, odd types, physical values",
    run: async (context) => {
      const bytes = (await bytesOf(context, FILE)).subarray(64_000, 124_000);
      const read = async (options: Parameters<typeof openRaw>[1]) => {
        await using array = await openRaw(bytes, options);
        return await array.read([slice(1000, 1010)]);
      };
      return [
        await read({ dtype: "<i2", shape: [null, 4] }),
        await read({ dtype: ">i2", shape: [null, 4], order: "F" }),
        await read({ dtype: ">u8", offset: 8 * 16 }),
        await read({ dtype: "S5" }),
        await read({ dtype: "int24", shape: [null, 2] }),
        await read({ dtype: "uint12:msb" }),
        await read({ dtype: "uint10:lsb" }),
        await read({ dtype: ">bits16" }),
        await read({ dtype: "int16", shape: [null, 2], scale: { gain: [0.195, 2], offset: 1, dtype: "float32" } }),
        await read({ dtype: "int16", scale: { gain: 0.195 } }),
      ];
    },
  },
  {
    name: "a flat file by URL: what is asked for, and what comes",
    run: async (context) => {
      const requests = recordRequests();
      const options = { ...LIMITS, headBytes: 4096, wholeFileBytes: 0, onRequest: requests.onRequest };
      await using array = await openRaw(urlOf(context, FILE), { ...options, dtype: "<u2", shape: [2000, 32] });
      const opening = requests.take();
      const rows = await array.read([slice(500, 510)]);
      // No more than may be in flight together: what queues is counted by who happens to answer first.
      const column = await array.read([slice(1000, 2000, 300), 3]);
      return { shape: array.shape, opening, rows, column, requests: requests.take() };
    },
  },
  {
    name: "a flat file written in memory",
    run: async () => {
      const sink = memorySink();
      await using array = await openRaw(sink, { mode: "w+", dtype: ">f4", shape: [4, 3], order: "F", offset: 4 });
      await array.write(null, 1);
      await array.write([slice(1, 3), 2], [0.5, -2]);
      const refused = await errorOf(array.write([0], ["1", "2", "3"]));
      return { values: await array.read(), bytes: sink.bytes().slice(), refused };
    },
  },
  {
    name: "a flat file that isn't as it is said to be",
    run: async (context) => {
      const bytes = (await bytesOf(context, FILE)).subarray(0, 61);
      return [
        await errorOf(openRaw(bytes, { dtype: "int16" })),
        await errorOf(openRaw(bytes.subarray(1), { dtype: "int16", shape: [null, 7] })),
        await errorOf(openRaw(bytes, { dtype: "float64", shape: [8] })),
        await errorOf(openRaw(bytes, { dtype: "float12" })),
        await errorOf(openRaw(urlOf(context, FILE), { attempts: 1 })),
      ];
    },
  },
];

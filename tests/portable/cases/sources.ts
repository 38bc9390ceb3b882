/**
 * Parts of the library that touch what differs between runtimes: modules, R2, text, dates.
 *
 * @module
 */
import { formatCost } from "../../../src/source/mod.ts";
import { init, open, parseSelection, slice } from "../../../mod.ts";
import type { Case } from "../types.ts";
import { bytesOf, errorOf, urlOf } from "./tools.ts";

const SIGNAL = "data/signal.h5";

/** Cases of modules and sources. */
export const sourceCases: readonly Case[] = [
  {
    name: "an object of a bucket",
    run: async (context) => {
      const bytes = await bytesOf(context, SIGNAL);
      const asked: unknown[] = [];
      const bucket = {
        head: (key: string) => Promise.resolve(key === "a.h5" ? { size: bytes.length, etag: "v1" } : null),
        get: (key: string, options: { range?: { offset: number; length: number } } = {}) => {
          if (key !== "a.h5") return Promise.resolve(null);
          const { offset, length } = options.range ?? { offset: 0, length: bytes.length };
          asked.push([offset, length]);
          const part = bytes.slice(offset, offset + length);
          return Promise.resolve({ size: bytes.length, etag: "v1", arrayBuffer: () => Promise.resolve(part.buffer) });
        },
      };
      await using file = await open({ bucket, key: "a.h5" }, { smallFileBytes: 0 });
      const values = await (await file.dataset("/signal")).read([slice(0, 500, 50)]);
      return { values, first: asked[0], absent: await errorOf(open({ bucket, key: "b.h5" })) };
    },
  },
  {
    name: "a source of the user's own that fails or is short",
    run: async () => {
      const failing = { byteLength: 4096, read: () => Promise.reject(new Error("the disk is gone")) };
      const short = { byteLength: 4096, read: () => Promise.resolve(new Uint8Array(10)) };
      return [await errorOf(open(failing)), await errorOf(open(short))];
    },
  },
  {
    name: "selections as text",
    run: async () => [
      parseSelection("0:10,:,3"),
      parseSelection("..., ::-2", 3),
      parseSelection("[1,5,7], [True,False]"),
      await errorOf(Promise.resolve().then(() => parseSelection("1:2:0"))),
      await errorOf(Promise.resolve().then(() => parseSelection("a"))),
    ],
  },
  {
    name: "cost as text",
    run: async (context) => {
      await using file = await open(urlOf(context, SIGNAL), { smallFileBytes: 0, headBytes: 4096 });
      return formatCost(file.cost, file.byteLength);
    },
  },
  {
    name: "a module that isn't one",
    run: async () => {
      const { name, code } = await errorOf(init({ bytes: new Uint8Array([1, 2, 3, 4]) })) as Error & { code: string };
      return { name, code };
    },
  },
];

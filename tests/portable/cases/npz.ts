/**
 * NPY and NPZ: read from memory and from the server, written, refused.
 *
 * @module
 */
import { memoryArray } from "../../../src/array/memory.ts";
import { ndarray } from "../../../src/array/ndarray.ts";
import { slice } from "../../../src/array/select/slice.ts";
import { openNpz } from "../../../src/npy/npz.ts";
import { openNpy } from "../../../src/npy/open_npy.ts";
import { unpickle } from "../../../src/npy/pickle/pickle.ts";
import { encodeNpy } from "../../../src/npy/write.ts";
import { encodeNpz } from "../../../src/npy/write_npz.ts";
import type { Case } from "../types.ts";
import { bytesOf, errorOf, kindOfError, LIMITS, recordRequests, urlOf } from "./tools.ts";

const ARRAYS = "data/arrays.npz";
const PACKED = "data/packed.npz";

/** Cases of NPY and NPZ. */
export const npzCases: readonly Case[] = [
  {
    name: "every array of an archive, from memory",
    run: async (context) => {
      const out: unknown[] = [];
      for (const path of [ARRAYS, "data/objects.npz"]) {
        await using npz = await openNpz(await bytesOf(context, path));
        for (const [key, array] of await npz.getAll()) out.push(key, array.order === "F", await array.read());
      }
      return out;
    },
  },
  {
    name: "slices of an archive on a server, and what they cost",
    run: async (context) => {
      const requests = recordRequests();
      // Browsers open files from their start.
      const options = { ...LIMITS, headBytes: 4096, openFrom: "start" as const, onRequest: requests.onRequest };
      await using npz = await openNpz(urlOf(context, ARRAYS), options);
      const out: unknown[] = [npz.keys(), requests.take()];
      const d = await npz.get("d");
      out.push(requests.take(), await d.read([slice(3000, 3004), slice(null, null, -2)]), requests.take());
      out.push(await d.read([slice(null, null, 500), 3]), requests.take());
      out.push(await (await npz.get("turned.npy")).read([slice(5), 7]), requests.take());
      return out;
    },
  },
  {
    name: "an archive on a server, opened as each runtime does it",
    run: async (context) => {
      await using npz = await openNpz(urlOf(context, ARRAYS));
      return [npz.keys(), await (await npz.get("t")).read([slice(990, null)]), npz.cost.requests <= 3];
    },
  },
  {
    name: "deflated members, kept and streamed, from a server",
    run: async (context) => {
      await using npz = await openNpz(urlOf(context, PACKED), LIMITS);
      const small = await npz.get("small");
      const large = await npz.get("large");
      return [
        small.storage,
        await small.read([[5, 4999, 5], 2]),
        await large.read([slice(700_000, 700_010)]),
        await large.read([slice(null, null, -100_000)]),
        (await large.read()).data.length,
      ];
    },
  },
  {
    name: "what is written, stored and deflated",
    run: async () => {
      const whole = ndarray(Float32Array.from({ length: 600 }, (_, i) => i / 3), [20, 30]);
      const arrays = {
        whole: memoryArray(whole, { chunkShape: [7, 30] }),
        text: ndarray(["a", "λμ"]),
        count: ndarray(BigInt64Array.of(-1n, 2n ** 62n)),
      };
      const stored = await encodeNpz(arrays, { blockBytes: 500 });
      await using packed = await openNpz(await encodeNpz(arrays, { compression: true, order: "F" }));
      const back: unknown[] = [];
      for (const [key, array] of await packed.getAll()) back.push(key, array.storage, await array.read());
      return [stored, encodeNpy(whole, { byteOrder: ">", order: "F" }), back];
    },
  },
  {
    name: "archives and arrays that lie",
    run: async (context) => {
      const bytes = await bytesOf(context, ARRAYS);
      const wrong = bytes.slice();
      wrong[200] = wrong[200]! ^ 1; // in the data of the first member
      await using npz = await openNpz(wrong);
      const packed = await bytesOf(context, PACKED);
      packed.fill(255, 100, 120);
      await using damaged = await openNpz(packed);
      return [
        await errorOf(openNpz(bytes.slice(0, -30))),
        await errorOf(npz.get("t").then((array) => array.read())),
        await (await npz.get("t")).read([slice(500, 503)]),
        await kindOfError(damaged.get("small")),
        await errorOf(npz.get("nothing")),
        await errorOf(openNpy(new Uint8Array(200))),
        await errorOf(openNpy(encodeNpy(ndarray(Int8Array.of(1, 2, 3))).slice(0, -1))),
        await errorOf(Promise.resolve().then(() => unpickle(new TextEncoder().encode("cos\nsystem\n.")))),
      ];
    },
  },
];

/** microtome on local files, the direct path and `H5Dread`. */
import { open, slice } from "../../mod.ts";
import type { LocalPeer, Series, Timed } from "../types.ts";
import { sumOfLastRow } from "./check.ts";

/**
 * Makes the peer.
 *
 * @param engine Which way the bytes go; the best by default.
 */
export function microtome(engine?: "library"): LocalPeer {
  const options = { engine };
  return {
    name: engine === undefined ? "microtome" : "microtome by H5Dread",
    whole: ({ path, dataset }: Series): Promise<Timed> =>
      timed(async () => {
        await using file = await open(path);
        return sumOfLastRow(await (await file.dataset(dataset)).read(null, options));
      }),
    async slices({ path, dataset }, starts, rows) {
      await using file = await open(path);
      const series = await file.dataset(dataset);
      await series.read([slice(0, rows)], options);
      const { milliseconds, check } = await timed(async () => {
        let sum = 0;
        for (const start of starts) sum = sumOfLastRow(await series.read([slice(start, start + rows)], options));
        return sum;
      });
      return { milliseconds: milliseconds / starts.length, check };
    },
    scratch: ({ path, dataset }, start, rows) =>
      timed(async () => {
        await using file = await open(path);
        return sumOfLastRow(await (await file.dataset(dataset)).read([slice(start, start + rows)], options));
      }),
  };
}

async function timed(run: () => Promise<number>): Promise<Timed> {
  const start = performance.now();
  const check = await run();
  return { milliseconds: performance.now() - start, check };
}

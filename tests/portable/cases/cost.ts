/**
 * Which requests are sent, in which order, and what they are said to have cost.
 *
 * @module
 */
import { open, slice } from "../../../mod.ts";
import type { Case } from "../types.ts";
import { bytesOf, check, LIMITS, recordRequests, urlOf } from "./tools.ts";

const SIGNAL = "data/signal.h5";

/** Cases of requests. */
export const costCases: readonly Case[] = [
  {
    name: "requests of opening, finding, a cold slice, a second one, and one of many chunks",
    run: async (context) => {
      const requests = recordRequests();
      await using file = await open(urlOf(context, SIGNAL), { ...LIMITS, onRequest: requests.onRequest });
      const opened = requests.take();
      const signal = await file.dataset("/signal");
      const found = requests.take();
      const cold = await signal.read([slice(1000, 1100), 0]);
      const first = requests.take();
      const second = await signal.read([slice(9000, 9100), 0]);
      const then = requests.take();
      const many = await signal.read([slice(2000, 16_000), slice(0, 2)]);
      return { opened, found, cold, first, second, then, many, all: requests.take(), cost: file.cost };
    },
  },
  {
    name: "requests of listing 200 members",
    run: async (context) => {
      const requests = recordRequests();
      await using file = await open(urlOf(context, "data/many_groups.h5"), {
        ...LIMITS,
        onRequest: requests.onRequest,
      });
      const links = await file.links();
      const listed = requests.take();
      const members = await file.members();
      return { links: links.length, listed, members: members.length, opened: requests.take(), cost: file.cost };
    },
  },
  {
    name: "requests for a file whose space is managed in pages",
    run: async (context) => {
      const requests = recordRequests();
      await using file = await open(urlOf(context, "data/paged.h5"), {
        ...LIMITS,
        headBytes: 1024,
        onRequest: requests.onRequest,
      });
      const kinds = (await file.members()).map(({ name, object }) => [name, object?.kind]);
      return { kinds, info: file.info, requests: requests.take(), cost: file.cost };
    },
  },
  {
    name: "a small file taken whole",
    run: async (context) => {
      const requests = recordRequests();
      const options = { ...LIMITS, smallFileBytes: 1 << 20, headBytes: 4096, onRequest: requests.onRequest };
      await using file = await open(urlOf(context, SIGNAL), options);
      await (await file.dataset("/signal")).read();
      return { requests: requests.take(), cost: file.cost };
    },
  },
  {
    name: "what reading from memory costs",
    run: async (context) => {
      await using file = await open(await bytesOf(context, SIGNAL), LIMITS);
      await (await file.dataset("/signal")).read([slice(0, 10)]);
      return { cost: file.cost, byteLength: file.byteLength };
    },
  },
  {
    name: "eight reads at once of one file",
    run: async (context) => {
      await using file = await open(urlOf(context, SIGNAL), LIMITS);
      const signal = await file.dataset("/signal");
      const starts = [0, 4000, 0, 19_000, 150, 4000, 12_345, 7];
      const reads = await Promise.all(starts.map((start) => signal.read([slice(start, start + 500)])));
      check(file.cost.bytes <= file.byteLength + 100_000, `Bytes were fetched twice: ${file.cost.bytes}`);
      return reads;
    },
  },
  {
    name: "four files open at once",
    run: async (context) => {
      const paths = [SIGNAL, "data/types.h5", SIGNAL, "data/strings.h5"];
      const files = await Promise.all(paths.map((path) => open(urlOf(context, path))));
      try {
        await files[0]!.close();
        return await Promise.all(files.slice(1).map(async (file) => (await file.links()).map(({ name }) => name)));
      } finally {
        for (const file of files) await file.close();
      }
    },
  },
];

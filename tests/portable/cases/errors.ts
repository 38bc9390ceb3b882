/**
 * Bad input: each a clear error of its own class, the same words everywhere.
 *
 * @module
 */
import { type H5File, MicrotomeError, open, slice, type SourceInput } from "../../../mod.ts";
import type { Case, Context } from "../types.ts";
import { bytesOf, check, errorOf, kindOfError, urlOf } from "./tools.ts";

const FILE = "data/layouts_old.h5";

async function withFile<T>(context: Context, path: string, use: (file: H5File) => Promise<T>): Promise<T> {
  await using file = await open(urlOf(context, path));
  return await use(file);
}

/** Opens what must not open, and reads all of it should it open after all. */
async function openAll(source: SourceInput): Promise<unknown> {
  const errors: unknown[] = [];
  await using file = await open(source);
  for (const { name, object, error } of await file.members()) {
    if (error !== undefined) errors.push([name, error]);
    if (object?.kind !== "dataset") continue;
    try {
      await (await file.dataset(object.path)).read();
      errors.push([name, "read"]);
    } catch (failure) {
      check(failure instanceof MicrotomeError, `Not an error of this library: ${failure}`);
      errors.push([name, failure]);
    }
  }
  return errors;
}

/** Cases of what goes wrong. */
export const errorCases: readonly Case[] = [
  {
    name: "what isn't an HDF5 file",
    run: async () => [
      await errorOf(open(new Uint8Array(0))),
      await errorOf(open(new Uint8Array(100))),
      await errorOf(open(new TextEncoder().encode("just text ".repeat(1000)))),
      await errorOf(open(new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]))),
    ],
  },
  {
    name: "what can't be a source",
    run: async () => [
      await errorOf(open(null as unknown as SourceInput)),
      await errorOf(open(42 as unknown as SourceInput)),
      await errorOf(open({} as unknown as SourceInput)),
      await errorOf(open("ftp://127.0.0.1/a.h5")),
      await errorOf(open("")),
    ],
  },
  {
    name: "a file cut short at each eighth",
    run: async (context) => {
      const bytes = await bytesOf(context, FILE);
      const outcomes: unknown[] = [];
      for (let part = 1; part < 8; part++) {
        const cut = bytes.slice(0, Math.floor(bytes.length * part / 8));
        try {
          outcomes.push(await openAll(cut));
        } catch (error) {
          check(error instanceof MicrotomeError, `Not an error of this library: ${error}`);
          outcomes.push(error);
        }
      }
      return outcomes;
    },
  },
  {
    name: "objects that aren't there, or are of another kind",
    run: (context) =>
      withFile(context, "data/signal.h5", async (file) => [
        await errorOf(file.get("/nothing")),
        await errorOf(file.get("/recording/nothing/deeper")),
        await errorOf(file.get("/signal/below")),
        await errorOf(file.dataset("/recording")),
        await errorOf(file.group("/signal")),
        await errorOf((await file.dataset("/signal")).attributes.get("nothing")),
        await file.has("/nothing"),
        await file.has("/recording/data"),
      ]),
  },
  {
    name: "filters that aren't built in, and damaged chunks",
    run: (context) => openAll(urlOf(context, "data/filters_odd.h5")),
  },
  {
    name: "links that lead nowhere, in circles, or too far",
    run: (context) =>
      withFile(context, "data/links.h5", async (file) => {
        const outcomes: unknown[] = [];
        for (const { name } of await file.links()) {
          try {
            outcomes.push([name, (await file.get(name)).kind]);
          } catch (error) {
            outcomes.push([name, error]);
          }
        }
        outcomes.push((await file.get("/chain/link20")).kind, await errorOf(file.get("/chain/link39")));
        return outcomes;
      }),
  },
  {
    name: "a chain of links within a limit of one's own",
    run: async (context) => {
      await using file = await open(urlOf(context, "data/links.h5"), { maxLinks: 64 });
      return (await file.get("/chain/link39")).kind;
    },
  },
  {
    name: "a read beyond the limit of one read",
    run: async (context) => {
      await using file = await open(urlOf(context, "data/signal.h5"), { maxReadBytes: 100_000, smallFileBytes: 0 });
      const signal = await file.dataset("/signal");
      return [await errorOf(signal.read()), (await signal.read([slice(0, 100)])).shape];
    },
  },
  {
    name: "a closed file used again",
    run: async (context) => {
      const file = await open(urlOf(context, "data/signal.h5"));
      const signal = await file.dataset("/signal");
      const view = signal.view([0]);
      await file.close();
      await file.close();
      return [
        file.closed,
        await errorOf(file.get("/signal")),
        await errorOf(file.links()),
        await errorOf(signal.read([0])),
        await errorOf(view.read()),
        await errorOf(signal.attributes.list()),
      ];
    },
  },
  {
    name: "a server that can't be reached",
    // Port 9 is nobody's here; each runtime has its own words for it.
    run: () => kindOfError(open("http://127.0.0.1:9/a.h5", { attempts: 1 })),
  },
  {
    name: "a file that the server hasn't",
    run: (context) => errorOf(open(urlOf(context, "data/absent.h5"))),
  },
];

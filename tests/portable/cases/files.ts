/**
 * Whole files: everything in each, and from each kind of source.
 *
 * @module
 */
import { type ByteSource, type Group, MicrotomeError, open, type OpenOptions, type SourceInput } from "../../../mod.ts";
import type { Case, Context } from "../types.ts";
import { bytesOf, check, urlOf } from "./tools.ts";
import { walk } from "./walk.ts";

/** The file that comes from each kind of source. */
const FILE = "data/types.h5";

/** What must be allowed for a file to be read whole. */
const OPTIONS: Readonly<Record<string, OpenOptions>> = {
  "data/external.h5": { external: true },
  "data/links.h5": { external: true },
  "data/virtual.h5": { external: true },
};

async function walkFile(source: SourceInput, options: OpenOptions = {}): Promise<unknown> {
  await using file = await open(source, options);
  return await walk(file);
}

/** The same of a file that somebody else made: some are cut short, or wrong from their first byte. */
async function walkAny(url: string): Promise<unknown> {
  try {
    return await walkFile(url);
  } catch (error) {
    check(error instanceof MicrotomeError, `Not an error of this library: ${error}`);
    return error;
  }
}

function sameFrom(name: string, make: (context: Context) => Promise<SourceInput>, needs?: "disk"): Case {
  return {
    name: `a file read from ${name}`,
    ...(needs === undefined ? {} : { needs }),
    run: async (context) => await walkFile(await make(context)),
  };
}

/** A source of the user's own: the two members that do the work. */
function customSource(bytes: Uint8Array): ByteSource {
  return {
    byteLength: bytes.length,
    read: ({ offset, length }) => Promise.resolve(bytes.slice(offset, offset + length)),
  };
}

/**
 * Cases that read whole files.
 *
 * @param context Which files there are.
 * @returns The cases.
 */
export function fileCases(context: Context): Case[] {
  const whole = context.fixtures.map((path): Case => ({
    name: `everything in ${path}`,
    run: (context) => walkFile(urlOf(context, path), OPTIONS[path]),
  }));
  const corpus = context.corpus.map((path): Case => ({
    name: `everything in ${path}`,
    run: (context) => walkAny(urlOf(context, path)),
  }));
  const closed = Object.keys(OPTIONS).filter((path) => context.fixtures.includes(path)).map((path): Case => ({
    name: `everything in ${path} but what needs another file`,
    run: (context) => walkFile(urlOf(context, path)),
  }));
  return [
    ...whole,
    ...closed,
    ...corpus,
    {
      name: "every dataset read with and without H5Dread",
      run: async (context) => {
        const compared: unknown[] = [];
        for (const path of context.fixtures) compared.push([path, await bothWays(urlOf(context, path))]);
        return compared;
      },
    },
    sameFrom("a URL", (context) => Promise.resolve(new URL(urlOf(context, FILE)))),
    sameFrom("a Uint8Array", (context) => bytesOf(context, FILE)),
    sameFrom("an ArrayBuffer", async (context) => (await bytesOf(context, FILE)).buffer),
    sameFrom("a Blob", async (context) => new Blob([await bytesOf(context, FILE)])),
    sameFrom("a File", async (context) => new File([await bytesOf(context, FILE)], "types.h5")),
    sameFrom("a source of the user's own", async (context) => customSource(await bytesOf(context, FILE))),
    sameFrom("a path", (context) => Promise.resolve(`${context.directory}/${FILE}`), "disk"),
  ];
}

/** Reads every dataset that can be read either way both ways; says how many there were. */
async function bothWays(url: string): Promise<number> {
  await using file = await open(url);
  let count = 0;
  const queue: Group[] = [file];
  while (queue.length > 0) {
    for (const { object } of await queue.shift()!.members()) {
      if (object?.kind === "group" && object.path.split("/").length < 6) queue.push(object as Group);
      if (object?.kind !== "dataset") continue;
      const dataset = object as Awaited<ReturnType<typeof file.dataset>>;
      if (!dataset.direct) continue;
      const read = async (engine: "direct" | "library") => {
        try {
          const { data } = await dataset.read(null, { engine });
          check(ArrayBuffer.isView(data), `${dataset.path} is read directly but not numeric`);
          return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        } catch (error) {
          return (error as { code?: string }).code ?? String(error);
        }
      };
      const [direct, library] = [await read("direct"), await read("library")];
      // H5Dread doesn't look whether a chunk decodes to its whole length; the direct way refuses one that doesn't.
      const stricter = direct === "corrupt" && typeof library !== "string";
      check(stricter || equal(direct, library), `${dataset.path} of ${url} differs between the two ways`);
      count++;
    }
  }
  return count;
}

function equal(a: Uint8Array | string, b: Uint8Array | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

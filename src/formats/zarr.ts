/**
 * Zarr as a format: folders, their URLs, archives, stores.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import { UnsupportedError, WrongKindError } from "../source/errors.ts";
import type { ZarrArray } from "../zarr/read/array.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { openZarr, type ZarrSource } from "../zarr/open_zarr.ts";
import type { SourceFormat } from "./format.ts";
import { Opened } from "./opened.ts";

type Node = ZarrArray | ZarrGroup;

/** A Zarr hierarchy, version 2 or 3. Only reading chunks needs the package zarrita. */
export const ZARR: SourceFormat<"zarr", Node> = {
  name: "zarr",
  description: "Zarr hierarchy",
  recognises: ({ kind, isFolder, given }) => isFolder || isStore(given) || kind === "Zarr ZIP" || kind === "ZIP",
  async open({ input, given, name, path, isFolder, head, options }) {
    const root = await openZarr(input as ZarrSource, { ...options, ...(isFolder ? { zip: false } : {}) });
    // A folder is taken for Zarr by its name, or by what is in it: else the whole disk might be listed.
    if (root.zarrFormat === null && isFolder && head.length === 0 && !/\.(zarr|zip)[/\\]*$/i.test(path)) {
      await root.close();
      throw new WrongKindError(`Cannot open ${JSON.stringify(name)}: it is a directory, and no Zarr`, { file: name });
    }
    const nodeAt = async (key: string, signal: AbortSignal | undefined): Promise<Node> => {
      if (key.replaceAll("/", "") === "") return root;
      if (root.kind === "group") return await root.get(key, { signal });
      throw new UnsupportedError(
        `Cannot open ${JSON.stringify(key)} of ${String(given)}: it is an array itself, without paths`,
        { file: name, object: key },
      );
    };
    return new Opened<"zarr", Node>({
      format: ZARR,
      name,
      byteLength: null,
      meter: options.meter,
      handle: root,
      keys: async (below, { signal }) => (await arraysBelow(await nodeAt(below, signal), signal)).map(([key]) => key),
      async get(key, { signal }) {
        const node = await nodeAt(key, signal);
        // Of a group this says that it is one.
        return node.kind === "array" ? node : await node.array("", { signal });
      },
      entries: async (below, { signal }) => await arraysBelow(await nodeAt(below, signal), signal),
      close: () => root.close(),
    });
  },
};

function isStore(given: unknown): boolean {
  return typeof given === "object" && given !== null && typeof (given as { get?: unknown }).get === "function";
}

async function arraysBelow(
  node: Node,
  signal: AbortSignal | undefined,
): Promise<(readonly [key: string, array: LazyArray])[]> {
  if (node.kind === "array") return [[node.path, node]];
  const members = await node.members({ signal });
  const failed = members.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw failed.error;
  return (await Promise.all(members.map((member) => arraysBelow(member.node!, signal)))).flat();
}

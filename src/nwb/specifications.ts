/**
 * The specifications that a file carries, read when it has types that aren't known by heart.
 *
 * @module
 */

import { elements } from "../array/ndarray.ts";
import type { Dataset } from "../hdf5/dataset.ts";
import { Group } from "../hdf5/group.ts";
import { ClosedError, SourceError } from "../source/errors.ts";
import type { Looked } from "./catalog.ts";
import type { NwbReadOptions } from "./series/read_members.ts";
import { collectParents } from "./types.ts";

/** Namespaces whose types are known by heart. */
const KNOWN: ReadonlySet<string> = new Set(["core", "hdmf-common", "hdmf-experimental"]);

/**
 * Reads what the types of a file's extensions extend.
 *
 * @param root The file's root
 * @param warn Told of a specification that can't be read; the others count
 * @param options Abort signal
 * @returns What each type extends, by its name
 */
export async function readSpecifications(
  root: Looked,
  warn: (path: string, message: string) => void,
  options: NwbReadOptions,
): Promise<Map<string, string>> {
  const parents = new Map<string, string>();
  const folder = root.members.get("specifications")?.object;
  if (!(folder instanceof Group)) return parents;
  const namespaces = (await groupsIn([folder], options)).filter((group) => !KNOWN.has(group.name));
  const versions = await groupsIn(namespaces, options);
  const sources = (await Promise.all(versions.map((version) => version.members(options)))).flat();
  const texts = await Promise.all(sources.map(async ({ name, object }): Promise<[string, string] | null> => {
    if (object?.kind !== "dataset" || name === "namespace") return null;
    try {
      const [text] = elements(await (object as Dataset).read(null, options));
      return [object.path, String(text)];
    } catch (error) {
      if (error instanceof SourceError || error instanceof ClosedError) throw error;
      options.signal?.throwIfAborted();
      warn(object.path, `Cannot read the specification ${object.path}: ${(error as Error).message}`);
      return null;
    }
  }));
  for (const found of texts) {
    if (found === null) continue;
    try {
      collectParents(found[1], parents);
    } catch (error) {
      warn(found[0], `Cannot read the specification ${found[0]}: ${(error as Error).message}`);
    }
  }
  return parents;
}

async function groupsIn(groups: readonly Group[], options: NwbReadOptions): Promise<Group[]> {
  const members = await Promise.all(groups.map((group) => group.members(options)));
  return members.flat().flatMap(({ object }) => object instanceof Group ? [object] : []);
}

/**
 * The datasets of an HDF5 file.
 *
 * @module
 */

import { Dataset } from "../hdf5/dataset.ts";
import type { H5File } from "../hdf5/file.ts";
import { Group, type Member } from "../hdf5/group.ts";
import type { H5Object } from "../hdf5/objects.ts";
import { ClosedError, NotFoundError, SourceError, WrongKindError } from "../source/errors.ts";

/** An object, and where it is a group what lies in it. */
interface Node {
  readonly object: H5Object;
  readonly members: Node[];
}

/**
 * All datasets at and below a path, each once, at the first of its paths that is met, the shortest ones first. Soft and
 * external links aren't followed; what can't be opened, and null dataspaces, which hold no array, are left out.
 *
 * @param file The file
 * @param below The path
 * @param options Abort signal
 * @throws {NotFoundError} If there is nothing, or a type
 * @throws {WrongKindError} If there is a null dataspace
 */
export async function datasetsBelow(
  file: H5File,
  below: string,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<(readonly [path: string, dataset: Dataset])[]> {
  const top = await file.get(below, { signal });
  const details = { file: file.name, object: below };
  if (top instanceof Dataset) {
    if (!top.isNull) return [[top.path, top]];
    throw new WrongKindError(
      `Cannot read ${JSON.stringify(below)}: it is HDF5's null dataspace, and holds no array`,
      details,
    );
  }
  if (!(top instanceof Group)) {
    throw new NotFoundError(`Cannot find arrays at ${JSON.stringify(below)}: it is a type`, details);
  }
  const root: Node = { object: top, members: [] };
  const seen = new Set([keyOf(top)]);
  // Level by level, each in as few rounds as it needs.
  let level: Node[] = [root];
  while (level.length > 0) {
    const groups = level.filter(({ object }) => object instanceof Group);
    const lists = await Promise.all(groups.map(({ object }) => membersOf(object as Group, signal)));
    level = [];
    groups.forEach((group, i) => {
      for (const { link, object } of lists[i]!) {
        if (link.type !== "hard" || object === undefined || seen.has(keyOf(object))) continue;
        seen.add(keyOf(object));
        const node: Node = { object, members: [] };
        group.members.push(node);
        level.push(node);
      }
    });
  }
  return [...datasetsOf(root)];
}

function* datasetsOf({ object, members }: Node): Generator<readonly [string, Dataset]> {
  if (object instanceof Dataset && !object.isNull) yield [object.path, object];
  for (const member of members) yield* datasetsOf(member);
}

/**
 * The members of a group. One that may not be opened, such as a link to another file, doesn't hide the others.
 *
 * @param group The group
 * @param signal Aborts
 */
export async function membersOf(group: Group, signal: AbortSignal | undefined): Promise<Member[]> {
  try {
    return await group.members({ signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SourceError || error instanceof ClosedError) throw error;
    const links = await group.links({ signal });
    return await Promise.all(links.map(async (link): Promise<Member> => {
      try {
        return { name: link.name, link, object: await group.get(link.name, { signal }) };
      } catch (error) {
        return { name: link.name, link, error: error as Error };
      }
    }));
  }
}

/** What tells an object from all others, whatever path leads to it. */
export function keyOf({ fileIndex, address }: H5Object): string {
  return `${fileIndex}:${address}`;
}

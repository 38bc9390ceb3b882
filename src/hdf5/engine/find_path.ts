/**
 * A path to an object of which only the address is known.
 *
 * @module
 */
import type { Group, GroupOptions } from "../group.ts";
import { joinPath } from "../objects.ts";

/**
 * Looks for an object along hard links, level by level, so that a shortest path is found and waiting takes round trips by
 * depth. Of several on one level it is the first by name.
 *
 * @param root Where to begin.
 * @param address Address of the object's header, in the root's file.
 * @param options Abort signal.
 * @returns Its path, or `null` where no hard link leads to it.
 */
export async function findPath(root: Group, address: number, options: GroupOptions): Promise<string | null> {
  const seen = new Set<number>([root.address]);
  if (root.address === address) return root.path;
  for (let level = [root]; level.length > 0;) {
    const below = await Promise.all(level.map((group) => linksOf(group, options)));
    for (const [i, links] of below.entries()) {
      const link = links.find((one) => one.type === "hard" && one.address === address);
      if (link !== undefined) return joinPath(level[i]!.path, link.name);
    }
    const members = await Promise.all(level.map((group) => group.members(options)));
    level = members.flat().flatMap(({ link, object }) => {
      if (link.type !== "hard" || object?.kind !== "group" || seen.has(object.address)) return [];
      seen.add(object.address);
      return [object];
    });
  }
  return null;
}

/** A group that can't be listed hides what lies below it, and nothing else. */
async function linksOf(group: Group, options: GroupOptions) {
  try {
    return await group.links(options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof Error && "code" in error && error.code === "corrupt") return [];
    throw error;
  }
}

/**
 * `GET /ls`: what a file holds.
 *
 * @module
 */
import { Dataset, Group, H5File, type Member } from "../../mod.ts";
import { numpyName } from "../../src/array/mod.ts";
import type { Opened } from "../../src/formats/mod.ts";
import type { Settings } from "./settings.ts";

/** One object of the tree. */
interface Node {
  readonly name: string;
  readonly kind: "group" | "dataset" | "type" | "link" | "error";
  members?: Node[];
  readonly shape?: readonly number[];
  readonly dtype?: string;
  readonly chunks?: readonly number[] | null;
  readonly filters?: readonly string[];
  readonly attributes?: number;
  /** Path of the same object, where it stands in the tree already. */
  readonly sameAs?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/**
 * Answers with the tree below a group, breadth first, so that what is left out of a large file lies deepest. Of what isn't
 * HDF5 it answers with the arrays.
 *
 * @param file The file
 * @param query `path` of a group, the root by default
 * @param settings How many objects at most
 * @param signal Aborts when the client goes away
 * @returns `{path, tree, truncated}`
 */
export async function answerTree(
  file: Opened,
  query: URLSearchParams,
  settings: Settings,
  signal: AbortSignal,
): Promise<Response> {
  const path = query.get("path") ?? "/";
  if (file.handle instanceof H5File) return await answerGroups(file.handle, path, settings, signal);
  const keys = await file.keys({ below: path, signal });
  const members = await Promise.all(
    keys.slice(0, settings.maxObjects).map(async (name): Promise<Node> => {
      const { shape, dtype, chunkShape } = await file.get(name, { signal });
      return { name, kind: "dataset", shape, dtype: numpyName(dtype), chunks: chunkShape };
    }),
  );
  const tree: Node = { name: path, kind: "group", members };
  return Response.json({ path, tree, truncated: members.length < keys.length });
}

async function answerGroups(file: H5File, path: string, settings: Settings, signal: AbortSignal): Promise<Response> {
  const top = await file.group(path, { signal });
  const tree: Node = { name: top.name, kind: "group", attributes: top.attributeCount, members: [] };
  const seen = new Map([[keyOf(top), top.path]]);
  const queue: [Group, Node][] = [[top, tree]];
  let room = settings.maxObjects;
  let truncated = false;
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [group, node] = next;
    const count = group.memberCount ?? (await group.links({ signal })).length;
    if (count > room) {
      truncated = true;
      continue;
    }
    room -= count;
    node.members = (await group.members({ signal })).map((member) => {
      const made = nodeOf(member, seen);
      if (member.object instanceof Group && made.kind === "group") queue.push([member.object, made]);
      return made;
    });
  }
  return Response.json({ path: top.path, tree, truncated });
}

function nodeOf({ name, object, error }: Member, seen: Map<string, string>): Node {
  if (object === undefined) {
    const code = (error as { code?: unknown } | undefined)?.code;
    return { name, kind: "error", error: { code: String(code ?? "error"), message: error?.message ?? "" } };
  }
  const before = seen.get(keyOf(object));
  if (before !== undefined) return { name, kind: "link", sameAs: before };
  seen.set(keyOf(object), object.path);
  if (object instanceof Dataset) {
    return {
      name,
      kind: "dataset",
      shape: object.shape,
      dtype: numpyName(object.dtype),
      chunks: object.chunkShape,
      filters: object.filters.map((filter) => filter.name || String(filter.id)),
      attributes: object.attributeCount,
    };
  }
  return { name, kind: object.kind, attributes: object.attributeCount };
}

function keyOf({ fileIndex, address }: { readonly fileIndex: number; readonly address: number }): string {
  return `${fileIndex}:${address}`;
}

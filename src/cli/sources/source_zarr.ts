/**
 * Zarr hierarchies as the commands show them.
 *
 * @module
 */

import { shapeText } from "../../array/ndarray.ts";
import { describeDType, dtypeFromNumpy, numpyName } from "../../array/dtype/dtype.ts";
import type { JsonValue } from "../../array/text/serialise.ts";
import type { Opened } from "../../formats/mod.ts";
import type { ZarrArray } from "../../zarr/read/array.ts";
import type { ZarrGroup } from "../../zarr/group.ts";
import { type ArraySource, arraySource } from "./sources.ts";
import type { TreeAttribute, TreeNode } from "../tree.ts";

type Node = ZarrArray | ZarrGroup;

/**
 * A Zarr hierarchy as a source.
 *
 * @param opened The hierarchy
 */
export function zarrSource(opened: Opened): ArraySource {
  const root = opened.handle as Node;
  const nodeAt = async (path: string, signal: AbortSignal): Promise<Node> => {
    if (path.replaceAll("/", "") === "") return root;
    // Of an array this says that it has no paths.
    return root.kind === "group" ? await root.get(path, { signal }) : await opened.get(path, { signal }) as ZarrArray;
  };
  return arraySource(opened, {
    kind: "Zarr",
    tree: async (path, { depth, signal }) => await nodeTree(await nodeAt(path, signal), null, depth, signal),
    // deno-lint-ignore require-await -- as others have it
    async info() {
      return root.kind === "array" ? arrayInfo(root) : {
        rows: [
          ["version", root.zarrFormat === null ? "none: a folder" : String(root.zarrFormat)],
          ["node", "group"],
          ["attributes", String(Object.keys(root.attributes).length)],
        ],
        json: { zarrFormat: root.zarrFormat, node: "group", attributes: root.attributes as JsonValue },
      };
    },
  });
}

async function nodeTree(node: Node, name: string | null, depth: number, signal: AbortSignal): Promise<TreeNode> {
  const attributes = Object.entries(node.attributes).map(([name, value]) => attributeOf(name, value as JsonValue));
  const own = { name: name ?? node.path, path: node.path, ...(attributes.length === 0 ? {} : { attributes }) };
  if (node.kind === "array") {
    const { shape, dtype, chunkShape, codecs } = node;
    const filters = codecs.map((codec) => ({ id: 0, name: codec.replace(/^numcodecs\./, ""), values: [] }));
    return { ...own, kind: "dataset", shape, maxShape: shape, dtype, chunks: chunkShape, layout: "chunked", filters };
  }
  const group: TreeNode = { ...own, kind: "group", memberCount: null };
  if (depth === 0) return group;
  const members = await node.members({ signal });
  group.members = await Promise.all(members.map(async ({ name, node: member, error }): Promise<TreeNode> => {
    if (member !== undefined) return await nodeTree(member, name, depth - 1, signal);
    const path = `${node.path === "/" ? "" : node.path}/${name}`;
    return { name, path, kind: "error", error: error!.message };
  }));
  return group;
}

// Attributes are JSON: text, numbers, and lists or objects, which are shown as JSON has them.
function attributeOf(name: string, json: JsonValue): TreeAttribute {
  if (typeof json === "number") {
    return { name, dtype: { kind: "float", itemsize: 8, byteOrder: "<" }, value: json, json };
  }
  if (typeof json === "boolean") {
    return { name, dtype: { kind: "bool", itemsize: 1, byteOrder: "|" }, value: json, json };
  }
  return { name, dtype: dtypeFromNumpy("str"), value: typeof json === "string" ? json : JSON.stringify(json), json };
}

function arrayInfo(array: ZarrArray) {
  const { zarrFormat, shape, dtype, chunkShape, shardShape, codecs, dimensionNames, attributes } = array;
  const rows: [string, string][] = [
    ["version", String(zarrFormat)],
    ["node", "array"],
    ["dtype", `${numpyName(dtype)}: ${describeDType(dtype)}`],
    ["shape", shapeText(shape)],
    ["chunks", shapeText(chunkShape)],
    ...(shardShape === null ? [] : [["shards", shapeText(shardShape)] as [string, string]]),
    ["codecs", codecs.join(", ") || "none"],
    ...(dimensionNames === null
      ? []
      : [["axes", dimensionNames.map((name) => name ?? "?").join(", ")] as [string, string]]),
    ["attributes", String(Object.keys(attributes).length)],
  ];
  const json = {
    zarrFormat,
    node: "array",
    dtype: numpyName(dtype),
    shape: [...shape],
    chunks: [...chunkShape],
    shards: shardShape === null ? null : [...shardShape],
    codecs: [...codecs],
    dimensionNames: dimensionNames === null ? null : [...dimensionNames],
    attributes: attributes as JsonValue,
  };
  return { rows, json };
}

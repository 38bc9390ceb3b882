/**
 * Zarr hierarchies as sources.
 *
 * @module
 */

import { shapeText } from "../array/ndarray.ts";
import { describeDType, dtypeFromNumpy, numpyName } from "../array/dtype.ts";
import type { JsonValue } from "../array/serialise.ts";
import { UnsupportedError, WrongKindError } from "../source/errors.ts";
import type { SourceOptions } from "../source/open_source.ts";
import type { ZarrArray, ZarrGroup } from "../zarr/zarr.ts";
import { pathOf } from "./paths.ts";
import type { ArraySource, NamedArray, Opening } from "./sources.ts";
import type { TreeAttribute, TreeNode } from "./tree.ts";

type Node = ZarrArray | ZarrGroup;

/**
 * Opens a Zarr hierarchy as a source.
 *
 * @param opening What and how
 * @param options Of HTTP, and limits
 * @param zip Whether it is an archive, where the ending doesn't tell
 */
export async function zarrSource(
  { source, meter, signal }: Opening,
  options: SourceOptions,
  zip?: boolean,
): Promise<ArraySource> {
  const { openZarr } = await loadZarr();
  const root = await openZarr(source, { ...options, meter, signal, zip });
  // A folder is taken for Zarr by its name, or by what is in it: else the whole disk might be listed.
  if (root.zarrFormat === null && zip !== true && !/\.(zarr|zip)[/\\]*$/i.test(pathOf(source))) {
    await root.close();
    throw new WrongKindError(`Cannot open ${JSON.stringify(source)}: it is a directory, and no Zarr`, { file: source });
  }
  const at = async (path: string, signal: AbortSignal): Promise<Node> =>
    path.replaceAll("/", "") === ""
      ? root
      : root.kind === "group"
      ? await root.get(path, { signal })
      : notBelow(source, path);
  return {
    kind: "Zarr",
    description: "Zarr hierarchy",
    byteLength: null,
    get cost() {
      return meter.cost;
    },
    tree: async (path, { depth, signal }) => await nodeTree(await at(path, signal), null, depth, signal),
    async array(path, signal) {
      const node = await at(path, signal);
      if (node.kind === "array") return { path: node.path, array: node };
      // Says that it is a group.
      return { path: node.path, array: await node.array("", { signal }) };
    },
    arrays: async (path, signal) => await arraysBelow(await at(path, signal), signal),
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
    [Symbol.asyncDispose]: () => root.close(),
  };
}

// The npm package doesn't bring zarrita along: most who use it never meet Zarr.
async function loadZarr(): Promise<typeof import("../zarr/zarr.ts")> {
  try {
    return await import("../zarr/zarr.ts");
  } catch (cause) {
    if (!/zarrita/.test(String((cause as Error).message))) throw cause;
    throw new UnsupportedError("Cannot read Zarr: the package zarrita isn't installed (npm install zarrita)", {
      cause,
    });
  }
}

function notBelow(source: string, path: string): never {
  throw new UnsupportedError(`Cannot open ${JSON.stringify(path)} of ${source}: it is an array itself, without paths`);
}

async function arraysBelow(node: Node, signal: AbortSignal): Promise<NamedArray[]> {
  if (node.kind === "array") return [{ path: node.path, array: node }];
  const members = await node.members({ signal });
  const failed = members.find(({ error }) => error !== undefined);
  if (failed !== undefined) throw failed.error;
  return (await Promise.all(members.map((member) => arraysBelow(member.node!, signal)))).flat();
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

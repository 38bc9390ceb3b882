/**
 * The metadata documents of one node, whichever version wrote them.
 *
 * @module
 */

import { CorruptFileError } from "../../source/errors.ts";
import { isObject, type JsonObject, parseDocument } from "../json.ts";
import { checkAttributes, type ZarrSpec } from "./spec.ts";
import { specV2 } from "./spec_v2.ts";
import { specV3 } from "./spec_v3.ts";
import { joinKey, type KeyStore, plainPath } from "../store/store.ts";
import type { ZarrGetOptions } from "../types.ts";

/** What a node's documents say. */
export type NodeDocument =
  | { readonly kind: "array"; readonly spec: ZarrSpec }
  | {
    readonly kind: "group";
    readonly zarrFormat: 2 | 3;
    readonly attributes: JsonObject;
    /** Documents of what lies below, where they were kept together with it. */
    readonly consolidated: Consolidated | null;
  };

/** Documents by the path of their node, without slashes at the ends. */
export type Consolidated = ReadonlyMap<string, () => NodeDocument>;

/** Versions to look for. */
export type Format = 2 | 3 | null;

/**
 * Reads the documents of a node.
 *
 * @param store Where
 * @param path Its path
 * @param format Version to look for, or `null` for both: the newer is taken where a node has both
 * @param options Abort signal
 * @returns What they say, or `null` where there are none
 */
export async function readNode(
  store: KeyStore,
  path: string,
  format: Format,
  options: ZarrGetOptions,
): Promise<NodeDocument | null> {
  const names = [
    ...(format === 2 ? [] : ["zarr.json"]),
    ...(format === 3 ? [] : [".zarray", ".zgroup", ".zattrs", ".zmetadata"]),
  ];
  const read = async (name: string): Promise<[string, JsonObject | undefined]> => {
    const bytes = await store.get(joinKey(path, name), options);
    return [name, bytes === undefined ? undefined : parseDocument(bytes, documentName(store, path, name))];
  };
  // Whether it is one version or the other, array or group: all are asked for at once.
  const documents = new Map(await Promise.all(names.map(read)));
  const name = (document: string) => documentName(store, path, document);
  const v3 = documents.get("zarr.json");
  if (v3 !== undefined) return nodeV3(v3, name("zarr.json"));
  const attributes = documents.get(".zattrs");
  const array = documents.get(".zarray");
  if (array !== undefined) return { kind: "array", spec: specV2(array, attributes, name(".zarray")) };
  const group = documents.get(".zgroup");
  if (group === undefined) return null;
  const consolidated = documents.get(".zmetadata");
  return {
    ...groupV2(group, attributes, name(".zgroup")),
    consolidated: consolidated === undefined ? null : consolidatedV2(consolidated, name(".zmetadata")),
  };
}

function documentName(store: KeyStore, path: string, document: string): string {
  return `${JSON.stringify(joinKey(path, document))} of ${store.name}`;
}

function nodeV3(document: JsonObject, name: string): NodeDocument {
  if (document.zarr_format !== 3) {
    throw new CorruptFileError(
      `Cannot read ${name}: its zarr_format is ${JSON.stringify(document.zarr_format)}, expected 3`,
    );
  }
  if (document.node_type === "array") return { kind: "array", spec: specV3(document, name) };
  if (document.node_type !== "group") {
    throw new CorruptFileError(
      `Cannot read ${name}: its node_type is ${JSON.stringify(document.node_type)}, expected "array" or "group"`,
    );
  }
  const { consolidated_metadata: consolidated } = document;
  return {
    kind: "group",
    zarrFormat: 3,
    attributes: checkAttributes(name, document.attributes),
    consolidated: isObject(consolidated) && isObject(consolidated.metadata)
      ? consolidatedV3(consolidated.metadata, name)
      : null,
  };
}

function groupV2(
  group: JsonObject,
  attributes: JsonObject | undefined,
  name: string,
): NodeDocument & { kind: "group" } {
  if (group.zarr_format !== 2) {
    throw new CorruptFileError(
      `Cannot read ${name}: its zarr_format is ${JSON.stringify(group.zarr_format)}, expected 2`,
    );
  }
  return { kind: "group", zarrFormat: 2, attributes: checkAttributes(name, attributes), consolidated: null };
}

// A document is read when its node is, so that a wrong one spoils no other.
function consolidatedV3(metadata: JsonObject, name: string): Consolidated {
  return new Map(
    Object.entries(metadata).map(([path, document]) => {
      const of = `${JSON.stringify(path)} in ${name}`;
      return [plainPath(path), () => nodeV3(isObject(document) ? document : {}, of)];
    }),
  );
}

// { "metadata": { "a/.zarray": {…}, "a/.zattrs": {…}, ".zgroup": {…} } }
function consolidatedV2(document: JsonObject, name: string): Consolidated {
  const nodes = new Map<string, () => NodeDocument>();
  const all = isObject(document.metadata) ? document.metadata : {};
  for (const [key, value] of Object.entries(all)) {
    const match = /^(?:(.*)\/)?\.(zarray|zgroup)$/.exec(key);
    if (match === null) continue;
    const path = match[1] ?? "";
    nodes.set(plainPath(path), () => {
      const own = isObject(value) ? value : {};
      const attributes = all[joinKey(path, ".zattrs")];
      const of = `${JSON.stringify(key)} in ${name}`;
      const checked = checkAttributes(of, attributes);
      return match[2] === "zarray" ? { kind: "array", spec: specV2(own, checked, of) } : groupV2(own, checked, of);
    });
  }
  return nodes;
}

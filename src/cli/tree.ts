/**
 * The tree of a file, as `ls` prints it.
 *
 * @module
 */

import { numpyName } from "../array/dtype/dtype.ts";
import type { JsonValue } from "../array/text/serialise.ts";
import type { DType } from "../array/types.ts";
import { keyOf, membersOf } from "../formats/hdf5_datasets.ts";
import type { Attribute, AttributeSet } from "../hdf5/attributes.ts";
import { Dataset } from "../hdf5/dataset.ts";
import { Group, type Member, type NamedType } from "../hdf5/group.ts";
import type { H5Object } from "../hdf5/objects.ts";
import type { Filter } from "../hdf5/metadata.ts";

/** An attribute of an object in the tree. */
export interface TreeAttribute {
  /** Its name. */
  readonly name: string;
  /** Type of its elements. */
  readonly dtype: DType;
  /** Its value as `AttributeSet.get` gives it; absent where it can't be read. */
  readonly value?: unknown;
  /** The value, where the file has it as JSON. */
  readonly json?: JsonValue;
  /** Why it can't be read. */
  readonly error?: string;
}

/** One object of the tree, or a link that isn't followed. */
export interface TreeNode {
  /** Name in its group; `/` for the root. */
  readonly name: string;
  /** Path from the root. */
  readonly path: string;
  /** What it is. A link is a soft or external one, or a second hard one to an object that is in the tree already. */
  readonly kind: "group" | "dataset" | "type" | "link" | "error";
  /** Its attributes. */
  attributes?: TreeAttribute[];
  /** A group's members; absent where they weren't listed because of the depth. */
  members?: TreeNode[];
  /** Number of members, where they weren't listed and it is known. */
  readonly memberCount?: number | null;
  /** Type of a dataset's elements or of a named type, as stored. */
  readonly dtype?: DType;
  /** Shape of a dataset, `null` for one without a dataspace. */
  readonly shape?: readonly number[] | null;
  /** How far a dataset can grow. */
  readonly maxShape?: readonly (number | null)[];
  /** Shape of a dataset's chunks. */
  readonly chunks?: readonly number[] | null;
  /** How a dataset lies in the file. */
  readonly layout?: string;
  /** A dataset's filters; those of other formats have no numbers, and 0 here. */
  readonly filters?: readonly Pick<Filter, "id" | "name" | "values">[];
  /** Bytes that a dataset takes in the file; `null` where that isn't known. */
  readonly storageSize?: number | null;
  /** Kind of link. */
  readonly link?: "hard" | "soft" | "external" | "user";
  /** Where a link leads: for a hard one the path at which the object stands in the tree. */
  readonly target?: string;
  /** File that an external link leads to. */
  readonly file?: string;
  /** What kind of object a link leads to; `null` where it leads to none. */
  readonly leadsTo?: "group" | "dataset" | "type" | null;
  /** Why an object can't be opened. */
  readonly error?: string;
}

/** Options of {@linkcode readTree}. */
export interface TreeOptions {
  /** Levels of groups to list. */
  readonly depth: number;
  /** Aborts. */
  readonly signal: AbortSignal;
  /** Told how many objects are known. */
  readonly onProgress?: (count: number) => void;
}

/**
 * Reads the tree below an object, level by level, each level in as few rounds as it needs. An object that several hard
 * links lead to is shown at the first of its paths that is met, the shortest ones first, and elsewhere as a link; so a
 * circle ends.
 *
 * @param top The object
 * @param options How deep
 * @returns Its node
 */
export async function readTree(top: Group | Dataset | NamedType, options: TreeOptions): Promise<TreeNode> {
  const tree = objectNode(top, top.name);
  const seen = new Map([[keyOf(top), top.path]]);
  let objects: [H5Object, TreeNode][] = [[top, tree]];
  for (let level = 0; objects.length > 0; level++) {
    const groups = level >= options.depth ? [] : objects.filter(([object]) => object instanceof Group);
    const [lists] = await Promise.all([
      Promise.all(groups.map(([group]) => membersOf(group as Group, options.signal))),
      ...objects.map(async ([object, node]) => {
        if (object.attributeCount > 0) node.attributes = await readAttributes(object.attributes, options.signal);
      }),
    ]);
    objects = [];
    groups.forEach(([group, node], i) => {
      node.members = lists[i]!.map((member) => {
        const made = memberNode(member, group.path, seen);
        if (member.object !== undefined && made.kind !== "link") objects.push([member.object, made]);
        return made;
      });
    });
    options.onProgress?.(seen.size);
  }
  return tree;
}

function memberNode({ name, link, object, error }: Member, parent: string, seen: Map<string, string>): TreeNode {
  const path = `${parent === "/" ? "" : parent}/${name}`;
  if (link.type !== "hard") {
    return {
      name,
      path,
      kind: "link",
      link: link.type,
      ...(link.target === undefined ? {} : { target: link.target }),
      ...(link.file === undefined ? {} : { file: link.file }),
      leadsTo: object?.kind ?? null,
      ...(error === undefined ? {} : { error: error.message }),
    };
  }
  if (object === undefined) return { name, path, kind: "error", error: error?.message ?? "it can't be opened" };
  const first = seen.get(keyOf(object));
  if (first !== undefined) return { name, path, kind: "link", link: "hard", target: first, leadsTo: object.kind };
  seen.set(keyOf(object), path);
  return objectNode(object, name);
}

function objectNode(object: Group | Dataset | NamedType, name: string): TreeNode {
  const { path, kind } = object;
  if (object instanceof Dataset) {
    return {
      name,
      path,
      kind,
      shape: object.isNull ? null : object.shape,
      maxShape: object.maxShape,
      dtype: object.dtype,
      chunks: object.chunkShape,
      layout: object.layout,
      filters: object.filters,
      storageSize: object.storageSize,
    };
  }
  if (object instanceof Group) return { name, path, kind, memberCount: object.memberCount };
  return { name, path, kind, dtype: object.dtype };
}

/**
 * Reads an object's attributes; one that can't be read says why and spoils none of the others.
 *
 * @param attributes The attributes
 * @param signal Aborts
 */
export async function readAttributes(attributes: AttributeSet, signal: AbortSignal): Promise<TreeAttribute[]> {
  let list: Attribute[];
  try {
    list = await attributes.list({ signal });
  } catch (error) {
    signal.throwIfAborted();
    const dtype: DType = { kind: "opaque", itemsize: 0, byteOrder: "|", tag: "" };
    return [{ name: "", dtype, error: (error as Error).message }];
  }
  try {
    const values = await attributes.all({ signal });
    return list.map(({ name, dtype }) => ({ name, dtype, value: values[name] }));
  } catch {
    signal.throwIfAborted();
    return await Promise.all(list.map(async ({ name, dtype }): Promise<TreeAttribute> => {
      try {
        return { name, dtype, value: await attributes.get(name, { signal }) };
      } catch (error) {
        return { name, dtype, error: (error as Error).message };
      }
    }));
  }
}

/** NumPy's name and the filters' names of a node: what a line of `ls` has of its dtype and filters. */
export function shortNames(node: TreeNode): { dtype: string | undefined; filters: string[] } {
  return {
    dtype: node.dtype === undefined ? undefined : numpyName(node.dtype),
    filters: (node.filters ?? []).map(({ id, name, values }) =>
      id === 1 && values.length > 0 ? `${name} ${values[0]}` : name || `filter ${id}`
    ),
  };
}

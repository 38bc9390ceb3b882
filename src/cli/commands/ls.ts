/**
 * `ls`: the tree of a file.
 *
 * @module
 */

import { describeDType, numpyName } from "../../array/dtype/dtype.ts";
import { formatArray, formatValue } from "../../array/text/format.ts";
import { elements, isNDArray, shapeText } from "../../array/ndarray.ts";
import { jsonElement, type JsonValue } from "../../array/text/serialise.ts";
import type { NDArray } from "../../array/types.ts";
import type { Call } from "../call.ts";
import { type CliIo, oneLine, printableName } from "../io.ts";
import { withProgress } from "../progress.ts";
import type { ArraySource } from "../sources/sources.ts";
import { shortNames, type TreeAttribute, type TreeNode } from "../tree.ts";

// Longer values of attributes are cut off where the tree is printed for people; `--json` has them whole.
const VALUE_LENGTH = 100;

/**
 * Prints the tree below a path.
 *
 * @param source The source
 * @param call What was asked for
 * @param io The world
 */
export async function list(source: ArraySource, call: Call, io: CliIo): Promise<void> {
  let objects = 1;
  const tree = await withProgress(
    io,
    () => ({ fraction: null, text: `${objects} objects, ${source.cost.requests} requests` }),
    () => source.tree(call.path, { depth: call.depth, signal: io.signal, onProgress: (count) => objects = count }),
  );
  if (call.json) await io.stdout(`${JSON.stringify(jsonNode(tree))}\n`);
  else for (const line of treeLines(tree)) await io.stdout(`${line}\n`);
}

/**
 * A tree as lines of text.
 *
 * @param tree The tree
 */
export function* treeLines(tree: TreeNode): Generator<string> {
  yield nodeLine(tree, tree.path);
  yield* linesBelow(tree, "");
}

function* linesBelow(node: TreeNode, indent: string): Generator<string> {
  const members = node.members ?? [];
  const rail = members.length > 0 ? "│ " : "  ";
  for (const attribute of node.attributes ?? []) yield `${indent}${rail}  ${attributeText(attribute)}`;
  for (const [i, member] of members.entries()) {
    const isLast = i === members.length - 1;
    yield `${indent}${isLast ? "└── " : "├── "}${nodeLine(member, member.name)}`;
    yield* linesBelow(member, `${indent}${isLast ? "    " : "│   "}`);
  }
}

function nodeLine(node: TreeNode, name: string): string {
  const label = printableName(name);
  switch (node.kind) {
    case "group": {
      const slash = label.endsWith("/") ? label : `${label}/`;
      if (node.members !== undefined) return slash;
      return node.memberCount === null
        ? `${slash}  (not listed)`
        : `${slash}  (${node.memberCount} members, not listed)`;
    }
    case "dataset":
      return `${label}  ${datasetText(node)}`;
    case "type":
      return `${label}  type ${oneLine(describeDType(node.dtype!))}`;
    case "error":
      return `${label}  (${oneLine(node.error!)})`;
    case "link":
      return `${label} -> ${linkText(node)}`;
  }
}

function datasetText(node: TreeNode): string {
  const parts = [oneLine(describeDType(node.dtype!)), node.shape === null ? "null" : shapeText(node.shape!)];
  if (node.chunks !== null) parts.push(` chunks ${shapeText(node.chunks!)}`);
  else if (node.layout !== "contiguous") parts.push(` ${node.layout}`);
  const { filters } = shortNames(node);
  if (filters.length > 0) parts.push(` ${oneLine(filters.join(", "))}`);
  return parts.join(" ");
}

function linkText(node: TreeNode): string {
  const target = printableName(node.target ?? "?");
  if (node.link === "hard") return `${target}  (the same ${node.leadsTo})`;
  const where = node.file === undefined ? target : `${printableName(node.file)}:${target}`;
  const what = node.leadsTo === null
    ? (node.link === "external" ? ", not opened" : ", leads nowhere")
    : ` to a ${node.leadsTo}`;
  return `${where}  (${node.link} link${what})`;
}

function attributeText({ name, dtype, value, error }: TreeAttribute): string {
  const text = error === undefined ? valueText(value, dtype) : `(${error})`;
  const line = oneLine(text);
  return `@${printableName(name)} = ${line.length > VALUE_LENGTH ? `${line.slice(0, VALUE_LENGTH)}…` : line}`;
}

function valueText(value: unknown, dtype: TreeAttribute["dtype"]): string {
  if (isNDArray(value)) return formatArray(value, { maxRows: 4, maxColumns: 6 });
  return value === null ? "null" : formatValue(value, dtype);
}

/**
 * A node as `ls --json` prints it.
 *
 * @param node The node
 */
export function jsonNode(node: TreeNode): JsonValue {
  const { dtype, attributes, members, filters, memberCount: _, ...rest } = node;
  return {
    ...rest as unknown as Record<string, JsonValue>,
    ...(dtype === undefined ? {} : { dtype: numpyName(dtype), type: describeDType(dtype) }),
    ...(filters === undefined
      ? {}
      : { filters: filters.map(({ id, name, values }) => ({ id, name, values: [...values] })) }),
    ...(node.kind === "link" || node.kind === "error" ? {} : { attributes: jsonAttributes(attributes ?? []) }),
    ...(members === undefined ? {} : { members: members.map(jsonNode) }),
  };
}

/**
 * Attributes by name as JSON: a scalar as its value, an array as nested lists.
 *
 * @param attributes The attributes
 */
export function jsonAttributes(attributes: readonly TreeAttribute[]): JsonValue {
  return Object.fromEntries(attributes.map(({ name, dtype, value, error, json }) => {
    if (json !== undefined) return [name, json];
    if (error !== undefined) return [name, { error }];
    if (value === null) return [name, null];
    return [name, isNDArray(value) ? nestedJson(value) : jsonElement(value, dtype)];
  }));
}

function nestedJson(array: NDArray): JsonValue {
  const values = [...elements(array)].map((value) => jsonElement(value, array.dtype));
  const nest = (shape: readonly number[], from: number, count: number): JsonValue => {
    if (shape.length === 0) return values[from]!;
    const [length, ...inner] = shape;
    const step = length === 0 ? 0 : count / length!;
    return Array.from({ length: length! }, (_, i) => nest(inner, from + i * step, step));
  };
  return nest(array.shape, 0, values.length);
}

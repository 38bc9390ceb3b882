/**
 * What a table is made of: which of its datasets are columns, and which say where a column's rows end. That follows from
 * `colnames`, `neurodata_type` and references. Names decide nothing: a plain column may be called `x_index` beside `x`.
 *
 * @module
 */

import type { Dataset } from "../../hdf5/dataset.ts";
import type { Member } from "../../hdf5/group.ts";
import { ClosedError, MicrotomeError, SourceError } from "../../source/errors.ts";
import { TypeTree } from "../types.ts";
import { addressOf, attribute, type Attributes, textOf, textsOf, toReference } from "../values.ts";

/** A column that a table has. */
export interface LaidColumn {
  /** Its name. */
  readonly name: string;
  /** Its `neurodata_type`; empty where it has none. */
  readonly type: string;
  /** Whether its values are numbers of rows of another table. */
  readonly isRegion: boolean;
  /** What the file says of it. */
  readonly description: string;
  /** Its values. */
  readonly data: Dataset;
  /** Where rows end: of the rows first, then of what those consist of. */
  readonly indices: readonly Dataset[];
}

/** A table's columns. */
export interface TableLayout {
  /** The columns, in order. */
  readonly columns: readonly LaidColumn[];
  /** Columns that it names, and that can't be had; why. */
  readonly missing: ReadonlyMap<string, string>;
  /** What is odd. */
  readonly warnings: readonly string[];
}

/** What is needed to tell what a dataset is. */
export interface LayoutOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** What a type descends from; core types by default. */
  readonly types?: TypeTree | undefined;
}

/** A dataset of the table's group. */
interface Part {
  readonly name: string;
  readonly dataset: Dataset;
  readonly attributes: Attributes;
  readonly type: string;
}

/** What the schema calls an index: its column's name, and this. It counts only for what is an index by its type. */
const INDEX_SUFFIX = "_index";

/**
 * Finds a table's columns and their indices. Reads attributes, no values.
 *
 * @param attributes The table's attributes
 * @param members What lies in its group
 * @param options Abort signal, types
 */
export async function readLayout(
  attributes: Attributes,
  members: ReadonlyMap<string, Member>,
  options: LayoutOptions = {},
): Promise<TableLayout> {
  const { types = new TypeTree() } = options;
  const warnings: string[] = [];
  const parts = await readParts(members, warnings, options);
  const isA = (type: string, ancestor: string) => type !== "" && descends(types, type, ancestor);
  const owners = indexOwners(parts, types, isA, warnings);
  const colnames = Object.hasOwn(attributes, "colnames") ? textsOf(attributes.colnames) : [];
  // hdmf writes none for a table without rows, whose columns are there.
  const given = colnames.length > 0;
  const typed = [...parts.values()].filter(({ name, type }) => isA(type, "VectorData") && !owners.has(name));
  const listed = given ? colnames : typed.map(({ name }) => name);
  if (!given && listed.length > 0) warnings.push(`It has no colnames: its columns were told by their types`);
  const names = [...new Set(listed)].filter((name) => !owners.has(name));
  tellStrays(parts, names, owners, given, isA, warnings);
  const missing = new Map<string, string>();
  const columns = names.flatMap((name): LaidColumn[] => {
    const part = parts.get(name);
    if (part === undefined) {
      missing.set(name, whyMissing(members.get(name)));
      warnings.push(`Its column ${JSON.stringify(name)} is missing: ${missing.get(name)}`);
      return [];
    }
    const { type, dataset: data } = part;
    const description = textOf(part.attributes, "description");
    const isRegion = isA(type, "DynamicTableRegion");
    return [{ name, type, isRegion, description, data, indices: indicesOf(name, parts, owners) }];
  });
  return { columns, missing, warnings };
}

async function readParts(
  members: ReadonlyMap<string, Member>,
  warnings: string[],
  options: LayoutOptions,
): Promise<Map<string, Part>> {
  const parts = await Promise.all([...members].map(async ([name, { object }]): Promise<[string, Part] | null> => {
    if (object?.kind !== "dataset" || name === "id") return null;
    const dataset = object as Dataset;
    try {
      const attributes = await dataset.attributes.all({ signal: options.signal });
      return [name, { name, dataset, attributes, type: textOf(attributes, "neurodata_type").trim() }];
    } catch (error) {
      if (!(error instanceof MicrotomeError) || error instanceof SourceError || error instanceof ClosedError) {
        throw error;
      }
      warnings.push(`What its ${name} is can't be told: ${error.message}`);
      return [name, { name, dataset, attributes: {}, type: "" }];
    }
  }));
  return new Map(parts.filter((part) => part !== null));
}

/** What each index is the index of, by names: by its reference, and where that leads nowhere, by the schema's rule. */
function indexOwners(
  parts: ReadonlyMap<string, Part>,
  types: TypeTree,
  isA: (type: string, ancestor: string) => boolean,
  warnings: string[],
): Map<string, string> {
  const byAddress = new Map([...parts.values()].map(({ name, dataset }) => [dataset.address, name]));
  const owners = new Map<string, string>();
  const taken = new Set<string>();
  for (const { name, attributes, type } of parts.values()) {
    const isOfSomething = Object.hasOwn(attributes, "target") && (type === "" || !types.knows(type));
    if (!isA(type, "VectorIndex") && !isOfSomething) continue;
    const reference = toReference(attribute(attributes, "target"));
    let target = reference === undefined ? undefined : byAddress.get(addressOf(reference) ?? -1);
    if (target === undefined && type !== "" && name.endsWith(INDEX_SUFFIX)) {
      const named = name.slice(0, -INDEX_SUFFIX.length);
      if (parts.has(named)) {
        target = named;
        warnings.push(`Its index ${name} refers to no column, and was taken for that of ${named}`);
      }
    }
    if (target === undefined || target === name) {
      warnings.push(`Its index ${name} refers to no column of the table`);
    } else if (taken.has(target)) {
      warnings.push(`Its ${target} has more than one index: ${name} was left out`);
    } else {
      taken.add(target);
      owners.set(name, target);
    }
  }
  return owners;
}

// The indices of a column: that of the column itself last.
function indicesOf(name: string, parts: ReadonlyMap<string, Part>, owners: ReadonlyMap<string, string>): Dataset[] {
  const byOwner = new Map([...owners].map(([index, owner]) => [owner, index]));
  const seen = new Set<string>();
  const indices: Dataset[] = [];
  for (let at = byOwner.get(name); at !== undefined && !seen.has(at); at = byOwner.get(at)) {
    seen.add(at);
    indices.unshift(parts.get(at)!.dataset);
  }
  return indices;
}

/** Tells of datasets that are columns or indices by their looks, and that the table doesn't own to. */
function tellStrays(
  parts: ReadonlyMap<string, Part>,
  names: readonly string[],
  owners: ReadonlyMap<string, string>,
  given: boolean,
  isA: (type: string, ancestor: string) => boolean,
  warnings: string[],
): void {
  for (const { name, type } of parts.values()) {
    if (names.includes(name) || owners.has(name)) continue;
    if (type === "" && name.endsWith(INDEX_SUFFIX) && names.includes(name.slice(0, -INDEX_SUFFIX.length))) {
      warnings.push(`Its ${name} is neither among its colnames nor says that it is an index, and was left out`);
    } else if (given && isA(type, "VectorData") && !isA(type, "VectorIndex")) {
      warnings.push(`Its ${name} isn't among its colnames, and was left out`);
    }
  }
}

function descends(types: TypeTree, type: string, ancestor: string): boolean {
  try {
    return types.isA(type, ancestor);
  } catch {
    // Specifications that lead in a circle are told where objects are listed.
    return type === ancestor;
  }
}

function whyMissing(member: Member | undefined): string {
  if (member === undefined) return "there is none of that name";
  return member.error === undefined ? `it is a ${member.object?.kind}` : `it can't be opened (${member.error.message})`;
}

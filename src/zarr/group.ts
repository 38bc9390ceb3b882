/**
 * Groups of a Zarr hierarchy.
 *
 * @module
 */

import type { ArrayData } from "../array/types.ts";
import { printsAsText } from "../source/inspect.ts";
import { summary } from "../array/text/summary.ts";
import { bounded } from "../source/fetch/deadline.ts";
import { located } from "../source/located.ts";
import { FormatError, NotFoundError, UnsupportedError, WrongKindError } from "../source/errors.ts";
import type { Limits } from "../source/limits.ts";
import type { Cost } from "../source/types.ts";
import { ZarrArray } from "./read/array.ts";
import { type Consolidated, type Format, type NodeDocument, readNode } from "./read/document.ts";
import type { JsonObject } from "./json.ts";
import { checkKey, joinKey, type KeyStore, plainPath } from "./store/store.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";

/** Options of looking for what lies in a group. */
export interface ZarrLookupOptions {
  /** Aborts it. */
  readonly signal?: AbortSignal | undefined;
}

/** One member of a group. */
export interface ZarrMember {
  /** Its name in the group. */
  readonly name: string;
  /** The member, or nothing where it can't be opened. */
  readonly node?: ZarrArray | ZarrGroup;
  /** Why it can't be opened. */
  readonly error?: Error;
}

/** What all nodes of a hierarchy share. */
export interface Hierarchy {
  /** Where its keys are. */
  readonly store: KeyStore;
  /** Bounds. */
  readonly limits: Limits;
}

/** Documents that were kept together, and the path of the node that they hang below. */
export interface Known {
  /** Path of the node that had them. */
  readonly path: string;
  /** The documents. */
  readonly documents: Consolidated;
}

/** A group of a Zarr hierarchy. Made by {@linkcode openZarr}. */
export class ZarrGroup {
  /** Tells it from an array. */
  readonly kind: "group" = "group";
  /** Path from the root, with a slash in front. */
  readonly path: string;
  /** Version of the format; `null` for a mere folder with nodes in it. */
  readonly zarrFormat: 2 | 3 | null;
  /** Its attributes. */
  readonly attributes: JsonObject;
  readonly #hierarchy: Hierarchy;
  readonly #known: Known | null;

  /** Made by {@linkcode openZarr}. */
  constructor(hierarchy: Hierarchy, path: string, format: Format, attributes: JsonObject, known: Known | null) {
    printsAsText(ZarrGroup.prototype);
    this.#hierarchy = hierarchy;
    this.path = `/${path}`;
    this.zarrFormat = format;
    this.attributes = attributes;
    this.#known = known;
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("ZarrGroup", this.path, this.zarrFormat === null ? null : `of format ${this.zarrFormat}`);
  }

  /** What reading the hierarchy has cost. */
  get cost(): Cost {
    return this.#hierarchy.store.meter.cost;
  }

  /**
   * The members of the group, by name. On a server, which can't list, they are known only where the metadata of all
   * nodes is kept together ("consolidated").
   *
   * @param options Abort signal
   * @throws {UnsupportedError} If they can't be listed
   */
  async members(options: ZarrLookupOptions = {}): Promise<ZarrMember[]> {
    checkOptions(options, LOOKUP_OPTIONS, "list members");
    const { name: file, deadline } = this.#hierarchy.store;
    const call = { deadline, what: `list "${this.path}" of`, file, object: this.path };
    return await bounded(call, options, (options) => this.#members(options));
  }

  async #members(options: ZarrLookupOptions): Promise<ZarrMember[]> {
    const names = await this.#names(options);
    const members = await Promise.all(names.map(async (name): Promise<ZarrMember | null> => {
      try {
        const node = await openNode(this.#hierarchy, joinKey(plainPath(this.path), name), this, options, this.#known);
        return node === null ? null : { name, node };
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof FormatError)) throw error;
        return { name, error };
      }
    }));
    return members.filter((member) => member !== null);
  }

  /**
   * The members' names, as {@linkcode ZarrGroup.members} finds them.
   *
   * @param options Abort signal
   * @throws {UnsupportedError} If they can't be listed
   */
  async keys(options: ZarrLookupOptions = {}): Promise<string[]> {
    return (await this.members(options)).map(({ name }) => name);
  }

  /**
   * Tells whether there is an array or a group at a path in the group.
   *
   * @param path The path; one that begins with a slash counts from the root
   * @param options Abort signal
   */
  async has(path: string, options: ZarrLookupOptions = {}): Promise<boolean> {
    try {
      await this.get(path, options);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /** The members with their names; those that can't be opened are left out. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[name: string, node: ZarrArray | ZarrGroup], void> {
    for (const { name, node } of await this.members()) if (node !== undefined) yield [name, node];
  }

  /**
   * What lies at a path in the group.
   *
   * @param path The path; one that begins with a slash counts from the root
   * @param options Abort signal
   * @throws {NotFoundError} If there is nothing
   */
  async get(path: string, options: ZarrLookupOptions = {}): Promise<ZarrArray | ZarrGroup> {
    checkOptions(options, LOOKUP_OPTIONS, "open an object");
    const { store } = this.#hierarchy;
    const full = plainPath(path.startsWith("/") ? path : `${this.path}/${path}`);
    if (full !== "") checkKey(full, store.name);
    const found = await openNode(this.#hierarchy, full, this, options, this.#known);
    if (found !== null) return found;
    throw new NotFoundError(
      `Cannot open ${JSON.stringify(`/${full}`)} of ${store.name}: there is no array or group of that path`,
      { file: store.name, object: `/${full}` },
    );
  }

  /**
   * The array at a path in the group. The type parameter states what its data comes in, and isn't checked:
   * {@linkcode ZarrArray.is} checks.
   *
   * @param path The path; one that begins with a slash counts from the root
   * @param options Abort signal
   * @throws {NotFoundError} If there is nothing
   * @throws {WrongKindError} If it is a group
   */
  async array<D extends ArrayData = ArrayData>(
    path: string,
    options: ZarrLookupOptions = {},
  ): Promise<ZarrArray<D>> {
    checkOptions(options, LOOKUP_OPTIONS, "open an array");
    const node = await this.get(path, options);
    if (node.kind === "array") return node as ZarrArray<D>;
    throw new WrongKindError(`Cannot open ${JSON.stringify(node.path)} as an array: it is a group`, {
      file: this.#hierarchy.store.name,
      object: node.path,
    });
  }

  /** Closes the hierarchy that it belongs to. */
  async close(): Promise<void> {
    await this.#hierarchy.store.close();
  }

  /** The same, for `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #names({ signal }: ZarrLookupOptions): Promise<string[]> {
    const own = plainPath(this.path);
    if (this.#known !== null) {
      const { path, documents } = this.#known;
      const below = own === path ? "" : `${own.slice(path === "" ? 0 : path.length + 1)}/`;
      return [...childrenOf(documents).get(below) ?? []].sort();
    }
    const { store } = this.#hierarchy;
    const names = await store.list(own, signal === undefined ? {} : { signal });
    if (names !== null) return names.filter((name) => !/^(\.z(array|group|attrs|metadata)|zarr\.json)$/.test(name));
    throw new UnsupportedError(
      `Cannot list ${JSON.stringify(this.path)} of ${store.name}: a server can't be asked what there is, ` +
        "and the metadata isn't consolidated; give the path of an array",
      { file: store.name, object: this.path },
    );
  }
}

/** Names of what lies directly in each group, by the group's path with a slash behind. */
const children = new WeakMap<Consolidated, Map<string, string[]>>();

// Made once: to look through all documents for each group would take forever where there are many groups.
function childrenOf(documents: Consolidated): Map<string, string[]> {
  let found = children.get(documents);
  if (found !== undefined) return found;
  children.set(documents, found = new Map());
  for (const key of documents.keys()) {
    if (key === "") continue;
    const split = key.lastIndexOf("/") + 1;
    const names = found.get(key.slice(0, split));
    if (names === undefined) found.set(key.slice(0, split), [key.slice(split)]);
    else names.push(key.slice(split));
  }
  return found;
}

/**
 * Opens a node.
 *
 * @param hierarchy The hierarchy
 * @param path Path of the node
 * @param parent A group above it, whose version it must have
 * @param options Abort signal
 * @param known Documents that were kept together
 * @returns The node, or `null` where there is none
 */
export async function openNode(
  hierarchy: Hierarchy,
  path: string,
  parent: ZarrGroup | null,
  lookup: ZarrLookupOptions,
  known: Known | null = null,
): Promise<ZarrArray | ZarrGroup | null> {
  const { store, limits } = hierarchy;
  const place = { file: store.name, object: `/${path}` };
  const call = { deadline: store.deadline, what: `open "/${path}" of`, ...place };
  return await located(place, () =>
    bounded(call, lookup, async ({ signal }) => {
      const options = signal === undefined ? {} : { signal };
      const document = knownDocument(known, path) ?? await readNode(store, path, parent?.zarrFormat ?? null, options);
      if (document?.kind === "array") return new ZarrArray(store, path, document.spec, limits);
      if (document !== null) {
        // Below a group with documents a group may have an empty list of its own.
        const own = known ?? (document.consolidated === null ? null : { path, documents: document.consolidated });
        return new ZarrGroup(hierarchy, path, document.zarrFormat, document.attributes, own);
      }
      // A folder without metadata that holds something: the root of a hierarchy may be none itself.
      const names = parent === null || parent.zarrFormat === null ? await store.list(path, options) : null;
      return (names ?? []).length === 0 ? null : new ZarrGroup(hierarchy, path, null, {}, null);
    }));
}

function knownDocument(known: Known | null, path: string): NodeDocument | null {
  if (known === null || (known.path !== "" && !path.startsWith(`${known.path}/`))) return null;
  return known.documents.get(known.path === "" ? path : path.slice(known.path.length + 1))?.() ?? null;
}

const LOOKUP_OPTIONS: OptionNames<ZarrLookupOptions> = { signal: true };

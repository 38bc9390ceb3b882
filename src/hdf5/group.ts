/**
 * Groups and committed types.
 *
 * @module
 */
import type { ArrayData, DType } from "../array/types.ts";
import { describeDType } from "../array/dtype/dtype.ts";
import { countText, summary } from "../array/text/summary.ts";
import { NotFoundError, WrongKindError } from "../source/errors.ts";
import { OK } from "../wasm/instance.ts";
import { AttributeSet } from "./attributes.ts";
import { Dataset } from "./dataset.ts";
import type { Engine } from "./engine/engine.ts";
import { foreseeLinks } from "./engine/group_hints.ts";
import type { GroupInfo, Link, NamedTypeInfo, ObjectInfo } from "./metadata.ts";
import { checkPath, H5Object, joinPath, openObjectAt, openObjects } from "./objects.ts";
import { dtypeOf } from "./type_info.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";

/** Options of what a group is asked. */
export interface GroupOptions {
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether to list in the order of creation where the group keeps track of it, as h5py does; `false` lists by name,
   * in the order of its bytes, as groups are listed that keep none.
   *
   * @default {true}
   */
  readonly creationOrder?: boolean | undefined;
}

/** A committed (named) datatype. */
export class NamedType extends H5Object {
  /** Always `type`. */
  readonly kind: "type" = "type";
  /** The type. */
  readonly dtype: DType;

  /** Made by opening; not for users. */
  constructor(engine: Engine, info: NamedTypeInfo, path: string) {
    super(engine, info, path);
    this.dtype = dtypeOf(info.type);
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("NamedType", this.path, describeDType(this.dtype));
  }
}

/** A member of a group: its link, and the object that the link leads to, or why it leads to none. */
export interface Member {
  /** Name within the group. */
  readonly name: string;
  /** The link itself. */
  readonly link: Link;
  /** What it leads to; absent where it can't be opened. */
  readonly object?: Group | Dataset | NamedType;
  /** Why it can't be opened: a dangling link, a damaged object, a file that may not be opened. */
  readonly error?: Error;
}

/** A group as those see it who change it. */
export interface GroupPlace {
  /** The file's engine. */
  readonly engine: Engine;
  /** Where the group lies. */
  readonly info: GroupInfo;
  /** The group. */
  readonly group: Group;
}

/**
 * A group: named links to other objects.
 *
 * Names that aren't UTF-8 keep their bytes, each as a lone surrogate U+DC80 to U+DCFF (Python's `surrogateescape`), and
 * such a name opens what it names: no two names are ever taken for one. The same holds for names of attributes, fields and
 * members of enumerations, for tags, and for what soft and external links lead to.
 */
export class Group extends H5Object {
  /** Always `group`. */
  readonly kind: "group" = "group";
  /** Number of members, `null` where that would have cost reads. */
  readonly memberCount: number | null;
  #info: GroupInfo;

  /** Made by opening; not for users. */
  constructor(engine: Engine, info: GroupInfo, path: string) {
    super(engine, info, path);
    this.#info = info;
    this.memberCount = info.members;
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("Group", this.path, countText(this.memberCount, "member"));
  }

  /**
   * What changing the group needs; for this room only.
   *
   * @internal
   */
  protected get place(): GroupPlace {
    return { engine: this.engine, info: this.#info, group: this };
  }

  /**
   * Takes over what opening says anew; for this room only.
   *
   * @internal
   */
  protected describe(info: GroupInfo): void {
    const known: Pick<Group, "address" | "attributes" | "attributeCount" | "memberCount"> = {
      address: info.address,
      attributes: new AttributeSet(this.engine, info, this.path),
      attributeCount: info.attributes,
      memberCount: info.members,
    };
    this.#info = info;
    Object.assign(this, known);
  }

  /**
   * Lists the group's links without opening what they lead to.
   *
   * @param options Abort signal and order.
   */
  async links(options: GroupOptions = {}): Promise<Link[]> {
    checkOptions(options, GROUP_OPTIONS, "list members");
    let links: Link[] = [];
    await this.engine.run(
      { action: `list group "${this.path}"`, object: this.path },
      (exports) =>
        this.engine.withHandle(exports, this.#info, (handle) => {
          const status = exports.mt_group_list(handle, options.creationOrder === false ? 0 : 1);
          if (status === OK) links = this.engine.instance.json() as Link[];
          return status;
        }),
      { signal: options.signal, foresee: foreseeLinks },
    );
    return links;
  }

  /** The members' names. */
  async keys(options: GroupOptions = {}): Promise<string[]> {
    return (await this.links(options)).map((link) => link.name);
  }

  /**
   * Opens all members, in as few rounds as the slowest of them needs.
   *
   * @param options Abort signal and order.
   * @returns Every member; one that can't be opened says why, and spoils none of the others.
   *
   * @example
   * ```ts
   * import { open } from "../../mod.ts";
   * await using file = await open("tests/data/signal.h5");
   * for (const { name, object } of await file.members()) console.log(name, object?.kind);
   * ```
   */
  async members(options: GroupOptions = {}): Promise<Member[]> {
    return await this.engine.bounded(
      { action: `open the members of "${this.path}"`, object: this.path },
      options,
      (options) => this.#members(options),
    );
  }

  async #members(options: GroupOptions): Promise<Member[]> {
    const links = await this.links(options);
    const wanted = links.map(({ name }) => ({ from: this.#info, path: name, full: joinPath(this.path, name) }));
    const found = await openObjects(this.engine, wanted, { signal: options.signal });
    // No path leads to a name that reads as a path itself; a hard link has an address besides.
    for (const [i, { name, address }] of links.entries()) {
      if (address === undefined || !/^\.?$|\//.test(name)) continue;
      found[i] = await openObjectAt(this.engine, this.fileIndex, address, { signal: options.signal }).catch((e) => e);
    }
    return links.map((link, i) => {
      const info = found[i]!;
      if (info instanceof Error) return { name: link.name, link, error: info };
      return { name: link.name, link, object: wrap(this.engine, info, wanted[i]!.full) };
    });
  }

  /** Opens the members one after the other, as `[name, object]`; those that can't be opened are left out. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[string, Group | Dataset | NamedType]> {
    for (const { name, object } of await this.members()) if (object !== undefined) yield [name, object];
  }

  /**
   * Tells whether a path leads to an object.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Abort signal.
   */
  async has(path: string, options: GroupOptions = {}): Promise<boolean> {
    try {
      await this.get(path, options);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /**
   * Opens an object.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Abort signal.
   * @throws {NotFoundError} If there is none.
   */
  async get(path: string, options: GroupOptions = {}): Promise<Group | Dataset | NamedType> {
    checkOptions(options, GROUP_OPTIONS, "open an object");
    checkPath(path, this.engine.name);
    const full = joinPath(this.path, path);
    const from = path.startsWith("/") ? { ...this.engine.rootOf(this.fileIndex) } : this.#info;
    const [info] = await openObjects(this.engine, [{ from, path, full }], { signal: options.signal });
    if (info instanceof Error) throw info;
    return wrap(this.engine, info!, full);
  }

  /**
   * Opens a group.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Abort signal.
   * @throws {NotFoundError} If there is no object of that path.
   * @throws {WrongKindError} If it isn't a group.
   */
  async group(path: string, options: GroupOptions = {}): Promise<Group> {
    const object = await this.get(path, options);
    if (object instanceof Group) return object;
    throw this.#wrongKind(object, "group");
  }

  /**
   * Opens a dataset.
   *
   * The type parameter states what its data comes in, such as `dataset<Int16Array>(path)`. That isn't checked, as types are
   * gone when a program runs: {@linkcode Dataset.is} checks.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Abort signal.
   * @throws {NotFoundError} If there is no object of that path.
   * @throws {WrongKindError} If it isn't a dataset.
   */
  async dataset<D extends ArrayData = ArrayData>(path: string, options: GroupOptions = {}): Promise<Dataset<D>> {
    const object = await this.get(path, options);
    if (object instanceof Dataset) return object as Dataset<D>;
    throw this.#wrongKind(object, "dataset");
  }

  #wrongKind(object: H5Object, expected: string): WrongKindError {
    const article = object.kind === "type" ? "a named type" : `a ${object.kind}`;
    return new WrongKindError(
      `Cannot open "${object.path}" of ${this.engine.name} as a ${expected}: it is ${article}`,
      { file: this.engine.name, object: object.path },
    );
  }
}

/**
 * Makes the object that a description is of.
 *
 * @param engine The file's engine.
 * @param info The description.
 * @param path The path that led to it.
 */
export function wrap(engine: Engine, info: ObjectInfo, path: string): Group | Dataset | NamedType {
  const { writing } = engine;
  // The engine's side of this doesn't know the classes; whoever writes makes these.
  return writing === undefined
    ? wrapToRead(engine, info, path)
    : writing.wrap(engine, info, path) as Group | Dataset | NamedType;
}

/** Makes an object that can only be read. */
export function wrapToRead(engine: Engine, info: ObjectInfo, path: string): Group | Dataset | NamedType {
  switch (info.kind) {
    case "group":
      return new Group(engine, info, path);
    case "dataset":
      return new Dataset(engine, info, path);
    case "type":
      return new NamedType(engine, info, path);
  }
}

/** Names of {@linkcode GroupOptions}. */
export const GROUP_OPTIONS: OptionNames<GroupOptions> = { signal: true, creationOrder: true };

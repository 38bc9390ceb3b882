/**
 * What groups, datasets and committed types have in common, and how objects are opened.
 *
 * @module
 */
import { printsAsText } from "../source/inspect.ts";
import { summary } from "../array/text/summary.ts";
import { NotFoundError } from "../source/errors.ts";
import { type Hdf5Exports, OK } from "../wasm/instance.ts";
import { AttributeSet } from "./attributes.ts";
import type { Engine } from "./engine/engine.ts";
import type { RunOptions, Subject } from "./engine/engine_types.ts";
import type { ObjectInfo } from "./metadata.ts";

/** An object of an HDF5 file: the parent of `Group`, `Dataset` and `NamedType`. */
export abstract class H5Object {
  /** `group`, `dataset` or `type`. */
  abstract readonly kind: "group" | "dataset" | "type";
  /** The object's path in its file. */
  readonly path: string;
  /** Address of the object's header: objects with the same address in the same file are the same object. */
  readonly address: number;
  /** The object's attributes. */
  readonly attributes: AttributeSet;
  /** How many attributes it has. */
  readonly attributeCount: number;
  /** Which file it lies in: 0 is the one that was opened, others are reached through external links. */
  readonly fileIndex: number;
  /**
   * The file's engine; for this room only.
   *
   * @internal
   */
  protected readonly engine: Engine;

  /** Made by opening; not for users. */
  constructor(engine: Engine, info: ObjectInfo, path: string) {
    printsAsText(H5Object.prototype);
    this.engine = engine;
    this.path = path;
    this.address = info.address;
    this.fileIndex = info.file;
    this.attributeCount = info.attributes;
    this.attributes = new AttributeSet(engine, info, path);
  }

  /** What it is, in one line. */
  toString(): string {
    return summary("H5Object", this.path);
  }

  /** Last part of the path; `/` for the root. */
  get name(): string {
    return this.path.slice(this.path.lastIndexOf("/") + 1) || "/";
  }
}

/** The engine of the file that an object lies in, for rooms that make one call of several; not for users. */
export function engineOf(object: H5Object): Engine {
  return object["engine"];
}

/** An object to open: a path from another object, or from the root. */
export interface Wanted {
  /** Object that the path starts from. */
  readonly from: { readonly file: number; readonly address: number };
  /** The path. */
  readonly path: string;
  /** The path from the root, for messages and as the object's own. */
  readonly full: string;
}

/**
 * Opens objects, all in as few rounds as the longest of them needs.
 *
 * @param engine The file's engine.
 * @param wanted What to open.
 * @param options Abort signal.
 * @returns For each, what it is, or why it can't be opened.
 */
export async function openObjects(
  engine: Engine,
  wanted: readonly Wanted[],
  options: RunOptions = {},
): Promise<(ObjectInfo | Error)[]> {
  const found = new Array<ObjectInfo | Error>(wanted.length);
  const subjects = wanted.map(({ full }): Subject => ({ action: `open "${full}"`, object: full }));
  const errors = await engine.runMany(subjects, (exports, index) => {
    const { from, path } = wanted[index]!;
    return engine.withHandle(exports, from, (handle) => {
      const status = engine.instance.withText(
        path,
        (pointer, length) => exports.mt_object_open(handle, pointer, length, engine.maxLinks),
      );
      if (status === OK) found[index] = takeObject(engine, exports);
      return status;
    });
  }, options);
  errors.forEach((error, index) => {
    if (error !== undefined) found[index] = error;
  });
  return found;
}

/**
 * Opens the object whose header lies at an address.
 *
 * @param engine The file's engine.
 * @param file Slot of its file.
 * @param address Address of its header.
 * @param options Abort signal.
 */
export async function openObjectAt(
  engine: Engine,
  file: number,
  address: number,
  options: RunOptions = {},
): Promise<ObjectInfo> {
  let info: ObjectInfo | undefined;
  await engine.run({ action: `open the object at address ${address}` }, (exports) => {
    const joined = engine.join(exports, file);
    if (joined !== OK) return joined;
    const status = exports.mt_object_open_at(file, address);
    if (status === OK) info = takeObject(engine, exports);
    return status;
  }, options);
  return info!;
}

/** Takes the description out of the out buffer and keeps the handle: what opening and creating leave there. */
export function takeObject(engine: Engine, exports: Hdf5Exports): ObjectInfo {
  const info = engine.instance.json() as ObjectInfo;
  engine.handles.keep(exports, info, info.handle);
  return info;
}

/**
 * Joins a group's path and a path relative to it.
 *
 * @param base Path of the group.
 * @param path Relative path, or one from the root.
 */
export function joinPath(base: string, path: string): string {
  const joined = path.startsWith("/") ? path : `${base}/${path}`;
  const parts = joined.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

/** The error for a path that must be text. */
export function checkPath(path: unknown, file: string): asserts path is string {
  if (typeof path !== "string") {
    throw new NotFoundError(`Cannot open ${String(path)} of ${file}: a path is text, such as "/a/b"`, { file });
  }
}

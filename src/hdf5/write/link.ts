/**
 * Making links.
 *
 * @module
 */
import type { Hdf5Exports } from "../../wasm/instance.ts";
import { MAKE_PARENTS } from "./create_dataset.ts";
import type { Dataset } from "../dataset.ts";
import type { Engine } from "../engine/engine.ts";
import type { Group, NamedType } from "../group.ts";
import { checkPath } from "../objects.ts";

/** Where a new link leads. */
export type LinkTarget =
  /** To a path, looked up whenever the link is followed; nothing needs to be there. */
  | { readonly soft: string }
  /** To an object: it then has one more path. */
  | { readonly hard: string | Group | Dataset | NamedType }
  /** To a path in another file, whose name counts from this file's folder. */
  | { readonly external: { readonly file: string; readonly path: string } };

/**
 * The call that makes a link.
 *
 * @param engine The file's engine.
 * @param path Path of the link, from the object whose handle the call gets.
 * @param target Where it leads; a path of a hard link was opened already.
 * @returns Makes the link, gives a status.
 */
export function linker(
  engine: Engine,
  path: string,
  target: LinkTarget,
): (exports: Hdf5Exports, handle: number) => number {
  const text = (value: string, run: (pointer: number, length: number) => number): number =>
    engine.instance.withText(value, run);
  if ("soft" in target) {
    checkPath(target.soft, engine.name);
    return (exports, handle) =>
      text(
        path,
        (at, length) =>
          text(target.soft, (to, toLength) => exports.mt_link_soft(handle, at, length, to, toLength, MAKE_PARENTS)),
      );
  }
  if ("external" in target) {
    const { file, path: inside } = target.external;
    checkPath(inside, engine.name);
    checkPath(file, engine.name);
    return (exports, handle) =>
      text(
        path,
        (at, length) =>
          text(file, (name, nameLength) =>
            text(inside, (to, toLength) =>
              exports.mt_link_external(handle, at, length, name, nameLength, to, toLength, MAKE_PARENTS))),
      );
  }
  if (!("hard" in target) || typeof target.hard === "string") {
    throw new TypeError(`Cannot link ${JSON.stringify(path)}: a link is {soft}, {hard} or {external}`);
  }
  const object = { file: 0, address: target.hard.address };
  return (exports, handle) =>
    engine.withHandle(
      exports,
      object,
      (to) => text(path, (at, length) => exports.mt_link_hard(handle, at, length, to, MAKE_PARENTS)),
    );
}

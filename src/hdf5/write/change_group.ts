/**
 * What changes a group: its groups, datasets and links are made, moved and removed.
 *
 * @module
 */
import { NotFoundError, UnsupportedError } from "../../source/errors.ts";
import { type Hdf5Exports, OK } from "../../wasm/instance.ts";
import {
  type DatasetOptions,
  type DatasetPlan,
  MAKE_PARENTS,
  MAKE_TRACK_ORDER,
  makeDataset,
} from "./create_dataset.ts";
import type { Engine } from "../engine/engine.ts";
import type { ObjectAddress } from "../engine/handles.ts";
import { type Group, type GroupPlace, wrap } from "../group.ts";
import type { DatasetInfo, GroupInfo } from "../metadata.ts";
import { checkPath, type H5Object, joinPath } from "../objects.ts";
import { linker, type LinkTarget } from "./link.ts";
import { counting, WritableAttributeSet } from "./writable_attributes.ts";
import { WritableDataset } from "./writable_dataset.ts";
import { writingOf } from "./writing.ts";

/**
 * Makes a new object of a group one that can be changed.
 *
 * @param place The group, which was just made
 */
export function makeWritable({ engine, info, group }: GroupPlace): void {
  // The number of members changes with every link that is made, also through other objects of the same group.
  const known: Pick<Group, "memberCount" | "attributes"> = {
    memberCount: null,
    attributes: new WritableAttributeSet(engine, info, group.path, counting(group)),
  };
  Object.assign(group, known);
}

/**
 * Runs what changes a group; what fails says where.
 *
 * @param place The group
 * @param path The path that is changed
 * @param run Changes it
 */
export async function changing<T>(
  place: GroupPlace,
  path: string,
  run: (place: GroupPlace) => Promise<T>,
): Promise<T> {
  return await writingOf(place.engine).doing({ file: place.engine.name, object: path }, () => run(place));
}

/**
 * The path from the root of what lies under a path.
 *
 * @param place The group that the path starts from
 * @param path The path
 * @throws {NotFoundError} If no object can lie there
 */
export function pathIn({ engine, group }: GroupPlace, path: string): string {
  checkPath(path, engine.name);
  const full = joinPath(group.path, path);
  if (full === "/" || path === "" || path.includes("\0")) {
    throw new NotFoundError(`Cannot use ${JSON.stringify(path)} as a path of ${engine.name}`, { file: engine.name });
  }
  return full;
}

/** Makes a group, and those on the way to it. */
export async function createGroup(
  place: GroupPlace,
  path: string,
  options: { readonly trackOrder?: boolean | undefined },
): Promise<Group> {
  const { engine } = place;
  const full = pathIn(place, path);
  const flags = MAKE_PARENTS | (options.trackOrder === true ? MAKE_TRACK_ORDER : 0);
  let info: GroupInfo | undefined;
  await change(
    engine,
    `create group "${full}"`,
    full,
    startOf(place, path),
    (exports, handle) =>
      engine.instance.withText(path, (pointer, length) => {
        const status = exports.mt_group_create(handle, pointer, length, flags);
        if (status === OK) info = writingOf(engine).takeNew(engine, exports) as GroupInfo;
        return status;
      }),
  );
  return wrap(engine, info!, full) as Group;
}

/** Makes a dataset under a path and fills it; where that fails, all is as it was. */
export async function createDataset(
  place: GroupPlace,
  path: string,
  options: DatasetOptions,
  plan: DatasetPlan,
  fill: (dataset: WritableDataset) => Promise<void>,
): Promise<WritableDataset> {
  const { engine } = place;
  const full = pathIn(place, path);
  const aside = `${full}.replaced`;
  const replaces = options.overwrite === true && await isThere(place, path);
  if (replaces) await moveLink(place, full, aside);
  let made = false;
  try {
    const info = await makeDataset(engine, startOf(place, path), path, full, plan) as DatasetInfo;
    made = true;
    const dataset = new WritableDataset(engine, writingOf(engine).place(info, full), full);
    await fill(dataset);
    if (replaces) await removeLink(place, aside);
    return dataset;
  } catch (error) {
    if (engine.writeFailure === undefined && !engine.closed) {
      if (made) await removeLink(place, full);
      if (replaces) await moveLink(place, aside, full);
    }
    throw error;
  }
}

/** Makes a link, and the groups on the way to it. */
export async function makeLink(place: GroupPlace, path: string, target: LinkTarget): Promise<void> {
  const { engine, group } = place;
  const full = pathIn(place, path);
  const object = "hard" in target && typeof target.hard === "string" ? await group.get(target.hard) : null;
  if (object !== null && object.fileIndex !== 0) throw elsewhere(object, engine);
  await change(
    engine,
    `link "${full}"`,
    full,
    startOf(place, path),
    linker(engine, path, object === null ? target : { hard: object }),
  );
}

/** Removes a link. */
export async function removeLink(place: GroupPlace, path: string): Promise<void> {
  const { engine } = place;
  const full = pathIn(place, path);
  writingOf(engine).changed(engine);
  await change(
    engine,
    `remove "${full}"`,
    full,
    startOf(place, path),
    (exports, handle) =>
      engine.instance.withText(path, (pointer, length) => exports.mt_link_delete(handle, pointer, length)),
  );
  writingOf(engine).changed(engine);
}

/** Moves a link, and makes the groups on the way to its new place. */
export async function moveLink(place: GroupPlace, from: string, to: string): Promise<void> {
  const { engine, info } = place;
  const { instance } = engine;
  const old = pathIn(place, from);
  const full = pathIn(place, to);
  // Both paths count from the same object.
  const [source, target] = from.startsWith("/") === to.startsWith("/") ? [from, to] : [old, full];
  await change(
    engine,
    `move "${old}"`,
    old,
    source.startsWith("/") ? engine.rootOf(0) : info,
    (exports, handle) =>
      instance.withText(source, (at, length) =>
        instance.withText(
          target,
          (targetAt, targetLength) => exports.mt_link_move(handle, at, length, targetAt, targetLength, MAKE_PARENTS),
        )),
  );
  writingOf(engine).changed(engine);
}

/** The error for an object of another file. */
export function elsewhere(object: H5Object, engine: Engine): UnsupportedError {
  return new UnsupportedError(
    `Cannot change "${object.path}" through ${engine.name}: it lies in another file`,
    { file: engine.name, object: object.path },
  );
}

/** Whether there is a link, wherever it leads. */
async function isThere(place: GroupPlace, path: string): Promise<boolean> {
  const { group } = place;
  if (await group.has(path)) return true;
  const full = pathIn(place, path);
  const end = full.lastIndexOf("/");
  const parent = full.slice(0, end) || "/";
  return await group.has(parent) && (await (await group.group(parent)).keys()).includes(full.slice(end + 1));
}

/** The object that a path starts from. */
function startOf({ engine, info }: GroupPlace, path: string): ObjectAddress {
  return path.startsWith("/") ? engine.rootOf(0) : info;
}

async function change(
  engine: Engine,
  action: string,
  full: string,
  from: ObjectAddress,
  run: (exports: Hdf5Exports, handle: number) => number,
): Promise<void> {
  await engine.run(
    { action, object: full },
    (exports) => engine.withHandle(exports, from, (handle) => run(exports, handle)),
  );
}

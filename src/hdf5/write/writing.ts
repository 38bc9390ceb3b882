/**
 * What an engine does otherwise whose file can be written: it makes objects that can be changed, and minds that they
 * may have been removed.
 *
 * @module
 */
import { NotFoundError } from "../../source/errors.ts";
import type { ErrorDetails } from "../../source/errors.ts";
import { located } from "../../source/located.ts";
import type { ByteSink } from "../../source/sink/sink.ts";
import { type Hdf5Exports, OK } from "../../wasm/instance.ts";
import type { Dataset } from "../dataset.ts";
import type { Engine, WritingMode } from "../engine/engine.ts";
import { type Group, type NamedType, wrapToRead } from "../group.ts";
import type { ObjectAddress } from "../engine/handles.ts";
import type { DatasetInfo, GroupInfo, ObjectInfo } from "../metadata.ts";
import { takeObject } from "../objects.ts";
import { makeType, TypeRefused } from "../storage/write_type.ts";
import type { DType } from "../../array/types.ts";
import type { TypeInfo } from "../type_info.ts";

/** Status of a failed call. */
const ERROR = -1;

/** An object's description, with the path that led to it and when it was last known to be there. */
export type Placed<Info extends ObjectInfo> = Info & { path: string; revision: number };

/** Makes objects that can be changed; given by the files that define them, which import this one. */
export interface WritableClasses {
  group(engine: Engine, info: Placed<GroupInfo>, path: string): Group;
  dataset(engine: Engine, info: Placed<DatasetInfo>, path: string): Dataset;
}

/** The writing mode of an engine. */
export class Writing implements WritingMode {
  /** Where the bytes go. */
  readonly sink: ByteSink;
  readonly #classes: WritableClasses;
  /** Counts removals and moves: after one, every object is looked for again before it is used. */
  #revision = 0;
  /** When the object at an address was made: what lay there before is another. */
  readonly #births = new Map<number, number>();

  /** @param sink Where the bytes go. @param classes Make objects. */
  constructor(sink: ByteSink, classes: WritableClasses) {
    this.sink = sink;
    this.#classes = classes;
  }

  /** Whether something was written, and whether something that was to be written failed. */
  #outcome: "nothing" | "written" | "failed" = "nothing";

  /** Whether all that was written went well, and there was something: whoever gives such a file up may not mean to. */
  get good(): boolean {
    return this.#outcome === "written";
  }

  /**
   * Runs what changes the file; what fails says where.
   *
   * @param place The file and the object
   * @param run Changes it
   */
  async doing<T>(place: ErrorDetails, run: () => Promise<T>): Promise<T> {
    try {
      const result = await located(place, run);
      if (this.#outcome === "nothing") this.#outcome = "written";
      return result;
    } catch (error) {
      this.#outcome = "failed";
      throw error;
    }
  }

  /** Makes the object that a description is of. Objects of other files can only be read. */
  wrap(engine: Engine, info: ObjectInfo, path: string): Group | Dataset | NamedType {
    if (info.file !== 0 || info.kind === "type") return wrapToRead(engine, info, path);
    const placed = this.place(info, path);
    return placed.kind === "group"
      ? this.#classes.group(engine, placed as Placed<GroupInfo>, path)
      : this.#classes.dataset(engine, placed as Placed<DatasetInfo>, path);
  }

  /** Notes where an object was found, and when. */
  place<Info extends ObjectInfo>(info: Info, path: string): Placed<Info> {
    return { ...info, path, revision: this.#revision };
  }

  /** Takes what making an object leaves in the out buffer. */
  takeNew(engine: Engine, exports: Hdf5Exports): ObjectInfo {
    const info = takeObject(engine, exports);
    this.#births.set(info.address, this.#revision);
    return info;
  }

  /** Called after links were removed or moved. Nothing stays open, so that what was removed is gone. */
  changed(engine: Engine): void {
    this.#revision++;
    engine.runNow({ action: "close objects" }, (exports) => {
      engine.handles.clear(exports);
      return OK;
    });
  }

  /** Looks again for an object that was found before the last removal. */
  check(engine: Engine, exports: Hdf5Exports, object: ObjectAddress): void {
    const placed = object as ObjectAddress & Partial<Placed<ObjectInfo>>;
    if (placed.revision === undefined || placed.revision === this.#revision) return;
    const { path, address } = placed;
    const born = this.#births.get(address) ?? -1;
    if (typeof path === "string" && born <= placed.revision && addressOf(engine, exports, path) === address) {
      placed.revision = this.#revision;
      return;
    }
    throw new NotFoundError(
      `Cannot use "${path}" of ${engine.name}: it was removed, moved or replaced; open it anew`,
      { file: engine.name, object: path },
    );
  }
}

function addressOf(engine: Engine, exports: Hdf5Exports, path: string): number | undefined {
  const { instance } = engine;
  const status = instance.withText(
    path,
    (pointer, length) => exports.mt_object_open(0, pointer, length, engine.maxLinks),
  );
  return status === OK ? takeObject(engine, exports).address : undefined;
}

/** The writing mode of a file's engine; only objects of files that have one ask. */
export function writingOf(engine: Engine): Writing {
  return engine.writing as Writing;
}

/**
 * Calls with a type made on the C side. Part of a call.
 *
 * @param engine The file's engine.
 * @param exports The instance.
 * @param dtype The type.
 * @param run Gets its number and its memory layout, gives a status.
 * @returns The status.
 */
export function withType(
  engine: Engine,
  exports: Hdf5Exports,
  dtype: DType,
  run: (type: number, info: TypeInfo) => number,
): number {
  const { instance } = engine;
  // Before rather than after it: what it says stays in the out buffer until the next call.
  exports.mt_type_clear();
  let type: number;
  try {
    type = makeType(exports, instance, dtype);
  } catch (error) {
    if (error instanceof TypeRefused) return ERROR;
    throw error;
  }
  const status = exports.mt_type_info(type);
  return status === OK ? run(type, instance.json() as TypeInfo) : status;
}

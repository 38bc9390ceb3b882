/**
 * Groups that can be changed.
 *
 * @module
 */
import type { ArrayData } from "../../array/types.ts";
import { summary } from "../../array/text/summary.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { type DatasetOptions, fillDataset, planDataset } from "./create_dataset.ts";
import type { Engine } from "../engine/engine.ts";
import { Group, type GroupOptions } from "../group.ts";
import type { GroupInfo } from "../metadata.ts";
import {
  changing,
  createDataset,
  createGroup,
  elsewhere,
  makeLink,
  makeWritable,
  moveLink,
  pathIn,
  removeLink,
} from "./change_group.ts";
import type { LinkTarget } from "./link.ts";
import type { WritableAttributeSet } from "./writable_attributes.ts";
import { WritableDataset } from "./writable_dataset.ts";
import { type WriteOptions, type WriteSource, writeSource } from "./write_stream.ts";
import type { Placed } from "./writing.ts";

/** Options of {@linkcode WritableGroup.createGroup}. */
export interface CreateGroupOptions {
  /**
   * Whether the group remembers in which order its links and attributes were made.
   *
   * @default {false}
   */
  readonly trackOrder?: boolean | undefined;
}

/**
 * A group of a file that can be written. It has no private members, so that a {@linkcode WritableFile} is one by type: a
 * file is a group.
 */
export class WritableGroup extends Group {
  /** Always `null`: members come and go. */
  declare readonly memberCount: null;
  /** The group's attributes. */
  declare readonly attributes: WritableAttributeSet;

  /** Made by opening or creating; not for users. */
  constructor(engine: Engine, info: Placed<GroupInfo>, path: string) {
    super(engine, info, path);
    makeWritable(this.place);
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("WritableGroup", this.path);
  }

  /**
   * Opens a group to change it.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Abort signal.
   * @throws {NotFoundError} If there is no object of that path.
   * @throws {WrongKindError} If it isn't a group.
   * @throws {UnsupportedError} If it lies in another file; `get` opens it for reading.
   */
  override async group(path: string, options: GroupOptions = {}): Promise<WritableGroup> {
    const group = await super.group(path, options);
    if (group instanceof WritableGroup) return group;
    throw elsewhere(group, this.engine);
  }

  /**
   * Opens a dataset to change it.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Abort signal.
   * @throws {NotFoundError} If there is no object of that path.
   * @throws {WrongKindError} If it isn't a dataset.
   * @throws {UnsupportedError} If it lies in another file; `get` opens it for reading.
   */
  override async dataset<D extends ArrayData = ArrayData>(
    path: string,
    options: GroupOptions = {},
  ): Promise<WritableDataset<D>> {
    const dataset = await super.dataset<D>(path, options);
    if (dataset instanceof WritableDataset) return dataset as WritableDataset<D>;
    throw elsewhere(dataset, this.engine);
  }

  /**
   * Makes a group, and those on the way to it.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Whether it remembers the order of creation.
   * @throws {WriteError} If something lies under that path already.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * await using file = await create();
   * const probe = await file.createGroup("general/probes/left");
   * await probe.attributes.set("depth", 1250);
   * ```
   */
  async createGroup(path: string, options: CreateGroupOptions = {}): Promise<WritableGroup> {
    checkOptions(options, GROUP_OPTIONS, `create group "${path}"`);
    return await changing(this.place, path, async (place) => await createGroup(place, path, options) as WritableGroup);
  }

  /**
   * Opens a group, or makes it where there is none.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Whether a new one remembers the order of creation.
   * @throws {WrongKindError} If something else lies under that path.
   */
  async requireGroup(path: string, options: CreateGroupOptions = {}): Promise<WritableGroup> {
    checkOptions(options, GROUP_OPTIONS, `create group "${path}"`);
    return await changing(
      this.place,
      path,
      async () => await this.has(path) ? await this.group(path) : await this.createGroup(path, options),
    );
  }

  /**
   * Makes a dataset, and the groups on the way to it.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param options Shape, type and data; chunks, compression, fill value; attributes.
   * @returns The dataset. Where anything fails there is none.
   * @throws {WriteError} If something lies under that path already and `overwrite` isn't set.
   * @throws {ShapeError} If a shape doesn't fit.
   * @throws {DTypeError} If the data doesn't fit the type, or the type can't be stored or filtered.
   * @throws {TypeError} If an option is of the wrong kind, or doesn't go with another.
   * @throws {RangeError} If a number among the options is out of range.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * await using file = await create();
   * await file.createDataset("acquisition/data", {
   *   data: new Int16Array(30_000 * 4),
   *   shape: [30_000, 4],
   *   maxShape: [null, 4],
   *   compression: "gzip",
   *   shuffle: true,
   *   attributes: { unit: "microvolt", rate: 30_000 },
   * });
   * ```
   */
  async createDataset(path: string, options: DatasetOptions = {}): Promise<WritableDataset> {
    checkOptions(options, DATASET_OPTIONS, `create dataset "${path}"`);
    return await changing(this.place, path, async (place) => {
      const plan = planDataset(options, `create dataset "${pathIn(place, path)}"`);
      return await createDataset(place, path, options, plan, (dataset) => fillDataset(dataset, plan, options));
    });
  }

  /**
   * Streams an array into a new dataset, a block at a time: memory is bounded by one block, however large the whole is.
   *
   * A chunk iterator (or any async iterable of blocks) makes a dataset of its shape that grows as blocks come; a lazy
   * array is copied in blocks of whole chunks; an array in memory is written as it is. Chunks are the source's own
   * unless the options say otherwise. Where it fails or is aborted, the file stays open, without that dataset.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param source What is written.
   * @param options Chunks, compression, …; abort signal; progress.
   * @returns The dataset.
   * @throws {ShapeError} If a block doesn't fit.
   * @throws {DTypeError} If values don't fit the type.
   * @throws {WriteError} If it can't be written, or something lies under that path already.
   *
   * @example
   * ```ts
   * import { ndarray } from "../../array/ndarray.ts";
   * import { slice } from "../../array/select/slice.ts";
   * import { create } from "./create.ts";
   * async function* blocks() {
   *   for (let i = 0; i < 5; i++) {
   *     yield { data: ndarray(new Int16Array(40).fill(i), [10, 4]), selection: [slice(10 * i, 10 * i + 10), slice(0, 4)] };
   *   }
   * }
   * await using file = await create();
   * const data = await file.write("data", blocks(), { compression: "gzip" });
   * console.log(data.shape); // [ 50, 4 ]
   * ```
   */
  async write(path: string, source: WriteSource, options: WriteOptions = {}): Promise<WritableDataset> {
    checkOptions(options, WRITE_OPTIONS, `write dataset "${path}"`);
    return await changing(this.place, path, async (place) => {
      const full = pathIn(place, path);
      const make = (given: DatasetOptions, fill: (dataset: WritableDataset) => Promise<void>) => {
        const plan = planDataset({ ...given, data: undefined }, `create dataset "${full}"`);
        return createDataset(place, path, given, plan, async (dataset) => {
          await fill(dataset);
          await fillDataset(dataset, plan, given);
        });
      };
      return await writeSource(make, source, options, `write dataset "${full}"`);
    });
  }

  /**
   * Makes a link, and the groups on the way to it.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @param target Where it leads.
   * @throws {WriteError} If something lies under that path already.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * await using file = await create();
   * await file.createDataset("a", { data: [1, 2, 3] });
   * await file.link("b", { soft: "/a" });
   * await file.link("c", { hard: "/a" });
   * await file.link("d", { external: { file: "other.h5", path: "/x" } });
   * ```
   */
  async link(path: string, target: LinkTarget): Promise<void> {
    await changing(this.place, path, (place) => makeLink(place, path, target));
  }

  /**
   * Removes a link; an object that no other hard link leads to is gone with it, and a group's members likewise. Space
   * that this frees is used by what is written before the file is closed.
   *
   * @param path Path from this group, or from the root where it starts with `/`.
   * @throws {NotFoundError} If there is none.
   */
  async remove(path: string): Promise<void> {
    await changing(this.place, path, (place) => removeLink(place, path));
  }

  /**
   * Moves a link, and makes the groups on the way to its new place. Objects opened through the old path must be opened
   * anew.
   *
   * @param from Path of the link.
   * @param to Its new path.
   * @throws {NotFoundError} If there is no such link.
   * @throws {WriteError} If something lies under the new path already.
   */
  async move(from: string, to: string): Promise<void> {
    await changing(this.place, from, (place) => moveLink(place, from, to));
  }
}

const GROUP_OPTIONS: OptionNames<CreateGroupOptions> = { trackOrder: true };
const STORED_OPTIONS: OptionNames<Omit<DatasetOptions, "data">> = {
  shape: true,
  dtype: true,
  attributes: true,
  overwrite: true,
  overflow: true,
  signal: true,
  maxShape: true,
  chunkShape: true,
  compression: true,
  compressionOptions: true,
  shuffle: true,
  fletcher32: true,
  scaleOffset: true,
  nbit: true,
  fillValue: true,
};
const DATASET_OPTIONS: OptionNames<DatasetOptions> = { ...STORED_OPTIONS, data: true };
const WRITE_OPTIONS: OptionNames<WriteOptions> = { ...STORED_OPTIONS, blockBytes: true, onProgress: true };

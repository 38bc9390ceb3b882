/**
 * Files that can be written.
 *
 * @module
 */
import { summary } from "../../array/text/summary.ts";
import { resolveSelection } from "../../array/select/selection.ts";
import type { ArrayData, Selection } from "../../array/types.ts";
import { ClosedError, SelectionError, UnsupportedError, WriteError } from "../../source/errors.ts";
import type { ByteSink } from "../../source/sink/sink.ts";
import { OK } from "../../wasm/instance.ts";
import { withBuffers } from "../engine/buffers.ts";
import type { DatasetOptions } from "./create_dataset.ts";
import type { Dataset } from "../dataset.ts";
import type { Engine } from "../engine/engine.ts";
import { H5File } from "../file.ts";
import type { FileInfo } from "../head.ts";
import type { Group, GroupOptions, NamedType } from "../group.ts";
import type { GroupInfo } from "../metadata.ts";
import { makeWritable } from "./change_group.ts";
import { Reference } from "../reference.ts";
import type { WritableAttributeSet } from "./writable_attributes.ts";
import type { WritableDataset } from "./writable_dataset.ts";
import type { LinkTarget } from "./link.ts";
import { type CreateGroupOptions, WritableGroup } from "./writable_group.ts";
import { axisParts } from "../read/box_pieces.ts";
import type { WriteOptions, WriteSource } from "./write_stream.ts";
import { type Placed, writingOf } from "./writing.ts";

/**
 * An HDF5 file that is being written, which is its root group too: a {@linkcode WritableGroup} by type.
 *
 * **Only {@linkcode close} (or {@linkcode bytes}) finishes it.** A new file is written beside its target and moved into
 * place when it is closed; where it isn't, because an error came between or the process ended, the target is as it was.
 * `await using` therefore abandons a new file that wasn't closed by the end of its block. Where something was written
 * and nothing failed, that is most likely a mistake, and told by a warning: call {@linkcode abandon} where it is meant.
 *
 * @example
 * ```ts
 * import { create } from "./create.ts";
 * await using file = await create(); // or a path
 * await file.createDataset("data", { data: [1, 2, 3] });
 * await file.close(); // finishes it; before this line nothing is there
 * ```
 */
export class WritableFile extends H5File {
  /** Always `null`: members come and go. */
  declare readonly memberCount: null;
  /** The root group's attributes. */
  declare readonly attributes: WritableAttributeSet;
  /** The same group again, as this class can't inherit from two. */
  readonly #root: WritableGroup;
  readonly #inPlace: boolean;
  readonly #onWarning: ((message: string) => void) | undefined;
  #finished = false;

  /** Made by `create` and `change`; not for users. */
  constructor(
    engine: Engine,
    info: FileInfo,
    root: Placed<GroupInfo>,
    inPlace: boolean,
    onWarning?: (message: string) => void,
  ) {
    super(engine, info, root);
    makeWritable(this.place);
    this.#root = new WritableGroup(engine, root, "/");
    this.#onWarning = onWarning;
    this.#inPlace = inPlace;
  }

  /** What it is, in one line. */
  override toString(): string {
    return summary("WritableFile", this.name, this.closed ? "closed" : null);
  }

  /** Opens a group to change it: see {@linkcode WritableGroup.group}. */
  override async group(path: string, options: GroupOptions = {}): Promise<WritableGroup> {
    return await this.#root.group(path, options);
  }

  /** Opens a dataset to change it: see {@linkcode WritableGroup.dataset}. */
  override async dataset<D extends ArrayData = ArrayData>(
    path: string,
    options: GroupOptions = {},
  ): Promise<WritableDataset<D>> {
    return await this.#root.dataset<D>(path, options);
  }

  /** Makes a group, and those on the way to it: see {@linkcode WritableGroup.createGroup}. */
  async createGroup(path: string, options: CreateGroupOptions = {}): Promise<WritableGroup> {
    return await this.#root.createGroup(path, options);
  }

  /** Opens a group, or makes it where there is none: see {@linkcode WritableGroup.requireGroup}. */
  async requireGroup(path: string, options: CreateGroupOptions = {}): Promise<WritableGroup> {
    return await this.#root.requireGroup(path, options);
  }

  /** Makes a dataset, and the groups on the way to it: see {@linkcode WritableGroup.createDataset}. */
  async createDataset(path: string, options: DatasetOptions = {}): Promise<WritableDataset> {
    return await this.#root.createDataset(path, options);
  }

  /** Streams an array into a new dataset: see {@linkcode WritableGroup.write}. */
  async write(path: string, source: WriteSource, options: WriteOptions = {}): Promise<WritableDataset> {
    return await this.#root.write(path, source, options);
  }

  /** Makes a link: see {@linkcode WritableGroup.link}. */
  async link(path: string, target: LinkTarget): Promise<void> {
    await this.#root.link(path, target);
  }

  /** Removes a link: see {@linkcode WritableGroup.remove}. */
  async remove(path: string): Promise<void> {
    await this.#root.remove(path);
  }

  /** Moves a link: see {@linkcode WritableGroup.move}. */
  async move(from: string, to: string): Promise<void> {
    await this.#root.move(from, to);
  }

  /**
   * A reference to an object, to be written as a value.
   *
   * @param object The object, or its path.
   * @throws {NotFoundError} If there is none.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * await using file = await create();
   * await file.createGroup("probe");
   * await file.attributes.set("device", await file.reference("/probe"));
   * ```
   */
  async reference(object: string | Group | Dataset | NamedType): Promise<Reference> {
    const { address, fileIndex, path } = typeof object === "string" ? await this.get(object) : object;
    this.#checkOwn(fileIndex, path);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(address), true);
    return new Reference("object", bytes);
  }

  /**
   * A reference to a region of a dataset, to be written as a value.
   *
   * @param object The dataset, or its path.
   * @param selection The region: per axis an integer, `slice(…)` or `null`.
   * @throws {SelectionError} If the selection doesn't fit, or is a list of uneven steps, or empty.
   */
  async regionReference(object: string | WritableDataset, selection?: Selection): Promise<Reference> {
    const dataset = typeof object === "string" ? await this.dataset(object) : object;
    const action = `refer to a region of dataset "${dataset.path}"`;
    this.#checkOwn(dataset.fileIndex, dataset.path);
    const parts = resolveSelection(selection, dataset.shape).map(axisParts);
    if (parts.some((axis) => axis.length !== 1)) {
      throw new SelectionError(`Cannot ${action}: a region is evenly spaced along each axis, and not empty`, {
        file: this.name,
        object: dataset.path,
      });
    }
    const axes = parts.map(([part]) => part!);
    const slab = Float64Array.from([
      ...axes.map(({ start }) => start),
      ...axes.map(({ count }) => count),
      ...axes.map(({ step }) => step),
    ]);
    const engine = this.engine;
    const place = { file: 0, address: dataset.address };
    let bytes = new Uint8Array(0);
    await engine.run(
      { action, object: dataset.path },
      (exports) =>
        engine.withHandle(exports, place, (handle) =>
          withBuffers(engine.instance, (put) => {
            const at = put(slab);
            const rank = axes.length;
            const status = exports.mt_reference_region(handle, rank, at, at + 8 * rank, at + 16 * rank);
            if (status === OK) bytes = engine.instance.out().slice();
            return status;
          })),
    );
    return new Reference("region", bytes);
  }

  /**
   * Writes all that libhdf5 holds back to the target. Only files that are changed in place gain by it.
   *
   * @throws {WriteError} If it can't be written.
   */
  async flush(): Promise<void> {
    await this.engine.run({ action: "write the file" }, (exports) => exports.mt_file_flush());
  }

  /**
   * Finishes the file: writes what is left and moves it into place. Closing twice does nothing.
   *
   * @throws {WriteError} If it can't be written, or something could not be written before; what it would have replaced
   * stays as it was. A file that is changed in place may be damaged then.
   */
  override async close(): Promise<void> {
    if (this.closed) return;
    const engine = this.engine;
    const { sink } = writingOf(engine);
    try {
      const failed = engine.writeFailure;
      if (failed !== undefined) {
        throw new WriteError(`Cannot finish ${this.name}: ${failed instanceof Error ? failed.message : failed}`, {
          file: this.name,
          cause: failed,
        });
      }
      engine.runNow({ action: "finish the file" }, (exports) => {
        engine.handles.clear(exports);
        return exports.mt_file_close();
      });
    } catch (error) {
      await this.#giveUp(sink);
      throw error;
    }
    await engine.close();
    await sink.commit();
    this.#finished = true;
  }

  /**
   * Finishes a file in memory and gives its bytes.
   *
   * @returns The whole file.
   * @throws {UnsupportedError} If it isn't in memory.
   * @throws {ClosedError} If it was abandoned.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * import { open } from "../file.ts";
   * const file = await create();
   * await file.createDataset("data", { data: [1, 2, 3] });
   * await using same = await open(await file.bytes());
   * ```
   */
  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const sink: ByteSink & { bytes?(): Uint8Array<ArrayBuffer> } = writingOf(this.engine).sink;
    if (sink.bytes === undefined) {
      throw new UnsupportedError(`Cannot give the bytes of ${this.name}: it isn't in memory`, { file: this.name });
    }
    await this.close();
    if (!this.#finished) {
      throw new ClosedError(`Cannot give the bytes of ${this.name}: it was abandoned`, { file: this.name });
    }
    return sink.bytes();
  }

  /**
   * Gives the file up: a new one is gone, and what it would have replaced stays. What was changed in place can't be taken
   * back; such a file is closed, so that it stays whole.
   */
  async abandon(): Promise<void> {
    if (this.closed) return;
    if (this.#inPlace && this.engine.writeFailure === undefined) return await this.close();
    await this.#giveUp(writingOf(this.engine).sink);
  }

  /**
   * Abandons the file if it wasn't closed; one that is changed in place is closed. Whether the block threw can't be seen
   * from here: where all writes went well, a warning tells what was lost (see `onWarning` of `create`).
   */
  override async [Symbol.asyncDispose](): Promise<void> {
    const lost = !this.closed && !this.#inPlace && writingOf(this.engine).good;
    await this.abandon();
    if (lost) {
      (this.#onWarning ?? warn)(
        `${this.name} wasn't written: its block ended without close(), so what was written is gone. ` +
          `Call close() to finish it, or abandon() to give it up without this warning. If the block threw, all is well`,
      );
    }
  }

  async #giveUp(sink: ByteSink): Promise<void> {
    await this.engine.close();
    await sink.abandon();
  }

  #checkOwn(fileIndex: number, path: string): void {
    if (fileIndex === 0) return;
    throw new UnsupportedError(`Cannot refer to "${path}" from ${this.name}: it lies in another file`, {
      file: this.name,
      object: path,
    });
  }
}

/** Warns as the runtime does: by `process` in Node, Deno and Bun, by the console elsewhere. */
function warn(message: string): void {
  const { process, console } = globalThis as {
    readonly process?: { emitWarning?(message: string, name: string): void };
    readonly console?: { warn(message: string): void };
  };
  if (process?.emitWarning === undefined) console?.warn(message);
  else process?.emitWarning(message, "MicrotomeWarning");
}

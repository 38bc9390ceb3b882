/**
 * Datasets that can be changed.
 *
 * @module
 */
import type { Overflow } from "../../array/codec/cast.ts";
import { resolveSelection } from "../../array/select/selection.ts";
import type { ArrayData, ResolvedAxis, Selection } from "../../array/types.ts";
import { SelectionError, ShapeError } from "../../source/errors.ts";
import { OK } from "../../wasm/instance.ts";
import { withBuffers } from "../engine/buffers.ts";
import { Dataset } from "../dataset.ts";
import { elementShape } from "../read/decode.ts";
import type { Engine } from "../engine/engine.ts";
import type { DatasetInfo } from "../metadata.ts";
import { takeObject } from "../objects.ts";
import { dtypeOf } from "../type_info.ts";
import { counting, WritableAttributeSet } from "./writable_attributes.ts";
import { writeElements } from "./write_elements.ts";
import { checkLengths } from "../storage/write_options.ts";
import { toValues, type WritableData } from "../storage/write_values.ts";
import { type Placed, writingOf } from "./writing.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";

/** Options of writing to a dataset. */
export interface DatasetWriteOptions {
  /**
   * What becomes of numbers that the dataset's type can't hold: see {@linkcode Overflow}.
   *
   * @default {"error"}
   */
  readonly overflow?: Overflow | undefined;
  /** Aborts; what was written by then stays. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A dataset of a file that can be written. Reading it goes through libhdf5, so that it always gives what was written
 * last.
 */
export class WritableDataset<D extends ArrayData = ArrayData> extends Dataset<D> {
  /** The dataset's attributes. */
  declare readonly attributes: WritableAttributeSet;
  #info: Placed<DatasetInfo>;

  /** Made by opening or creating; not for users. */
  constructor(engine: Engine, info: Placed<DatasetInfo>, path: string) {
    super(engine, info, path);
    this.#info = info;
    (this as { attributes: WritableAttributeSet }).attributes = new WritableAttributeSet(
      engine,
      info,
      path,
      counting(this),
    );
  }

  /** What it is, in one line. */
  override toString(): string {
    return this.describeAs("WritableDataset");
  }

  /**
   * Writes a selection.
   *
   * Numbers are converted, exactly or not at all (see {@linkcode Overflow}); float values are rounded to the stored
   * width. Data of fewer axes, or with axes of length 1, is repeated as NumPy broadcasts; a flat list or typed array of
   * as many values as are selected fills them in C order. Of an index that a list names twice the last value stays.
   *
   * @param selection Per axis an integer, `slice(…)`, `null`, an index list or a mask; `null` for everything.
   * @param data The values, as reading gives them.
   * @param options What becomes of numbers that don't fit, abort signal.
   * @throws {SelectionError} If the selection doesn't fit the shape.
   * @throws {ShapeError} If the data doesn't fit the selection.
   * @throws {DTypeError} If a value doesn't fit the type. Nothing has been written then.
   * @throws {WriteError} If the target can't be written. The file is then lost, and what it would replace stays.
   *
   * @example
   * ```ts
   * import { slice } from "../../array/select/slice.ts";
   * import { create } from "./create.ts";
   * await using file = await create();
   * const table = await file.createDataset("table", { shape: [100, 3], dtype: "<i2" });
   * await table.write([slice(0, 2), null], [[1, 2, 3], [4, 5, 6]]);
   * await table.write([slice(2, null), 1], 7);
   * ```
   */
  async write(selection: Selection, data: WritableData, options: DatasetWriteOptions = {}): Promise<void> {
    checkOptions(options, WRITE_OPTIONS, `write dataset "${this.path}"`);
    return await writingOf(this.engine).doing({ file: this.engine.name, object: this.path }, async () => {
      if (this.isNull) {
        throw new SelectionError(`Cannot write dataset "${this.path}" of ${this.engine.name}: it has no elements`, {
          file: this.engine.name,
          object: this.path,
        });
      }
      await this.#write(resolveSelection(selection, this.shape), data, options);
    });
  }

  /**
   * Changes the shape of a chunked dataset. What is cut off is lost; what is added holds the fill value.
   *
   * @param shape The new shape, within {@linkcode maxShape}.
   * @throws {ShapeError} If it isn't chunked, or can't become that long.
   */
  async resize(shape: readonly number[]): Promise<void> {
    return await writingOf(this.engine).doing({ file: this.engine.name, object: this.path }, async () => {
      const action = `resize dataset "${this.path}"`;
      const { engine } = this;
      const inner = elementShape(this.#info.type);
      const rank = this.#info.shape?.length ?? 0;
      checkLengths(shape, "shape", 0, action, rank + inner.length);
      if (inner.some((length, i) => shape[rank + i] !== length)) {
        throw new ShapeError(`Cannot ${action}: its elements have the shape (${inner.join(", ")})`);
      }
      const outer = shape.slice(0, rank);
      outer.forEach((length, axis) => {
        const most = this.maxShape[axis] ?? null;
        if (this.layout !== "chunked" && length !== this.shape[axis]) {
          throw new ShapeError(`Cannot ${action}: it isn't chunked; create it with maxShape`);
        }
        if (most !== null && length > most) {
          throw new ShapeError(
            `Cannot ${action} to (${shape.join(", ")}): axis ${axis} can become ${most} long at most`,
          );
        }
      });
      if (this.layout !== "chunked") return;
      let info: DatasetInfo | undefined;
      await engine.run(
        { action, object: this.path },
        (exports) =>
          engine.withHandle(exports, this.#info, (handle) =>
            withBuffers(engine.instance, (put) => {
              const status = exports.mt_dataset_resize(handle, rank, put(Float64Array.from(outer)));
              if (status === OK) info = takeObject(engine, exports) as DatasetInfo;
              return status;
            })),
      );
      this.#info = writingOf(engine).place(info!, this.path);
      this.describe(this.#info);
    });
  }

  /**
   * Makes the dataset longer and writes at the end.
   *
   * @param data The values: of the dataset's shape but for the axis that grows, or without that axis, for one index.
   * @param axis The axis that grows.
   * @param options What becomes of numbers that don't fit, abort signal.
   * @throws {ShapeError} If the data doesn't fit, or the axis can't grow.
   * @throws {DTypeError} If a value doesn't fit the type. The dataset is as it was then.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * await using file = await create();
   * const times = await file.createDataset("times", { shape: [0], maxShape: [null], dtype: "<f8" });
   * await times.append([0.1, 0.2]);
   * await times.append(Float64Array.of(0.3));
   * console.log(times.shape); // [ 3 ]
   * ```
   */
  async append(data: WritableData, axis: number = 0, options: DatasetWriteOptions = {}): Promise<void> {
    checkOptions(options, WRITE_OPTIONS, `append to dataset "${this.path}"`);
    return await writingOf(this.engine).doing({ file: this.engine.name, object: this.path }, async () => {
      const action = `append to dataset "${this.path}"`;
      const { shape } = this;
      if (this.isNull || !Number.isInteger(axis) || axis < 0 || axis >= (this.#info.shape?.length ?? 0)) {
        throw new ShapeError(`Cannot ${action} along axis ${axis}: it has the shape (${shape.join(", ")})`);
      }
      const values = toValues(data, dtypeOf(this.#info.type), action);
      const given = values.array.shape;
      const others = shape.filter((_, i) => i !== axis);
      const isOne = given.length === others.length;
      const added = isOne ? 1 : given[axis] ?? 0;
      const rest = isOne ? given : given.filter((_, i) => i !== axis);
      if ((!isOne && given.length !== shape.length) || rest.some((length, i) => length !== others[i])) {
        throw new ShapeError(
          `Cannot ${action} along axis ${axis}: data of shape (${given.join(", ")}) doesn't fit (${shape.join(", ")})`,
        );
      }
      const before = shape[axis]!;
      await this.resize(shape.map((length, i) => i === axis ? length + added : length));
      const axes = this.shape.map((count, i): ResolvedAxis =>
        i === axis
          ? { kind: "range", start: before, step: 1, count: added, drop: isOne } as ResolvedAxis
          : { kind: "range", start: 0, step: 1, count, drop: false }
      );
      try {
        await this.#write(axes, data, options);
      } catch (error) {
        if (this.engine.writeFailure === undefined && !this.engine.closed) await this.resize(shape);
        throw error;
      }
    });
  }

  async #write(axes: readonly ResolvedAxis[], data: WritableData, options: DatasetWriteOptions): Promise<void> {
    const action = `write dataset "${this.path}"`;
    options.signal?.throwIfAborted();
    const values = toValues(data, dtypeOf(this.#info.type), action);
    await writeElements(this.engine, this.#info, this.path, axes, values, { ...options, action });
  }
}

const WRITE_OPTIONS: OptionNames<DatasetWriteOptions> = { overflow: true, signal: true };

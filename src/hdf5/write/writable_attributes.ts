/**
 * Attributes that can be changed.
 *
 * @module
 */
import { summary } from "../../array/text/summary.ts";
import { checkOptions, type OptionNames } from "../../source/options.ts";
import { writingOf } from "./writing.ts";
import { broadcastTo } from "../../array/codec/broadcast.ts";
import { flatten } from "../../array/ndarray.ts";
import { DTypeError, ShapeError } from "../../source/errors.ts";
import { AttributeSet } from "../attributes.ts";
import { withBuffers } from "../engine/buffers.ts";
import { encodeElements } from "../storage/encode.ts";
import type { Engine } from "../engine/engine.ts";
import type { ObjectAddress } from "../engine/handles.ts";
import { checkLengths } from "../storage/write_options.ts";
import { type DTypeInput, resolveDType } from "../storage/write_type.ts";
import { flattened, inferDType, toValues, type WritableData } from "../storage/write_values.ts";
import { withType } from "./writing.ts";

/** Options of {@linkcode WritableAttributeSet.set}. */
export interface AttributeSetOptions {
  /**
   * Type to store it as.
   *
   * @default {by the value: float64 for numbers, int64 for bigints, h5py's bool, UTF-8 of any length}
   */
  readonly dtype?: DTypeInput | undefined;
  /**
   * Shape to store it in; the value is broadcast. `null` for an attribute without elements.
   *
   * @default {the value's}
   */
  readonly shape?: readonly number[] | null | undefined;
}

/** The attributes of an object of a file that can be written. */
export class WritableAttributeSet extends AttributeSet {
  readonly #engine: Engine;
  readonly #object: ObjectAddress;
  readonly #path: string;
  readonly #onCount: (change: number) => void;

  /** Made with its object; not for users. */
  constructor(engine: Engine, object: ObjectAddress, path: string, onCount: (change: number) => void) {
    super(engine, object, path);
    this.#engine = engine;
    this.#object = object;
    this.#path = path;
    this.#onCount = onCount;
  }

  /** Whose they are, in one line. */
  override toString(): string {
    return summary("WritableAttributeSet", this.#path);
  }

  /**
   * Sets an attribute, in place of one of that name.
   *
   * Stored as h5py stores them: text as a scalar of variable length in UTF-8, a list of text as one axis of it, a number
   * as float64, a bigint as int64, a boolean as h5py's bool, a typed array as its own type, an empty list as float64 of
   * shape (0,), a reference as one, `null` as an attribute without elements.
   *
   * @param name Its name.
   * @param value Its value.
   * @param options Type and shape, where they should be others.
   * @throws {DTypeError} If the value can't be stored, or not as the type.
   * @throws {ShapeError} If it doesn't fit the shape, or a list is ragged.
   * @throws {WriteError} If it can't be written.
   *
   * @example
   * ```ts
   * import { create } from "./create.ts";
   * await using file = await create();
   * await file.attributes.set("session", "2026-02-03");
   * await file.attributes.set("rate", 30_000, { dtype: "<f4" });
   * console.log(await file.attributes.all());
   * ```
   */
  async set(name: string, value: WritableData, options: AttributeSetOptions = {}): Promise<void> {
    checkOptions(options, SET_OPTIONS, `set attribute "${name}" of "${this.#path}"`);
    return await writingOf(this.#engine).doing({ file: this.#engine.name, object: this.#path }, async () => {
      const action = `set attribute "${name}" of "${this.#path}"`;
      const engine = this.#engine;
      const given = options.dtype === undefined ? undefined : resolveDType(options.dtype);
      const isEmpty = options.shape === null || (value === null && given?.kind !== "reference");
      const values = toValues(isEmpty ? 0 : value, isEmpty ? undefined : given, action);
      const dtype = given ?? inferDType(values, action);
      const inner = flattened(dtype).shape;
      const rank = values.array.shape.length - inner.length;
      if (rank < 0 && options.shape === undefined) {
        throw new ShapeError(`Cannot ${action}: the value has fewer axes than an element of (${inner.join(", ")})`);
      }
      const shape = isEmpty ? null : options.shape ?? values.array.shape.slice(0, rank);
      if (shape !== null) checkLengths(shape, "shape", 0, action);
      const data = shape === null ? null : flatten(broadcastTo(values.array, [...shape, ...inner], action)).data;
      if (typeof name !== "string" || name.includes("\0")) {
        throw new DTypeError(`Cannot ${action}: a name is text without NUL`);
      }
      const isNew = !await this.has(name);
      await engine.run(
        { action, object: this.#path },
        (exports) =>
          engine.withHandle(
            exports,
            this.#object,
            (handle) =>
              withType(engine, exports, dtype, (type, info) =>
                withBuffers(engine.instance, (put) =>
                  engine.instance.withText(name, (pointer, length) =>
                    exports.mt_attr_write(
                      handle,
                      pointer,
                      length,
                      type,
                      shape === null ? -1 : shape.length,
                      put(shape === null ? null : Float64Array.from(shape)),
                      put(data === null ? null : encodeElements(info, data, values.dtype, { action })),
                    )))),
          ),
      );
      if (isNew) this.#onCount(1);
    });
  }

  /**
   * Removes an attribute.
   *
   * @param name Its name.
   * @throws {NotFoundError} If there is none of that name.
   */
  async delete(name: string): Promise<void> {
    const engine = this.#engine;
    await engine.run(
      { action: `delete attribute "${name}" of "${this.#path}"`, object: this.#path },
      (exports) =>
        engine.withHandle(
          exports,
          this.#object,
          (handle) =>
            engine.instance.withText(name, (pointer, length) => exports.mt_attr_delete(handle, pointer, length)),
        ),
    );
    this.#onCount(-1);
  }
}

/** Counts an object's attributes on. */
export function counting(object: { readonly attributeCount: number }): (change: number) => void {
  const counted: { attributeCount: number } = object;
  return (change) => {
    counted.attributeCount += change;
  };
}

const SET_OPTIONS: OptionNames<AttributeSetOptions> = { dtype: true, shape: true };

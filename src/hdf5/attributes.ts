/**
 * Attributes: small arrays that hang on an object.
 *
 * @module
 */
import { printsAsText } from "../source/inspect.ts";
import { summary, typeAndShape } from "../array/text/summary.ts";
import { contiguousStride, sizeOf } from "../array/ndarray.ts";
import type { DType, NDArray } from "../array/types.ts";
import { NotFoundError } from "../source/errors.ts";
import { type Hdf5Exports, OK } from "../wasm/instance.ts";
import { elementShape, innermostType, scalarOf } from "./read/decode.ts";
import type { Engine } from "./engine/engine.ts";
import type { ObjectAddress } from "./engine/handles.ts";
import type { AttributeInfo } from "./metadata.ts";
import { type DecodedValue, takeValue } from "./read/take_value.ts";
import { dtypeOf, inNativeOrder } from "./type_info.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";

/** Options of reading attributes. */
export interface AttributeOptions {
  /** Aborts the read. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether to list in the order of creation where the object keeps track of it, as h5py does; `false` lists by name.
   *
   * @default {true}
   */
  readonly creationOrder?: boolean | undefined;
}

/**
 * An attribute's value: a plain value (number, bigint, string, boolean, …) for a scalar, an `NDArray` for an array,
 * `null` for a null dataspace.
 */
export type AttributeValue = unknown;

/** An attribute, not read yet. */
export class Attribute {
  /** Name of the attribute. */
  readonly name: string;
  /** Length of each axis; `[]` for a scalar, `null` for a null dataspace. */
  readonly shape: readonly number[] | null;
  /** Type of its elements. */
  readonly dtype: DType;
  readonly #set: AttributeSet;

  /** Made by {@linkcode AttributeSet.list}; not for users. */
  constructor(set: AttributeSet, info: AttributeInfo) {
    printsAsText(Attribute.prototype);
    this.#set = set;
    this.name = info.name;
    this.shape = info.shape;
    this.dtype = dtypeOf(info.type);
  }

  /** What it is, in one line. */
  toString(): string {
    const shape = this.shape ?? [0];
    return summary(
      "Attribute",
      this.name,
      typeAndShape({ dtype: this.dtype, shape }),
      this.shape === null ? "without elements" : null,
    );
  }

  /**
   * Reads it as an array, as a dataset is read.
   *
   * @param options Abort signal.
   * @returns The array; of shape `[0]` for a null dataspace.
   */
  async read(options: AttributeOptions = {}): Promise<NDArray> {
    return await this.#set.read(this.name, options);
  }

  /**
   * Reads it as a plain value.
   *
   * @param options Abort signal.
   */
  async value(options: AttributeOptions = {}): Promise<AttributeValue> {
    return await this.#set.get(this.name, options);
  }
}

/** The attributes of an object. Nothing is read before it is asked for. */
export class AttributeSet {
  readonly #engine: Engine;
  readonly #object: ObjectAddress;
  readonly #path: string;

  /** Made with its object; not for users. */
  constructor(engine: Engine, object: ObjectAddress, path: string) {
    printsAsText(AttributeSet.prototype);
    this.#engine = engine;
    this.#object = object;
    this.#path = path;
  }

  /** Whose they are, in one line. */
  toString(): string {
    return summary("AttributeSet", this.#path);
  }

  /**
   * Lists the attributes without reading their values.
   *
   * @param options Abort signal and order.
   */
  async list(options: AttributeOptions = {}): Promise<Attribute[]> {
    return (await this.#infos(options)).map((info) => new Attribute(this, info));
  }

  /** The attributes' names. */
  async keys(options: AttributeOptions = {}): Promise<string[]> {
    return (await this.#infos(options)).map((info) => info.name);
  }

  /**
   * Tells whether there is an attribute of that name.
   *
   * @param name Its name.
   * @param options Abort signal.
   */
  async has(name: string, options: AttributeOptions = {}): Promise<boolean> {
    try {
      await this.#info(name, options);
      return true;
    } catch (error) {
      if (error instanceof NotFoundError) return false;
      throw error;
    }
  }

  /**
   * Reads an attribute as a plain value.
   *
   * @param name Its name.
   * @param options Abort signal.
   * @returns The value of a scalar, an `NDArray`, or `null` for a null dataspace.
   * @throws {NotFoundError} If there is no attribute of that name.
   *
   * @example
   * ```ts
   * import { open } from "../../mod.ts";
   * await using file = await open("tests/data/signal.h5");
   * console.log(await (await file.dataset("/signal")).attributes.keys());
   * ```
   */
  async get(name: string, options: AttributeOptions = {}): Promise<AttributeValue> {
    const info = await this.#info(name, options);
    return plainValue(info, await this.#read(info, options));
  }

  /**
   * Reads an attribute as an array.
   *
   * @param name Its name.
   * @param options Abort signal.
   * @throws {NotFoundError} If there is no attribute of that name.
   */
  async read(name: string, options: AttributeOptions = {}): Promise<NDArray> {
    const info = await this.#info(name, options);
    return arrayOf(info, await this.#read(info, options));
  }

  /**
   * Reads all attributes as plain values.
   *
   * @param options Abort signal and order.
   * @returns A record by name.
   */
  async all(options: AttributeOptions = {}): Promise<Record<string, AttributeValue>> {
    const call = { action: `read the attributes of "${this.#path}"`, object: this.#path };
    return await this.#engine.bounded(call, options, (options) => this.#all(options));
  }

  async #all(options: AttributeOptions): Promise<Record<string, AttributeValue>> {
    const infos = await this.#infos(options);
    const values = await this.#readMany(infos, options);
    return Object.fromEntries(infos.map((info, i) => [info.name, plainValue(info, values[i]!)]));
  }

  /** The names with the values, all of which are read at once. */
  async *[Symbol.asyncIterator](): AsyncGenerator<[name: string, value: AttributeValue], void> {
    yield* Object.entries(await this.all());
  }

  async #infos(options: AttributeOptions): Promise<AttributeInfo[]> {
    checkOptions(options, ATTRIBUTE_OPTIONS, "list attributes");
    let infos: AttributeInfo[] = [];
    await this.#run(`list the attributes of "${this.#path}"`, (exports, handle) => {
      const status = exports.mt_attr_list(handle, options.creationOrder === false ? 0 : 1);
      if (status === OK) infos = this.#engine.instance.json() as AttributeInfo[];
      return status;
    }, options);
    return infos;
  }

  async #info(name: string, options: AttributeOptions): Promise<AttributeInfo> {
    checkOptions(options, ATTRIBUTE_OPTIONS, "read an attribute");
    let info: AttributeInfo | undefined;
    await this.#run(`find attribute "${name}" of "${this.#path}"`, (exports, handle) => {
      const status = this.#engine.instance.withText(
        name,
        (pointer, length) => exports.mt_attr_info(handle, pointer, length),
      );
      if (status === OK) info = this.#engine.instance.json() as AttributeInfo;
      return status;
    }, options);
    return info!;
  }

  async #read(info: AttributeInfo, options: AttributeOptions): Promise<DecodedValue> {
    const [value] = await this.#readMany([info], options);
    return value!;
  }

  async #readMany(infos: readonly AttributeInfo[], options: AttributeOptions): Promise<DecodedValue[]> {
    const engine = this.#engine;
    const values = new Array<DecodedValue>(infos.length);
    const subjects = infos.map(({ name }) => ({
      action: `read attribute "${name}" of "${this.#path}"`,
      object: this.#path,
    }));
    const errors = await engine.runMany(subjects, (exports, index) => {
      const { name, type, shape } = infos[index]!;
      return engine.withHandle(exports, this.#object, (handle) => {
        const status = engine.instance.withText(
          name,
          (pointer, length) => exports.mt_attr_read(handle, pointer, length),
        );
        if (status !== OK) return status;
        return takeValue(engine, exports, handle, type, shape === null ? 0 : sizeOf(shape), (value) => {
          values[index] = value;
        });
      });
    }, { signal: options.signal });
    for (const error of errors) if (error !== undefined) throw error;
    return values;
  }

  async #run(
    action: string,
    attempt: (exports: Hdf5Exports, handle: number) => number,
    options: AttributeOptions,
  ): Promise<void> {
    await this.#engine.run(
      { action, object: this.#path },
      (exports) => this.#engine.withHandle(exports, this.#object, (handle) => attempt(exports, handle)),
      { signal: options.signal },
    );
  }
}

function arrayOf(info: AttributeInfo, { data }: DecodedValue): NDArray {
  const shape = [...(info.shape ?? [0]), ...elementShape(info.type)];
  return { data, shape, stride: contiguousStride(shape), dtype: inNativeOrder(dtypeOf(innermostType(info.type))) };
}

function plainValue(info: AttributeInfo, value: DecodedValue): AttributeValue {
  if (info.shape === null) return null;
  const array = arrayOf(info, value);
  return array.shape.length === 0 ? scalarOf(info.type, array.data, 0) : array;
}

/** Names of {@linkcode AttributeOptions}. */
export const ATTRIBUTE_OPTIONS: OptionNames<AttributeOptions> = { signal: true, creationOrder: true };

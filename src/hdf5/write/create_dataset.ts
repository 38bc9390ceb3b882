/**
 * Making datasets.
 *
 * @module
 */
import { broadcastTo } from "../../array/codec/broadcast.ts";
import type { DType } from "../../array/types.ts";
import { OK } from "../../wasm/instance.ts";
import { type Put, withBuffers } from "../engine/buffers.ts";
import { encodeElements } from "../storage/encode.ts";
import type { Engine } from "../engine/engine.ts";
import type { ObjectAddress } from "../engine/handles.ts";
import type { ObjectInfo } from "../metadata.ts";
import type { WritableDataset } from "./writable_dataset.ts";
import type { DatasetWriteOptions } from "./writable_dataset.ts";
import type { FilterSpec } from "../storage/write_filters.ts";
import type { StorageOptions } from "../storage/storage_options.ts";
import { checkLengths, resolveStorage, type Storage } from "../storage/write_options.ts";
import { type DTypeInput, resolveDType } from "../storage/write_type.ts";
import { flattened, inferDType, toValues, type Values, type WritableData } from "../storage/write_values.ts";
import { withType, writingOf } from "./writing.ts";

/** Options of {@linkcode WritableGroup.createDataset}. */
export interface DatasetOptions extends StorageOptions, DatasetWriteOptions {
  /**
   * Length of each axis; `[]` for a single element, `null` for a null dataspace (a type, but no elements).
   *
   * @default {the data's}
   */
  readonly shape?: readonly number[] | null | undefined;
  /**
   * Type of the elements.
   *
   * @default {by the data: that of a typed array, float64 for numbers, int64 for bigints, h5py's bool, text}
   */
  readonly dtype?: DTypeInput | undefined;
  /** What it holds from the start; without it, `shape` and `dtype` are needed. */
  readonly data?: WritableData | undefined;
  /** Attributes, as `attributes.set` takes them. */
  readonly attributes?: Readonly<Record<string, WritableData>> | undefined;
  /**
   * Whether what lies under that path already is removed. Else it is an error.
   *
   * @default {false}
   */
  readonly overwrite?: boolean | undefined;
}

/** A dataset about to be made. */
export interface DatasetPlan {
  readonly dtype: DType;
  readonly shape: readonly number[] | null;
  readonly storage: Storage;
  readonly fill: Values | null;
  /** What it holds from the start. */
  readonly values: Values | null;
}

/** The bits of `flags`, as `microtome.h` has them. */
export const MAKE_PARENTS = 1;
/** Keeps the order of creation. */
export const MAKE_TRACK_ORDER = 2;

/**
 * Checks all that a dataset is made of. Nothing is written yet.
 *
 * @param options The options.
 * @param action What is being done, for messages.
 */
export function planDataset(options: DatasetOptions, action: string): DatasetPlan {
  const given = options.dtype === undefined ? undefined : resolveDType(options.dtype);
  const values = options.data === undefined ? null : toValues(options.data, given, action);
  if (values === null && (given === undefined || options.shape === undefined)) {
    throw new TypeError(`Cannot ${action}: dtype and shape are needed where there is no data`);
  }
  const dtype = given ?? inferDType(values!, action);
  const inner = flattened(dtype).shape;
  const outer = values?.array.shape.slice(0, Math.max(0, values.array.shape.length - inner.length)) ?? null;
  const shape = options.shape === undefined ? outer : options.shape;
  if (shape !== null) checkLengths(shape, "shape", 0, action);
  if (values !== null) broadcastTo(values.array, [...shape ?? [0], ...inner], action);
  const storage = resolveStorage(options, shape, dtype, action);
  const { fillValue } = options;
  const fill = fillValue === undefined || fillValue === null ? null : toValues(fillValue, dtype, action);
  return { dtype, shape, storage, fill, values };
}

/**
 * Makes a dataset; its data isn't written yet.
 *
 * @param engine The file's engine.
 * @param from The object that the path starts from.
 * @param path The path.
 * @param full The path from the root.
 * @param plan What to make.
 * @returns Its description.
 */
export async function makeDataset(
  engine: Engine,
  from: ObjectAddress,
  path: string,
  full: string,
  plan: DatasetPlan,
): Promise<ObjectInfo> {
  const action = `create dataset "${full}"`;
  const { shape, storage } = plan;
  let info: ObjectInfo | undefined;
  await engine.run(
    { action, object: full },
    (exports) =>
      engine.withHandle(
        exports,
        from,
        (handle) =>
          withType(engine, exports, plan.dtype, (type, layout) =>
            withBuffers(engine.instance, (put) =>
              engine.instance.withText(path, (pointer, length) => {
                const { array, dtype } = plan.fill ?? { array: null, dtype: null };
                const fill = array === null ? null : encodeElements(layout, array.data, dtype, { action });
                const status = exports.mt_dataset_create(
                  handle,
                  pointer,
                  length,
                  type,
                  shape === null ? -1 : shape.length,
                  put(shape === null ? null : Float64Array.from(shape)),
                  put(
                    shape === null ? null : Float64Array.from(storage.maxShape, (most) =>
                      most ?? -1),
                  ),
                  put(storage.chunk === null ? null : Float64Array.from(storage.chunk)),
                  putFilters(put, storage.filters),
                  put(fill),
                  MAKE_PARENTS,
                );
                if (status === OK) {
                  info = writingOf(engine).takeNew(engine, exports);
                }
                return status;
              }))),
      ),
  );
  return info!;
}

function putFilters(put: Put, filters: readonly FilterSpec[]): number {
  const numbers = filters.flatMap(({ id, flags, values }) => [id, flags, values.length, ...values]);
  return put(Uint32Array.of(filters.length, ...numbers));
}

/**
 * Fills a dataset that was just made.
 *
 * @param dataset The dataset.
 * @param plan What it was made by.
 * @param options The options.
 */
export async function fillDataset(
  dataset: WritableDataset,
  { values, shape }: DatasetPlan,
  options: DatasetOptions,
): Promise<void> {
  if (values !== null && shape !== null && dataset.size > 0) {
    await dataset.write(null, options.data!, { signal: options.signal });
  }
  for (const [name, value] of Object.entries(options.attributes ?? {})) await dataset.attributes.set(name, value);
}

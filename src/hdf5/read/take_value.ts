/**
 * Taking a value that the C side has read out of its memory, before anything else is called.
 *
 * @module
 */
import type { ArrayData } from "../../array/types.ts";
import { type Hdf5Exports, NEED, OK } from "../../wasm/instance.ts";
import { decodeElements, type PointerMemory } from "./decode.ts";
import type { Engine } from "../engine/engine.ts";
import type { ReferenceTarget } from "../reference.ts";
import type { TypeInfo } from "../type_info.ts";

/** A value as JavaScript has it. */
export interface DecodedValue {
  readonly data: ArrayData;
}

/** Thrown out of decoding where the C side lacks bytes to tell where a reference leads: the attempt is repeated. */
class NeedBytes extends Error {}

/** Number of the newer kind of reference, as `mt_reference_info` takes it. */
const NEW_REFERENCE = 2;

/**
 * Decodes the value that `mt_attr_read` or `mt_dataset_read` has just read, and releases it. Part of an attempt.
 *
 * @param engine The file's engine.
 * @param exports The instance.
 * @param handle The object that the value belongs to.
 * @param type Type of its elements.
 * @param count Number of elements.
 * @param give Gets the value.
 * @returns `OK`, or the status of telling where a reference leads.
 */
export function takeValue(
  engine: Engine,
  exports: Hdf5Exports,
  handle: number,
  type: TypeInfo,
  count: number,
  give: (value: DecodedValue) => void,
): number {
  const { instance } = engine;
  let failed = OK;
  const memory: PointerMemory = {
    get bytes() {
      return instance.bytes;
    },
    reference: (element) => {
      const status = instance.withBytes(
        element,
        (pointer) => exports.mt_reference_info(handle, NEW_REFERENCE, pointer),
      );
      if (status === OK) return instance.json() as ReferenceTarget;
      failed = status;
      throw new NeedBytes();
    },
  };
  try {
    const start = exports.mt_value_ptr() >>> 0;
    const bytes = instance.bytes.slice(start, start + (exports.mt_value_len() >>> 0));
    give({ data: decodeElements(type, bytes, count, memory) });
    return OK;
  } catch (error) {
    if (!(error instanceof NeedBytes)) throw error;
    return failed === OK ? NEED : failed;
  } finally {
    exports.mt_value_release();
  }
}

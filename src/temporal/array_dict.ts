/**
 * Named arrays of one length, in memory or not yet.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import { ARRAY_READ_OPTIONS } from "./option_names.ts";
import type { ArrayReadOptions, Mask } from "../array/types.ts";
import { AnyArrayDict, type Classes } from "./any_array_dict.ts";
import type { ArrayValue } from "./column.ts";
import { type Arrays, tableOf } from "./table.ts";

/**
 * Arrays of one length by name, all in memory. An array is a property of its name, unless the class has one of that name
 * already; {@linkcode AnyArrayDict.get} reaches all.
 *
 * @example
 * ```ts
 * import { ArrayDict } from "./array_dict.ts";
 * import assert from "node:assert/strict";
 *
 * const units = new ArrayDict({ id: ["unit01", "unit02"], depth: [120, 340] });
 * const deep = units.selectByMask([false, true]);
 * assert.deepEqual(deep.get("id"), ["unit02"]);
 * ```
 */
export class ArrayDict extends AnyArrayDict {
  /**
   * Makes an object of arrays.
   *
   * @param arrays The arrays by name; with lazy ones among them the object is a {@linkcode LazyArrayDict}
   * @throws {ShapeError} If their first axes differ in length, or one has none
   */
  constructor(arrays: Arrays = {}) {
    super();
    this.adopt(tableOf(arrays, "ArrayDict"));
  }

  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
  }

  /** Number of rows. */
  override get length(): number {
    return super.length!;
  }

  /** An array. */
  override get(key: string): ArrayValue {
    return super.get(key) as ArrayValue;
  }

  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. */
  override selectByMask(mask: Mask): this {
    return super.selectByMask(mask) as this;
  }

  /** Does nothing: all is in memory. */
  override async materialize(options?: ArrayReadOptions): Promise<this> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    return await super.materialize(options) as this;
  }
}

/** Arrays of one length by name, some of which are read when they are first asked for. */
export class LazyArrayDict extends AnyArrayDict {
  /**
   * The classes that it can be of; for this room only.
   *
   * @internal
   */
  override get classes(): Classes {
    return CLASSES;
  }

  /** Number of rows: known without reading. */
  override get length(): number {
    return super.length!;
  }

  /** The rows that a mask picks: see {@linkcode AnyArrayDict.selectByMask}. */
  override selectByMask(mask: Mask): this {
    return super.selectByMask(mask) as this;
  }

  /** Reads everything; afterwards it is an {@linkcode ArrayDict}. */
  override async materialize(options?: ArrayReadOptions): Promise<ArrayDict> {
    checkOptions(options, ARRAY_READ_OPTIONS, "materialize");
    return await super.materialize(options) as unknown as ArrayDict;
  }
}

const CLASSES: Classes = [ArrayDict, LazyArrayDict];

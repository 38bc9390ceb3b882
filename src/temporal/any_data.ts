/**
 * Members of recordings: by name, and by paths into what they hold.
 *
 * @module
 */

import { isNDArray } from "../array/ndarray.ts";
import { NotFoundError } from "../source/errors.ts";
import { AnyArrayDict } from "./any_array_dict.ts";
import type { ArrayDescription } from "./read_column.ts";
import { checkKey, defineAccessor } from "./property_names.ts";
import { ArraySlot } from "./array_slot.ts";
import { type ArrayInput, isArrayValue, isLazyArray, toArray } from "./column.ts";
import type { ValueAt } from "./described.ts";
import { printsAsText } from "./inspect.ts";
import { AnyInterval } from "./any_interval.ts";
import type { Interval } from "./interval.ts";
import { AnyIrregularTimeSeries } from "./any_irregular.ts";
import { checkDomain } from "./domain.ts";
import { printData } from "./print_data.ts";
import { AnyRegularTimeSeries } from "./any_regular.ts";

/** What has a member, and the member's name. */
interface Place {
  readonly owner: AnyData | AnyArrayDict;
  readonly key: string;
}

/** What holds members by name, and has a domain: the half of a `Data` that knows neither slices nor files. */
export abstract class AnyData {
  /**
   * Objects, plain values, and slots of arrays; for this room only.
   *
   * @internal
   */
  protected _entries: Map<string, unknown> = new Map();
  /**
   * The domain; for this room only.
   *
   * @internal
   */
  protected _domain: AnyInterval | null = null;

  /** Made by `Data`; not for users. */
  constructor() {
    printsAsText(AnyData.prototype);
  }

  /** When there is something, `null` where that wasn't said. */
  get domain(): Interval | null {
    return this._domain as Interval | null;
  }

  /** Sets the domain. */
  set domain(domain: AnyInterval | null) {
    this._domain = domain === null ? null : checkDomain(domain, "Data");
  }

  /** Where the domain starts, in seconds; `null` without one, and where it isn't in memory. */
  get start(): number | null {
    return this._domain?.known?.start[0] ?? null;
  }

  /** Where the domain ends, in seconds; `null` without one, and where it isn't in memory. */
  get end(): number | null {
    return this._domain?.known?.end.at(-1) ?? null;
  }

  /** Names of the members. */
  keys(): string[] {
    return [...this._entries.keys()];
  }

  /** Names and what stands for each: objects and plain values; arrays where they are in memory, else lazy. */
  *entries(): Generator<[string, unknown], void> {
    for (const [key, value] of this._entries) yield [key, value instanceof ArraySlot ? value.shown() : value];
  }

  /** As {@linkcode AnyData.entries}. */
  [Symbol.iterator](): Generator<[string, unknown], void> {
    return this.entries();
  }

  /** Whether a path such as `spikes` or `spikes.timestamps` leads to something. Reads nothing. */
  has(path: string): boolean {
    return this.#find(path) !== null;
  }

  /**
   * A member, or one of a member: an array at once where it is in memory, else as a promise of it. A domain is found as
   * `domain` or `spikes.domain`, what is in one as `spikes.domain.start`, the rate of a regular series as
   * `lfp.sampling_rate`.
   *
   * @param path Such as `spikes` or `spikes.timestamps`
   * @throws {NotFoundError} If it leads to nothing
   */
  get<P extends string>(path: P): ValueAt<this, P>;
  /** The same, of a type that the caller knows. */
  get<T>(path: string): T | Promise<T>;
  get(path: string): unknown {
    const { owner, key } = this.#need(path, "get");
    if (key === "domain" && hasDomain(owner)) return owner.domain;
    if (isRate(owner, key)) return owner.samplingRate;
    if (!(owner instanceof AnyData)) return owner.get(key);
    const value = owner._entries.get(key);
    return value instanceof ArraySlot ? value.get(path) : value;
  }

  /**
   * Sets a member, or one of a member.
   *
   * @param path Such as `spikes` or `units.id`
   * @param value An object of this room, an array, a list or a plain value
   * @returns The object itself
   * @throws {NotFoundError} If the way to it leads to nothing
   * @throws {TypeError} If it has times and there is no domain, or the name can't be one
   */
  set(path: string, value: unknown): this {
    const place = this.#place(path);
    if (place === null) throw new NotFoundError(`Cannot set ${path}: there is nothing to set it in`, { object: path });
    const { owner, key } = place;
    if (owner instanceof AnyData) owner._setOwn(key, value);
    else if (key === "domain" && owner instanceof AnyIrregularTimeSeries) owner.domain = value as AnyInterval;
    else owner.set(key, value as ArrayInput);
    return this;
  }

  /** Removes a member, or one of a member. @throws {NotFoundError} If there is none */
  delete(path: string): void {
    const { owner, key } = this.#need(path, "delete");
    if (!(owner instanceof AnyData)) return owner.delete(key);
    owner._entries.delete(key);
    if (Object.hasOwn(owner, key)) Reflect.deleteProperty(owner, key);
  }

  /** What is known of an array of a path, without reading it: see {@linkcode AnyArrayDict.describe}. */
  describe(path: string): ArrayDescription {
    const { owner, key } = this.#need(path, "describe");
    if (!(owner instanceof AnyData)) return owner.describe(key);
    const value = owner._entries.get(key);
    if (value instanceof ArraySlot) return value.describe();
    throw new NotFoundError(`Cannot describe ${path}: it is no array`, { object: path });
  }

  /** As torch_brain prints it. */
  toString(): string {
    return printData(this);
  }

  /**
   * Sets a member of that very name; for this room only.
   *
   * @internal
   */
  protected _setOwn(key: string, value: unknown): void {
    if (key === "domain") {
      this.domain = value as AnyInterval | null;
      return;
    }
    checkKey(key);
    if (this._domain === null && (isTimed(value) || (value instanceof AnyData && value._domain !== null))) {
      throw new TypeError(
        `Cannot set ${key}: a Data object must have a domain if it contains a time-based attribute (${key})`,
      );
    }
    if (value instanceof AnyData && value.#contains(this)) {
      throw new TypeError(`Cannot set ${key}: it is the object that it would be in, or holds it`);
    }
    this._put(key, value);
  }

  /**
   * Puts a member in; for this room only.
   *
   * @internal
   */
  protected _put(key: string, value: unknown): void {
    let entry = value;
    if (isLazyArray(value)) entry = new ArraySlot(value);
    else if (isArrayValue(value)) {
      entry = new ArraySlot(isNDArray(value) && value.shape.length === 0 ? value : toArray(value, key));
    }
    this._entries.set(key, entry);
    defineAccessor(this, key);
  }

  #contains(data: AnyData): boolean {
    return this === data ||
      [...this._entries.values()].some((value) => value instanceof AnyData && value.#contains(data));
  }

  /** Where a path leads to, whether there is something or not; `null` where the way there leads to nothing. */
  #place(path: string): Place | null {
    if (this._entries.has(path) || !path.includes(".")) return { owner: this, key: path };
    if (path.startsWith("domain.") && this._domain !== null) return { owner: this._domain, key: path.slice(7) };
    // Names may have dots in them.
    for (let dot = path.indexOf("."); dot >= 0; dot = path.indexOf(".", dot + 1)) {
      const child = this._entries.get(path.slice(0, dot));
      if (child instanceof AnyData) return child.#place(path.slice(dot + 1));
      if (child instanceof AnyArrayDict) {
        const key = path.slice(dot + 1);
        const domain = key.startsWith("domain.") && hasDomain(child) ? child.domain : null;
        return domain === null ? { owner: child, key } : { owner: domain, key: key.slice(7) };
      }
    }
    return null;
  }

  /** Where a path leads to; `null` where there is nothing. */
  #find(path: string): Place | null {
    const place = this.#place(path);
    if (place === null || AnyData.#owns(place)) return place;
    const isDomain = place.key === "domain" && hasDomain(place.owner) && place.owner.domain !== null;
    return isDomain || isRate(place.owner, place.key) ? place : null;
  }

  #need(path: string, what: string): Place {
    const place = this.#find(path);
    if (place !== null) return place;
    throw new NotFoundError(`Cannot ${what} ${path}: there is no such attribute`, { object: path });
  }

  static #owns({ owner, key }: Place): boolean {
    return owner instanceof AnyData ? owner._entries.has(key) : owner.has(key);
  }
}

/** Whether something has times of its own. */
export function isTimed(value: unknown): value is AnyIrregularTimeSeries | AnyRegularTimeSeries | AnyInterval {
  return value instanceof AnyIrregularTimeSeries || value instanceof AnyRegularTimeSeries ||
    value instanceof AnyInterval;
}

// The rate stands among a series' attributes in files, and torch_brain gives it by that name.
function isRate(owner: AnyData | AnyArrayDict, key: string): owner is AnyRegularTimeSeries {
  return key === "sampling_rate" && owner instanceof AnyRegularTimeSeries && !owner.has(key);
}

function hasDomain(owner: unknown): owner is AnyData | AnyIrregularTimeSeries | AnyRegularTimeSeries {
  return owner instanceof AnyData || owner instanceof AnyIrregularTimeSeries || owner instanceof AnyRegularTimeSeries;
}

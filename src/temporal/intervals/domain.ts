/**
 * Domains: when there was something to observe.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import { bare, Interval } from "./interval.ts";

/**
 * Where a series keeps its domain; for this room only.
 *
 * @internal
 */
export const DOMAIN: unique symbol = /* @__PURE__ */ Symbol("domain");

/** A window as an interval. */
export function windowOf(start: number, end: number): Interval {
  return bare({ start: Float64Array.of(start), end: Float64Array.of(end) });
}

/**
 * Moves a domain to another origin.
 *
 * @param domain The domain
 * @param origin In seconds; `null` for none
 */
export function moved<L extends LazyArray>(domain: Interval<L>, origin: number | null): Interval<L> {
  return origin === null ? domain : domain.resetOrigin(origin);
}

/**
 * A domain that is one: intervals in order that don't overlap.
 *
 * @throws {TypeError} If it is no Interval
 * @throws {RangeError} If its intervals overlap
 */
export function checkDomain<L extends LazyArray>(domain: Interval<L>, name: string = "the series"): Interval<L> {
  if (!(domain instanceof Interval)) {
    throw new TypeError(`Cannot set the domain of ${name}: expected an Interval or "auto"`);
  }
  if (domain.known === null) return domain;
  if (!domain.isDisjoint()) {
    throw new RangeError(`Cannot set the domain of ${name}: the domain intervals must not be overlapping`);
  }
  return domain.isSorted() ? domain : domain.sort();
}

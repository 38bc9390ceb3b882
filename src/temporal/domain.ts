/**
 * Domains: when there was something to observe.
 *
 * @module
 */

import { AnyInterval } from "./any_interval.ts";
import { bare, Interval } from "./interval.ts";

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
export function moved(domain: AnyInterval, origin: number | null): AnyInterval {
  return origin === null ? domain : domain.resetOrigin(origin);
}

/**
 * A domain that is one: intervals in order that don't overlap.
 *
 * @throws {TypeError} If it is no Interval
 * @throws {RangeError} If its intervals overlap
 */
export function checkDomain(domain: unknown, name: string = "the series"): AnyInterval {
  if (!(domain instanceof AnyInterval)) {
    throw new TypeError(`Cannot set the domain of ${name}: expected an Interval or "auto"`);
  }
  if (domain.known === null) return domain;
  if (!domain.isDisjoint()) {
    throw new RangeError(`Cannot set the domain of ${name}: the domain intervals must not be overlapping`);
  }
  return domain instanceof Interval && !domain.isSorted() ? domain.sort() : domain;
}

/**
 * Types of described sessions: what attributes are before and after they were read.
 *
 * @module
 */

import type { NDArray, NumericData } from "../array/types.ts";
import type { AnyArrayDict } from "./any_array_dict.ts";
import type { ArrayDict, LazyArrayDict } from "./array_dict.ts";
import type { Data } from "./data.ts";
import type { AnyInterval } from "./any_interval.ts";
import type { Interval, LazyInterval } from "./interval.ts";
import type { AnyIrregularTimeSeries } from "./any_irregular.ts";
import type { IrregularTimeSeries, LazyIrregularTimeSeries } from "./irregular.ts";
import type { AnyRegularTimeSeries } from "./any_regular.ts";
import type { LazyRegularTimeSeries, RegularTimeSeries } from "./regular.ts";

/** What `await` gives, or a promise of it. */
export type MaybePromise<T> = T | Promise<T>;

/** Arrays that may not be in memory yet. */
export type LazyArrays<T> = { readonly [K in keyof T]: MaybePromise<T[K]> };

/** An attribute as a lazily loaded object has it: series become their lazy forms, arrays may be promises. */
export type LazyForm<T> = T extends IrregularTimeSeries
  ? LazyIrregularTimeSeries & LazyArrays<Omit<T, keyof IrregularTimeSeries>>
  : T extends RegularTimeSeries ? LazyRegularTimeSeries & LazyArrays<Omit<T, keyof RegularTimeSeries>>
  : T extends Interval ? LazyInterval & LazyArrays<Omit<T, keyof Interval>>
  : T extends ArrayDict ? LazyArrayDict & LazyArrays<Omit<T, keyof ArrayDict>>
  : T extends Data ? Data & LazyForms<Omit<T, keyof Data>>
  : T extends NumericData | NDArray ? MaybePromise<T>
  : T;

/** All attributes of a session, lazy. */
export type LazyForms<S> = { readonly [K in keyof S]: LazyForm<S[K]> };

/** Names of members of an object: of what its class has, only that which is kept with it. */
export type MemberOf<T> = T extends Data ? "domain" | Exclude<keyof T, keyof Data>
  : T extends AnyIrregularTimeSeries ? "timestamps" | "domain" | Exclude<keyof T, keyof LazyIrregularTimeSeries>
  : T extends AnyRegularTimeSeries ? "domain" | Exclude<keyof T, keyof LazyRegularTimeSeries>
  : T extends AnyInterval ? "start" | "end" | Exclude<keyof T, keyof Interval | keyof LazyInterval>
  : T extends AnyArrayDict ? Exclude<keyof T, keyof LazyArrayDict>
  : never;

/** What a path such as `spikes.timestamps` leads to; `unknown` where the session isn't described. */
export type ValueAt<T, P extends string> = P extends MemberOf<T> & keyof T ? T[P]
  : P extends `${infer Head}.${infer Rest}` ? Head extends MemberOf<T> & keyof T ? ValueAt<T[Head], Rest> : unknown
  : unknown;

/**
 * Types of objects by where their arrays are: in memory, or read on demand; and of sessions that are described.
 *
 * @module
 */

import type { LazyArray, NDArray, NumericData } from "../../array/types.ts";

/** A value, or a promise of it; `await` gives it either way. */
export type MaybePromise<T> = T | Promise<T>;

/** An array of an object with lazy arrays of type `L`: without any (`never`) it is there, else it may be a promise. */
export type Held<T, L extends LazyArray> = [L] extends [never] ? T : MaybePromise<T>;

/** What is known of an object with lazy arrays of type `L`: without any (`never`) it is there, else it may be `null`. */
export type Known<T, L extends LazyArray> = [L] extends [never] ? T : T | null;

/**
 * Where an object says, to the compiler only, what its class is with all arrays in memory, and else.
 *
 * @internal
 */
export const FORMS: unique symbol = /* @__PURE__ */ Symbol("forms");

/** What a class says of itself to the compiler. */
export interface Forms<Memory, Lazy, Own extends string = never, Holds extends "arrays" | "members" = "arrays"> {
  /** The class with all arrays in memory. */
  readonly memory: Memory;
  /** The class with arrays that are read on demand. */
  readonly lazy: Lazy;
  /** Properties of the class that are kept with the object. */
  own(name: Own): void;
  /** Whether further properties are arrays, or whatever a recording has. */
  readonly holds: Holds;
}

/** Properties that a class doesn't have. */
type Added<T, Class> = { readonly [K in keyof T as K extends keyof Class ? never : K]: T[K] };

/** Arrays that are in memory. */
type ArraysInMemory<T> = { readonly [K in keyof T]: Awaited<T[K]> };

/** Arrays that may have to be read. */
type ArraysOnDemand<T> = { readonly [K in keyof T]: MaybePromise<Awaited<T[K]>> };

/** Members whose arrays are in memory. */
export type MembersInMemory<T> = { readonly [K in keyof T]: InMemory<T[K]> };

/** Members whose arrays may have to be read: what is in a described session that is loaded lazily. */
export type MembersOnDemand<T> = { readonly [K in keyof T]: OnDemand<T[K]> };

/** An object, or an array, as it is once it was materialized: no array of it is a promise. */
export type InMemory<T> = T extends { readonly [FORMS]: Forms<infer M, unknown, string, infer Holds> } ? T extends M ? T
  : [Exclude<keyof T, keyof M>] extends [never] ? M
  : M & (Holds extends "members" ? MembersInMemory<Added<T, M>> : ArraysInMemory<Added<T, M>>)
  : Awaited<T>;

/** An object, or an array, as it is before it was read: any array of it may be a promise. */
export type OnDemand<T> = T extends { readonly [FORMS]: Forms<infer M, infer L, string, infer Holds> }
  ? [Exclude<keyof T, keyof M>] extends [never] ? L
  : L & (Holds extends "members" ? MembersOnDemand<Added<T, M>> : ArraysOnDemand<Added<T, M>>)
  : T extends NumericData | NDArray ? MaybePromise<T>
  : T;

/** What a mask leaves of an object: one of its class; of samples at a fixed rate, events. */
export type Masked<T> = T extends { toIrregular(): infer Irregular } ? Irregular : T;

/** Names of members of an object: of what its class has, only that which is kept with it. */
export type MemberOf<T> = T extends { readonly [FORMS]: Forms<infer M, unknown, infer Own, "arrays" | "members"> }
  ? Own | Exclude<keyof T, keyof M>
  : never;

/** What a path such as `spikes.timestamps` leads to; `unknown` where the session isn't described. */
export type ValueAt<T, P extends string> = P extends MemberOf<T> & keyof T ? T[P]
  : P extends `${infer Head}.${infer Rest}` ? Head extends MemberOf<T> & keyof T ? ValueAt<T[Head], Rest> : unknown
  : unknown;

/**
 * What neo's objects have in common.
 *
 * @module
 */

/** What is known of an object, by name. */
export type Annotations = Readonly<Record<string, unknown>>;

/** What is known of each channel, or of each event, by name: lists of one entry each. */
export type ArrayAnnotations = Readonly<Record<string, readonly unknown[]>>;

/** What is known of some of the channels or events. */
export function takeAnnotations(all: ArrayAnnotations, picked: readonly number[]): ArrayAnnotations {
  return Object.fromEntries(Object.entries(all).map(([name, list]) => [name, picked.map((i) => list[i])]));
}

/** A number of seconds, in a line of text. */
export function timeText(time: number): string {
  return `${Number(time.toFixed(9))} s`;
}

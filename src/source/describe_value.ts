/**
 * Values as the messages of errors name them.
 *
 * @module
 */

/** Characters of a text that a message shows. */
const MOST = 40;

/**
 * A value in a few words: a number or a text as it is, of an object the class.
 *
 * @param value The value
 */
export function describeValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > MOST ? `${value.slice(0, MOST)}…` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return `an object of class ${value.constructor?.name ?? "null"}`;
  return String(value);
}

/**
 * Parameters of a request.
 *
 * @module
 */
import { Refusal } from "./refusal.ts";

/**
 * A parameter that must be there.
 *
 * @throws {Refusal} If it isn't
 */
export function needed(query: URLSearchParams, name: string): string {
  const text = query.get(name);
  if (text === null || text === "") throw new Refusal(400, "bad-request", `The parameter ${name} is missing`);
  return text;
}

/**
 * A finite number, `undefined` where the parameter is missing.
 *
 * @throws {Refusal} If it is none
 */
export function number(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new Refusal(400, "bad-request", `Cannot use ${JSON.stringify(text)} as ${name}: expected a number of seconds`);
}

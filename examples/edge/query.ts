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

/**
 * The band that `bandpass=300,6000` asks for, as a transform's description; nothing where it isn't there.
 *
 * @throws {Refusal} 400 if that is none
 */
export function bandOf(query: URLSearchParams): { name: "bandpass"; options: { low: number; high: number } }[] {
  const text = query.get("bandpass");
  if (text === null) return [];
  const [low, high, ...rest] = text.split(",").map(Number) as [number, number];
  if (rest.length === 0 && low > 0 && high > low && high < Infinity) {
    return [{ name: "bandpass", options: { low, high } }];
  }
  throw new Refusal(
    400,
    "bad-request",
    `Cannot filter by bandpass=${text}: expected two frequencies in Hz, such as 300,6000`,
  );
}

/**
 * Scale bars: a round value in SI units that is about a third of what a trace spans.
 *
 * @module
 */

import type { ScaleBar } from "./figure.ts";

/** Prefixes of SI units, and the powers of ten that they stand for. */
const PREFIXES: readonly (readonly [string, number])[] = [
  ["f", -15],
  ["p", -12],
  ["n", -9],
  ["\u00b5", -6],
  ["m", -3],
  ["", 0],
  ["k", 3],
  ["M", 6],
  ["G", 9],
];
/** Units that take prefixes, as recordings have them. */
const UNIT = /^([fpnu\u00b5\u03bcmkMG]?)(V|A|S|Ohm|\u03a9|\u2126|Hz|T|Pa|g|N|W|F)$/;

/**
 * A value with its unit, in the prefix that makes its number shortest: 1500 `uV` is `1.5 mV`. What is no SI unit stays as it is.
 *
 * @param value The value
 * @param unit Its unit, such as `uV`
 */
export function siText(value: number, unit: string): string {
  const found = UNIT.exec(unit);
  if (found === null || value === 0) return `${shortest(value)} ${unit}`;
  const [, given, base] = found as unknown as [string, string, string];
  const written = given === "u" || given === "\u03bc" ? "\u00b5" : given;
  const power = PREFIXES.find(([prefix]) => prefix === written)![1];
  const magnitude = Math.floor(Math.log10(Math.abs(value)) + 1e-9) + power;
  const wanted = Math.min(9, Math.max(-15, 3 * Math.floor(magnitude / 3)));
  const [prefix] = PREFIXES.find(([, of]) => of === wanted)!;
  return `${shortest(value * 10 ** (power - wanted))} ${prefix}${base}`;
}

function shortest(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/**
 * A scale bar in the lower right of traces.
 *
 * @param span Values from one trace to the next, or from the bottom to the top of one
 * @param unit Unit of the values; `null` where that isn't known, and the bar has a number alone
 * @param bottom Where the bar begins, across
 * @param perValue How far a value of 1 goes, across
 */
export function scaleBarOf(span: number, unit: string | null, bottom: number, perValue: number): ScaleBar | null {
  if (!(span > 0 && Number.isFinite(span))) return null;
  const most = span / 2;
  const power = 10 ** Math.floor(Math.log10(most));
  const value = [5, 2, 1].map((digit) => digit * power).find((round) => round <= most * (1 + 1e-9)) ?? power;
  return { from: bottom, to: bottom + value * perValue, label: unit === null ? shortest(value) : siText(value, unit) };
}

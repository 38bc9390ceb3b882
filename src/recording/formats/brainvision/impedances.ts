/**
 * Impedances, which BrainVision's recorder writes into the header's comment.
 *
 * @module
 */

/** Impedances of electrodes. */
export interface Impedances {
  /** When they were measured, such as `16:12:27`; empty where that isn't said. */
  readonly time: string;
  /** In kOhm, by the electrode's name; NaN where it wasn't measured, or was out of range. */
  readonly values: Readonly<Record<string, number>>;
}

const TITLE = /^.*\bImpedances? \[kOhm\](?: at (\d{1,2}:\d{2}:\d{2}))?[^\n]*$/gim;

/**
 * The impedances that were measured last; `null` where there are none.
 *
 * @param comment The header's comment
 */
export function impedancesOf(comment: string): Impedances | null {
  const title = [...comment.matchAll(TITLE)].at(-1);
  if (title === undefined) return null;
  const values: Record<string, number> = Object.create(null);
  for (const line of comment.slice(title.index + title[0].length).replace(/^\n/, "").split("\n")) {
    const found = /^\s*(\S.*?)\s*:\s+(\S.*?)\s*$/.exec(line);
    if (found === null) break;
    values[found[1]!] = /^\d+([.,]\d+)?$/.test(found[2]!) ? Number(found[2]!.replace(",", ".")) : NaN;
  }
  return { time: title[1] ?? "", values };
}

/**
 * Time-stamped annotation lists, the text that EDF+ keeps where samples would be:
 * `+onset[\x15duration]\x14text\x14[text\x14…]\x00`.
 *
 * @module
 */

import { decodeText } from "../../files/texts.ts";

/** One list. */
export interface Tal {
  /** In seconds since the header's start; NaN never. */
  readonly onset: number;
  /** In seconds; `null` where none is given. */
  readonly duration: number | null;
  /** What it says; an empty first text keeps a record's time. */
  readonly texts: readonly string[];
}

const NUL = 0;
const END_OF_TEXT = 0x14;
const DURATION = 0x15;
const PLUS = 0x2b;
const MINUS = 0x2d;

/**
 * Reads the lists of one annotation signal in one record. Files that keep to the standard have NULs behind the last one; others
 * have remains of what stood in memory, where nothing is read.
 *
 * @param bytes The signal's bytes of the record
 * @param most How many lists to read at most
 */
export function parseTals(bytes: Uint8Array, most = Infinity): Tal[] {
  const found: Tal[] = [];
  let at = 0;
  while (found.length < most) {
    while (at < bytes.length && bytes[at] === NUL) at++;
    if (at >= bytes.length || bytes[at] !== PLUS && bytes[at] !== MINUS) break;
    const end = endOf(bytes, at, (byte) => byte === END_OF_TEXT || byte === NUL);
    if (bytes[end] !== END_OF_TEXT) break;
    const durationAt = bytes.subarray(at, end).indexOf(DURATION);
    const onset = seconds(bytes.subarray(at, durationAt < 0 ? end : at + durationAt));
    const duration = durationAt < 0 ? null : seconds(bytes.subarray(at + durationAt + 1, end));
    if (Number.isNaN(onset)) break;
    const texts: string[] = [];
    at = end + 1;
    while (at < bytes.length && bytes[at] !== NUL) {
      const stop = endOf(bytes, at, (byte) => byte === END_OF_TEXT || byte === NUL);
      texts.push(decodeText(bytes.subarray(at, stop)));
      at = bytes[stop] === END_OF_TEXT ? stop + 1 : stop;
    }
    found.push({ onset, duration: duration === null || !(duration >= 0) ? null : duration, texts });
  }
  return found;
}

function endOf(bytes: Uint8Array, from: number, isEnd: (byte: number) => boolean): number {
  let at = from;
  while (at < bytes.length && !isEnd(bytes[at]!)) at++;
  return at;
}

function seconds(bytes: Uint8Array): number {
  const text = String.fromCharCode(...bytes.subarray(0, 64));
  return /^[+-]?(\d+[.,]?\d*|[.,]\d+)$/.test(text) ? Number(text.replace(",", ".")) : NaN;
}

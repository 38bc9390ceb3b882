/**
 * When a recording in EDF began: two places say so, one with a year of two digits.
 *
 * @module
 */

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/**
 * The start, in whole seconds; `null` where it isn't known. The file knows no time zone: its local time is given as UTC.
 *
 * @param said The date (`dd.mm.yy`), the time (`hh.mm.ss`), and the field of the recording, whose `Startdate 02-MAR-2002` has a year
 * of four digits by the standard of EDF+
 */
export function startOf({ date, time, recording }: {
  readonly date: string;
  readonly time: string;
  readonly recording: string;
}): Date | null {
  const clock = /^(\d{1,2})[.:](\d{1,2})[.:](\d{1,2})$/.exec(time)?.slice(1).map(Number);
  const day = longDate(recording) ?? shortDate(date);
  if (clock === undefined || day === null) return null;
  const [hour, minute, second] = clock as [number, number, number];
  if (hour > 23 || minute > 59 || second > 60) return null;
  return new Date(Date.UTC(...day, hour, minute, second));
}

function longDate(recording: string): [number, number, number] | null {
  const found = /^Startdate +(\d{1,2})-([A-Z]{3})-(\d{4})\b/i.exec(recording);
  return found === null ? null : checked(Number(found[3]), MONTHS.indexOf(found[2]!.toUpperCase()), Number(found[1]));
}

/** Years from 85 on are of the last century. */
function shortDate(date: string): [number, number, number] | null {
  const found = /^(\d{1,2})[./-](\d{1,2})[./-](\d{2})$/.exec(date)?.slice(1).map(Number);
  if (found === undefined) return null;
  const [day, month, year] = found as [number, number, number];
  return checked(year + (year >= 85 ? 1900 : 2000), month - 1, day);
}

function checked(year: number, month: number, day: number): [number, number, number] | null {
  const date = new Date(Date.UTC(year, month, day));
  return date.getUTCMonth() === month && date.getUTCDate() === day ? [year, month, day] : null;
}

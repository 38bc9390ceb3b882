/**
 * `settings.xml`: by which version of the GUI, and when, an experiment was recorded.
 *
 * @module
 */

import type { RecordingFiles } from "../../files/recording_files.ts";
import { decodeText } from "../../files/texts.ts";

/** What stands at the beginning of an experiment's settings. */
export interface Settings {
  /** Version of the GUI. */
  readonly version?: string | undefined;
  /** When it was begun, by the wall clock there. */
  readonly date?: Date | undefined;
}

/** What is looked at: `INFO` stands first. */
const FIRST_BYTES = 4096;

/**
 * Reads the beginning of an experiment's settings; nothing where they aren't there.
 *
 * @param files The source
 * @param folder Folder of the node, with a slash at its end
 * @param experiment Number of the experiment
 */
export async function settingsOf(files: RecordingFiles, folder: string, experiment: number): Promise<Settings> {
  if (/\.oebin$/i.test(files.fileName)) return {};
  const file = await files.find(`${folder}settings${experiment === 1 ? "" : `_${experiment}`}.xml`);
  if (file === null) return {};
  const text = decodeText(await file.bytes({ offset: 0, length: Math.min(file.byteLength, FIRST_BYTES) }));
  return {
    version: /<VERSION>([^<]{1,40})<\/VERSION>/.exec(text)?.[1],
    date: wallClock(/<DATE>([^<]{1,60})<\/DATE>/.exec(text)?.[1]),
  };
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/**
 * A date such as `6 May 2021 16:27:43`, `3-Oct-2018 131650` or `03-Apr-2025 13:38:45`; no zone is told.
 *
 * @param text The date
 */
export function wallClock(text: string | undefined): Date | undefined {
  const found = /^\s*(\d{1,2})[ -]([A-Za-z]{3})[A-Za-z]*[ -](\d{4})\s+(\d{1,2}):?(\d{2}):?(\d{2})/.exec(text ?? "");
  const month = MONTHS.indexOf(found?.[2]?.toLowerCase() ?? "");
  if (found === null || month < 0) return undefined;
  const [day, year, hour, minute, second] = [found[1], found[3], found[4], found[5], found[6]].map(Number);
  const date = new Date(Date.UTC(year!, month, day!, hour!, minute!, second!));
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/**
 * Runs the comparison over a folder of files, by path and by URL.
 *
 * @module
 */
import { type H5File, open, type OpenOptions } from "../../mod.ts";
import { checkFile, type CheckOptions, type FileReport } from "./check_file.ts";
import type { ExpectedFile } from "./expected.ts";

/** Where the files of one set lie, and what they must read as. */
export interface FileSet {
  /** What reports call it. */
  readonly name: string;
  /** Folder or base URL, ending in `/`. */
  readonly base: string;
  readonly files: readonly ExpectedFile[];
  /** How they are opened. */
  readonly open?: OpenOptions;
}

/** Remote files in small pages and never whole, so that calls are restarted all over the place. */
export const SMALL_PAGES: OpenOptions = { smallFileBytes: 0, blockSize: 512, readAheadBytes: 0, gap: 0 };

/**
 * Checks all files of a set, one after the other.
 *
 * @param set The files.
 * @param options How much is read.
 * @param progress Hears of each file.
 */
export async function checkSet(
  set: FileSet,
  options: CheckOptions = {},
  progress: (report: FileReport) => void = () => {},
): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const expected of set.files) {
    const source = set.base + (set.base.startsWith("http") ? encodeURI(expected.file) : expected.file);
    const report = await checkFile(
      (): Promise<H5File> => open(source, { external: true, ...set.open }),
      expected,
      options,
    );
    reports.push(report);
    progress(report);
  }
  return reports;
}

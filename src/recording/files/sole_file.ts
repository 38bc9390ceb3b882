/**
 * The file of a format of one file: what was given, or the only one of its kind in the folder that was.
 *
 * @module
 */

import { NotFoundError, UnsupportedError, WrongKindError } from "../../source/errors.ts";
import type { RecordingProbe } from "../format.ts";
import type { RecordingFile, RecordingFiles } from "./recording_files.ts";

/** Whether a folder has exactly one file of a name. */
export function hasSoleFile({ isFolder, names }: RecordingProbe, name: RegExp): boolean {
  return isFolder && (names ?? []).filter((one) => name.test(one)).length === 1;
}

/**
 * The file that was given, or the only one of its kind in the folder that was.
 *
 * @param files What was given
 * @param name How names of its kind are
 * @param kind What messages call it, such as `EDF or BDF`
 * @throws {NotFoundError} If there is none
 * @throws {UnsupportedError} If there are several, which are named
 */
export async function soleFile(files: RecordingFiles, name: RegExp, kind: string): Promise<RecordingFile> {
  try {
    return await files.main();
  } catch (error) {
    if (!(error instanceof WrongKindError)) throw error;
  }
  const names = (await files.list() ?? []).filter((one) => name.test(one));
  if (names.length === 1) return await files.open(names[0]!);
  const why = names.length === 0 ? `there is no ${kind} file in it` : `it has several: ${names.join(", ")}; open one`;
  throw new (names.length === 0 ? NotFoundError : UnsupportedError)(`Cannot open ${files.name}: ${why}`, {
    file: files.name,
  });
}

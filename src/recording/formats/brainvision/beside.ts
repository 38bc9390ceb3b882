/**
 * The three files of a BrainVision recording, of which each may be called as it likes.
 *
 * @module
 */

import { NotFoundError, UnsupportedError } from "../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";

/** How the files end, the usual ones first. */
const ENDINGS = { data: ["eeg", "dat", "avg"], markers: ["vmrk", "amrk"], header: ["vhdr", "ahdr"] } as const;

/** Whether a file is called as headers are. */
export function isHeaderName(name: string): boolean {
  return /\.[va]hdr$/i.test(name);
}

/** Which names are headers. */
export function headersIn(names: readonly string[]): string[] {
  return names.filter(isHeaderName);
}

/**
 * The header beside a file of the recording: of the same name, else the only one that there is.
 *
 * @param files The recording
 * @param stem The file's name without its ending; `null` of a folder
 * @throws {NotFoundError} If there is none
 * @throws {UnsupportedError} If there are several
 */
export async function headerBeside(files: RecordingFiles, stem: string | null): Promise<RecordingFile> {
  const names = await files.list();
  if (stem !== null) {
    const same = await firstOf(files, names, ENDINGS.header.map((ending) => `${stem}.${ending}`));
    if (same !== null) return same.file;
  }
  const headers = headersIn(names ?? []);
  if (headers.length === 1) return await files.open(headers[0]!);
  if (headers.length > 1) {
    throw new UnsupportedError(
      `Cannot open ${files.name}: there are several headers of BrainVision, open one of them: ${
        headers.slice(0, 10).join(", ")
      }`,
      { file: files.name },
    );
  }
  const where = stem === null ? "in it" : "beside it";
  throw new NotFoundError(`Cannot open ${files.name}: there is no header of BrainVision (.vhdr, .ahdr) ${where}`, {
    file: files.name,
    object: stem === null ? ".vhdr" : `${stem}.vhdr`,
  });
}

/**
 * A file that the header names; where it isn't there, since files are renamed, the one that is called like the header.
 *
 * @param files The recording
 * @param header Name of the header
 * @param said What the header says; `$b` in it is the header's own name
 * @param kind Which file it is
 * @returns The file; `null` for markers that aren't there
 * @throws {NotFoundError} If there is no data file
 */
export async function besideHeader(
  files: RecordingFiles,
  header: string,
  said: string | undefined,
  kind: "data" | "markers",
): Promise<RecordingFile | null> {
  const stem = header.replace(/\.[^.]*$/, "");
  // Paths of the computer that it was recorded on lead nowhere but by chance.
  const path = said?.replaceAll("$b", () => stem).replaceAll("\\", "/").replace(/^([a-z]:)?\/+|^(\.\/)+/i, "");
  const last = path?.split("/").at(-1);
  const ending = /\.([^.]+)$/.exec(last ?? "")?.[1];
  const names = await files.list();
  const named = path === undefined ? [] : [path, last!];
  const found = await firstOf(files, names, [...new Set(named)]);
  if (found !== null) return found.file;
  if (kind === "markers" && said === undefined) return null;
  const others = [...new Set([...(ending === undefined ? [] : [ending]), ...ENDINGS[kind]])];
  const other = await firstOf(files, names, others.map((ending) => `${stem}.${ending}`));
  if (other !== null) {
    if (said !== undefined) {
      files.warn(`${files.name}: there is no ${JSON.stringify(said)}; ${JSON.stringify(other.name)} is read instead`);
    }
    return other.file;
  }
  if (kind === "markers") {
    files.warn(`${files.name}: there is no marker file ${JSON.stringify(said)}; it is read without markers`);
    return null;
  }
  throw new NotFoundError(
    `Cannot open ${files.name}: its data file ${JSON.stringify(said ?? `${stem}.eeg`)} isn't there`,
    { file: files.name, object: said ?? `${stem}.eeg` },
  );
}

/**
 * The first of some names that is there, in whatever case it is written. Where names can't be listed, those whose ending is in
 * capitals are asked for if that of the file that was given is: each costs a request.
 */
async function firstOf(
  files: RecordingFiles,
  names: readonly string[] | null,
  wanted: readonly string[],
): Promise<{ file: RecordingFile; name: string } | null> {
  const isCapital = names === null && /\.[A-Z]+$/.test(files.fileName);
  const capital = (name: string) => name.replace(/\.[^.]*$/, (ending) => ending.toUpperCase());
  for (const name of isCapital ? new Set(wanted.flatMap((name) => [name, capital(name)])) : wanted) {
    const written = names?.find((other) => other === name) ??
      names?.find((other) => other.toLowerCase() === name.toLowerCase()) ?? name;
    const file = await files.find(written);
    if (file !== null) return { file, name: written };
  }
  return null;
}

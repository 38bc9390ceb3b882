/**
 * Which files belong together: a `.meta` with its `.bin`, or with a `.cbin` and its `.ch`; one, or all of a folder.
 *
 * @module
 */

import { CorruptFileError, LimitError, NotFoundError, WrongKindError } from "../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../files/recording_files.ts";
import { parseName, stemOf } from "./file_name.ts";
import { Meta } from "./meta.ts";

/** The files of one stream in one segment. */
export interface SglxFiles {
  /** Path of the `.meta`, relative to the folder. */
  readonly path: string;
  /** What the `.meta` says. */
  readonly meta: Meta;
  /** The samples. */
  readonly data: RecordingFile;
  /** Where they lie, if they are compressed. */
  readonly chunks: RecordingFile | null;
}

/** The most that a `.meta` has: those of the largest probes have 80 KB. */
const MOST_BYTES = 4 * 1024 * 1024;
/** How deep folders are looked into, and how many names at most. */
const DEEPEST = 6;
const MOST_NAMES = 20_000;

/** Whether text is the beginning of a `.meta` of SpikeGLX; its keys stand in the order of the alphabet. */
export function isMetaText(text: string): boolean {
  return /^(?:\uFEFF|ï»¿)?~?[A-Za-z]\w*=/.test(text) &&
    /^(?:acqApLfSy|acqMnMaXaDw|acqXaDwSy|appVersion|snsApLfSy|typeThis|nSavedChans)=/m.test(text);
}

/**
 * Finds what was given: one stream, where it was a file, else all of a folder and the folders in it.
 *
 * @throws {NotFoundError} If a file that belongs to it isn't there, or nothing is
 */
export async function findFiles(files: RecordingFiles, signal?: AbortSignal): Promise<SglxFiles[]> {
  const main = await files.main().catch((error) => {
    if (error instanceof WrongKindError) return null;
    throw error;
  });
  if (main !== null) return [await aroundFile(files, main, signal)];
  const names = await allNames(files);
  const paths = names === null ? await guessedPaths(files) : names.filter((name) => /\.meta$/i.test(name));
  const known = names === null ? null : byStem(names);
  const found = await Promise.all(paths.map((path) => ofMeta(files, path, known, signal)));
  const all = found.filter((one) => one !== null);
  if (known !== null) {
    for (const [stem, alike] of known) {
      if (parseName(stem) === null || alike.some((name) => /\.meta$/i.test(name))) continue;
      const data = alike.find((name) => /\.c?bin$/i.test(name));
      if (data !== undefined) files.warn(`${data} is left out: there is no .meta of that name beside it`);
    }
  }
  if (all.length === 0) {
    const why = names === null ? "; a folder on a server can't be listed: open one of its files" : "";
    throw new NotFoundError(`Cannot open ${files.name}: there is no .meta of SpikeGLX with its .bin or .cbin${why}`, {
      file: files.name,
    });
  }
  return all;
}

/** Names that are alike but for their endings and identifiers. */
function byStem(names: readonly string[]): Map<string, string[]> {
  const alike = new Map<string, string[]>();
  for (const name of names) {
    const stem = stemOf(name);
    const same = alike.get(stem);
    if (same === undefined) alike.set(stem, [name]);
    else same.push(name);
  }
  return alike;
}

/** The files around the one that was given. */
async function aroundFile(files: RecordingFiles, main: RecordingFile, signal?: AbortSignal): Promise<SglxFiles> {
  const { fileName } = files;
  const names = await files.list().catch(() => null);
  const stem = stemOf(fileName);
  const beside = async (ending: string): Promise<RecordingFile | null> => {
    // As it stands, then by what identifiers leave of the names.
    const same = fileName.replace(/\.[^.]*$/, "") + ending;
    const like = names?.find((name) => name.toLowerCase().endsWith(ending) && stemOf(name) === stem);
    return await files.find(same) ?? (like === undefined ? null : await files.find(like));
  };
  if (/\.(c?bin|ch)$/i.test(fileName) && !isMetaText(await headOf(main, signal))) {
    const header = await beside(".meta") ?? await files.open(`${fileName.replace(/\.[^.]*$/, "")}.meta`);
    const meta = await readMeta(header, signal);
    if (/\.bin$/i.test(fileName)) return { path: fileName, meta, data: main, chunks: null };
    const isChunks = /\.ch$/i.test(fileName);
    const data = isChunks ? await beside(".cbin") ?? await files.open(`${stem}.cbin`) : main;
    const chunks = isChunks ? main : await beside(".ch") ?? await files.open(`${stem}.ch`);
    return { path: fileName, meta, data, chunks };
  }
  const meta = await readMeta(main, signal);
  const plain = await beside(".bin");
  if (plain !== null) return { path: fileName, meta, data: plain, chunks: null };
  const packed = await beside(".cbin");
  if (packed !== null) {
    return { path: fileName, meta, data: packed, chunks: await beside(".ch") ?? await files.open(`${stem}.ch`) };
  }
  // A renamed header, and samples that still have the name that it was saved under.
  const saved = meta.text("fileName")?.split(/[/\\]/).at(-1);
  const data = saved !== undefined && /\.bin$/i.test(saved) ? await files.find(saved) : null;
  return { path: fileName, meta, data: data ?? await files.open(`${stem}.bin`), chunks: null };
}

/** @throws {CorruptFileError} If it can't be one */
async function readMeta(file: RecordingFile, signal?: AbortSignal): Promise<Meta> {
  const text = file.byteLength <= MOST_BYTES ? await file.text(signal) : "";
  if (isMetaText(text)) return new Meta(text, file.name);
  throw new CorruptFileError(`Cannot read ${file.name}: it isn't a .meta of SpikeGLX`, { file: file.name });
}

async function headOf(file: RecordingFile, signal?: AbortSignal): Promise<string> {
  const bytes = await file.bytes({ offset: 0, length: Math.min(1024, file.byteLength) }, signal);
  return new TextDecoder("windows-1252").decode(bytes);
}

/** All names in a folder and the folders in it; `null` where they can't be listed. */
async function allNames(files: RecordingFiles): Promise<string[] | null> {
  const all: string[] = [];
  let level = [""];
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const below: string[] = [];
    for (const folder of level) {
      const names = await files.list(folder);
      if (names === null) return null;
      for (const name of names) {
        const path = folder === "" ? name : `${folder}${name}`;
        if (name.endsWith("/")) below.push(path);
        else all.push(path);
      }
      if (all.length + below.length > MOST_NAMES) {
        throw new LimitError(
          `Cannot open ${files.name}: there are more than ${
            MOST_NAMES.toLocaleString("en")
          } files in it; open a folder of one run`,
          { file: files.name },
        );
      }
    }
    level = below;
  }
  return all.sort();
}

/** The files of a `.meta` in a folder; `null`, with a warning, where there are no samples to it. */
async function ofMeta(
  files: RecordingFiles,
  path: string,
  known: ReadonlyMap<string, readonly string[]> | null,
  signal?: AbortSignal,
): Promise<SglxFiles | null> {
  const base = path.replace(/\.meta$/i, "");
  const like = known?.get(stemOf(path)) ?? [];
  const beside = async (ending: string) => {
    const name = known === null ? base + ending : like.find((name) => name.toLowerCase().endsWith(ending));
    return name === undefined ? null : await files.find(name);
  };
  const plain = await beside(".bin");
  const packed = plain === null ? await beside(".cbin") : null;
  const data = plain ?? packed;
  if (data === null) {
    if (parseName(path) !== null) files.warn(`${path} is left out: there is no .bin or .cbin of that name beside it`);
    return null;
  }
  const header = await files.open(path);
  if (parseName(path) === null && !isMetaText(await headOf(header, signal))) return null;
  const meta = await readMeta(header, signal);
  const chunks = packed === null ? null : await beside(".ch") ?? await files.open(`${base}.ch`);
  return { path, meta, data, chunks };
}

/** Names of `.meta` that a folder of that name prescribes, as far as they are there: on a server, which lists nothing. */
async function guessedPaths(files: RecordingFiles): Promise<string[]> {
  const folder = files.name.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const match = /^(?:catgt_|supercat_)?(.+)_g(\d+)(?:_(imec\d+))?$/.exec(safelyDecoded(folder));
  if (match === null) return [];
  const [, run, gate, probe] = match;
  const there = async (names: readonly string[]) => {
    const found = await Promise.all(names.map((name) => files.find(name)));
    return names.filter((_, i) => found[i] !== null);
  };
  const ofTrigger = async (trigger: string): Promise<string[]> => {
    const base = `${run}_g${gate}_t${trigger}`;
    const bands = (device: string) => [`${base}.${device}.ap.meta`, `${base}.${device}.lf.meta`];
    if (probe !== undefined) return await there(bands(probe));
    const found = await there([`${base}.nidq.meta`, ...bands("imec")]);
    for (const device of ["imec", "obx"]) {
      for (let k = 0; k < 64; k++) {
        const names = device === "obx" ? [`${base}.obx${k}.obx.meta`] : bands(`imec${k}`);
        const more = await there(names.flatMap((name) => [name, `${run}_g${gate}_${device}${k}/${name}`]));
        if (more.length === 0) break;
        found.push(...more);
      }
    }
    return found;
  };
  const all = await ofTrigger("cat");
  for (let t = 0; t < 1000; t++) {
    const found = await ofTrigger(String(t));
    if (found.length === 0) break;
    all.push(...found);
  }
  return all;
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

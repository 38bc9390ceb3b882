/**
 * Where the recordings of an Open Ephys session are: node by node, experiment by experiment.
 *
 * @module
 */

import { LimitError, NotFoundError } from "../../../../source/errors.ts";
import type { RecordingFile, RecordingFiles } from "../../../files/recording_files.ts";
import { type Oebin, readOebin } from "./oebin.ts";

/** A recording of one node. */
export interface FoundRecording {
  /** Its folder, with a slash at its end; empty where it is the source's own. */
  readonly path: string;
  /** Folder of its node, with a slash at its end. */
  readonly nodePath: string;
  /** Folder of its session, with a slash at its end. */
  readonly session: string;
  /** Name of the node, such as `Record Node 101`; empty where there was none: before 0.5. */
  readonly node: string;
  /** Number of the experiment. */
  readonly experiment: number;
  /** Number of the recording in it. */
  readonly recording: number;
  /** What lies in it. */
  readonly oebin: Oebin;
}

const OEBIN = "structure.oebin";
const NODE = /^record[ _]?node/i;
/** What lies between a session and its recordings: node, experiment, recording, and a folder or two above. */
const DEEPEST = 6;
const MOST_FOLDERS = 20_000;
/** Experiments that may be missing in between, where folders can't be listed. */
const MOST_MISSING = 3;

/**
 * All recordings, sorted by session, experiment, recording and node.
 *
 * @param files The source
 * @param signal Aborts
 * @throws {NotFoundError} If there is none
 */
export async function findRecordings(files: RecordingFiles, signal?: AbortSignal): Promise<FoundRecording[]> {
  const found: { path: string; file: RecordingFile }[] = [];
  if (/\.oebin$/i.test(files.fileName)) {
    found.push({ path: "", file: await files.main() });
  } else {
    const paths = await files.list() === null ? guesses(files) : walk(files);
    for await (const { path, file } of paths) {
      signal?.throwIfAborted();
      found.push({ path, file });
    }
  }
  if (found.length === 0) throw await noOebin(files);
  const recordings: FoundRecording[] = [];
  for (const { path, file } of found) {
    recordings.push({ path, ...placeOf(files, path), oebin: await readOebin(file, signal) });
  }
  return recordings.sort((a, b) =>
    order(a.session, b.session) || a.experiment - b.experiment || a.recording - b.recording ||
    order(a.nodePath, b.nodePath)
  );
}

/** Order of texts as Python sorts them. */
export function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A session may have been recorded in the legacy format: its nodes' folders look the same from outside. */
async function noOebin(files: RecordingFiles): Promise<NotFoundError> {
  const legacy: string[] = [];
  for (
    const folder of (await files.list() ?? []).filter((name) => NODE.test(name) && name.endsWith("/")).slice(0, 20)
  ) {
    const names = await files.list(folder) ?? [];
    if (names.some((name) => name.endsWith(".continuous"))) legacy.push(JSON.stringify(folder.slice(0, -1)));
  }
  return new NotFoundError(
    `Cannot open ${files.name} as Open Ephys binary: there is no ${OEBIN} in it or below` +
      (legacy.length === 0 ? "" : `; what is in ${legacy.join(", ")} is of the legacy format: open each by itself`),
    { file: files.name, object: OEBIN },
  );
}

interface Place {
  readonly path: string;
  readonly file: RecordingFile;
}

/** Folders that have the file, found by listing. */
async function* walk(files: RecordingFiles): AsyncGenerator<Place> {
  let level = [""];
  let seen = 0;
  for (let depth = 0; depth < DEEPEST && level.length > 0; depth++) {
    const next: string[] = [];
    for (const path of level) {
      if (++seen > MOST_FOLDERS) {
        throw new LimitError(
          `Cannot look for recordings in ${files.name}: it has more than ${MOST_FOLDERS.toLocaleString("en")} folders`,
          { file: files.name },
        );
      }
      const names = await files.list(path) ?? [];
      if (names.includes(OEBIN)) {
        const file = await files.find(path + OEBIN);
        if (file !== null) yield { path, file };
        continue;
      }
      next.push(...names.filter((name) => name.endsWith("/")).map((name) => path + name));
    }
    level = next;
  }
}

/** Folders that have the file, where they can't be listed: those that the GUI makes in a node's folder. */
async function* guesses(files: RecordingFiles): AsyncGenerator<Place> {
  const here = await files.find(OEBIN);
  if (here !== null) {
    yield { path: "", file: here };
    return;
  }
  let missing = 0;
  let any = false;
  for (let experiment = 1; missing < MOST_MISSING; experiment++) {
    let count = 0;
    for await (const place of numbered(files, `experiment${experiment}/`)) {
      count++;
      yield place;
    }
    missing = count === 0 ? missing + 1 : 0;
    any ||= count > 0;
  }
  if (!any) yield* numbered(files, "");
}

/** Recordings of an experiment, whose numbers follow each other. */
async function* numbered(files: RecordingFiles, folder: string): AsyncGenerator<Place> {
  for (let recording = 1;; recording++) {
    const path = `${folder}recording${recording}/`;
    const file = await files.find(path + OEBIN);
    if (file === null) return;
    yield { path, file };
  }
}

/** Which node, experiment and recording a folder is of; what lies above the source counts too. */
function placeOf(files: RecordingFiles, path: string): Omit<FoundRecording, "oebin" | "path"> {
  const above = files.name.split(/[/\\]+/);
  // The file's own name, or nothing behind the folder's slash.
  if (files.fileName !== "" || above.at(-1) === "") above.pop();
  const below = path.split("/").slice(0, -1);
  const parts = [...above, ...below].map(decode);
  const numberIn = (part: string | undefined, word: string) => {
    const digits = new RegExp(`^${word}(\\d{1,9})$`, "i").exec(part ?? "")?.[1];
    return digits === undefined ? null : Number(digits);
  };
  const recording = numberIn(parts.at(-1), "recording");
  const experiment = numberIn(parts.at(-2), "experiment");
  const name = parts.at(-3) ?? "";
  const node = NODE.test(name) ? name : "";
  const pathOf = (up: number) => below.slice(0, -up).map((part) => `${part}/`).join("");
  return {
    nodePath: pathOf(2),
    // What isn't named as the GUI names it stands by itself.
    session: recording === null ? path : pathOf(node === "" ? 2 : 3),
    node,
    experiment: experiment ?? 1,
    recording: recording ?? 1,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

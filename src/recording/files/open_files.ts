/**
 * Looking at what a user gives, before it is opened as any recording.
 *
 * @module
 */

import { WrongKindError } from "../../source/errors.ts";
import { CostMeter } from "../../source/cost.ts";
import { type OpenedSource, openSource, type SourceInput, type SourceOptions } from "../../source/open_source.ts";
import { HEAD_BYTES } from "../../source/signatures.ts";
import type { ByteSource } from "../../source/types.ts";
import type { RecordingProbe } from "../format.ts";
import { type Folder, folderOf, RecordingFiles, type Siblings } from "./recording_files.ts";

/**
 * What a recording can be opened from: a file, a folder (by its path, or its address with a slash at its end), or a map of
 * names to files.
 */
export type RecordingSource = SourceInput | ReadonlyMap<string, SourceInput>;

/** A source that is connected already, and where it lies: its name, and the files beside it, are found by that. */
export interface AddressedSource extends ByteSource {
  /** The path or URL that it was connected to. */
  readonly address: string | URL;
}

/** Options of {@linkcode openFiles}. */
export interface FilesOptions extends SourceOptions {
  /**
   * Where the files beside the given one are found: a folder's path or address, a map of names to files, or a function that gives
   * the file of a name, or `null`.
   *
   * @default {the folder that the path or URL lies in}
   */
  readonly siblings?: Siblings | undefined;
  /** Told of what is odd, and read all the same. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** A source that was looked at. */
export interface LookedAt {
  /** What is known of it. */
  readonly probe: RecordingProbe;
  /** Its files. Close them. */
  readonly files: RecordingFiles;
}

/**
 * Opens a file and reads its first bytes, or lists a folder.
 *
 * @param source What was given
 * @param options Of HTTP, limits, and where other files are
 * @throws {NotFoundError} If there is nothing
 */
export async function openFiles(source: RecordingSource, options: FilesOptions = {}): Promise<LookedAt> {
  const { siblings, onWarning, ...given } = options;
  const meter = given.meter ?? new CostMeter({ onRequest: given.onRequest });
  const { onRequest: _, ...rest } = given;
  const sourceOptions = { ...rest, meter };
  if (source instanceof Map) return await lookInto("the recording", folderOf(source), sourceOptions, onWarning);
  const input = source as SourceInput;
  const address = typeof input === "string" || input instanceof URL
    ? input
    : (input as Partial<AddressedSource> | null | undefined)?.address ?? null;
  if (address !== null && isRemoteFolder(address)) {
    return await lookInto(nameOf(address), folderOf(address), sourceOptions, onWarning);
  }
  let main: OpenedSource;
  try {
    main = await openSource(input, sourceOptions);
  } catch (error) {
    if (address === null || !(error instanceof WrongKindError)) throw error;
    return await lookInto(nameOf(address), folderOf(address), sourceOptions, onWarning);
  }
  try {
    const { byteLength } = main.source;
    const name = main.source.name ?? "the recording";
    const fileName = address === null ? lastPart(namedBy(input) ?? main.source.name ?? "") : lastPart(pathOf(address));
    const folder = siblings !== undefined ? folderOf(siblings) : address === null ? null : folderOf(parentOf(address));
    const files = new RecordingFiles({ name, fileName, main, folder, options: sourceOptions, onWarning });
    const length = Math.min(HEAD_BYTES, byteLength);
    const head = length === 0
      ? new Uint8Array(0)
      : (await main.cache.readMany([{ offset: 0, length }], { signal: options.signal }))[0]!;
    const names = await files.list().catch(() => null);
    return { probe: { fileName, isFolder: false, head, headText: bytesText(head), byteLength, names }, files };
  } catch (error) {
    await main.close();
    throw error;
  }
}

async function lookInto(
  name: string,
  folder: Folder,
  options: SourceOptions,
  onWarning: FilesOptions["onWarning"],
): Promise<LookedAt> {
  const files = new RecordingFiles({ name, fileName: "", main: null, folder, options, onWarning });
  const probe = { fileName: "", isFolder: true, head: new Uint8Array(0), headText: "", byteLength: 0 };
  return { probe: { ...probe, names: await files.list() }, files };
}

function bytesText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

function isRemoteFolder(address: string | URL): boolean {
  return /^https?:\/\/[^?#]*\/(?:[?#]|$)/i.test(String(address));
}

function namedBy(input: SourceInput): string | undefined {
  const { name, key } = input as { name?: unknown; key?: unknown };
  return typeof name === "string" ? name : typeof key === "string" ? key : undefined;
}

/** An address without its query; a path as it is. */
function pathOf(address: string | URL): string {
  const text = String(address);
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  const { pathname } = new URL(text);
  try {
    return decodeURIComponent(pathname);
  } catch {
    // What isn't UTF-8 is no less an address.
    return pathname;
  }
}

function nameOf(address: string | URL): string {
  const text = String(address);
  return /^https?:/i.test(text) ? text.replace(/[?#].*$/, "") : text;
}

function lastPart(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}

/** The folder of a file; what stands behind `?` in an address goes with every file of it. */
function parentOf(address: string | URL): string | URL {
  const text = String(address);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const url = new URL(text);
    url.pathname = url.pathname.replace(/[^/]*$/, "");
    return url;
  }
  const end = Math.max(text.lastIndexOf("/"), text.lastIndexOf("\\"));
  return end < 0 ? "." : text.slice(0, end + 1);
}

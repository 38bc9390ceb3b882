/**
 * Looking at a source before it is opened as anything.
 *
 * @module
 */

import { folderOf } from "../recording/files/recording_files.ts";
import { CostMeter } from "../source/cost.ts";
import { NotFoundError, WrongKindError } from "../source/errors.ts";
import { openSource, type SourceInput, type SourceOptions } from "../source/open_source.ts";
import { HEAD_BYTES, kindOf } from "../source/signatures.ts";
import type { ByteRange, ByteSource } from "../source/types.ts";
import type { FormatOptions, OpenAnyInput, Probe } from "./format.ts";

/** What a source is by its name alone; nothing is read. */
export function unread(given: OpenAnyInput, options: SourceOptions, formatOptions: FormatOptions): Probe {
  const { onRequest, ...rest } = options;
  const path = pathOf(given);
  return {
    given,
    input: given,
    name: nameOf(given),
    path,
    byteLength: null,
    isFolder: false,
    names: null,
    head: new Uint8Array(0),
    kind: null,
    options: { ...rest, meter: options.meter ?? new CostMeter({ onRequest }) },
    formatOptions,
  };
}

/** A probe, and whose the source is that it connected to. */
export interface Connected {
  /** What is known. */
  readonly probe: Probe;
  /** Leaves the source to what was opened: from now on, that closes it. */
  handOver(): void;
  /** Closes it, where nothing opens it. */
  close(): Promise<void>;
}

/**
 * Reads the first bytes of a source. What was connected to for that is what formats then open, so that a server isn't
 * asked again. One that fails to open it doesn't close it.
 *
 * @param probe What the name says
 */
export async function connect(probe: Probe): Promise<Connected> {
  const { given, path, options } = probe;
  const asIs = { probe, handOver: () => {}, close: () => Promise.resolve() };
  if (isStore(given)) {
    return given instanceof Map ? { ...asIs, probe: { ...probe, names: await folderOf(given).list("") } } : asIs;
  }
  const isAddress = typeof given === "string" || given instanceof URL;
  // On a server a folder is nothing that could be asked for.
  const isNamedFolder = isAddress && /\.zarr\/*$|\.zarr\//i.test(path);
  const isRemote = /^https?:/i.test(String(given));
  const folder = async () => {
    const names = isRemote || isNamedFolder ? null : await folderOf(given as string | URL).list("");
    return { ...asIs, probe: { ...probe, isFolder: true, names } };
  };
  if (isNamedFolder && isRemote) return await folder();
  let opened;
  try {
    opened = await openSource(given as SourceInput, options);
  } catch (error) {
    // A folder, or one within it that isn't there.
    if (isAddress && (error instanceof WrongKindError || isNamedFolder && error instanceof NotFoundError)) {
      return await folder();
    }
    throw error;
  }
  try {
    const { source, cache } = opened;
    const length = Math.min(HEAD_BYTES, source.byteLength);
    const head = length === 0
      ? new Uint8Array(0)
      : (await cache.readMany([{ offset: 0, length }], { signal: options.signal }))[0]!;
    const { byteLength } = source;
    let isLeft = false;
    if (options.follow === true) {
      // A file that grows is opened anew: what is known of it now will not hold.
      if (isAddress) await opened.close();
      const name = source.name ?? probe.name;
      return {
        probe: { ...probe, name, byteLength, head, kind: kindOf(head)?.name ?? null },
        handOver: () => {},
        close: () => opened.close(),
      };
    }
    const input = borrowed(source, () => isLeft ? source.close?.() : undefined);
    const known = { input, name: source.name ?? probe.name, byteLength, head, kind: kindOf(head)?.name ?? null };
    return { probe: { ...probe, ...known }, handOver: () => void (isLeft = true), close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** A source that is closed otherwise; all else is its own. */
function borrowed(source: ByteSource & { readonly head?: Uint8Array }, close: () => void | Promise<void>): ByteSource {
  return {
    name: source.name,
    byteLength: source.byteLength,
    reportsAttempts: source.reportsAttempts,
    read: (range, options) => source.read(range, options),
    ...(source.readSync === undefined ? {} : { readSync: (range: ByteRange) => source.readSync!(range) }),
    ...(source.readIntoSync === undefined
      ? {}
      : { readIntoSync: (offset: number, target: Uint8Array) => source.readIntoSync!(offset, target) }),
    ...(source.head === undefined ? {} : { head: source.head }),
    close,
  };
}

/** A store of zarrita's, or a map of keys. */
export function isStore(given: unknown): boolean {
  return typeof given === "object" && given !== null && typeof (given as { get?: unknown }).get === "function";
}

function nameOf(given: OpenAnyInput): string {
  if (isStore(given)) return "the store";
  if (typeof given === "string") return /^https?:/i.test(given) ? given.replace(/[?#].*$/, "") : given;
  if (given instanceof URL) return given.href.replace(/[?#].*$/, "");
  // What is no source is refused where it is opened.
  const { name, key } = (given ?? {}) as { name?: unknown; key?: unknown };
  return typeof name === "string" ? name : typeof key === "string" ? key : "the source";
}

/** The path of a path, a URL or a name, without what stands behind it. */
function pathOf(given: OpenAnyInput): string {
  if (isStore(given)) return "";
  const name = given instanceof URL ? given.href : typeof given === "string" ? given : nameOf(given);
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(name) ? name.replace(/[?#].*$/, "") : name;
}

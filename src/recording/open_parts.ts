/**
 * Finding the format of a recording, and opening it.
 *
 * @module
 */

import { UnknownFormatError, UnsupportedError } from "../source/errors.ts";
import { located } from "../source/located.ts";
import { SOURCE_OPTIONS } from "../source/open_source.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import { describeHead } from "../source/signatures.ts";
import { type FilesOptions, openFiles, type RecordingSource } from "./files/open_files.ts";
import type { RecordingFiles } from "./files/recording_files.ts";
import type { FormatOptions, RecordingFormat, RecordingParts, RecordingProbe } from "./format.ts";
import { RECORDING_FORMATS } from "./formats/registry.ts";
import { unreadByContent, unreadByName, unreadError } from "./formats/unread.ts";

/** Options of `openRecording`: of HTTP, limits, where other files are, and what formats take. */
export interface OpenRecordingOptions extends FilesOptions, FormatOptions {
  /**
   * The format by its name, such as `micromed`: nothing else is tried.
   *
   * @default {by the first bytes, and by the name where these say nothing}
   */
  readonly format?: string | undefined;
  /**
   * The formats that are tried, in this order: `[...RECORDING_FORMATS, MINE]` adds one.
   *
   * @default {RECORDING_FORMATS}
   */
  readonly formats?: readonly RecordingFormat[] | undefined;
}

/** A recording that was opened by its format. */
export interface OpenedRecording {
  /** The format. */
  readonly format: RecordingFormat;
  /** The files. */
  readonly files: RecordingFiles;
  /** What the format gives. */
  readonly parts: RecordingParts;
  /** Size of the file that was given, or `null` where it was a folder. */
  readonly byteLength: number | null;
  /** Closes all. */
  close(): Promise<void>;
}

/** Opens a recording by its format. */
export async function openParts(source: RecordingSource, options: OpenRecordingOptions): Promise<OpenedRecording> {
  checkOptions(options, OPEN_RECORDING_OPTIONS, "open a recording");
  const {
    format: wanted,
    formats = RECORDING_FORMATS,
    gapTolerance,
    maxSegments,
    clock,
    index,
    raw,
    onProgress,
    ...filesOptions
  } = options;
  checkPositive("gapTolerance", gapTolerance, 0);
  checkPositive("maxSegments", maxSegments, 1);
  if (clock !== undefined && clock !== "samples" && clock !== "synchronised") {
    throw new TypeError(
      `Cannot open a recording by the clock ${JSON.stringify(clock)}: expected samples or synchronised`,
    );
  }
  const named = wanted === undefined ? undefined : formats.find(({ name }) => name === wanted);
  if (wanted !== undefined && named === undefined) {
    const known = formats.map(({ name }) => name).join(", ");
    throw new TypeError(`Cannot open a recording as ${JSON.stringify(wanted)}: expected one of ${known}`);
  }
  const { files, probe } = await openFiles(source, filesOptions);
  try {
    const formatOptions = { gapTolerance, maxSegments, clock, index, raw, onProgress, signal: options.signal };
    const format = named ?? formatOf(formats, probe, formatOptions);
    if (format === undefined) {
      const inner = source instanceof Map ? withoutTop(source) : null;
      if (inner === null) throw unknown(files, probe);
      await files.close();
      return await openParts(inner, options);
    }
    const parts = await located({ file: files.name, object: "/" }, () => format.open(files, formatOptions));
    const close = async () => {
      await parts.close?.();
      await files.close();
    };
    return { format, files, parts, byteLength: probe.isFolder ? null : probe.byteLength, close };
  } catch (error) {
    await files.close();
    throw error;
  }
}

/**
 * The format that knows a source: by what it begins with, else by its name; `undefined` where none does, or where what it begins
 * with is known as a format that isn't read. How a raw file is laid out says that it is one.
 */
export function formatOf(
  formats: readonly RecordingFormat[],
  probe: RecordingProbe,
  { raw }: Pick<FormatOptions, "raw"> = {},
): RecordingFormat | undefined {
  if (raw !== undefined) return formats.find(({ name }) => name === "raw");
  const known = formats.find((format) => format.recognises(probe));
  if (known !== undefined || unreadByContent(probe) !== undefined) return known;
  return formats.find((format) => format.mayBe?.(probe) === true);
}

/** A map without the folder that all its names begin with, as browsers name the files of one; `null` where there is none. */
function withoutTop<T>(source: ReadonlyMap<string, T>): Map<string, T> | null {
  const [first = ""] = source.keys();
  const top = first.slice(0, first.indexOf("/") + 1);
  if (top === "" || ![...source.keys()].every((name) => name.startsWith(top))) return null;
  return new Map(Array.from(source, ([name, file]) => [name.slice(top.length), file]));
}

function unknown({ name }: RecordingFiles, probe: RecordingProbe): Error {
  const { head, isFolder, byteLength } = probe;
  const unread = unreadByContent(probe) ?? unreadByName(probe);
  if (unread !== undefined) return unreadError(name, unread);
  if (isFolder) {
    const why = probe.names === null
      ? "what lies in a folder on a server can't be listed; open one of its files, or give the option format"
      : "nothing in the folder says which format it is";
    return new UnsupportedError(`Cannot open ${name} as a recording: ${why}`, { file: name });
  }
  return new UnknownFormatError(`Cannot open ${name} as a recording: ${describeHead(head)}`, {
    file: name,
    head,
    byteLength,
  });
}

function checkPositive(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isFinite(value) || value === Infinity) && value >= least) return;
  throw new RangeError(`Cannot open a recording with ${name} ${String(value)}: expected a number of at least ${least}`);
}

/** Names of {@linkcode OpenRecordingOptions}. Called where it stands and marked so, so that bundles without a use for it drop it. */
export const OPEN_RECORDING_OPTIONS: OptionNames<OpenRecordingOptions> =
  /* @__PURE__ */ ((): OptionNames<OpenRecordingOptions> => ({
    ...SOURCE_OPTIONS,
    siblings: true,
    onWarning: true,
    format: true,
    formats: true,
    gapTolerance: true,
    maxSegments: true,
    clock: true,
    index: true,
    raw: true,
    onProgress: true,
  }))();

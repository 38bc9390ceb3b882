/**
 * Recordings of makers' formats as a format: by their bytes, by what lies in their folder, by their names.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import type { AddressedSource, RecordingSource } from "../recording/files/open_files.ts";
import type { RecordingFormat, RecordingProbe } from "../recording/format.ts";
import { RECORDING_FORMATS } from "../recording/formats/registry.ts";
import { unreadByContent, unreadByName } from "../recording/formats/unread.ts";
import { openRecording } from "../recording/open_recording.ts";
import { formatOf } from "../recording/open_parts.ts";
import type { Recording } from "../recording/recording.ts";
import { NotFoundError, UnknownFormatError, UnsupportedError } from "../source/errors.ts";
import type { Probe, SourceFormat } from "./format.ts";
import { Opened } from "./opened.ts";

/** What other formats of the registry open as what they are: only who asks for a recording gets one. */
const OTHERS_OPEN = ["hdf5", "nwb", "raw"];
/** A function, so that bundles without a use for it drop it. */
const makers = (): readonly RecordingFormat[] => RECORDING_FORMATS.filter(({ name }) => !OTHERS_OPEN.includes(name));
/** Kinds of files that other formats open. */
const TAKEN: readonly (string | null)[] = ["HDF5", "NPY", "NPZ", "Zarr ZIP", "Zarr JSON", "ZIP"];
const ZARR = /^\/?(\.z(array|group|attrs|metadata)|zarr\.json)$/;

/**
 * A recording: what neo's readers open. Keys are `/block/segment/stream`, arrays [samples, channels] of physical values; with
 * `/raw` behind, of samples as they are stored, and with `/timestamps`, of when they were taken, where the file has that.
 */
export const RECORDING: SourceFormat<"recording", Recording> = {
  name: "recording",
  description: "recording",
  recognises(probe) {
    const own = probeOf(probe);
    if (own === null) return false;
    if (own.isFolder) return own.names !== null && !own.names.some((name) => ZARR.test(name)) && isKnown(own);
    return makers().some((format) => format.recognises(own)) || unreadByContent(own) !== undefined;
  },
  // What lies beside it may say so.
  mayBe: (probe) => probeOf(probe) !== null && !probe.isFolder,
  async open(probe) {
    const { given, input, options, byteLength } = probe;
    const isAddress = typeof given === "string" || given instanceof URL;
    const source = isAddress && input !== given
      ? Object.assign(input as AddressedSource, { address: given })
      : input as RecordingSource;
    // Where it was asked for by name nothing was looked at.
    const formats = byteLength === null && probe.names === null ? RECORDING_FORMATS : makers();
    const recording = await openRecording(source, { ...options, formats }).catch((error) => {
      // What nothing but a name says doesn't keep others from trying.
      const own = probeOf(probe);
      const isByName = own !== null && error instanceof UnsupportedError && unreadByContent(own) === undefined &&
        error.object !== undefined && unreadByName(own)?.format.name === error.object;
      throw isByName
        ? new UnknownFormatError(error.message, {
          file: error.file,
          cause: error,
          head: own.head,
          byteLength: own.byteLength,
        })
        : error;
    });
    return new Opened<"recording", Recording>({
      format: { name: "recording", description: recording.format.description },
      name: recording.name,
      byteLength: recording.byteLength,
      meter: options.meter,
      handle: recording,
      keys: (below) => keysBelow(arraysOf(recording), below),
      // deno-lint-ignore require-await -- so that a wrong key rejects
      async get(key) {
        const found = arraysOf(recording).get(withSlash(key));
        if (found !== undefined) return found();
        throw new NotFoundError(
          `Cannot find ${JSON.stringify(key)} in ${recording.name}: it is none of its streams; there are ${
            someOf(arraysOf(recording))
          }`,
          { file: recording.name, object: key },
        );
      },
      close: () => recording.close(),
    });
  },
};

function isKnown(probe: RecordingProbe): boolean {
  return formatOf(makers(), probe) !== undefined || unreadByContent(probe) !== undefined;
}

/** What recordings are told by; `null` where another format opens it. */
function probeOf({ given, path, name, head, byteLength, names, isFolder, kind }: Probe): RecordingProbe | null {
  const isMap = given instanceof Map;
  if (TAKEN.includes(kind) || byteLength === null && !isFolder && !isMap) return null;
  const fileName = isFolder || isMap ? "" : (path || name).split(/[/\\]/).at(-1)!;
  const headText = Array.from(head, (byte) => String.fromCharCode(byte)).join("");
  return { fileName, isFolder: isFolder || isMap, head, headText, byteLength: byteLength ?? 0, names };
}

/** Arrays of a recording by key; none is made before it is asked for. */
function arraysOf(recording: Recording): Map<string, () => LazyArray> {
  const { signalStreams } = recording.header;
  const arrays = new Map<string, () => LazyArray>();
  recording.parts.blocks.forEach(({ segments }, blockIndex) =>
    segments.forEach(({ signals }, segmentIndex) =>
      signals.forEach((signal, streamIndex) => {
        if (signal === null) return;
        const { name, id } = signalStreams[streamIndex]!;
        const isAlone = name !== "" && signalStreams.filter((other) => other.name === name).length === 1;
        const key = `/${blockIndex}/${segmentIndex}/${isAlone ? name : id || streamIndex}`;
        const which = { blockIndex, segmentIndex, streamIndex };
        const dtype = signal.array.dtype.kind === "float" && signal.array.dtype.itemsize === 8 ? "float64" : "float32";
        arrays.set(key, () => recording.scaledSignal({ ...which, dtype }));
        arrays.set(`${key}/raw`, () => signal.array);
        if (signal.timestamps !== undefined) arrays.set(`${key}/timestamps`, () => signal.timestamps!);
      })
    )
  );
  return arrays;
}

function keysBelow(arrays: ReadonlyMap<string, unknown>, below: string): string[] {
  const start = withSlash(below).replace(/\/+$/, "");
  const found = [...arrays.keys()].filter((key) => start === "" || key === start || key.startsWith(`${start}/`));
  if (found.length > 0 || start === "") return found;
  throw new NotFoundError(
    `Cannot find ${JSON.stringify(below)}: it is none of the recording's streams; there are ${someOf(arrays)}`,
    { object: below },
  );
}

function someOf(arrays: ReadonlyMap<string, unknown>): string {
  const keys = [...arrays.keys()];
  return keys.length === 0 ? "none" : keys.slice(0, 8).join(", ") + (keys.length > 8 ? ", …" : "");
}

function withSlash(key: string): string {
  return key.startsWith("/") ? key : `/${key}`;
}

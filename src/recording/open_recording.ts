/**
 * Opening recordings of makers' formats.
 *
 * @module
 */

import type { RecordingSource } from "./files/open_files.ts";
import type { OpenRecordingOptions } from "./open_parts.ts";
import { Recording } from "./recording.ts";

/**
 * Opens a recording: its header is read, and nothing of its samples. What it begins with says which format it is; where that says
 * nothing, its name does.
 *
 * @param source A path, a URL, bytes, a `Blob`, a folder, or a map of names to files. A server's folder (an address with a slash at its
 * end) can't be listed: it opens where the option `format` names a format whose files have names by a rule; else give a header's address
 * @param options Of HTTP, limits, and what formats take
 * @returns The recording; close it, or declare it with `await using`
 * @throws {UnknownFormatError} If no format knows it
 * @throws {UnsupportedError} If it is of a format, or a version, that isn't read: the message names it
 * @throws {NotFoundError} If there is no such file (by URL an HttpStatusError says so), or one that belongs to it isn't there
 * @throws {CorruptFileError} If its header contradicts itself
 *
 * @example Two channels of a raw binary file
 * ```ts
 * import { openRecording } from "./open_recording.ts";
 * import assert from "node:assert/strict";
 *
 * const samples = Int16Array.of(1, -1, 2, -2, 3, -3);
 * await using recording = await openRecording(samples, { raw: { channels: 2, samplingRate: 1000, gain: 0.5, units: "uV" } });
 * const { analogSignals: [signal] } = await recording.readSegment({ lazy: true });
 * assert.deepEqual([signal!.shape, signal!.units, signal!.tStop], [[3, 2], "uV", 0.003]);
 * assert.deepEqual((await signal!.load({ timeSlice: ["1 ms", "2 ms"] })).magnitude.data, Float32Array.of(1, -1));
 * ```
 */
export async function openRecording(source: RecordingSource, options: OpenRecordingOptions = {}): Promise<Recording> {
  return await new Recording(source, options).parseHeader();
}

/**
 * Where the recordings of a dataset are.
 *
 * @module
 */

import { NotFoundError } from "../../source/errors.ts";
import type { SourceInput } from "../../source/open_source.ts";

/** Recordings by id: a path, a URL, bytes, a `Blob`, … for each. */
export type RecordingSources = Readonly<Record<string, SourceInput>> | ReadonlyMap<string, SourceInput>;

/**
 * The sources of recordings, sorted by id.
 *
 * @param given A directory, or sources by id
 * @param recordingIds Which; all by default
 * @throws {NotFoundError} If there are none, or not each that is asked for
 * @throws {TypeError} If it is neither
 */
export async function recordingSources(
  given: string | URL | RecordingSources,
  recordingIds: readonly string[] | undefined,
): Promise<Map<string, SourceInput>> {
  if (recordingIds !== undefined && !Array.isArray(recordingIds)) {
    throw new TypeError("Cannot open a dataset: recordingIds must be a list of ids");
  }
  if (typeof given === "string" || given instanceof URL) {
    if (/^(?!file:)[a-z][a-z0-9+.-]+:\/\//i.test(String(given))) {
      throw new TypeError(
        `Cannot list the recordings of ${String(given)}: give sources by recording, such as { id: "https://…/id.h5" }`,
      );
    }
    const { findRecordings } = await import("./dataset_node.ts");
    return await findRecordings(given, recordingIds);
  }
  const all = entriesOf(given);
  if (all.size === 0) throw new NotFoundError("No recordings found: there are no sources");
  const ids = [...new Set(recordingIds ?? all.keys())].sort();
  const missing = ids.filter((id) => !all.has(id));
  if (missing.length > 0) {
    throw new NotFoundError(
      `Cannot open recordings: there are no sources of ${missing.map((id) => JSON.stringify(id)).join(", ")}`,
    );
  }
  return new Map(ids.map((id) => [id, all.get(id)!]));
}

function entriesOf(given: unknown): ReadonlyMap<string, SourceInput> {
  if (given instanceof Map) return given;
  const isRecord = typeof given === "object" && given !== null &&
    [Object.prototype, null].includes(Object.getPrototypeOf(given));
  if (isRecord) return new Map(Object.entries(given as Record<string, SourceInput>));
  throw new TypeError("Cannot open a dataset: expected a directory, or an object or a Map of sources by recording");
}

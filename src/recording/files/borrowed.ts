/**
 * A recording's file, lent to a room that opens sources: what is fetched is counted once, and the file is closed with the others.
 *
 * @module
 */

import type { ByteRange, ByteSource } from "../../source/types.ts";
import type { RecordingFile } from "./recording_files.ts";

/** The file as a source that nobody closes. */
export function borrowed(file: RecordingFile): ByteSource {
  const { fetcher, cache } = file.opened;
  const source: ByteSource = {
    name: file.name,
    byteLength: file.byteLength,
    // What the fetcher beneath counts isn't counted again.
    reportsAttempts: true,
    async read(range, options) {
      // What opening has brought already isn't fetched again.
      return (await cache.readMany([range], { signal: options?.signal }))[0]!;
    },
  };
  if (!fetcher.isSync) return source;
  const readSync = (range: ByteRange) => fetcher.readSync(range);
  if (fetcher.source.readIntoSync === undefined) return { ...source, readSync };
  return { ...source, readSync, readIntoSync: (offset, target) => fetcher.readIntoSync(offset, target) };
}

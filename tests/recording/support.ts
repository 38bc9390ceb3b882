import type { NDArray } from "../../src/array/types.ts";
import type { FormatOptions, RecordingFormat, RecordingParts, RecordingProbe } from "../../src/recording/format.ts";
import { type FilesOptions, openFiles, type RecordingSource } from "../../src/recording/files/open_files.ts";
import type { RecordingFiles } from "../../src/recording/files/recording_files.ts";

/** What one format opens, with its files. */
export interface OpenedParts extends AsyncDisposable {
  readonly probe: RecordingProbe;
  readonly files: RecordingFiles;
  readonly parts: RecordingParts;
}

/** Opens a source by one format, without what stands on the formats. */
export async function openParts(
  format: RecordingFormat,
  source: RecordingSource,
  { options = {}, ...files }: FilesOptions & { readonly options?: FormatOptions } = {},
): Promise<OpenedParts> {
  const looked = await openFiles(source, files);
  try {
    const parts = await format.open(looked.files, options);
    return {
      ...looked,
      parts,
      async [Symbol.asyncDispose]() {
        await parts.close?.();
        await looked.files.close();
      },
    };
  } catch (error) {
    await looked.files.close();
    throw error;
  }
}

/** Values of an array as plain numbers. */
export function numbers(array: NDArray): number[] {
  return Array.from(array.data as ArrayLike<number>, Number);
}

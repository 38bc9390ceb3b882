/**
 * Opening a file that another one refers to. Loaded only where one does.
 *
 * @module
 */
import { ExternalFileError, NotFoundError } from "../../source/errors.ts";
import { type OpenedSource, openSource, type SourceInput } from "../../source/open_source.ts";
import type { EngineOptions, Subject } from "./engine_types.ts";
import { besideBase, ROOT_FOLDER } from "./external.ts";

/**
 * Opens a file that the C side asks for.
 *
 * @param name The name as the C side has it.
 * @param subject What needs it, for messages.
 * @param options What may be opened, and how.
 * @param first The file that refers to it.
 * @returns What it was opened from; `null` where there is none.
 * @throws {ExternalFileError} If it may not be opened.
 */
export async function openOther(
  name: string,
  subject: Subject,
  options: EngineOptions,
  first: OpenedSource,
): Promise<{ readonly source: OpenedSource; readonly input: SourceInput } | null> {
  const { external } = options;
  const base = first.source.name ?? "the file";
  const written = name.startsWith(ROOT_FOLDER) ? name.slice(ROOT_FOLDER.length) : name;
  if (external === undefined || external === false) {
    throw new ExternalFileError(
      `Cannot ${subject.action} of ${base}: it refers to another file, "${written}"; pass { external: true } to allow files beside it`,
      { file: base, object: subject.object },
    );
  }
  let input: SourceInput | null;
  if (typeof external === "function") input = await external(written, base);
  // Absolute names are skipped: libhdf5 asks for the same file beside this one next.
  else input = name === written && name.startsWith("/") ? null : besideBase(written, base);
  const source = input === null ? null : await openIfThere(input, options, first);
  return source === null ? null : { source, input: input! };
}

/**
 * Opens a file, if it is there. It shares the meter of the first, so that round trips add up right.
 *
 * @param input From what.
 * @param options How.
 * @param first The file that refers to it.
 */
export async function openIfThere(
  input: SourceInput,
  options: EngineOptions,
  { meter }: OpenedSource,
): Promise<OpenedSource | null> {
  try {
    return await openSource(input, { ...options, meter });
  } catch (error) {
    if (error instanceof NotFoundError || (error as { status?: number }).status === 404) return null;
    throw error;
  }
}

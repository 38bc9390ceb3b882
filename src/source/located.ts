/**
 * Errors say where they happened: what lies deep in a file's format, or knows only of shapes and types, doesn't know it.
 *
 * @module
 */

import { type ErrorDetails, MicrotomeError } from "./errors.ts";

/**
 * Runs what works on an object of a file; errors of ours that don't say which file and object they are about say so
 * afterwards.
 *
 * @param place The file, and the object in it: `/` where the file is one array
 * @param run What may fail, at once or as a promise
 * @returns What `run` gives
 * @throws What `run` throws
 */
export function located<T>(place: ErrorDetails, run: () => T): T {
  try {
    const result = run();
    return result instanceof Promise ? result.catch((error) => fail(error, place)) as T : result;
  } catch (error) {
    return fail(error, place);
  }
}

function fail(error: unknown, { file, object }: ErrorDetails): never {
  if (error instanceof MicrotomeError) {
    const open: { -readonly [Name in "file" | "object"]: MicrotomeError[Name] } = error;
    // A memory source may have no name.
    open.file ??= file ?? "memory";
    open.object ??= object;
  }
  throw error;
}

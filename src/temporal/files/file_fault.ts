/**
 * Errors of files that aren't as torch_brain's layout has them.
 *
 * @module
 */

import { FormatError, MicrotomeError } from "../../source/errors.ts";

/** What an object's own checks refuse is the file's fault here. */
export function formatted<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    const isCheck = error instanceof RangeError || error instanceof TypeError || error instanceof MicrotomeError;
    if (!isCheck || error instanceof FormatError) throw error;
    throw fault(path, error.message, error);
  }
}

/** The error of a group that isn't as it should be. */
export function fault(path: string, why: string, cause?: unknown): FormatError {
  return new FormatError(`Cannot read "${path}": ${why}`, { object: path, cause });
}

/** `spikes`, `sub.spikes`: the path with dots. */
export function nameOf(path: string): string {
  return path.slice(1).replaceAll("/", ".") || path;
}

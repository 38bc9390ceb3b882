/**
 * zarrita's errors as those of microtome.
 *
 * @module
 */

import {
  CorruptFileError,
  MicrotomeError,
  NotFoundError,
  SourceError,
  UnsupportedError,
  UnsupportedFilterError,
} from "../source/errors.ts";

// zarrita has no numbers for its codecs.
const NO_NUMBER = -1;

/**
 * The error of microtome for what zarrita, a codec or a store has thrown.
 *
 * @param what What can't be done, as a message begins: `Cannot read chunk (0, 1) of "a"`
 * @param cause What was thrown
 * @returns An error of microtome: the cause itself where it is one
 */
export function zarrError(what: string, cause: unknown): Error {
  if (cause instanceof MicrotomeError) return cause;
  const { _tag: tag, codec, cause: deeper } = (cause ?? {}) as { _tag?: unknown; codec?: unknown; cause?: unknown };
  const details = { cause };
  switch (tag) {
    case "UnknownCodecError":
      return new UnsupportedFilterError(
        `${what}: the codec ${JSON.stringify(codec)} isn't built in`,
        NO_NUMBER,
        details,
      );
    case "CodecPipelineError":
      if (deeper instanceof MicrotomeError) return deeper;
      return new CorruptFileError(`${what}: the codec ${JSON.stringify(codec)} fails: ${messageOf(deeper)}`, details);
    case "InvalidMetadataError":
    case "UnsupportedError":
      return new UnsupportedError(`${what}: ${messageOf(cause)}`, details);
    case "NotFoundError":
      return new NotFoundError(`${what}: ${messageOf(cause)}`, details);
    default:
      return new SourceError(`${what}: ${messageOf(cause)}`, details);
  }
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const first = text.split("\n")[0]!.replace(/\.$/, "");
  return first === "" ? "it says no reason" : first[0]!.toLowerCase() + first.slice(1);
}

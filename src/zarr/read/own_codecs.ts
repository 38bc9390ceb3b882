/**
 * Undoing the codecs of a chunk before zarrita sees it.
 *
 * @module
 */

import { CODECS } from "../codec/codec_registry.ts";
import type { UndoContext } from "../codec/codec_types.ts";
import type { ZarrCodec } from "./spec.ts";
import { plainName } from "./stored_form.ts";

/**
 * Undoes codecs, the last one first.
 *
 * @param bytes What is stored
 * @param codecs Codecs of the registry, in the order in which they were done
 * @param context The most bytes that may come of each, what messages call the chunk, the module
 * @returns The bytes; the given ones where there is nothing to undo
 * @throws {CorruptFileError} If a checksum is wrong, or the data can't be decoded
 * @throws {LimitError} If more than the limit would come of it
 */
export async function undoCodecs(
  bytes: Uint8Array,
  codecs: readonly ZarrCodec[],
  context: UndoContext,
): Promise<Uint8Array> {
  let result = bytes;
  for (const codec of [...codecs].reverse()) result = await CODECS.get(plainName(codec))!(result, context);
  return result;
}

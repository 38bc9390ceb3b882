/**
 * The codec `vlen-utf8`: how many texts, then each with its length before it.
 *
 * @module
 */

import { encodeText } from "../../array/text/text.ts";

/**
 * Encodes texts.
 *
 * @param texts The texts of a chunk
 */
export function encodeTextChunk(texts: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const encoded = texts.map((text) => encodeText(String(text ?? "")));
  const out = new Uint8Array(encoded.reduce((sum, bytes) => sum + 4 + bytes.length, 4));
  const view = new DataView(out.buffer);
  view.setUint32(0, texts.length, true);
  let at = 4;
  for (const bytes of encoded) {
    view.setUint32(at, bytes.length, true);
    out.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return out;
}

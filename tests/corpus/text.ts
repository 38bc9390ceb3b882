/**
 * Text as bytes again: microtome keeps bytes that are no UTF-8 as lone surrogates, as Python's `surrogateescape` does.
 *
 * @module
 */

/**
 * The bytes of a text.
 *
 * @param text As read from a file.
 */
export function encodeText(text: string): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  if (text.isWellFormed()) return encoder.encode(text);
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/**
 * The text with U+FFFD for what is no UTF-8, as expected values have it.
 *
 * @param text As read from a file.
 */
export function replaceBroken(text: string): string {
  return text.isWellFormed() ? text : new TextDecoder("utf-8", { ignoreBOM: true }).decode(encodeText(text));
}

/**
 * UTF-8 that loses nothing: bytes that are no text have their place in it, and come back as they were.
 *
 * @module
 */

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const ENCODER = new TextEncoder();

/** What a byte that is part of no character is shifted by: 0x80 becomes U+DC80. */
const ESCAPE = 0xdc00;

/**
 * Decodes UTF-8. A byte that isn't part of any character becomes a lone surrogate U+DC80 to U+DCFF, as Python's
 * `surrogateescape` (and so h5py) has it: no byte is lost, and the text can be told from the replacement character.
 *
 * @param bytes The bytes that hold it
 * @param start First byte
 * @param length Number of bytes
 */
export function decodeText(bytes: Uint8Array, start: number = 0, length: number = bytes.length - start): string {
  if (length <= 24) {
    let text = "";
    let i = 0;
    for (; i < length && bytes[start + i]! < 0x80; i++) text += String.fromCharCode(bytes[start + i]!);
    if (i === length) return text;
  }
  const part = bytes.subarray(start, start + length);
  try {
    return UTF8.decode(part);
  } catch {
    return decodeEscaped(part);
  }
}

/** Decodes what lies between the bytes that are part of no character. */
function decodeEscaped(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < bytes.length;) {
    const size = characterSize(bytes, at);
    if (size > 0) {
      at += size;
      continue;
    }
    if (at > from) pieces.push(UTF8.decode(bytes.subarray(from, at)));
    pieces.push(String.fromCharCode(ESCAPE + bytes[at]!));
    from = ++at;
  }
  if (from < bytes.length) pieces.push(UTF8.decode(bytes.subarray(from)));
  return pieces.join("");
}

/** Bytes of the character that starts here, 0 where none does (Unicode 3.9, table 3-7: no surrogates, nothing too long). */
function characterSize(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const second = bytes[at + 1] ?? 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return isTail(second) ? 2 : 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high || !isTail(bytes[at + 2] ?? 0)) return 0;
  if (lead < 0xf0) return 3;
  return isTail(bytes[at + 3] ?? 0) ? 4 : 0;
}

function isTail(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/**
 * Encodes text as UTF-8: the way back from {@linkcode decodeText}, lone surrogates U+DC80 to U+DCFF becoming the bytes
 * that they stand for.
 *
 * @param text The text
 * @returns Its bytes, or `null` where it holds another half of a surrogate pair, which no bytes stand for
 */
export function tryEncodeText(text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = ENCODER.encode(text);
  // Every lone surrogate becomes U+FFFD, three bytes from EF on.
  if (!bytes.includes(0xef) || !/\p{Surrogate}/u.test(text)) return bytes;
  const out: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) out.push(point - ESCAPE);
    else if (point >= 0xd800 && point <= 0xdfff) return null;
    else out.push(...ENCODER.encode(character));
  }
  return Uint8Array.from(out);
}

/**
 * Encodes a part of a URL's path: like `encodeURIComponent`, but bytes that are no text stay those bytes.
 *
 * @param text The text
 */
export function encodeUrlPart(text: string): string {
  const bytes = tryEncodeText(text);
  if (bytes === null || !/\p{Surrogate}/u.test(text)) return encodeURIComponent(text.toWellFormed());
  return Array.from(
    bytes,
    (byte) =>
      byte < 0x80
        ? encodeURIComponent(String.fromCharCode(byte))
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}

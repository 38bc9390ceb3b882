/**
 * Text as HDF5 stores it.
 *
 * @module
 */

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** How a fixed-length string is filled up. */
export type Padding = "null-terminated" | "null-padded" | "space-padded";

/**
 * Length of a fixed-length string without what fills it up: the rules of libhdf5's string conversion (`H5T__conv_s_s`).
 *
 * @param bytes The bytes that hold it.
 * @param start First byte of the field.
 * @param size Size of the field.
 * @param padding How it is filled up.
 * @returns Number of bytes of text.
 */
export function textLength(bytes: Uint8Array, start: number, size: number, padding: Padding): number {
  if (padding === "null-terminated") {
    const end = bytes.subarray(start, start + size).indexOf(0);
    return end < 0 ? size : end;
  }
  let length = size;
  if (padding === "space-padded") { while (length > 0 && bytes[start + length - 1] === 0x20) length--; }
  // Also where spaces should fill it: storage never written is zeros, which h5py reads as no text.
  while (length > 0 && bytes[start + length - 1] === 0) length--;
  return length;
}

/**
 * Decodes UTF-8. A byte that isn't part of any character becomes a lone surrogate U+DC80 to U+DCFF, as Python's
 * `surrogateescape` (and so h5py) has it: no byte is lost, and the text can be told from the replacement character.
 *
 * @param bytes The bytes that hold it.
 * @param start First byte.
 * @param length Number of bytes.
 * @returns The text.
 */
export function decodeText(bytes: Uint8Array, start: number, length: number): string {
  if (length <= 24) {
    let text = "";
    let i = 0;
    for (; i < length && bytes[start + i]! < 0x80; i++) text += String.fromCharCode(bytes[start + i]!);
    if (i === length) return text;
  }
  const part = bytes.subarray(start, start + length);
  try {
    return strict.decode(part);
  } catch {
    return decodeEscaped(part);
  }
}

/** Slow path: tries each character on its own and escapes the bytes that start none. */
function decodeEscaped(bytes: Uint8Array): string {
  let text = "";
  let i = 0;
  while (i < bytes.length) {
    const size = characterSize(bytes[i]!);
    try {
      text += strict.decode(bytes.subarray(i, i + size));
      i += size;
    } catch {
      text += String.fromCharCode(0xdc00 + bytes[i]!);
      i++;
    }
  }
  return text;
}

/** Bytes in the UTF-8 character that starts with `lead`. */
function characterSize(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

const encoder = new TextEncoder();

/**
 * Encodes text as UTF-8: the way back from {@linkcode decodeText}, lone surrogates U+DC80 to U+DCFF becoming the bytes
 * that they stand for.
 *
 * @param text The text.
 * @returns Its bytes, or `null` where it holds another half of a surrogate pair, which no bytes stand for.
 */
export function encodeText(text: string): Uint8Array | null {
  const bytes = encoder.encode(text);
  // Every lone surrogate becomes U+FFFD, three bytes from EF on.
  if (!bytes.includes(0xef) || !/\p{Surrogate}/u.test(text)) return bytes;
  const out: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) out.push(code - 0xdc00);
    else if (code >= 0xd800 && code <= 0xdfff) return null;
    else out.push(...encoder.encode(character));
  }
  return Uint8Array.from(out);
}

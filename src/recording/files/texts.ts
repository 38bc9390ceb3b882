/**
 * Texts in makers' files: often of no stated encoding.
 *
 * @module
 */

/** Text of one character for each byte, as Windows' code page 1252 has them. */
export function decodeLatin1(bytes: Uint8Array): string {
  return new TextDecoder("windows-1252").decode(bytes);
}

/** Text in UTF-8 where it is that, else in cp1252. A byte order mark is left out. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return decodeLatin1(bytes);
  }
}

/**
 * A unit as neo writes it: `uV` for `µV`, `microV`, `V` for `Volts`.
 *
 * @param text What the file says
 */
export function unitOf(text: string): string {
  const plain = text.trim().replace(/[µμ�]/g, "u");
  if (/^volts?$/i.test(plain)) return "V";
  if (/^micro ?v(olts?)?$/i.test(plain) || /^uv(olts?)?$/i.test(plain)) return "uV";
  if (/^milli ?v(olts?)?$/i.test(plain)) return "mV";
  return plain;
}

/**
 * Names of members of ZIP archives.
 *
 * @module
 */

/** The upper half of code page 437, which names are in where nothing else is said (APPNOTE, appendix D). */
const CP437 =
  "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0";

/**
 * Decodes a member's name.
 *
 * @param raw The name as it stands in the archive
 * @param isUtf8 Whether flag 11 says that it is UTF-8
 * @returns The name; bytes that aren't UTF-8 become U+FFFD
 */
export function decodeName(raw: Uint8Array, isUtf8: boolean): string {
  if (isUtf8) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(raw);
  let name = "";
  for (const byte of raw) name += byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80];
  return name;
}

/**
 * Why a name must not be used. Members are read by name and never unpacked into a folder here, but what reads them may
 * do that.
 *
 * @param name The name
 * @returns What is wrong with it, in words; undefined where it is right
 */
export function nameProblem(name: string): string | undefined {
  if (name === "") return "it has no name";
  if (name.includes("\0")) return "its name holds a NUL";
  if (/^([/\\]|[a-zA-Z]:[/\\])/.test(name)) return "its name is an absolute path";
  if (name.split(/[/\\]/).includes("..")) return "its name leads out of the archive";
  return undefined;
}

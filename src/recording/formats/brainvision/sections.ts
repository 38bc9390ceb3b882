/**
 * The text of BrainVision's header and marker files: sections of `key=value`, comments behind `;`, and a section of free text.
 *
 * @module
 */

import { decodeText } from "../../files/texts.ts";

/** A file of sections. */
export interface SectionFile {
  /** Its first line that isn't empty, which says what it is. */
  readonly title: string;
  /** The free text. */
  readonly comment: string;
  /** Whether there is a section, with or without entries. */
  has(section: string): boolean;
  /** All entries of a section, in the order of the file; names of sections and keys in any case. */
  entries(section: string): readonly (readonly [key: string, value: string])[];
  /** A value; `undefined` where the key isn't there or says nothing. */
  value(section: string, key: string): string | undefined;
}

/**
 * Decodes a file: in the code page that it names, else in UTF-8, else in cp1252, which most of what is called ANSI is.
 *
 * @param bytes All of the file
 */
export function decodeSections(bytes: Uint8Array): string {
  const ascii = new TextDecoder("windows-1252").decode(bytes.subarray(0, 4096));
  const codePage = /^\s*Codepage\s*=\s*(\S+)/im.exec(ascii)?.[1];
  if (codePage !== undefined && !/^(utf-?8|ansi)$/i.test(codePage)) {
    try {
      return new TextDecoder(codePage.replace(/^cp-?/i, "windows-")).decode(bytes);
    } catch {
      // A name that nobody knows is as good as none.
    }
  }
  return decodeText(bytes);
}

/** Reads the sections of a text. */
export function parseSections(text: string): SectionFile {
  const sections = new Map<string, [string, string][]>();
  let title = "";
  let comment = "";
  let section = "";
  const lines = text.split(/\r\n|\r|\n/);
  for (const [i, whole] of lines.entries()) {
    const line = whole.trim();
    if (line === "" || line.startsWith(";")) continue;
    const opened = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (opened !== undefined) {
      section = opened.trim().toLowerCase();
      sections.set(section, sections.get(section) ?? []);
      if (section === "comment") {
        comment = lines.slice(i + 1).join("\n").trim();
        break;
      }
    } else if (section === "") {
      title ||= line;
    } else {
      // Values may hold further equals signs.
      const equals = line.indexOf("=");
      if (equals <= 0) continue;
      sections.get(section)!.push([line.slice(0, equals).trim(), line.slice(equals + 1).trim()]);
    }
  }
  return {
    title,
    comment,
    has: (name) => sections.has(name.toLowerCase()),
    entries: (name) => sections.get(name.toLowerCase()) ?? [],
    value(name, key) {
      const found = sections.get(name.toLowerCase())?.find(([entry]) => entry.toLowerCase() === key.toLowerCase());
      return found === undefined || found[1] === "" ? undefined : found[1];
    },
  };
}

/** Fields between commas; a comma within one is written `\1`. */
export function fieldsOf(value: string): string[] {
  return value.split(",").map((field) => field.replaceAll("\\1", ",").trim());
}

/** A number, NaN where none stands there. Old files have the decimal comma of their country. */
export function numberOf(text: string): number {
  return /^[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text.replace(",", ".")) : NaN;
}

/**
 * Other files that a file refers to: external links, external storage, sources of virtual datasets.
 *
 * @module
 */
import { ExternalFileError } from "../../source/errors.ts";
import type { SourceInput } from "../../source/open_source.ts";
import { encodeUrlPart } from "../../source/utf8.ts";

/**
 * Finds the file that another refers to.
 *
 * @param name The name as written in the file, relative to the file that was opened.
 * @param base Name of the file that was opened: its URL or path.
 * @returns Where its bytes come from, or `null` where there is no such file.
 */
export type ExternalResolver = (name: string, base: string) => SourceInput | null | Promise<SourceInput | null>;

/** The folder that the opened file pretends to lie in, so that names relative to it are told from absolute ones. */
export const ROOT_FOLDER = "/@/";

/**
 * Resolves a name beside the file that was opened: relative names only, never out of its folder, never to another server.
 *
 * @param name The name as written.
 * @param base URL or path of the file that was opened.
 * @returns The other file's URL or path.
 * @throws {ExternalFileError} If the name leads elsewhere, or the opened file has no place of its own.
 */
export function besideBase(name: string, base: string): string {
  const parts = name.replaceAll("\\", "/").split("/").filter((part) => part !== "" && part !== ".");
  if (/^([a-z][a-z0-9+.-]*:|[/\\])/i.test(name) || parts.includes("..")) {
    throw new ExternalFileError(
      `Cannot open "${name}", which ${base} refers to: only files beside it or below may be opened; pass a function as the option external to allow others`,
      { file: base },
    );
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(base)) {
    const url = new URL(base);
    url.pathname = url.pathname.replace(/[^/]*$/, "") + parts.map(encodeUrlPart).join("/");
    return url.href;
  }
  return base.replace(/[^/\\]*$/, "") + parts.join("/");
}

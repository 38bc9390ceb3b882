/**
 * Paths and URLs, as the command line is given them.
 *
 * @module
 */

/** The path in a path or URL, without what stands behind `?`. */
export function pathOf(source: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source.replace(/[?#].*$/s, "") : source.replaceAll("\\", "/");
}

/**
 * The order in which a file's series are listed.
 *
 * @module
 */

/** Parts of a file, in the order in which pynapple lists them; others come between intervals and processing. */
const BEFORE = ["scratch", "units", "intervals"];
const AFTER = ["processing", "stimulus/templates", "stimulus", "analysis", "acquisition"];

/**
 * Sorts paths as pynapple lists them: what was made last first, so units before acquisition, and within a part
 * backwards by name.
 *
 * @param paths Paths, each starting with `/`
 * @returns The same, sorted
 */
export function listingOrder(paths: readonly string[]): string[] {
  const keyed = paths.map((path) => ({ path, part: partOf(path), names: path.split("/") }));
  keyed.sort((a, b) => a.part - b.part || compareNames(a.names, b.names));
  return keyed.map(({ path }) => path);
}

function partOf(path: string): number {
  const isIn = (part: string) => path === `/${part}` || path.startsWith(`/${part}/`);
  const before = BEFORE.findIndex(isIn);
  if (before >= 0) return before;
  const after = AFTER.findIndex(isIn);
  return BEFORE.length + 1 + (after >= 0 ? after : -1);
}

// What holds another comes first; of two in one group the one whose name comes last.
function compareNames(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]! ? 1 : -1;
  }
  return a.length - b.length;
}

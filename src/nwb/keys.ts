/**
 * Short names for the objects of a file: as much of their paths as tells them apart.
 *
 * @module
 */

/**
 * Gives each path the shortest of its ends that no other path shares, by pynapple's rule: where two share a name, each
 * gets one more part of its own path, until they differ. So `/a/b/c`, `/a/e/c`, `/i/e/c` become `b/c`, `a/e/c`, `i/e/c`.
 *
 * @param paths Different paths, each starting with `/`
 * @returns A key for each
 */
export function shortKeys(paths: readonly string[]): string[] {
  const parts = paths.map((path) => path.split("/").filter((part) => part !== ""));
  const lengths = parts.map(() => 1);
  const keyOf = (i: number): string => parts[i]!.slice(-lengths[i]!).join("/");
  for (let ambiguous = paths.map((_, i) => i); ambiguous.length > 0;) {
    const byKey = new Map<string, number[]>();
    for (let i = 0; i < paths.length; i++) {
      const key = keyOf(i);
      byKey.set(key, [...byKey.get(key) ?? [], i]);
    }
    ambiguous = [...byKey.values()].filter((same) => same.length > 1).flat().filter((i) =>
      lengths[i]! < parts[i]!.length
    );
    for (const i of ambiguous) lengths[i]!++;
  }
  return paths.map((_, i) => keyOf(i));
}

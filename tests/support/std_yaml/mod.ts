/**
 * Stands in for `jsr:@std/yaml` where JSR can't be reached, as `std_path` does for `@std/path`: npm's `yaml`, on which the npm package
 * depends. Both read the same text as the same values; both refuse a key that stands twice and a tag that they don't know.
 *
 * @module
 */
import { parseDocument, stringify as write } from "yaml";

/** Reads YAML. @throws {SyntaxError} If it is none */
export function parse(text: string): unknown {
  const document = parseDocument(text, { logLevel: "silent" });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new SyntaxError(problem.message.split("\n")[0], { cause: problem });
  return document.toJS({ maxAliasCount: 100 });
}

/** Writes YAML in block style. */
export function stringify(value: unknown): string {
  return write(value, { lineWidth: 0 });
}

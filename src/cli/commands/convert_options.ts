/**
 * The options of `convert`, read and checked against the kind of the target.
 *
 * @module
 */

import { UsageError } from "../io.ts";
import { pathOf } from "../paths.ts";
import { TARGETS } from "../targets/registry.ts";
import type { ConvertOptions, Target, TargetOption } from "../targets/target.ts";

/** The values as the shell gave them. */
export interface ConvertValues {
  readonly name?: string | undefined;
  readonly chunks?: string | undefined;
  readonly compression?: string | undefined;
  readonly shuffle?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly "zarr-format"?: string | undefined;
}

/**
 * Reads the options.
 *
 * @param target Where to write
 * @param values The options as they were given
 * @param targets The kinds of targets that there are
 * @throws {UsageError} If one is wrong, or not for that kind of target
 */
export function convertOptions(
  target: string,
  values: ConvertValues,
  targets: Readonly<Record<string, Target>> = TARGETS,
): ConvertOptions {
  const ending = /\.([a-z0-9]+)[/\\]*$/i.exec(pathOf(target))?.[1]?.toLowerCase() ?? "";
  const found = Object.entries(targets).find(([, { endings }]) => endings.includes(ending));
  if (found === undefined) {
    const endings = Object.values(targets).flatMap(({ endings }) => endings).map((name) => `.${name}`);
    throw new UsageError(
      `Cannot convert to ${JSON.stringify(target)}: expected a name that ends in ${endings.slice(0, -1).join(", ")} ` +
        `or ${endings.at(-1)}`,
    );
  }
  const [kind, to] = found;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target) && !target.startsWith("file:")) {
    throw new UsageError(`Cannot convert to ${JSON.stringify(target)}: only local files can be written`);
  }
  for (const option of TARGET_OPTIONS) {
    if (values[option] === undefined || to.options.includes(option)) continue;
    const others = Object.values(targets).filter(({ options }) => options.includes(option)).map(endingOf);
    throw new UsageError(`Cannot use --${option} for a .${ending} file: it is for ${others.join(", ")}`);
  }
  const zarrFormat = values["zarr-format"] ?? "3";
  if (zarrFormat !== "2" && zarrFormat !== "3") {
    throw new UsageError(`Cannot use ${JSON.stringify(zarrFormat)} as --zarr-format: expected 2 or 3`);
  }
  const options: ConvertOptions = {
    target,
    kind,
    to,
    name: values.name,
    chunks: values.chunks === undefined ? undefined : lengthsOf("--chunks", values.chunks),
    compression: values.compression === undefined ? undefined : compressionOf(values.compression, to),
    shuffle: values.shuffle === true,
    overwrite: values.overwrite === true,
    zarrFormat: zarrFormat === "2" ? 2 : 3,
  };
  to.check?.(options);
  return options;
}

const TARGET_OPTIONS: readonly TargetOption[] = ["name", "chunks", "compression", "shuffle", "zarr-format"];

/**
 * A shape as an argument gives it.
 *
 * @param option Name of the option
 * @param text `1000,4`; an axis may be `auto`, `?` or `-1`
 */
export function lengthsOf(option: string, text: string): (number | null)[] {
  return text.replace(/^\((.*)\)$/, "$1").replace(/,\s*$/, "").split(",").map((part) => {
    const length = part.trim();
    if (length === "auto" || length === "?" || length === "-1") return null;
    if (/^\d{1,15}$/.test(length) && Number(length) > 0) return Number(length);
    throw new UsageError(`Cannot use ${JSON.stringify(text)} as ${option}: expected lengths such as 1000,4`);
  });
}

function compressionOf(text: string, to: Target): ConvertOptions["compression"] {
  const [given, level, ...more] = text.split(":") as [string, string?, ...string[]];
  if (given === "none" && level === undefined) return undefined;
  const name = given === "deflate" ? "gzip" : given;
  const { compressions = {} } = to;
  if (!Object.hasOwn(compressions, name)) {
    throw new UsageError(
      `Cannot use ${JSON.stringify(text)} as --compression for ${endingOf(to)}: expected ${
        [...Object.keys(compressions), "none"].join(", ")
      }`,
    );
  }
  if (level === undefined) return { name, level: undefined };
  const levels = compressions[name]!;
  const isLevel = /^\d{1,2}$/.test(level) && more.length === 0 && levels !== null;
  if (isLevel && Number(level) >= levels[0] && Number(level) <= levels[1]) return { name, level: Number(level) };
  const told = levels === null ? "it has no levels" : `its levels are ${levels[0]} to ${levels[1]}`;
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as --compression: ${told}`);
}

function endingOf({ endings }: Target): string {
  return `.${endings[0]}`;
}

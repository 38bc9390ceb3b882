/**
 * The options of `convert`, read and checked against the kind of the target.
 *
 * @module
 */

import { UsageError } from "../io.ts";
import { pathOf } from "../paths.ts";

/** Kinds of targets. */
export type TargetKind = "npy" | "npz" | "csv" | "raw" | "h5" | "zarr";

/** Compressions, and the levels that they have. */
export type CompressionName = "gzip" | "lzf" | "szip" | "lz4" | "zstd";

/** What `convert` is told of its target. */
export interface ConvertOptions {
  /** Where to write. */
  readonly target: string;
  /** What kind of file that is. */
  readonly kind: TargetKind;
  /** Path of the array in the target. */
  readonly name: string | undefined;
  /** Shape of the chunks; `null` along axes that are chosen. */
  readonly chunks: readonly (number | null)[] | undefined;
  /** How chunks are compressed. */
  readonly compression: { readonly name: CompressionName; readonly level: number | undefined } | undefined;
  /** Whether bytes of the same significance are put together first. */
  readonly shuffle: boolean;
  /** Whether a target that is there is replaced. */
  readonly overwrite: boolean;
  /** Version of Zarr. */
  readonly zarrFormat: 2 | 3;
}

/** The values as the shell gave them. */
export interface ConvertValues {
  readonly name?: string | undefined;
  readonly chunks?: string | undefined;
  readonly compression?: string | undefined;
  readonly shuffle?: boolean | undefined;
  readonly overwrite?: boolean | undefined;
  readonly "zarr-format"?: string | undefined;
}

const ENDINGS: Readonly<Record<string, TargetKind>> = {
  npy: "npy",
  npz: "npz",
  csv: "csv",
  bin: "raw",
  dat: "raw",
  raw: "raw",
  h5: "h5",
  hdf5: "h5",
  zarr: "zarr",
};

// Which kinds of targets an option is for.
const FOR: Readonly<Record<string, readonly TargetKind[]>> = {
  name: ["npz", "h5", "zarr"],
  chunks: ["h5", "zarr"],
  compression: ["npz", "h5", "zarr"],
  shuffle: ["h5", "zarr"],
  "zarr-format": ["zarr"],
};

const COMPRESSIONS: Readonly<
  Record<CompressionName, readonly [kinds: readonly TargetKind[], least: number, most: number]>
> = {
  gzip: [["npz", "h5", "zarr"], 0, 9],
  lzf: [["h5"], 0, -1],
  szip: [["h5"], 0, -1],
  lz4: [["h5"], 0, -1],
  zstd: [["h5", "zarr"], 1, 22],
};

/**
 * Reads the options.
 *
 * @param target Where to write
 * @param values The options as they were given
 * @throws {UsageError} If one is wrong, or not for that kind of target
 */
export function convertOptions(target: string, values: ConvertValues): ConvertOptions {
  const ending = /\.([a-z0-9]+)[/\\]*$/i.exec(pathOf(target))?.[1]?.toLowerCase() ?? "";
  const kind = ENDINGS[ending];
  if (kind === undefined) {
    const endings = Object.keys(ENDINGS).map((name) => `.${name}`);
    throw new UsageError(
      `Cannot convert to ${JSON.stringify(target)}: expected a name that ends in ${
        endings.slice(0, -1).join(", ")
      } or ` +
        endings.at(-1),
    );
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target) && !target.startsWith("file:")) {
    throw new UsageError(`Cannot convert to ${JSON.stringify(target)}: only local files can be written`);
  }
  for (const [option, kinds] of Object.entries(FOR)) {
    if (values[option as keyof ConvertValues] !== undefined && !kinds.includes(kind)) {
      throw new UsageError(`Cannot use --${option} for a .${ending} file: it is for ${kinds.map(endingOf).join(", ")}`);
    }
  }
  const zarrFormat = values["zarr-format"] ?? "3";
  if (zarrFormat !== "2" && zarrFormat !== "3") {
    throw new UsageError(`Cannot use ${JSON.stringify(zarrFormat)} as --zarr-format: expected 2 or 3`);
  }
  if (values.shuffle === true && kind === "zarr" && zarrFormat === "3") {
    throw new UsageError("Cannot use --shuffle for Zarr version 3, which has no such codec: add --zarr-format 2");
  }
  return {
    target,
    kind,
    name: values.name,
    chunks: values.chunks === undefined ? undefined : lengthsOf("--chunks", values.chunks),
    compression: values.compression === undefined ? undefined : compressionOf(values.compression, kind),
    shuffle: values.shuffle === true,
    overwrite: values.overwrite === true,
    zarrFormat: zarrFormat === "2" ? 2 : 3,
  };
}

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

function compressionOf(text: string, kind: TargetKind): ConvertOptions["compression"] {
  const [given, level, ...more] = text.split(":") as [string, string?, ...string[]];
  if (given === "none" && level === undefined) return undefined;
  const name = given === "deflate" ? "gzip" : given;
  if (!isCompression(name) || !COMPRESSIONS[name][0].includes(kind)) {
    const names = Object.entries(COMPRESSIONS).filter(([, [kinds]]) => kinds.includes(kind)).map(([name]) => name);
    throw new UsageError(
      `Cannot use ${JSON.stringify(text)} as --compression for ${endingOf(kind)}: expected ${
        [...names, "none"].join(", ")
      }`,
    );
  }
  if (level === undefined) return { name, level: undefined };
  const [, least, most] = kind === "npz" ? [[], 0, -1] as const : COMPRESSIONS[name];
  if (/^\d{1,2}$/.test(level) && Number(level) >= least && Number(level) <= most && more.length === 0) {
    return { name, level: Number(level) };
  }
  const levels = most < least ? "it has no levels" : `its levels are ${least} to ${most}`;
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as --compression: ${levels}`);
}

function isCompression(name: string): name is CompressionName {
  return Object.hasOwn(COMPRESSIONS, name);
}

function endingOf(kind: TargetKind): string {
  return `.${Object.entries(ENDINGS).find(([, of]) => of === kind)![0]}`;
}

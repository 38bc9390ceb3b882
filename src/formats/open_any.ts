/**
 * Opening whatever it is.
 *
 * @module
 */

import { FormatError, NotFoundError, NotHdf5Error, TruncatedError, UnknownFormatError } from "../source/errors.ts";
import { SOURCE_OPTIONS, type SourceOptions } from "../source/open_source.ts";
import { checkOptions, type OptionNames } from "../source/options.ts";
import { describeHead } from "../source/signatures.ts";
import type { Format, FormatOptions, InnerFormat, OpenAnyInput, OpenedBy, Probe, SourceFormat } from "./format.ts";
import type { Opened } from "./opened.ts";
import { connect, unread } from "./probe.ts";
import { FORMATS } from "./registry.ts";

/** Options of {@linkcode openAny}: of HTTP, limits, and those of single formats. */
export interface OpenAnyOptions<F extends readonly Format[] = typeof FORMATS> extends SourceOptions, FormatOptions {
  /**
   * The format, by its name. Nothing is looked at then, and nothing else is tried: `hdf5` opens an NWB file as plain HDF5.
   *
   * @default {by the first bytes, and by the name where these say nothing}
   */
  readonly format?: F[number]["name"] | undefined;
  /**
   * The formats that are tried, in this order: `[...FORMATS, MINE]` adds one.
   *
   * @default {FORMATS}
   */
  readonly formats?: F | undefined;
}

/**
 * Opens a source of any format that is known: HDF5, NWB, torch_brain's sessions, NPY, NPZ, Zarr, recordings of makers' formats,
 * flat binary files. The
 * first bytes say what it is; a name is asked only where they say nothing, or what a folder on a server is. zarrita, which Zarr's
 * chunks need, is loaded once one is read.
 *
 * It costs no request more than opening it as what it is, save for archives on a server, whose end is asked for second, and
 * flat files, whose sidecar is.
 *
 * @param source A path, a URL, bytes, a `Blob`, an R2 object, anything with `byteLength` and `read`, a folder or store of Zarr's,
 * a recording's folder, or a map of names to its files
 * @param options Of HTTP, limits, those of single formats
 * @returns Lazy arrays by key, and the format's own handle: `opened.format` says which type that has
 * @throws {UnknownFormatError} If no format knows it
 * @throws {NotFoundError} If there is no such file
 * @throws {WrongKindError} If it is a folder, and neither a Zarr nor a recording
 *
 * @example Whatever it is
 * ```ts
 * import { openAny } from "./open_any.ts";
 * import assert from "node:assert/strict";
 *
 * await using opened = await openAny("tests/data/signal.h5");
 * assert.equal(opened.format, "hdf5");
 * const [key] = await opened.keys();
 * const array = await opened.get(key!);
 * console.log(key, array.shape, array.dtype);
 * // What the format itself offers.
 * if (opened.format === "hdf5") console.log(opened.handle.info.superblock);
 * ```
 */
export async function openAny<const F extends readonly Format[] = typeof FORMATS>(
  source: OpenAnyInput,
  options: OpenAnyOptions<F> = {},
): Promise<OpenedBy<F[number]>> {
  checkOptions(options, OPTIONS, "open whatever it is");
  const { format: wanted, formats: given = FORMATS, raw, external, missingSources, maxLinks, ...sourceOptions } =
    options;
  const formats: readonly Format[] = given;
  const start = unread(source, sourceOptions, { raw, external, missingSources, maxLinks });
  const formatWanted = wanted === undefined ? null : named(formats, wanted);
  const outer = formatWanted !== null && "within" in formatWanted
    ? named(formats, formatWanted.within) as SourceFormat
    : formatWanted;
  const opened = outer !== null
    ? await (outer as SourceFormat).open(start)
    : await openFirst(formats.filter((format) => "open" in format), start);
  if (outer !== null && outer === formatWanted) return opened as OpenedBy<F[number]>;
  try {
    const inner: readonly Format[] = formatWanted === null ? formats : [formatWanted];
    const found = await adopted(opened, inner.filter((format) => "within" in format), start);
    if (formatWanted === null || found !== opened) return found as OpenedBy<F[number]>;
    throw new FormatError(
      `Cannot open ${opened.name} as ${wanted}: it is ${opened.format}, and nothing in it says ${wanted}`,
      { file: opened.name },
    );
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** By what the caller says, then by what the first bytes say, then by what may be. */
async function openFirst(formats: readonly SourceFormat[], start: Probe): Promise<Opened> {
  if (start.formatOptions.raw !== undefined) {
    const told = formats.find((format) => format.recognises(start));
    if (told !== undefined) return await told.open(start);
  }
  const { probe, handOver, close } = await connect(start);
  try {
    const opened = await tryAll(formats, probe);
    handOver();
    return opened;
  } catch (error) {
    await close();
    throw error;
  }
}

async function tryAll(formats: readonly SourceFormat[], probe: Probe): Promise<Opened> {
  const sure = formats.find((format) => format.recognises(probe));
  if (sure !== undefined) return await sure.open(probe);
  let cause: unknown;
  for (const format of formats.filter((format) => format.mayBe?.(probe) === true)) {
    try {
      return await format.open(probe);
    } catch (error) {
      if (!isOtherFormat(error)) throw error;
      // One that says no more than that it doesn't know it is no cause.
      if (!(error instanceof UnknownFormatError) || error.cause !== undefined) cause ??= error;
    }
  }
  const { name, head, byteLength } = probe;
  throw new UnknownFormatError(`Cannot open ${name}: ${describeHead(head)}`, {
    file: name,
    cause,
    head,
    byteLength: byteLength ?? 0,
  });
}

/** What lies in it, where a format knows that; else it as it is. */
async function adopted(opened: Opened, formats: readonly InnerFormat[], { options }: Probe): Promise<Opened> {
  for (const format of formats) {
    if (format.within !== opened.format) continue;
    const found = await format.adopt(opened, options);
    if (found !== null) return await adopted(found, formats, { options } as Probe);
  }
  return opened;
}

/**
 * Whether an error says that a file is of another format. For HDF5 one shorter than its signature is cut off; of a flat file
 * nothing is there but the file, its sidecar isn't.
 */
function isOtherFormat(error: unknown): boolean {
  return [UnknownFormatError, NotHdf5Error, TruncatedError, NotFoundError].some((kind) => error instanceof kind);
}

function named(formats: readonly Format[], name: string): Format {
  const found = formats.find((format) => format.name === name);
  if (found !== undefined) return found;
  const known = formats.map((format) => format.name).join(", ");
  throw new TypeError(`Cannot open as ${JSON.stringify(name)}: expected one of ${known}`);
}

// Called where it stands and marked so, so that bundles without a use for it drop it.
const OPTIONS = /* @__PURE__ */ ((): OptionNames<OpenAnyOptions> => ({
  ...SOURCE_OPTIONS,
  format: true,
  formats: true,
  raw: true,
  external: true,
  missingSources: true,
  maxLinks: true,
}))();

/**
 * Opening whatever the commands can work on.
 *
 * @module
 */

import { type Format, FORMATS, openAny, type Opened } from "../../formats/mod.ts";
import { CostMeter } from "../../source/cost.ts";
import type { Call } from "../call.ts";
import type { CliIo } from "../io.ts";
import { SOURCES, type SourceViews } from "./registry.ts";
import { type ArraySource, plainSource } from "./sources.ts";

/** What sources there are. */
export interface SourceOptions {
  /** Formats that are tried. */
  readonly formats?: readonly Format[] | undefined;
  /** What the commands see of each. */
  readonly sources?: SourceViews | undefined;
  /** Counts the cost of all that is tried. */
  readonly meter?: CostMeter | undefined;
}

/**
 * Opens a source by what its first bytes say, and by its name where these say nothing.
 *
 * @param call What was asked for
 * @param io The world
 * @param options Formats, and what is seen of them
 * @returns The source; dispose of it
 * @throws {UnknownFormatError} If it is of no kind that can be read
 */
export async function openArrays(call: Call, io: CliIo, options: SourceOptions = {}): Promise<ArraySource> {
  const { formats = FORMATS, sources = SOURCES, meter = new CostMeter() } = options;
  // Commands work on arrays: what lies within HDF5 is a matter of the command `nwb`, and of what `info` says.
  const outer = formats.filter((format) => !("within" in format));
  const given = { ...call.options, raw: call.raw, formats: outer, signal: io.signal, meter };
  const opened: Opened = await openAny(call.source, given);
  try {
    const view = await sources[opened.format]?.() ?? plainSource;
    return view(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}

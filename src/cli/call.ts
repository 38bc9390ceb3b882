/**
 * What the command line was asked for.
 *
 * @module
 */

import type { RawLayout } from "../formats/mod.ts";
import type { OpenOptions } from "../hdf5/file.ts";
import type { ConvertOptions } from "./targets/target.ts";
import type { SeriesCall } from "./commands/series_options.ts";

/** What was asked for. */
export interface Call {
  /** Which command; `help` and `version` stand for the options of those names. */
  readonly command: string;
  /** Path or URL of the file. */
  readonly source: string;
  /** Path within the file, or key of an entry. */
  readonly path: string;
  /** Whether to print JSON. */
  readonly json: boolean;
  /** Selection in NumPy's syntax. */
  readonly select: string | undefined;
  /** File to write. */
  readonly output: string | undefined;
  /** Levels of groups to list. */
  readonly depth: number;
  /** How to open the file. */
  readonly options: OpenOptions;
  /** How a flat file is laid out, where that was said. */
  readonly raw?: RawLayout;
  /** What `convert` is told of its target. */
  readonly convert?: ConvertOptions;
  /** What `nwb`, `plot`, `show` and `convert` are told of time, channels, values and size. */
  readonly series?: SeriesCall;
  /** Whether `batch` says what it would do, and does nothing. */
  readonly dryRun?: boolean;
}

/**
 * The commands: one file and one line each.
 *
 * @module
 */

import type { CostMeter } from "../source/cost.ts";
import type { Call } from "./call.ts";
import type { CliIo } from "./io.ts";
import type { ArraySource } from "./sources/sources.ts";

/** What a command does with an open source. */
export type Command = (source: ArraySource, call: Call, io: CliIo) => Promise<void>;

/** A command that has something to say where nothing opens the source: it opens it itself, and closes it. */
export type OpeningCommand = (call: Call, io: CliIo, open: (meter: CostMeter) => Promise<ArraySource>) => Promise<void>;

/** A command of the command line. */
export interface CommandEntry {
  /** What stands behind its name; in brackets what may be left out. */
  readonly parameters: readonly string[];
  /** What the help shows behind these: options without which it can't run. */
  readonly needs?: string;
  /** What the help says that it does. */
  readonly help: string;
  /** Options that it has beside everyone's; `arguments.ts` knows their types, `usage.ts` what they mean. */
  readonly options: readonly string[];
  /** Loads what it does with a source. */
  readonly load?: () => Promise<Command>;
  /** Loads the same, of one that opens its source itself. */
  readonly loadOpening?: () => Promise<OpeningCommand>;
}

/** Commands by name. */
export type Commands = Readonly<Record<string, CommandEntry>>;

/** The commands by name. Options that none of them names are everyone's. */
export const COMMANDS: Commands = {
  ls: {
    parameters: ["SOURCE", "[PATH]"],
    help: "the tree: groups, arrays with shape, dtype, chunks, filters, attributes",
    options: ["depth"],
    load: async () => (await import("./commands/ls.ts")).list,
  },
  show: {
    parameters: ["SOURCE", "[PATH]"],
    help: "the values of an array, or of a selection of it",
    options: ["select", "output", "from", "to", "raw", "channels"],
    load: async () => (await import("./commands/show.ts")).show,
  },
  info: {
    parameters: ["SOURCE"],
    help: "what kind of file it is, and what its header says",
    options: [],
    loadOpening: async () => (await import("./commands/info.ts")).info,
  },
  convert: {
    parameters: ["SOURCE", "[PATH]", "TARGET"],
    help: "write an array, or all of a group, as another kind of file",
    options: [
      "select",
      "from",
      "to",
      "raw",
      "channels",
      "name",
      "chunks",
      "compression",
      "shuffle",
      "overwrite",
      "zarr-format",
    ],
    load: async () => (await import("./commands/convert.ts")).convert,
  },
  nwb: {
    parameters: ["SOURCE", "[KEY]"],
    help: "the keys of an NWB file and their types, or one entry, or a window of it",
    options: ["output", "from", "to", "raw"],
    load: async () => (await import("./commands/nwb.ts")).nwb,
  },
  plot: {
    parameters: ["SOURCE", "[KEY]"],
    needs: "-o FILE",
    help: "an entry of an NWB file, a stream of a recording, or any array, as a picture",
    options: ["select", "output", "from", "to", "raw", "channels", "bandpass", "reference", "shade", "width", "height"],
    load: async () => (await import("./commands/plot.ts")).plot,
  },
  batch: {
    parameters: ["PIPELINE.yaml"],
    help: "run a pipeline of functions and transforms over a recording, batch after batch",
    options: ["dry-run"],
    loadOpening: async () => (await import("./commands/batch.ts")).batch,
  },
};

/** Which commands have an option of which not all have it; `null` where it is everyone's. */
export function commandsWith(option: string, commands: Commands): string[] | null {
  const found = Object.entries(commands).filter(([, { options }]) => options.includes(option));
  return found.length === 0 ? null : found.map(([name]) => name);
}

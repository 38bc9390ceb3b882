/**
 * The commands: one file and one line each.
 *
 * @module
 */

import type { Call } from "./call.ts";
import type { CliIo } from "./io.ts";
import type { ArraySource } from "./sources/sources.ts";

/** What a command does with an open source. */
export type Command = (source: ArraySource, call: Call, io: CliIo) => Promise<void>;

/** A command of the command line. */
export interface CommandEntry {
  /** What stands behind its name; in brackets what may be left out. */
  readonly parameters: readonly string[];
  /** Options that it has beside everyone's. */
  readonly options: readonly string[];
  /** Loads what it does; absent where it opens the source itself. */
  readonly load?: () => Promise<Command>;
}

/** The commands by name. Options that none of them names are everyone's. */
export const COMMANDS = {
  ls: {
    parameters: ["SOURCE", "[PATH]"],
    options: ["depth"],
    load: async () => (await import("./commands/ls.ts")).list,
  },
  show: {
    parameters: ["SOURCE", "[PATH]"],
    options: ["select", "output"],
    load: async () => (await import("./commands/show.ts")).show,
  },
  info: {
    parameters: ["SOURCE"],
    options: [],
  },
  convert: {
    parameters: ["SOURCE", "[PATH]", "TARGET"],
    options: ["select", "name", "chunks", "compression", "shuffle", "overwrite", "zarr-format"],
    load: async () => (await import("./commands/convert.ts")).convert,
  },
  nwb: {
    parameters: ["SOURCE", "[KEY]"],
    options: ["output", "from", "to", "raw"],
    load: async () => (await import("./commands/nwb.ts")).nwb,
  },
  plot: {
    parameters: ["SOURCE", "[KEY]"],
    options: ["select", "output", "from", "to", "raw", "shade", "width", "height"],
    load: async () => (await import("./commands/plot.ts")).plot,
  },
} as const satisfies Readonly<Record<string, CommandEntry>>;

/** Name of a command. */
export type CommandName = keyof typeof COMMANDS;

/** Which commands have an option of which not all have it; `null` where it is everyone's. */
export function commandsWith(option: string): string[] | null {
  const found = Object.entries<CommandEntry>(COMMANDS).filter(([, { options }]) => options.includes(option));
  return found.length === 0 ? null : found.map(([name]) => name);
}

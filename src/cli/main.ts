/**
 * The command line, as a function.
 *
 * @module
 */

import type { CostMeter } from "../source/cost.ts";
import { MicrotomeError, UnknownFormatError } from "../source/errors.ts";
import { parseCall } from "./arguments.ts";
import type { Call } from "./call.ts";
import { COMMANDS, type Commands } from "./commands.ts";
import { type CliIo, oneLine, UsageError } from "./io.ts";
import { openArrays, type SourceOptions } from "./sources/open_arrays.ts";
import { costLine } from "./sources/sources.ts";
import type { Target } from "./targets/target.ts";
import { usage, VERSION } from "./commands/usage.ts";

export type { CliIo };

/** What the command line is made of; each is what there is by default. */
export interface Registries extends Pick<SourceOptions, "formats" | "sources"> {
  /** Commands by name. */
  readonly commands?: Commands | undefined;
  /** Kinds of targets by name. */
  readonly targets?: Readonly<Record<string, Target>> | undefined;
}

/**
 * Runs a command.
 *
 * @param args The arguments, without the program's name
 * @param io The world
 * @param registries Commands, formats, sources and targets, where they aren't those that there are
 * @returns The exit code: 0, 1 (the data says no), 2 (the call is wrong), 130 (interrupted)
 */
export async function main(args: readonly string[], io: CliIo, registries: Registries = {}): Promise<number> {
  try {
    const call = parseCall(args, registries);
    await run(call, io, registries);
    return 0;
  } catch (error) {
    if (io.signal.aborted) return 130;
    io.stderr(`microtome: ${oneLine(messageOf(error))}\n`);
    if (error instanceof UsageError) io.stderr('Run "microtome --help" for how it is called\n');
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(call: Call, io: CliIo, { commands = COMMANDS, formats, sources }: Registries): Promise<void> {
  if (call.command === "help") return await io.stdout(usage(commands));
  if (call.command === "version") return await io.stdout(`${VERSION}\n`);
  const { load, loadOpening } = commands[call.command]!;
  const open = (meter?: CostMeter) => openArrays(call, io, { formats, sources, meter });
  if (loadOpening !== undefined) return await (await loadOpening())(call, io, open);
  const command = await load!();
  await using source = await open();
  await command(source, call, io);
  io.stderr(`${costLine(source)}\n`);
}

function messageOf(given: unknown): string {
  // What HDF5 says of it, which says most.
  const error = given instanceof UnknownFormatError ? given.cause ?? given : given;
  if (!(error instanceof Error)) return String(error);
  const message = error.message.replace("pass { external: true }", "use --allow-external");
  if (!(error instanceof MicrotomeError)) return message;
  const missing = [error.file, error.object].filter((name) => name !== undefined && !message.includes(name));
  return missing.length === 0 ? message : `${message} (${missing.join(", ")})`;
}

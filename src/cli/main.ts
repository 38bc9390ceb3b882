/**
 * The command line, as a function.
 *
 * @module
 */

import { MicrotomeError, UnknownFormatError } from "../source/errors.ts";
import { parseCall } from "./arguments.ts";
import type { Call } from "./call.ts";
import { type Command, type CommandEntry, type CommandName, COMMANDS } from "./commands.ts";
import { info } from "./commands/info.ts";
import { type CliIo, oneLine, UsageError } from "./io.ts";
import { openArrays } from "./sources/open_arrays.ts";
import { costLine } from "./sources/sources.ts";
import { USAGE, VERSION } from "./commands/usage.ts";

export type { CliIo };

/**
 * Runs a command.
 *
 * @param args The arguments, without the program's name
 * @param io The world
 * @returns The exit code: 0, 1 (the data says no), 2 (the call is wrong), 130 (interrupted)
 */
export async function main(args: readonly string[], io: CliIo): Promise<number> {
  try {
    const call = parseCall(args);
    await run(call, io);
    return 0;
  } catch (error) {
    if (io.signal.aborted) return 130;
    io.stderr(`microtome: ${oneLine(messageOf(error))}\n`);
    if (error instanceof UsageError) io.stderr('Run "microtome --help" for how it is called\n');
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(call: Call, io: CliIo): Promise<void> {
  if (call.command === "help") return await io.stdout(USAGE);
  if (call.command === "version") return await io.stdout(`${VERSION}\n`);
  const { load }: CommandEntry = COMMANDS[call.command as CommandName];
  // `info` has something to say where nothing opens the source.
  if (load === undefined) await info(call, io);
  else await withSource(call, io, await load());
}

async function withSource(
  call: Call,
  io: CliIo,
  command: Command,
): Promise<void> {
  await using source = await openArrays(call, io);
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

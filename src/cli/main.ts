/**
 * The command line, as a function.
 *
 * @module
 */

import { MicrotomeError, UnknownFormatError } from "../source/errors.ts";
import { type Call, parseCall } from "./arguments.ts";
import { info } from "./info.ts";
import { type CliIo, oneLine, UsageError } from "./io.ts";
import { list } from "./ls.ts";
import { openArrays } from "./open_arrays.ts";
import { show } from "./show.ts";
import { type ArraySource, costLine } from "./sources.ts";
import { USAGE, VERSION } from "./usage.ts";

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
  switch (call.command) {
    case "help":
      return await io.stdout(USAGE);
    case "version":
      return await io.stdout(`${VERSION}\n`);
    case "info":
      return await info(call, io);
    case "ls":
      return await withSource(call, io, list);
    case "show":
      return await withSource(call, io, show);
    case "convert":
      return await withSource(call, io, (await import("./convert.ts")).convert);
    case "nwb":
      return await withSource(call, io, (await import("./nwb.ts")).nwb);
    case "plot":
      return await withSource(call, io, (await import("./plot.ts")).plot);
  }
}

async function withSource(
  call: Call,
  io: CliIo,
  command: (source: ArraySource, call: Call, io: CliIo) => Promise<void>,
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

/**
 * Reading the command line's arguments.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { RawLayout } from "../formats/mod.ts";
import type { Call } from "./call.ts";
import { COMMANDS, type Commands, commandsWith } from "./commands.ts";
import { convertOptions, lengthsOf } from "./commands/convert_options.ts";
import { UsageError } from "./io.ts";
import { seriesCall } from "./commands/series_options.ts";
import type { Target } from "./targets/target.ts";

const OPTIONS = {
  json: { type: "boolean" },
  header: { type: "string", multiple: true },
  timeout: { type: "string" },
  "block-size": { type: "string" },
  cache: { type: "string" },
  "allow-external": { type: "boolean" },
  select: { type: "string" },
  output: { type: "string", short: "o" },
  depth: { type: "string" },
  dtype: { type: "string" },
  shape: { type: "string" },
  order: { type: "string" },
  offset: { type: "string" },
  name: { type: "string" },
  chunks: { type: "string" },
  compression: { type: "string" },
  shuffle: { type: "boolean" },
  overwrite: { type: "boolean" },
  "zarr-format": { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  raw: { type: "boolean" },
  "dry-run": { type: "boolean" },
  channels: { type: "string" },
  bandpass: { type: "string" },
  reference: { type: "string" },
  shade: { type: "string" },
  width: { type: "string" },
  height: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/**
 * Reads the arguments.
 *
 * @param args As the shell gives them, without the program's name
 * @param registries Commands and targets, where they aren't those that there are
 * @returns What was asked for
 * @throws {UsageError} If the call is wrong
 */
export function parseCall(
  args: readonly string[],
  { commands = COMMANDS, targets }: {
    readonly commands?: Commands | undefined;
    readonly targets?: Readonly<Record<string, Target>> | undefined;
  } = {},
): Call {
  const { values, positionals } = parse(args);
  const call = {
    source: "",
    path: "/",
    json: false,
    select: undefined,
    output: undefined,
    depth: Infinity,
    options: {},
  };
  if (values.help === true) return { ...call, command: "help" };
  if (values.version === true) return { ...call, command: "version" };
  const [command, source] = positionals;
  const names = Object.keys(commands).join(", ").replace(/, (?=\w+$)/, " or ");
  if (command === undefined) throw new UsageError(`Cannot run without a command: expected ${names}`);
  if (!Object.hasOwn(commands, command)) {
    throw new UsageError(`Cannot run ${JSON.stringify(command)}: expected ${names}`);
  }
  checkPositionals(command, commands[command]!.parameters, positionals.slice(1));
  for (const option of Object.keys(values)) {
    const having = commandsWith(option, commands);
    if (having !== null && !having.includes(command)) {
      throw new UsageError(`Cannot use --${option} with ${command}: it belongs to ${having.join(", ")}`);
    }
  }
  const target = command === "convert" ? positionals.at(-1)! : undefined;
  const path = target !== undefined && positionals.length === 3 ? undefined : positionals[2];
  const raw = rawLayout(values);
  return {
    command,
    source: source!,
    path: path ?? "/",
    json: values.json === true,
    select: values.select,
    output: values.output,
    depth: values.depth === undefined ? Infinity : wholeNumber("--depth", values.depth),
    options: {
      ...(values.header === undefined ? {} : { headers: values.header.map(headerOf) }),
      ...(values.timeout === undefined ? {} : { timeout: 1000 * positiveNumber("--timeout", values.timeout) }),
      ...(values["block-size"] === undefined
        ? {}
        : { blockSize: byteCount("--block-size", values["block-size"], 512) }),
      ...(values.cache === undefined ? {} : { cacheBytes: byteCount("--cache", values.cache, 0) }),
      external: values["allow-external"] === true,
    },
    ...(raw === null ? {} : { raw }),
    ...(values["dry-run"] === true ? { dryRun: true } : {}),
    ...(target === undefined ? {} : { convert: convertOptions(target, values, targets) }),
    ...(isTimed(command) ? { series: seriesCall(command, path, values) } : {}),
  };
}

function isTimed(command: string): command is Parameters<typeof seriesCall>[0] {
  return ["nwb", "plot", "show", "convert"].includes(command);
}

// Where one of these is given, the source is a flat file, whatever it begins with.
function rawLayout(values: Values["values"]): RawLayout | null {
  const { dtype, shape, order, offset } = values;
  if (dtype === undefined && shape === undefined && order === undefined && offset === undefined) return null;
  if (order !== undefined && order !== "C" && order !== "F") {
    throw new UsageError(`Cannot use ${JSON.stringify(order)} as --order: expected C or F`);
  }
  return {
    ...(dtype === undefined ? {} : { dtype }),
    ...(shape === undefined ? {} : { shape: lengthsOf("--shape", shape) }),
    ...(order === undefined ? {} : { order }),
    ...(offset === undefined ? {} : { offset: byteCount("--offset", offset, 0) }),
  };
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({ args: joinNumbers(args), options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    const text = (cause as Error).message.split(/\. |\.$/)[0]!;
    throw new UsageError(`Cannot read the arguments: ${text[0]!.toLowerCase()}${text.slice(1)}`, { cause });
  }
}

// `--select -5:`, `--from -5` and `--shape -1,4` would be refused, as what begins with a dash may be an option; these never are one.
function joinNumbers(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--") return [...joined, ...args.slice(i)];
    const value = args[i + 1];
    const takesNumbers = TAKE_NUMBERS.includes(args[i]!);
    if (takesNumbers && value !== undefined && !value.startsWith("--")) joined.push(`${args[i]}=${args[++i]}`);
    else joined.push(args[i]!);
  }
  return joined;
}

const TAKE_NUMBERS: readonly string[] = ["--select", "--shape", "--chunks", "--from", "--to"];

function checkPositionals(command: string, parameters: readonly string[], given: readonly string[]): void {
  const needed = parameters.filter((name) => !name.startsWith("["));
  const form = `${command} ${parameters.join(" ")}`;
  if (given.length < needed.length) {
    throw new UsageError(`Cannot run ${command} without ${needed[given.length]}: expected ${form}`);
  }
  if (given.length > parameters.length) {
    throw new UsageError(`Cannot use ${JSON.stringify(given[parameters.length])} with ${command}: expected ${form}`);
  }
  if (given[0] === "") throw new UsageError(`Cannot run ${command} on an empty SOURCE`);
}

function headerOf(text: string): [string, string] {
  const match = /^([!#$%&'*+\-.^_`|~\w]+):\s*(.*?)\s*$/.exec(text);
  if (match === null) {
    throw new UsageError(`Cannot send the header ${JSON.stringify(text)}: expected "NAME: VALUE"`);
  }
  return [match[1]!, match[2]!];
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as ${option}: expected a whole number`);
}

function positiveNumber(option: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1e9) return value;
  throw new UsageError(`Cannot use ${JSON.stringify(text)} as ${option}: expected a number above 0`);
}

function byteCount(option: string, text: string, least: number): number {
  const match = /^(\d{1,12})\s*([KMG]?)(?:iB|B)?$/i.exec(text);
  const value = match === null ? NaN : Number(match[1]) * 1024 ** ["", "K", "M", "G"].indexOf(match[2]!.toUpperCase());
  if (value >= least) return value;
  throw new UsageError(
    `Cannot use ${JSON.stringify(text)} as ${option}: expected a number of bytes such as 65536 or 64K` +
      (least > 0 ? `, at least ${least}` : ""),
  );
}

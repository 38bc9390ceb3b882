/**
 * Runs a program to its end, within a time, and gives what it printed.
 *
 * @module
 */

/** How to run a program. */
export interface RunOptions {
  /** Folder to run in. */
  readonly cwd?: string;
  /** Environment variables beside those of this process. */
  readonly env?: Record<string, string>;
  /** Seconds after which it is killed. */
  readonly seconds?: number;
}

/**
 * Runs a program to its end.
 *
 * @param command Path or name of the program.
 * @param args Its arguments.
 * @param options Where and how long.
 * @returns Its standard output.
 * @throws {Error} If it ends with another status than 0 or takes too long; the message holds what it printed.
 */
export async function runCommand(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const seconds = options.seconds ?? 300;
  const { code, signal, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    stdin: "null",
    signal: AbortSignal.timeout(seconds * 1000),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) {
    const said = `${text.slice(-4000)}\n${new TextDecoder().decode(stderr).slice(-4000)}`;
    const how = signal === null ? `status ${code}` : `${signal} (the limit is ${seconds} s)`;
    throw new Error(`Cannot run ${command} ${args.join(" ").slice(0, 200)}: ended with ${how}\n${said}`);
  }
  return text;
}

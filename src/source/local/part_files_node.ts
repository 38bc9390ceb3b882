/**
 * Files that are being written beside the one that they will replace, `<name>.<host>-<process>-<random>.part`: they go
 * when the process ends in an orderly way, and what a process left that was killed goes with the next that writes there.
 *
 * @module
 */

/** What is used of `node:fs`. */
interface Files {
  readdirSync(path: string): string[];
  statSync(path: string, options: { throwIfNoEntry: false }): { readonly mtimeMs: number } | undefined;
  unlinkSync(path: string): void;
}

/** What is used of `node:process`. */
export interface PartProcess {
  readonly pid: number;
  kill(pid: number, signal: string | number): unknown;
  uptime(): number;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
  listenerCount(event: string): number;
}

/** Signals that end a process which doesn't listen to them. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** File names have at most so many bytes in the usual file systems. */
const LONGEST_NAME = 255;

/** What is being written by this process, and who takes it away. */
const parts = new Set<() => void>();
let stopWatching: (() => void) | undefined;

/** How the name of a part is made, and told again. */
export interface PartName {
  /** Where the part lies. */
  readonly folder: string;
  /** Beginning of its name. */
  readonly stem: string;
  /** The machine's name: process numbers mean something only there. */
  readonly host: string;
  /** The process. */
  readonly pid: number;
}

/**
 * Makes a new name for a part.
 *
 * @param folder Folder of the file, with its separator
 * @param base Name of the file
 * @param host Name of this machine
 * @param pid This process
 */
export function partPath(folder: string, base: string, host: string, pid: number): { path: string; name: PartName } {
  const random = crypto.getRandomValues(new Uint32Array(2));
  // In file names only what every system takes.
  const machine = host.replace(/[^\w]/g, "_").slice(0, 32);
  const end = `${pid}-${[...random].map((word) => word.toString(36)).join("")}.part`;
  let stem = base;
  const encoder = new TextEncoder();
  const room = LONGEST_NAME - machine.length - end.length - 2;
  while (encoder.encode(stem).length > room) stem = [...stem].slice(0, -1).join("");
  return { path: `${folder}${stem}.${machine}-${end}`, name: { folder, stem, host: machine, pid } };
}

/**
 * Removes parts of the same file whose process is no more. What another machine writes, or a process that lives, stays.
 *
 * @param fs Files
 * @param process This process
 * @param name Name of the part that is being made
 */
export function removeStale(fs: Files, process: PartProcess, { folder, stem, host, pid }: PartName): void {
  let names: string[];
  try {
    names = fs.readdirSync(folder === "" ? "." : folder);
  } catch {
    return; // it may be written but not listed
  }
  const start = `${stem}.${host}-`;
  for (const name of names) {
    const [, owner] = name.startsWith(start) ? /^(\d+)-[0-9a-z]+\.part$/.exec(name.slice(start.length)) ?? [] : [];
    if (owner === undefined) continue;
    try {
      // In a container, process after process has the same number: then it is older than this one.
      const began = Date.now() - process.uptime() * 1000 - 1000;
      const stale = Number(owner) === pid
        ? (fs.statSync(folder + name, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) < began
        : !lives(process, Number(owner));
      if (stale) fs.unlinkSync(folder + name);
    } catch {
      // Gone meanwhile, or not ours to remove.
    }
  }
}

function lives(process: PartProcess, pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be asked, but is there.
    return (error as { code?: unknown } | null)?.code !== "ESRCH";
  }
}

/**
 * Has a part removed when the process ends, however it ends in an orderly way: by itself, by `exit`, by an error that
 * nobody catches, by a signal that it doesn't listen to.
 *
 * @param process This process
 * @param remove Removes the part
 * @returns Call it once the part is in its place, or gone
 */
export function removeAtEnd(process: PartProcess, remove: () => void): () => void {
  parts.add(remove);
  stopWatching ??= watch(process);
  return () => {
    parts.delete(remove);
    if (parts.size > 0) return;
    stopWatching?.();
    stopWatching = undefined;
  };
}

function watch(process: PartProcess): () => void {
  const end = () => {
    for (const remove of parts) remove();
    parts.clear();
  };
  process.on("exit", end);
  // Deno's own way of ending doesn't tell `process`.
  const { Deno } = globalThis as { readonly Deno?: unknown };
  const target = globalThis as unknown as EventTarget;
  // Whoever listened before and keeps the process going has said so by now.
  const fail = (event: Event) => {
    if (!event.defaultPrevented) end();
  };
  const inDeno: readonly [string, (event: Event) => void][] = Deno === undefined
    ? []
    : [["unload", end], ["error", fail], ["unhandledrejection", fail]];
  for (const [type, listener] of inDeno) target.addEventListener(type, listener);
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      // Who listens too may want to go on, or to end well: that is theirs to say.
      if (process.listenerCount(signal) > 1) return;
      end();
      process.off(signal, listener);
      process.kill(process.pid, signal);
    };
    return [signal, listener] as const;
  });
  for (const [signal, listener] of listeners) attempt(() => process.on(signal, listener));
  return () => {
    process.off("exit", end);
    for (const [type, listener] of inDeno) target.removeEventListener(type, listener);
    for (const [signal, listener] of listeners) attempt(() => process.off(signal, listener));
  };
}

/** Not every system has every signal. */
function attempt(run: () => unknown): void {
  try {
    run();
  } catch {
    // Then it can't come either.
  }
}

/** Native h5py, in a child process that lives as long as the benchmarks. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { LocalPeer, Timed } from "../types.ts";

/** The child: one call at a time. */
export interface PythonPeer extends LocalPeer {
  /** Calls a function of the script. */
  call(call: string, options?: Record<string, unknown>): Promise<Timed>;
}

/**
 * Starts the child.
 *
 * @param python The interpreter.
 * @param name The script, beside this file, that answers a line for a line.
 */
export function h5pyPeer(python: string, name: string = "h5py_peer.py"): PythonPeer {
  const script = fileURLToPath(new URL(`./${name}`, import.meta.url));
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(python, [script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const call = async (call: string, options: Record<string, unknown> = {}): Promise<Timed> => {
    child.stdin.write(`${JSON.stringify({ call, ...options })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`${name} ended during ${call}`);
    const result = JSON.parse(value) as Timed & { error?: string };
    if (result.error !== undefined) throw new Error(`${name}, ${call}: ${result.error}`);
    return result;
  };
  return {
    name: "h5py",
    call,
    whole: ({ path, dataset }) => call("whole", { path, dataset }),
    slices: ({ path, dataset }, starts, rows) => call("slices", { path, dataset, starts, rows }),
    scratch: ({ path, dataset }, start, rows) => call("scratch", { path, dataset, start, rows }),
    close: () => void child.stdin.end(),
  };
}

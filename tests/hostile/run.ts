/**
 * Runs inputs in child processes and watches over them: a killed child costs one input.
 *
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Outcome } from "./judge.ts";

/** What is run. */
export interface RunOptions {
  readonly kind: string;
  readonly seed: number;
  readonly flips: number;
  /** First input. */
  readonly from: number;
  /** Input after the last. */
  readonly to: number;
  /** Told what came of each input. */
  readonly onOutcome: (index: number, what: string, outcome: Outcome) => void;
}

/** Seconds of work on one input of under a megabyte that are a hang. */
const HANG = 5;
/** Seconds of a clock that are one on whatever machine, though others keep it from its work. */
const PATIENCE = 60;
/** Bytes of a process that are a fault. */
const MEMORY = 512 * 2 ** 20;
/** Milliseconds between two looks. */
const LOOK = 100;

/** Runs inputs, in as many children as it takes. */
export async function run(options: RunOptions): Promise<void> {
  let next = options.from;
  let alone = false;
  while (next < options.to) {
    const end = await runChild({ ...options, from: next, to: alone ? next + 1 : options.to });
    // What a child has left over from earlier inputs may be what was too much: the input is read once more, alone.
    const again = end.fault === "memory" && end.at > next;
    if (end.fault !== undefined && !again) {
      options.onOutcome(end.at, end.what, { class: end.fault, detail: end.detail });
    }
    alone = again;
    next = end.fault === undefined || again ? end.at : end.at + 1;
  }
}

interface ChildEnd {
  /** The input at which it ended: the next one, where nothing was wrong. */
  readonly at: number;
  readonly what: string;
  readonly fault?: "hang" | "memory" | "crash" | undefined;
  readonly detail: string;
}

async function runChild({ kind, seed, flips, from, to, onOutcome }: RunOptions): Promise<ChildEnd> {
  const script = fileURLToPath(new URL("./child.ts", import.meta.url));
  const args = ["run", "-A", "--no-check", "--v8-flags=--expose-gc", script, kind, seed, flips, from, to].map(String);
  const child = spawn(Deno.execPath(), args, { stdio: ["ignore", "pipe", "pipe"] });
  let at = from;
  let what = "starting";
  let working = false;
  let fault: ChildEnd["fault"];
  let detail = "";
  let said = "";
  let since = used(child);
  child.stderr!.on("data", (chunk) => said = (said + chunk).slice(-2000));
  const watch = setInterval(() => {
    if (!working || fault !== undefined) return;
    const now = used(child);
    if (now.work - since.work > HANG || now.clock - since.clock > PATIENCE) {
      fault = "hang";
      detail = `${(now.work - since.work).toFixed(1)} s of work, ${
        (now.clock - since.clock).toFixed(1)
      } s by the clock`;
    } else if (now.bytes > MEMORY) {
      fault = "memory";
      detail = `${Math.round(now.bytes / 2 ** 20)} MB`;
    }
    if (fault !== undefined) child.kill("SIGKILL");
  }, LOOK);
  const lines = createInterface({ input: child.stdout! });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  for await (const line of lines) {
    const said = JSON.parse(line) as { at?: number; what?: string; done?: number } & Outcome;
    if (said.at !== undefined) {
      [at, what, working, since] = [said.at, said.what!, true, used(child)];
    } else if (fault === undefined) {
      working = false;
      at = said.done! + 1;
      onOutcome(said.done!, what, { class: said.class, detail: said.detail });
    }
  }
  const code = await ended;
  clearInterval(watch);
  if (fault === undefined && (code !== 0 || working)) {
    // Not even the sound input: nothing is gained by going on.
    if (!working) throw new Error(`Cannot run the inputs of ${kind}: the child ended with ${code}: ${said}`);
    fault = "crash";
    detail = `status ${code}: ${said.trim().slice(-300)}`;
  }
  return { at, what, fault, detail };
}

/** What a process has used: seconds of work, seconds of the clock, bytes now. Work is known on Linux alone. */
function used({ pid }: ChildProcess): { work: number; clock: number; bytes: number } {
  const clock = performance.now() / 1000;
  const folder = `/proc/${pid}`;
  if (process.platform !== "linux" || !existsSync(folder)) return { work: clock, clock, bytes: 0 };
  try {
    const fields = readFileSync(`${folder}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    const pages = Number(readFileSync(`${folder}/statm`, "utf8").split(" ")[1]);
    // In hundredths of a second, as sysconf(_SC_CLK_TCK) has it on every Linux; pages of 4 KiB.
    return { work: (Number(fields[11]) + Number(fields[12])) / 100, clock, bytes: pages * 4096 };
  } catch {
    return { work: 0, clock, bytes: 0 };
  }
}

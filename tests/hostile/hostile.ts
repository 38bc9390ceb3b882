/**
 * `deno task hostile [--flips N] [--only TEXT | --exact KIND] [--seed N] [--jobs N] [--verbose]`: damages files of each kind and reads them, as
 * well as the corpus' damaged files, in child processes. Prints a line for each class of outcome; fails where an input
 * hangs, takes too much memory, ends a process, shows its caller an error that isn't ours, or reads as other values
 * where a checksum says that they are.
 *
 * @module
 */
import process from "node:process";
import { DAMAGED, planInputs } from "./inputs.ts";
import { FAULTS, type Outcome } from "./judge.ts";
import { KINDS } from "./kinds.ts";
import { run } from "./run.ts";

/** What came of a kind. */
export interface KindReport {
  readonly kind: string;
  readonly count: number;
  /** Number of inputs by class. */
  readonly classes: Map<string, number>;
  /** What went wrong, a line each. */
  readonly faults: string[];
}

/** What is run, and how. */
export interface HostileOptions {
  /** Flips for each kind. @default {2000} */
  readonly flips?: number | undefined;
  /** Which damage. @default {1} */
  readonly seed?: number | undefined;
  /** Children at once. @default {1} */
  readonly jobs?: number | undefined;
  /** The first so many inputs of a kind, and as many of the corpus. */
  readonly most?: number | undefined;
  /** Told of each input. */
  readonly onOutcome?: ((index: number, what: string, outcome: Outcome) => void) | undefined;
}

/** All that can be run, the corpus' damaged files first. */
export const NAMES: readonly string[] = [DAMAGED, ...KINDS.map(({ name }) => name)];

/** Runs the inputs of a kind. */
export async function runKind(kind: string, options: HostileOptions = {}): Promise<KindReport> {
  const { flips = 2000, seed = 1, jobs = 1, most = Infinity } = options;
  const plan = await planInputs(kind, seed, flips);
  const count = Math.min(plan.count, most);
  const report: KindReport = { kind, count, classes: new Map(), faults: [] };
  const onOutcome = (index: number, what: string, outcome: Outcome) => {
    options.onOutcome?.(index, what, outcome);
    report.classes.set(outcome.class, (report.classes.get(outcome.class) ?? 0) + 1);
    if (FAULTS.includes(outcome.class)) {
      report.faults.push(`${kind} ${index} (${what}): ${outcome.class}: ${outcome.detail.slice(0, 600)}`);
    }
  };
  const share = Math.ceil(count / jobs);
  await Promise.all(
    Array.from(
      { length: jobs },
      (_, i) =>
        run({ kind, seed, flips, from: Math.min(count, i * share), to: Math.min(count, (i + 1) * share), onOutcome }),
    ),
  );
  return report;
}

/** A report as text. */
export function reportLines({ kind, count, classes, faults }: KindReport): string[] {
  const sorted = [...classes].sort(([, a], [, b]) => b - a);
  return [
    `${kind}: ${count} inputs`,
    ...sorted.map(([name, number]) => `  ${name.padEnd(24)}${String(number).padStart(6)}`),
    ...faults.map((fault) => `  ${fault}`),
  ];
}

async function main(args: string[]): Promise<number> {
  const value = (name: string) => args.includes(name) ? args[args.indexOf(name) + 1] : undefined;
  const number = (name: string) => value(name) === undefined ? undefined : Number(value(name));
  const verbose = args.includes("--verbose");
  const only = value("--only") ?? "";
  let faults = 0;
  const exact = value("--exact");
  for (const kind of NAMES.filter((name) => exact === undefined ? name.includes(only) : name === exact)) {
    const report = await runKind(kind, {
      flips: number("--flips"),
      seed: number("--seed"),
      jobs: number("--jobs"),
      onOutcome: (index, what, outcome) => {
        if (verbose) console.error(`${kind} ${index} (${what}): ${outcome.class}: ${outcome.detail.split("\n")[0]}`);
      },
    });
    console.log(reportLines(report).join("\n"));
    faults += report.faults.length;
  }
  console.log(
    faults === 0 ? "nothing hangs, traps, takes too much memory or reads as other values" : `${faults} faults`,
  );
  return faults === 0 ? 0 : 1;
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));

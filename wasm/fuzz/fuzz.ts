/**
 * `deno task fuzz [MINUTES] [--seconds N] [--seed N] [--only TARGET] [--planted]`: builds the C of the modules natively under sanitizers and
 * runs each of libFuzzer's targets, with one line for each.
 *
 * - `MINUTES` (10 unless said) per target, which go on after a finding, one beside the other as there are cores;
 * - `--seconds N`: as `.ci/run` has it: N seconds per target, each ended by its first finding;
 * - `--seed N`: with `--seconds`, other dice than `.ci/run` always throws, for as long as the seconds last;
 * - `--tell`: new findings are told and don't fail the run; inputs that once failed still do;
 * - `--planted`: with a fault in each that `planted/TARGET.patch` plants, to be found within N seconds (60 unless said).
 *
 * What is found lies in `wasm/.build/fuzz/work/TARGET/found/`. An input that is understood goes to `regressions/TARGET/` under
 * a name that says what it did.
 *
 * @module
 */
import { BUILD, build, buildPlanted, installTools, type Target, TARGETS } from "./build.ts";
import { fuzz, type FuzzOptions, type Outcome } from "./run.ts";

/** Targets that run side by side. */
const SIDE_BY_SIDE = Math.min(2, navigator.hardwareConcurrency);

/** Calls with each item, so many at a time. */
async function each<T>(items: readonly T[], call: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const worker = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await call(item);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
}

function line(target: Target, outcome: Outcome): string {
  const count = (n: number) => n.toLocaleString("en-US");
  const counts = `${count(outcome.executions)} executions, ${
    count(outcome.edges)
  } edges, ${outcome.findings.length} findings`;
  return [`${target}: ${counts}`, ...outcome.findings.map((finding) => `  ${finding}`)].join("\n");
}

/** Runs the targets; the number of those that found something. */
async function fuzzAll(
  targets: readonly Target[],
  how: FuzzOptions,
  tell: boolean,
): Promise<number> {
  let bad = 0;
  await each(targets, async (target) => {
    const outcome = await fuzz(target, `${BUILD}/fuzz_${target}`, how);
    if (outcome.findings.length > 0 && !(tell && outcome.regressed === 0)) bad++;
    console.log(`${tell ? "fuzz: " : ""}${line(target, outcome)}`);
  });
  return bad;
}

/** Runs the targets with their planted faults; the number of those that found none. */
async function findPlanted(targets: readonly Target[], seconds: number): Promise<number> {
  const programs = new Map<Target, string>();
  for (const target of targets) programs.set(target, await buildPlanted(target));
  let bad = 0;
  await each(targets, async (target) => {
    const started = performance.now();
    const outcome = await fuzz(target, programs.get(target) ?? "", { seconds, goOn: false, seed: null });
    const took = ((performance.now() - started) / 1000).toFixed(0);
    const finding = outcome.findings[0];
    if (finding === undefined) bad++;
    const what = finding === undefined ? "NOT found" : `found: ${finding.slice(finding.indexOf(": ") + 2)}`;
    console.log(`${target}, planted fault: ${what}, after ${outcome.executions} executions, ${took} s`);
  });
  return bad;
}

function numberAfter(args: readonly string[], name: string): number | null {
  const at = args.indexOf(name);
  if (at < 0) return null;
  const value = Number(args[at + 1]);
  if (!(value > 0)) {
    throw new RangeError(`Cannot fuzz with ${name} ${args[at + 1]}: expected a number above 0`);
  }
  return value;
}

async function main(args: readonly string[]): Promise<number> {
  const seconds = numberAfter(args, "--seconds");
  const only = args.includes("--only") ? args[args.indexOf("--only") + 1] : undefined;
  const targets = TARGETS.filter((target) => only === undefined || target === only);
  if (targets.length === 0) throw new RangeError(`Cannot fuzz "${only}": expected one of ${TARGETS.join(", ")}`);
  const minutes = args[0] !== undefined && !args[0].startsWith("--") ? Number(args[0]) : 10;
  if (!(minutes > 0)) throw new RangeError(`Cannot fuzz for "${args[0]}" minutes: expected a number above 0`);
  await installTools();
  await build(targets);
  if (args.includes("--planted")) return await findPlanted(targets, seconds ?? 60);
  const how = { seconds: seconds ?? minutes * 60, goOn: seconds === null, seed: numberAfter(args, "--seed") };
  return await fuzzAll(targets, how, args.includes("--tell"));
}

Deno.exit(await main(Deno.args) === 0 ? 0 : 1);

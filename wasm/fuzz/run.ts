/**
 * Runs one fuzz target and tells what came of it.
 *
 * @module
 */
import { BUILD, type Target, WASM } from "./build.ts";

/** What a run of a target came to. */
export interface Outcome {
  /** Inputs tried. */
  readonly executions: number;
  /** Edges of the module's code that were reached. */
  readonly edges: number;
  /** Files of the inputs that failed, and what they failed with. */
  readonly findings: readonly string[];
  /** How many of them are inputs that once failed and were mended. */
  readonly regressed: number;
}

/** How to run a target. */
export interface FuzzOptions {
  /** Seconds to go on for. */
  readonly seconds: number;
  /**
   * Whether to go on after a finding, from what earlier runs have reached and with new dice. If not, a run begins with the
   * kept corpus and the dice of `seed`: with the same dice what it finds lies at what changed.
   */
  readonly goOn: boolean;
  /** Number of the dice of a run that doesn't go on; `null` for CI's, which end after as many executions as were once tried. */
  readonly seed: number | null;
}

/**
 * Largest inputs, where they begin, and the most executions of a run with fixed dice, by target. A fast machine would
 * else go beyond what was ever tried with these dice, and find there what lies at no change; new ground is for runs
 * of minutes.
 */
const INPUTS: Readonly<
  Record<Target, { readonly bytes: number; readonly seeds: string | null; readonly runs: number }>
> = {
  walk: { bytes: 40_000, seeds: "files", runs: 6000 },
  chunks: { bytes: 40_000, seeds: "files", runs: 7000 },
  change: { bytes: 40_000, seeds: "files", runs: 3500 },
  codecs: { bytes: 8192, seeds: "codecs", runs: 70_000 },
  write: { bytes: 4096, seeds: null, runs: 2500 },
  reader: { bytes: 2048, seeds: null, runs: 4_000_000 },
};

/** A call that takes longer is a hang. */
const HANG_SECONDS = 5;

const ENVIRONMENT = {
  // libhdf5 keeps what it frees in lists of its own, and leaks what a failed call had opened: an instance's end frees both.
  ASAN_OPTIONS: "detect_leaks=0:allocator_may_return_null=1:malloc_context_size=8:quarantine_size_mb=8",
  UBSAN_OPTIONS: "print_stacktrace=1",
};

async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((info) => info.isDirectory, () => false);
}

async function filesOf(folder: string): Promise<string[]> {
  if (!await isFolder(folder)) return [];
  const names = [];
  for await (const entry of Deno.readDir(folder)) if (entry.isFile) names.push(`${folder}/${entry.name}`);
  return names.sort();
}

async function run(program: string, args: readonly string[], env = {}): Promise<{ code: number; said: string }> {
  const output = await new Deno.Command(program, { args: [...args], env: { ...ENVIRONMENT, ...env }, stdin: "null" })
    .output();
  return { code: output.code, said: new TextDecoder().decode(output.stdout) + new TextDecoder().decode(output.stderr) };
}

/** The sentence of what failed, and the first place in the module's code that it came from. */
function reasonOf(said: string): string {
  const what = /FINDING .*|runtime error: .*|ERROR: AddressSanitizer:? \S+|ERROR: libFuzzer: .*/.exec(said)?.[0] ??
    "failed";
  const frames = [...said.matchAll(/#\d+ 0x\w+ in (?!__|fuzzer::|main|_start|qsort)(\S+) \S*\/wasm\/(?!fuzz\/)\S*/g)]
    .slice(0, 4).map((match) => match[1]);
  return `${what}${frames.length === 0 ? "" : ` in ${frames.join(" < ")}`}`;
}

/**
 * Runs inputs once each.
 *
 * @param program The target's program.
 * @param files The inputs.
 * @returns Those that fail, with the reason.
 */
async function failing(program: string, files: readonly string[]): Promise<string[]> {
  const findings = [];
  for (const file of files) {
    const { code, said } = await run(program, [`-timeout=${HANG_SECONDS}`, "-rss_limit_mb=2000", file]);
    if (code !== 0) findings.push(`${file}: ${reasonOf(said)}`);
  }
  return findings;
}

/** Folders of inputs that are kept in the repository, by target. */
async function keptFolders(target: Target): Promise<string[]> {
  const seeds = INPUTS[target].seeds;
  const folders = [`${WASM}/fuzz/corpus/${target}`, ...(seeds === null ? [] : [`${WASM}/fuzz/seeds/${seeds}`])];
  const there = await Promise.all(folders.map(isFolder));
  return folders.filter((_, i) => there[i]);
}

/** What one run of libFuzzer came to. */
interface Run extends Omit<Outcome, "regressed"> {
  /** Whether it ended before its time without a finding: by time or memory that were short once. */
  readonly endedEarly: boolean;
}

/** Runs libFuzzer once. */
async function runOnce(target: Target, program: string, work: string, args: readonly string[]): Promise<Run> {
  const before = new Set(await filesOf(`${work}/found`));
  const { code, said } = await run(program, [
    `-timeout=${HANG_SECONDS}`,
    `-max_len=${INPUTS[target].bytes}`,
    `-artifact_prefix=${work}/found/`,
    "-rss_limit_mb=2000",
    "-report_slow_units=1000",
    // The schedule by entropy takes as long as the inputs.
    "-entropic=0",
    "-len_control=0",
    ...args,
    `${work}/corpus`,
    ...await keptFolders(target),
  ]);
  const found = (await filesOf(`${work}/found`)).filter((file) => !before.has(file) || said.includes(file));
  const again = await failing(program, found);
  // Time and memory depend on what else the machine does, and on what libhdf5 leaked before: those must show again, alone. What
  // a sanitizer or a rule reports is a fault, even if it needs what ran before it.
  const onceOnly = found.filter((file) =>
    !/\/(?:timeout|slow-unit|oom)-/.test(file) && !again.some((text) => text.startsWith(file))
  );
  const findings = [...again, ...onceOnly.map((file) => `${file}: only after others: ${reasonOf(said)}`)];
  if (code !== 0 && found.length === 0) findings.push(`${target} ended with status ${code}: ${said.slice(-500)}`);
  const counts = [...said.matchAll(/^#(\d+)\b.*?\bcov: (\d+)/gm)];
  return {
    executions: Math.max(0, ...counts.map((match) => Number(match[1]))),
    edges: Math.max(0, ...counts.map((match) => Number(match[2]))),
    findings,
    endedEarly: code !== 0 && findings.length === 0,
  };
}

/**
 * Runs a target: the inputs that once failed first, then new ones from the kept corpus on.
 *
 * @param target The target.
 * @param program Its program.
 * @param options How long, and whether to go on after a finding.
 * @returns What came of it.
 */
export async function fuzz(target: Target, program: string, options: FuzzOptions): Promise<Outcome> {
  const planted = program.includes("/planted/");
  const work = `${BUILD}/work/${planted ? "planted_" : ""}${target}`;
  if (!options.goOn) await Deno.remove(`${work}/corpus`, { recursive: true }).catch(() => {});
  if (planted) await Deno.remove(`${work}/found`, { recursive: true }).catch(() => {});
  await Deno.mkdir(`${work}/corpus`, { recursive: true });
  await Deno.mkdir(`${work}/found`, { recursive: true });
  const regressions = planted ? [] : await filesOf(`${WASM}/fuzz/regressions/${target}`);
  const findings = await failing(program, regressions);
  const regressed = findings.length;
  let executions = regressions.length, edges = 0;
  const end = performance.now() + options.seconds * 1000;
  for (let seed = options.seed ?? 1; options.goOn || findings.length === 0; seed++) {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) break;
    const dice = options.goOn
      ? ["-fork=1", "-ignore_crashes=1", "-ignore_timeouts=1", "-ignore_ooms=1"]
      : [`-seed=${seed}`, ...(planted || options.seed !== null ? [] : [`-runs=${INPUTS[target].runs}`])];
    const once = await runOnce(target, program, work, [`-max_total_time=${left}`, ...dice]);
    executions += once.executions;
    edges = Math.max(edges, once.edges);
    findings.push(...once.findings);
    if (options.goOn || !once.endedEarly) break;
  }
  return { executions, edges, findings, regressed };
}

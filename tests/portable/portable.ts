/**
 * Prints the portable suite as a table: each case in each runtime, `=` where the digest equals Deno's.
 *
 * @module
 */
import { stopBundler } from "../support/bundle.ts";
import { differences } from "./compare.ts";
import { findRuntime, makeBundle, runIn, type Runtime, RUNTIMES } from "./run.ts";
import { serveFiles } from "./serve.ts";
import type { CaseResult, SuiteResult } from "./types.ts";

/** One mark per result, told apart by a letter as well as by place. */
function mark(expected: CaseResult | undefined, found: CaseResult | undefined): string {
  if (found === undefined) return "absent";
  if (found.status !== "ok") return found.status;
  return found.digest === expected?.digest ? `= ${found.digest.slice(0, 8)}` : `! ${found.digest.slice(0, 8)}`;
}

/** Runs the suite everywhere and prints what came of it; gives the number of differences. */
async function main(): Promise<number> {
  await using made = await makeBundle();
  await stopBundler();
  await using files = await serveFiles();
  const results = new Map<Runtime, SuiteResult>();
  for (const runtime of RUNTIMES) {
    const found = await findRuntime(runtime);
    if ("missing" in found) {
      console.log(`skipped: ${runtime} (${found.missing})`);
      continue;
    }
    const start = performance.now();
    results.set(runtime, await runIn(runtime, found.path, made, files.context));
    console.log(`${runtime}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
  const expected = results.get("Deno") ?? {};
  const names = Object.keys(expected);
  const width = Math.min(76, Math.max(4, ...names.map((name) => name.length)));
  console.log(`\n${"case".padEnd(width)}  ${[...results.keys()].map((runtime) => runtime.padEnd(10)).join("  ")}`);
  for (const name of names) {
    const marks = [...results.values()].map((result) => mark(expected[name], result[name]).padEnd(10));
    console.log(`${name.slice(0, width).padEnd(width)}  ${marks.join("  ")}`);
  }
  let count = 0;
  for (const [runtime, result] of results) {
    const lines = differences(expected, result);
    count += lines.length;
    for (const line of lines) console.log(`\n${runtime}: ${line}`);
  }
  console.log(`\n${names.length} cases in ${results.size} runtimes, ${count} differences`);
  return count;
}

if (import.meta.main) Deno.exit(await main() === 0 ? 0 : 1);

/**
 * Runs the portable cases in whatever runtime this is. esbuild makes one file of it, and all five run that file.
 *
 * @module
 */
import { canonical, sha256 } from "./canonical.ts";
import { cases } from "./cases/all.ts";
import type { Case, CaseResult, Context, SuiteResult } from "./types.ts";

export { init } from "../../src/wasm/module.ts";

/** A case that runs longer than this, in milliseconds, counts as hung. */
const CASE_LIMIT = 60_000;

/**
 * Runs every case that this runtime can run, one after the other.
 *
 * @param context Where the files are.
 * @returns One result per case, in their order.
 */
export async function runSuite(context: Context): Promise<SuiteResult> {
  const results: SuiteResult = {};
  for (const one of cases(context)) {
    if (results[one.name] !== undefined) throw new Error(`Two portable cases are called "${one.name}"`);
    results[one.name] = one.needs === "disk" && context.directory === undefined
      ? { status: "skipped", digest: "", text: "this runtime has no files" }
      : await runCase(one, context);
  }
  return results;
}

async function runCase(one: Case, context: Context): Promise<CaseResult> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Case took longer than ${CASE_LIMIT / 1000} s`)), CASE_LIMIT);
  });
  try {
    const value = await Promise.race([one.run(context), limit]);
    const text = (await canonical(value)).replaceAll(context.run, "RUN");
    return { status: "ok", digest: await sha256(new TextEncoder().encode(text)), text: text.slice(0, 4000) };
  } catch (error) {
    const stack = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack ?? ""}` : String(error);
    return { status: "failed", digest: "", text: stack.slice(0, 4000) };
  } finally {
    clearTimeout(timer);
  }
}

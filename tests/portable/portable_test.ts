import assert from "node:assert/strict";
import { stopBundler } from "../support/bundle.ts";
import { differences } from "./compare.ts";
import { type Bundle, findRuntime, makeBundle, runIn, RUNTIMES } from "./run.ts";
import { type ServedFiles, serveFiles } from "./serve.ts";
import type { SuiteResult } from "./types.ts";

const programs = new Map<string, string>();
for (const runtime of RUNTIMES) {
  const found = await findRuntime(runtime);
  if ("path" in found) programs.set(runtime, found.path);
  else console.log(`skipped: the portable suite in ${runtime} (${found.missing})`);
}

let made: Bundle;
let files: ServedFiles;
/** What Deno gave; the other tests compare with it. */
let expected: SuiteResult | undefined;

Deno.test.beforeAll(async () => {
  made = await makeBundle();
  await stopBundler();
  files = await serveFiles();
});

Deno.test.afterAll(async () => {
  await files?.[Symbol.asyncDispose]();
  await made?.[Symbol.asyncDispose]();
});

for (const runtime of RUNTIMES) {
  const program = programs.get(runtime);
  const name = runtime === "Deno"
    ? "every portable case runs in Deno"
    : `the portable suite gives ${runtime} the digests that it gives Deno`;
  Deno.test({
    name: program === undefined ? `${name} (skipped: no ${runtime})` : name,
    ignore: program === undefined,
    // The files' server and the tools that it starts live longer than one test.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const found = await runIn(runtime, program!, made, files.context);
      expected ??= found;
      assert.ok(Object.keys(found).length > 0, "the suite has no cases");
      assert.deepEqual(differences(expected, found), []);
    },
  });
}

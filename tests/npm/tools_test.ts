import assert from "node:assert/strict";
import { ROWS, tableOfRows, titleOf } from "./rows/all.ts";
import { type Bench, startBench } from "./try_rows.ts";

const bench: Bench = await startBench();
const reasons = new Map<string, number>();

for (const row of ROWS) {
  const missing = bench.missing(row);
  if (missing !== undefined) reasons.set(missing, (reasons.get(missing) ?? 0) + 1);
  Deno.test({
    name: missing === undefined ? titleOf(row) : `${titleOf(row)} (skipped)`,
    ignore: missing !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () => bench.try(row),
  });
}
for (const [reason, rows] of reasons) console.log(`skipped: ${rows} of the tools that use the package (${reason})`);

Deno.test.afterAll(async () => await bench[Symbol.asyncDispose]());

Deno.test("the page on installing has the table of tools as it is tried", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/installing.md", import.meta.url));
  assert.ok(page.includes(`\n${tableOfRows()}\n`), "deno task installs pastes it");
});

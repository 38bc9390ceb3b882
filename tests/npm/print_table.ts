/**
 * Tries every tool and pastes the table into `docs/installing.md`. Needs Chromium, and installs the tools.
 *
 * @module
 */
import { ROWS, tableOfRows, titleOf } from "./rows/all.ts";
import { VARIABLE } from "./tools.ts";
import { startBench } from "./try_rows.ts";

const PAGE = new URL("../../docs/installing.md", import.meta.url);
const BETWEEN = /(<!-- the table of tools -->\n)[^]*(<!-- the end of the table -->)/;

Deno.env.set(VARIABLE, "1");
await using bench = await startBench();
for (const row of ROWS) {
  const missing = bench.missing(row);
  if (missing !== undefined) throw new Error(`Cannot try ${titleOf(row)}: ${missing}`);
  await bench.try(row);
  console.log(titleOf(row));
}
const page = await Deno.readTextFile(PAGE);
await Deno.writeTextFile(PAGE, page.replace(BETWEEN, (_, start, end) => `${start}\n${tableOfRows()}\n\n${end}`));

/** What honest calls use of the net's budget: far less than there is, so that the net is felt by damaged files alone. */
import assert from "node:assert/strict";
import process from "node:process";
import { CORPUS } from "../corpus/find.ts";
import { costlyWork, filesWork, type Row } from "./work.ts";

const whole = process.env.MICROTOME_WHOLE_CORPUS !== undefined;
const note = CORPUS === null ? " (the corpus is skipped: no corpus beside the repository)" : "";

/** A tenth of what a call may use: 2^26 steps, and 512 for each element. */
const MOST = 0.1;

function checkRows(rows: readonly Row[]): void {
  assert.ok(rows.length > 10 && rows.every(({ most }) => most > 0), "no work was counted");
  assert.deepEqual(rows.filter(({ share }) => share >= MOST), []);
}

Deno.test(`opening, listing and reading real files uses under a tenth of the net's budget${note}`, async () => {
  checkRows(await filesWork(whole ? 1 : 5));
});

Deno.test("very many texts, records, chunks, members and attributes use under a tenth of the net's budget", async () => {
  checkRows(await costlyWork("few"));
});

/** The count of memory is honest. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const CHILD = fileURLToPath(new URL("./yass_memory_child.ts", import.meta.url));
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** 4 GiB where it is asked for (CI does), else what takes some seconds. */
const GIBIBYTES = Number(process.env.MICROTOME_YASS_GIB ?? 1);
/** The limit, and what engines need beside. */
const MOST = (256 + 32) * 2 ** 20;

/** Transforms and functions cost much more time per byte. */
for (
  const [job, gibibytes] of [["iterate", GIBIBYTES], ["transform", GIBIBYTES / 4], ["function", GIBIBYTES / 4]] as const
) {
  Deno.test(`${gibibytes} GiB under maxMemory "256MB" take no more than that and 32 MiB: ${job}`, () => {
    const args = ["run", "-A", "--no-check", CHILD, job, String(gibibytes)];
    const said = JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", cwd: ROOT }));
    console.log(`${job}: ${(said.more / 2 ** 20).toFixed(0)} MiB in ${said.batches} batches`);
    assert.ok(said.batches >= 3, `${said.batches} batches`);
    assert.ok(said.more <= MOST, `${said.more} bytes`);
  });
}

import assert from "node:assert/strict";
import { defaultLimits, type Limits, type Runtime } from "../../src/source/limits.ts";

const TEXT = await Deno.readTextFile(new URL("../../SECURITY.md", import.meta.url));

/** The runtimes of the table's columns. */
const COLUMNS: readonly (readonly Runtime[])[] = [["deno", "node", "bun", "unknown"], ["browser"], ["workerd"]];

function rows(): { option: keyof Limits; numbers: number[] }[] {
  return [...TEXT.matchAll(/^\| `(\w+)` +\|((?: *\d+ *\|)+)/gm)].map(([, option, cells]) => ({
    option: option as keyof Limits,
    numbers: cells!.split("|").slice(0, -1).map(Number),
  }));
}

Deno.test("SECURITY.md tells the limits that hold by default in each runtime", () => {
  for (const { option, numbers } of rows()) {
    assert.equal(numbers.length, COLUMNS.length, option);
    for (const [i, runtimes] of COLUMNS.entries()) {
      for (const runtime of runtimes) {
        assert.equal(defaultLimits(runtime)[option], numbers[i], `${option} in ${runtime}`);
      }
    }
  }
});

Deno.test("SECURITY.md leaves out no limit that bounds what a file can ask for", () => {
  // How bytes are fetched, which costs no more or less for what a file claims.
  const others = ["blockSize", "readAheadBytes", "smallFileBytes", "gap", "maxRequestBytes"];
  const told = rows().map(({ option }) => option as string);
  assert.deepEqual([...told, ...others].sort(), Object.keys(defaultLimits("deno")).sort());
});

Deno.test("SECURITY.md names each fuzz target, and each has a planted fault", async () => {
  const make = await Deno.readTextFile(new URL("../../wasm/fuzz/fuzz.mk", import.meta.url));
  const targets = /^TARGETS := (.+)$/m.exec(make)![1]!.split(" ");
  for (const target of targets) {
    assert.ok(TEXT.includes(`\`${target}\``), target);
    await Deno.stat(new URL(`../../wasm/fuzz/planted/${target}.patch`, import.meta.url));
  }
});

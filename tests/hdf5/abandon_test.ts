/** A file that is given up at the end of its block is told, where that is most likely a mistake. */

import assert from "node:assert/strict";
import process from "node:process";
import { change, create } from "../../mod.ts";
import type { WritableFile } from "../../src/hdf5/write/writable_file.ts";

/** Runs a block with a new file; gives the warnings. */
async function warningsOf(block: (file: WritableFile) => Promise<unknown>): Promise<string[]> {
  const warnings: string[] = [];
  try {
    await using file = await create(null, { onWarning: (message) => void warnings.push(message) });
    await block(file);
  } catch (error) {
    if (!/^(meant|Cannot )/.test((error as Error).message)) throw error;
  }
  return warnings;
}

const WRITES: Readonly<Record<string, (file: WritableFile) => Promise<unknown>>> = {
  "a dataset": (file) => file.createDataset("a", { data: [1, 2, 3] }),
  "a group": (file) => file.createGroup("g"),
  "an attribute": (file) => file.attributes.set("a", 1),
  "what is written later": async (file) => {
    const dataset = await file.createDataset("a", { shape: [2], dtype: "<i2" });
    await dataset.write(null, [1, 2]);
  },
};

for (const [name, write] of Object.entries(WRITES)) {
  Deno.test(`${name}, and no close(): one warning that says what helps`, async () => {
    const found = await warningsOf(write);
    assert.equal(found.length, 1);
    assert.match(found[0]!, /^memory wasn't written: its block ended without close\(\).*abandon\(\)/);
  });
}

Deno.test("no warning for a file that is closed, abandoned, taken as bytes, or was never written to", async () => {
  const write = (file: WritableFile) => file.createDataset("a", { data: [1, 2, 3] });
  assert.deepEqual(await warningsOf(async (file) => (await write(file), await file.close())), []);
  assert.deepEqual(await warningsOf(async (file) => (await write(file), await file.abandon())), []);
  assert.deepEqual(await warningsOf(async (file) => (await write(file), await file.bytes())), []);
  assert.deepEqual(await warningsOf(() => Promise.resolve()), []);
  assert.deepEqual(await warningsOf((file) => file.has("/a")), []);
});

Deno.test("no warning where something failed: the block threw, or knows of it", async () => {
  const failing: ((file: WritableFile) => Promise<unknown>)[] = [
    (file) => file.createDataset("a", { shape: [5], data: [1, 2] }),
    async (file) => (await file.createDataset("a", { data: [1] })).write(null, ["x"]),
    async (file) => (await file.createGroup("g"), await file.createGroup("g")),
    (file) => file.attributes.set("a", { no: "attribute" } as never),
  ];
  for (const fail of failing) assert.deepEqual(await warningsOf(fail), []);
});

Deno.test("a file that is changed in place is closed, without a warning", async () => {
  const made = await create();
  await made.createGroup("g");
  await using file = await change(await made.bytes());
  await file.createGroup("h");
});

Deno.test("without onWarning, the process is told", async () => {
  const said = new Promise<Error>((resolve) => process.once("warning", resolve));
  {
    await using file = await create();
    await file.createGroup("g");
  }
  const warning = await said;
  assert.equal(warning.name, "MicrotomeWarning");
  assert.match(warning.message, /wasn't written/);
});

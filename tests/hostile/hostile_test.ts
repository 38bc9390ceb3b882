/** A short form of `deno task hostile`, and that it finds what it looks for. */
import assert from "node:assert/strict";
import { CorruptFileError } from "../../mod.ts";
import { lookup3 } from "./checksums.ts";
import { NAMES, runKind } from "./hostile.ts";
import { DAMAGED } from "./inputs.ts";
import { judge } from "./judge.ts";
import { KINDS } from "./kinds.ts";
import type { Reading } from "./kind.ts";

for (const name of NAMES) {
  const isCorpus = name === DAMAGED;
  Deno.test(`damaged inputs of the kind ${name} end in time, in bounds, in an error of ours or in the values that were`, async () => {
    const report = await runKind(name, { flips: 12, seed: 7, most: isCorpus ? 12 : 16 });
    assert.deepEqual(report.faults, []);
  });
}

Deno.test("each kind of damaged input has a sound one that reads without an error, the same each time", async () => {
  for (const kind of KINDS) {
    const first = await kind.make();
    const again = await kind.make();
    assert.deepEqual([...again], [...first], kind.name);
    const { errors, items } = await kind.read(first);
    assert.deepEqual(errors, [], kind.name);
    assert.ok(items.size > 5, kind.name);
    assert.deepEqual((await kind.read(again)).items, items, kind.name);
  }
});

function reading(items: Record<string, string>, ...errors: unknown[]): Reading {
  return { items: new Map(Object.entries(items)), errors, warnings: [] };
}

Deno.test("foreign errors and lost modules are traps; other values are faults where a checksum covers them", () => {
  const sound = reading({ a: "1", b: "2" });
  const corrupt = new CorruptFileError("Cannot read x: it is damaged");
  const lost = new CorruptFileError("Cannot read x: the file makes libhdf5 fail beyond recovery");
  assert.equal(
    judge(sound, reading({ a: "1" }, new TypeError("undefined is not a function")), "nothing").class,
    "trap",
  );
  assert.equal(judge(sound, reading({ a: "1" }, lost), "nothing").class, "trap");
  assert.equal(judge(sound, reading({ a: "1", b: "3" }), "nothing").class, "differs");
  assert.equal(judge(sound, reading({ a: "1", b: "3" }), "all").class, "other values");
  assert.equal(judge(sound, reading({ a: "1", b: "3" }, corrupt), "all").class, "other values");
  assert.equal(judge(sound, reading({ a: "1" }), "all").class, "other values");
  assert.equal(judge(sound, reading({ a: "1" }, corrupt), "all").class, "error corrupt");
  assert.equal(judge(sound, reading({ c: "1", b: "2" }), "values").class, "differs");
  assert.equal(judge(sound, reading({ c: "3" }), "values").class, "other values");
  assert.equal(judge(sound, reading({ a: "1", b: "2" }), "all").class, "equal");
});

Deno.test("a hang, too much memory and a process that ends cost one input each, and the others are read", async () => {
  const ends = new Map<string, string[]>();
  const onOutcome = (_index: number, what: string, outcome: { class: string }) => {
    const wanted = { "bit 0": "hang", "bit 1": "memory", "bit 2": "crash", "bit 3": "trap" }[what.slice(0, 5)] ??
      "equal";
    ends.set(wanted, [...ends.get(wanted) ?? [], outcome.class]);
  };
  // With this seed each bit is among the first flips, the one that hangs once.
  await runKind("planted", { flips: 14, seed: 30, onOutcome });
  assert.deepEqual([...ends.keys()].sort(), ["crash", "equal", "hang", "memory", "trap"]);
  for (const [wanted, found] of ends) assert.deepEqual([...new Set(found)], [wanted]);
});

Deno.test("checksums are those of HDF5", () => {
  // Of Bob Jenkins' own test: hashlittle with initval 0.
  assert.equal(lookup3(new TextEncoder().encode("Four score and seven years ago")), 0x17770551);
  assert.equal(lookup3(new Uint8Array(0)), 0xdeadbeef);
});

import assert from "node:assert/strict";
import type { LazyArray } from "../../src/array/types.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import type { Interval } from "../../src/temporal/intervals/interval.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { CASES } from "./cases.ts";
import { WAYS, withSession } from "./lazy_support.ts";

/** What a result holds under a name that is expected. */
async function found(result: unknown, name: string): Promise<unknown> {
  if (name === "domain") return await pairsOf((result as { domain: Interval<LazyArray> }).domain);
  if (name === "pairs") return await pairsOf(result as Interval<LazyArray>);
  if (!(result instanceof ArrayDict)) return (result as Record<string, unknown>)[name];
  if (name === "length") return await result.count();
  if (name === "timestamps" && result instanceof RegularTimeSeries) return result.timestamps;
  return await result.get(name);
}

async function pairsOf(set: Interval<LazyArray>): Promise<number[][]> {
  const { start, end } = await set.intervals();
  return Array.from(start, (from, i) => [from, end[i]!]);
}

/** Compares numbers up to 1e-9, everything else exactly. */
function near(actual: unknown, expected: unknown, what: string): void {
  if (typeof expected === "number" && typeof actual === "number" && !Number.isNaN(expected)) {
    assert.ok(Math.abs(actual - expected) <= 1e-9, `${what}: ${actual} isn't ${expected}`);
  } else if (Array.isArray(expected)) {
    const list = [...actual as Iterable<unknown>];
    assert.equal(list.length, expected.length, `${what}: [${list}] isn't [${expected}]`);
    expected.forEach((value, i) => near(list[i], value, `${what}[${i}]`));
  } else assert.deepEqual(actual, expected, what);
}

for (const way of WAYS) {
  Deno.test(`each of ${CASES.length} conformance cases holds, ${way}`, async (t) => {
    for (const { name, session, run, expected } of CASES) {
      await t.step(name, async () => {
        await withSession(session(), way, async (data) => {
          for (const [, member] of data.entries()) {
            if (member instanceof ArrayDict) assert.equal(member.isLazy, way !== "eager");
          }
          const result = await run(data);
          for (const [key, value] of Object.entries(expected)) near(await found(result, key), value, key);
        });
      });
    }
  });
}

Deno.test("the last sample's end is exact where the case says so", async () => {
  const { session, run } = CASES.find(({ name }) => name === "regular: (0, 1 - 1e-14)")!;
  for (const way of WAYS) {
    await withSession(session(), way, async (data) => {
      const { domain } = await run(data) as RegularTimeSeries<LazyArray>;
      assert.deepEqual([...domain], [[0, 1]]);
    });
  }
});

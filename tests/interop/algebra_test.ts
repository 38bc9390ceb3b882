import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { toNested } from "../../src/array/ndarray.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { computePerievent } from "../../src/series/analysis/perievent.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { findNwbPython } from "./python.ts";
import { randomOf } from "./temporal_steps.ts";

const PYTHON = findNwbPython();
const PYNAPPLE = { compatible: "pynapple" } as const;

type Pairs = [number, number][];
interface Case {
  readonly what: "union" | "joined" | "group" | "perievent" | "dilate";
  readonly [field: string]: unknown;
}

const SEED = 20201130;
const random = randomOf(SEED);
const below = (count: number): number => Math.floor(random() * count);

/** Sorted, disjoint intervals on a coarse grid, so that many touch. */
function intervals(): Pairs {
  const pairs: Pairs = [];
  for (let at = below(4); pairs.length < 4; at += below(3)) {
    const end = at + 1 + below(3);
    pairs.push([at, end]);
    at = end;
  }
  return pairs;
}

function cases(): Case[] {
  const made: Case[] = [];
  for (let i = 0; i < 20; i++) {
    made.push({ what: "union", a: intervals(), b: intervals() }, { what: "joined", a: intervals(), b: intervals() });
    const members = Array.from(
      { length: 1 + below(4) },
      () =>
        Array.from({ length: 1 + below(4) }, () => Number((below(8) + below(3) * 0.4999996).toFixed(9))).sort((a, b) =>
          a - b
        ),
    );
    // pynapple has no group whose members have no time at all.
    if (members.some((times) => times[0] !== times.at(-1))) made.push({ what: "group", members });
    const events = [-5, below(6), below(6) + 0.25, 20].sort((a, b) => a - b);
    made.push({ what: "perievent", values: Array.from({ length: 6 }, () => below(100)), events });
    const size = (below(9) - 6) / 4;
    made.push({ what: "dilate", a: intervals(), size, maxLen: below(3) === 0 ? 3 : null });
  }
  return made;
}

const nothing = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(nothing) : Number.isNaN(value) ? null : value;

async function ours(one: Case): Promise<unknown> {
  const set = (name: string) => new IntervalSet(one[name] as Pairs, PYNAPPLE);
  const interval = (name: string) => {
    const pairs = one[name] as Pairs;
    return new Interval(pairs.map(([start]) => start), pairs.map(([, end]) => end));
  };
  const pairsOf = (found: Interval): Pairs =>
    Array.from(found.start as Float64Array, (start, i) => [start, (found.end as Float64Array)[i]!]);
  switch (one.what) {
    case "union":
      return set("a").union(set("b"), PYNAPPLE).pairs();
    case "joined": {
      // What torch_brain's `|` gives is what a union gives where nothing is asked for.
      const united = new IntervalSet(one.a as Pairs).union(new IntervalSet(one.b as Pairs)).pairs();
      assert.deepEqual(united, pairsOf(interval("a").or(interval("b")) as Interval));
      return united;
    }
    case "group": {
      const members = (one.members as number[][]).map((times) => new Ts(times, PYNAPPLE));
      const group = new TsGroup(members, PYNAPPLE);
      return { support: group.timeSupport.pairs(), members: group.members().map(({ times }) => [...times]) };
    }
    case "perievent": {
      const tsd = new Tsd([0, 1, 2, 3, 4, 5], one.values as number[]);
      const events = new Ts(one.events as number[]);
      const all = await computePerievent(tsd, events, 1);
      // A column for each event; pynapple has those of events within the data.
      assert.deepEqual(all.shape, [3, events.length]);
      const rows = toNested(await all.read()) as number[][];
      const inside = [...events.times].map((time) => time >= 0 && time <= 5);
      assert.ok(rows.every((row) => row.every((value, i) => inside[i] || Number.isNaN(value))));
      const theirs = toNested(await (await computePerievent(tsd, events, 1, PYNAPPLE)).read());
      assert.deepEqual(rows.map((row) => row.filter((_, i) => inside[i])), theirs);
      return nothing(theirs);
    }
    case "dilate":
      return pairsOf(interval("a").dilate(one.size as number, one.maxLen as number ?? undefined));
  }
}

Deno.test({
  name: `intervals, groups and events give what pynapple and temporaldata give (seed ${SEED})${
    PYTHON === null ? " (skipped: no Python with pynapple; see tests/interop/python.ts)" : ""
  }`,
  ignore: PYTHON === null,
  fn: async () => {
    const all = cases();
    const script = fileURLToPath(new URL("./algebra.py", import.meta.url));
    const input = all.map((one) => JSON.stringify(one)).join("\n");
    const text = execFileSync(PYTHON!, [script], { encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"] });
    const answers = text.trim().split("\n").map((line) => JSON.parse(line));
    assert.equal(answers.length, all.length);
    for (const [i, one] of all.entries()) assert.deepEqual(await ours(one), answers[i], JSON.stringify(one));
    console.log(`${all.length} cases are as the peers have them`);
  },
});

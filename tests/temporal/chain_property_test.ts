import assert from "node:assert/strict";
import type { LazyArray } from "../../src/array/types.ts";
import fc from "fast-check";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { fromGappyTimeseries } from "../../src/temporal/regular/gappy.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { tell } from "./lazy_support.ts";

/** Times of a session are `offset + k * unit`. */
interface Clock {
  readonly offset: number;
  readonly unit: number;
}

interface Plan {
  readonly clock: Clock;
  readonly events: readonly number[];
  readonly extra: readonly number[];
  readonly trials: readonly (readonly [gap: number, length: number])[];
  readonly samples: readonly number[];
  readonly rate: number;
  readonly eventDomain: "auto" | readonly (readonly [gap: number, length: number])[];
  readonly sessionDomain: "auto" | readonly (readonly [gap: number, length: number])[];
  readonly isNested: boolean;
}

type Step =
  | { readonly kind: "slice"; readonly from: number; readonly length: number; readonly resetOrigin: boolean }
  | { readonly kind: "within"; readonly pairs: readonly (readonly [number, number])[]; readonly isLazy: boolean }
  | { readonly kind: "reset"; readonly to: number | null }
  | { readonly kind: "mask"; readonly member: number; readonly bits: number; readonly isWrong: boolean }
  | { readonly kind: "touch"; readonly path: number };

const quarter = (max: number) => fc.integer({ min: 0, max: max * 4 }).map((k) => k / 4);
const pairs = fc.array(fc.tuple(quarter(2), quarter(3)), { minLength: 1, maxLength: 4 });

const plans: fc.Arbitrary<Plan> = fc.record({
  clock: fc.record({
    offset: fc.constantFrom(0, 0, 0.1, 5, -3.7, 1.6e9 + 0.3, -7),
    unit: fc.constantFrom(1, 1, 0.37, 1 / 3),
  }),
  events: fc.array(quarter(12), { maxLength: 30 }),
  extra: fc.array(quarter(12), { minLength: 30, maxLength: 30 }),
  trials: fc.array(fc.tuple(quarter(2), quarter(3)), { maxLength: 6 }),
  samples: fc.uniqueArray(fc.integer({ min: 2, max: 50 }), { maxLength: 50 }),
  rate: fc.constantFrom(1, 4, 10, 3),
  eventDomain: fc.oneof(fc.constant("auto" as const), pairs),
  sessionDomain: fc.oneof(fc.constant("auto" as const), pairs),
  isNested: fc.boolean(),
});

const bound = fc.oneof(quarter(14).map((k) => k - 1), fc.constantFrom(-1e6, 1e6, 3.3));
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("slice" as const),
      from: bound,
      length: fc.oneof(quarter(10), fc.constantFrom(1e7, 0.01)),
      resetOrigin: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("within" as const),
      pairs: fc.array(fc.tuple(quarter(4), quarter(4)), { maxLength: 3 }),
      isLazy: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("reset" as const),
      to: fc.oneof(fc.constant(null), fc.constantFrom(1e9, -1e9), bound),
    }),
    fc.record({
      kind: fc.constant("mask" as const),
      member: fc.nat(10),
      bits: fc.nat(2 ** 30),
      isWrong: fc.nat(30).map((k) => k === 0),
    }),
    fc.record({ kind: fc.constant("touch" as const), path: fc.nat(40) }),
  ),
  { minLength: 1, maxLength: 5 },
);

/** Intervals by the gap before each and its length: in order, touching ones and points among them. */
function intervalsOf(gaps: readonly (readonly [number, number])[], { offset, unit }: Clock): [number, number][] {
  let at = 0;
  return gaps.map(([gap, length]) => {
    const start = at + gap;
    at = start + length;
    return [offset + start * unit, offset + at * unit];
  });
}

function sessionOf(plan: Plan): Data {
  const { clock, events, extra, trials, samples, rate } = plan;
  const time = (k: number) => clock.offset + k * clock.unit;
  const timestamps = Float64Array.from(events, time).sort();
  const count = timestamps.length;
  const domainOf = (domain: Plan["eventDomain"]) => {
    return domain === "auto" ? domain : Interval.fromList(intervalsOf(domain, clock));
  };
  const spikes = new IrregularTimeSeries({
    timestamps,
    unit_index: BigInt64Array.from({ length: count }, (_, i) => BigInt(i * 7 % 5)),
    waveform: {
      data: Float32Array.from({ length: count * 2 }, (_, i) => i),
      shape: [count, 2],
      stride: [2, 1],
    } as never,
    label: Array.from({ length: count }, (_, i) => `u${i % 3}`),
    good: Array.from({ length: count }, (_, i) => i % 2 === 0),
    detected: Float64Array.from({ length: count }, (_, i) => time(extra[i]!)),
  }, {
    timekeys: ["detected"],
    domain: count === 0 && plan.eventDomain === "auto" ? undefined : domainOf(plan.eventDomain),
  });
  const edges = intervalsOf(trials, clock);
  const table = Interval.fromList(edges);
  table.set("go", Float64Array.from(edges, ([start, end]) => (start + end) / 2));
  table.set("outcome", edges.map((_, i) => i % 2 === 0 ? "hit" : "miss"));
  table.registerTimekey("go");
  // The first two are neighbours, else the rate would be refused.
  const sampled = [0, 1, ...samples].sort((a, b) => a - b);
  const members = {
    spikes,
    trials: table,
    lfp: new RegularTimeSeries({
      raw: new Float32Array(40).map((_, i) => i),
      even: Array.from({ length: 40 }, (_, i) => i % 2 === 0),
    }, {
      samplingRate: rate,
      domainStart: clock.offset,
    }),
    gaze: fromGappyTimeseries({ xy: Float64Array.from(sampled) }, {
      timestamps: Float64Array.from(sampled, (k) => clock.offset + k / rate),
      samplingRate: rate,
    }),
  };
  return new Data({
    ...members,
    ...(plan.isNested ? { inner: new Data({ ...members, note: "in" }, { domain: "auto" }) } : {}),
    units: new ArrayDict({ id: ["a", "b", "c"], depth: Float64Array.of(1, 2, 3) }),
    map: Int16Array.of(3, 1, 2),
    name: "session",
  }, { domain: domainOf(plan.sessionDomain) });
}

/** What can be touched: arrays of members in no particular order, not timestamps first. */
function pathsOf(data: Data, prefix = ""): string[] {
  return data.keys().flatMap((key) => {
    const member = data.get(key);
    if (member instanceof Data) return pathsOf(member, `${prefix}${key}.`);
    return member instanceof ArrayDict ? member.keys().map((name) => `${prefix}${key}.${name}`) : [];
  }).sort();
}

const MASKED = ["spikes", "trials", "lfp", "gaze", "units", "inner.spikes", "inner.trials"];

/** Runs a chain. Masks have the length that the eager object has, which comes first. */
async function run(
  start: Data,
  chain: readonly Step[],
  clock: Clock,
  masks: boolean[][],
  epochs: readonly Interval<LazyArray>[],
) {
  const isFirst = masks.length === 0;
  let data = start;
  let origin = 0;
  let used = 0;
  for (const [i, step] of chain.entries()) {
    const at = (k: number) => clock.offset + k * clock.unit - origin;
    switch (step.kind) {
      case "slice": {
        const from = at(step.from);
        data = data.slice(from, from + step.length * clock.unit, { resetOrigin: step.resetOrigin });
        if (step.resetOrigin) origin += from;
        break;
      }
      case "within":
        data = data.selectByInterval(epochs[i]!);
        break;
      case "reset": {
        const to = step.to === null ? undefined : at(step.to);
        const before = data.absoluteStart!;
        // By default it is where the domain starts, which must be known by then.
        if (to === undefined) await (data.domain as Interval<LazyArray>).materialize();
        data = to === undefined ? data.resetOrigin() : data.resetOrigin(to);
        origin += data.absoluteStart! - before;
        break;
      }
      case "mask": {
        const path = MASKED[step.member % MASKED.length]!;
        if (!data.has(path)) break;
        const member = data.get(path) as IrregularTimeSeries<LazyArray>;
        if (isFirst) {
          const length = member.length! + (step.isWrong ? 1 : 0);
          masks.push(Array.from({ length }, (_, k) => ((step.bits >> (k % 29)) & 1) === 1));
        }
        const mask = masks[used++];
        // The eager object refused an earlier mask: this one must when it is read.
        if (mask === undefined) return await tell(data);
        data.set(path, member.selectByMask(mask));
        break;
      }
      case "touch": {
        const paths = pathsOf(data);
        const path = paths[step.path % paths.length]!;
        await data.get(path);
        break;
      }
    }
  }
  return await tell(data);
}

async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return `${(error as Error).name}`;
  }
}

/** The epochs that a chain selects by, as the plan's own clock has them at that step. */
function epochsOf(chain: readonly Step[], clock: Clock): Interval[] {
  let origin = 0;
  return chain.map((step) => {
    const { offset, unit } = clock;
    if (step.kind === "slice" && step.resetOrigin) origin = offset + step.from * unit;
    if (step.kind !== "within") return new Interval([], []);
    return Interval.fromList(intervalsOf(step.pairs, { offset: offset - origin, unit }));
  });
}

Deno.test("any chain of up to five steps gives of a lazy session what it gives of one in memory, bit for bit", async () => {
  await fc.assert(
    fc.asyncProperty(plans, steps, async (plan, chain) => {
      const { clock } = plan;
      const made = sessionOf(plan);
      const epochs = epochsOf(chain, clock);
      const saved = await new Data({
        session: made,
        ...Object.fromEntries(epochs.map((set, i) => [`epoch${i}`, set])),
      }, { domain: new Interval(0, 1) }).toBytes();
      const eager = await Data.load(saved, { lazy: false });
      await using lazy = await Data.load(saved);
      const lazyEpochs = chain.map((step, i) => {
        return step.kind === "within" && step.isLazy ? lazy.get(`epoch${i}`) as Interval<LazyArray> : epochs[i]!;
      });
      const masks: boolean[][] = [];
      const expected = await outcome(() => run(eager.get("session") as Data, chain, clock, masks, epochs));
      const found = await outcome(() => run(lazy.get("session") as Data, chain, clock, masks, lazyEpochs));
      assert.deepEqual(found, expected);
      if (lazyEpochs.some((set) => !(set instanceof Interval))) {
        const again = (await Data.load(saved, { lazy: false })).get("session") as Data;
        assert.deepEqual(await outcome(() => run(again, chain, clock, masks, lazyEpochs)), expected);
      }
      const memory = await outcome(() => run(made, chain, clock, masks, epochs));
      if (!chain.some(({ kind }) => kind === "touch")) assert.deepEqual(sorted(memory), sorted(expected));
    }),
    { numRuns: Number(Deno.env.get("CHAIN_RUNS") ?? 100) },
  );
});

/** The same with keys in order: a file has them so. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sorted(v)]));
}

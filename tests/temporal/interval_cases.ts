/** The conformance cases of intervals. */
import type { LazyArray } from "../../src/array/types.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import type { Case, Expected } from "./cases.ts";

type Pairs = readonly (readonly [number, number])[];

const set = (pairs: Pairs, arrays: Readonly<Record<string, Float64Array | BigInt64Array>> = {}): Interval => {
  const out = Interval.fromList(pairs);
  for (const [key, values] of Object.entries(arrays)) out.set(key, values);
  return out;
};

/** A case on two sets, `a` and `b`. */
const on = (
  name: string,
  a: Interval,
  run: (a: Interval<LazyArray>, b: Interval<LazyArray>) => unknown,
  expected: Expected,
  b: Interval = new Interval([], []),
): Case => ({
  name: `interval: ${name}`,
  session: () => new Data({ a, b }, { domain: new Interval(-1000, 1000) }),
  run: (session) => run(session.get("a") as Interval<LazyArray>, session.get("b") as Interval<LazyArray>),
  expected,
});

const nine = () => {
  const out = set(Array.from({ length: 9 }, (_, i) => [i, i + 1] as const), {
    go_cue: Float64Array.from({ length: 9 }, (_, i) => i + 0.5),
  });
  out.registerTimekey("go_cue");
  return out;
};
const three = set([[0, 1], [1, 2], [2, 3]]);
const A: Pairs = [[1, 2.3], [3, 4], [5.6, 6.9], [8, 10]];
const B: Pairs = [[1.7, 2.1], [3.2, 4.2], [5.4, 6.7], [8.2, 9], [9.5, 10.2]];
const gaps = set([[1, 2], [5, 7], [11, 12]]);
const pair = set([[0, 6], [20, 26]], { trial_id: BigInt64Array.of(1n, 2n) });

const and = (a: Interval<LazyArray>, b: Interval<LazyArray>) => a.and(b);
const or = (a: Interval<LazyArray>, b: Interval<LazyArray>) => a.or(b);
const difference = (a: Interval<LazyArray>, b: Interval<LazyArray>) => a.difference(b);

/** All of them. */
export const INTERVAL_CASES: readonly Case[] = [
  on("slice(2, 6)", nine(), (a) => a.slice(2, 6), {
    start: [0, 1, 2, 3],
    end: [1, 2, 3, 4],
    go_cue: [0.5, 1.5, 2.5, 3.5],
    length: 4,
  }),
  on("slice(2, 6) then (0, 2)", nine(), (a) => a.slice(2, 6).slice(0, 2), { start: [0, 1], go_cue: [0.5, 1.5] }),
  on("nothing is clipped", three, (a) => a.slice(0.5, 2), { start: [-0.5, 0.5], end: [0.5, 1.5] }),
  on("an empty window at an edge", three, (a) => a.slice(2, 2), { start: [] }),
  on("an empty window within an interval", three, (a) => a.slice(1.5, 1.5), { start: [-0.5], end: [0.5] }),
  on("points", set([[0, 1], [2, 2], [3, 3]]), (a) => a.slice(2, 4), { start: [1], end: [1] }),
  on("selectByInterval", three, (a) => a.selectByInterval(set([[0.2, 0.4], [2.5, 3.12]])), {
    start: [0, 2],
    end: [1, 3],
  }),
  on("selectByInterval of the file", three, (a, b) => a.selectByInterval(b), {
    start: [0, 2],
    end: [1, 3],
  }, set([[0.2, 0.4], [2.5, 3.12]])),
  on("and", set(A), and, { pairs: [[1.7, 2.1], [3.2, 4], [5.6, 6.7], [8.2, 9], [9.5, 10]] }, set(B)),
  on("or", set(A), or, { pairs: [[1, 2.3], [3, 4.2], [5.4, 6.9], [8, 10.2]] }, set(B)),
  on("difference", set([...A, [12, 13]]), difference, {
    pairs: [[1, 1.7], [2.1, 2.3], [3, 3.2], [6.7, 6.9], [8, 8.2], [9, 9.5], [12, 13]],
  }, set(B)),
  on("and: touching", set([[0, 1]]), and, { pairs: [] }, set([[1, 2]])),
  on("and: a point within", set([[5, 5]]), and, { pairs: [[5, 5]] }, set([[0, 1], [3, 10]])),
  on("and: a point at an edge", set([[3, 3]]), and, { pairs: [[3, 3]] }, set([[1, 3]])),
  on("difference: a point cuts", set([[1, 3]]), difference, { pairs: [[1, 2], [2, 3]] }, set([[2, 2]])),
  on("difference: a point within is gone", set([[2, 2]]), difference, { pairs: [] }, set([[1, 3]])),
  on("difference: points", set([[1, 1], [3, 3], [5, 5]]), difference, { pairs: [[1, 1], [5, 5]] }, set([[3, 3]])),
  on("or: touching becomes one", set([[0, 1], [1, 2]]), or, { pairs: [[0, 2]] }),
  on("and: mixed", set([[1, 2], [3, 3], [5, 7]]), and, {
    pairs: [[1, 1.5], [3, 3], [6, 6]],
  }, set([[0, 1.5], [3, 4], [6, 6]])),
  on("dilate by .5", gaps, (a) => a.dilate(0.5), { pairs: [[0.5, 2.5], [4.5, 7.5], [10.5, 12.5]] }),
  on("dilate by 4", gaps, (a) => a.dilate(4), { pairs: [[-3, 3.5], [3.5, 9], [9, 16]] }),
  on("dilate by 4, at most 2", gaps, (a) => a.dilate(4, 2), { pairs: [[0.5, 2.5], [5, 7], [10.5, 12.5]] }),
  on(
    "coalesce",
    set([[0, 0.5], [1, 2], [2, 2.5], [4, 4.5], [4.5, 5], [5, 6], [10, 11]]),
    (a) => a.coalesce(),
    { pairs: [[0, 0.5], [1, 2.5], [4, 6], [10, 11]] },
  ),
  on("coalesce: a gap", set([[0, 1], [1.001, 2]]), (a) => a.coalesce(), { pairs: [[0, 1], [1.001, 2]] }),
  on("coalesce: a gap below eps", set([[0, 1], [1.001, 2]]), (a) => a.coalesce(0.01), { pairs: [[0, 2]] }),
  on("coalesce: a gap of eps", set([[0, 1], [1.25, 2]]), (a) => a.coalesce(0.25), { pairs: [[0, 1], [1.25, 2]] }),
  on("arange", three, () => Interval.arange(0, 1, 0.3), { start: [0, 0.3, 0.6, 0.9], end: [0.3, 0.6, 0.9, 1] }),
  on("arange without the rest", three, () => Interval.arange(0, 1, 0.3, { includeEnd: false }), {
    end: [0.3, 0.6, 0.9],
  }),
  on("subdivide", set([[0, 10.5]]), (a) => a.subdivide(3), { pairs: [[0, 3], [3, 6], [6, 9], [9, 10.5]] }),
  on("subdivide, short ones dropped", set([[0, 10.5]]), (a) => a.subdivide(3, { dropShort: true }), {
    pairs: [[0, 3], [3, 6], [6, 9]],
  }),
  on("subdivide what is shorter", set([[0, 0.5]]), (a) => a.subdivide(2), { pairs: [[0, 0.5]] }),
  on("subdivide what is shorter, dropped", set([[0, 0.5]]), (a) => a.subdivide(2, { dropShort: true }), { pairs: [] }),
  on("subdivide repeats other arrays", pair, (a) => a.subdivide(2), {
    start: [0, 2, 4, 20, 22, 24],
    trial_id: [1n, 1n, 1n, 2n, 2n, 2n],
  }),
  on("slices of what was subdivided", pair, (a) => a.subdivide(2).slice(3, 23), {
    start: [-1, 1, 17, 19],
    trial_id: [1n, 1n, 2n, 2n],
  }),
  on("split at random", Interval.linspace(0, 1, 10), async (a) => {
    const [first, second] = a.split([0.5, 0.5], { shuffle: true, seed: 42 });
    return { first: await first!.get("start"), second: await second!.get("start") };
  }, { first: [0, 0.3, 0.5, 0.6, 0.7], second: [0.1, 0.2, 0.4, 0.8, 0.9] }),
  on("linspace", Interval.linspace(0, 1, 4), (a) => a, { start: [0, 0.25, 0.5, 0.75], end: [0.25, 0.5, 0.75, 1] }),
];

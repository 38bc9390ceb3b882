/**
 * What sessions are cut into: interval algebra, folds, samplers with seeds.
 *
 * @module
 */
import {
  Interval,
  RandomFixedWindowSampler,
  SequentialFixedWindowSampler,
  TrialSampler,
} from "../../../src/temporal/mod.ts";
import { generateStringKfoldAssignment } from "../../../src/temporal/dataset/kfold.ts";
import { Random } from "../../../src/temporal/sample/random.ts";
import type { Case } from "../types.ts";

/** An interval set as plain values. */
function pairs(set: Interval): unknown {
  return [set.start, set.end];
}

/** A set of intervals of no particular length, in order, with points among them. */
function scattered(seed: number, count: number): Interval {
  const random = new Random(seed);
  let time = 0;
  return Interval.fromList(Array.from({ length: count }, (_, i): [number, number] => {
    const start = time + random.float();
    time = i % 5 === 4 ? start : start + random.float();
    return [start, time];
  }));
}

/** Cases of windows. */
export const temporalWindowCases: readonly Case[] = [
  {
    name: "interval algebra: and, or, difference, coalesce, dilate, subdivide, split, grids",
    run: () => {
      const [a, b] = [scattered(1, 200), scattered(2, 200)];
      const trials = new Interval([0, 10, 20], [6, 10.5, 26], { trial_id: BigInt64Array.of(1n, 2n, 3n) });
      const pieces = trials.subdivide(2.5);
      const sets = [
        a.and(b),
        a.or(b),
        a.difference(b),
        b.difference(a),
        a.coalesce(0.3),
        a.dilate(0.25),
        b.dilate(3, 0.75),
        Interval.linspace(0.1, 7.3, 11),
        Interval.arange(0.1, 4.05, 0.3),
        Interval.arange(0.1, 4.05, 0.3, { includeEnd: false }),
        pieces,
        trials.subdivide(2.5, { dropShort: true }),
        ...Interval.linspace(0, 1, 10).split([0.5, 0.3, 0.2], { shuffle: true, seed: 42 }),
        ...a.split([150, 50]),
      ];
      return Promise.resolve([sets.map(pairs), pieces.get("trial_id"), a.isSorted(), a.isDisjoint()]);
    },
  },
  {
    name: "random numbers of a seed, as NumPy's",
    run: () => {
      const out = [0, 42, 2n ** 70n].map((seed) => {
        const random = new Random(seed);
        return [
          random.next64(),
          random.float(),
          random.integer(10),
          random.integer(2 ** 40),
          random.permutation(20),
          Float64Array.from({ length: 100 }, () => random.float()),
        ];
      });
      return Promise.resolve(out);
    },
  },
  {
    name: "windows that samplers give for a seed, and folds of names",
    run: () => {
      const samplingIntervals = { "ses-1": scattered(3, 30), "ses-2": new Interval([0, 50.5], [33.3, 61]) };
      const random = new RandomFixedWindowSampler({ samplingIntervals, windowLength: 0.4, seed: 7 });
      const sequential = new SequentialFixedWindowSampler({
        samplingIntervals,
        windowLength: 0.3,
        step: 0.1,
        dropShort: true,
      });
      const trials = new TrialSampler({ samplingIntervals, shuffle: true, seed: 1 });
      return Promise.resolve([
        [...random].map(({ recordingId, start, end }) => [recordingId, start, end]),
        [...random].map(({ start }) => start),
        [...sequential].map(({ start, end }) => [start, end]),
        [...trials],
        [random, sequential, trials].map(({ length, warnings }) => [length, warnings]),
        ["sub-01", "sub-02", "é", "🧠"].map((id) => [
          generateStringKfoldAssignment(id),
          generateStringKfoldAssignment(id, { folds: 10, validRatio: 0.5, seed: 1 }),
        ]),
      ]);
    },
  },
];

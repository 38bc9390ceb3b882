import assert from "node:assert/strict";
import fc from "fast-check";
import { Random } from "../../src/temporal/sample/random.ts";
import type { DatasetIndex } from "../../src/temporal/sample/sampling_spans.ts";
import {
  RandomFixedWindowSampler,
  SequentialFixedWindowSampler,
  TrialSampler,
} from "../../src/temporal/sample/samplers.ts";
import { anyPairs, disjointPairs, of, type Pair } from "./interval_pairs.ts";

const windows = (sampler: Iterable<DatasetIndex>) => [...sampler].map(({ start, end }): Pair => [start, end]);
const byStart = (all: Pair[]) => all.sort(([a], [b]) => a - b);

Deno.test("sequential windows step through each interval, and one more covers its end", () => {
  const samplingIntervals = { a: of([0, 100]), b: of([0, 100]) };
  const half = new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 10, step: 5 });
  assert.equal(half.length, 38);
  const all = [...half];
  assert.equal(all.length, 38);
  assert.deepEqual([all[0], all[18], all[19]], [
    { recordingId: "a", start: 0, end: 10 },
    { recordingId: "a", start: 90, end: 100 },
    { recordingId: "b", start: 0, end: 10 },
  ]);
  assert.deepEqual([...half], all);
  const three = new SequentialFixedWindowSampler({ samplingIntervals: { a: of([0, 10]) }, windowLength: 4 });
  assert.deepEqual(windows(three), [[0, 4], [4, 8], [6, 10]]);
  const gaps = new SequentialFixedWindowSampler({ samplingIntervals: { a: of([0, 95]) }, windowLength: 10, step: 30 });
  assert.deepEqual(windows(gaps), [[0, 10], [30, 40], [60, 70], [85, 95]]);
  const one = new SequentialFixedWindowSampler({ samplingIntervals: { a: of([3, 7]) }, windowLength: 4 });
  assert.deepEqual(windows(one), [[3, 7]]);
});

Deno.test("recordings come as a Map too, in its order, and are copied", () => {
  const intervals = of([0, 2]);
  const samplingIntervals = new Map([["2", intervals], ["1", of([5, 6], [8, 9])]]);
  const sampler = new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 1 });
  intervals.start[0] = 1;
  samplingIntervals.clear();
  assert.deepEqual([...sampler].map(({ recordingId, start }) => recordingId + start), ["20", "21", "15", "18"]);
});

Deno.test("sequential windows follow the rules where numbers are exact", () => {
  const quarters = fc.integer({ min: 1, max: 24 }).map((n) => n / 4);
  fc.assert(fc.property(disjointPairs, quarters, quarters, (pairs, windowLength, step) => {
    const expected = pairs.filter(([start, end]) => end - start >= windowLength).flatMap(([start, end]) => {
      const found: Pair[] = [];
      for (let t = start; t + windowLength <= end; t += step) found.push([t, t + windowLength]);
      if (found.at(-1)![1] < end) found.push([end - windowLength, end]);
      return found;
    });
    const make = () =>
      new SequentialFixedWindowSampler({
        samplingIntervals: { a: of(...pairs) },
        windowLength,
        step,
        dropShort: true,
      });
    if (expected.length === 0 && pairs.length > 0) return assert.throws(make, /all intervals are shorter/);
    const sampler = make();
    assert.deepEqual(windows(sampler), expected);
    assert.equal(sampler.length, expected.length);
  }));
});

Deno.test("rounding neither loses a window nor gives one twice", () => {
  const cents = (max: number) => fc.integer({ min: 1, max });
  const origin = fc.constantFrom(0, 0.1, -3.7, 12345.678, 1.7e9);
  fc.assert(fc.property(origin, cents(500), cents(90), cents(90), (start, length, width, step) => {
    fc.pre(width <= length);
    const end = start + length / 100;
    const sampler = new SequentialFixedWindowSampler({
      samplingIntervals: { a: of([start, end]) },
      windowLength: width / 100,
      step: step / 100,
    });
    const steps = Math.floor((length - width) / step) + 1;
    const rest = (steps - 1) * step + width < length;
    const found = windows(sampler);
    assert.equal(found.length, steps + (rest ? 1 : 0));
    assert.equal(found.length, sampler.length);
    assert.deepEqual([found[0]![0], found.at(-1)![1]], [start, end]);
    for (const [i, [from, to]] of found.entries()) {
      assert.ok(from >= start && to <= end && Math.abs(to - from - width / 100) < 2e-6);
      if (i < steps) assert.equal(from, start + i * (step / 100));
      if (i > 0) assert.ok(from - found[i - 1]![0] > 0.009);
    }
  }));
});

Deno.test("short intervals are an error, or left out with a warning, as each sampler is asked", () => {
  const samplingIntervals = { a: of([0, 0.5], [1, 5]), b: of([2, 2.25]) };
  assert.throws(() => new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 1 }), {
    name: "RangeError",
    message: 'Cannot sample "a": interval (0, 0.5) is too short, a window takes 1 s',
  });
  assert.throws(
    () => new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1, dropShort: false }),
    RangeError,
  );
  const warnings = ["Skipping 0.75 seconds of data due to 2 short intervals. Remaining: 4 seconds"];
  const sequential = new SequentialFixedWindowSampler({ samplingIntervals, windowLength: 1, dropShort: true });
  const random = new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1 });
  assert.deepEqual([sequential.length, sequential.warnings], [4, warnings]);
  assert.deepEqual([random.length, random.warnings], [4, warnings]);
  for (const make of [SequentialFixedWindowSampler, RandomFixedWindowSampler]) {
    assert.throws(() => new make({ samplingIntervals, windowLength: 7, dropShort: true }), {
      name: "RangeError",
      message: "Cannot sample: all intervals are shorter than a window of 7 s",
    });
    const none = new make({ samplingIntervals: { a: of() }, windowLength: 7 });
    assert.deepEqual([none.length, [...none], none.warnings], [0, [], []]);
  }
});

Deno.test("random windows follow the rules for the offset drawn", () => {
  const cases = fc.tuple(disjointPairs, fc.integer({ min: 1, max: 20 }).map((n) => n / 4), fc.nat());
  fc.assert(fc.property(cases, ([pairs, windowLength, seed]) => {
    const long = pairs.filter(([start, end]) => end - start >= windowLength);
    fc.pre(long.length > 0);
    const sampler = new RandomFixedWindowSampler({ samplingIntervals: { a: of(...pairs) }, windowLength, seed });
    const random = new Random(seed);
    for (let pass = 0; pass < 3; pass++) {
      const listed = long.flatMap(([start, end]) => {
        const offset = random.float() * windowLength;
        const found: Pair[] = [];
        for (let t = start + offset; t + windowLength <= end; t = start + offset + found.length * windowLength) {
          found.push([t, t + windowLength]);
        }
        const right = end - (found.at(-1)?.[1] ?? start + offset);
        // The original has no room for rounding here, so that its passes aren't all of one length.
        if (right + offset >= windowLength - 1e-9) {
          found.push(right > offset ? [end - windowLength, end] : [start, start + windowLength]);
        }
        return found;
      });
      assert.equal(sampler.length, listed.length);
      assert.deepEqual(windows(sampler), [...random.permutation(listed.length)].map((i) => listed[i]));
    }
  }));
});

Deno.test("random windows are as many as fit, within their interval, also where lengths aren't exact", () => {
  const origin = fc.constantFrom(0, 0.1, -3.7, 12345.678, 1.7e9);
  const cents = (max: number) => fc.integer({ min: 1, max });
  fc.assert(fc.property(origin, cents(30), cents(90), fc.nat(89), (start, count, width, more) => {
    const end = start + (count * width + more % width) / 100;
    const sampler = new RandomFixedWindowSampler({
      samplingIntervals: { a: of([start, end]) },
      windowLength: width / 100,
    });
    assert.equal(sampler.length, count);
    const found = byStart(windows(sampler));
    assert.equal(found.length, count);
    for (const [i, [from, to]] of found.entries()) {
      assert.ok(from >= start && to <= end && Math.abs(to - from - width / 100) < 2e-6);
      if (i > 0) assert.ok(from > found[i - 1]![0]);
    }
  }));
});

Deno.test("a second pass goes on in the random stream, and the same seed gives the same passes", () => {
  const samplingIntervals = { a: of([0, 100]), b: of([0, 200]) };
  const [one, other] = [0, 1].map(() => new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1, seed: 3 }));
  assert.equal(one!.length, 300);
  const passes = [[...one!], [...one!]];
  assert.deepEqual([[...other!], [...other!]], passes);
  assert.notDeepEqual(passes[0], passes[1]);
  const unseeded = [0, 1].map(() => [...new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1 })]);
  assert.notDeepEqual(unseeded[0], unseeded[1]);
  assert.deepEqual(new Set(passes[0]!.map(({ recordingId }) => recordingId)), new Set(["a", "b"]));
  // A pass that is given up has drawn what a whole one draws.
  const again = new RandomFixedWindowSampler({ samplingIntervals, windowLength: 1, seed: 3 });
  for (const first of again) {
    assert.deepEqual(first, passes[0]![0]);
    break;
  }
  assert.deepEqual([...again], passes[1]);
});

Deno.test("trials come as they are, or each once in another order in each pass", () => {
  const samplingIntervals = { a: of([0, 2], [5, 8], [5, 5]), b: of([1, 7]) };
  const trials = new TrialSampler({ samplingIntervals });
  const listed = ["a", "a", "a", "b"].map((recordingId, i) => {
    const [start, end] = [[0, 2], [5, 8], [5, 5], [1, 7]][i]!;
    return { recordingId, start, end };
  });
  assert.deepEqual([...trials], listed);
  assert.equal(trials.length, 4);
  assert.deepEqual(trials.warnings, []);
  fc.assert(fc.property(anyPairs, fc.nat(), (pairs, seed) => {
    const options = { samplingIntervals: { a: of(...pairs) }, shuffle: true, seed };
    const [one, other] = [new TrialSampler(options), new TrialSampler(options)];
    const random = new Random(seed);
    for (let pass = 0; pass < 2; pass++) {
      const found = windows(one);
      assert.deepEqual(found, [...random.permutation(pairs.length)].map((i) => pairs[i]));
      assert.deepEqual(windows(other), found);
    }
  }));
});

Deno.test("options that can't be are refused", () => {
  const a = of([0, 10]);
  const sequential = (options: object) => () =>
    new SequentialFixedWindowSampler({ samplingIntervals: { a }, windowLength: 1, ...options });
  const random = (options: object) => () =>
    new RandomFixedWindowSampler({ samplingIntervals: { a }, windowLength: 1, ...options });
  const trial = (options: object) => () => new TrialSampler({ samplingIntervals: { a }, ...options });
  for (const windowLength of [0, -1, NaN, Infinity]) {
    const expected = { name: "RangeError", message: /windowLength must be positive and finite/ };
    assert.throws(sequential({ windowLength }), expected);
    assert.throws(random({ windowLength }), expected);
    assert.throws(sequential({ step: windowLength }), {
      name: "RangeError",
      message: /step must be positive and finite/,
    });
  }
  assert.throws(sequential({ windowLength: "1" }), TypeError);
  for (const sampler of [sequential, random, trial]) {
    for (const pair of [[3, 1], [0, Infinity], [-Infinity, Infinity]] as Pair[]) {
      const expected = {
        name: "RangeError",
        message: /Cannot sample "a": interval 1 from .* isn't finite and in order/,
      };
      assert.throws(sampler({ samplingIntervals: { a: of([0, 9], pair) } }), expected);
    }
    const nan = { name: "RangeError", message: /Cannot sample "a" intervals: interval 0 has NaN/ };
    assert.throws(sampler({ samplingIntervals: { a: of([NaN, 1]) } }), nan);
    assert.throws(sampler({ samplingIntervals: { a: [[0, 1]] } }), TypeError);
    assert.throws(sampler({ samplingIntervals: undefined }), TypeError);
  }
  assert.throws(random({ seed: -1 }), RangeError);
  assert.throws(trial({ seed: -1, shuffle: true }), RangeError);
  assert.throws(random({ seed: 1, shuffle: true }), { name: "TypeError", message: /unknown option "shuffle"/ });
  const far = { samplingIntervals: { a: of([1e9, 1e9 + 1]) } };
  assert.throws(sequential({ ...far, step: 1e-8 }), {
    name: "RangeError",
    message: /step of 1e-8 is lost in rounding/,
  });
  assert.throws(random({ ...far, windowLength: 1e-8 }), {
    name: "RangeError",
    message: /windowLength of 1e-8 is lost/,
  });
  assert.throws(random({ windowLength: 1e-9 }), { name: "RangeError", message: /windows in random order: at most/ });
  assert.equal(sequential({ windowLength: 1e-9 })().length, 1e10);
});

import assert from "node:assert/strict";
import { dtypeFromNumpy, typedArrayOf } from "../../src/array/dtype/dtype.ts";
import { ndarray, toNested } from "../../src/array/ndarray.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import type { MetadataInput } from "../../src/series/metadata.ts";
import { makeSeries } from "../../src/series/make_series.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import type { ValueSeries } from "../../src/series/value_series.ts";
import { range, spy } from "./support.ts";

/** Made by make_pynapple_cases.py with the real pynapple. */
const CASES = JSON.parse(Deno.readTextFileSync(new URL("pynapple_cases.json", import.meta.url)));
const PYNAPPLE = { compatible: "pynapple" } as const;

type Pairs = [number, number][];

/** Fails unless numbers agree to nine decimals, where NaN is null, and all else is the same. */
function same(found: unknown, expected: unknown, what: string): void {
  const list = (value: unknown): unknown => ArrayBuffer.isView(value) ? Array.from(value as Float64Array, list) : value;
  const agree = (a: unknown, b: unknown): boolean => {
    if (Array.isArray(a) && Array.isArray(b)) {
      return a.length === b.length && a.every((value, i) => agree(list(value), b[i]));
    }
    if (typeof a !== "number" || typeof b !== "number") return a === b || (Number.isNaN(a) && b === null);
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
  };
  const plain = list(found);
  // Shows where they differ.
  if (!agree(plain, expected)) assert.deepEqual(plain, expected, what);
}

/** Times, values and time support, as the cases have them. */
async function series(made: ValueSeries | Promise<ValueSeries>): Promise<unknown[]> {
  const found = await made;
  return [found.times, toNested(await found.read()), found.timeSupport.pairs()];
}

function numbers(values: (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? NaN);
}

Deno.test("methods give pynapple's numbers where asked to, from memory and lazily", async () => {
  for (const given of CASES.computed) {
    const { t, wanted } = given;
    const bins = given.bins === "1/3" ? 1 / 3 : given.bins;
    const epochs = new IntervalSet(given.ep as Pairs, PYNAPPLE);
    const other = new IntervalSet(given.other as Pairs, PYNAPPLE);
    const found: Record<string, unknown> = {
      intersect: epochs.intersect(other).pairs(),
      union: epochs.union(other, PYNAPPLE).pairs(),
      setDiff: epochs.setDiff(other).pairs(),
      split: epochs.split(bins, PYNAPPLE).pairs(),
      merge: epochs.mergeCloseIntervals(bins).pairs(),
    };
    for (const [name, value] of Object.entries(found)) same(value, given[name], name);
    if (t.length === 0) continue;
    for (const d of [numbers(given.d), spy(numbers(given.d)).lazy]) {
      const [tsd, full] = [new Tsd(t, d, { timeSupport: epochs }), new Tsd(t, d)];
      const ts = new Ts(wanted);
      const values: Record<string, () => Promise<unknown>> = {
        restrict: () => series(tsd),
        // deno-lint-ignore require-await -- as the others
        rate: async () => tsd.rate,
        count: () => series(tsd.count(bins, PYNAPPLE)),
        countEach: () => series(tsd.count()),
        binAverage: () => series(tsd.binAverage(bins, PYNAPPLE)),
        // deno-lint-ignore require-await -- as the others
        interval: async () => epochs.inInterval(ts),
        timeDiff: () => series(tsd.timeDiff()),
        // deno-lint-ignore require-await -- as the others
        support: async () => full.findSupport(bins).pairs(),
        threshold: () => series(full.threshold(0.1)),
        below: () => series(full.threshold(0.1, { method: "belowequal" })),
        // deno-lint-ignore require-await -- as the others
        trialCount: async () => toNested(new Ts(t).trialCount(epochs, bins, PYNAPPLE)),
        trials: async () => toNested(await full.toTrialTensor(epochs, { align: "end" })),
        convolve: () => series(full.convolve(given.kernel)),
        left: () => series(full.convolve(given.kernel, { trim: "left" })),
        dropna: () => series(full.dropna(PYNAPPLE)),
        interpolate: () => series(tsd.interpolate(ts)),
        edges: () => series(tsd.interpolate(ts, { epochs: other, left: -1, right: 7 })),
        closest: () => series(ts.valueFrom(tsd, { epochs })),
        before: () => series(ts.valueFrom(tsd, { epochs, mode: "before" })),
        after: () => series(ts.valueFrom(tsd, { epochs, mode: "after" })),
        derivative: () => series(tsd.derivative()),
      };
      for (const [name, compute] of Object.entries(values)) {
        if (name in given) same(await compute(), given[name], name);
      }
    }
  }
});

Deno.test("decimation and smoothing give SciPy's numbers", async () => {
  for (const { d, down, order, kind, std, decimate, smooth, sizeFactor } of CASES.filtered) {
    const tsd = new Tsd(range(120, 0.01), d, { timeSupport: new IntervalSet([[0, 0.55], [0.6, 1.19]]) });
    same(await series(tsd.decimate(down, { order, filterType: kind })), decimate, `decimate by ${down}`);
    same(await series(tsd.smooth(std, { sizeFactor })), smooth, `smooth by ${std}`);
  }
});

Deno.test("the constructor of sets of intervals gives pynapple's, where that is sound", () => {
  for (const { start, end, ep: epochs } of CASES.intervals) {
    same(new IntervalSet(start, end, PYNAPPLE).pairs(), epochs, `${start} to ${end}`);
  }
});

Deno.test("groups give pynapple's numbers", async () => {
  const given = CASES.groups;
  const members = new Map<string, Ts>(given.order.map((key: number) => [String(key), new Ts(given.members[key])]));
  const group = new TsGroup(members, { metadata: given.info });
  const epochs = new IntervalSet(given.ep as Pairs, PYNAPPLE);
  same(group.timeSupport.pairs(), given.support, "support");
  same(group.rates, given.rates, "rates");
  same(await series(group.count(1.5, PYNAPPLE)), given.count, "count");
  same(await series(group.count(0.7, { epochs, ...PYNAPPLE })), given.countEp, "count in epochs");
  same((await series(group.toTsd())).slice(0, 2), given.toTsd, "to one series");
  same(group.restrict(epochs).rates, given.restricted, "restricted");
  const feature = new Tsd(range(60, 0.5), range(60).map((i) => i ** 2));
  for (const [key, member] of await group.valueFrom(feature)) {
    same(await series(member as Tsd), given.valueFrom[key], `values of ${key}`);
  }
  same(toNested(group.trialCount(epochs, 0.7, PYNAPPLE)), given.trialCount, "trials");
  same(group.getByThreshold("depth", 2).keys(), given.threshold, "threshold");
  same(group.getByThreshold("depth", 2, "<=").keys(), given.notAbove, "not above");
  const { groups, centers } = group.getByIntervals("depth", [0, 2, 4, 8]);
  same(groups.map((group) => group.keys()), given.intervals, "intervals");
  same(centers, given.centers, "centres");
  for (const [key, found] of group.getByCategory("area")) same(found.keys(), given.category[key as string], "category");
});

interface Printed {
  readonly class: string;
  readonly t: number[];
  readonly d: (number | boolean | null)[];
  readonly dtype: string;
  readonly shape: number[];
  readonly start: number[];
  readonly end: number[];
  readonly members: Record<string, number[]>;
  readonly columns?: string[];
  readonly metadata?: MetadataInput;
  readonly size?: [number, number];
  readonly text: string;
  readonly repr?: string;
}

function build(spec: Printed): IntervalSet | TsGroup | Ts | ValueSeries {
  const { metadata, columns } = spec;
  if (spec.class === "IntervalSet") return new IntervalSet(spec.start, spec.end, { metadata });
  if (spec.class === "TsGroup") {
    return new TsGroup(spec.members, { metadata, timeSupport: new IntervalSet(0, 100) });
  }
  if (spec.class === "Ts") return new Ts(spec.t);
  const values = valuesOf(spec);
  return spec.class === "TsdFrame" ? new TsdFrame(spec.t, values, { metadata, columns }) : makeSeries(spec.t, values);
}

function valuesOf({ d, dtype, shape }: Printed): NDArray {
  const type = dtypeFromNumpy(dtype);
  const data = new (typedArrayOf(type)!)(d.length);
  d.forEach((value, i) => data[i] = (dtype === "int64" ? BigInt(value as number) : Number(value ?? NaN)) as number);
  return ndarray(data as NumericData, shape, type);
}

Deno.test("everything prints as pynapple prints it, to the character", async () => {
  for (const spec of CASES.printed as Printed[]) {
    const made = build(spec);
    const [columns, rows] = spec.size ?? [80, 24];
    const what = `${spec.class} ${JSON.stringify(spec.shape ?? null)} ${spec.dtype ?? ""}`;
    if (made instanceof TsGroup) {
      assert.equal(made.toString(), spec.text, what);
      assert.equal(made.toString({ columns, rows }), spec.repr ?? spec.text, what);
      continue;
    }
    assert.equal(made.toString({ columns, rows }), spec.text, what);
    if (spec.size === undefined) assert.equal(String(made), spec.text, what);
    assert.equal(await made.format({ columns, rows }), spec.text, what);
  }
});

Deno.test("printing a lazy series reads the rows that are shown, and without reading shows the times", async () => {
  for (const spec of CASES.printed as Printed[]) {
    if (!spec.class.startsWith("Tsd") || spec.size !== undefined) continue;
    const source = spy(valuesOf(spec));
    const { metadata, columns } = spec;
    const lazy = spec.class === "TsdFrame"
      ? new TsdFrame(spec.t, source.lazy, { metadata, columns })
      : makeSeries(spec.t, source.lazy);
    const blind = lazy.toString();
    assert.equal(source.reads(), 0);
    assert.equal(await lazy.format(), spec.text);
    const shown = spec.shape[0]! <= 14 ? range(spec.shape[0]!) : [...range(7), ...range(7, 1, spec.shape[0]! - 7)];
    assert.deepEqual(source.rows(), shown);
    assert.equal(blind.split("\n").length, spec.text.split("\n").length);
    assert.equal(blind.split("\n").at(-1), spec.text.split("\n").at(-1));
  }
});

/** The conformance cases: what torch_brain's tests and runs of it give, and what is right where it is known to be wrong. */
import type { LazyArray } from "../../src/array/types.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { fromGappyTimeseries } from "../../src/temporal/regular/gappy.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { INTERVAL_CASES } from "./interval_cases.ts";

/** What a case gives: numbers up to 1e-9, `domain` as pairs, anything else exactly. */
export type Expected = Readonly<Record<string, unknown>>;

/** A case. */
export interface Case {
  readonly name: string;
  /** The session that is saved, or used as it is. */
  readonly session: () => Data;
  /** What is done with it; what results is told by the names in `expected`. */
  readonly run: (session: Data) => unknown;
  readonly expected: Expected;
}

const WHOLE: Interval = new Interval(-1000, 1000);

/** A session of one object, `x`. */
export function sessionOf(x: unknown): () => Data {
  return () => new Data({ x }, { domain: WHOLE });
}

/** `start`, `start + 1`, … before `stop`. */
export function range(start: number, stop: number): number[] {
  return Array.from({ length: stop - start }, (_, i) => start + i);
}

const keep = { resetOrigin: false };

const events = () =>
  new IrregularTimeSeries({
    timestamps: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6],
    unit: BigInt64Array.of(0n, 0n, 1n, 0n, 1n, 2n),
    values: Int32Array.of(0, 1, 2, 3, 4, 5),
  });

const irregular = (
  name: string,
  run: (x: IrregularTimeSeries<LazyArray>) => unknown,
  expected: Expected,
  x: () => IrregularTimeSeries = events,
): Case => ({
  name: `irregular: ${name}`,
  session: () => sessionOf(x())(),
  run: (session) => run(session.get("x") as IrregularTimeSeries<LazyArray>),
  expected,
});

const whereUnit = async (x: IrregularTimeSeries<LazyArray>, test: (unit: bigint) => boolean) => {
  const units = await x.get("unit") as BigInt64Array;
  return x.selectByMask(Array.from(units, test));
};

const IRREGULAR: readonly Case[] = [
  irregular("slice(.2, .5)", (x) => x.slice(0.2, 0.5), {
    timestamps: [0, 0.1, 0.2],
    unit: [0n, 1n, 0n],
    domain: [[0, 0.3]],
  }),
  irregular("slice(.2, .5) then (.05, .25)", (x) => x.slice(0.2, 0.5).slice(0.05, 0.25), {
    timestamps: [0.05, 0.15],
    unit: [1n, 0n],
    domain: [[0, 0.2]],
  }),
  irregular("slice(.2, .5) without moving the origin", (x) => x.slice(0.2, 0.5, keep), {
    timestamps: [0.2, 0.3, 0.4],
    domain: [[0.2, 0.5]],
  }),
  irregular(
    "slice(.2, .5), (.25, .45) without moving the origin",
    (x) => x.slice(0.2, 0.5, keep).slice(0.25, 0.45, keep),
    {
      timestamps: [0.3, 0.4],
      domain: [[0.25, 0.45]],
    },
  ),
  irregular("selectByInterval", (x) => x.selectByInterval(new Interval([0.2, 0.5], [0.4, 0.6])), {
    timestamps: [0.2, 0.3, 0.5],
    domain: [[0.2, 0.4], [0.5, 0.6]],
  }),
  irregular("slice(.15, .6)", (x) => x.slice(0.15, 0.6), {
    timestamps: [0.05, 0.15, 0.25, 0.35],
    values: [1, 2, 3, 4],
  }),
  irregular("slice(.15, .6) then (.15, .3)", (x) => x.slice(0.15, 0.6).slice(0.15, 0.3), {
    timestamps: [0, 0.1],
    values: [2, 3],
    unit: [1n, 0n],
  }),
  irregular("slice(.15, .6) then a mask", (x) => whereUnit(x.slice(0.15, 0.6), (unit) => unit === 0n), {
    timestamps: [0.05, 0.25],
    values: [1, 3],
  }),
  irregular("a mask", (x) => whereUnit(x, (unit) => unit !== 1n), {
    timestamps: [0.1, 0.2, 0.4, 0.6],
    values: [0, 1, 3, 5],
  }),
  irregular("a second mask leaves the first result as it is", async (x) => {
    const first = await whereUnit(x, (unit) => unit !== 1n);
    const second = await whereUnit(first, (unit) => unit === 2n);
    return { second: await second.get("values"), count: await second.count(), first: await first.count() };
  }, { second: [5], count: 1, first: 4 }),
  irregular(
    "unsorted times are in order in a slice",
    (x) => x.slice(0, 1.5),
    { timestamps: [0, 1], row: [0, 2] },
    () => {
      return new IrregularTimeSeries({ timestamps: [0, 2, 1], row: Uint8Array.of(0, 1, 2) });
    },
  ),
];

const halves = (count: number) => () =>
  new IrregularTimeSeries({
    timestamps: range(0, count).map((i) => i / 2),
    x: BigInt64Array.from(range(0, count), BigInt),
  });

/** The five ways in which the original's lazy objects go wrong; here they give what its eager ones do. */
const KNOWN_BUGS: readonly Case[] = [
  irregular("bug 1: a slice of a slice begins no earlier than that", (x) => x.slice(2, 6).slice(-1, 2), {
    timestamps: [1, 1.5, 2, 2.5],
    x: [4n, 5n, 6n, 7n],
    domain: [[1, 3]],
  }, halves(20)),
  irregular("bug 2: the last timestamp of a domain of whole seconds is kept", (x) => x.slice(0, 10), {
    timestamps: [0, 1, 2, 3],
    x: [0n, 1n, 2n, 3n],
    domain: [[0, 3]],
  }, () => new IrregularTimeSeries({ timestamps: [0, 1, 2, 3], x: BigInt64Array.of(0n, 1n, 2n, 3n) })),
  irregular(
    "bug 3: slicing after another array was touched",
    async (x) => {
      await x.get("x");
      return x.slice(1, 3);
    },
    { timestamps: [0, 0.5, 1, 1.5], x: [2n, 3n, 4n, 5n] },
    halves(20),
  ),
  irregular(
    "bug 3: slicing after a mask, before timestamps were touched",
    (x) => {
      return x.selectByMask(range(0, 20).map((i) => i % 2 === 0)).slice(1, 3);
    },
    { timestamps: [0, 1], x: [2n, 4n] },
    halves(20),
  ),
  irregular(
    "bug 4: slice, mask, slice",
    (x) => {
      return x.slice(1, 5).selectByMask(range(0, 8).map((i) => i % 2 === 0)).slice(1, 3);
    },
    { timestamps: [0, 1], x: [4n, 6n] },
    halves(20),
  ),
  {
    name: "interval: bug 5: a slice of a slice has only intervals of that",
    session: sessionOf(Interval.fromList(range(0, 9).map((i) => [i, i + 1]))),
    run: (session) => (session.get("x") as Interval<LazyArray>).slice(1, 4).slice(-1, 1),
    expected: { start: [1], end: [2] },
  },
];

const samples = (count: number, samplingRate: number, domainStart = 0) => () =>
  new RegularTimeSeries({ raw: Int32Array.from(range(0, count)) }, { samplingRate, domainStart });

const regular = (
  name: string,
  x: () => RegularTimeSeries,
  run: (x: RegularTimeSeries<LazyArray>) => unknown,
  expected: Expected,
): Case => ({
  name: `regular: ${name}`,
  session: () => sessionOf(x())(),
  run: (session) => run(session.get("x") as RegularTimeSeries<LazyArray>),
  expected,
});

const HUNDRED = samples(100, 10);
const QUARTERS = samples(40, 4);
const LATE = samples(100, 10, 10);

const REGULAR: readonly Case[] = [
  regular("the domain", HUNDRED, (x) => x, { domain: [[0, 10]], raw: range(0, 100) }),
  regular("(2, 8) without moving the origin", HUNDRED, (x) => x.slice(2, 8, keep), {
    raw: range(20, 80),
    domain: [[2, 8]],
  }),
  regular("(2, 8)", HUNDRED, (x) => x.slice(2, 8), {
    raw: range(20, 80),
    domain: [[0, 6]],
    timestamps: range(0, 60).map((i) => i / 10),
  }),
  regular("(2.03, 8.09)", HUNDRED, (x) => x.slice(2.03, 8.09), { raw: range(21, 81), domain: [[0.07, 6.07]] }),
  regular("(4.051, 12)", HUNDRED, (x) => x.slice(4.051, 12), { raw: range(41, 100), domain: [[0.049, 5.949]] }),
  regular("(4.051, 12) without moving the origin", HUNDRED, (x) => x.slice(4.051, 12, keep), {
    raw: range(41, 100),
    domain: [[4.1, 10]],
  }),
  regular("(-10, 20)", HUNDRED, (x) => x.slice(-10, 20, keep), { raw: range(0, 100), domain: [[0, 10]] }),
  regular("a domain that starts at 1", samples(100, 10, 1), (x) => x, { domain: [[1, 11]] }),
  regular("a domain that starts at 1: (3.03, 9.09)", samples(100, 10, 1), (x) => x.slice(3.03, 9.09), {
    raw: range(21, 81),
  }),
  regular("a domain that starts at 1: (5.051, 13)", samples(100, 10, 1), (x) => x.slice(5.051, 13), {
    raw: range(41, 100),
  }),
  regular("(0, 1 - 1e-14)", QUARTERS, (x) => x.slice(0, 1 - 1e-14, keep), {
    timestamps: [0, 0.25, 0.5, 0.75],
    domain: [[0, 1]],
  }),
  regular("(.25, 1 + 1e-14)", QUARTERS, (x) => x.slice(0.25, 1 + 1e-14, keep), { timestamps: [0.25, 0.5, 0.75] }),
  regular("(.25 + 1e-14, 1)", QUARTERS, (x) => x.slice(0.25 + 1e-14, 1, keep), { timestamps: [0.25, 0.5, 0.75] }),
  regular("(.1 + .2, three times that)", samples(40, 10), (x) => x.slice(0.1 + 0.2, (0.1 + 0.2) * 3, keep), {
    timestamps: [0.3, 0.4, 0.5, 0.6, 0.7, 0.8],
    domain: [[0.3, 0.9]],
  }),
  regular("before the domain", LATE, (x) => x.slice(0, 5, keep), { raw: [], domain: [[10, 10]] }),
  regular("behind the domain", LATE, (x) => x.slice(30, 45, keep), { raw: [], domain: [[20, 20]] }),
  regular("before the domain, moving the origin", LATE, (x) => x.slice(0, 5), { raw: [], domain: [[0, 0]] }),
  regular("behind the domain, moving the origin", LATE, (x) => x.slice(30, 45), { raw: [], domain: [[0, 0]] }),
  regular("rate 250: (1, 3)", samples(1000, 250), (x) => x.slice(1, 3), { raw: range(250, 750), length: 500 }),
  regular("rate 250: (1, 3), (.5, 1.5)", samples(1000, 250), (x) => x.slice(1, 3).slice(0.5, 1.5), {
    raw: range(375, 625),
  }),
  regular("rate 250: (1, 3), (1, 2)", samples(1000, 250), (x) => x.slice(1, 3, keep).slice(1, 2), {
    raw: range(250, 500),
    domain: [[0, 1]],
  }),
  regular("rate 4: (2.1, 4.3)", QUARTERS, (x) => x.slice(2.1, 4.3), { raw: range(9, 18), domain: [[0.15, 2.4]] }),
];

const four = () => fromGappyTimeseries({ raw: [1, 2, 3, 4] }, { timestamps: [0, 0.01, 0.03, 0.04], samplingRate: 100 });
const six = () => {
  const timestamps = [0, 0.01, 0.03, 0.04, 0.07, 0.09];
  return fromGappyTimeseries({ raw: range(0, 6) }, { timestamps, samplingRate: 100 });
};
const marks = (text: string) => [...text].map((mark) => mark === "T");

const GAPPY: readonly Case[] = [
  regular("gappy", four, (x) => x, { raw: [1, 2, NaN, 3, 4], domain: [[0, 0.02], [0.03, 0.05]] }),
  regular("gappy: (.018, .05) without moving the origin", four, (x) => x.slice(0.018, 0.05, keep), {
    raw: [3, 4],
    domain: [[0.03, 0.05]],
  }),
  regular("gappy: (0, .03)", four, (x) => x.slice(0, 0.03, keep), { raw: [1, 2], domain: [[0, 0.02]] }),
  regular("gappy: (.022, .028)", four, (x) => x.slice(0.022, 0.028, keep), { raw: [], domain: [[0.03, 0.03]] }),
  regular("gappy: (.018, .05)", four, (x) => x.slice(0.018, 0.05), {
    raw: [3, 4],
    domain: [[0.012, 0.032]],
    timestamps: [0.012, 0.022],
  }),
  regular("gappy: which samples are real", six, (x) => ({ mask: x.indexMask(), isGappy: x.isGappy() }), {
    mask: marks("TTFTTFFTFT"),
    isGappy: true,
  }),
  regular("gappy: which samples are real in (.015, .14)", six, (x) => {
    const part = x.slice(0.015, 0.14);
    return { mask: part.indexMask(), length: part.length };
  }, { mask: marks("TTFFTFT"), length: 7 }),
  regular("gappy: (.02, .03) has none", six, (x) => x.slice(0.02, 0.03), { raw: [], length: 0 }),
  regular(
    "gappy: integers",
    () => {
      const options = { timestamps: [0, 0.1, 0.3], samplingRate: 10, gapValue: -1 };
      return fromGappyTimeseries({ raw: Int32Array.of(7, 8, 9) }, options);
    },
    (x) => x,
    { raw: [7, 8, -1, 9] },
  ),
  regular(
    "gappy: the domain",
    () => {
      return fromGappyTimeseries({ raw: [1, 2, 3] }, { timestamps: [10, 10.5, 11.5], samplingRate: 2 });
    },
    (x) => x,
    { domain: [[10, 11], [11.5, 12]] },
  ),
];

const session = () =>
  new Data({
    spikes: new IrregularTimeSeries({
      timestamps: [0.1, 0.2, 0.3, 2.1, 2.2, 2.3],
      unit_index: BigInt64Array.of(0n, 0n, 1n, 0n, 1n, 2n),
    }),
    lfp: new RegularTimeSeries({ raw: new Float32Array(1000).map((_, i) => i) }, { samplingRate: 250 }),
    trials: new Interval([0, 1, 2], [1, 2, 3]),
    units: new ArrayDict({ id: ["a", "b", "c"] }),
    name: "session",
  }, { domain: new Interval(0, 3) });

const DATA: readonly Case[] = [
  {
    name: "data: slice(1, 3)",
    session,
    run: async (data) => {
      const part = data.slice(1, 3);
      return {
        spikes: await part.get("spikes.timestamps"),
        lfp: (part.get("lfp") as RegularTimeSeries<LazyArray>).length,
        trials: await part.get("trials.start"),
        units: await part.get("units.id"),
        name: part.get("name"),
        absoluteStart: part.absoluteStart,
      };
    },
    expected: {
      spikes: [1.1, 1.2, 1.3],
      lfp: 500,
      trials: [0, 1],
      units: ["a", "b", "c"],
      name: "session",
      absoluteStart: 1,
    },
  },
  {
    name: "data: slice(1, 3) then (.4, 1.4)",
    session,
    run: async (data) => {
      const part = data.slice(1, 3).slice(0.4, 1.4);
      return {
        absoluteStart: part.absoluteStart,
        spikes: await part.get("spikes.timestamps"),
        domain: part.domain,
      };
    },
    expected: { absoluteStart: 1.4, spikes: [0.7, 0.8, 0.9], domain: [[0, 1]] },
  },
  {
    name: "data: the automatic domain",
    session: () =>
      new Data({
        spikes: new IrregularTimeSeries({ timestamps: [0.1, 0.2, 0.3, 2.1, 2.2, 2.3] }),
        lfp: new RegularTimeSeries({ raw: new Float32Array(1000) }, { samplingRate: 250 }),
        trials: new Interval([0, 1, 5], [1, 2, 6]),
      }, { domain: "auto" }),
    run: (data) => ({ domain: data.domain }),
    expected: { domain: [[0, 4], [5, 6]] },
  },
];

/** All of them. */
export const CASES: readonly Case[] = [...IRREGULAR, ...KNOWN_BUGS, ...REGULAR, ...GAPPY, ...INTERVAL_CASES, ...DATA];

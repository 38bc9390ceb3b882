/**
 * Sessions made here: some equal to those of temporal_sessions.py by name, some that only Python's reading is asked about.
 *
 * @module
 */
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { NDArray, NumericData } from "../../src/array/types.ts";
import { ArrayDict } from "../../src/temporal/columns/array_dict.ts";
import { Data } from "../../src/temporal/data.ts";
import { fromGappyTimeseries } from "../../src/temporal/regular/gappy.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";
import { randomOf } from "./temporal_steps.ts";

const TEXT = "À89!ÜÞ 電 🧠";

/** `0, 1, …` of a class, in a shape. */
function arange<T extends NumericData>(
  of: { from(values: ArrayLike<number>): T },
  ...shape: number[]
): NDArray<T> {
  const size = shape.reduce((product, length) => product * length, 1);
  return ndarray(of.from(Array.from({ length: size }, (_, i) => i)), shape);
}

function bigints(...values: number[]): BigInt64Array {
  return BigInt64Array.from(values, BigInt);
}

function allClasses(): Data {
  return new Data({
    session_id: "session_0",
    n: 7n,
    flag: true,
    lst: [1n, 2n, 3n],
    slist: ["a", TEXT],
    spikes: new IrregularTimeSeries({
      timestamps: [0.1, 0.2, 2.3, 3.9],
      unit_index: bigints(0, 1, 0, 2),
      lab: ["a", "bb", "", "c"],
      waveforms: arange(Float64Array, 4, 3, 2),
    }),
    lfp: new RegularTimeSeries({ raw: arange(Float32Array, 16, 2) }, { samplingRate: 4 }),
    trials: new Interval([0, 1, 2], [1, 2, 3], {
      go: [0.5, 1.5, 2.5],
      angle: bigints(0, 45, 90),
      hit: [true, false, true],
    }, { timekeys: ["go"] }),
    units: new ArrayDict({ id: ["u1", "u22"], region: ["M1", "PMd"], good: [true, false] }),
    images: arange(Uint8Array, 2, 3, 4),
    sub: new Data({ id: "jenkins", age: 5.5 }),
  }, { domain: "auto" });
}

function intervals(): Data {
  const nine = Array.from({ length: 9 }, (_, i) => i);
  return new Data({
    trials: new Interval(nine, nine.map((i) => i + 1), {
      go: nine.map((i) => i + 0.5),
      side: nine.map((i) => ["left", "r", ""][i % 3]!),
      block: ndarray(BigInt64Array.from({ length: 18 }, (_, i) => BigInt(i)), [9, 2]),
    }, { timekeys: ["go"] }),
    overlapping: new Interval([0, 1, 2], [3, 4, 5], { x: bigints(0, 1, 2) }),
    points: new Interval([1, 3, 3.5], [1, 3.5, 3.5]),
    one: new Interval(0, 5),
    ends_first: new Interval([0], [1], {}, { timekeys: ["end", "start"] }),
    domain_too: new Data({ inner: new Interval(0, 1) }, { domain: new Interval(0, 10) }),
  }, { domain: new Interval(0, 10) });
}

function many(): Data {
  const sixty = Array.from({ length: 60 }, (_, i) => i);
  const record = (name: string, value: (i: number) => unknown) =>
    Object.fromEntries(sixty.map((i) => [`${name}_${i}`, value(i)]));
  const counted = (length: number, by: number) => BigInt64Array.from({ length }, (_, i) => BigInt(i * by));
  return new Data({
    ...record("number", BigInt),
    ...record("array", (i) => counted(i, 1)),
    table: new ArrayDict(record("column", (i) => counted(5, i)) as Record<string, BigInt64Array>),
  });
}

/** Sessions that are the same as Python's of that name, value by value. */
export const SAME: Readonly<Record<string, () => Data>> = {
  all_classes: allClasses,
  sliced: () => allClasses().slice(0.15, 2.9),
  kept_origin: () => allClasses().slice(0.15, 2.9, { resetOrigin: false }),
  selected: () => allClasses().selectByInterval(new Interval([0.1, 2], [1.5, 3])),
  nothing: () => new Data(),
  domain_alone: () => new Data({}, { domain: new Interval([0, 5], [1, 7.5]) }),
  many,
};

function columns(): Data {
  const random = randomOf(1);
  const rows = 4;
  const classes = [
    Int8Array,
    Uint8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ];
  const numbers = Object.fromEntries(
    classes.map((of) => [`c_${of.name}`, new of(rows).map(() => random() * 100)]),
  );
  return new Data({
    table: new ArrayDict({
      ...numbers,
      least: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n),
      most: BigUint64Array.of(0n, 2n ** 64n - 1n, 2n ** 53n + 1n, 1n),
      half: ndarray(Float32Array.of(0.5, -2, NaN, 65504), [4], dtypeFromNumpy("<f2")),
      complex: ndarray(Float64Array.of(1, 2, -0.5, 0, 0, -1, NaN, 3), [4], dtypeFromNumpy("<c16")),
      special: Float64Array.of(NaN, Infinity, -0, 5e-324),
      text: ["a", "", "bcd", "~"],
      blank: ["", "", "", ""],
      words: [["ab", "c"], ["", "d"], ["e", "f"], ["g", "hij"]],
      flags: [[true, false], [false, false], [true, true], [false, true]],
      cube: arange(Int16Array, 4, 2, 3),
      thin: ndarray(new Float64Array(), [4, 0]),
    }),
    no_rows: new ArrayDict({ x: ndarray(new Float32Array(), [0, 3]) }),
    nothing: new ArrayDict(),
    weird: new ArrayDict({ "a b": [1, 2], "ключ": [3, 4], "0": ["x", "y"], length: [5, 6] }),
  });
}

function events(): Data {
  const random = randomOf(2);
  const times = Float64Array.from({ length: 200 }, () => random() * 10).sort();
  const whole = [0, 0.5, 1, 1, 1, 2, 2.75, 4, 4];
  return new Data({
    whole: new IrregularTimeSeries({ timestamps: whole, x: arange(Int32Array, 9) }),
    unsorted: new IrregularTimeSeries({ timestamps: [3, 1, 2], x: bigints(3, 1, 2), label: ["c", "a", "b"] }),
    keyed: new IrregularTimeSeries({ timestamps: whole, late: whole.map((t) => t + 0.25) }, { timekeys: ["late"] }),
    parts: new IrregularTimeSeries({ timestamps: times }, { domain: new Interval([0, 4.5, 9], [3, 8.25, 11]) }),
    wide: new IrregularTimeSeries({ timestamps: times }, { domain: new Interval(-20, 40.5) }),
    outside: new IrregularTimeSeries({ timestamps: times }, { domain: new Interval(2.5, 7.5) }),
    point: new IrregularTimeSeries({ timestamps: [3.25] }),
    none: new IrregularTimeSeries({ timestamps: new Float64Array(), x: ndarray(new Float64Array(), [0, 2]) }, {
      domain: new Interval(0, 2.5),
    }),
    masked: new IrregularTimeSeries({ timestamps: times }).selectByMask(Array.from(times, (_, i) => i % 3 === 0)),
  }, { domain: "auto" });
}

function signals(): Data {
  return new Data({
    lfp: new RegularTimeSeries({
      raw: arange(Float32Array, 100, 3),
      flag: Array.from({ length: 100 }, (_, i) => i % 3 === 0),
    }, {
      samplingRate: 250,
    }),
    odd: new RegularTimeSeries({ raw: arange(Int16Array, 100) }, { samplingRate: 30.3, domainStart: -1.7 }),
    gappy: fromGappyTimeseries({
      raw: [1, 2, 3, 4, 5, 6],
      count: Int32Array.of(1, 2, 3, 4, 5, 6),
      pair: arange(Float32Array, 6, 2),
      on: [true, true, true, true, true, true],
    }, { timestamps: [0, 0.01, 0.03, 0.04, 0.07, 0.09], samplingRate: 100 }),
    none: new RegularTimeSeries({ raw: ndarray(new Float64Array(), [0, 2]) }, { samplingRate: 10 }),
  }, { domain: "auto" });
}

function attributes(): Data {
  return new Data({
    text: "plain",
    words: TEXT,
    empty: "",
    lines: "a\n\tb",
    long: "x".repeat(60_000),
    big: 2n ** 53n + 1n,
    least: -(2n ** 63n),
    tenth: 0.1,
    minus: -0,
    tiny: 5e-324,
    nothing: NaN,
    far: -Infinity,
    yes: true,
    no: false,
    none: null,
    absent: undefined,
    floats: [1.5, 2],
    bools: [true, false],
    texts: ["a", TEXT, ""],
    one: [5n],
    when: new Date(Date.UTC(2021, 0, 2, 3, 4, 5)),
  });
}

/** Sessions that Python is asked to read. */
export const OWN: Readonly<Record<string, () => Data>> = { columns, events, signals, intervals, attributes };

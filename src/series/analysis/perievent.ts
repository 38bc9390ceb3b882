/**
 * Series around events.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions, NumericData } from "../../array/types.ts";
import { lowerBound, upperBound } from "../../time/sorted.ts";
import { roundTime, type TimeUnit } from "../../time/units.ts";
import { rangesOf } from "../../time/ranges.ts";
import { gatherRows } from "../values/gather.ts";
import { SortedIntervals } from "../intervals/interval_input.ts";
import { checkIntervals, IntervalSet } from "../intervals/interval_set.ts";
import { makeSeries } from "../make_series.ts";
import { matchTimes } from "../process/match.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import { Series } from "../series.ts";
import { TimeIndex } from "../time_index.ts";
import { Ts } from "../ts.ts";
import { TsGroup } from "../ts_group.ts";
import { TsdFrame } from "../tsd_frame.ts";
import type { TsdTensor } from "../tsd_tensor.ts";
import { toNumbers } from "../values/values.ts";
import { ValueSeries } from "../value_series.ts";
import { type EventWindow, lagsIn, regularStep, windowSeconds } from "../bins/windows.ts";

/** Options of {@linkcode computePerievent}. */
export interface PerieventOptions extends CompatibleOptions, ArrayReadOptions {
  /**
   * Unit of the window.
   *
   * @default {"s"}
   */
  readonly unit?: TimeUnit | undefined;
  /**
   * Where events are looked at.
   *
   * By default the data's time support.
   */
  readonly epochs?: IntervalSet | undefined;
}

/** Names of `PerieventOptions`. */
export const PERIEVENT_OPTIONS: OptionNames<PerieventOptions> = {
  unit: true,
  epochs: true,
  compatible: true,
  signal: true,
  wholePages: true,
};

/** Spikes around each event, by the number of the event; metadata `events` has their times. */
export function computePerievent(
  data: Ts,
  events: Series,
  window: EventWindow,
  options?: PerieventOptions,
): Promise<TsGroup>;
/** Spikes of each unit around each event, by the unit's key. */
export function computePerievent(
  data: TsGroup,
  events: Series,
  window: EventWindow,
  options?: PerieventOptions,
): Promise<Map<number, TsGroup>>;
/** Values around each event: axes time, events, and those of a row. */
export function computePerievent(
  data: ValueSeries,
  events: Series,
  window: EventWindow,
  options?: PerieventOptions,
): Promise<TsdFrame | TsdTensor>;
/**
 * Aligns series to events.
 *
 * Spikes: a group with a member per event, of the spikes from `window[0]` before it to `window[1]` after it, ends included,
 * at their times relative to it. Continuous data, regularly sampled: values at multiples of the time between samples, a
 * column per event, the sample nearest to the event at 0 (of two equally near the later); NaN beyond the interval of the
 * time support that the event lies in, and for events in none (which pynapple leaves out, so that columns no longer
 * belong to events). Of lazy values only the rows in windows are read, each once.
 *
 * @param data Spikes, a group of them, or regular samples
 * @param events A series whose times are the events
 * @param window How long before and after an event, or both
 * @param options Options
 * @returns Of a `Ts` a `TsGroup`; of a `TsGroup` one for each key; of a `Tsd` a `TsdFrame`; else a `TsdTensor`
 * @throws {TypeError} If data or events aren't series, or the window isn't one or two numbers
 * @throws {RangeError} If continuous data aren't regularly sampled
 *
 * @example Usage
 * ```ts
 * import { computePerievent } from "./perievent.ts";
 * import { Ts } from "../ts.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const events = new Ts([1, 3]);
 * const spikes = await computePerievent(new Ts([0.5, 1.5, 2, 3.5, 5]), events, 1);
 * assert.deepEqual(spikes.at(0).times, Float64Array.of(-0.5, 0.5, 1));
 *
 * const lfp = await computePerievent(new Tsd([0, 1, 2, 3], [0, 10, 20, 30]), events, 1);
 * assert.deepEqual((await lfp.read()).data, Float64Array.of(0, 20, 10, 30, 20, NaN));
 * ```
 */
// deno-lint-ignore require-await -- so that wrong arguments reject
export async function computePerievent(
  data: Series | TsGroup,
  events: Series,
  window: EventWindow,
  options: PerieventOptions = {},
): Promise<TsGroup | Map<number, TsGroup> | TsdFrame | TsdTensor> {
  checkOptions(options, PERIEVENT_OPTIONS, "compute perievent");
  const pynapple = followsPynapple(options);
  const sides = windowSeconds(window, options.unit);
  if (!(data instanceof Series || data instanceof TsGroup)) {
    throw new TypeError(`Cannot align ${describe(data)} to events: data should be a time series object`);
  }
  if (!(events instanceof Series)) {
    throw new TypeError(`Cannot align to ${describe(events)}: events should be a time series object`);
  }
  const wanted = options.epochs;
  if (wanted !== undefined) checkIntervals(wanted, "align to events in");
  const within = (support: IntervalSet) => events.restrict(wanted ?? support).times;
  const around = (times: Float64Array, support: IntervalSet) => alignTimes(times, within(support), sides, pynapple);
  if (data instanceof TsGroup) {
    return new Map(Array.from(data, ([key, { times }]) => [key, around(times, data.timeSupport)]));
  }
  if (!(data instanceof ValueSeries)) return around(data.times, data.timeSupport);
  // A column for each event, also for those where there are no data.
  const aligned = wanted === undefined && !pynapple ? events.times : within(data.timeSupport);
  return alignValues(data, aligned, sides, pynapple, options);
}

function supportOf([before, after]: readonly [number, number]): IntervalSet {
  return new IntervalSet(new SortedIntervals(Float64Array.of(0 - before), Float64Array.of(after)));
}

function alignTimes(
  times: Float64Array,
  events: Float64Array,
  sides: readonly [number, number],
  pynapple: boolean,
): TsGroup {
  const support = supportOf(sides);
  // Sums are rounded, so that a spike at the very end of a window isn't lost to binary fractions.
  const edge = pynapple ? (time: number) => time : roundTime;
  const members = Array.from(events, (event) => {
    const from = lowerBound(times, edge(event - sides[0]));
    const to = upperBound(times, edge(event + sides[1]), from);
    const shifted = times.slice(from, to);
    if (pynapple) return new Ts(new TimeIndex(lagsWithin(shifted, event, sides), support));
    for (let i = 0; i < shifted.length; i++) shifted[i] = roundTime(shifted[i]! - event);
    return new Ts(new TimeIndex(shifted, support));
  });
  return new TsGroup(members, { timeSupport: support, metadata: { events } });
}

// As pynapple has them: lags that aren't rounded must lie in the window as well.
function lagsWithin(times: Float64Array, event: number, [before, after]: readonly [number, number]): Float64Array {
  return times.map((time) => time - event).filter((lag) => lag >= -before && lag <= after).map(roundTime);
}

async function alignValues(
  data: ValueSeries,
  events: Float64Array,
  sides: readonly [number, number],
  pynapple: boolean,
  options: ArrayReadOptions,
): Promise<TsdFrame | TsdTensor> {
  const step = regularStep(data, "align to events");
  if (step === null) throw new RangeError("Cannot align to events: data have fewer than two samples in any interval");
  const [before, after] = sides.map((side) => lagsIn(side, step, pynapple)) as [number, number];
  const lags = Float64Array.from({ length: before + after + 1 }, (_, i) => roundTime((i - before) * step));
  const { starts, centers, ends, times } = placeEvents(data, events, pynapple);
  const count = centers.length;
  if (pynapple && count === 0) throw new RangeError("Cannot align to events: no overlap between input and epochs");
  const rows = new Float64Array(lags.length * count);
  for (let i = 0, at = 0; i < lags.length; i++) {
    for (let j = 0; j < count; j++, at++) {
      const row = centers[j]! + i - before;
      rows[at] = centers[j]! >= 0 && row >= starts[j]! && row < ends[j]! ? row : -1;
    }
  }
  const picked = await gatherRows(data.values, rows, options);
  const values = ndarray(toNumbers(picked), [lags.length, count, ...data.shape.slice(1)]);
  const index = new TimeIndex(lags, supportOf(sides));
  if (values.shape.length > 2) return makeSeries(index, values as ReturnType<typeof ndarray<NumericData>>) as TsdTensor;
  return new TsdFrame(index, values, { metadata: { events: times } });
}

/** Where an event lies among samples. */
interface Placed {
  readonly centers: Float64Array;
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly times: Float64Array;
}

// The nearest sample of each event, -1 where there is none, and the run of samples that it lies in.
function placeEvents(data: ValueSeries, events: Float64Array, pynapple: boolean): Placed {
  const { match } = matchTimes(events, data.axis, data.timeSupport, "closest");
  const placed = rangesOf(events, data.timeSupport);
  const runs = rangesOf(data.axis, data.timeSupport);
  const centers = new Float64Array(events.length).fill(-1);
  const starts = new Uint32Array(events.length);
  const ends = new Uint32Array(events.length);
  let at = 0;
  placed.forEach(({ from, to }, interval) => {
    for (let i = from; i < to; i++) {
      centers[i] = match[at++]!;
      starts[i] = runs[interval]!.from;
      ends[i] = runs[interval]!.to;
    }
  });
  if (!pynapple) return { centers, starts, ends, times: events };
  const inside = (_: number, i: number) => placed.some(({ from, to }) => i >= from && i < to);
  return {
    centers: centers.filter(inside),
    starts: starts.filter(inside),
    ends: ends.filter(inside),
    times: events.filter(inside),
  };
}

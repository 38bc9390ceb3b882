/**
 * Means of a signal around events.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { ndarray } from "../../array/ndarray.ts";
import type { ArrayReadOptions } from "../../array/types.ts";
import { rangesOf } from "../../time/ranges.ts";
import { roundTime, type TimeUnit } from "../../time/units.ts";
import { binEvents, type BinnedEvents } from "../bins/binned_events.ts";
import { eachMean, planBins } from "../bins/binned_means.ts";
import { binRows, makeBins } from "../bins/bins.ts";
import { SortedIntervals } from "../intervals/interval_input.ts";
import { checkIntervals, IntervalSet } from "../intervals/interval_set.ts";
import { seconds } from "../intervals/lengths.ts";
import { makeSeries } from "../make_series.ts";
import { describe } from "../values/numbers.ts";
import { type CompatibleOptions, followsPynapple } from "../options.ts";
import { Series } from "../series.ts";
import { TimeIndex } from "../time_index.ts";
import { TsGroup } from "../ts_group.ts";
import { TsdFrame } from "../tsd_frame.ts";
import type { TsdTensor } from "../tsd_tensor.ts";
import { rowSize } from "../values/values.ts";
import { ValueSeries } from "../value_series.ts";
import { type EventWindow, lagsIn, regularStep, windowSeconds } from "../bins/windows.ts";

/** Options of {@linkcode computeEventTriggeredAverage}. */
export interface EventTriggeredAverageOptions extends CompatibleOptions, ArrayReadOptions {
  /**
   * Unit of the bin size and of the window.
   *
   * @default {"s"}
   */
  readonly unit?: TimeUnit | undefined;
  /**
   * Where events and data are looked at.
   *
   * By default the data's time support.
   */
  readonly epochs?: IntervalSet | undefined;
}

/** Names of `EventTriggeredAverageOptions`. */
export const EVENT_TRIGGERED_AVERAGE_OPTIONS: OptionNames<EventTriggeredAverageOptions> = {
  unit: true,
  epochs: true,
  compatible: true,
  signal: true,
  wholePages: true,
};

/**
 * The mean of a regularly sampled signal around events: at spikes, a spike-triggered average.
 *
 * Events and data are put into bins, as `count` and `binAverage` make them; a bin without samples holds the one before.
 * The result at a lag is the mean, over all events, of the data's bin that lies so many bins behind the event's. Events
 * with no data at that lag (past the ends of an epoch, or NaN) don't count there; where none has any the result is NaN,
 * and lags stay within the window. `compatible: "pynapple"` takes missing data for 0, which draws means at the ends of
 * epochs towards it, leaves events out in epochs no longer than the window, loses what lies at the very end of an epoch,
 * and may give a lag beyond the window.
 *
 * Of lazy values only the rows in windows around events are read, in blocks.
 *
 * @param data The signal
 * @param events A series whose times are the events, or a group of such
 * @param binSize Length of a bin
 * @param window How long before and after an event, or both
 * @param options Options
 * @returns Axes time, units and those of a row: of a `Tsd` a `TsdFrame` with a column per unit, else a `TsdTensor`
 * @throws {TypeError} If data or events are of another class, or the window isn't one or two numbers
 * @throws {RangeError} If data aren't regularly sampled, or the bin size is below a nanosecond
 *
 * @example Usage
 * ```ts
 * import { computeEventTriggeredAverage } from "./event_triggered_average.ts";
 * import { Ts } from "../ts.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const signal = new Tsd([0, 1, 2, 3, 4, 5], [0, 1, 4, 9, 16, 25]);
 * const average = await computeEventTriggeredAverage(signal, new Ts([2, 3]), 1, 1);
 *
 * assert.deepEqual([...average.times], [-1, 0, 1]);
 * assert.deepEqual((await average.read()).data, Float64Array.of(2.5, 6.5, 14.75));
 * ```
 */
export async function computeEventTriggeredAverage(
  data: ValueSeries,
  events: Series | TsGroup,
  binSize: number,
  window: EventWindow = 0,
  options: EventTriggeredAverageOptions = {},
): Promise<TsdFrame | TsdTensor> {
  checkOptions(options, EVENT_TRIGGERED_AVERAGE_OPTIONS, "compute event triggered average");
  const pynapple = followsPynapple(options);
  const action = "average around events";
  const sides = windowSeconds(window, options.unit);
  const size = seconds(binSize, options, "bin size");
  if (!(data instanceof ValueSeries)) {
    throw new TypeError(
      `Cannot ${action}: data should be a continuous time series (Tsd, TsdFrame, or TsdTensor), not ${describe(data)}`,
    );
  }
  if (!(events instanceof Series || events instanceof TsGroup)) {
    throw new TypeError(`Cannot ${action} ${describe(events)}: events should be a time series object`);
  }
  const epochs = checkIntervals(options.epochs ?? data.timeSupport, `${action} in`);
  regularStep(data, action);

  const bins = makeBins(epochs, size, pynapple);
  const units = events instanceof TsGroup ? events.members() : [events];
  const binned = binEvents(units.map(({ axis }) => axis), epochs, bins, !pynapple);
  const [before, after] = sides.map((side) => pynapple ? Math.ceil((side + size) / size) - 1 : lagsIn(side, size)) as [
    number,
    number,
  ];
  const spans = spansOf(bins.first, bins.centers.length, pynapple ? after : 0);
  const needed = neededBins(binned, spans, before, after);
  const plan = planBins(needed, bins.first, binRows(data.axis, epochs, bins, !pynapple), rangesOf(data.axis, epochs));
  const lags = before + after + 1;
  const columns = rowSize(data.values);
  const sums = new Float64Array(lags * units.length * columns);
  const counts = new Float64Array(sums.length);
  await eachMean(data.values, plan, (bin, mean) => {
    // As in pynapple, where one column is NaN none counts.
    if (pynapple && mean.some(Number.isNaN)) return;
    const from = Math.max(spans.from[bin]!, bin - after);
    const to = Math.min(spans.to[bin]!, bin + before + 1);
    for (let event = from; event < to; event++) {
      for (let entry = binned.first[event]!; entry < binned.first[event + 1]!; entry++) {
        const base = ((bin - event + before) * units.length + binned.unit[entry]!) * columns;
        const weight = binned.count[entry]!;
        for (let j = 0; j < columns; j++) {
          const value = mean[j]!;
          if (Number.isNaN(value)) continue;
          sums[base + j]! += value * weight;
          counts[base + j]! += weight;
        }
      }
    }
  }, options);
  for (let i = 0; i < sums.length; i++) {
    const total = binned.totals[Math.floor(i / columns) % units.length]!;
    sums[i] = pynapple ? sums[i]! / (total > 0 ? total : 1) : sums[i]! / counts[i]!;
  }

  const times = Float64Array.from({ length: lags }, (_, i) => roundTime((i - before) * size));
  const support = new IntervalSet(new SortedIntervals(times.slice(0, 1), times.slice(-1)));
  const index = new TimeIndex(times, support);
  const values = ndarray(sums, [lags, units.length, ...data.shape.slice(1)]);
  if (values.shape.length > 2) return makeSeries(index, values) as TsdTensor;
  return events instanceof TsGroup
    ? new TsdFrame(index, values, { columns: events.keys(), metadata: events.metadata.drop("rate") })
    : new TsdFrame(index, values);
}

/** {@linkcode computeEventTriggeredAverage} under the name that it has where events are spikes. */
export const computeSpikeTriggeredAverage: typeof computeEventTriggeredAverage = computeEventTriggeredAverage;

/** For each bin the first bin of its epoch, and the first after it. */
interface Spans {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

// Epochs of `shortest` bins or fewer are left out.
function spansOf(first: Uint32Array, count: number, shortest: number): Spans {
  const from = new Uint32Array(count);
  const to = new Uint32Array(count);
  for (let i = 0; i + 1 < first.length; i++) {
    if (first[i + 1]! - first[i]! <= shortest) continue;
    from.fill(first[i]!, first[i], first[i + 1]);
    to.fill(first[i + 1]!, first[i], first[i + 1]);
  }
  return { from, to };
}

function neededBins(events: BinnedEvents, spans: Spans, before: number, after: number): Uint8Array {
  const needed = new Uint8Array(spans.from.length);
  let done = 0;
  for (let event = 0; event < needed.length; event++) {
    if (events.first[event] === events.first[event + 1]) continue;
    const from = Math.max(done, event - before, spans.from[event]!);
    done = Math.max(from, Math.min(event + after + 1, spans.to[event]!));
    needed.fill(1, from, done);
  }
  return needed;
}

/**
 * Figures of series.
 *
 * @module
 */

import { numpyName } from "../../array/dtype/dtype.ts";
import { axisIndices, isWholeAxis, resolveSelection } from "../../array/select/selection.ts";
import type { Selection } from "../../array/types.ts";
import { IntervalSet } from "../../series/intervals/interval_set.ts";
import { makeSeries } from "../../series/make_series.ts";
import { TimeIndex } from "../../series/time_index.ts";
import type { Ts } from "../../series/ts.ts";
import { TsGroup } from "../../series/ts_group.ts";
import { TsdFrame } from "../../series/tsd_frame.ts";
import { ValueSeries } from "../../series/value_series.ts";
import { takeAxes } from "../../series/values/values.ts";
import { NotFoundError, SelectionError } from "../../source/errors.ts";
import type { Figure, FigureMark, FigureSize } from "./figure.ts";
import { scaleBarOf } from "./scale_bar.ts";
import { pixelsAcross } from "./figure.ts";
import { shadedSpans, tickLine } from "./rasters.ts";
import { layTraces } from "./stack_traces.ts";
import { readTraces } from "./traces.ts";
import { type SeriesEntry, type TimeWindow, windowOf } from "../window.ts";

/** What to draw, and how. */
export interface FigureRequest {
  /** What is drawn. */
  readonly entry: SeriesEntry;
  /** What it is called. */
  readonly title: string;
  /** Stretch of time; its ends may be infinite. */
  readonly window: TimeWindow;
  /** Sizes. */
  readonly size: FigureSize;
  /** What the values are; `null` where that isn't known. */
  readonly unit: string | null;
  /** Which columns, as a selection whose first entry takes all of time. */
  readonly select?: Selection;
  /** Intervals shaded behind. */
  readonly shade?: Pick<IntervalSet, "start" | "end"> | undefined;
  /** Moments marked by lines; those within what is shown. */
  readonly marks?: readonly FigureMark[] | undefined;
  /**
   * Whether a bar shows how high a value is, in SI units.
   *
   * @default {false}
   */
  readonly scaleBar?: boolean | undefined;
  /** What else is to be known. */
  readonly notes?: readonly string[] | undefined;
  /** What lies along the horizontal axis; seconds by default. */
  readonly xLabel?: string | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many samples of how many have been read. */
  readonly onProgress?: ((count: number, of: number) => void) | undefined;
}

/** Columns that are drawn where none were chosen. */
const MOST_TRACES = 64;
const MOST_HEIGHT = 1600;

/**
 * Reads what a figure needs.
 *
 * @param request What to draw
 * @returns The figure, and how many samples it shows
 * @throws {NotFoundError} If there is nothing in it, and no window was given
 * @throws {SelectionError} If columns were chosen that there aren't, or there are too many
 */
export async function figureOf(request: FigureRequest): Promise<{ figure: Figure; samples: number }> {
  const { entry } = request;
  if (entry instanceof IntervalSet) return intervalFigure(request, entry);
  if (entry instanceof ValueSeries) return await traceFigure(request, entry);
  const members: [string, Ts | ValueSeries][] = entry instanceof TsGroup
    ? [...entry].map(([key, member]) => [String(key), member])
    : entry instanceof Map
    ? [...entry]
    : [["", entry]];
  return rasterFigure(request, members);
}

async function traceFigure(
  request: FigureRequest,
  whole: ValueSeries,
): Promise<{ figure: Figure; samples: number }> {
  const { window, size, signal, onProgress } = request;
  const { series, labels, left } = pickColumns(windowOf(whole, window), request.select, request.title);
  const traces = await readTraces(series, {
    buckets: pixelsAcross(size),
    signal,
    onProgress: onProgress && ((count) => onProgress(count, series.length)),
  });
  const ends = [series.startTime(), series.endTime()];
  const xDomain = domainOf(request, ends[0]!, ends[1]!);
  const { scale, ...laid } = layTraces(traces, labels, series.timeSupport, request.unit);
  const bar = request.scaleBar === true ? scaleBarOf(scale.span, request.unit, scale.bottom, scale.perValue) : null;
  const reduced = traces.factor > 1 ? [`least and greatest of each ${traces.factor.toLocaleString("en")} samples`] : [];
  const figure: Figure = {
    ...common(request, xDomain),
    ...laid,
    scaleBar: bar,
    notes: [
      ...laid.notes,
      ...reduced,
      ...(left > 0 ? [`the first ${labels.length} of ${left + labels.length} columns`] : []),
      ...(request.notes ?? []),
    ],
    height: size.height ?? (labels.length === 1 ? 320 : bounded(80 + 44 * labels.length)),
    isColoured: true,
  };
  return { figure, samples: traces.samples };
}

function rasterFigure(
  request: FigureRequest,
  whole: readonly (readonly [string, Ts | ValueSeries])[],
): { figure: Figure; samples: number } {
  const members = whole.map(([label, member]) => [label, windowOf(member, request.window)] as const);
  const ends = members.filter(([, { length }]) => length > 0).map(([, m]) => [m.startTime()!, m.endTime()!] as const);
  const xDomain = domainOf(
    request,
    ends.reduce<number | null>((least, [start]) => Math.min(least ?? start, start), null),
    ends.reduce<number | null>((most, [, end]) => Math.max(most ?? end, end), null),
  );
  const pixels = pixelsAcross(request.size);
  const line = tickLine(members.map(([, member]) => member.axis), xDomain, pixels);
  const count = members.length;
  // As many labels as can be told apart.
  const height = request.size.height ?? bounded(90 + 14 * count);
  const step = Math.max(1, Math.ceil((12 * count) / Math.max(1, height - 80)));
  const figure: Figure = {
    ...common(request, xDomain),
    notes: [],
    yLabel: null,
    // The first member stands at the top.
    yDomain: [count - 0.5, -0.5],
    lanes: members.flatMap(([label], y) => label === "" || y % step !== 0 ? [] : [{ y, label }]),
    lines: [line],
    height,
    isColoured: false,
  };
  return { figure, samples: members.reduce((sum, [, { length }]) => sum + length, 0) };
}

function intervalFigure(request: FigureRequest, whole: IntervalSet): { figure: Figure; samples: number } {
  const shown = windowOf(whole, request.window);
  const xDomain = domainOf(
    request,
    shown.start[0] ?? null,
    shown.length === 0 ? null : Math.max(...shown.end.slice(-1)),
  );
  const spans = shadedSpans(shown, xDomain, pixelsAcross(request.size));
  const figure: Figure = {
    ...common(request, xDomain),
    notes: spans.length < shown.length ? [`${shown.length} intervals; those within a pixel are drawn as one`] : [],
    yLabel: null,
    yDomain: [0, 1],
    lanes: [],
    lines: [],
    spans,
    height: request.size.height ?? 160,
    isColoured: false,
  };
  return { figure, samples: shown.length };
}

function common(
  { title, size, shade, marks = [], xLabel = "Time (s)" }: FigureRequest,
  xDomain: readonly [number, number],
): Pick<Figure, "title" | "width" | "xLabel" | "xDomain" | "spans" | "marks"> {
  const spans = shade === undefined ? [] : shadedSpans(shade, xDomain, pixelsAcross(size));
  const seen = marks.filter(({ x }) => x >= xDomain[0] && x <= xDomain[1]);
  return { title, width: size.width, xLabel, xDomain, spans, marks: seen };
}

// What was asked for, as far as it was; else where data begin and end.
function domainOf({ window, title }: FigureRequest, first: number | null, last: number | null): [number, number] {
  const from = Number.isFinite(window.from) ? window.from : first ?? window.to;
  const to = Number.isFinite(window.to) ? window.to : last ?? window.from;
  if (!Number.isFinite(from) || !Number.isFinite(to)) {
    throw new NotFoundError(`Cannot plot ${title}: there is nothing in it`);
  }
  // One moment, too, needs some width around it.
  return from < to ? [from, to] : [from - 0.5, from + 0.5];
}

function bounded(height: number): number {
  return Math.min(MOST_HEIGHT, Math.max(160, height));
}

/** The columns chosen, as a series of one column or more; their labels; how many were left out. */
function pickColumns(
  series: ValueSeries,
  selection: Selection,
  title: string,
): { series: ValueSeries; labels: string[]; left: number } {
  const { shape } = series;
  const [rows, ...axes] = resolveSelection(selection, shape);
  if (!isWholeAxis(rows!, shape[0]!)) {
    throw new SelectionError(
      `Cannot select along the first axis of ${title}: --from and --to choose what is shown of it`,
    );
  }
  const names = series instanceof TsdFrame ? series.columns : null;
  const indices = axes.map(axisIndices);
  let labels = indices.reduce<string[]>(
    (before, axis) => before.flatMap((text) => Array.from(axis, (i) => `${text}${text && ","}${names?.[i] ?? i}`)),
    [""],
  );
  const count = labels.length;
  if (count === 0) throw new NotFoundError(`Cannot plot ${title}: its samples are empty (shape ${shape.join(" x ")})`);
  if (count > MOST_TRACES && (axes.length > 1 || selection !== undefined && selection !== null)) {
    throw new SelectionError(
      `Cannot plot ${count.toLocaleString("en")} columns of ${title} (${numpyName(series.dtype)}, shape ` +
        `${shape.join(" x ")}): choose at most ${MOST_TRACES} by --select`,
    );
  }
  labels = labels.slice(0, MOST_TRACES);
  const left = count - labels.length;
  if (left === 0 && (selection === undefined || selection === null)) return { series, labels, left };
  const taken = left > 0 ? [{ start: 0, stop: MOST_TRACES, step: 1 }] : selection!.slice(1);
  const values = takeAxes(series.values, taken);
  return { series: makeSeries(new TimeIndex(series.axis, series.timeSupport), values), labels, left };
}

/**
 * Figures as SVG, by Observable Plot. Nothing but what draws imports this, so that only who draws needs Plot.
 *
 * @module
 */

import { axisX, axisY, lineY, type Markish, plot, rect, ruleX, text } from "@observablehq/plot";
import { type Figure, type FigureMark, MARGIN_LEFT, MARGIN_RIGHT } from "./figure.ts";
import { printableName } from "../printable.ts";

/** Makes elements: a browser's document, or a library's. */
export type FigureDocument = NonNullable<NonNullable<Parameters<typeof plot>[0]>["document"]>;

/** What Plot calls its palette of ten, from dark to light. */
const COLOURS = [
  "#4269d0",
  "#efb118",
  "#ff725c",
  "#6cc5b0",
  "#3ca951",
  "#ff8ab7",
  "#a463f2",
  "#97bbf5",
  "#9c6b4e",
  "#9498a0",
];
const LINE_HEIGHT = 14;
const MOST_LABELS = 40;

/**
 * Draws a figure.
 *
 * @param figure What it shows
 * @param document Makes its elements
 * @returns The SVG, a document of its own
 */
export function figureSvg(figure: Figure, document: FigureDocument): string {
  const {
    width,
    height,
    xDomain,
    yDomain,
    lines,
    spans,
    lanes,
    title,
    notes,
    isColoured,
    marks: moments = [],
    scaleBar,
  } = figure;
  const captions = [title, ...notes];
  const marks: Markish[] = [
    rect(spans, {
      x1: (span: readonly [number, number]) => span[0],
      x2: (span: readonly [number, number]) => span[1],
      y1: () => yDomain[0],
      y2: () => yDomain[1],
      fill: "#f0c75e",
      // As wide as a pixel at least: an interval that can't be seen isn't shown.
      stroke: "#f0c75e",
      fillOpacity: 0.45,
      strokeOpacity: 0.45,
      className: "intervals",
    }),
    axisX({ label: figure.xLabel, labelAnchor: "center", labelArrow: "none", tickSpacing: 80 }),
    ...(lanes === null
      ? [axisY({ label: figure.yLabel === null ? null : printableName(figure.yLabel), labelArrow: "none" })]
      : [axisY(lanes.map(({ y }) => y), {
        label: null,
        tickFormat: (_: number, i: number) => printableName(lanes[i]!.label),
      })]),
    ...lines.map(({ x, y }, i) =>
      lineY(y, {
        x,
        y,
        stroke: isColoured ? COLOURS[i % COLOURS.length]! : "#222",
        strokeWidth: 1,
        strokeLinejoin: "round",
        className: "trace",
      })
    ),
    ...(moments.length === 0 ? [] : [
      ruleX(moments, { x: "x", stroke: "#b03060", strokeOpacity: 0.7, strokeDasharray: "3,2", className: "events" }),
      // More labels than these couldn't be told apart.
      text(moments.length > MOST_LABELS ? [] : moments, {
        x: "x",
        text: ({ label }: FigureMark) => printableName(label),
        frameAnchor: "top",
        textAnchor: "start",
        dx: 2,
        dy: 2,
        fill: "#b03060",
        fontSize: 9,
        lineAnchor: "top",
      }),
    ]),
    ...(scaleBar === undefined || scaleBar === null ? [] : [
      ruleX([xDomain[1]], {
        x: (x: number) => x,
        y1: () => scaleBar.from,
        y2: () => scaleBar.to,
        stroke: "#000",
        strokeWidth: 3,
        className: "scale-bar",
      }),
      text([printableName(scaleBar.label)], {
        x: () => xDomain[1],
        y: () => (scaleBar.from + scaleBar.to) / 2,
        textAnchor: "end",
        dx: -6,
        fontWeight: "bold",
        stroke: "white",
        fill: "#000",
      }),
    ]),
    ...captions.map((caption, i) =>
      text([printableName(caption)], {
        frameAnchor: "top-left",
        dy: (i - captions.length) * LINE_HEIGHT - 4,
        fontWeight: i === 0 ? "bold" : "normal",
        fontSize: 11,
      })
    ),
  ];
  const svg = plot({
    document,
    className: "microtome",
    width,
    height,
    marginLeft: MARGIN_LEFT,
    marginRight: MARGIN_RIGHT,
    marginTop: captions.length * LINE_HEIGHT + 12,
    marginBottom: 40,
    // Domains are as they are: rounding them would move what is drawn from where it lies.
    x: { domain: [...xDomain], nice: false },
    y: { domain: [...yDomain], nice: false },
    style: { background: "white", color: "#222" },
    marks,
  });
  // A document of its own says what it is; within HTML that goes without saying.
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${svg.outerHTML}\n`;
}

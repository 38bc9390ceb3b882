/**
 * Figures as SVG, by Observable Plot. Nothing but what draws imports this, so that only who draws needs Plot.
 *
 * @module
 */

import { axisX, axisY, lineY, type Markish, plot, rect, text } from "@observablehq/plot";
import { type Figure, MARGIN_LEFT, MARGIN_RIGHT } from "./figure.ts";
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

/**
 * Draws a figure.
 *
 * @param figure What it shows
 * @param document Makes its elements
 * @returns The SVG, a document of its own
 */
export function figureSvg(figure: Figure, document: FigureDocument): string {
  const { width, height, xDomain, yDomain, lines, spans, lanes, title, notes, isColoured } = figure;
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

/**
 * Traces below each other as a picture, with axes: what YASS' examples draw.
 *
 * @module
 */

import { checkOptions } from "../../source/options.ts";

/** One picture of the figure. */
export interface TracePanel {
  /** What stands above it. */
  readonly title: string;
  /** The values, one after the other in time. */
  readonly values: ArrayLike<number>;
  /** What stands beside it: the unit of the values. */
  readonly unit: string;
}

/** Options of {@linkcode tracesSvg}. */
export interface TracesSvgOptions {
  /**
   * Width, in pixels.
   *
   * @default {900}
   */
  readonly width?: number | undefined;
  /**
   * Height of a panel, in pixels.
   *
   * @default {190}
   */
  readonly panelHeight?: number | undefined;
  /** Samples per second: the axis is then in seconds, else it counts observations. */
  readonly samplingRate?: number | undefined;
}

const LEFT = 84;
const RIGHT = 20;
const TOP = 34;
const BOTTOM = 44;

/**
 * Draws traces below each other as SVG.
 *
 * @param panels The traces
 * @param options How large
 * @returns The picture's text
 *
 * @example Usage
 * ```ts
 * import { tracesSvg } from "./traces_svg.ts";
 * import assert from "node:assert/strict";
 *
 * const svg = tracesSvg([{ title: "Raw data", values: [0, 1, 0, -1], unit: "a.u." }]);
 * assert.match(svg, /^<svg .*Raw data/s);
 * ```
 */
export function tracesSvg(panels: readonly TracePanel[], options: TracesSvgOptions = {}): string {
  checkOptions(options, { width: true, panelHeight: true, samplingRate: true }, "draw traces");
  const { width = 900, panelHeight = 190, samplingRate } = options;
  const height = panels.length * panelHeight;
  const parts = panels.map((panel, i) => panelSvg(panel, i * panelHeight, width, panelHeight, samplingRate));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="white"/>\n${
      parts.join("\n")
    }\n</svg>\n`;
}

function panelSvg(
  { title, values, unit }: TracePanel,
  y: number,
  width: number,
  panelHeight: number,
  rate: number | undefined,
): string {
  const [w, h] = [width - LEFT - RIGHT, panelHeight - TOP - BOTTOM];
  const finite = Array.from(values).filter(Number.isFinite);
  const [least, most] = finite.reduce(([a, b], v) => [Math.min(a, v), Math.max(b, v)], [Infinity, -Infinity]);
  const [low, high] = finite.length === 0 ? [-1, 1] : least === most ? [least - 1, most + 1] : [least, most];
  const end = Math.max(1, values.length - 1);
  const x = (i: number) => LEFT + i / end * w;
  const level = (value: number) => y + TOP + (high - value) / (high - low) * h;
  const unitOfTime = rate === undefined ? 1 : rate;
  const across = ticks(0, end / unitOfTime).map((tick) => {
    const at = x(tick * unitOfTime).toFixed(1);
    const bottom = y + TOP + h;
    return `<path d="M${at} ${bottom}v5" stroke="black"/><text x="${at}" y="${
      bottom + 18
    }" text-anchor="middle">${tick}</text>`;
  });
  const up = ticks(low, high).map((tick) => {
    const at = level(tick).toFixed(1);
    return `<path d="M${LEFT} ${at}h-5" stroke="black"/><text x="${
      LEFT - 8
    }" y="${at}" text-anchor="end" dominant-baseline="middle">${tick}</text>`;
  });
  let isDown = false;
  const path = Array.from(values, (value, i) => {
    if (!Number.isFinite(value)) {
      isDown = false;
      return "";
    }
    const command = isDown ? "L" : "M";
    isDown = true;
    return `${command}${x(i).toFixed(1)} ${level(value).toFixed(1)}`;
  }).join("");
  const middle = y + TOP + h / 2;
  return [
    `<text x="${LEFT + w / 2}" y="${y + 20}" text-anchor="middle" font-size="14">${escaped(title)}</text>`,
    `<rect x="${LEFT}" y="${y + TOP}" width="${w}" height="${h}" fill="none" stroke="black"/>`,
    ...across,
    ...up,
    `<text x="${LEFT + w / 2}" y="${y + TOP + h + 36}" text-anchor="middle">${
      rate === undefined ? "observation" : "time (s)"
    }</text>`,
    `<text transform="translate(16 ${middle}) rotate(-90)" text-anchor="middle">${escaped(unit)}</text>`,
    `<path d="${path}" fill="none" stroke="#1f77b4" stroke-width="1"/>`,
  ].join("\n");
}

/** Round numbers within a range, about five of them. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough)!;
  const count = Math.floor(high / step + 1e-9) - Math.ceil(low / step - 1e-9) + 1;
  return Array.from({ length: count }, (_, i) => Number(((Math.ceil(low / step - 1e-9) + i) * step).toPrecision(6)));
}

function escaped(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

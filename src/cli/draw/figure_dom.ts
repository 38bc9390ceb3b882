/**
 * Figures as SVG where there is no browser.
 *
 * @module
 */

import { parseHTML } from "linkedom";
import type { Figure } from "../../show/draw/figure.ts";
import { type FigureDocument, figureSvg } from "../../show/draw/figure_svg.ts";

/**
 * Draws a figure.
 *
 * @param figure What it shows
 * @returns The SVG
 */
export function renderSvg(figure: Figure): string {
  const page = parseHTML("<!DOCTYPE html><html><body></body></html>") as unknown as { document: FigureDocument };
  return figureSvg(figure, page.document);
}

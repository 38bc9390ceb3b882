/**
 * Pictures: what the command line draws, by Observable Plot over a DOM that needs no browser.
 *
 * @module
 */
import { parseHTML } from "linkedom/worker";
import { type FigureDocument, figureOf, type FigureRequest, figureSvg } from "../../src/show/draw/mod.ts";

/**
 * Draws an entry.
 *
 * @param request What to draw
 * @returns An SVG
 */
export async function drawEntry(request: FigureRequest): Promise<string> {
  const { figure } = await figureOf(request);
  const page = parseHTML("<!DOCTYPE html><html><body></body></html>") as unknown as { document: FigureDocument };
  return figureSvg(figure, page.document);
}

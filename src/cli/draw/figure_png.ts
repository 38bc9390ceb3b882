/**
 * SVG as PNG. Text is drawn with the fonts of the system.
 *
 * @module
 */

import { Resvg } from "@resvg/resvg-js";

/**
 * Draws an SVG as pixels, two for each of its own, as screens have them now.
 *
 * @param svg The SVG
 * @returns The bytes of a PNG file
 */
export function renderPng(svg: string): Uint8Array {
  const picture = new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
    logLevel: "off",
  });
  return picture.render().asPng();
}

/**
 * Entries of NWB files as pictures: traces and rasters as SVG, by Observable Plot (the package `@observablehq/plot`) over any DOM.
 *
 * @module
 */
export type { Figure, FigureMark, FigureSize, ScaleBar } from "./figure.ts";
export { figureOf, type FigureRequest } from "./figure_series.ts";
export { type FigureDocument, figureSvg } from "./figure_svg.ts";
export { siText } from "./scale_bar.ts";

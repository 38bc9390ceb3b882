/**
 * From figures to files. What draws is loaded only here, once something is to be drawn.
 *
 * @module
 */

import { extname } from "@std/path";
import { UnsupportedError } from "../../source/errors.ts";
import type { Figure } from "../../show/draw/figure.ts";
import { UsageError } from "../io.ts";

/** Draws a figure. */
export type Drawer = (figure: Figure) => Promise<string | Uint8Array>;

const DRAWERS: Readonly<Record<string, Drawer>> = { ".svg": drawSvg, ".png": drawPng };

/**
 * What draws a kind of file.
 *
 * @param path The file
 * @throws {UsageError} If its ending says nothing
 */
export function drawerFor(path: string): Drawer {
  const drawer = DRAWERS[extname(path).toLowerCase()];
  if (drawer !== undefined) return drawer;
  throw new UsageError(`Cannot draw ${JSON.stringify(path)}: expected a name that ends in .svg or .png`);
}

async function drawSvg(figure: Figure): Promise<string> {
  const { renderSvg } = await loaded(() => import("./figure_dom.ts"), "@observablehq/plot and linkedom");
  return renderSvg(figure);
}

async function drawPng(figure: Figure): Promise<Uint8Array> {
  const { renderPng } = await loaded(() => import("./figure_png.ts"), "@resvg/resvg-js");
  return renderPng(await drawSvg(figure));
}

// In the npm package these are peers that only those install who draw.
async function loaded<T>(load: () => Promise<T>, packages: string): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message = (cause as Error).message.split("\n")[0];
    throw new UnsupportedError(`Cannot draw without ${packages}, which must be installed: ${message}`, { cause });
  }
}

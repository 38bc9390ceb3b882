/**
 * Pages in Chromium that tell what they have read.
 *
 * @module
 */
import { runInChromium } from "../../support/run_chromium.ts";
import type { App } from "./row.ts";

/**
 * Opens a page and waits for its answer.
 *
 * @param app The app.
 * @param page Its script, and the files beside it.
 * @returns The answer.
 */
export async function runPage(
  app: App,
  page: { readonly script: string; readonly files?: ReadonlyMap<string, Uint8Array> },
): Promise<unknown> {
  const { script, files = new Map() } = page;
  return JSON.parse(await runInChromium(app.programs.chromium, { script, files, seconds: 120 }));
}

/**
 * Opens a page that another server has, and waits for its answer.
 *
 * @param app The app.
 * @param url The page's address.
 * @returns The answer.
 */
export async function visitPage(app: App, url: string): Promise<unknown> {
  return await runPage(app, { script: `location.href = "${url}?tell=" + encodeURIComponent(location.origin);` });
}

/**
 * Serves the files that the portable cases read.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import type { Context } from "./types.ts";

/** Files that are being served. */
export interface ServedFiles extends AsyncDisposable {
  /** What the suite is told of them. */
  readonly context: Context;
}
/** trial */
export async function serveFiles(): Promise<ServedFiles> {
  await Promise.resolve(join);
  return {
    context: {
      base: "http://127.0.0.1:1/",
      run: "",
      fixtures: [],
      corpus: [],
      directory: fromFileUrl(new URL("../", import.meta.url)),
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

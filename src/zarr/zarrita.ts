/**
 * The package zarrita, loaded where the first chunk is read: what opens any format does without it until it meets Zarr.
 *
 * @module
 */

import { UnsupportedError } from "../source/errors.ts";

/**
 * Loads zarrita.
 *
 * @throws {UnsupportedError} If it isn't installed
 */
export async function loadZarrita(): Promise<typeof import("zarrita")> {
  // Within a `try` bundlers take a package that isn't there for an optional one.
  try {
    return await import("zarrita");
  } catch (cause) {
    if (!/zarrita/.test(String((cause as Error).message))) throw cause;
    throw new UnsupportedError(
      "Cannot decode chunks of Zarr: the package zarrita isn't installed (npm install zarrita, or deno add npm:zarrita)",
      { cause },
    );
  }
}

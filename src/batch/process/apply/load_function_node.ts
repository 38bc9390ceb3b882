/**
 * Loading a function by its module's URL, where there are modules to load: in Deno, Bun and Node.
 *
 * @module
 */

import type { NDArray, NumericData } from "../../../array/types.ts";

/** A function of a batch and of its keywords. */
type Found = (batch: NDArray<NumericData>, options: object) => unknown;

/**
 * Loads it.
 *
 * @param module The module's URL
 * @param name The name that it exports it by
 * @throws {TypeError} If it has no such function
 */
export async function loadFunction(module: string, name: string): Promise<Found> {
  if (!/^(file|https?|data):/.test(module)) {
    throw new TypeError(
      `Cannot load the module ${JSON.stringify(module)}: expected a URL, such as new URL("./mine.ts", import.meta.url)`,
    );
  }
  const loaded = await load(module);
  const found = loaded[name];
  if (typeof found !== "function") {
    throw new TypeError(`Cannot apply ${JSON.stringify(name)} of ${module}: it exports no function of that name`);
  }
  return found as Found;
}

// Made of text, as registries refuse an import whose address they can't see: this one is the user's own.
const load = new Function("address", "return import(address);") as (
  address: string,
) => Promise<Readonly<Record<string, unknown>>>;

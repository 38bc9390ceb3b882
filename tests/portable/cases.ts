import type { Case, Context } from "./types.ts";

/** Trial. */
export function cases(_context: Context): Case[] {
  return [{
    name: "floats",
    run: () => Promise.resolve([new Float64Array([1, NaN, -0]), 3n, -0, new RangeError("x")]),
  }];
}

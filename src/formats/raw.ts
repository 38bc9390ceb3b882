/**
 * Flat binary files as a format: by what the caller says of them, or a sidecar does.
 *
 * @module
 */

import { openRaw } from "../raw/open_raw.ts";
import type { RawArray } from "../raw/raw_array.ts";
import type { SourceInput } from "../source/open_source.ts";
import type { SourceFormat } from "./format.ts";
import { openedArray } from "./one_array.ts";

/** Plain elements without a header. */
export const RAW: SourceFormat<"raw", RawArray> = {
  name: "raw",
  description: "flat binary file",
  recognises: ({ formatOptions }) => formatOptions.raw !== undefined,
  mayBe: ({ path }) => /\.(bin|dat|raw)$/i.test(path),
  async open({ given, options, formatOptions }) {
    // A sidecar lies beside a path or URL.
    const array = await openRaw(given as SourceInput, { ...options, ...formatOptions.raw });
    return openedArray(RAW, array, { byteLength: array.offset + array.byteLength, meter: options.meter });
  },
};

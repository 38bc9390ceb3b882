/**
 * What kind of thing a source is, and how it is opened: `openAny`, and the registry that it looks into.
 *
 * ```ts
 * import { openAny } from "./mod.ts";
 *
 * await using opened = await openAny("tests/data/session.nwb");
 * console.log(opened.format, await opened.keys());
 * ```
 *
 * @module
 */

export type {
  Format,
  FormatOptions,
  InnerFormat,
  OpenAnyInput,
  OpenedBy,
  Probe,
  RawLayout,
  SourceFormat,
} from "./format.ts";
export { openAny, type OpenAnyOptions } from "./open_any.ts";
export { type Contents, type ListOptions, Opened, type OpenedOptions } from "./opened.ts";
export { FORMATS } from "./registry.ts";

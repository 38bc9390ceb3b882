/**
 * What a format says of itself, to be one line of the registry.
 *
 * @module
 */

import type { OpenOptions } from "../hdf5/file.ts";
import type { RawOptions } from "../raw/open_raw.ts";
import type { CostMeter } from "../source/cost.ts";
import type { SourceInput, SourceOptions } from "../source/open_source.ts";
import type { ZarrStore } from "../zarr/types.ts";
import type { Opened } from "./opened.ts";

/** What can be opened: a source of bytes, a folder or its URL, a store of Zarr's. */
export type OpenAnyInput = SourceInput | ZarrStore | ReadonlyMap<string, Uint8Array>;

/** How a flat binary file is laid out, which its bytes can't tell. */
export type RawLayout = Pick<RawOptions, "dtype" | "shape" | "order" | "offset" | "scale">;

/** Options that single formats take. */
export interface FormatOptions extends Pick<OpenOptions, "external" | "missingSources" | "maxLinks"> {
  /** How a flat binary file is laid out. Where this is given, the source is one, whatever it begins with. */
  readonly raw?: RawLayout | undefined;
}

/** What is known of a source before it is opened as anything. */
export interface Probe {
  /** What was given. */
  readonly given: OpenAnyInput;
  /**
   * What formats open: the given source, connected already, its first bytes with it. Only a path or URL as it was given
   * where it is a folder.
   */
  readonly input: OpenAnyInput;
  /** What messages call it. */
  readonly name: string;
  /** The path of its path or URL, without query; empty where it has none. */
  readonly path: string;
  /** Size of it, or `null` where it is a folder, a store, or wasn't looked at. */
  readonly byteLength: number | null;
  /** Whether it is a folder: on disk one, on a server by its name. */
  readonly isFolder: boolean;
  /** Names in it, folders with a slash behind, where it is a folder on disk or a map; else `null`. */
  readonly names: readonly string[] | null;
  /** Its first bytes, 1,024 where it has so many; of a folder or a store none. */
  readonly head: Uint8Array;
  /** What kind of file its first bytes say that it is, as `kindOf` of src/source/signatures.ts has it. */
  readonly kind: string | null;
  /** Options of HTTP, limits, the meter that counts all. */
  readonly options: SourceOptions & { readonly meter: CostMeter };
  /** Options that single formats take. */
  readonly formatOptions: FormatOptions;
}

/** A format that is told by what a source begins with. */
export interface SourceFormat<N extends string = string, H = unknown> {
  /** What it is called, in `opened.format` and the option `format`. */
  readonly name: N;
  /** What it is, in words. */
  readonly description: string;
  /** Whether the first bytes say so. */
  recognises(probe: Probe): boolean;
  /** Whether to try it where the first bytes say nothing: by the name, or by looking closer. */
  mayBe?(probe: Probe): boolean;
  /**
   * Opens a source. Packages that it needs are loaded here or later, by `import()`, so that who never meets the format needs
   * none of them. Modules of our own aren't: bundlers keep whole what is imported so, also where nobody uses `openAny`.
   *
   * @throws {UnknownFormatError} If it is of another format: where `mayBe` said so, the next one is tried
   */
  open(probe: Probe): Promise<Opened<N, H>>;
}

/** A format that lies in another one, and is told by what stands in that. */
export interface InnerFormat<N extends string = string, H = unknown> {
  /** What it is called, in `opened.format` and the option `format`. */
  readonly name: N;
  /** What it is, in words. */
  readonly description: string;
  /** Name of the format that it lies in. */
  readonly within: string;
  /**
   * Looks into what was opened.
   *
   * @param outer What was opened as the outer format
   * @param options Those that it was opened with
   * @returns It as this format, which closes what was given; `null` where it is none
   */
  adopt(outer: Opened<string, unknown>, options: Probe["options"]): Promise<Opened<N, H> | null>;
}

/** A line of the registry. */
export type Format<N extends string = string, H = unknown> = SourceFormat<N, H> | InnerFormat<N, H>;

/** What a format opens. */
export type OpenedBy<F> = F extends Format<infer N, infer H> ? Opened<N, H> : never;

/**
 * Opening a file by what it is.
 *
 * @module
 */

import { checkOptions } from "../source/options.ts";
import type { Npz } from "../npy/npz.ts";
import { loadNpz } from "../series/npz/npz.ts";
import type { SeriesObject } from "../series/npz/write.ts";
import { FormatError } from "../source/errors.ts";
import type { SourceInput } from "../source/open_source.ts";
import { NWB_OPTIONS, NWBFile, type NwbOptions } from "./nwb_file.ts";

/**
 * Opens what pynapple's `load_file` does: an NWB file as a dictionary of series, an `.npz` file as the series that it
 * holds. Which of them it is its name tells, or where it has none, as bytes haven't, its first bytes.
 *
 * @param source A path, a URL, bytes, a `Blob`, an R2 object
 * @param options Options
 * @returns An {@linkcode NWBFile}, to be closed; a series in memory; or the archive, open, of an `.npz` without a series
 * @throws {FormatError} If it is neither
 * @throws {NotFoundError} If there is no such file
 *
 * @example Usage
 * ```ts
 * import { loadFile } from "./load_file.ts";
 * import { NWBFile } from "./nwb_file.ts";
 *
 * const data = await loadFile("tests/data/session.nwb");
 * if (data instanceof NWBFile) {
 *   console.log(data.keys());
 *   await data.close();
 * }
 * ```
 */
export async function loadFile(source: SourceInput, options: NwbOptions = {}): Promise<NWBFile | SeriesObject | Npz> {
  checkOptions(options, NWB_OPTIONS, "load a file");
  const kind = await kindOf(source);
  const { raw: _raw, external: _external, maxLinks: _links, missingSources: _missing, ...reading } = options;
  if (kind === "npz") return await loadNpz(source, reading);
  if (kind === "nwb") return await NWBFile.open(source, options);
  throw new FormatError(`Cannot load ${kind}: the file format is not supported, expected .nwb or .npz`);
}

// `nwb`, `npz`, or the name of what is neither.
async function kindOf(source: SourceInput): Promise<string> {
  const name = nameOf(source);
  if (name !== null) return /\.npz$/i.test(name) ? "npz" : /\.(nwb|h5|hdf5)$/i.test(name) ? "nwb" : name;
  const head = await headOf(source);
  // ZIP archives begin with PK; what is no HDF5 either says so when it is opened.
  return head[0] === 0x50 && head[1] === 0x4b ? "npz" : "nwb";
}

function nameOf(source: SourceInput): string | null {
  if (typeof source === "string" || source instanceof URL) return String(source).replace(/[?#].*$/, "");
  if ("key" in source) return source.key;
  return typeof File !== "undefined" && source instanceof File ? source.name : null;
}

async function headOf(source: SourceInput): Promise<Uint8Array> {
  if (ArrayBuffer.isView(source)) {
    return new Uint8Array(source.buffer, source.byteOffset, Math.min(2, source.byteLength));
  }
  if (source instanceof Blob) return new Uint8Array(await source.slice(0, 2).arrayBuffer());
  if (typeof source === "object" && "slice" in source && typeof source.slice === "function") {
    return new Uint8Array(await source.slice(0, 2));
  }
  if (typeof source === "object" && "read" in source) {
    return await source.read({ offset: 0, length: Math.min(2, source.byteLength) });
  }
  return new Uint8Array(0);
}

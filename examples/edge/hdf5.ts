/**
 * What lies within HDF5.
 *
 * @module
 */
import { H5File } from "../../mod.ts";
import type { Opened } from "../../src/formats/mod.ts";
import { Refusal } from "./refusal.ts";

/**
 * The HDF5 file that was opened.
 *
 * @param file What was opened
 * @throws {Refusal} 422 if it is another kind of file
 */
export function hdf5Of({ handle, name, format }: Opened): H5File {
  if (handle instanceof H5File) return handle;
  throw new Refusal(422, "format", `Cannot read ${name} so: it is ${format}, and this route is for HDF5`);
}

/**
 * `.npz` archives as a format.
 *
 * @module
 */

import { type Npz, openNpz } from "../npy/npz.ts";
import { NotFoundError } from "../source/errors.ts";
import type { SourceInput } from "../source/open_source.ts";
import type { SourceFormat } from "./format.ts";
import { Opened } from "./opened.ts";

/** Arrays of NumPy's in a ZIP archive: what its first member is says so, or else its name. */
export const NPZ: SourceFormat<"npz", Npz> = {
  name: "npz",
  description: "NumPy arrays in a ZIP archive",
  recognises: ({ kind, path }) => kind === "NPZ" || kind === "ZIP" && /\.npz$/i.test(path),
  async open({ input, options }) {
    const npz = await openNpz(input as SourceInput, options);
    const keysBelow = (below: string) => {
      const key = keyOf(below);
      return key === "" ? npz.keys().filter((key) => npz.zip.has(`${key}.npy`)) : [key];
    };
    return new Opened<"npz", Npz>({
      format: NPZ,
      name: npz.name,
      byteLength: npz.byteLength,
      meter: options.meter,
      handle: npz,
      keys: keysBelow,
      async get(path, { signal }) {
        const key = keyOf(path);
        if (key !== "") return await npz.get(key, { signal });
        throw new NotFoundError(
          `Cannot read ${npz.name} as one array: it is an archive; give one of ${npz.keys().join(", ")}`,
          { file: npz.name, object: path },
        );
      },
      entries: async (below, { signal }) => [...await npz.getAll(keysBelow(below), { signal })],
      close: () => npz.close(),
    });
  },
};

/** Members have no slash in front. */
function keyOf(path: string): string {
  return path.replace(/^\/+/, "");
}

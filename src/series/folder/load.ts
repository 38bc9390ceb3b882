/**
 * Looking through folders.
 *
 * @module
 */

import { checkOptions, type OptionNames } from "../../source/options.ts";
import { LimitError } from "../../source/errors.ts";
import { Folder, type FolderEntry, type FolderOptions } from "./folder.ts";

/** How many files and folders are looked at, and how deep. */
const [MOST, DEEPEST] = [100_000, 100];

/**
 * Looks through a folder of the file system and all folders in it, for `.npz` and `.nwb` files; opens none of them.
 *
 * Hidden entries, whose names begin with a dot, are passed over. Symbolic links are followed as long as they lead to
 * something in the folder; others are left out, and told in {@linkcode Folder.warnings}.
 *
 * @param path Path, or URL with the scheme `file`
 * @param options How NWB files are opened
 * @returns The folder. Close it, or hold it by `await using`
 * @throws {NotFoundError} If there is none
 * @throws {WrongKindError} If it is no folder
 * @throws {LimitError} If it holds more than 100,000 files and folders, or these lie more than 100 deep
 * @throws {UnsupportedError} If this runtime has no files
 *
 * @example Usage
 * ```ts
 * import { loadFolder } from "./load.ts";
 * import { Tsd } from "../tsd.ts";
 * import assert from "node:assert/strict";
 *
 * const path = await Deno.makeTempDir();
 * await using folder = await loadFolder(path);
 * await folder.save("position", new Tsd([0, 1], [5, 6]), { description: "x, in cm" });
 * assert.deepEqual(folder.keys(), ["position"]);
 * assert.match(await folder.expand(), /└── position.npz {4}\| {8}Tsd$/);
 * assert.match(await folder.info("position"), /│ info : x, in cm +│/);
 * await Deno.remove(path, { recursive: true });
 * ```
 */
export async function loadFolder<N = never>(path: string | URL, options: FolderOptions<N> = {}): Promise<Folder<N>> {
  checkOptions(options, FOLDER_OPTIONS, "load a folder");
  const { openDisk } = await import("./folder_node.ts");
  const disk = await openDisk(path);
  let seen = 0;
  const scan = async (place: readonly string[], ancestors: readonly string[]): Promise<Folder<N>> => {
    const { entries, left } = await disk.list(place);
    seen += entries.length;
    if (seen > MOST || ancestors.length > DEEPEST) {
      throw new LimitError(
        `Cannot load the folder ${JSON.stringify(String(path))}: it has more than ${
          MOST.toLocaleString("en")
        } files and ` +
          `folders, or they lie more than ${DEEPEST} deep`,
      );
    }
    const found: FolderEntry<N>[] = [];
    for (const { kind, name, real } of entries) {
      if (kind === "file") {
        const [, end] = /.\.(npz|nwb)$/.exec(name) ?? [];
        if (end !== undefined) found.push({ kind: end as "npz" | "nwb", name });
      } else if (!ancestors.includes(real)) {
        // A link to a folder that it lies in would have no end.
        found.push({ kind, name, folder: await scan([...place, name], [...ancestors, real]) });
      }
    }
    return new Folder<N>({ disk, place, entries: found, warnings: left, options });
  };
  return await scan([], [disk.root]);
}

const FOLDER_OPTIONS: OptionNames<FolderOptions<never>> = { openNwb: true, lazy: true };

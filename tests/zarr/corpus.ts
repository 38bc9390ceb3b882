/**
 * The Zarr hierarchies of the corpus, and what is read of them.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { elements, flatten } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import { openZarr, type ZarrArray, type ZarrGroup } from "../../src/zarr/mod.ts";

/** The folder of the corpus, with a slash behind. */
export const CORPUS: string = fileURLToPath(new URL("../../../shared/data/zarr/", import.meta.url));

/** Whether it is there. */
export const HAS_CORPUS: boolean = existsSync(CORPUS);

/** What is put behind a test's name where it isn't. */
export const WITHOUT: string = HAS_CORPUS ? "" : " (skipped: no corpus)";

/** Folders and archives that hold hierarchies. */
export const STORES: readonly string[] = [
  "netcdf-c__ref_byte_fill_value_null.zarr.zip",
  "netcdf-c__ref_noshape.file.zip",
  "netcdf-c__ref_oldformat.zip",
  "netcdf-c__ref_power_901_constants_orig.zip",
  "netcdf-c__ref_quotes_orig.zip",
  "ophys_testing_data__minian",
  "zarr.js__fixtures",
  "zarrita.js__fixtures/v2/data.zarr",
  "zarrita.js__fixtures/v2/data.zipped_from_parent.zarr.zip",
  "zarrita.js__fixtures/v2/data.zipped_from_within.zarr.zip",
  "zarrita.js__fixtures/v3/data.zarr",
  "zarrita.js__fixtures/v3/data.uncompressed.zarr.zip",
  "zarrita.js__fixtures/v3/data.zipped_from_parent.zarr.zip",
  "zarrita.js__fixtures/v3/data.zipped_from_within.zarr.zip",
  "zarrs__testdata",
  "zarrs__testdata/zarr_python_compat/zarr.zip",
];

/** One array as it was read, or why it wasn't. */
export interface ReadArray {
  readonly store: string;
  readonly path: string;
  readonly array?: ZarrArray;
  readonly read?: NDArray;
  readonly error?: Error;
}

/**
 * Reads every array of a hierarchy.
 *
 * @param store Its name in the corpus.
 */
export async function readAll(store: string): Promise<ReadArray[]> {
  await using root = await openZarr(CORPUS + store);
  const out: ReadArray[] = [];
  const visit = async (path: string, node: ZarrArray | ZarrGroup): Promise<void> => {
    if (node.kind === "array") {
      const read = await node.read().catch((error: Error) => error);
      out.push({ store, path, array: node, ...(read instanceof Error ? { error: read } : { read }) });
      return;
    }
    for (const member of await node.members()) {
      const below = path === "" ? member.name : `${path}/${member.name}`;
      if (member.node === undefined) out.push({ store, path: below, error: member.error! });
      else if (member.name !== "zarr.zip") await visit(below, member.node);
    }
  };
  await visit("", root);
  return out;
}

/** SHA-256 of an array's bytes in C order, little-endian, as they would lie in a file. */
export function digest(array: NDArray, itemsize: number): string {
  const data = flatten(array).data;
  if (Array.isArray(data)) throw new TypeError("Values that aren't numbers have no bytes");
  const bytes = data instanceof Float32Array && itemsize === 2
    ? new Uint8Array(Float16Array.from(data).buffer)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash("sha256").update(bytes).digest("hex");
}

/** The elements as values. */
export function values(array: NDArray): unknown[] {
  return [...elements(array)];
}

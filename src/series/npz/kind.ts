/**
 * What an `.npz` file holds, by pynapple's rules.
 *
 * @module
 */

import type { NpyArray } from "../../npy/npy_array.ts";
import type { Npz } from "../../npy/npz.ts";
import { WrongKindError } from "../../source/errors.ts";
import type { ReadOptions } from "../../source/types.ts";

/** What an `.npz` file can hold. */
export type SeriesKind = "Ts" | "Tsd" | "TsdFrame" | "TsdTensor" | "TsGroup" | "IntervalSet";

/** Members without which a file isn't of a kind; the first kind that has all is taken. */
export const EXPECTED: Readonly<Record<SeriesKind, readonly string[]>> = {
  TsGroup: ["t", "start", "end", "index"],
  TsdFrame: ["t", "d", "start", "end"],
  TsdTensor: ["t", "d", "start", "end"],
  Tsd: ["t", "d", "start", "end"],
  Ts: ["t", "start", "end"],
  IntervalSet: ["start", "end"],
};

const KINDS = /* @__PURE__ */ Object.keys(EXPECTED) as SeriesKind[];

/** Which kind an archive is of, `null` for none: see `openSeriesNpz`. */
export async function kindOf(npz: Npz, { signal }: ReadOptions): Promise<SeriesKind | null> {
  const has = (kind: SeriesKind) => EXPECTED[kind].every((key) => npz.has(key));
  if (npz.has("type")) {
    // Whatever else is called so says nothing.
    const type = await openArray(npz, "type", { signal });
    if (type?.dtype.kind === "string" && type.size > 0) {
      const [name] = (await type.read(type.shape.map(() => 0), { signal })).data;
      const kind = KINDS.find((kind) => kind === name);
      if (kind !== undefined) return kind;
    }
  }
  if (has("TsGroup")) return "TsGroup";
  if (!npz.has("d")) return KINDS.find((kind) => has(kind)) ?? null;
  if (!has("Tsd")) return null;
  const axes = (await openArray(npz, "d", { signal }))?.shape.length ?? 0;
  return axes === 0 ? null : axes === 1 ? "Tsd" : axes === 2 ? "TsdFrame" : "TsdTensor";
}

/** A member as an array; `null` for one that is something else. */
export async function openArray(npz: Npz, key: string, options: ReadOptions): Promise<NpyArray | null> {
  try {
    return await npz.get(key, options);
  } catch (error) {
    if (error instanceof WrongKindError) return null;
    throw error;
  }
}

/** Inputs that several tests here are about. */
import { CostMeter } from "../../src/source/cost.ts";
import { resolveLimits } from "../../src/source/limits.ts";
import type { Consolidated, NodeDocument } from "../../src/zarr/read/document.ts";
import { ZarrGroup } from "../../src/zarr/group.ts";

/** A group of so many groups of one group each, whose documents are kept together; counts keys that are looked at. */
export function consolidatedGroup(count: number): { group: ZarrGroup; looks: { count: number } } {
  const looks = { count: 0 };
  const empty = (): NodeDocument => ({ kind: "group", zarrFormat: 3, attributes: {}, consolidated: null });
  class Counted extends Map<string, () => NodeDocument> {
    override *keys(): MapIterator<string> {
      for (const key of super.keys()) {
        looks.count++;
        yield key;
      }
      return undefined;
    }
  }
  const documents: Consolidated = new Counted(
    Array.from({ length: count }, (_, i) => [[`g${i}`, empty], [`g${i}/x`, empty]] as const).flat(),
  );
  const store = {
    name: "a store",
    meter: new CostMeter(),
    get: () => Promise.resolve(undefined),
    getRange: () => Promise.resolve(undefined),
    list: () => Promise.resolve(null),
    close: () => Promise.resolve(),
  };
  const group = new ZarrGroup({ store, limits: resolveLimits() }, "", 3, {}, { path: "", documents });
  return { group, looks };
}

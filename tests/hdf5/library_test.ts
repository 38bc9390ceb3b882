import assert from "node:assert/strict";
import fc from "fast-check";
import { type Dataset, type NDArray, open, slice } from "../../mod.ts";
import { flatten } from "../../src/array/mod.ts";
import type { AxisSelection, NumericData } from "../../mod.ts";

const DATA = new URL("../data/", import.meta.url);

/** All datasets of a fixture that the bulk path can read. */
async function directDatasets(name: string): Promise<{ datasets: Dataset[]; close: () => Promise<void> }> {
  const file = await open(new URL(name, DATA));
  const datasets: Dataset[] = [];
  for (const { object } of await file.members()) {
    if (object?.kind === "dataset" && object.direct && object.size > 0) datasets.push(object);
  }
  return { datasets, close: () => file.close() };
}

const axis = (length: number): fc.Arbitrary<AxisSelection> =>
  fc.oneof(
    fc.constant(null),
    fc.integer({ min: -length, max: length - 1 }),
    fc.tuple(fc.nat(length), fc.nat(length + 2), fc.constantFrom(1, 1, 2, 5))
      .map(([start, stop, step]) => slice(start, stop, step)),
    fc.tuple(fc.nat(length - 1), fc.constantFrom(-1, -3)).map(([start, step]) => slice(start, null, step)),
    fc.array(fc.integer({ min: -length, max: length - 1 }), { minLength: 1, maxLength: 6 }),
    fc.array(fc.boolean(), { minLength: length, maxLength: length }),
  );

function bits(array: NDArray): unknown {
  const { data, shape } = flatten(array);
  if (Array.isArray(data)) return { data, shape };
  const { buffer, byteOffset, byteLength } = data as NumericData;
  return { data: new Uint8Array(buffer, byteOffset, byteLength), shape };
}

for (const name of ["filters.h5", "layouts.h5", "layouts_old.h5", "types.h5", "fill.h5", "userblock3.h5"]) {
  Deno.test(`Any selection of ${name} is the same bits through the bulk path and through H5Dread`, async () => {
    const { datasets, close } = await directDatasets(name);
    try {
      assert.ok(datasets.length > 0, "the fixture has datasets that the bulk path reads");
      for (const dataset of datasets) {
        const selections = fc.tuple(...dataset.shape.map((length) => axis(length)));
        await fc.assert(
          fc.asyncProperty(selections, async (selection) => {
            const direct = await dataset.read(selection, { engine: "direct" });
            const library = await dataset.read(selection, { engine: "library" });
            assert.deepEqual(bits(direct), bits(library), dataset.path);
          }),
          { numRuns: 12, seed: 20260 },
        );
      }
    } finally {
      await close();
    }
  });
}

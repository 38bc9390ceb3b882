import assert from "node:assert/strict";
import fc from "fast-check";
import { shortKeys } from "../../src/nwb/keys.ts";
import { collectParents, TypeTree } from "../../src/nwb/types.ts";

Deno.test("keys are as long as it takes to tell paths apart: pynapple's cases", () => {
  const cases: [string[], string[]][] = [
    [["/a/b/c", "/a/e/c", "/i/e/c"], ["b/c", "a/e/c", "i/e/c"]],
    [["/a/b/c", "/a/e/c", "/a/e/d"], ["b/c", "e/c", "d"]],
    [["/a/b/c", "/a/e/c", "/a/e/d", "/x/e/d"], ["b/c", "e/c", "a/e/d", "x/e/d"]],
    [["/processing/processed/timeseries", "/timeseries"], ["processed/timeseries", "timeseries"]],
    [["/c", "/a/c", "/b/a/c"], ["c", "a/c", "b/a/c"]],
    [[], []],
  ];
  for (const [paths, keys] of cases) assert.deepEqual(shortKeys(paths), keys);
});

Deno.test("keys always differ, and each ends its path", () => {
  const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 5 }).map((all) =>
    `/${all.join("/")}`
  );
  fc.assert(fc.property(fc.uniqueArray(path, { maxLength: 20 }), (paths) => {
    const keys = shortKeys(paths);
    assert.equal(new Set(keys).size, paths.length);
    assert.ok(keys.every((key, i) => paths[i]!.endsWith(`/${key}`)));
  }));
});

Deno.test("core types know what they descend from, and an extension's follow its specification", () => {
  const parents = new Map<string, string>();
  collectParents(
    JSON.stringify({
      groups: [{
        neurodata_type_def: "MySeries",
        neurodata_type_inc: "ElectricalSeries",
        groups: [{ data_type_def: "Inner", data_type_inc: "MySeries" }],
      }],
      datasets: [{ neurodata_type_inc: "VectorData", name: "x" }],
    }),
    parents,
  );
  const tree = new TypeTree(parents);
  assert.ok(tree.isA("IZeroClampSeries", "TimeSeries"));
  assert.ok(tree.isA("Units", "DynamicTable"));
  assert.ok(!tree.isA("Units", "TimeSeries"));
  assert.deepEqual(tree.ancestry("Inner").slice(0, 4), ["Inner", "MySeries", "ElectricalSeries", "TimeSeries"]);
  assert.equal(tree.knows("Nowhere"), false);
  assert.equal(tree.isA("Nowhere", "TimeSeries"), false);
});

Deno.test("specifications that lead in a circle are refused, not followed for ever", () => {
  const tree = new TypeTree(new Map([["A", "B"], ["B", "C"], ["C", "A"]]));
  assert.throws(() => tree.isA("A", "TimeSeries"), { code: "corrupt", message: /leads in a circle \(A extends B/ });
});

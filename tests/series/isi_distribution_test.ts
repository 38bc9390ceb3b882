import assert from "node:assert/strict";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { computeIsiDistribution } from "../../src/series/analysis/isi_distribution.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { list } from "./support.ts";

Deno.test("intervals between spikes are counted in bins over all units' extremes", () => {
  const group = new TsGroup(new Map([[2, new Ts([0, 1, 2, 5])], [3, new Ts([0, 2, 6])]]));
  const isi = computeIsiDistribution(group, { bins: 3 });
  assert.deepEqual(isi.dims, ["unit", "interval"]);
  assert.deepEqual(isi.coords, { unit: [2, 3], interval: Float64Array.of(1.5, 2.5, 3.5) });
  assert.deepEqual(list(isi.data), [2, 0, 1, 0, 1, 1]);
  assert.equal(computeIsiDistribution(group).data.shape[1], 10);
});

Deno.test("intervals don't span epochs, and may be taken as logarithms", () => {
  const ts = new Ts([0, 1, 4, 5, 5]);
  const epochs = new IntervalSet([[0, 2], [3, 6]]);
  assert.deepEqual(list(computeIsiDistribution(ts, { bins: [0, 0.5, 2, 4], epochs }).data), [1, 2, 0]);
  const logs = computeIsiDistribution(ts, { bins: 2, logScale: true });
  assert.deepEqual(logs.coords["interval"], Float64Array.of(Math.log(3) / 4, Math.log(3) * 3 / 4));
  assert.deepEqual(list(logs.data), [2, 1]);
});

Deno.test("what isn't series, bins, or has no interval is refused", () => {
  const wrong = <T>(value: unknown) => value as T;
  assert.throws(() => computeIsiDistribution(wrong<Ts>(1)), {
    name: "TypeError",
    message: /data should be a Ts, TsGroup/,
  });
  assert.throws(() => computeIsiDistribution(new Ts([1])), { name: "RangeError", message: /there are none/ });
  assert.throws(() => computeIsiDistribution(new Ts([1, 2]), { bins: 0 }), { name: "RangeError" });
  assert.throws(() => computeIsiDistribution(new Ts([1, 2]), { bins: [2, 1] }), { message: /increase monotonically/ });
});

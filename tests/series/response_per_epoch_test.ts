import assert from "node:assert/strict";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { computeResponsePerEpoch } from "../../src/series/analysis/response_per_epoch.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { counting, list, range, spy } from "./support.ts";

Deno.test("the response to epochs is spikes over their length", async () => {
  const units = new TsGroup([new Ts(range(1000, 0.1)), new Ts(range(500, 0.2))]);
  const epochs = { stimulus: new IntervalSet([[0, 30], [60, 90]]), none: new IntervalSet([[200, 210]]) };
  const response = await computeResponsePerEpoch(units, epochs);
  assert.deepEqual([response.dims, response.data.shape], [["unit", "epochs"], [2, 2]]);
  assert.deepEqual(response.coords, { unit: [0, 1], epochs: ["stimulus", "none"] });
  assert.deepEqual(list(response.data).map((value) => value.toFixed(4)), ["10.0333", "0.0000", "5.0333", "0.0000"]);
  const single = await computeResponsePerEpoch(new Ts([1, 2]), new Map([["all", new IntervalSet(0, 4)]]));
  assert.deepEqual(list(single.data), [0.5]);
});

Deno.test("continuous data have the mean of the samples in epochs, and only these are read", async () => {
  const source = spy(counting(100, 2), undefined, [10, 2]);
  const frame = new TsdFrame(range(100), source.lazy, { columns: ["a", "b"] });
  const epochs = { a: new IntervalSet([[10, 12], [50, 50.5]]), none: new IntervalSet([[20.1, 20.9]]) };
  const response = await computeResponsePerEpoch(frame, epochs);
  assert.deepEqual(list(response.data), [(20 + 22 + 24 + 100) / 4, NaN, (21 + 23 + 25 + 101) / 4, NaN]);
  assert.deepEqual(response.coords["unit"], ["a", "b"]);
  assert.deepEqual(source.rows(), [10, 11, 12, 50]);
});

Deno.test("samples that are NaN are left out, and make pynapple's mean NaN", async () => {
  const data = new Tsd([0, 1, 2], [1, NaN, 3]);
  const epochs = { all: new IntervalSet(0, 2) };
  assert.deepEqual(list((await computeResponsePerEpoch(data, epochs)).data), [2]);
  assert.deepEqual(list((await computeResponsePerEpoch(data, epochs, { compatible: "pynapple" })).data), [NaN]);
});

Deno.test("what isn't data, or sets of epochs by names, is refused", async () => {
  const epochs = { all: new IntervalSet(0, 2) };
  await assert.rejects(computeResponsePerEpoch(3 as unknown as Ts, epochs), { message: /data should be a TsdFrame/ });
  for (const wrong of [{}, { a: [0, 1] }, null, epochs.all]) {
    const made = computeResponsePerEpoch(new Ts([1]), wrong as typeof epochs);
    await assert.rejects(made, { name: "TypeError", message: /dictionary of IntervalSets/ });
  }
});

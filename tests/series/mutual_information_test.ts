import assert from "node:assert/strict";
import fc from "fast-check";
import { computeMutualInformation } from "../../src/series/analysis/mutual_information.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { computeTuningCurves, type TuningCurves } from "../../src/series/analysis/tuning_curves.ts";
import { ShapeError } from "../../src/source/errors.ts";
import { range } from "./support.ts";

const FEATURE = new Tsd(range(10), [0, 0, 1, 1, 2, 2, 0, 1, 2, 2]);
const SPIKES = new Ts([0.2, 2.1, 2.2, 4.4, 8.7, 9]);

Deno.test("information is reckoned from the curve's own mean rate; pynapple's may be below nothing", async () => {
  const curves = await computeTuningCurves(SPIKES, FEATURE, { bins: 3 });
  const theirs = computeMutualInformation(curves, { compatible: "pynapple" });
  assert.equal(theirs.bitsPerSecond[0]!.toFixed(6), "-0.049022");
  assert.equal(theirs.bitsPerSpike[0]!.toFixed(6), "-0.073534");
  const ours = computeMutualInformation(curves);
  assert.deepEqual(ours.units, [0]);
  const expected = 0.3 / 3 * Math.log2(1 / 1.8) + 0.3 * 2 / 3 * Math.log2(2 / 1.8) + 0.4 * 0.75 * Math.log2(0.75 / 0.6);
  assert.equal(ours.bitsPerSecond[0]!.toFixed(12), expected.toFixed(12));
  assert.equal(ours.bitsPerSpike[0]!.toFixed(12), (expected / 0.6).toFixed(12));
  const given = computeMutualInformation(curves, { rates: [2 / 3] });
  assert.equal(given.bitsPerSecond[0]!.toFixed(6), "-0.049022");
});

Deno.test("a unit that fires in one of four places tells two bits per spike; one without spikes tells nothing", async () => {
  const curves = await computeTuningCurves(
    new TsGroup([new Ts([3, 7]), new Ts([0, 1, 2, 3, 4, 5, 6, 7]), new Ts([])], {
      timeSupport: FEATURE.timeSupport,
    }),
    new Tsd(range(8), range(8).map((i) => i % 4)),
    { bins: 4 },
  );
  const { bitsPerSecond, bitsPerSpike } = computeMutualInformation(curves);
  assert.deepEqual([...bitsPerSpike], [2, 0, NaN]);
  assert.deepEqual([...bitsPerSecond], [0.5, 0, 0]);
});

Deno.test("places that were never visited count nothing, and information is never below nothing", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.double({ min: 0, max: 20, noNaN: true }), { minLength: 1, maxLength: 50 }),
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 21, maxLength: 21 }),
    async (spikes, values) => {
      const curves = await computeTuningCurves(new Ts(spikes.toSorted((a, b) => a - b)), new Tsd(range(21), values), {
        bins: 9,
        range: [-2, 6],
      });
      const { bitsPerSecond, bitsPerSpike } = computeMutualInformation(curves);
      assert.ok(bitsPerSecond[0]! > -1e-12 && bitsPerSpike[0]! > -1e-12);
    },
  ));
});

Deno.test("what isn't tuning curves, or rates of other units, is refused", async () => {
  const curves = await computeTuningCurves(SPIKES, FEATURE);
  for (const wrong of [null, [1], { ...curves, attrs: {} }]) {
    assert.throws(() => computeMutualInformation(wrong as TuningCurves), {
      name: "TypeError",
      message: /no occupancy/,
    });
  }
  assert.throws(
    () => computeMutualInformation(curves, { rates: [1, 2] }),
    (error: Error) => error instanceof ShapeError && /dimension of rates should match/.test(error.message),
  );
});

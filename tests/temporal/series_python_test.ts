import assert from "node:assert/strict";
import { concat } from "../../src/temporal/tools/concat.ts";
import { fromGappyTimeseries } from "../../src/temporal/regular/gappy.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";
import type { RegularTimeSeries } from "../../src/temporal/regular/regular.ts";

/** Made by make_series_cases.py with torch_brain. */
const CASES = JSON.parse(Deno.readTextFileSync(new URL("series_cases.json", import.meta.url)));

/** A series as the cases have it: NaN is null. */
function described(series: RegularTimeSeries): Record<string, unknown> {
  const numbers = (key: string) =>
    Array.from(series.get(key) as Float64Array, (value) => Number.isNaN(value) ? null : value);
  return {
    raw: numbers("raw"),
    code: numbers("code"),
    domain: [...series.domain],
    mask: series.length === 0 ? [] : series.indexMask(),
  };
}

Deno.test("series with gaps, and slices of them, are torch_brain's, bit for bit", () => {
  assert.ok(CASES.gappy.length > 12);
  for (const { timestamps, samplingRate, gapValue, filled, slices, irregular } of CASES.gappy) {
    const rows = Float64Array.from(timestamps, (_, i) => i);
    const series = fromGappyTimeseries(
      { raw: rows, code: Int16Array.from(rows) },
      { timestamps, samplingRate, gapValue: gapValue ?? undefined },
    );
    assert.deepEqual(described(series), filled);
    for (const { start, end, reset, ...expected } of slices) {
      assert.deepEqual(described(series.slice(start, end, { resetOrigin: reset })), expected, `${start} to ${end}`);
    }
    const events = series.toIrregular();
    assert.deepEqual([...events.timestamps], irregular.timestamps);
    assert.deepEqual([...events.get("raw") as Float64Array], irregular.raw);
  }
});

Deno.test("joined events are torch_brain's", async () => {
  assert.ok(CASES.joined.length > 10);
  for (const { objects, sort, timestamps, shown, label, domain } of CASES.joined) {
    const all = objects.map(({ timestamps, domain }: { timestamps: number[]; domain: [number, number][] }) =>
      new IrregularTimeSeries(
        { timestamps, shown: timestamps.map((time) => time - 0.5), label: Int32Array.from(timestamps, (_, i) => i) },
        { timekeys: ["shown"], domain: Interval.fromList(domain) },
      )
    );
    const joined = await concat(all as IrregularTimeSeries[], { sort });
    assert.deepEqual([...joined.timestamps], timestamps);
    assert.deepEqual([...joined.get("shown") as Float64Array], shown);
    // NumPy's sort isn't stable: equal times may come in another order.
    const isUnique = new Set(timestamps).size === timestamps.length;
    if (isUnique) assert.deepEqual([...joined.get("label") as Int32Array], label);
    assert.deepEqual([...joined.domain], domain);
  }
});

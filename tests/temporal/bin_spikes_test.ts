import assert from "node:assert/strict";
import fc from "fast-check";
import { toNested } from "../../src/array/ndarray.ts";
import { DTypeError, LimitError, NotFoundError, ShapeError } from "../../src/source/errors.ts";
import { binSpikes, type BinSpikesOptions } from "../../src/temporal/tools/bin_spikes.ts";
import type { ArrayInput } from "../../src/temporal/columns/column.ts";
import { Data } from "../../src/temporal/data.ts";
import { Interval } from "../../src/temporal/intervals/interval.ts";
import { IrregularTimeSeries } from "../../src/temporal/irregular.ts";

interface Case {
  readonly name: string | null;
  readonly timestamps: number[];
  readonly units: number[];
  readonly domain: [number, number][];
  readonly n: number;
  readonly binSize: number;
  readonly right: boolean;
  readonly maxSpikes: number | null;
  readonly counts?: number[][];
  readonly shape?: number[];
  readonly error?: string;
}

/** Made by make_bin_cases.py with torch_brain. */
const CASES: { same: Case[]; differs: Case[] } = JSON.parse(
  Deno.readTextFileSync(new URL("bin_cases.json", import.meta.url)),
);

const spikesOf = (timestamps: ArrayInput, unit_index: ArrayInput, domain: [number, number][]) =>
  new IrregularTimeSeries({ timestamps, unit_index }, { domain: Interval.fromList(domain) });

const optionsOf = ({ n, binSize, right, maxSpikes }: Case): BinSpikesOptions => ({
  units: n,
  binSize,
  right,
  maxSpikes: maxSpikes ?? undefined,
});

Deno.test("counts are torch_brain's", async () => {
  assert.ok(CASES.same.length > 40);
  for (const one of CASES.same) {
    const spikes = spikesOf(one.timestamps, BigInt64Array.from(one.units, BigInt), one.domain);
    const counts = await binSpikes(spikes, optionsOf(one));
    assert.deepEqual(counts.shape, one.shape);
    assert.deepEqual(toNested(counts), one.counts);
    assert.ok(counts.data instanceof Int32Array);
  }
});

/** What is right where torch_brain fails or miscounts. */
const RIGHT: Readonly<Record<string, number[][] | RegExp>> = {
  "a spike at the end of the domain": [[1], [2]],
  "a spike at the end, where a rest is cut off": [[1], [1]],
  "spikes on edges": Array.from({ length: 10 }, () => [1]),
  "a rest that ends in a gap": [[1], [2]],
  "a unit that there isn't": /unit_index has 1, but there are 1 units/,
  "a spike before the domain": [[1], [0]],
};

for (const one of CASES.differs) {
  Deno.test(`counts are right where torch_brain's aren't: ${one.name}`, async () => {
    const expected = RIGHT[one.name!]!;
    assert.notDeepEqual(one.counts, expected);
    const binning = binSpikes(spikesOf(one.timestamps, Int32Array.from(one.units), one.domain), optionsOf(one));
    if (expected instanceof RegExp) await assert.rejects(binning, { name: "RangeError", message: expected });
    else assert.deepEqual(toNested(await binning), expected);
  });
}

Deno.test("spikes of a lazy session, and of a slice of it, are counted like those in memory", async () => {
  const timestamps = Float64Array.from({ length: 200 }, (_, i) => i / 20 + 0.013);
  const spikes = spikesOf(timestamps, Uint16Array.from(timestamps, (_, i) => i % 3), [[0, 10.1]]);
  await using data = await Data.load<{ spikes: typeof spikes }>(
    await new Data({ spikes }, { domain: "auto" }).toBytes(),
  );
  const options = { units: 3, binSize: 0.3 };
  const eager = await binSpikes(spikes, options);
  assert.deepEqual(await binSpikes(data.spikes, options), eager);
  const window = await binSpikes(data.slice(2, 5).spikes, options);
  assert.deepEqual(window, await binSpikes(spikes.slice(2, 5), options));
  assert.deepEqual(window.shape, [10, 3]);
});

Deno.test("a slice of one second has as many bins as it should, and no spike is lost or moved, wherever it is cut", async () => {
  const perBin = 3;
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 900 }), fc.constantFrom(0, 0.1, 1e4 / 3), async (from, origin) => {
      const binSize = 0.02;
      const all = Float64Array.from({ length: 1000 * perBin }, (_, i) => origin + Math.floor(i / perBin) * binSize);
      const spikes = spikesOf(all, new Uint8Array(all.length), [[origin, origin + 20]]);
      const start = origin + from * binSize;
      // What rounding of the start has put outside is what a slice leaves out, not what binning loses.
      const slice = spikes.slice(start - 1e-9, start + 1 - 1e-9);
      const counts = await binSpikes(slice, { units: 1, binSize });
      assert.deepEqual(counts.shape, [50, 1]);
      assert.ok(counts.data.every((count) => count === perBin), `${counts.data}`);
    }),
  );
});

Deno.test("every spike of the domain is counted once where bins fill it", async () => {
  const time = fc.integer({ min: 0, max: 600 }).map((i) => i / 100);
  const sizes = fc.constantFrom(0.01, 0.02, 0.03, 0.1, 0.2, 0.5, 1, 2);
  await fc.assert(
    fc.asyncProperty(fc.array(time), sizes, fc.constantFrom(0, 0.1, -3.3), async (times, binSize, start) => {
      const sorted = Float64Array.from(times.sort((a, b) => a - b), (time) => start + time);
      const spikes = spikesOf(sorted, new Int32Array(sorted.length), [[start, start + 6]]);
      const { data } = await binSpikes(spikes, { units: 1, binSize });
      const expected = new Int32Array(data.length);
      for (const time of times) {
        expected[Math.min(data.length - 1, Math.floor(Math.round(time * 100) / Math.round(binSize * 100)))]!++;
      }
      assert.deepEqual(data, expected);
    }),
  );
});

Deno.test("no domain, or one shorter than a bin, has no bins", async () => {
  const none = new IrregularTimeSeries({ timestamps: [], unit_index: new Int32Array(0) });
  assert.deepEqual((await binSpikes(none, { units: 4, binSize: 1 })).shape, [0, 4]);
  const short = spikesOf([0.1], Int32Array.of(0), [[0, 0.2]]);
  assert.deepEqual((await binSpikes(short, { units: 4, binSize: 1 })).shape, [0, 4]);
  assert.deepEqual(
    await binSpikes(short, { units: 0, binSize: 1, right: false }).catch(String),
    "RangeError: Cannot count spikes: unit_index has 0, but there are 0 units",
  );
});

Deno.test("what can't be binned is refused", async () => {
  const spikes = spikesOf([0.1], Int32Array.of(0), [[0, 1]]);
  const good = { units: 1, binSize: 0.5 };
  for (
    const wrong of [{ units: -1 }, { units: 0.5 }, { binSize: 0 }, { binSize: NaN }, { eps: -1 }, { maxSpikes: 1.5 }, {
      maxSpikes: -1,
    }]
  ) {
    await assert.rejects(binSpikes(spikes, { ...good, ...wrong }), RangeError, JSON.stringify(wrong));
  }
  await assert.rejects(binSpikes(spikesOf([0.1], [0], [[0, 1]]), good), DTypeError);
  await assert.rejects(binSpikes(spikesOf([0.1], Int32Array.of(-1), [[0, 1]]), good), {
    name: "RangeError",
    message: /-1/,
  });
  await assert.rejects(binSpikes(new IrregularTimeSeries({ timestamps: [1, 2] }), good), NotFoundError);
  await assert.rejects(binSpikes(spikes, { units: 1, binSize: 1e-12 }), LimitError);
  await assert.rejects(binSpikes(spikesOf([0.1], Int32Array.of(0), [[0, Infinity]]), good), /isn't finite/);
  const table = new IrregularTimeSeries({
    timestamps: [1],
    unit_index: {
      data: Int32Array.of(1, 2),
      shape: [1, 2],
      stride: [2, 1],
      dtype: { kind: "int", itemsize: 4, byteOrder: "<" },
    },
  });
  await assert.rejects(binSpikes(table, good), ShapeError);
});

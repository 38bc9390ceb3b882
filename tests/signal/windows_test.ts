import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import type { NDArray } from "../../src/array/types.ts";
import { bandpass, commonReference, fromDescription, highpass, TRANSFORMS } from "../../src/signal/mod.ts";
import type { TransformedArray } from "../../src/signal/mod.ts";
import { counted, furthest, isFilter, largest, make, randomOf, recording, WAYS } from "./transforms.ts";

const seed = Number(Deno.env.get("MICROTOME_SEED") ?? 20261130);
const numbers = (array: NDArray) => array.data as Float64Array;

async function walked(array: TransformedArray, rows: number): Promise<number[]> {
  const values: number[] = [];
  for await (const block of array.walk(rows)) {
    assert.ok(block.shape[0]! <= rows);
    values.push(...numbers(block));
  }
  return values;
}

Deno.test("there is a way of every transform here", () => {
  const tried = new Set(WAYS.map(([name]) => name));
  assert.deepEqual(TRANSFORMS.map(({ name }) => name).filter((name) => !tried.has(name)), []);
});

for (const way of WAYS) {
  const [name, options] = way;
  const title = `${name} ${JSON.stringify(options).slice(0, 60)}`;

  Deno.test(`${title}: windows, steps and lists of rows and channels are parts of the whole`, async () => {
    const random = randomOf(seed);
    const below = (count: number) => Math.floor(random() * count);
    const array = await make(recording(1511), way);
    const whole = await array.read();
    const [rows, channels] = array.shape as [number, number];
    assert.deepEqual(whole.shape, array.shape);
    const tolerance = isFilter(name) ? 1e-6 * largest(numbers(whole)) : 0;
    for (let i = 0; i < 25; i++) {
      const start = below(rows);
      const stop = Math.min(rows, start + below(i % 5 === 0 ? rows : 60));
      const step = 1 + below(3);
      const picked = i % 3 === 0 ? null : Array.from({ length: 1 + below(channels) }, () => below(channels));
      const list = Array.from({ length: 5 }, () => below(rows));
      for (const rowsOf of [{ start, stop, step }, i % 2 === 0 ? list : start]) {
        const found = await array.read([rowsOf, picked]);
        const { takeResolved } = await import("../../src/array/ndarray.ts");
        const { resolveSelection } = await import("../../src/array/select/selection.ts");
        const wanted = takeResolved(whole, resolveSelection([rowsOf, picked], whole.shape));
        assert.deepEqual([found.shape, found.data.constructor], [wanted.shape, whole.data.constructor], `seed ${seed}`);
        const off = furthest(numbers(found), numbers(wanted));
        assert.ok(off <= tolerance, `seed ${seed}, rows ${JSON.stringify(rowsOf)}: off by ${off}`);
      }
    }
    assert.deepEqual((await array.read([{ start: 3, stop: 3, step: 1 }])).shape, [0, channels]);
  });

  Deno.test(`${title}: a walk in blocks of any size gives the whole`, async () => {
    const array = await make(recording(700), way);
    const whole = numbers(await array.read());
    for (const rows of [1, 97, 700]) {
      const off = furthest(await walked(array, rows), whole);
      const part = options.causal === true ? 1e-9 : isFilter(name) ? 1e-6 : 0;
      assert.ok(off <= part * largest(whole), `blocks of ${rows}: off by ${off}`);
    }
  });

  Deno.test(`${title}: what it describes, as JSON, makes it again`, async () => {
    const input = recording(600);
    const array = await make(input, way);
    const chain = JSON.parse(JSON.stringify(array.describe()));
    const again = fromDescription(counted(input).array, chain);
    assert.deepEqual((await again.read()).data, (await array.read()).data);
    assert.deepEqual((again as TransformedArray).describe(), array.describe());
  });

  Deno.test(`${title}: a channel by itself, of shape [samples], is read as of a table`, async () => {
    const { isChannelwise } = TRANSFORMS.find((kind) => kind.name === name)!.prepare(
      { shape: [600, 6], dtype: recording(1).dtype, samplingRate: null },
      options,
    );
    if (!isChannelwise || Object.values(options).some(Array.isArray) && name !== "removeArtifacts") return;
    const { data } = recording(600);
    const first = ndarray(data.filter((_, i) => i % 6 === 0));
    const alone = await (await make(first, way)).read();
    const table = await (await make(recording(600), way)).read([null, 0]);
    assert.deepEqual([alone.shape, alone.data], [table.shape, table.data]);
  });
}

Deno.test("channels that aren't asked for aren't read, and a window reads its margin alone", async () => {
  const source = counted(recording(50_000));
  const filtered = bandpass(source.array, { low: 40, high: 200, samplingRate: 1000 });
  await filtered.read([{ start: 20_000, stop: 20_100, step: 1 }, [4, 1]]);
  assert.deepEqual([...source.channels].sort(), [1, 4]);
  assert.ok(source.values < 2 * 1500, `${source.values} values`);
  const shifted = await make(source.array, ["phaseShift", { shifts: 0.5 }]);
  source.values = 0;
  await shifted.read([{ start: 100, stop: 200, step: 1 }, 3]);
  assert.equal(source.values, 100 + 128);
});

Deno.test("a 1 Hz high-pass at 30 kHz: windows differ from the whole by a millionth of the largest value at most", async () => {
  const random = randomOf(seed);
  const rows = 600_000;
  // Far from zero, and drifting.
  const samples = Float64Array.from(
    { length: rows },
    (_, i) => 5000 + i / 1000 + 300 * Math.sin(i / 40_000) + 10 * random(),
  );
  for (const causal of [false, true]) {
    const filtered = highpass(ndarray(samples), { cutoff: 1, samplingRate: 30_000, order: 2, causal });
    const whole = numbers(await filtered.read());
    for (const start of [0, 123_456, 299_000, 599_000]) {
      const found = numbers(await filtered.read([{ start, stop: start + 1000, step: 1 }]));
      const off = furthest(found, whole.subarray(start, start + 1000));
      // The step onto the first sample is what a causal filter answers to: it is the largest value that goes in.
      assert.ok(off <= 1e-6 * largest(causal ? samples : whole), `causal ${causal}, from ${start}: off by ${off}`);
    }
  }
});

Deno.test("transforms compose, and a walk carries the state of causal filters through the chain", async () => {
  const source = counted(recording(5000));
  const chain = () =>
    commonReference(
      bandpass(
        highpass(source.array, { cutoff: 1, samplingRate: 1000, causal: true, dtype: "float64" }),
        { low: 40, high: 200, causal: true },
      ),
      { method: "mean" },
    );
  const whole = numbers(await chain().read());
  source.values = source.most = 0;
  const values = await walked(chain(), 41);
  assert.ok(furthest(values, whole) <= 1e-9 * largest(whole));
  assert.deepEqual([source.values, source.most], [5000 * 6, 41 * 6], "the input is read once, in blocks");
  assert.deepEqual(chain().describe().map(({ name }) => name), ["highpass", "bandpass", "commonReference"]);
  assert.equal(chain().samplingRate, 1000);
});

Deno.test("a walk holds a block and its margin, however long the recording is", async () => {
  const source = counted(recording(200_000));
  const filtered = bandpass(source.array, { low: 40, high: 200, samplingRate: 1000 });
  let rows = 0;
  for await (const block of filtered.walk(1000)) rows += block.shape[0]!;
  assert.equal(rows, 200_000);
  assert.equal(source.values, 200_000 * 6, "the input is read once");
  assert.equal(source.most, 1000 * 6);
});

Deno.test("fit reads blocks of a few megabytes, and fits what stands before in the chain", async () => {
  const source = counted(recording(400_000));
  const chain = fromDescription(source.array, [{ name: "zscore", options: {} }, { name: "whiten", options: {} }]);
  const fitted = await (chain as TransformedArray).fit();
  assert.ok(source.most <= 2 ** 20, `${source.most} values at once`);
  const [first, second] = fitted.describe();
  assert.equal((first!.options.center as number[]).length, 6);
  assert.equal((second!.options.matrix as number[][]).length, 6);
  assert.equal(await fitted.fit(), fitted, "what is fitted stays");
});

Deno.test("a walk and a read end where they are aborted", async () => {
  const abort = new AbortController();
  const filtered = bandpass(recording(5000), { low: 40, high: 200, samplingRate: 1000 });
  const walk = filtered.walk(100, { signal: abort.signal });
  await walk.next();
  abort.abort();
  await assert.rejects(async () => {
    for await (const _ of walk);
  }, { name: "AbortError" });
  await assert.rejects(filtered.read([], { signal: abort.signal }), { name: "AbortError" });
});

import assert from "node:assert/strict";
import { readerModule } from "../../src/wasm/module.ts";
import type { ReaderExports } from "../../src/wasm/reader/memory.ts";
import { loadReaderInstance } from "../../src/wasm/reader/load.ts";
import {
  mixChannels,
  type NumberRows,
  roundTo,
  runSectionsIn,
  subtractReferences,
  weighRows,
} from "../../src/wasm/reader/signal.ts";
import { randomOf } from "../signal/transforms.ts";

const instance = await loadReaderInstance();
const wasm = (await WebAssembly.instantiate(await readerModule(), {})).exports as unknown as ReaderExports;
const BASE = wasm.__heap_base.value as number;
const END = wasm.memory.buffer.byteLength;
const random = randomOf(7);

function rowsOf(
  rows: number,
  channels: number,
  type: (values: Float64Array) => NumberRows["data"] = (x) => x as never,
) {
  const data = Float64Array.from({ length: rows * channels }, () => Math.round(2000 * random() - 1000) / 8);
  return { data: type(data), rows, channels };
}

/** Sizes around what kernels do at once, and blocks that are longer than one pass. */
const SIZES = [[1, 1], [3, 2], [63, 3], [64, 4], [65, 5], [130, 7], [200, 8], [129, 9], [10, 33], [70_000, 1], [
  3000,
  50,
]] as const;
const SECTIONS = Float64Array.of(0.2, 0.4, 0.2, 1, -0.5, 0.3, 1, -1.5, 0.7, 1, 0.2, 0.1, 0.5, 0, 0, 1, -0.9, 0);

/** The plain loop. */
function filter({ data, rows, channels }: NumberRows, state: Float64Array, backwards: boolean): Float64Array {
  const out = Float64Array.from(data as Float64Array, Number);
  for (let s = 0; s < SECTIONS.length / 6; s++) {
    const [b0, b1, b2, , a1, a2] = SECTIONS.subarray(6 * s) as unknown as number[] as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < rows; i++) {
      for (let c = 0; c < channels; c++) {
        const at = (backwards ? rows - 1 - i : i) * channels + c;
        const [z0, z1] = [2 * s * channels + c, (2 * s + 1) * channels + c];
        const x = out[at]!;
        const y = b0 * x + state[z0]!;
        state[z0] = b1 * x - a1 * y + state[z1]!;
        state[z1] = b2 * x - a2 * y;
        out[at] = y;
      }
    }
  }
  return out;
}

Deno.test("sections give the plain loop's bits, forwards and backwards, of each type, and carry their state", () => {
  const types = [
    (x: Float64Array) => Int16Array.from(x),
    (x: Float64Array) => new Float32Array(x),
    (x: Float64Array) => x as Float64Array<ArrayBuffer>,
    (x: Float64Array) => BigInt64Array.from(x, (value) => BigInt(Math.round(value))),
  ];
  for (const [i, [rows, channels]] of SIZES.entries()) {
    for (const backwards of [false, true]) {
      const source = rowsOf(rows, channels, types[i % types.length] as never);
      const start = Float64Array.from({ length: SECTIONS.length / 3 * channels }, () => random());
      const [state, wantedState] = [start.slice(), start.slice()];
      const wanted = filter(source, wantedState, backwards);
      const out = new Float64Array(rows * channels);
      runSectionsIn(instance, source, out, { sections: SECTIONS, state, backwards });
      assert.deepEqual([out, state], [wanted, wantedState], `${rows} x ${channels}`);
      const thin = new Float32Array(rows * channels);
      runSectionsIn(instance, source, thin, { sections: SECTIONS, state: start.slice(), backwards });
      assert.deepEqual(thin, new Float32Array(wanted));
      const silent = start.slice();
      runSectionsIn(instance, source, null, { sections: SECTIONS, state: silent, backwards });
      assert.deepEqual(silent, wantedState);
    }
  }
});

Deno.test("references are medians and means of their members, and other channels stay", () => {
  for (const [rows, channels] of SIZES) {
    const source = rowsOf(Math.min(rows, 500), channels, (x) => Int16Array.from(x));
    const members = Array.from({ length: 1 + Math.floor(random() * channels) }, () => Math.floor(random() * channels));
    const targets = [...new Set(members)].slice(0, 3);
    for (const statistic of ["median", "mean"] as const) {
      const out = new Float64Array(source.data.length);
      const reference = { targets: Uint32Array.from(targets), members: Uint32Array.from(members) };
      subtractReferences(instance, source, out, [reference], statistic);
      const wanted = Float64Array.from(source.data as Int16Array);
      for (let row = 0; row < source.rows; row++) {
        const values = members.map((c) => source.data[row * channels + c] as number);
        const sorted = values.toSorted((a, b) => a - b);
        const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        for (const c of targets) wanted[row * channels + c]! -= statistic === "median" ? middle : mean;
      }
      assert.deepEqual(out, wanted, `${statistic} of ${members.length} of ${channels}`);
    }
  }
});

Deno.test("medians are right of rows in order, all alike, of two values, and with infinities", () => {
  const kinds: ((i: number) => number)[] = [
    (i) => i,
    (i) => -i,
    () => 5,
    (i) => i % 2,
    (i) => i % 7,
    (i) => i === 3 ? Infinity : -i * i,
  ];
  for (const kind of kinds) {
    for (const count of [1, 2, 3, 4, 5, 8, 31, 384]) {
      const data = Float64Array.from({ length: count }, (_, i) => kind(i));
      const all = Uint32Array.from(data.keys());
      const out = new Float64Array(count);
      subtractReferences(instance, { data, rows: 1, channels: count }, out, [{ targets: all, members: all }], "median");
      const sorted = data.toSorted();
      const middle = (sorted[(count - 1) >> 1]! + sorted[count >> 1]!) / 2;
      assert.deepEqual(out, data.map((value) => value - middle), `${kind} of ${count}`);
    }
  }
});

Deno.test("weighted sums are the plain loop's, of one filter's phases and of a filter for each channel", () => {
  for (const [rows, channels] of SIZES) {
    const source = rowsOf(rows + 20, channels);
    for (const [up, down, start] of [[1, 1, 0], [3, 2, 2], [2, 5, 1], [7, 3, 40]] as const) {
      const width = 5;
      const count = Math.max(0, Math.floor(((rows + 20 - width) * up + up - 1 - start) / down) + 1);
      const weights = Float64Array.from({ length: up * width }, () => random() - 0.5);
      const out = new Float64Array(count * channels);
      weighRows(instance, source, out, { weights, width, up, down, start, isEach: false });
      const wanted = out.map((_, at) => {
        const step = start + Math.floor(at / channels) * down;
        let sum = 0;
        for (let j = 0; j < width; j++) {
          sum += weights[(step % up) * width + j]! *
            Number(source.data[(Math.floor(step / up) + j) * channels + at % channels]);
        }
        return sum;
      });
      assert.deepEqual(out, wanted, `${rows} x ${channels}, ${up} / ${down}`);
    }
    const weights = Float64Array.from({ length: 3 * channels }, () => random() - 0.5);
    const out = new Float64Array(rows * channels);
    weighRows(instance, source, out, { weights, width: 3, up: 1, down: 1, start: 0, isEach: true });
    const wanted = out.map((_, at) => {
      let sum = 0;
      for (let j = 0; j < 3; j++) {
        sum += weights[j * channels + at % channels]! * Number(source.data[at + j * channels]);
      }
      return sum;
    });
    assert.deepEqual(out, wanted);
  }
});

Deno.test("mixed channels are the matrix product", () => {
  for (const [rows, channels] of SIZES.filter(([rows]) => rows < 1000)) {
    for (const columns of [1, 3, 4, 9]) {
      const source = rowsOf(rows, channels);
      const matrix = Float64Array.from({ length: channels * columns }, () => random() - 0.5);
      const out = new Float64Array(rows * columns);
      mixChannels(instance, source, out, matrix);
      const wanted = out.map((_, at) => {
        let sum = 0;
        for (let j = 0; j < channels; j++) {
          sum += Number(source.data[Math.floor(at / columns) * channels + j]) * matrix[j * columns + at % columns]!;
        }
        return sum;
      });
      assert.deepEqual(out, wanted, `${rows} x ${channels} by ${columns}`);
    }
  }
});

Deno.test("rounding stops at the first NaN, wherever it is, and says where", () => {
  for (const at of [0, 1, 127, 128, 129, 70_000]) {
    const values = new Float32Array(70_001).fill(1.5);
    values[at] = NaN;
    const { data, nan } = roundTo(instance, values, "int16");
    assert.equal(nan, at);
    assert.ok(data.subarray(0, at).every((value) => value === 2));
  }
  assert.deepEqual(roundTo(instance, new Float64Array(0), "uint8"), { data: new Uint8Array(0), nan: -1 });
});

Deno.test("every NaN that a signal kernel gives has one and the same bits", () => {
  const odd = new Float64Array(new BigUint64Array([0xfff0000000000123n, 0x7ff80000000000ffn]).buffer);
  const all = Uint32Array.of(0, 1);
  const out = new Float64Array(2);
  const source = { data: odd, rows: 1, channels: 2 };
  const quiet = (what: string) =>
    assert.deepEqual(new BigUint64Array(out.buffer), new BigUint64Array(2).fill(0x7ff8n << 48n), what);
  runSectionsIn(instance, source, out, { sections: SECTIONS, state: new Float64Array(12), backwards: false });
  quiet("sections");
  subtractReferences(instance, source, out, [{ targets: all, members: all }], "mean");
  quiet("reference");
  weighRows(instance, source, out, { weights: Float64Array.of(1), width: 1, up: 1, down: 1, start: 0, isEach: false });
  quiet("weigh");
  mixChannels(instance, source, out, Float64Array.of(1, 1, 1, 1));
  quiet("mix");
});

/** That a call is refused and leaves memory as it was. */
function refused(run: () => number): void {
  const memory = new Uint8Array(wasm.memory.buffer);
  memory.fill(0, BASE);
  assert.equal(run(), -1, String(run));
  assert.ok(memory.subarray(BASE).every((byte) => byte === 0), `nothing is written by ${run}`);
}

Deno.test("signal kernels refuse buffers outside of memory and arguments that make no sense", () => {
  refused(() => wasm.mr_sections(END - 8, 2, 1, BASE, 1, BASE, 0));
  refused(() => wasm.mr_sections(BASE, 1, 1, END - 40, 1, BASE, 0));
  refused(() => wasm.mr_sections(BASE, 1, 1, BASE, 1, END - 8, 0));
  refused(() => wasm.mr_sections(BASE, 1, 0, BASE, 1, BASE, 0));
  refused(() => wasm.mr_sections(BASE, -1, -1, BASE, 1, BASE, 0));
  refused(() => wasm.mr_sections(BASE, 1, 1, BASE, 257, BASE, 0));
  const reference =
    (places: readonly number[], { rows = 2, channels = 2, targets = 2, members = 2, statistic = 0 } = {}) => () => {
      const [dst, src, target, member, room] = places as [number, number, number, number, number];
      return wasm.mr_reference(dst, src, rows, channels, target, targets, member, members, room, statistic);
    };
  const fine = [BASE, BASE + 64, BASE + 128, BASE + 192, BASE + 256];
  assert.equal(reference(fine)(), 0);
  for (const [i, size] of [32, 32, 8, 8, 16].entries()) refused(reference(fine.with(i, END - size + 1)));
  refused(reference(fine, { channels: 0 }));
  refused(reference(fine, { members: 0 }));
  refused(reference(fine, { statistic: 2 }));
  new Uint32Array(wasm.memory.buffer, BASE + 128, 1)[0] = 2;
  assert.equal(reference(fine)(), -1, "a target that isn't there");
  const weigh = (
    {
      dst = BASE,
      rows = 3,
      src = BASE + 512,
      srcRows = 4,
      weights = BASE + 1024,
      width = 2,
      up = 1,
      down = 1,
      start = 0,
      each = 0,
    },
  ) =>
  () => wasm.mr_weigh(dst, rows, src, srcRows, 1, weights, width, up, down, start, each);
  assert.equal(weigh({})(), 0);
  refused(weigh({ rows: 4 }));
  refused(weigh({ start: 1 }));
  refused(weigh({ down: 2 }));
  refused(weigh({ width: 0 }));
  refused(weigh({ up: 0 }));
  refused(weigh({ up: 2, each: 1 }));
  refused(weigh({ rows: -1, down: -1 }));
  refused(weigh({ dst: END - 16 }));
  refused(weigh({ src: END - 24 }));
  refused(weigh({ weights: END - 8 }));
  refused(() => wasm.mr_mix(END - 8, 2, BASE, 1, 1, BASE));
  refused(() => wasm.mr_mix(BASE, 1, END - 8, 1, 2, BASE));
  refused(() => wasm.mr_mix(BASE, 1, BASE, 1, 2, END - 8));
  refused(() => wasm.mr_mix(BASE, 0, BASE, 1, 1, BASE));
  refused(() => wasm.mr_mix(BASE, -1, BASE, 1, -1, BASE));
  refused(() => wasm.mr_round(END - 1, 2, BASE, 1));
  refused(() => wasm.mr_round(BASE, 2, END - 7, 1));
  refused(() => wasm.mr_round(BASE, 6, BASE, 1));
  refused(() => wasm.mr_round(BASE, 8, BASE, 1));
});

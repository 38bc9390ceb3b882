import assert from "node:assert/strict";
import { readerModule } from "../../src/wasm/module.ts";
import type { ReaderExports } from "../../src/wasm/reader/memory.ts";

/** A fresh instance, without the checks of the TypeScript side. */
const module = await readerModule();
const wasm = (await WebAssembly.instantiate(module, {})).exports as unknown as ReaderExports;
const END = wasm.memory.buffer.byteLength;
const BASE = wasm.__heap_base.value as number;
const BAD = -1;

/** That a call is refused and leaves memory as it was. */
function refused(run: () => number): void {
  const memory = new Uint8Array(wasm.memory.buffer);
  memory.fill(0xa5, BASE);
  assert.equal(run(), BAD, String(run));
  assert.ok(memory.subarray(BASE).every((byte) => byte === 0xa5), `nothing is written by ${run}`);
}

/** Axes of mr_copy in memory: count, source stride, target stride, index. */
function axes(...rows: [number, number, number, number][]): number {
  const at = END - 1024;
  new Int32Array(wasm.memory.buffer, at, 4 * rows.length).set(rows.flat());
  return at;
}

Deno.test("the module needs nothing of its host, and is small", async () => {
  assert.deepEqual(WebAssembly.Module.imports(module), []);
  const bytes = await Deno.readFile(new URL("../../wasm/dist/reader.wasm", import.meta.url));
  const zipped = new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip")));
  assert.ok((await zipped.arrayBuffer()).byteLength <= 40 * 1024);
  assert.ok(BASE % 16 === 0 && BASE < END);
});

Deno.test("buffers outside of memory are refused, not touched", () => {
  refused(() => wasm.mr_swap(BASE, END - 8, 16, 2));
  refused(() => wasm.mr_swap(END - 8, BASE, 16, 2));
  refused(() => wasm.mr_swap(BASE, -8, 16, 2));
  refused(() => wasm.mr_swap(BASE, BASE, -2, 2));
  refused(() => wasm.mr_convert(BASE, 0, END - 7, 7, 1, 0));
  refused(() => wasm.mr_convert(END - 7, 7, BASE, 0, 1, 0));
  refused(() => wasm.mr_convert(BASE, 0, BASE, 0, -1, 0));
  refused(() => wasm.mr_scale(END - 3, 8, BASE, 0, 1, BASE, BASE, 1, 0, 1, 1));
  refused(() => wasm.mr_scale(BASE, 8, END, 0, 1, BASE, BASE, 1, 0, 1, 1));
  refused(() => wasm.mr_scale(BASE, 8, BASE, 0, 1, END - 8, BASE, 2, 0, 1, 1));
  refused(() => wasm.mr_scale(BASE, 8, BASE, 0, 1, BASE, END - 8, 2, 0, 1, 1));
  refused(() => wasm.mr_int24(BASE, END - 5, 2, 0));
  refused(() => wasm.mr_int24(END - 7, BASE, 2, 0));
  refused(() => wasm.mr_int24(BASE, BASE, 0x55555556, 0));
  refused(() => wasm.mr_unpack(BASE, 4, END - 4, 5, 10, 0));
  refused(() => wasm.mr_unpack(END - 7, 4, BASE, 5, 10, 0));
  refused(() => wasm.mr_unpack(BASE, 4, BASE, 4, 10, 0));
  refused(() => wasm.mr_unpack(BASE, 3, BASE, 4, 10, 2));
  refused(() => wasm.mr_unpack(BASE, -1, BASE, 4, 10, 0));
  refused(() => wasm.mr_bits(BASE, END - 3, 1, 4, 0, 32, 0));
  refused(() => wasm.mr_bits(END - 31, BASE, 1, 4, 0, 32, 0));
  const decimate = (at: number[], frames = 8, channels = 1, factor = 4, before = 0) => () =>
    wasm.mr_decimate(at[0]!, at[1]!, at[2]!, at[3]!, at[4]!, 9, frames, channels, factor, before);
  for (const [i, size] of [16, 16, 16, 16, 64].entries()) {
    const places = [BASE, BASE + 64, BASE + 128, BASE + 192, BASE + 256];
    assert.equal(decimate(places)(), 0);
    places[i] = END - size + 1;
    refused(decimate(places));
  }
  const places = [BASE, BASE, BASE, BASE, BASE];
  refused(decimate(places, -1, -1));
  refused(decimate(places, 2 ** 28, 1));
  refused(decimate(places, 8, 1, 0));
  refused(decimate(places, 8, 0));
  refused(decimate(places, 8, 1, 4, 4));
  assert.equal(wasm.mr_crc32(7, END - 8, 9), 7);
  assert.equal(wasm.mr_crc32c(7, END - 8, 9), 7);
  assert.equal(wasm.mr_adler32(7, END - 8, 9), 7);
});

Deno.test("arguments that make no sense are refused", () => {
  refused(() => wasm.mr_swap(BASE, BASE, 16, 0));
  refused(() => wasm.mr_swap(BASE, BASE, 24, 3));
  refused(() => wasm.mr_swap(BASE, BASE, 64, 32));
  refused(() => wasm.mr_swap(BASE, BASE, 17, 2));
  refused(() => wasm.mr_convert(BASE, 10, BASE, 0, 1, 0));
  refused(() => wasm.mr_convert(BASE, 11, BASE, 0, 1, 0));
  refused(() => wasm.mr_convert(BASE, 0, BASE, 11, 1, 0));
  refused(() => wasm.mr_convert(BASE, 0, BASE, -1, 1, 0));
  refused(() => wasm.mr_convert(BASE, 0, BASE, 0, 1, 3));
  refused(() => wasm.mr_scale(BASE, 7, BASE, 0, 1, BASE, BASE, 1, 0, 1, 1));
  refused(() => wasm.mr_scale(BASE, 8, BASE, 0, 1, BASE, BASE, 0, 0, 1, 1));
  refused(() => wasm.mr_scale(BASE, 8, BASE, 0, 1, BASE, BASE, 2, 2, 1, 1));
  refused(() => wasm.mr_scale(BASE, 8, BASE, 0, 1, BASE, BASE, 2, 0, 0, 1));
  refused(() => wasm.mr_scale(BASE, 8, BASE, 0, 1, BASE, BASE, 2, 0, 3, 2));
  refused(() => wasm.mr_int24(BASE, BASE, 1, 4));
  refused(() => wasm.mr_unpack(BASE, 1, BASE, 5, 11, 0));
  refused(() => wasm.mr_unpack(BASE, 1, BASE, 5, 10, 3));
  refused(() => wasm.mr_bits(BASE, BASE, 1, 3, 0, 1, 0));
  refused(() => wasm.mr_bits(BASE, BASE, 1, 2, 17, 0, 0));
  refused(() => wasm.mr_bits(BASE, BASE, 1, 2, 1, 16, 0));
});

Deno.test("no box reaches beyond the buffers that it was given", () => {
  const [dst, src] = [BASE, BASE + 1000];
  type Row = [number, number, number, number];
  /** A copy of 2-byte elements from 40 bytes to 40 bytes. */
  const copy = (rows: Row[], { from = 0, to = 0, itemsize = 2, unit = 1, source = src, target = dst } = {}) => () =>
    wasm.mr_copy(target, 40, to, source, 40, from, rows.length, axes(...rows), itemsize, unit);
  assert.equal(copy([[20, 2, 2, 0]])(), 0);
  assert.equal(copy([[4, 2, 10, 0], [5, 8, 2, 0]], { unit: 2 })(), 0);
  assert.equal(copy([[20, -2, 2, 0]], { from: 38 })(), 0);
  assert.equal(copy([[0, 2 ** 30, 2 ** 30, 0]])(), 0);
  const memory = new Uint8Array(wasm.memory.buffer);
  const overrun = (...args: Parameters<typeof copy>) => {
    memory.fill(0xa5, BASE, END - 2048);
    assert.equal(copy(...args)(), BAD, JSON.stringify(args));
    assert.ok(memory.subarray(BASE, END - 2048).every((byte) => byte === 0xa5));
  };
  overrun([[21, 2, 2, 0]]);
  overrun([[20, 2, 2, 0]], { from: 1 });
  overrun([[20, 2, 2, 0]], { to: 1 });
  overrun([[20, -2, 2, 0]], { from: 36 });
  overrun([[20, 2, -2, 0]], { to: 36 });
  overrun([[2, 2 ** 31 - 1, 2, 0], [3, 2 ** 31 - 1, 2, 0]]);
  overrun([[-1, 2 ** 31 - 1, 1, 0]]);
  overrun([[-1, 0, -(2 ** 31), 0]]);
  overrun([[4, 2, 10, 0], [6, 8, 2, 0]]);
  overrun([[1, 0, 0, 0]], { itemsize: 41 });
  overrun([[1, 0, 0, 0]], { itemsize: 0 });
  overrun([[1, 0, 0, 0]], { itemsize: 6, unit: 4 });
  overrun([[1, 0, 0, 0]], { unit: 0 });
  overrun([[1, 0, 0, 0]], { source: END - 39 });
  overrun([[1, 0, 0, 0]], { target: END - 39 });
  const list = END - 64;
  new Uint32Array(wasm.memory.buffer, list, 3).set([19, 0, 20]);
  assert.equal(copy([[2, 2, 2, list]])(), 0);
  overrun([[3, 2, 2, list]]);
  overrun([[3, 2, 2, END - 8]]);
  overrun([[2, 2, 2, list + 1]]);
  assert.equal(wasm.mr_copy(dst, 40, 0, src, 40, 0, 33, axes(), 2, 1), BAD);
  assert.equal(wasm.mr_copy(dst, 40, 0, src, 40, 0, 2, END - 16, 2, 1), BAD);
});

Deno.test("nothing is read or written beyond buffers that end where memory does", () => {
  for (let count = 1; count < 40; count++) {
    const ends = (bytes: number) => END - bytes;
    const done = (status: number) => assert.ok(status === 0 || status === count, String(status));
    for (const bits of [10, 12]) {
      for (const packing of [0, 1, 2]) {
        const group = bits === 10 ? 4 : 2;
        const length = packing === 2 ? Math.ceil(count / group) * (group + 1) : Math.ceil(count * bits / 8);
        done(wasm.mr_unpack(BASE, count, ends(length), length, bits, packing));
        done(wasm.mr_unpack(ends(2 * count), count, BASE, length, bits, packing));
      }
    }
    done(wasm.mr_int24(BASE, ends(3 * count), count, 1));
    done(wasm.mr_int24(ends(4 * count), BASE, count, 2));
    done(wasm.mr_swap(ends(2 * count), BASE, 2 * count, 2));
    done(wasm.mr_swap(BASE, ends(8 * count), 8 * count, 8));
    done(wasm.mr_bits(ends(19 * count), BASE, count, 4, 3, 19, 0));
    wasm.mr_crc32(0, ends(count), count);
    wasm.mr_adler32(1, ends(count), count);
    const sizes = [1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2];
    for (const [from, size] of sizes.entries()) {
      for (const [to, wide] of sizes.slice(0, 10).entries()) {
        done(wasm.mr_convert(BASE, to, ends(size * count), from, count, 1));
        done(wasm.mr_convert(ends(wide * count), to, BASE, from, count, 2));
      }
      done(wasm.mr_scale(BASE, 8, ends(size * count), from, count, BASE, BASE, 1, 0, 1, 1));
      done(wasm.mr_scale(ends(8 * count), 9, BASE, from, count, BASE, BASE, 1, 0, 1, 1));
      done(wasm.mr_scale(BASE, 9, BASE, from, count, ends(8 * 3), ends(8 * 3), 3, 0, 1, 1));
      if (from === 10) continue;
      const [low, high, mean, state] = [BASE, BASE + 1024, BASE + 2048, BASE + 4096];
      done(wasm.mr_decimate(low, high, mean, state, ends(size * count), from, 1, count, 1, 0));
      done(wasm.mr_decimate(low, high, mean, state, ends(size * count), from, count, 1, count, 0));
      done(wasm.mr_decimate(ends(size * count), high, mean, state, BASE, from, 1, count, 1, 0));
      done(wasm.mr_decimate(low, ends(size * count), mean, state, BASE, from, 1, count, 1, 0));
      done(wasm.mr_decimate(low, high, ends(8 * count), state, BASE, from, 1, count, 1, 0));
      done(wasm.mr_decimate(low, high, mean, ends(16 * count), BASE, from, 1, count, 1, 0));
    }
    for (const size of [1, 2, 4, 8]) {
      const table = BASE;
      const axis = new Int32Array(wasm.memory.buffer, table, 8);
      axis.set([count, size, 5 * size, 0, 5, count * size, size, 0]);
      const length = 5 * count * size;
      done(wasm.mr_copy(BASE + 64, length, 0, ends(length), length, 0, 2, table, size, size));
      done(wasm.mr_copy(ends(length), length, 0, BASE + 64, length, 0, 2, table, size, 1));
    }
  }
});

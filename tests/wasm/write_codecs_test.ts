import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { TestFile } from "./module.ts";
import { bytesOf, WriteFile } from "./writer.ts";

interface Filter {
  id: number;
  flags?: number;
  values?: number[];
}

const SHUFFLE: Filter = { id: 2 };
const OPTIONAL = 1;
/** Elements in a dataset, and in a chunk; the last chunk reaches past the end. */
const LENGTH = 5000;
const CHUNK = 1024;

let seed = 3;
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
  return (seed >>> 8) % below;
}

/** Signals that compress, each in its own type. */
const data: Record<string, { type: (file: WriteFile) => number; bytes: Uint8Array }> = {
  int16: {
    type: (file) => file.int16(),
    bytes: bytesOf(Int16Array.from({ length: LENGTH }, (_, i) => 500 * Math.sin(i / 40) + random(16))),
  },
  "big-endian int32": {
    type: (file) => file.type("mt_type_integer", 4, 1, 1),
    bytes: bytesOf(Int32Array.from({ length: LENGTH }, (_, i) => 7 * i - random(9))),
  },
  float64: {
    type: (file) => file.type("mt_type_float", 8, 0),
    bytes: bytesOf(Float64Array.from({ length: LENGTH }, (_, i) => Math.round(i / 3) / 8)),
  },
};

const pipelines: Record<string, Filter[]> = {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((level) => [`deflate ${level}`, [{ id: 1, values: [level] }]]),
  ),
  "deflate by default": [{ id: 1, flags: OPTIONAL }],
  "shuffle, deflate": [SHUFFLE, { id: 1, flags: OPTIONAL, values: [4] }],
  "shuffle": [SHUFFLE],
  "fletcher32": [{ id: 3 }],
  "shuffle, deflate, fletcher32": [SHUFFLE, { id: 1, values: [1] }, { id: 3 }],
  "szip NN": [{ id: 4, values: [32, 16] }],
  "szip EC": [{ id: 4, values: [4, 8] }],
  "nbit": [{ id: 5 }],
  "lzf": [{ id: 32000, flags: OPTIONAL }],
  "shuffle, lzf": [SHUFFLE, { id: 32000, flags: OPTIONAL }],
  "lz4": [{ id: 32004 }],
  "lz4 in blocks": [{ id: 32004, values: [512] }],
  "zstd": [{ id: 32015 }],
  "zstd 9": [{ id: 32015, values: [9] }],
  "shuffle, zstd, fletcher32": [SHUFFLE, { id: 32015, values: [1] }, { id: 3 }],
};

/** What a filter takes away on purpose, and where it takes nothing. */
const scaled: [string, Filter[], string, number][] = [
  ["scaleoffset of integers", [{ id: 6, values: [2, 0] }], "int16", 0],
  ["scaleoffset of integers", [{ id: 6, values: [2, 0] }], "big-endian int32", 0],
  ["scaleoffset to 1/100", [{ id: 6, values: [0, 2] }], "float64", 0.00501],
];

/** Stored bytes of all chunks. */
function stored(bytes: Uint8Array, file: TestFile): Uint8Array[] {
  return file.chunks(file.dataset("d")).map(({ address, size }) => bytes.slice(address, address + size));
}

/** Storage bytes of the chunk at an element, zeros past the end. */
function chunkOf(name: string, at: number): Uint8Array {
  const { bytes } = data[name]!;
  const size = bytes.byteLength / LENGTH;
  const chunk = new Uint8Array(CHUNK * size);
  chunk.set(bytes.subarray(at * size, (at + CHUNK) * size));
  if (name.startsWith("big-endian")) {
    for (let i = 0; i < chunk.length; i += size) chunk.subarray(i, i + size).reverse();
  }
  return chunk;
}

async function write(name: string, filters: Filter[], put: boolean): Promise<{ bytes: Uint8Array; file: TestFile }> {
  const file = await WriteFile.create();
  const made = file.dataset("d", data[name]!.type(file), { dims: [LENGTH], chunk: [CHUNK], filters });
  if (put) { for (let at = 0; at < LENGTH; at += CHUNK) file.put(made, [at], chunkOf(name, at)); }
  else file.write(made, [0], [LENGTH], data[name]!.bytes);
  const bytes = file.close();
  return { bytes, file: await TestFile.open(bytes) };
}

Deno.test("every filter that can be written round-trips, through H5Dwrite and chunk by chunk", async () => {
  for (const [pipeline, filters] of Object.entries(pipelines)) {
    for (const name of Object.keys(data)) {
      const through = await write(name, filters, false);
      const direct = await write(name, filters, true);
      for (const { file } of [through, direct]) {
        assert.deepEqual(file.read(file.dataset("d")), data[name]!.bytes, `${pipeline} of ${name}`);
      }
      const chunks = stored(direct.bytes, direct.file);
      assert.equal(chunks.length, 5);
      assert.deepEqual(stored(through.bytes, through.file), chunks, `${pipeline} of ${name}`);
      const total = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      const raw = 5 * CHUNK * (data[name]!.bytes.byteLength / LENGTH);
      if (/deflate [1-9]|zstd|lz4|lzf|szip/.test(pipeline)) assert.ok(total < 1.02 * raw, `${pipeline} of ${name}`);
      if (/shuffle, (deflate|zstd|lzf)/.test(pipeline)) {
        assert.ok(total < 0.8 * raw, `${pipeline} of ${name}: ${total}`);
      }
    }
  }
});

Deno.test("scaleoffset gives integers back and floats as closely as asked for", async () => {
  for (const [pipeline, filters, name, tolerance] of scaled) {
    for (const put of [false, true]) {
      const { bytes, file } = await write(name, filters, put);
      const [got, wanted] = [file.read(file.dataset("d")), data[name]!.bytes];
      if (tolerance === 0) assert.deepEqual(got, wanted, `${pipeline} of ${name}`);
      else {
        const wantedNumbers = new Float64Array(wanted.buffer);
        new Float64Array(got.slice().buffer).forEach((value, i) => {
          assert.ok(Math.abs(value - wantedNumbers[i]!) <= tolerance, `${i}: ${value}`);
        });
      }
      const total = stored(bytes, file).reduce((sum, chunk) => sum + chunk.byteLength, 0);
      assert.ok(total < 0.8 * wanted.byteLength, `${pipeline} of ${name}: ${total}`);
    }
  }
});

Deno.test("all filters that the module says it writes are tried here", async () => {
  const file = await TestFile.open((await write("int16", [], false)).bytes);
  const tried = new Set(
    [...Object.values(pipelines), ...scaled.map(([, filters]) => filters)].flat().map(({ id }) => id),
  );
  const writes = file.filters().filter(({ encode }) => encode).map(({ id }) => id);
  assert.deepEqual([...tried].toSorted((a, b) => a - b), writes.toSorted((a, b) => a - b));
});

Deno.test("an optional filter that does not pay is left out of a chunk, and the mask says so", async () => {
  const noise = Uint8Array.from({ length: 4096 }, () => random(256));
  for (const put of [false, true]) {
    const file = await WriteFile.create();
    const type = file.type("mt_type_integer", 1, 0, 0);
    const made = file.dataset("d", type, { dims: [4096], chunk: [2048], filters: [{ id: 32000, flags: OPTIONAL }] });
    if (put) { for (const at of [0, 2048]) file.put(made, [at], noise.subarray(at, at + 2048)); }
    else file.write(made, [0], [4096], noise);
    assert.deepEqual(file.read(made, [0], [4096]), noise);
    const opened = await TestFile.open(file.close());
    assert.deepEqual(opened.chunks(opened.dataset("d")).map(({ mask, size }) => [mask, size]), [[1, 2048], [1, 2048]]);
    assert.deepEqual(opened.read(opened.dataset("d")), noise);
  }
});

/** Mulberry32, as make_zlib_sizes.py has it. */
function numbers(seed: number): (below: number) => number {
  return (below) => {
    seed = (seed + 0x6d2b79f5) >>> 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1) >>> 0;
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

Deno.test("deflate at levels 4 to 7 is no larger than zlib's by more than a hundredth", async () => {
  const text = await readFile(new URL("data/zlib_sizes.json", import.meta.url), "utf8");
  const { sizes } = JSON.parse(text) as { sizes: Record<string, Record<string, number>> };
  const n = 1 << 17;
  const next = numbers(1);
  const noise = (width: number) => Math.floor((next(width) + next(width) + next(width) + next(width)) / 4) - width / 2;
  let walk = 0;
  const signals: Record<string, Uint8Array> = {
    "noise": bytesOf(Int16Array.from({ length: n }, () => noise(256))),
    "faint noise": bytesOf(Int16Array.from({ length: n }, () => noise(12))),
    "walk": bytesOf(Int16Array.from({ length: n }, () => walk += next(7) - 3)),
    "ramp": bytesOf(Int32Array.from({ length: n / 2 }, (_, i) => i)),
    "times": bytesOf(Float64Array.from({ length: n / 4 }, (_, i) => i / 30000)),
    "saw": bytesOf(Int16Array.from({ length: n }, (_, i) => Math.abs(i % 400 - 200) * 5 + next(12))),
  };
  for (const [name, bytes] of Object.entries(signals)) {
    for (const [level, zlib] of Object.entries(sizes[name]!)) {
      const file = await WriteFile.create();
      const type = file.type("mt_type_integer", 1, 0, 0);
      const filters = [{ id: 1, values: [Number(level)] }];
      const made = file.dataset("d", type, { dims: [bytes.byteLength], chunk: [65536], filters });
      file.write(made, [0], [bytes.byteLength], bytes);
      const total = file.chunks(made).reduce((sum, { size }) => sum + size, 0);
      assert.ok(total <= 1.01 * zlib, `${name} at level ${level}: ${total} bytes, zlib ${zlib}`);
    }
  }
});

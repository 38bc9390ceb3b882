import assert from "node:assert/strict";
import { loadReader } from "../../src/wasm/reader/reader.ts";
import type { ElementType, Overflow, StoredType } from "../../src/wasm/reader/reader.ts";
import * as twin from "./reader_twin.ts";
import { randomBytes, randomNumbers, seeded } from "./reader_random.ts";

const reader = await loadReader();

/** The bytes of any view. */
function raw(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/** Compares bytes; quicker than a deep comparison, and says where they differ. */
function same(actual: ArrayBufferView, expected: ArrayBufferView, what: string): void {
  const [a, b] = [raw(actual), raw(expected)];
  assert.equal(a.length, b.length, `length of ${what}`);
  const at = a.findIndex((byte, i) => byte !== b[i]);
  assert.equal(at, -1, `${what}: byte ${at} of ${a.length} is ${a[at]}, expected ${b[at]}`);
}

/** Lengths about the sizes of vectors, pieces and blocks. */
const LENGTHS = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 100, 511, 513, 1023, 1025, 2049];

Deno.test("checksums are those of the definitions, in one piece and in many", () => {
  const random = seeded(1);
  const text = new TextEncoder().encode("123456789");
  assert.equal(reader.crc32(text), 0xcbf43926);
  assert.equal(reader.crc32c(text), 0xe3069283);
  assert.equal(reader.adler32(text), 0x091e01de);
  for (const length of [...LENGTHS, 5551, 5552, 5553, 11104, 300_001]) {
    const bytes = randomBytes(random, length);
    const cut = random(length + 1);
    const [before, after] = [bytes.subarray(0, cut), bytes.subarray(cut)];
    const zip = twin.crc(bytes, 0xedb88320);
    assert.equal(reader.crc32(bytes), zip);
    assert.equal(reader.crc32(after, reader.crc32(before)), zip);
    const castagnoli = twin.crc(bytes, 0x82f63b78);
    assert.equal(reader.crc32c(bytes), castagnoli);
    assert.equal(reader.crc32c(after, reader.crc32c(before)), castagnoli);
    assert.equal(reader.adler32(bytes), twin.adler32(bytes));
    assert.equal(reader.adler32(after, reader.adler32(before)), twin.adler32(bytes));
  }
  const full = new Uint8Array(700_000).fill(255);
  assert.equal(reader.adler32(full, 0xffefffef), twin.adler32(full, 0xffefffef));
});

Deno.test("bytes are reversed by any unit, into new memory, a target or in place", () => {
  const random = seeded(2);
  for (const unit of [1, 2, 4, 8, 16] as const) {
    for (const count of [...LENGTHS, 40_000]) {
      const bytes = randomBytes(random, count * unit);
      const before = bytes.slice();
      const expected = twin.swap(bytes, unit);
      same(reader.swap(bytes, unit), expected, `swap by ${unit}`);
      const target = randomBytes(random, bytes.length);
      assert.equal(reader.swap(bytes, unit, target).byteOffset, target.byteOffset);
      same(target, expected, `swap by ${unit} into a target`);
      same(bytes, before, "the source");
      reader.swap(bytes, unit, bytes);
      same(bytes, expected, `swap by ${unit} in place`);
    }
  }
});

for (const overflow of ["error", "wrap", "clip"] as Overflow[]) {
  Deno.test(`all types convert into all others as in plain TypeScript, overflow ${overflow}`, () => {
    const random = seeded(3);
    for (const from of twin.STORED_TYPES) {
      for (const to of twin.ELEMENT_TYPES) {
        for (const [i, count] of [...LENGTHS, ...LENGTHS].entries()) {
          const source = randomNumbers(random, from, count, i >= LENGTHS.length);
          const what = `${count} ${from} to ${to}, ${overflow}`;
          const expected = twin.convert(source, from, to, overflow);
          if (typeof expected === "number") {
            const message = `Cannot convert element ${expected} of ${from} to ${to}: `;
            assert.throws(
              () => reader.convert(source, from, to, { overflow }),
              (error: Error) =>
                error.name === "DTypeError" && error.message.startsWith(message) &&
                error.message.endsWith("doesn't fit"),
            );
          } else {
            same(reader.convert(source, from, to, { overflow }), expected, what);
            const swapped = twin.swap(source, twin.bytesPer(from));
            same(reader.convert(swapped, from, to, { overflow, swap: true }), expected, `big-endian ${what}`);
          }
        }
      }
    }
  });
}

Deno.test("every float16 and many NaNs become the float32 and float64 that they are", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
  for (const to of ["float32", "float64"] as const) {
    same(reader.convert(all, "float16", to), twin.convert(raw(all), "float16", to, "error") as Uint8Array, to);
  }
  const random = seeded(4);
  const nans = Uint32Array.from({ length: 999 }, () => (0x7f800001 + random(2 ** 23 - 1) | random(2) << 31) >>> 0);
  same(
    reader.convert(nans, "float32", "float64"),
    twin.convert(raw(nans), "float32", "float64", "error") as Uint8Array,
    "f4 NaN",
  );
  const wide = BigUint64Array.from(
    { length: 999 },
    () => 0x7ff0000000000001n | BigInt(random(2 ** 31)) << 21n | BigInt(random(2 ** 31)) | BigInt(random(2)) << 63n,
  );
  same(
    reader.convert(wide, "float64", "float32"),
    twin.convert(raw(wide), "float64", "float32", "error") as Uint8Array,
    "f8 NaN",
  );
});

Deno.test("the ends of every type fit, and what lies beyond them doesn't", () => {
  const fits = (values: ArrayBufferView, from: StoredType, to: ElementType) => void reader.convert(values, from, to);
  const not = (values: ArrayBufferView, from: StoredType, to: ElementType) =>
    assert.throws(() => reader.convert(values, from, to), {
      name: "DTypeError",
      message: /^Cannot convert element 2 of /,
    });
  for (const to of ["int8", "uint8", "int16", "uint16", "int32", "uint32"] as const) {
    const bits = 8 * twin.bytesPer(to);
    const [low, high] = to.startsWith("u") ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
    const ends = [BigInt(low), BigInt(high)];
    fits(BigInt64Array.from(ends), "int64", to);
    not(BigInt64Array.of(...ends, BigInt(low) - 1n), "int64", to);
    not(BigInt64Array.of(...ends, BigInt(high) + 1n), "int64", to);
    // A fraction beyond the end is lost.
    fits(Float64Array.of(low - 0.999, high + 0.999), "float64", to);
    not(Float64Array.of(low, high, low - 1), "float64", to);
    not(Float64Array.of(low, high, high + 1), "float64", to);
    for (const value of [NaN, Infinity, -Infinity]) not(Float32Array.of(0, 1, value), "float32", to);
  }
  fits(Float64Array.of(-(2 ** 63), 2 ** 63 - 1024), "float64", "int64");
  not(Float64Array.of(0, 1, 2 ** 63), "float64", "int64");
  not(Float64Array.of(0, 1, -(2 ** 63) - 2048), "float64", "int64");
  fits(Float64Array.of(-0.9, 2 ** 64 - 2048), "float64", "uint64");
  not(Float64Array.of(0, 1, 2 ** 64), "float64", "uint64");
  not(BigUint64Array.of(0n, 2n ** 63n - 1n, 2n ** 63n), "uint64", "int64");
  not(BigInt64Array.of(0n, 1n, -1n), "int64", "uint64");
  // Half a step beyond float32's largest number rounds to infinity, anything less to that number.
  fits(Float64Array.of(3.4028234663852886e38, 3.4028235677973362e38, -Infinity, NaN), "float64", "float32");
  not(Float64Array.of(0, 1, -3.4028235677973366e38), "float64", "float32");
});

Deno.test("a value that doesn't fit is named, however many blocks lie before it", () => {
  const source = new Int32Array(1_000_000);
  source[777_777] = -129;
  assert.throws(() => reader.convert(source, "int32", "int8"), {
    name: "DTypeError",
    code: "dtype",
    message: "Cannot convert element 777777 of int32 to int8: -129 doesn't fit",
  });
  assert.throws(
    () => reader.convert(Uint16Array.of(0, 0x7e00), "float16", "int8"),
    /element 1 of float16 to int8: NaN/,
  );
  assert.throws(() => reader.convert(Float64Array.of(1e39), "float64", "float32"), /element 0 .*: 1e\+39 doesn't fit/);
});

/** Channels and frames. */
const SIZES = [[1, 0], [1, 1], [1, 1030], [2, 301], [3, 17], [8, 64], [384, 5], [700, 2]] as const;

Deno.test("gain and offset, of all and per channel, in both layouts, are computed in float64 and rounded once", () => {
  const random = seeded(5);
  for (const from of twin.STORED_TYPES) {
    for (const to of ["float32", "float64"] as const) {
      for (const [channels, frames] of SIZES) {
        const source = randomNumbers(random, from, frames * channels);
        const list = () => Array.from({ length: channels }, () => (random(2000) - 1000) / 64.7);
        const [gain, offset] = [list(), list()];
        for (const layout of ["time-major", "channel-major"] as const) {
          const what = `${frames} x ${channels} ${from} to ${to}, ${layout}`;
          const expected = twin.scale(source, from, to, gain, offset, layout);
          same(reader.scale(source, from, to, { gain, offset, layout }), expected, what);
          const swapped = twin.swap(source, twin.bytesPer(from));
          same(reader.scale(swapped, from, to, { gain, offset, layout, swap: true }), expected, `big-endian ${what}`);
        }
        const even = twin.scale(source, from, to, [gain[0]!], [0], "time-major");
        same(reader.scale(source, from, to, { gain: gain[0]!, channels }), even, "one gain for all");
      }
    }
  }
});

Deno.test("scaling goes on from block to block in the middle of a frame or a channel", () => {
  const source = Int16Array.from({ length: 100_000 * 3 }, (_, i) => i * 7);
  const [gain, offset] = [[0.5, 2, 3], [1, 0, -1]];
  for (const layout of ["time-major", "channel-major"] as const) {
    same(
      reader.scale(source, "int16", "float64", { gain, offset, layout }),
      twin.scale(raw(source), "int16", "float64", gain, offset, layout),
      layout,
    );
  }
});

Deno.test("24-bit integers of both signs and orders", () => {
  const random = seeded(6);
  for (const count of [...LENGTHS, 100_000]) {
    const source = randomBytes(random, 3 * count);
    for (const signed of [true, false]) {
      for (const bigEndian of [true, false]) {
        same(reader.int24(source, { signed, bigEndian }), twin.int24(source, signed, bigEndian), `${count} int24`);
      }
    }
  }
  same(reader.int24(Uint8Array.of(0, 0, 0x80, 0xff, 0xff, 0x7f)), Int32Array.of(-(2 ** 23), 2 ** 23 - 1), "the ends");
});

Deno.test("packed words of 10 and 12 bits, in three packings, from any word on", () => {
  const random = seeded(7);
  for (const bits of [10, 12] as const) {
    for (const packing of ["lsb", "msb", "mipi"] as const) {
      const group = bits === 10 ? 4 : 2;
      for (const words of [...LENGTHS, 200_001]) {
        const length = packing === "mipi" ? Math.ceil(words / group) * (group + 1) : Math.ceil(words * bits / 8);
        const source = randomBytes(random, length);
        const held = packing === "mipi" ? Math.ceil(words / group) * group : Math.floor(length * 8 / bits);
        const skip = random(Math.min(held, 9) + 1);
        const what = `${words} words of ${bits} bits, ${packing}`;
        same(reader.unpack(source, { bits, packing }), twin.unpack(source, { bits, packing }, 0, held), what);
        same(
          reader.unpack(source, { bits, packing, skip }),
          twin.unpack(source, { bits, packing }, skip, held - skip),
          what,
        );
        const count = random(held - skip + 1);
        same(
          reader.unpack(source, { bits, packing, skip, count }),
          twin.unpack(source, { bits, packing }, skip, count),
          `${count} of ${what}`,
        );
        assert.throws(() => reader.unpack(source, { bits, packing, skip, count: held - skip + 1 }), {
          name: "ShapeError",
        });
      }
    }
  }
  // By hand: 0x3ff, 0, 0x155, 0x2aa.
  const values = Uint16Array.of(0x3ff, 0, 0x155, 0x2aa);
  same(reader.unpack(Uint8Array.of(0xff, 0x03, 0x50, 0x95, 0xaa), { bits: 10, packing: "lsb" }), values, "lsb");
  same(reader.unpack(Uint8Array.of(0xff, 0xc0, 0x05, 0x56, 0xaa), { bits: 10, packing: "msb" }), values, "msb");
  same(reader.unpack(Uint8Array.of(0xff, 0, 0x55, 0xaa, 0x93), { bits: 10, packing: "mipi" }), values, "mipi");
});

Deno.test("single bits and all bits of words", () => {
  const random = seeded(8);
  for (const wordsize of [1, 2, 4] as const) {
    for (const count of [...LENGTHS, 70_000]) {
      const source = randomBytes(random, wordsize * count);
      const swapped = twin.swap(source, wordsize);
      const index = random(8 * wordsize);
      same(reader.bit(source, wordsize, index), twin.bits(source, wordsize, index, 1, "time-major"), `bit ${index}`);
      const [first, some] = [random(4), 1 + random(8 * wordsize - 3)];
      for (const layout of ["time-major", "channel-major"] as const) {
        same(reader.bits(source, wordsize, { layout }), twin.bits(source, wordsize, 0, 8 * wordsize, layout), layout);
        const expected = twin.bits(source, wordsize, first, some, layout);
        same(reader.bits(source, wordsize, { first, count: some, layout }), expected, `${some} bits from ${first}`);
        same(reader.bits(swapped, wordsize, { first, count: some, layout, swap: true }), expected, "big-endian");
      }
    }
  }
});

Deno.test("decimation keeps extremes and means of all types, layouts and sizes", () => {
  const random = seeded(9);
  for (const type of twin.ELEMENT_TYPES) {
    for (const channels of [1, 2, 5, 33]) {
      for (const frames of [0, 1, 2, 9, 64, 257]) {
        for (const factor of [1, 2, 7, 64, 1000]) {
          const source = randomNumbers(random, type, frames * channels);
          for (const layout of ["time-major", "channel-major"] as const) {
            const what = `${frames} x ${channels} ${type} by ${factor}, ${layout}`;
            const expected = twin.decimate(source, type, factor, channels, layout);
            const actual = reader.decimate(source, type, { factor, channels, layout });
            assert.equal(actual.length, Math.ceil(frames / factor));
            for (const part of ["min", "max", "mean"] as const) {
              same(actual[part], expected[part], `${part} of ${what}`);
            }
          }
          const swapped = twin.swap(source, twin.bytesPer(type));
          same(
            reader.decimate(swapped, type, { factor, channels, swap: true }).mean,
            twin.decimate(source, type, factor, channels, "time-major").mean,
            "mean of big-endian",
          );
        }
      }
    }
  }
});

Deno.test("sums of large numbers stay exact, and -0 comes before 0 in whatever order they stand", () => {
  for (const channels of [1, 3]) {
    const frames = 100_000;
    const low = new Int16Array(frames * channels).fill(-32768);
    const high = new Uint16Array(frames * channels).fill(65535);
    assert.equal(reader.decimate(low, "int16", { factor: frames, channels }).mean[0], -32768);
    assert.equal(reader.decimate(high, "uint16", { factor: frames, channels }).mean[channels - 1], 65535);
  }
  for (const [type, of] of [["float32", Float32Array], ["float64", Float64Array]] as const) {
    for (const channels of [1, 2, 4, 5]) {
      for (const first of [0, -0]) {
        const values = new of(2 * channels).fill(first, 0, channels).fill(-first, channels);
        const { min, max } = reader.decimate(values, type, { factor: 2, channels });
        assert.ok([...min].every((value) => Object.is(value, -0)) && [...max].every((value) => Object.is(value, 0)));
      }
    }
  }
});

Deno.test("a bucket goes through many blocks, and a block holds the ends of buckets", () => {
  const random = seeded(10);
  for (const type of ["int16", "float32", "int64"] as const) {
    const source = randomNumbers(random, type, 3 * 50_000);
    for (const factor of [1, 999, 40_000, 10 ** 12]) {
      const expected = twin.decimate(source, type, factor, 3, "time-major");
      const actual = reader.decimate(source, type, { factor, channels: 3 });
      for (const part of ["min", "max", "mean"] as const) same(actual[part], expected[part], `${part} by ${factor}`);
    }
  }
});

Deno.test("what makes no sense is refused before anything is done", () => {
  const bytes = new Uint8Array(24);
  const refused = (run: () => unknown) => assert.throws(run, { name: "ShapeError", code: "shape" });
  refused(() => reader.swap(new Uint8Array(5), 2));
  refused(() => reader.swap(bytes, 3 as 2));
  refused(() => reader.swap(bytes, 2, new Uint8Array(22)));
  refused(() => reader.convert(new Uint8Array(5), "int16", "int8"));
  refused(() => reader.scale(bytes, "int16", "float32", { gain: [1, 2, 3], offset: [1, 2] }));
  refused(() => reader.scale(bytes, "int16", "float32", { channels: 5 }));
  refused(() => reader.scale(bytes, "int16", "float32", { channels: 0 }));
  refused(() => reader.int24(new Uint8Array(4)));
  refused(() => reader.unpack(bytes, { bits: 11 as 10, packing: "lsb" }));
  refused(() => reader.unpack(bytes, { bits: 10, packing: "other" as "lsb" }));
  refused(() => reader.unpack(bytes, { bits: 10, packing: "lsb", skip: -1 }));
  refused(() => reader.unpack(bytes, { bits: 10, packing: "lsb", count: 1.5 }));
  refused(() => reader.bit(bytes, 2, 16));
  refused(() => reader.bit(bytes, 3 as 2, 1));
  refused(() => reader.bits(bytes, 4, { first: 30, count: 3 }));
  refused(() => reader.bits(new Uint8Array(5), 4));
  refused(() => reader.decimate(bytes, "int16", { factor: 0 }));
  refused(() => reader.decimate(bytes, "int16", { factor: 2.5 }));
  refused(() => reader.decimate(bytes, "int16", { factor: 2, channels: 5 }));
  refused(() => reader.decimate(new Uint8Array(5), "int16", { factor: 2 }));
});

Deno.test("large arrays leave the module's memory small", () => {
  const source = new Uint8Array(64 * 2 ** 20);
  reader.crc32(source);
  reader.swap(source, 8);
  reader.convert(source, "uint8", "int16");
  reader.transpose(source, [2 ** 13, 2 ** 13], 1);
  reader.decimate(source, "uint8", { factor: 2 ** 23 });
  assert.ok(reader.memoryBytes < 8 * 2 ** 20, `${reader.memoryBytes} bytes`);
});

Deno.test("a call that needs much memory gives it back", () => {
  const channels = 9_000_000;
  const type: StoredType = "uint8";
  const gain = new Float64Array(channels).fill(2);
  const out = reader.scale(new Uint8Array(channels).fill(3), type, "float32", { gain });
  assert.equal(out[channels - 1], 6);
  assert.equal(reader.memoryBytes, 0);
  assert.equal(reader.crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
});

/** Seeded random input for the reader's tests: the same in every runtime. */
import type { StoredType } from "../../src/wasm/reader/reader.ts";

/** A generator of numbers below a limit: mulberry32. */
export function seeded(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor(((value ^ (value >>> 14)) >>> 0) / 2 ** 32 * limit);
  };
}

/** Bytes that begin at any address. */
export function randomBytes(random: (limit: number) => number, length: number): Uint8Array<ArrayBuffer> {
  const shift = random(17);
  const bytes = new Uint8Array(new ArrayBuffer(length + 32), shift, length);
  for (let i = 0; i < length; i++) bytes[i] = random(256);
  return bytes;
}

/** Numbers of integer types that lie at the ends of some type, and beside them. */
const INTEGERS = [0n, 7n, 8n, 15n, 16n, 31n, 32n, 63n, 64n].flatMap((bits) =>
  [-1n, 0n, 1n].flatMap((by) => [(1n << bits) + by, -(1n << bits) + by])
);

/** The same of floats, with what only floats have. */
const FLOATS = [
  ...INTEGERS.map(Number),
  ...INTEGERS.map((value) => Number(value) + 0.5),
  0,
  -0,
  NaN,
  Infinity,
  -Infinity,
  0.5,
  -0.5,
  -0.9999999,
  2.5,
  5e-324,
  1e-45,
  -1e-40,
  2 ** -126,
  65504,
  3.4028234663852886e38,
  3.4028235677973366e38,
  -3.4028235677973366e38,
  3.4028235677973362e38,
  1e39,
  2 ** 63 - 1024,
  -(2 ** 63) - 2048,
  2 ** 64 - 2048,
  2 ** 100 + 2 ** 60,
  -(2 ** 115),
  1.7976931348623157e308,
];

/** Numbers of a type: some at the ends of types, some small, some of any bits. */
export function randomNumbers(
  random: (limit: number) => number,
  type: StoredType,
  count: number,
  edges = true,
): Uint8Array<ArrayBuffer> {
  const size = { 8: 1, 16: 2, 32: 4, 64: 8 }[/\d+/.exec(type)![0]]!;
  const bytes = randomBytes(random, count * size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < count; i++) {
    const kind = random(edges ? 4 : 1);
    if (type === "float16") {
      if (kind !== 3) view.setUint16(2 * i, [0x3c00, 0x5640, 0x4400, 0x0000][random(4)]!, true);
    } else if (type === "float32" || type === "float64") {
      const value = kind === 0 ? random(2000) / 8 - 20 : kind === 3 ? null : FLOATS[random(FLOATS.length)]!;
      if (value === null) continue;
      if (type === "float32") view.setFloat32(4 * i, value, true);
      else view.setFloat64(8 * i, value, true);
    } else if (kind !== 3) {
      const value = kind === 0 ? BigInt(random(100)) : INTEGERS[random(INTEGERS.length)]!;
      for (let k = 0; k < size; k++) view.setUint8(i * size + k, Number(BigInt.asUintN(8, value >> BigInt(8 * k))));
    }
  }
  return bytes;
}

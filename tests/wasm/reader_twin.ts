/**
 * The reader in plain TypeScript, one value after the other: slow, short, and what the kernels are held against. For tests only.
 */
import type { Box } from "../../src/wasm/reader/reader.ts";
import type { ElementType, Layout, Overflow, PackedOptions, StoredType } from "../../src/wasm/reader/reader.ts";

export const ELEMENT_TYPES = [
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "uint32",
  "int64",
  "uint64",
  "float32",
  "float64",
] as const;
export const STORED_TYPES: readonly StoredType[] = [...ELEMENT_TYPES, "float16"];

export function bytesPer(type: StoredType): number {
  return { 8: 1, 16: 2, 32: 4, 64: 8 }[/\d+/.exec(type)![0]]!;
}

function viewOf(bytes: ArrayBufferView): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A checksum bit by bit. */
export function crc(bytes: Uint8Array, polynomial: number, initial = 0): number {
  let sum = ~initial;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? polynomial : 0);
  }
  return ~sum >>> 0;
}

export function adler32(bytes: Uint8Array, initial = 1): number {
  let a = initial & 0xffff;
  let b = initial >>> 16;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

export function swap(bytes: Uint8Array, unit: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = bytes[i - i % unit + unit - 1 - i % unit]!;
  return out;
}

export function gather(source: Uint8Array, { itemsize, swap: unit = 1, offset = 0, axes }: Box): Uint8Array {
  const total = axes.reduce((product, { count }) => product * count, 1);
  const out = new Uint8Array(total * itemsize);
  for (let i = 0; i < total; i++) {
    let start = offset;
    let rest = i;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      const { count, stride, indices } = axes[axis]!;
      const index = rest % count;
      rest = (rest - index) / count;
      start += (indices === undefined ? index : indices[index]!) * stride;
    }
    for (let k = 0; k < itemsize; k++) out[i * itemsize + k] = source[start + k - k % unit + unit - 1 - k % unit]!;
  }
  return out;
}

/** A value as its type holds it: a bigint of integers, a number of floats. */
export function load(bytes: Uint8Array, type: StoredType, index: number): bigint | number {
  const view = viewOf(bytes);
  switch (type) {
    case "int8":
      return BigInt(view.getInt8(index));
    case "uint8":
      return BigInt(view.getUint8(index));
    case "int16":
      return BigInt(view.getInt16(2 * index, true));
    case "uint16":
      return BigInt(view.getUint16(2 * index, true));
    case "int32":
      return BigInt(view.getInt32(4 * index, true));
    case "uint32":
      return BigInt(view.getUint32(4 * index, true));
    case "int64":
      return view.getBigInt64(8 * index, true);
    case "uint64":
      return view.getBigUint64(8 * index, true);
    case "float16":
      return half(view.getUint16(2 * index, true));
    case "float32":
      return view.getFloat32(4 * index, true);
    case "float64":
      return view.getFloat64(8 * index, true);
  }
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** A NaN's sign, and its payload as that of a float64. */
function nanParts(bytes: Uint8Array, type: StoredType, index: number): { negative: boolean; payload: bigint } {
  const [size, fraction] = { float16: [2, 10], float32: [4, 23], float64: [8, 52] }[type as "float16"] as [
    number,
    number,
  ];
  let bits = 0n;
  for (let i = size - 1; i >= 0; i--) bits = bits << 8n | BigInt(bytes[index * size + i]!);
  const payload = (bits & ((1n << BigInt(fraction)) - 1n)) << BigInt(52 - fraction);
  return { negative: bits >> BigInt(8 * size - 1) === 1n, payload };
}

/** The integer nearest type's range, bits and sign. */
function rangeOf(type: ElementType): { low: bigint; high: bigint; bits: number; signed: boolean } {
  const bits = 8 * bytesPer(type);
  const signed = type.startsWith("int");
  const high = (1n << BigInt(signed ? bits - 1 : bits)) - 1n;
  return { low: signed ? -high - 1n : 0n, high, bits, signed };
}

const MAX_FLOAT32 = 2 ** 128 - 2 ** 104;

/** An integer as the nearest float32, ties to even; `Math.fround(Number(x))` would round twice. */
function nearestFloat32(value: bigint): number {
  const size = value < 0n ? -value : value;
  const shift = BigInt(Math.max(size.toString(2).length - 24, 0));
  let kept = size >> shift;
  const rest = size - (kept << shift);
  const halfway = shift === 0n ? 1n : 1n << (shift - 1n);
  if (rest > halfway || (rest === halfway && shift > 0n && (kept & 1n) === 1n)) kept++;
  return Number(kept << shift) * (value < 0n ? -1 : 1);
}

/** One converted value, or `null` where the rule makes it an error. NaN is the caller's. */
function convertOne(value: bigint | number, to: ElementType, rule: Overflow): bigint | number | null {
  if (to === "float64") return Number(value);
  if (to === "float32") {
    if (typeof value === "bigint") return nearestFloat32(value);
    const rounded = Math.fround(value);
    if (Number.isFinite(rounded) || !Number.isFinite(value)) return rounded;
    return rule === "error" ? null : rule === "wrap" ? rounded : Math.sign(value) * MAX_FLOAT32;
  }
  const { low, high, bits, signed } = rangeOf(to);
  if (typeof value === "number" && !Number.isFinite(value)) {
    if (rule === "error") return null;
    return rule === "wrap" || Number.isNaN(value) ? 0n : value < 0 ? low : high;
  }
  const whole = typeof value === "bigint" ? value : BigInt(Math.trunc(value));
  if (whole >= low && whole <= high) return whole;
  if (rule === "error") return null;
  if (rule === "clip") return whole < low ? low : high;
  return signed ? BigInt.asIntN(bits, whole) : BigInt.asUintN(bits, whole);
}

function store(view: DataView, type: ElementType, index: number, value: bigint | number): void {
  const size = bytesPer(type);
  if (type === "float32") view.setFloat32(4 * index, value as number, true);
  else if (type === "float64") view.setFloat64(8 * index, value as number, true);
  else {for (let i = 0; i < size; i++) {
      view.setUint8(size * index + i, Number(BigInt.asUintN(8, (value as bigint) >> BigInt(8 * i))));
    }}
}

/** The converted bytes, or the index of the first value that doesn't fit. */
export function convert(source: Uint8Array, from: StoredType, to: ElementType, rule: Overflow): Uint8Array | number {
  const count = source.length / bytesPer(from);
  const out = new Uint8Array(count * bytesPer(to));
  const view = viewOf(out);
  if (from === to) {
    out.set(source);
    return out;
  }
  for (let i = 0; i < count; i++) {
    const value = load(source, from, i);
    if (typeof value === "number" && Number.isNaN(value) && to.startsWith("float")) {
      const { negative, payload } = nanParts(source, from, i);
      const bits = (negative ? 1n << 63n : 0n) | 0x7ff8000000000000n | payload;
      if (to === "float64") view.setBigUint64(8 * i, bits, true);
      else view.setUint32(4 * i, Number(bits >> 63n << 31n | 0x7fc00000n | payload >> 29n), true);
      continue;
    }
    const converted = convertOne(value, to, rule);
    if (converted === null) return i;
    store(view, to, i, converted);
  }
  return out;
}

export function scale(
  source: Uint8Array,
  from: StoredType,
  to: "float32" | "float64",
  gains: readonly number[],
  offsets: readonly number[],
  layout: Layout,
): Uint8Array {
  const count = source.length / bytesPer(from);
  const out = new Uint8Array(count * bytesPer(to));
  const view = viewOf(out);
  const channels = gains.length;
  for (let i = 0; i < count; i++) {
    const channel = layout === "time-major" ? i % channels : Math.floor(i / (count / channels));
    const value = Number(load(source, from, i)) * gains[channel]! + offsets[channel]!;
    if (!Number.isNaN(value)) store(view, to, i, value);
    else if (to === "float64") view.setBigUint64(8 * i, 0x7ff8000000000000n, true);
    else view.setUint32(4 * i, 0x7fc00000, true);
  }
  return out;
}

export function int24(source: Uint8Array, signed: boolean, bigEndian: boolean): Int32Array {
  return Int32Array.from({ length: source.length / 3 }, (_, i) => {
    const [a, b, c] = source.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number];
    const value = bigEndian ? a << 16 | b << 8 | c : c << 16 | b << 8 | a;
    return signed && value >= 2 ** 23 ? value - 2 ** 24 : value;
  });
}

/** `skip + count` words must be there. */
export function unpack(source: Uint8Array, { bits, packing }: PackedOptions, skip: number, count: number): Uint16Array {
  const bitAt = (k: number) =>
    packing === "lsb" ? source[k >> 3]! >> (k & 7) & 1 : source[k >> 3]! >> (7 - (k & 7)) & 1;
  return Uint16Array.from({ length: count }, (_, i) => {
    const index = i + skip;
    let value = 0;
    if (packing === "mipi") {
      const group = bits === 10 ? 4 : 2;
      const start = Math.floor(index / group) * (group + 1);
      const low = bits - 8;
      return source[start + index % group]! << low | source[start + group]! >> low * (index % group) & ((1 << low) - 1);
    }
    for (let k = 0; k < bits; k++) value |= bitAt(index * bits + k) << (packing === "lsb" ? k : bits - 1 - k);
    return value;
  });
}

export function bits(source: Uint8Array, wordsize: number, first: number, count: number, layout: Layout): Uint8Array {
  const words = source.length / wordsize;
  const out = new Uint8Array(words * count);
  for (let i = 0; i < words; i++) {
    for (let k = 0; k < count; k++) {
      const bit = first + k;
      out[layout === "time-major" ? i * count + k : k * words + i] = source[i * wordsize + (bit >> 3)]! >> (bit & 7) &
        1;
    }
  }
  return out;
}

/** Bytes of smallest, largest and mean values. */
export function decimate(
  source: Uint8Array,
  type: ElementType,
  factor: number,
  channels: number,
  layout: Layout,
): { min: Uint8Array; max: Uint8Array; mean: Uint8Array } {
  const size = bytesPer(type);
  const frames = source.length / size / channels;
  const length = Math.ceil(frames / factor);
  const [min, max, mean] = [size, size, 8].map((each) => new Uint8Array(length * channels * each)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const quiet = (out: Uint8Array, at: number, width: number) =>
    width === 4
      ? viewOf(out).setUint32(4 * at, 0x7fc00000, true)
      : viewOf(out).setBigUint64(8 * at, 0x7ff8000000000000n, true);
  for (let channel = 0; channel < channels; channel++) {
    for (let bucket = 0; bucket < length; bucket++) {
      const at = layout === "time-major" ? bucket * channels + channel : channel * length + bucket;
      const values: (bigint | number)[] = [];
      for (let frame = bucket * factor; frame < Math.min(frames, (bucket + 1) * factor); frame++) {
        const value = load(
          source,
          type,
          layout === "time-major" ? frame * channels + channel : channel * frames + frame,
        );
        if (!Number.isNaN(value)) values.push(value);
      }
      if (values.length === 0) {
        quiet(min, at, size);
        quiet(max, at, size);
        quiet(mean, at, 8);
        continue;
      }
      const less = (a: bigint | number, b: bigint | number) => a < b || (Object.is(a, -0) && Object.is(b, 0));
      store(viewOf(min), type, at, values.reduce((a, b) => less(b, a) ? b : a));
      store(viewOf(max), type, at, values.reduce((a, b) => less(a, b) ? b : a));
      const exact = typeof values[0] === "bigint" && size < 8;
      const sum = exact
        ? Number((values as bigint[]).reduce((a, b) => a + b))
        : values.reduce<number>((a, b) => a + Number(b), 0);
      if (Number.isNaN(sum / values.length)) quiet(mean, at, 8);
      else viewOf(mean).setFloat64(8 * at, sum / values.length, true);
    }
  }
  return { min, max, mean };
}

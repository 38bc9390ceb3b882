/**
 * float16, which has no typed array in every runtime yet.
 *
 * @module
 */

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/**
 * The bits of the float16 nearest to a number, ties to even. The upper bits of a NaN's payload are kept.
 *
 * @param value The number
 * @returns 16 bits
 */
export function toHalf(value: number): number {
  FLOAT[0] = value;
  return halfBits(BITS[0]!);
}

/**
 * The bits of the float16 nearest to a float32 given by its bits, ties to even.
 *
 * @param bits 32 bits
 * @returns 16 bits
 */
export function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction === 0 ? 0 : (fraction >>> 13) || 1);
  if (exponent >= 143) return sign | 0x7c00;
  if (exponent >= 113) return sign + roundShift(((exponent - 112) << 23) | fraction, 13);
  if (exponent < 102) return sign;
  return sign + roundShift(fraction | 0x800000, 126 - exponent);
}

// A carry out of the fraction runs into the exponent, which is the right result, up to infinity.
function roundShift(value: number, shift: number): number {
  const kept = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
}

/**
 * The bits of the float32 that equals a float16 given by its bits, NaN payloads included.
 *
 * @param half 16 bits
 * @returns 32 bits
 */
export function widenHalf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (fraction << 13)) >>> 0;
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (fraction << 13)) >>> 0;
  if (fraction === 0) return sign >>> 0;
  // A subnormal: its leading one is shifted into the hidden place.
  const shift = Math.clz32(fraction) - 21;
  fraction <<= shift;
  return (sign | ((113 - shift) << 23) | ((fraction & 0x3ff) << 13)) >>> 0;
}

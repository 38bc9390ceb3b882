/**
 * The header of a `.npy` file, as NumPy's `lib/format` describes it.
 *
 * @module
 */

/** What a header says. */
export interface NpyHeader {
  /** NumPy's name of the dtype, with a byte order: `<i2`, `|b1`, `<U5`. */
  readonly descr: string;
  /** Whether the first axis runs fastest. */
  readonly fortranOrder: boolean;
  /** Length of each axis. */
  readonly shape: readonly number[];
}

// The data starts at a multiple of this, so that it can be mapped and read by SIMD; NumPy's choice since 1.14.
const ALIGNMENT = 64;

/**
 * The bytes of a header: magic, version, length and a Python dictionary, filled up so that the data is aligned.
 *
 * Version 1.0 is written where the header fits into 64 KiB, 2.0 above that, 3.0 where it holds more than Latin-1.
 *
 * @param header What it says
 * @returns The bytes, a multiple of 64
 */
export function encodeNpyHeader(header: NpyHeader): Uint8Array<ArrayBuffer> {
  const shape = header.shape.map(String).join(", ") + (header.shape.length === 1 ? "," : "");
  const text = `{'descr': '${header.descr}', 'fortran_order': ${header.fortranOrder ? "True" : "False"}, ` +
    `'shape': (${shape}), }`;
  const body = new TextEncoder().encode(text);
  const isAscii = body.length === text.length;
  const filled = (prefix: number) => Math.ceil((prefix + body.length + 1) / ALIGNMENT) * ALIGNMENT;
  const major = !isAscii ? 3 : filled(10) - 10 < 2 ** 16 ? 1 : 2;
  const prefix = major === 1 ? 10 : 12;
  const bytes = new Uint8Array(filled(prefix)).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0]);
  const view = new DataView(bytes.buffer);
  if (major === 1) view.setUint16(8, bytes.length - prefix, true);
  else view.setUint32(8, bytes.length - prefix, true);
  bytes.set(body, prefix);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}

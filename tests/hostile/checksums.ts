/**
 * Making the checksums of HDF5's metadata right again, so that damage gets beyond them.
 *
 * @module
 */

/** What blocks with a checksum begin with. */
const SIGNATURES = new Set(
  "OHDR OCHK BTHD BTIN BTLF FRHP FHIB FSHD FSSE FAHD FADB EAHD EAIB EASB EADB SMTB SMLI".split(" "),
);
/** No block here is longer. */
const LONGEST = 8192;

/**
 * Finds the block that a byte lies in, and makes its checksum right.
 *
 * @param bytes The damaged file; changed
 * @param sound The sound file
 * @param offset The damaged byte
 */
export function mendChecksum(bytes: Uint8Array, sound: Uint8Array, offset: number): void {
  for (let start = offset; start >= 0 && start > offset - LONGEST; start--) {
    const isBlock = start === 0 || SIGNATURES.has(String.fromCharCode(...sound.subarray(start, start + 4)));
    if (!isBlock) continue;
    const end = endOf(sound, start);
    if (end === undefined) continue;
    if (end > offset) new DataView(bytes.buffer).setUint32(end, lookup3(bytes.subarray(start, end)), true);
    return;
  }
}

const ends = new WeakMap<Uint8Array, Map<number, number | undefined>>();

/** Where the checksum of a block lies: behind the bytes of which it is one. */
function endOf(sound: Uint8Array, start: number): number | undefined {
  let known = ends.get(sound);
  if (known === undefined) ends.set(sound, known = new Map());
  if (known.has(start)) return known.get(start);
  const view = new DataView(sound.buffer, sound.byteOffset, sound.byteLength);
  let found: number | undefined;
  for (let end = start + 8; end + 4 <= Math.min(sound.length, start + LONGEST); end++) {
    if (view.getUint32(end, true) === lookup3(sound.subarray(start, end))) {
      found = end;
      break;
    }
  }
  known.set(start, found);
  return found;
}

/** Bob Jenkins' lookup3 (hashlittle), which HDF5 has for its metadata. */
export function lookup3(bytes: Uint8Array): number {
  const rotate = (x: number, k: number) => (x << k) | (x >>> (32 - k));
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  let at = 0;
  const word = (from: number) =>
    (bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8) | ((bytes[from + 2] ?? 0) << 16) |
    ((bytes[from + 3] ?? 0) << 24);
  let left = bytes.length;
  for (; left > 12; left -= 12, at += 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = (a - c) ^ rotate(c, 4), c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 6), a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 8), b = (b + a) | 0;
    a = (a - c) ^ rotate(c, 16), c = (c + b) | 0;
    b = (b - a) ^ rotate(a, 19), a = (a + c) | 0;
    c = (c - b) ^ rotate(b, 4), b = (b + a) | 0;
  }
  if (left === 0) return c >>> 0;
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

/**
 * Byte order.
 *
 * @module
 */

/**
 * Reverses each run of bytes in place.
 *
 * @param bytes The bytes; their length is a multiple of `width`
 * @param width Length of a run: 2, 4 or 8; 1 leaves everything as it is
 */
export function reverseBytes(bytes: Uint8Array<ArrayBuffer>, width: number): void {
  if (width === 1) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (width === 2) {
    for (let at = 0; at < bytes.length; at += 2) view.setUint16(at, view.getUint16(at, true), false);
  } else if (width === 4) {
    for (let at = 0; at < bytes.length; at += 4) view.setUint32(at, view.getUint32(at, true), false);
  } else {
    // 8 bytes as two halves: bigints would allocate.
    for (let at = 0; at < bytes.length; at += 8) {
      const low = view.getUint32(at, true);
      view.setUint32(at, view.getUint32(at + 4, true), false);
      view.setUint32(at + 4, low, false);
    }
  }
}

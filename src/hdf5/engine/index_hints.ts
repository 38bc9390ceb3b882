/**
 * Guessing where the next level of a chunk index lies, so that it travels with bytes that must be waited for anyway.
 * Only a hint: nothing read this way is believed, libhdf5 asks for the same bytes or never looks at them.
 *
 * @module
 */

/** `TREE`: a version 1 B-tree node (HDF5 file format specification, III.A.1). */
const SIGNATURE = [0x54, 0x52, 0x45, 0x45];
/** Node type of indices of chunks. */
const CHUNKS = 1;
/** Signature, type, level, entries used, addresses of both siblings. */
const HEADER = 24;
const MAX_RANK = 8;

/**
 * Finds chunk index nodes in the head of a file, and the nodes that they lead to.
 *
 * @param head The first bytes of the file.
 * @param userblock Bytes before the HDF5 data: addresses count from there.
 * @param byteLength Size of the file.
 * @returns First bytes of the nodes one level further down. Only files with 8-byte addresses are looked at.
 */
export function indexHints(head: Uint8Array, userblock: number, byteLength: number): number[] {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const found: number[] = [];
  for (let at = head.indexOf(SIGNATURE[0]!); at >= 0; at = head.indexOf(SIGNATURE[0]!, at + 1)) {
    if (at + HEADER > head.length || SIGNATURE.some((byte, i) => head[at + i] !== byte)) continue;
    if (head[at + 4] !== CHUNKS || head[at + 5] === 0) continue;
    found.push(...childrenOf(view, at, userblock, byteLength));
  }
  return found;
}

/** The rank isn't written in a node: the one is right with which every entry makes sense. */
function childrenOf(view: DataView, node: number, userblock: number, byteLength: number): number[] {
  const entries = view.getUint16(node + 6, true);
  for (let rank = 1; rank <= MAX_RANK; rank++) {
    // Size and filter mask, an offset per axis and one for the element's bytes, which is always 0.
    const key = 8 + 8 * (rank + 1);
    const end = node + HEADER + entries * (key + 8);
    if (entries === 0 || end > view.byteLength) return [];
    const children: number[] = [];
    for (let entry = node + HEADER; entry < end; entry += key + 8) {
      const child = Number(view.getBigUint64(entry + key, true)) + userblock;
      const within = Number(view.getBigUint64(entry + key - 8, true));
      if (within !== 0 || view.getUint32(entry, true) === 0 || child <= userblock || child >= byteLength) break;
      children.push(child);
    }
    if (children.length === entries) return children;
  }
  return [];
}

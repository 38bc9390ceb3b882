/**
 * Where the parts of a group's list of links lie, so that listing doesn't wait for one after the other. Only a hint: nothing
 * read this way is believed.
 *
 * @module
 */

import type { ByteRange } from "../../source/types.ts";

/** `TREE`: a version 1 B-tree node (HDF5 file format specification, III.A.1). */
const NODE = [0x54, 0x52, 0x45, 0x45];
/** `HEAP`: the local heap with the names (III.D). */
const HEAP = [0x48, 0x45, 0x41, 0x50];
/** Node type of the links of a group. */
const LINKS = 0;
/** Signature, type, level (0 for leaves), entries used, addresses of both siblings. */
const HEADER = 24;
/** Offset in the local heap of the first name of a child, then the child's address. */
const ENTRY = 16;
/** The address of a sibling that isn't there. */
const NOWHERE = 2n ** 64n - 1n;
/** A node with room for the 32 children that the default allows. */
const NODE_BYTES = HEADER + 32 * ENTRY + 8;
/** A symbol table node with the 8 entries that the default allows (III.B). */
const CHILD_BYTES = 8 + 8 * 40;

/**
 * Foresees what listing a group of the old format reads: a symbol table node for every eight links or so.
 *
 * libhdf5 looks at the names first, and at the B-tree only when it has them. Both are made together, the B-tree right before
 * the heap, so that the head of the one tells of the other.
 *
 * @param bytes What was read
 * @param address Where
 * @param peek Other bytes
 * @returns First bytes of the children of the B-tree; none where it is something else. Only 8-byte addresses are looked at
 */
export function foreseeLinks(
  bytes: Uint8Array,
  address: number,
  peek: (range: ByteRange) => Uint8Array | undefined,
): ByteRange[] {
  if (startsWith(bytes, NODE)) return childrenOf(bytes);
  if (!startsWith(bytes, HEAP)) return [];
  return childrenOf(peek({ offset: address - NODE_BYTES, length: NODE_BYTES }) ?? new Uint8Array(0));
}

function childrenOf(node: Uint8Array): ByteRange[] {
  if (node.length < HEADER || !startsWith(node, NODE) || node[4] !== LINKS) return [];
  const view = new DataView(node.buffer, node.byteOffset, node.byteLength);
  const entries = view.getUint16(6, true);
  // Of a group of thousands there are many nodes, side by side: those are read ahead anyway, in fewer requests.
  const isAlone = view.getBigUint64(8, true) === NOWHERE && view.getBigUint64(16, true) === NOWHERE && node[5] === 0;
  if (!isAlone || HEADER + entries * ENTRY > node.length) return [];
  return Array.from({ length: entries }, (_, i) => ({
    offset: Number(view.getBigUint64(HEADER + i * ENTRY + 8, true)),
    length: CHILD_BYTES,
  }));
}

function startsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, i) => bytes[i] === byte);
}

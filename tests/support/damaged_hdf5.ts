/** HDF5 files with chosen damage, made of whole ones. */
import { create } from "../../src/hdf5/write/create.ts";

/** Where a signature stands, every time. */
export function findAll(bytes: Uint8Array, signature: string): number[] {
  const text = new TextDecoder("latin1").decode(bytes);
  const found: number[] = [];
  for (let at = text.indexOf(signature); at >= 0; at = text.indexOf(signature, at + 1)) found.push(at);
  return found;
}

/** A copy with other bytes at an offset. */
export function withBytes(bytes: Uint8Array, offset: number, other: Uint8Array | readonly number[]): Uint8Array {
  const copy = bytes.slice();
  copy.set(other, offset);
  return copy;
}

/** A number in eight bytes, little-endian. */
export function word(value: number | bigint): Uint8Array {
  return new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
}

/** A file in the oldest format: `/values` is 0 to 9, `/texts` three texts, `/group` has twenty members. */
export async function wholeFile(): Promise<Uint8Array> {
  const file = await create();
  await file.createDataset("values", { data: Int32Array.from({ length: 10 }, (_, i) => i) });
  await file.createDataset("texts", { data: ["one", "two", "three"] });
  for (let i = 0; i < 20; i++) await file.createGroup(`group/member${i}`);
  return await file.bytes();
}

const NODE_CHILDREN = 32;
/** Bytes of a B-tree node's head, and of a key or an address. */
const HEAD = 24;
const WORD = 8;

/**
 * The same file, but that listing `/group` never ends: its B-tree is made deep, and all children of each added node are one
 * and the same node. No check of libhdf5 sees anything wrong.
 */
export function withEndlessGroup(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const root = findAll(bytes, "TREE").find((at) => view.getUint8(at + 4) === 0 && view.getUint16(at + 6, true) >= 3);
  if (root === undefined) throw new Error("no group of many members");
  const size = HEAD + NODE_CHILDREN * 2 * WORD + WORD;
  const levels = 7;
  const added = new Uint8Array(bytes.length + levels * size);
  added.set(bytes);
  const out = new DataView(added.buffer);
  // The lowest node of the new tree is a copy of the old root; the root stays where it is and becomes the highest.
  const place = (level: number): number => level === levels ? root : bytes.length + level * size;
  added.copyWithin(place(0), root, root + size);
  for (let level = 1; level <= levels; level++) {
    const at = place(level);
    added.copyWithin(at, place(0), place(0) + HEAD + WORD);
    out.setUint8(at + 5, level);
    out.setUint16(at + 6, NODE_CHILDREN, true);
    for (let child = 0; child < NODE_CHILDREN; child++) {
      const entry = at + HEAD + child * 2 * WORD;
      out.setBigUint64(entry + WORD, BigInt(place(level - 1)), true);
      out.setBigUint64(entry + 2 * WORD, out.getBigUint64(place(0) + HEAD + 2 * WORD, true), true);
    }
  }
  // End of file in the superblock.
  out.setBigUint64(40, BigInt(added.length), true);
  return added;
}

/** A file whose `/nested` has a type of some thousands of sequences in each other; `/values` is whole. */
export async function fileOfNestedType(): Promise<Uint8Array> {
  const names = Array.from({ length: 900 }, (_, i) => `field${String(i).padStart(3, "0")}`);
  const file = await create();
  await file.createDataset("values", { data: Int32Array.from({ length: 10 }, (_, i) => i) });
  await file.createDataset("nested", {
    shape: [2],
    dtype: {
      kind: "compound",
      itemsize: names.length,
      byteOrder: "|",
      fields: names.map((name, offset) => ({ name, offset, dtype: { kind: "uint", itemsize: 1, byteOrder: "|" } })),
    },
  });
  const bytes = await file.bytes();
  const [first] = findAll(bytes, names[0]!);
  const [last] = findAll(bytes, names.at(-1)!);
  // Class 9 (sequence) in version 1, and its size in memory.
  const sequence = [0x19, 0, 0, 0, 16, 0, 0, 0];
  for (let at = first! - 8; at + 16 < last!; at += 8) bytes.set(sequence, at);
  return bytes;
}

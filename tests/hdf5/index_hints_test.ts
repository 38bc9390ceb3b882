import assert from "node:assert/strict";
import { indexHints } from "../../src/hdf5/engine/index_hints.ts";

/** A version 1 B-tree node of a chunk index, as the file format specification lays it out. */
function node(level: number, rank: number, children: number[], type = 1): Uint8Array {
  const key = 8 + 8 * (rank + 1);
  const bytes = new Uint8Array(24 + children.length * (key + 8) + key);
  const view = new DataView(bytes.buffer);
  bytes.set([0x54, 0x52, 0x45, 0x45, type, level]);
  view.setUint16(6, children.length, true);
  bytes.fill(0xff, 8, 24);
  children.forEach((child, i) => {
    const at = 24 + i * (key + 8);
    view.setUint32(at, 4000, true);
    view.setBigUint64(at + 8, BigInt(i * 1000), true);
    view.setBigUint64(at + key, BigInt(child), true);
  });
  return bytes;
}

function headWith(...parts: Uint8Array[]): Uint8Array {
  const head = new Uint8Array(4096);
  parts.forEach((part, i) => head.set(part, 100 + i * 1000));
  return head;
}

Deno.test("A node above the leaves tells where its children lie, whatever the rank", () => {
  for (const rank of [1, 2, 3, 5]) {
    assert.deepEqual(
      indexHints(headWith(node(1, rank, [50_000, 90_000])), 0, 100_000),
      [50_000, 90_000],
      `rank ${rank}`,
    );
  }
});

Deno.test("Addresses count from the end of the user block", () => {
  assert.deepEqual(indexHints(headWith(node(1, 2, [50_000])), 512, 100_000), [50_512]);
});

Deno.test("Leaves, group nodes, addresses beyond the end and cut nodes tell nothing", () => {
  assert.deepEqual(indexHints(headWith(node(0, 2, [50_000])), 0, 100_000), []);
  assert.deepEqual(indexHints(headWith(node(1, 2, [50_000], 0)), 0, 100_000), []);
  assert.deepEqual(indexHints(headWith(node(1, 2, [50_000, 200_000])), 0, 100_000), []);
  assert.deepEqual(indexHints(headWith(node(1, 2, [50_000])).subarray(0, 130), 0, 100_000), []);
});

import assert from "node:assert/strict";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { foreseeLinks } from "../../src/hdf5/engine/group_hints.ts";
import { startRangeServer } from "../support/range_server.ts";

/** A B-tree node of links, as the file format specification lays it out, with room for 32 children. */
function node(children: readonly number[], type = 0): Uint8Array {
  const bytes = new Uint8Array(544);
  const view = new DataView(bytes.buffer);
  bytes.set([0x54, 0x52, 0x45, 0x45, type, 0]);
  view.setUint16(6, children.length, true);
  bytes.fill(0xff, 8, 24);
  children.forEach((child, i) => view.setBigUint64(24 + i * 16 + 8, BigInt(child), true));
  return bytes;
}

const HEAP = Uint8Array.of(0x48, 0x45, 0x41, 0x50, 0, 0, 0, 0);
const nothing = () => undefined;

Deno.test("a node of links tells where its children lie", () => {
  const found = foreseeLinks(node([5000, 9000]), 136, nothing);
  assert.deepEqual(found, [{ offset: 5000, length: 328 }, { offset: 9000, length: 328 }]);
});

Deno.test("the heap of names tells of the node that stands right before it", () => {
  const found = foreseeLinks(
    HEAP,
    680,
    ({ offset, length }) => offset === 136 && length === 544 ? node([7000]) : undefined,
  );
  assert.deepEqual(found, [{ offset: 7000, length: 328 }]);
  assert.deepEqual(foreseeLinks(HEAP, 680, nothing), []);
  assert.deepEqual(foreseeLinks(HEAP, 680, () => new Uint8Array(544)), []);
});

Deno.test("nodes of chunk indices and of large groups, cut nodes and anything else tell nothing", () => {
  assert.deepEqual(foreseeLinks(node([5000], 1), 0, nothing), []);
  assert.deepEqual(foreseeLinks(node([5000, 6000]).subarray(0, 50), 0, nothing), []);
  assert.deepEqual(foreseeLinks(node([5000]).fill(0, 16, 24), 0, nothing), [], "one of many nodes");
  assert.deepEqual(foreseeLinks(node([5000]).fill(1, 5, 6), 0, nothing), [], "a node of nodes");
  assert.deepEqual(foreseeLinks(node([5000]).subarray(0, 20), 0, nothing), []);
  assert.deepEqual(foreseeLinks(new Uint8Array(544), 0, nothing), []);
  assert.deepEqual(foreseeLinks(new Uint8Array(0), 0, nothing), []);
});

Deno.test("listing a group costs as many round trips however many members lie between large arrays", async () => {
  const trips: number[] = [];
  for (const count of [30, 90]) {
    for (const userBlock of [0, 512]) {
      await using made = await create(undefined, { userBlock });
      for (let i = 0; i < count; i++) await made.createDataset(`array_${i}`, { data: new Float64Array(20_000) });
      const server = await startRangeServer({ "/a.h5": await made.bytes() });
      const file = await open(`${server.url}/a.h5`, { smallFileBytes: 0, readAheadBytes: 0, maxParallel: 64 });
      assert.equal((await file.links()).length, count);
      trips.push(file.cost.roundTrips);
      await file.close();
      await server.close();
    }
  }
  // The head; the names with all their symbol table nodes.
  assert.deepEqual(trips, [2, 2, 2, 2]);
});

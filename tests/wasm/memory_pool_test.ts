import assert from "node:assert/strict";
import { ClosedError } from "../../mod.ts";
import { Hdf5Instance } from "../../src/wasm/instance.ts";
import { giveMemory, PAGE, takeMemory } from "../../src/wasm/memory_pool.ts";

const host = { read: () => -1, open: () => -2, size: () => -1 };
const limits = { maxMemory: 77 * PAGE, maxWork: 2 ** 25 };

Deno.test("a memory that was given back is full of zeros when it is given out again, at the size it had", () => {
  const memory = takeMemory(1, 99);
  memory.grow(2);
  new Uint8Array(memory.buffer).fill(7);
  giveMemory(memory, 99);
  assert.notEqual(takeMemory(4, 99), memory);
  assert.notEqual(takeMemory(1, 98), memory);
  assert.equal(takeMemory(1, 99), memory);
  assert.deepEqual([memory.buffer.byteLength, new Uint8Array(memory.buffer).every((byte) => byte === 0)], [
    3 * PAGE,
    true,
  ]);
});

Deno.test("an instance runs in the memory of one that has ended, which can't look at it any more", async () => {
  const first = await Hdf5Instance.start(host, "first.h5", limits);
  const memory = first.bytes.buffer;
  const pointer = first.alloc(5);
  first.bytes.set([1, 2, 3, 4, 5], pointer);
  first.end();
  first.end();
  assert.throws(() => first.bytes, ClosedError);
  assert.throws(() => first.call(() => 1), ClosedError);
  first.free(pointer);
  const second = await Hdf5Instance.start(host, "second.h5", limits);
  const third = await Hdf5Instance.start(host, "third.h5", limits);
  assert.equal(second.bytes.buffer, memory);
  assert.notEqual(third.bytes.buffer, memory);
  assert.deepEqual([...second.bytes.subarray(pointer, pointer + 5)], [0, 0, 0, 0, 0]);
  second.end();
  third.end();
});

import assert from "node:assert/strict";
import { ChunkCache } from "../../src/hdf5/engine/chunk_cache.ts";

Deno.test("Chunks are kept up to the budget, those used last", () => {
  const cache = new ChunkCache(100);
  for (let i = 0; i < 4; i++) cache.keep(0, i, new Uint8Array(25).fill(i));
  assert.equal(cache.get(0, 0)?.[0], 0);
  cache.keep(0, 4, new Uint8Array(25));
  assert.equal(cache.get(0, 1), undefined, "the one used longest ago is gone");
  assert.notEqual(cache.get(0, 0), undefined);
  assert.equal(cache.get(1, 0), undefined, "another file's chunks are others");
});

Deno.test("What is kept is a copy", () => {
  const cache = new ChunkCache(100);
  const bytes = Uint8Array.of(1, 2, 3);
  cache.keep(0, 0, bytes);
  bytes.fill(9);
  assert.deepEqual(cache.get(0, 0), Uint8Array.of(1, 2, 3));
});

Deno.test("Chunks of a read that would push out all others are not worth keeping", () => {
  const cache = new ChunkCache(100);
  assert.equal(cache.fits(25), true);
  assert.equal(cache.fits(26), false);
  assert.equal(new ChunkCache(0).fits(1), false);
});

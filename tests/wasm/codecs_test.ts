import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { TestFile } from "./module.ts";

const bytes = new Uint8Array(await readFile(new URL("data/codecs.h5", import.meta.url)));
const expected = JSON.parse(await readFile(new URL("data/codecs.json", import.meta.url), "utf8")) as {
  path: string;
  sha256: string;
}[];

const sha256 = (data: Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** Reverses each run of `size` bytes, in place. */
function swap(data: Uint8Array, size: number): Uint8Array {
  for (let at = 0; at + size <= data.byteLength; at += size) data.subarray(at, at + size).reverse();
  return data;
}

Deno.test("H5Dread with our codecs reads what h5py with the filters' own code reads", async () => {
  const file = await TestFile.open(bytes);
  for (const { path, sha256: digest } of expected) {
    assert.equal(sha256(file.read(file.dataset(path))), digest, path);
  }
  assert.ok(expected.length > 100);
});

Deno.test("a chunk decoded on its own has the bytes that H5Dread gives", async () => {
  const file = await TestFile.open(bytes);
  let compared = 0;
  for (const { path } of expected) {
    const dataset = file.dataset(path);
    if (dataset.direct === undefined) continue;
    const whole = file.read(dataset);
    const itemsize = whole.byteLength / dataset.shape[0]!;
    for (const { offset, address, size, mask } of file.chunks(dataset)) {
      const decoded = file.decode(dataset, bytes.subarray(address, address + size), mask);
      assert.ok(decoded instanceof Uint8Array, `${path}: ${JSON.stringify(decoded)}`);
      const part = whole.subarray(offset[0]! * itemsize, offset[0]! * itemsize + decoded.byteLength);
      assert.deepEqual(swap(decoded, dataset.direct).subarray(0, part.byteLength), part, path);
      compared++;
    }
  }
  assert.ok(compared > 200, `${compared} chunks compared`);
});

Deno.test("a damaged chunk gives bytes of the right length or a clear error, never a trap", async () => {
  const file = await TestFile.open(bytes);
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % below;
  };
  const codes = new Set<string>();
  for (const { path } of expected) {
    const dataset = file.dataset(path);
    const [chunk] = file.chunks(dataset);
    const good = bytes.subarray(chunk!.address, chunk!.address + chunk!.size);
    const intact = file.decode(dataset, good, chunk!.mask);
    assert.ok(intact instanceof Uint8Array, path);
    for (let round = 0; round < 40; round++) {
      let damaged = good.slice();
      if (round % 4 === 0) damaged = damaged.subarray(0, random(damaged.byteLength));
      else {for (let i = 0; i < round % 4; i++) {
          damaged[random(Math.min(damaged.byteLength, round < 20 ? 24 : 1e9))] = random(256);
        }}
      const result = file.decode(dataset, damaged, chunk!.mask);
      if (result instanceof Uint8Array) assert.equal(result.byteLength, intact.byteLength, path);
      else codes.add(result.code);
    }
  }
  assert.deepEqual([...codes].sort(), ["corrupt", "limit"]);
});

Deno.test("the module names its filters, and says which of them it can write", async () => {
  const file = await TestFile.open(bytes);
  const names = (encode: boolean): string[] =>
    file.filters().filter((filter) => filter.encode === encode).map(({ id, name }) => `${id} ${name}`);
  assert.deepEqual(names(true), [
    "1 deflate",
    "2 shuffle",
    "3 fletcher32",
    "4 szip",
    "5 nbit",
    "6 scaleoffset",
    "32000 lzf",
    "32004 lz4",
    "32015 zstd",
  ]);
  assert.deepEqual(names(false), ["307 bzip2", "32001 blosc", "32008 bitshuffle"]);
});

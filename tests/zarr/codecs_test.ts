import assert from "node:assert/strict";
import { toNested } from "../../src/array/ndarray.ts";
import { MicrotomeError } from "../../src/source/errors.ts";
import type { ZarrArray } from "../../src/zarr/read/array.ts";
import { openZarr } from "../../src/zarr/open_zarr.ts";
import { storeOf, v2 } from "./support.ts";

interface Stores {
  stores: { name: string; dtype: string; keys: Record<string, string>; values: number[] }[];
}
const { stores }: Stores = JSON.parse(
  await Deno.readTextFile(new URL("../data/zarr_codecs.json", import.meta.url)),
);
const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

for (const { name, keys, values } of stores) {
  Deno.test(`zarr-python's ${name} is read as zarr-python reads it`, async () => {
    const store = new Map(Object.entries(keys).map(([key, value]) => [key, bytesOf(value)]));
    await using array = await openZarr(store) as ZarrArray;
    assert.deepEqual([toNested(await array.read())].flat(3), values);
  });
}

Deno.test("no codec is compiled by another WebAssembly than the module", async () => {
  const compile = WebAssembly.compile;
  const Module = WebAssembly.Module;
  const forbid = () => {
    throw new Error("compiled");
  };
  await openZarr(new Map(Object.entries(stores[0]!.keys).map(([key, value]) => [key, bytesOf(value)])))
    .then(async (array) => await (array as ZarrArray).read());
  Object.assign(WebAssembly, { compile: forbid, Module: forbid });
  try {
    for (const { keys, values } of stores.filter(({ name }) => !name.includes("shuffle,"))) {
      const store = new Map(Object.entries(keys).map(([key, value]) => [key, bytesOf(value)]));
      const array = await openZarr(store) as ZarrArray;
      assert.equal((await array.read()).data.length, values.length);
    }
  } finally {
    Object.assign(WebAssembly, { compile, Module });
  }
});

/** An array of 4 bytes in one chunk, of which the stored bytes are these. */
async function read(id: string, chunk: Uint8Array): Promise<unknown> {
  const array = await openZarr(storeOf(v2({ dtype: "|u1", chunks: [4], compressor: { id } }), { "0": chunk }));
  return (await (array as ZarrArray).read()).data;
}

const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];

Deno.test("a header that lies about the size is stopped before memory is taken for it", async () => {
  const lying: [string, number[]][] = [
    ["lz4", [...u32(0x7fffffff), 0x10, 1]],
    ["lz4", [...u32(0xffffffff), 0x10, 1]],
    ["blosc", [2, 1, 0, 1, ...u32(0x7fffffff), ...u32(0x7fffffff), ...u32(20), 0, 0, 0, 0]],
    ["blosc", [2, 1, 2, 1, ...u32(0x70000000), ...u32(4), ...u32(20), 1, 2, 3, 4]],
    ["zstd", [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0]],
  ];
  for (const [id, chunk] of lying) {
    await assert.rejects(read(id, Uint8Array.from(chunk)), (error) => {
      assert.ok(error instanceof MicrotomeError && /^(limit|corrupt)$/.test(error.code), `${id}: ${error}`);
      return true;
    });
  }
});

Deno.test("a chunk that is broken, cut off or empty is corrupt, and the next one is read", async () => {
  const whole: Record<string, string> = { lz4: "", zstd: "", bz2: "", blosc: "" };
  for (const id of Object.keys(whole)) {
    const found = stores.find(({ name }) => name.startsWith(`v2 ${id}`))!;
    const chunk = bytesOf(found.keys["/0.0"]!);
    const store = (bytes: Uint8Array) =>
      new Map(Object.entries(found.keys).map(([key, value]) => [key, key === "/0.0" ? bytes : bytesOf(value)]));
    const array = await openZarr(store(chunk.subarray(0, chunk.length >> 1))) as ZarrArray;
    await assert.rejects(array.read([0]), (error) => error instanceof MicrotomeError && error.code === "corrupt", id);
    assert.equal((await array.read([80])).data.length, 7);
    for (let seed = 1; seed < 60; seed++) {
      const bad = chunk.slice();
      bad[(seed * 7919) % bad.length]! ^= 1 << (seed % 8);
      const damaged = await openZarr(store(bad)) as ZarrArray;
      // A flipped bit in stored bytes may pass; whatever else comes is an error of ours.
      await damaged.read([0]).catch((error) => assert.ok(error instanceof MicrotomeError, `${id}: ${error}`));
    }
    await assert.rejects(read(id, new Uint8Array(0)), MicrotomeError, id);
  }
});

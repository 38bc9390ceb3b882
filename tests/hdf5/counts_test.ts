/**
 * Numbers in a file that say how much of something there is: of records in an index, of mappings, of rows in a heap. Each is
 * changed in a small whole file, and the checksum made right, so that nothing but the number itself is wrong.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { create } from "../../src/hdf5/write/create.ts";
import { open } from "../../src/hdf5/file.ts";
import { MicrotomeError } from "../../src/source/errors.ts";
import { lookup3, mendChecksum } from "../hostile/checksums.ts";
import { findAll, withBytes, word } from "../support/damaged_hdf5.ts";

const MEMBERS = 40;

/** `/links` has many members and `/attributes` many attributes, both with indices by name and by order; `/chunks` grows both ways. */
async function indexedFile(): Promise<Uint8Array> {
  const file = await create(null, { format: "latest", trackOrder: true });
  const links = await file.createGroup("links");
  const attributes = await file.createGroup("attributes");
  for (let i = 0; i < MEMBERS; i++) {
    await links.createGroup(`member${i}`);
    await attributes.attributes.set(`attribute${i}`, i);
  }
  const data = Int32Array.from({ length: 36 }, (_, i) => i);
  await file.createDataset("chunks", { data, shape: [6, 6], maxShape: [null, null], chunkShape: [2, 2] });
  return await file.bytes();
}

/** The same with other bytes, and the checksum of what they lie in made right. */
function changed(sound: Uint8Array, offset: number, bytes: Uint8Array | readonly number[]): Uint8Array {
  const damaged = withBytes(sound, offset, bytes);
  mendChecksum(damaged, sound, offset);
  return damaged;
}

/** What can be read, or the code of the error, of each object. */
async function outcomes(bytes: Uint8Array): Promise<Record<string, unknown>> {
  await using file = await open(bytes);
  const told = async (read: () => Promise<unknown>): Promise<unknown> => {
    try {
      return await read();
    } catch (error) {
      assert.ok(error instanceof MicrotomeError, String(error));
      return error.code;
    }
  };
  return {
    links: await told(async () => (await (await file.group("links")).links()).length),
    attributes: await told(async () => Object.keys(await (await file.group("attributes")).attributes.all()).length),
    chunks: await told(async () => (await (await file.dataset("chunks")).read(null, { engine: "library" })).data[35]),
    memory: file.memoryBytes < 2 ** 26,
  };
}

const WHOLE = { links: MEMBERS, attributes: MEMBERS, chunks: 35, memory: true };

/** Headers of version 2 B-trees by what they hold: the byte behind signature and version. */
function treeHeaders(bytes: Uint8Array): { at: number; type: number }[] {
  return findAll(bytes, "BTHD").map((at) => ({ at, type: bytes[at + 5]! }));
}

/** Which object an index belongs to, by its type. */
const OWNERS: Readonly<Record<number, keyof typeof WHOLE>> = {
  5: "links",
  6: "links",
  8: "attributes",
  9: "attributes",
  10: "chunks",
};

/** The indices that reading goes through: what has a name is found by it, and put in order after that. */
const READ: ReadonlySet<number> = new Set([5, 8, 10]);

Deno.test("the file of which counts are changed is whole and has every kind of index", async () => {
  const sound = await indexedFile();
  assert.deepEqual(await outcomes(sound), WHOLE);
  assert.deepEqual(treeHeaders(sound).map(({ type }) => type).sort((a, b) => a - b), [5, 6, 8, 9, 10]);
});

Deno.test("an index that tells more records than the file has room for is corrupt, and costs no memory", async () => {
  const sound = await indexedFile();
  for (const { at, type } of treeHeaders(sound)) {
    for (const count of [2n ** 20n, 2n ** 31n, 2n ** 32n + 40n, 2n ** 63n]) {
      // Behind type, sizes, depth, percentages, the root's address and its own number of records.
      const found = await outcomes(changed(sound, at + 26, word(count)));
      if (READ.has(type)) assert.equal(found[OWNERS[type]!], "corrupt", `${count} records of type ${type}`);
      assert.deepEqual({ ...found, [OWNERS[type]!]: 0 }, { ...WHOLE, [OWNERS[type]!]: 0 });
    }
  }
});

Deno.test("an index that tells other numbers of records than it has gives an error, never fewer or more", async () => {
  const sound = await indexedFile();
  for (const { at, type } of treeHeaders(sound)) {
    const owner = OWNERS[type]!;
    for (const wrong of [0, 1, MEMBERS - 1, MEMBERS + 1, 300, 65535]) {
      for (const [offset, bytes] of [[at + 24, [wrong & 255, wrong >> 8]], [at + 26, word(wrong)]] as const) {
        const found = await outcomes(changed(sound, offset, bytes));
        const value = found[owner];
        // What isn't read through this index, or not by its number, is whole.
        if (owner === "chunks") assert.ok(["corrupt", 0, 35].includes(value as string), `${value}`);
        else assert.ok(value === "corrupt" || value === MEMBERS, `${value} of type ${type}, told ${wrong}`);
        assert.deepEqual({ ...found, [owner]: 0 }, { ...WHOLE, [owner]: 0 });
      }
    }
  }
});

Deno.test("an index is of the kind and of the records that its opener takes it for, or the object is corrupt", async () => {
  const sound = await indexedFile();
  for (const { at, type } of treeHeaders(sound)) {
    const owner = OWNERS[type]!;
    for (let other = 0; other <= 13; other++) {
      if (other === type) continue;
      const found = await outcomes(changed(sound, at + 5, [other]));
      if (READ.has(type)) assert.equal(found[owner], "corrupt", `type ${other} for ${type}`);
      assert.deepEqual({ ...found, [owner]: 0 }, { ...WHOLE, [owner]: 0 });
    }
    const size = sound[at + 10]!;
    for (const other of [0, 1, size - 1, size + 1, 2 * size]) {
      const found = await outcomes(changed(sound, at + 10, [other]));
      if (READ.has(type)) assert.equal(found[owner], "corrupt", `records of ${other} bytes for ${size}`);
    }
  }
});

Deno.test("a heap whose table can't be made of its header's numbers is corrupt", async () => {
  const sound = await indexedFile();
  const heaps = findAll(sound, "FRHP");
  assert.equal(heaps.length, 2);
  const table = 4 + 1 + 2 + 2 + 1 + 4 + 12 * 8;
  for (const [i, at] of heaps.entries()) {
    const changes: [string, number, Uint8Array | number[]][] = [
      ["IDs of no bytes", 5, [0, 0]],
      ["IDs too short for an offset", 5, [4, 0]],
      ["IDs longer than records hold", 5, [64, 0]],
      ["larger objects than blocks", 10, [255, 255, 255, 255]],
      ["a table of no columns", table, [0, 0]],
      ["a number of columns that is no power of two", table, [3, 0]],
      ["a table of one block's width and more", table, [0, 128]],
      ["blocks of nothing", table + 2, word(0)],
      ["blocks shorter than their heads", table + 2, word(16)],
      ["blocks of no power of two", table + 2, word(1000)],
      ["first blocks larger than the largest", table + 2, word(2n ** 40n)],
      ["largest blocks of nothing", table + 10, word(0)],
      ["largest blocks beyond 32 bits", table + 10, word(2n ** 33n)],
      ["a heap smaller than its first row", table + 18, [4, 0]],
      ["a heap of more than 64 bits", table + 18, [255, 0]],
      ["more rows than the table has", table + 30, [255, 255]],
    ];
    for (const [what, offset, bytes] of changes) {
      const found = await outcomes(changed(sound, at + offset, bytes));
      const owner = found.links === MEMBERS ? "attributes" : "links";
      assert.equal(found[owner], "corrupt", `${what}, in heap ${i}`);
      assert.deepEqual({ ...found, [owner]: 0 }, { ...WHOLE, [owner]: 0 }, what);
    }
  }
});

Deno.test("a virtual dataset that tells more mappings than its heap object has room for is corrupt, and costs no memory", async () => {
  const path = new URL("../data/virtual.h5", import.meta.url);
  const sound = new Uint8Array(readFileSync(path));
  // A heap object that begins with a version of 0, a number of mappings, and the name of a file.
  const blocks = findAll(sound, "virtual_a.h5\0").map((at) => at - 9)
    .filter((at) => sound[at] === 0 && new DataView(sound.buffer).getBigUint64(at + 1, true) < 100n);
  assert.ok(blocks.length > 0);
  const block = blocks[0]!;
  const size = Number(new DataView(sound.buffer).getBigUint64(block - 8, true));
  const end = block + size - 4;
  const view = new DataView(sound.buffer);
  assert.equal(view.getUint32(end, true), lookup3(sound.subarray(block, end)));
  const listed = async (bytes: Uint8Array): Promise<string[]> => {
    const found: string[] = [];
    await using file = await open(bytes);
    for (const { name } of await file.links()) {
      const said = await file.get(name).then(async (member) => {
        if (member.kind === "dataset") await member.read();
        return "read";
      }).catch((error) => {
        assert.ok(error instanceof MicrotomeError, String(error));
        return error.code;
      });
      found.push(`${name}: ${said}`);
    }
    assert.ok(file.memoryBytes < 2 ** 26);
    return found;
  };
  const before = await listed(sound);
  for (const count of [view.getBigUint64(block + 1, true) + 1n, 1000n, 2n ** 28n, 2n ** 32n + 1n, 2n ** 63n]) {
    const damaged = withBytes(sound, block + 1, word(count));
    new DataView(damaged.buffer).setUint32(end, lookup3(damaged.subarray(block, end)), true);
    const after = await listed(damaged);
    const changedOnes = after.filter((line, i) => line !== before[i]);
    assert.equal(changedOnes.length, 1, `${count} mappings: ${after}`);
    assert.match(changedOnes[0]!, /: corrupt$/);
  }
});

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type NDArray, open, UnsupportedError } from "../../mod.ts";

const FILE = fileURLToPath(new URL("../data/odd/bits.h5", import.meta.url));
const OLD = fileURLToPath(new URL("../data/odd/bits_old.h5", import.meta.url));
const WORDS = [-3, 5, -2048, 2047];

/** Right values, from the bits that `make_odd.py` wrote. */
const NUMBERS: Record<string, { values: unknown[]; itemsize: number }> = {
  int12_le: { values: WORDS, itemsize: 2 },
  int12_be: { values: WORDS, itemsize: 2 },
  int12_be_offset: { values: WORDS, itemsize: 2 },
  uint12_be: { values: [4093, 5, 2048, 2047], itemsize: 2 },
  int12_of_4_be: { values: WORDS, itemsize: 4 },
  int12_of_3_be: { values: WORDS, itemsize: 4 },
  int50_be: { values: [-3n, -(2n ** 49n)], itemsize: 8 },
  int6_be: { values: [-3, 5], itemsize: 1 },
  int12_nbit: { values: WORDS, itemsize: 2 },
  array: { values: WORDS, itemsize: 2 },
  enum: { values: [-3, 5, -3], itemsize: 2 },
  enum_nbit: { values: [-3, 5, -3], itemsize: 2 },
  bfloat16: { values: [1, -2.5, Infinity, 2 ** -133], itemsize: 4 },
  bfloat16_be: { values: [1, -2.5, Infinity, 2 ** -133], itemsize: 4 },
  e4m3: { values: [1, -3, 2 ** -9, 240], itemsize: 2 },
  float24: { values: [1, -2.5], itemsize: 4 },
  biased: { values: [2 ** 200, -2], itemsize: 8 },
};

for (const [name, { values, itemsize }] of Object.entries(NUMBERS)) {
  for (const engine of [undefined, "library"] as const) {
    Deno.test(`${name} reads as its bits say, by ${engine ?? "the way of its own"}`, async () => {
      await using file = await open(FILE);
      const dataset = await file.dataset(name);
      const { data } = await dataset.read([], { engine });
      assert.deepEqual([...data], values);
      assert.equal(dataset.dtype.itemsize, itemsize);
    });
  }
}

Deno.test("numbers with padding read the same in records and attributes", async () => {
  await using file = await open(FILE);
  const { data } = await (await file.dataset("record")).read();
  assert.deepEqual(data, WORDS.map((a, i) => ({ a, b: i, c: i })));
  const attribute = await file.attributes.get("int12_be") as NDArray;
  assert.deepEqual([...attribute.data], WORDS);
});

Deno.test("an enumeration of 15 bits keeps its members' values", async () => {
  await using file = await open(FILE);
  const { dtype } = await file.dataset("enum");
  assert.ok(dtype.kind === "enum");
  assert.deepEqual({ ...dtype.members }, { LOW: -3, HIGH: 5 });
});

Deno.test("floats that libhdf5 has no conversion for are refused with the reason", async () => {
  await using file = await open(FILE);
  const dataset = await file.dataset("msbset");
  await assert.rejects(dataset.read(), (error: UnsupportedError) => {
    assert.ok(error instanceof UnsupportedError);
    assert.match(error.message, /highest bit/);
    return true;
  });
});

Deno.test("a float in VAX order is read", async () => {
  await using file = await open(OLD);
  assert.deepEqual([...(await (await file.dataset("vax")).read()).data], [1, -2.5, 1e10].map(Math.fround));
});

Deno.test("a type that is mostly emptiness in a file without checksums is refused with the reason, as h5py does", async () => {
  await using file = await open(OLD);
  await assert.rejects(file.dataset("mostly_unused"), /unusually large number of unused bits|unused bits/);
});

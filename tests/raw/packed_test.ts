import assert from "node:assert/strict";
import fc from "fast-check";
import { slice } from "../../src/array/select/slice.ts";
import { toNested } from "../../src/array/ndarray.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { UnsupportedError } from "../../src/source/errors.ts";
import { memorySink } from "../../src/source/sink/memory_sink.ts";
import { axisCaseOf } from "../array/arbitrary.ts";
import { everywhere, pack, randomBytes, withServer } from "./support.ts";

Deno.test("24-bit integers of both signs and byte orders come as 32-bit ones", async () => {
  const bytes = Uint8Array.of(0x01, 0x02, 0x83, 0xff, 0xff, 0xff);
  const expected: [string, Int32Array | Uint32Array][] = [
    ["int24", Int32Array.of(0x830201 - 2 ** 24, -1)],
    ["<i3", Int32Array.of(0x830201 - 2 ** 24, -1)],
    [">i3", Int32Array.of(0x010283, -1)],
    ["uint24", Uint32Array.of(0x830201, 0xffffff)],
    [">u3", Uint32Array.of(0x010283, 0xffffff)],
  ];
  for (const [dtype, values] of expected) {
    await everywhere(bytes, async (source) => {
      await using array = await openRaw(source, { dtype });
      assert.deepEqual((await array.read()).data, values, dtype);
      assert.equal(array.byteLength, 6);
    });
  }
});

const packedCase = fc.record({
  bits: fc.constantFrom<10 | 12>(10, 12),
  packing: fc.constantFrom<"lsb" | "msb" | "mipi">("lsb", "msb", "mipi"),
  columns: fc.integer({ min: 1, max: 5 }),
  axis: fc.integer({ min: 0, max: 12 }).chain((length) => axisCaseOf(length)),
  offset: fc.integer({ min: 0, max: 4 }),
  order: fc.constantFrom<"C" | "F">("C", "F"),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});

Deno.test("packed values of 10 and 12 bits come out as they went in, whatever is selected", async () => {
  await fc.assert(
    fc.asyncProperty(packedCase, async ({ bits, packing, columns, axis, offset, order, seed }) => {
      const rows = axis.length;
      const random = randomBytes(2 * rows * columns, seed);
      const values = Array.from(
        { length: rows * columns },
        (_, i) => (random[2 * i]! << 8 | random[2 * i + 1]!) % 2 ** bits,
      );
      const packed = pack(values, bits, packing);
      const bytes = new Uint8Array(offset + packed.length);
      bytes.set(packed, offset);
      const options = { dtype: `uint${bits}:${packing}`, shape: [rows, columns], offset, order } as const;
      await using array = await openRaw(bytes, options);
      const at = (row: number, column: number) => values[order === "C" ? row * columns + column : column * rows + row]!;
      const expected = axis.indices.map((row) => Array.from({ length: columns }, (_, column) => at(row, column)));
      assert.deepEqual(toNested(await array.read([axis.selected])), axis.drop ? expected[0] : expected);
    }),
    { numRuns: 200 },
  );
});

Deno.test("a slice of packed values asks for the groups that hold it, and for no more", async () => {
  const values = Array.from({ length: 300_000 }, (_, i) => i % 4096);
  await withServer({ "/x.bin": pack(values, 12, "lsb") }, async (server) => {
    const options = {
      dtype: "uint12:lsb",
      shape: [null, 2],
      smallFileBytes: 0,
      headBytes: 0,
      wholeFileBytes: 0,
    } as const;
    await using array = await openRaw(`${server.url}/x.bin`, options);
    assert.deepEqual(array.shape, [150_000, 2]);
    server.clear();
    const { data } = await array.read([slice(100_001, 100_003)]);
    assert.deepEqual(data, Uint16Array.from(values.slice(200_002, 200_006)));
    assert.deepEqual(server.log.map(({ offset, length }) => [offset, length]), [[300_003, 6]]);
  });
});

Deno.test("the bits of digital words are truth values along one more axis", async () => {
  const bytes = Uint8Array.of(0b0000_0101, 0b1000_0000, 0, 1);
  await everywhere(bytes, async (source) => {
    await using words = await openRaw(source, { dtype: "bits16" });
    assert.deepEqual([words.shape, words.dtype.kind], [[2, 16], "bool"]);
    const rows = toNested(await words.read()) as boolean[][];
    assert.deepEqual(rows.map((row) => row.flatMap((one, bit) => one ? [bit] : [])), [[0, 2, 15], [8]]);
    assert.deepEqual((await words.read([null, 2])).data, Uint8Array.of(1, 0));
    await using swapped = await openRaw(source, { dtype: ">bits16" });
    assert.deepEqual(
      (await swapped.read([0, null])).data,
      Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0),
    );
    await using bytewise = await openRaw(source, { dtype: "bits8", shape: [null, 2] });
    assert.deepEqual(bytewise.shape, [2, 2, 8]);
    assert.deepEqual((await bytewise.read([0, 1, 7])).data, Uint8Array.of(1));
    await using wide = await openRaw(source, { dtype: "bits32" });
    assert.deepEqual([...(await wide.read([0])).data].flatMap((one, bit) => one ? [bit] : []), [0, 2, 15, 24]);
  });
});

Deno.test("packed values are read only", async () => {
  const sink = memorySink();
  await using array = await openRaw(sink, { mode: "w+", dtype: "int24", shape: [4] });
  await assert.rejects(array.write(null, 1), UnsupportedError);
});

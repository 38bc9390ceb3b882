import assert from "node:assert/strict";
import { RecordArray, type RecordLayout, type StoredSample } from "../../src/recording/arrays/record_array.ts";
import { openFiles } from "../../src/recording/files/open_files.ts";
import type { Selection } from "../../src/array/types.ts";
import { seeded } from "./damage.ts";
import { sparseSource } from "./make/sparse.ts";
import { numbers } from "./support.ts";

/** Records with junk between channels: sample `row` of channel `c` is `1000 * c + row`, as far as its type goes. */
function made(records: number, samples: number, channels: number, junk: number) {
  const recordBytes = channels * (2 * samples + junk);
  const bytes = new Uint8Array(5 + records * recordBytes).fill(0xee);
  const view = new DataView(bytes.buffer);
  const columns = Array.from({ length: channels }, (_, c) => ({ offset: c * (2 * samples + junk) }));
  for (let row = 0; row < records * samples; row++) {
    const record = Math.floor(row / samples);
    for (const [c, { offset }] of columns.entries()) {
      view.setInt16(5 + record * recordBytes + offset + 2 * (row % samples), 1000 * c + row, true);
    }
  }
  const layout: RecordLayout = { offset: 5, recordBytes, records, samples, stored: "<i2", columns };
  return { bytes, layout };
}

async function arrayOf(bytes: Uint8Array, layout: RecordLayout, isFar: boolean) {
  const source = sparseSource("far", bytes.length, [{ offset: 0, bytes }]);
  const { files } = await openFiles(isFar ? source : bytes, { smallFileBytes: 0 });
  return { array: new RecordArray(await files.main(), layout), source };
}

Deno.test("records give every selection of samples and channels, near and far", async () => {
  const chance = seeded(7);
  const below = (most: number) => Math.floor(chance() * most);
  for (let trial = 0; trial < 60; trial++) {
    const [records, samples, channels] = [1 + below(5), 1 + below(7), 1 + below(4)];
    const { bytes, layout } = made(records, samples, channels, below(3) * 2);
    const count = records * samples;
    const { array } = await arrayOf(bytes, layout, trial % 2 === 1);
    const rows = trial % 3 === 0
      ? Array.from({ length: below(9) }, () => below(count))
      : { start: below(count), stop: below(count + 1), step: 1 + below(4) };
    const picked = Array.isArray(rows)
      ? rows
      : Array.from({ length: count }, (_, i) => i).filter((i) =>
        i >= rows.start && i < rows.stop && (i - rows.start) % rows.step === 0
      );
    const columns = Array.from({ length: 1 + below(4) }, () => below(channels));
    const selection: Selection = [rows, columns];
    const read = await array.read(selection);
    assert.deepEqual(read.shape, [picked.length, columns.length]);
    assert.deepEqual(numbers(read), picked.flatMap((row) => columns.map((c) => 1000 * c + row)));
  }
});

Deno.test("a list that comes back to a record has each row where it was asked for", async () => {
  const { bytes, layout } = made(4, 4, 2, 0);
  for (const isFar of [false, true]) {
    const { array } = await arrayOf(bytes, layout, isFar);
    const read = await array.read([[9, 0, 10, 0, 15, 1], 1]);
    assert.deepEqual(numbers(read), [1009, 1000, 1010, 1000, 1015, 1001]);
  }
});

Deno.test("of a record of a gigabyte only the samples asked for are read", async () => {
  const samples = 100_000_000;
  const recordBytes = 5 * 2 * samples;
  const columns = Array.from({ length: 5 }, (_, c) => ({ offset: 2 * c * samples }));
  const layout: RecordLayout = { offset: 0, recordBytes, records: 1, samples, stored: "<i2", columns };
  const source = sparseSource("far", recordBytes, [], (at) => at >> 1 & 1);
  const { files } = await openFiles(source);
  const array = new RecordArray(await files.main(), layout);
  source.log.length = 0;
  const read = await array.read([{ start: 50_000_000, stop: 50_001_000, step: 1 }]);
  assert.deepEqual(read.shape, [1000, 5]);
  const bytes = source.log.reduce((sum, { length }) => sum + length, 0);
  assert.deepEqual([source.log.length, bytes], [5, 10_000]);
  assert.deepEqual(numbers(read).slice(0, 10), [0, 0, 0, 0, 0, 257, 257, 257, 257, 257]);
  // Far apart rows of one channel don't need all between them at once.
  source.log.length = 0;
  const far = await array.read([[3, 99_999_999], 4]);
  assert.deepEqual(numbers(far), [257, 257]);
  assert.deepEqual(source.log.map(({ length }) => length), [2, 2]);
});

Deno.test("stored numbers of every kind are read, aligned in the file or not", async () => {
  const values: Readonly<Record<StoredSample, readonly number[]>> = {
    "|u1": [0, 255, 7],
    "|i1": [-128, 127, -1],
    "<i2": [-32768, 32767, -2],
    ">i2": [-32768, 32767, -2],
    "<u2": [0, 65535, 258],
    ">u2": [0, 65535, 258],
    "<i3": [-8388608, 8388607, -3],
    "<i4": [-2147483648, 2147483647, 5],
    ">i4": [-2147483648, 2147483647, 5],
    "<u4": [0, 4294967295, 5],
    "<f4": [0.5, -1.25, 3],
    ">f4": [0.5, -1.25, 3],
    "<f8": [0.1, -1e300, 3],
  };
  for (const [stored, expected] of Object.entries(values) as [StoredSample, readonly number[]][]) {
    const size = Number(stored[2]);
    for (const offset of [0, 1, 8]) {
      const bytes = new Uint8Array(offset + 3 * size);
      const view = new DataView(bytes.buffer);
      expected.forEach((value, i) => {
        const at = offset + i * size;
        if (stored === "<f8") view.setFloat64(at, value, true);
        else if (stored[1] === "f") view.setFloat32(at, value, stored[0] === "<");
        else {
          for (let byte = 0; byte < size; byte++) {
            bytes[at + (stored[0] === ">" ? size - 1 - byte : byte)] = value >> 8 * byte & 0xff;
          }
        }
      });
      const layout = { offset, recordBytes: 3 * size, records: 1, samples: 3, stored, columns: [{ offset: 0 }] };
      const { array } = await arrayOf(bytes, layout, false);
      assert.deepEqual(numbers(await array.read()), expected, `${stored} at ${offset}`);
    }
  }
});

Deno.test("bits of a word are columns of 0 and 1", async () => {
  const bytes = Uint8Array.of(0b101, 0, 0b010, 0x80);
  const columns = [{ offset: 0, bit: 0 }, { offset: 0, bit: 1 }, { offset: 0, bit: 15 }];
  const layout: RecordLayout = { offset: 0, recordBytes: 4, records: 1, samples: 2, stored: "<u2", columns };
  const { array } = await arrayOf(bytes, layout, false);
  assert.deepEqual(numbers(await array.read()), [1, 0, 0, 0, 1, 1]);
});

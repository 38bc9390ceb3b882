import assert from "node:assert/strict";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { FlatArray } from "../../src/array/flat/flat_array.ts";
import { bitColumn, WordColumns } from "../../src/recording/arrays/word_columns.ts";
import { openSource } from "../../src/source/open_source.ts";
import { numbers } from "./support.ts";

async function columns(): Promise<WordColumns> {
  const words = Uint16Array.of(0b01, 0x8000, 0b10, 0x4000, 0b11, 0xc000, 0, 0);
  const { fetcher, cache } = await openSource(words);
  const array = new FlatArray({
    fetcher,
    cache,
    offset: 0,
    shape: [4, 2],
    dtype: dtypeFromNumpy("<u2"),
    name: "words",
  });
  return new WordColumns(array, "<i2", [
    bitColumn(0, 0),
    bitColumn(1, 15),
    { column: 0, decode: (word) => -word },
    bitColumn(0, 1),
  ]);
}

Deno.test("columns of words are worked out for any selection", async () => {
  const array = await columns();
  assert.deepEqual([array.shape, array.dtype.kind, array.dtype.itemsize], [[4, 4], "int", 2]);
  const rows = [[1, 1, -1, 0], [0, 0, -2, 1], [1, 1, -3, 1], [0, 0, -0, 0]];
  const plain = (list: readonly number[]) => list.map((one) => one + 0);
  assert.deepEqual(numbers(await array.read()), plain(rows.flat()));
  assert.deepEqual(numbers(await array.read([2])), rows[2]);
  assert.deepEqual(
    numbers(await array.read([{ start: 3, stop: null, step: -2 }, 2])),
    plain([rows[3]![2]!, rows[1]![2]!]),
  );
  assert.deepEqual(numbers(await array.read([[2, 0, 2], [3, 0]])), [1, 1, 0, 1, 1, 1]);
  assert.deepEqual(numbers(await array.view([{ start: 1, stop: 3, step: 1 }]).read([1])), rows[2]);
  assert.deepEqual((await array.read([[]])).shape, [0, 4]);
  const into = new Int16Array(4);
  await array.read([1], { into });
  assert.deepEqual([...into], rows[1]);
});

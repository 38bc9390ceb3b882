import assert from "node:assert/strict";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { LazyArray, NumericData } from "../../src/array/types.ts";
import {
  lineChanges,
  scanWords,
  wordChangesFrom,
  type WordChangesIndex,
  wordChangesIndex,
} from "../../src/recording/bit_changes.ts";
import { CorruptFileError, LimitError } from "../../src/source/errors.ts";

/** Words whose line 0 pulses, line 15 is on from sample 3 on, and line 4 is on from the start to sample 5. */
const WORDS = Uint16Array.of(16, 17, 16, 0x8011, 0x8010, 0x8001, 0x8000);

function lazy(data: NumericData, shape: readonly number[] = [data.length]): LazyArray {
  return memoryArray(ndarray(data, shape));
}

Deno.test("changes of words are found, whatever the block that they fall in", async () => {
  for (const blockBytes of [1, 4, 6, 1000]) {
    const changes = await scanWords(lazy(WORDS), { name: "x", blockBytes });
    assert.deepEqual(changes, {
      initial: 16,
      rows: Float64Array.of(1, 2, 3, 4, 5, 6),
      words: Uint32Array.of(17, 16, 0x8011, 0x8010, 0x8001, 0x8000),
    });
  }
});

Deno.test("each line of a word has its own changes, and says how it begins", async () => {
  const changes = await scanWords(lazy(WORDS), { name: "x" });
  assert.deepEqual(lineChanges(changes, 0), {
    initial: false,
    rows: Float64Array.of(1, 2, 3, 4, 5, 6),
    firstIsOn: true,
  });
  assert.deepEqual(lineChanges(changes, 4), { initial: true, rows: Float64Array.of(5), firstIsOn: false });
  assert.deepEqual(lineChanges(changes, 15), { initial: false, rows: Float64Array.of(3), firstIsOn: true });
  assert.deepEqual(lineChanges(changes, 7), { initial: false, rows: new Float64Array(0), firstIsOn: true });
});

Deno.test("signed words have line 15 and line 31 as unsigned ones do", async () => {
  const short = await scanWords(lazy(Int16Array.of(0, -32768, 0)), { name: "x" });
  assert.deepEqual(short.words, Uint32Array.of(0x8000, 0));
  const long = await scanWords(lazy(Int32Array.of(0, -1, 1)), { name: "x" });
  assert.deepEqual(long.words, Uint32Array.of(0xffffffff, 1));
});

Deno.test("a column of interleaved samples is scanned, and only the lines of the mask", async () => {
  const data = Int16Array.from([5, 1, 6, 3, 7, 2, 8, 2]);
  const changes = await scanWords(lazy(data, [4, 2]), { name: "x", column: 1, mask: 2, blockBytes: 5 });
  assert.deepEqual(changes, { initial: 0, rows: Float64Array.of(1), words: Uint32Array.of(2) });
});

Deno.test("no samples have no changes", async () => {
  const changes = await scanWords(lazy(new Int16Array(0)), { name: "x" });
  assert.deepEqual(changes, { initial: 0, rows: new Float64Array(0), words: new Uint32Array(0) });
});

Deno.test("progress is told up to 1, and an abort between blocks ends the scan", async () => {
  const told: number[] = [];
  await scanWords(lazy(WORDS), { name: "x", blockBytes: 4, onProgress: (done) => told.push(done) });
  assert.deepEqual(told, [2 / 7, 4 / 7, 6 / 7, 1]);
  const abort = new AbortController();
  const reason = new Error("enough");
  const scan = scanWords(lazy(WORDS), {
    name: "x",
    blockBytes: 2,
    signal: abort.signal,
    onProgress: () => abort.abort(reason),
  });
  await assert.rejects(scan, (error) => error === reason);
});

Deno.test("a long scan holds two blocks and what it found, never the array", async () => {
  let most = 0;
  let reads = 0;
  const shape = [50_000_000, 9];
  const array = {
    shape,
    dtype: { kind: "int", itemsize: 2, byteOrder: "<" },
    chunkShape: null,
    // deno-lint-ignore require-await -- as a lazy array's
    read: async ([{ start, stop }]: [{ start: number; stop: number }]) => {
      reads++;
      most = Math.max(most, stop - start);
      const data = new Int16Array(stop - start);
      if (start <= 40_000_000 && stop > 40_000_000) data.fill(1, 40_000_000 - start);
      else if (start > 40_000_000) data.fill(1);
      return { data };
    },
  } as unknown as LazyArray;
  const { rows } = await scanWords(array, { name: "x", column: 8 });
  assert.deepEqual(rows, Float64Array.of(40_000_000));
  assert.ok(most * 18 <= 8 * 1024 * 1024, `${most} rows at once`);
  assert.ok(reads < 120, `${reads} reads`);
});

Deno.test("more changes than are kept are an error that says what can be done", async () => {
  const noise = Int16Array.from({ length: 300 }, (_, i) => i);
  assert.equal((await scanWords(lazy(noise), { name: "x", maxChanges: 299 })).rows.length, 299);
  await assert.rejects(
    scanWords(lazy(noise), { name: "a.bin: XD0", maxChanges: 298 }),
    (error) => error instanceof LimitError && /a\.bin: XD0.*299.*298 times.*read as a signal/.test(error.message),
  );
});

Deno.test("changes go through JSON and back, and what isn't changes is refused", async () => {
  const changes = await scanWords(lazy(WORDS), { name: "x" });
  const index = JSON.parse(JSON.stringify(wordChangesIndex(changes))) as WordChangesIndex;
  assert.deepEqual(wordChangesFrom(index, WORDS.length, "x"), changes);
  for (
    const wrong of [
      null,
      [],
      "text",
      { ...index, rows: index.rows.slice(1) },
      { ...index, rows: [...index.rows].reverse() },
      { ...index, rows: index.rows.map((row) => row + 1) },
      { ...index, rows: index.rows.map((row) => row - 0.5) },
      { ...index, words: index.words.map(() => -1) },
      { ...index, initial: "16" },
    ]
  ) {
    assert.throws(() => wordChangesFrom(wrong, WORDS.length, "x"), CorruptFileError);
  }
});

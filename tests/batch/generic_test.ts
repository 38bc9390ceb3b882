import assert from "node:assert/strict";
import fc from "fast-check";
import { memoryArray } from "../../src/array/memory.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import type { DataChunk, LazyArray, NDArray, Slice } from "../../src/array/types.ts";
import { GenericDataChunkIterator, type GenericDataChunkIteratorOptions } from "../../src/batch/iterate/generic.ts";
import type { Progress } from "../../src/batch/progress/progress.ts";
import { until } from "../support/until.ts";

/** All chunks of an iterator. */
async function collect(source: AsyncIterable<DataChunk>): Promise<DataChunk[]> {
  const chunks: DataChunk[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return chunks;
}

/** Bounds of a selection, axis by axis. */
function bounds(selection: DataChunk["selection"]): (number | null)[][] {
  return selection.map((axis) => typeof axis === "number" ? [axis] : [axis.start, axis.stop]);
}

function counting(shape: readonly number[]): NDArray<Int32Array> {
  const size = shape.reduce((all, length) => all * length, 1);
  return ndarray(Int32Array.from({ length: size }, (_, i) => i), shape);
}

type Sizes = Omit<GenericDataChunkIteratorOptions, "maxShape" | "dtype">;

/** The class of the tutorial. */
class ArrayIterator extends GenericDataChunkIterator {
  readonly #array: LazyArray;
  constructor(array: NDArray, options: Sizes = {}) {
    super({ ...options, maxShape: array.shape, dtype: array.dtype });
    this.#array = memoryArray(array);
  }
  override getData(selection: readonly Slice[], options: { readonly signal: AbortSignal }): Promise<NDArray> {
    return this.#array.read(selection, options);
  }
}

/** Eight rows of three values in buffers of two rows; `read` gives each. */
function rows(
  read: (row: number, signal: AbortSignal) => Int32Array | Promise<Int32Array>,
  options: Partial<GenericDataChunkIteratorOptions> = {},
) {
  return new GenericDataChunkIterator({
    maxShape: [8, 3],
    dtype: "int32",
    bufferShape: [2, 3],
    chunkShape: [1, 3],
    getData: ([first], { signal }) => read(first!.start!, signal),
    ...options,
  });
}

const later = () => new Promise((resolve) => setTimeout(resolve));

Deno.test("a subclass gives its buffers in row-major order, each with its place", async () => {
  const iterator = new ArrayIterator(counting([5, 4]), { bufferShape: [2, 3], chunkShape: [1, 1] });
  assert.equal(iterator.numBuffers, 6);
  const chunks = await collect(iterator);
  assert.deepEqual(chunks.map(({ selection }) => bounds(selection)), [
    [[0, 2], [0, 3]],
    [[0, 2], [3, 4]],
    [[2, 4], [0, 3]],
    [[2, 4], [3, 4]],
    [[4, 5], [0, 3]],
    [[4, 5], [3, 4]],
  ]);
  assert.deepEqual(chunks[3]!.data.data, Int32Array.of(11, 15));
  assert.deepEqual(chunks[3]!.data.shape, [2, 1]);
  assert.deepEqual([...iterator.selections()], chunks.map(({ selection }) => selection));
});

Deno.test("functions do in place of a subclass, and a typed array in place of an array", async () => {
  const chunks = await collect(rows((row) => Int32Array.from({ length: 6 }, (_, i) => 3 * row + i)));
  assert.deepEqual(chunks.map(({ data }) => data.shape), [[2, 3], [2, 3], [2, 3], [2, 3]]);
  assert.deepEqual(chunks[1]!.data.data, Int32Array.of(6, 7, 8, 9, 10, 11));
  const { maxShape, dtype } = rows(() => new Int32Array(6));
  assert.throws(() => new GenericDataChunkIterator({ maxShape, dtype }), {
    name: "TypeError",
    message: "Cannot iterate in chunks: neither a subclass nor the options have getData",
  });
});

Deno.test("every loop starts anew, and loops at once don't disturb each other", async () => {
  const iterator = new ArrayIterator(counting([6]), { bufferShape: [2], chunkShape: [1] });
  const [one, two] = await Promise.all([collect(iterator), collect(iterator)]);
  assert.equal(one.length, 3);
  assert.deepEqual(one, two);
  assert.deepEqual(await collect(iterator), one);
});

Deno.test("buffers tile the data exactly once, in order, whatever the shapes", async () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 });
  const parts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 });
  await fc.assert(fc.asyncProperty(shapes, parts, parts, async (shape, chunks, times) => {
    const chunkShape = shape.map((length, axis) => Math.min(length, chunks[axis]!));
    const bufferShape = shape.map((length, axis) => Math.min(length, chunkShape[axis]! * times[axis]!));
    const array = counting(shape);
    const iterator = new ArrayIterator(array, { chunkShape, bufferShape });
    const seen = new Int32Array(array.data.length);
    const starts: string[] = [];
    let buffers = 0;
    for await (const { data, selection } of iterator) {
      buffers++;
      for (const value of data.data as Int32Array) seen[value]!++;
      selection.forEach((axis, i) => {
        const { start, stop } = axis as Slice;
        assert.equal(start! % chunkShape[i]!, 0);
        assert.ok(stop === shape[i] || stop! - start! === bufferShape[i]);
      });
      starts.push(selection.map((axis) => String((axis as Slice).start! + 100)).join());
    }
    assert.ok(seen.every((times) => times === 1));
    assert.deepEqual(starts, starts.toSorted());
    assert.equal(buffers, iterator.numBuffers);
  }));
});

Deno.test("one buffer is read ahead while one is used, and no more", async () => {
  const begun: number[] = [];
  const read = async (row: number) => {
    begun.push(row);
    await later();
    return new Int32Array(6);
  };
  const seen: number[][] = [];
  for await (const _ of rows(read)) {
    await later();
    seen.push([...begun]);
  }
  assert.deepEqual(seen, [[0, 2], [0, 2, 4], [0, 2, 4, 6], [0, 2, 4, 6]]);
});

Deno.test("reading ahead overlaps with using: the next buffer is there before the one before it is given up", async () => {
  let [read, used] = [0, 0];
  const buffers = rows(async () => {
    await later();
    read++;
    return new Int32Array(6);
  }, { readAhead: true });
  for await (const _ of buffers) {
    used++;
    if (used < 4) await until(() => read > used);
  }
  assert.deepEqual([read, used], [4, 4]);
});

Deno.test("nothing is read ahead where that is switched off, or where reading is synchronous", async () => {
  for (const isAsync of [true, false]) {
    const begun: number[] = [];
    const read = (row: number) => {
      begun.push(row);
      return isAsync ? Promise.resolve(new Int32Array(6)) : new Int32Array(6);
    };
    const seen: number[] = [];
    for await (const _ of rows(read, isAsync ? { readAhead: false } : {})) {
      await later();
      seen.push(begun.length);
    }
    assert.deepEqual(seen, [1, 2, 3, 4]);
  }
});

Deno.test("nothing is read before the loop begins, and leaving it aborts what was read ahead", async () => {
  const signals: AbortSignal[] = [];
  const iterator = rows((_, signal) => {
    signals.push(signal);
    return signals.length === 1
      ? Promise.resolve(new Int32Array(6))
      : new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const chunks = iterator[Symbol.asyncIterator]();
  await later();
  assert.equal(signals.length, 0);
  await chunks.next();
  assert.equal(signals.length, 2);
  await chunks.return();
  assert.ok(signals[1]!.aborted);
  // The rejection of what nobody waits for mustn't end the process.
  await later();
});

Deno.test("an abort ends the loop with its reason: before it, between buffers, and while one is read", async () => {
  const reason = new Error("Enough");
  const aborted = AbortSignal.abort(reason);
  let reads = 0;
  await assert.rejects(collect(rows(() => (reads++, new Int32Array(6)), { signal: aborted })), reason);
  assert.equal(reads, 0);

  const between = new AbortController();
  let seen = 0;
  await assert.rejects(async () => {
    for await (const _ of rows(() => new Int32Array(6), { signal: between.signal })) {
      if (++seen === 2) between.abort(reason);
    }
  }, reason);
  assert.equal(seen, 2);

  // Also where what reads doesn't listen.
  const during = new AbortController();
  setTimeout(() => during.abort(reason), 5);
  await assert.rejects(collect(rows(() => new Promise(() => {}), { signal: during.signal })), reason);
});

Deno.test("what getData throws ends the loop at its buffer, not at the one before", async () => {
  for (const isAsync of [true, false]) {
    const seen: number[] = [];
    const failure = new Error("No such row");
    const read = (row: number) => {
      if (row !== 4) return isAsync ? Promise.resolve(new Int32Array(6)) : new Int32Array(6);
      if (isAsync) return Promise.reject(failure);
      throw failure;
    };
    await assert.rejects(async () => {
      for await (const { selection } of rows(read)) {
        await later();
        seen.push((selection[0] as Slice).start!);
      }
    }, failure);
    assert.deepEqual(seen, [0, 2]);
  }
});

Deno.test("data of another shape or type than was asked for is refused", async () => {
  const at = "Cannot use what getData gave for the buffer at (0, 0): ";
  const wrong: [unknown, string, string][] = [
    [new Int32Array(5), "ShapeError", "got 5 values, expected 6 for shape (2, 3)"],
    [ndarray(new Int32Array(6), [3, 2]), "ShapeError", "got data of shape (3, 2), expected (2, 3)"],
    [ndarray(new Int32Array(6)), "ShapeError", "got data of shape (6,), expected (2, 3)"],
    [new Int16Array(6), "DTypeError", "got Int16Array, expected an array of int32, or its elements in Int32Array"],
    [
      ndarray(new Float64Array(6), [2, 3]),
      "DTypeError",
      "got data of type float64 in Float64Array, expected int32 in Int32Array",
    ],
    [
      ndarray(new Uint32Array(6), [2, 3]),
      "DTypeError",
      "got data of type uint32 in Uint32Array, expected int32 in Int32Array",
    ],
    [[1, 2, 3, 4, 5, 6], "DTypeError", "got Array, expected an array of int32, or its elements in Int32Array"],
    [null, "DTypeError", "got null, expected an array of int32, or its elements in Int32Array"],
    [undefined, "DTypeError", "got a undefined, expected an array of int32, or its elements in Int32Array"],
  ];
  for (const [data, name, message] of wrong) {
    for (const give of [() => data, () => Promise.resolve(data)]) {
      await assert.rejects(collect(rows(give as () => Int32Array)), { name, message: at + message });
    }
  }
});

Deno.test("elements that aren't numbers come in a plain array", async () => {
  const options = { maxShape: [3], dtype: "str", bufferShape: [2], chunkShape: [1] };
  const getData = ([rows]: readonly Slice[]) => ["a", "b", "c"].slice(rows!.start!, rows!.stop!);
  const chunks = await collect(new GenericDataChunkIterator({ ...options, getData }));
  assert.deepEqual(chunks.map(({ data }) => data.data), [["a", "b"], ["c"]]);
});

Deno.test("a byte order of the declared type makes no difference to data in memory", async () => {
  const chunks = await collect(rows(() => new Int32Array(6), { dtype: ">i4" }));
  assert.equal(chunks.length, 4);
});

Deno.test("progress counts buffers, bytes and time, and says how long the rest will take", async () => {
  const seen: Progress[] = [];
  const slow = async () => (await new Promise((resolve) => setTimeout(resolve, 5)), new Int32Array(6));
  await collect(rows(slow, { onProgress: (progress) => seen.push(progress) }));
  assert.deepEqual(seen.map(({ done, total, bytes, totalBytes }) => [done, total, bytes, totalBytes]), [
    [1, 4, 24, 96],
    [2, 4, 48, 96],
    [3, 4, 72, 96],
    [4, 4, 96, 96],
  ]);
  const [first, , , last] = seen;
  assert.ok(first!.elapsed > 0 && last!.elapsed > first!.elapsed);
  assert.ok(Math.abs(first!.remaining! - 3 * first!.elapsed) < 1e-9);
  assert.equal(last!.remaining, 0);
  assert.ok(Math.abs(last!.rate - 96 / last!.elapsed) < 1e-6);
});

Deno.test("a callback that throws ends the loop", async () => {
  const failure = new Error("Seen enough");
  const onProgress = () => {
    throw failure;
  };
  await assert.rejects(collect(rows(() => new Int32Array(6), { onProgress })), failure);
});

Deno.test("the progress bar is drawn only where it is asked for, and ends its line", async () => {
  let drawn = "";
  const write = (text: string) => drawn += text;
  await collect(
    rows(() => new Int32Array(6), { displayProgress: { write, columns: 90, interval: 0, description: "Rows" } }),
  );
  const lines = drawn.split("\r\x1b[K").slice(1);
  assert.equal(lines.length, 5);
  assert.match(lines[0]!, /^Rows ▕█+.* +▏ {2}25 % {2}1 of 4, 24 B of 96 B/);
  assert.match(lines[4]!, /^Rows ▕█+▏ 100 % {2}4 of 4, 96 B of 96 B.*\n$/);
  assert.ok(lines.every((line) => line.trimEnd().length < 90));
});

Deno.test("where standard error is no terminal, a progress bar that is asked for draws nothing", async () => {
  const script = `
    import { GenericDataChunkIterator } from ${
    JSON.stringify(new URL("../../src/batch/iterate/generic.ts", import.meta.url).href)
  };
    const iterator = new GenericDataChunkIterator({
      maxShape: [4], dtype: "i1", displayProgress: true, getData: () => new Int8Array(4),
    });
    for await (const _ of iterator);
  `;
  const { stderr, stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", script],
  }).output();
  assert.deepEqual([success, stdout.length, new TextDecoder().decode(stderr)], [true, 0, ""]);
});

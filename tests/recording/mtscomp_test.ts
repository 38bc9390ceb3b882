import assert from "node:assert/strict";
import { slice } from "../../src/array/select/slice.ts";
import { parseMtscomp } from "../../src/recording/arrays/mtscomp.ts";
import { MtscompArray } from "../../src/recording/arrays/mtscomp_array.ts";
import { openFiles } from "../../src/recording/files/open_files.ts";
import { CorruptFileError, UnsupportedError } from "../../src/source/errors.ts";
import type { ByteRange } from "../../src/source/types.ts";
import { packed, type PackOptions } from "./make/mtscomp.ts";
import { sample, samples } from "./make/spikeglx.ts";
import { numbers } from "./support.ts";

const ROWS = 1000;
const WIDTH = 9;

/** An array over bytes that are fetched, and the ranges that were. */
async function open(options: Partial<PackOptions> = {}, change: (ch: Record<string, unknown>) => void = () => {}) {
  const made = packed(samples(ROWS, WIDTH), { width: WIDTH, chunk: 300, ...options });
  const reads: ByteRange[] = [];
  const source = {
    name: "a.cbin",
    byteLength: made.cbin.length,
    read: (range: ByteRange) => {
      reads.push(range);
      return Promise.resolve(made.cbin.slice(range.offset, range.offset + range.length));
    },
  };
  const { files } = await openFiles(new Map([["a.cbin", source]]), { gap: 0 });
  const file = await files.open("a.cbin");
  const ch = JSON.parse(new TextDecoder().decode(made.ch)) as Record<string, unknown>;
  change(ch);
  const warnings: string[] = [];
  const header = parseMtscomp(JSON.stringify(ch), "a.ch", file, (message) => warnings.push(message));
  return { array: new MtscompArray(file, header), header, reads, warnings, made };
}

Deno.test("mtscomp: chunks of every kind read as what was packed", async () => {
  for (const timeDiff of [true, false]) {
    for (const spatialDiff of [true, false]) {
      for (const order of ["C", "F"] as const) {
        const { array } = await open({ timeDiff, spatialDiff, order });
        assert.deepEqual(
          (await array.read()).data,
          samples(ROWS, WIDTH),
          JSON.stringify({ timeDiff, spatialDiff, order }),
        );
      }
    }
  }
});

Deno.test("mtscomp: selections are NumPy's, and touch only their chunks", async () => {
  const { array, reads, header } = await open();
  assert.deepEqual(array.shape, [ROWS, WIDTH]);
  assert.deepEqual(array.chunkShape, [300, WIDTH]);
  assert.equal(String(array), 'MtscompArray "a.cbin" int16 (1000, 9) chunks (300, 9)');
  assert.deepEqual(numbers(await array.read([slice(610, 612), slice(2, 4)])), [
    sample(610, 2),
    sample(610, 3),
    sample(611, 2),
    sample(611, 3),
  ]);
  assert.deepEqual(reads, [{ offset: header.offsets[2]!, length: header.offsets[3]! - header.offsets[2]! }]);
  assert.deepEqual(
    numbers(await array.read([[999, 0, 300, 299, 0], [8, 1]])),
    [999, 0, 300, 299, 0].flatMap((row) => [sample(row, 8), sample(row, 1)]),
  );
  assert.deepEqual(
    numbers(await array.read([slice(null, null, -333), 4])),
    [999, 666, 333, 0].map((row) => sample(row, 4)),
  );
  assert.deepEqual(numbers(await array.read([5, 6])), [sample(5, 6)]);
  assert.deepEqual(numbers(await array.read([slice(3, 3)])), []);
  const into = new Int16Array(2 * WIDTH);
  assert.equal((await array.read([slice(299, 301)], { into })).data, into);
  assert.deepEqual(Array.from(into.slice(WIDTH)), Array.from({ length: WIDTH }, (_, c) => sample(300, c)));
});

Deno.test("mtscomp: chunks that were unpacked last are kept", async () => {
  const { array, reads } = await open();
  await array.read([slice(0, 10)]);
  await array.read([slice(10, 290)]);
  await array.read([slice(290, 310)]);
  assert.equal(reads.length, 2);
});

Deno.test("mtscomp: a cut off file reads as far as its whole chunks go", async () => {
  const { array, warnings } = await open({}, (ch) => {
    const offsets = ch.chunk_offsets as number[];
    // As if the file had lost its end.
    offsets[offsets.length - 1] = offsets.at(-1)! + 1000;
  });
  assert.deepEqual(array.shape, [900, WIDTH]);
  assert.deepEqual((await array.read()).data, samples(900, WIDTH));
  assert.match(warnings[0]!, /a\.cbin is cut off: of 4 chunks 3 are there, with 900 of 1000 samples/);
});

Deno.test("mtscomp: damage in a chunk is told by chunk and file", async () => {
  const { array, made, header } = await open();
  made.cbin[header.offsets[1]! + 20]! ^= 0x55;
  assert.deepEqual(numbers(await array.read([0, 0])), [sample(0, 0)]);
  await assert.rejects(
    array.read([300, 0]),
    (error) => error instanceof CorruptFileError && /chunk 1 of a\.cbin/.test(error.message),
  );
});

Deno.test("mtscomp: headers that can't be are refused by field, before anything is allocated", async () => {
  const wrong: [RegExp, (ch: Record<string, unknown>) => void][] = [
    [/n_channels isn't a number of channels/, (ch) => ch.n_channels = -1],
    [/n_channels isn't a number of channels/, (ch) => ch.n_channels = "many"],
    [/sample_rate isn't a number above 0/, (ch) => ch.sample_rate = 0],
    [/chunk_order is neither C nor F/, (ch) => ch.chunk_order = "K"],
    [/chunk_bounds isn't a list of ascending numbers/, (ch) => ch.chunk_bounds = [0, 300, 300, 900, 1000]],
    [/chunk_bounds isn't a list of ascending numbers/, (ch) => ch.chunk_bounds = [1, 300, 600, 900, 1000]],
    [/chunk_offsets isn't a list of ascending numbers/, (ch) => ch.chunk_offsets = undefined],
    [
      /chunk_offsets has 4 numbers, chunk_bounds 5/,
      (ch) => ch.chunk_offsets = (ch.chunk_offsets as number[]).slice(0, 4),
    ],
    [/bytes of chunk 3 become/, (ch) => ch.chunk_bounds = [0, 300, 600, 900, 4_000_000_000]],
    [/bytes of chunk 0 become/, (ch) => ch.n_channels = 4_000_000_000],
  ];
  for (const [message, change] of wrong) {
    await assert.rejects(open({}, change), (error) => error instanceof CorruptFileError && message.test(error.message));
  }
  await assert.rejects(open({}, (ch) => ch.algorithm = "zstd"), UnsupportedError);
  await assert.rejects(open({}, (ch) => ch.dtype = "float64"), UnsupportedError);
});

Deno.test("mtscomp: a chunk that unpacks to another size than it should is refused", async () => {
  for (const bounds of [[0, 299, 600, 900, 1000], [0, 301, 600, 900, 1000]]) {
    const { array } = await open({}, (ch) => ch.chunk_bounds = bounds);
    await assert.rejects(array.read([0]), CorruptFileError);
  }
});

Deno.test("mtscomp: an abort ends reading, and leaves the array usable", async () => {
  const { array } = await open();
  const reason = new Error("enough");
  await assert.rejects(array.read([0], { signal: AbortSignal.abort(reason) }), (error) => error === reason);
  assert.deepEqual(numbers(await array.read([0, 1])), [sample(0, 1)]);
});

Deno.test("mtscomp: old headers, which name neither differences nor order, are of differences over time", async () => {
  const { array } = await open({}, (ch) => {
    for (const key of ["do_time_diff", "do_spatial_diff", "chunk_order", "algorithm", "version"]) delete ch[key];
  });
  assert.deepEqual((await array.read()).data, samples(ROWS, WIDTH));
});

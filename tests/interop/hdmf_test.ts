import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { GenericDataChunkIterator } from "../../src/batch/iterate/generic.ts";
import type { ChunkSizeOptions } from "../../src/batch/iterate/choose_shapes.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { sizeOf } from "../../src/array/ndarray.ts";
import { HDMF_CASES, HDMF_CHECKS, HDMF_STREAMS } from "../batch/hdmf_cases.ts";
import { findPython } from "./python.ts";

interface GenericCase {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly options: ChunkSizeOptions;
}

interface Shapes {
  readonly chunk: number[];
  readonly buffer: number[];
  readonly buffers: number;
  readonly selections?: string[];
}

type GenericAnswer = Shapes | { readonly error: string };

interface Answers {
  readonly generic: GenericAnswer[];
  readonly streams: { maxShape: unknown; dataShape: unknown; chunks: unknown }[];
}

function pythonWithHdmf(): string | null {
  const python = findPython();
  return python !== null && spawnSync(python, ["-c", "import hdmf"]).status === 0 ? python : null;
}

const PYTHON = pythonWithHdmf();
const without = PYTHON === null ? " (skipped: no Python with hdmf; see tests/interop/python.ts)" : "";

function askHdmf(generic: readonly GenericCase[], streams: readonly unknown[] = []): Answers {
  const script = fileURLToPath(new URL("./hdmf_iterators.py", import.meta.url));
  const input = JSON.stringify({ generic, streams });
  return JSON.parse(execFileSync(PYTHON!, [script], { input, maxBuffer: 2 ** 28, encoding: "utf8" }));
}

function ownAnswer({ shape, dtype, options }: GenericCase): GenericAnswer {
  try {
    const iterator = new GenericDataChunkIterator({ maxShape: shape, dtype, getData: () => [], ...options });
    const { chunkShape, bufferShape, numBuffers } = iterator;
    const shapes = { chunk: [...chunkShape], buffer: [...bufferShape], buffers: numBuffers };
    if (numBuffers > 200) return shapes;
    const selections = [...iterator.selections()].map((one) => one.map(({ start, stop }) => `${start}:${stop}`).join());
    return { ...shapes, selections };
  } catch (error) {
    return { error: String(error) };
  }
}

/** What of a message both say: the names of what is wrong, in hdmf's spelling, and the shapes. */
function faultOf(message: string): string[] {
  const snake = message.replace(/[a-z][A-Z]/g, ([a, b]) => `${a}_${b!.toLowerCase()}`);
  const words = /(chunk|buffer)_(shape|mb|gb)|data dimensions|evenly divide|buffer shape|only one|greater than zero/gi;
  return (snake.match(words) ?? []).map((word) => word.toLowerCase());
}

Deno.test({
  name: `hdmf itself gives the 18 cases, the checks and the streams of the tests${without}`,
  ignore: PYTHON === null,
  fn() {
    const checks = HDMF_CHECKS.map(({ shape, options }) => ({ shape, options, dtype: "<i2" }));
    const { generic, streams } = askHdmf([...HDMF_CASES, ...checks], HDMF_STREAMS);
    for (const [i, { chunk, buffer, buffers }] of HDMF_CASES.entries()) {
      const found = generic[i] as Shapes;
      assert.deepEqual(found.chunk, chunk);
      if (buffer !== undefined) assert.deepEqual(found.buffer, buffer);
      if (buffers !== undefined) assert.equal(found.buffers, buffers);
      assert.deepEqual(ownAnswer(HDMF_CASES[i]!), found);
    }
    for (const [i, { message, name }] of HDMF_CHECKS.entries()) {
      const { error = "" } = generic[HDMF_CASES.length + i] as { error?: string };
      assert.match(error, /^AssertionError/, name);
      assert.deepEqual(faultOf(error), faultOf(message), name);
    }
    for (const [i, { expected, options, name }] of HDMF_STREAMS.entries()) {
      const { maxShape, dataShape, chunks } = streams[i]!;
      assert.deepEqual([maxShape, chunks], [expected.maxShape, expected.chunks], name);
      // hdmf's fault: with a type given and the length unknown it has no shape to make a dataset with.
      assert.deepEqual(dataShape, options.dtype === undefined ? expected.dataShape : null, name);
    }
  },
});

// hdmf lists the beginnings of all buffers along each axis, so these must not be too many.
const length = fc.oneof(
  fc.integer({ min: 1, max: 10 }),
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 1, max: 1e5 }),
  fc.nat(16).map((power) => 2 ** power),
  fc.nat(5).map((power) => 10 ** power),
);
const size = (least: number, most: number) => fc.double({ min: least, max: most, noNaN: true }).map((n) => 10 ** n);

/** Settings of every kind; about a third of them are refused. */
const settings: fc.Arbitrary<GenericCase> = fc.array(length, { minLength: 1, maxLength: 5 }).chain((shape) => {
  const lengths = fc.tuple(...shape.map((most) => fc.constantFrom(most, Math.ceil(most / 2), Math.ceil(most / 7))));
  const times = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: shape.length, maxLength: shape.length });
  return fc.record({
    shape: fc.constant(shape),
    dtype: fc.constantFrom("|u1", "<i2", "<i4", "<f8", "<c16"),
    options: fc.tuple(lengths, times, fc.nat(9), size(-4, 3), size(-4, 1), fc.constantFrom(1, 2, 8, 0.5, 100)).map(
      ([chunkShape, factors, form, chunkMb, bufferGb, whole]): ChunkSizeOptions => {
        const bufferShape = chunkShape.map((part, axis) => Math.min(part * factors[axis]!, shape[axis]!));
        return [
          {},
          { chunkMb },
          { bufferGb },
          { chunkMb, bufferGb },
          { chunkMb: whole, bufferGb },
          { chunkShape },
          { chunkShape, bufferGb },
          { chunkShape, bufferShape },
          { bufferShape },
          { chunkMb, bufferShape },
        ][form]!;
      },
    ),
  });
});

/** Whether a shape is one that a root, taken exactly, gives, and hdmf's is the one that comes of a root one short. */
function isExactRoot(found: GenericAnswer, answer: GenericAnswer, { shape, dtype, options }: GenericCase): boolean {
  if ("error" in found || "error" in answer || shape.length < 3) return false;
  const { itemsize } = dtypeFromNumpy(dtype);
  const chosen = (name: "chunk" | "buffer", target: number) => {
    const bytes = sizeOf(found[name]) * itemsize;
    return bytes <= target && sizeOf(answer[name]) < sizeOf(found[name]);
  };
  return chosen("chunk", (options.chunkMb ?? 10) * 1e6) || chosen("buffer", (options.bufferGb ?? 1) * 1e9);
}

Deno.test({
  name: `random settings have hdmf's chunks, buffers and selections, or are refused as there${without}`,
  ignore: PYTHON === null,
  fn() {
    const cases = fc.sample(settings, { numRuns: 3000, seed: 3 });
    const { generic } = askHdmf(cases);
    let refused = 0;
    let exact = 0;
    for (const [i, answer] of generic.entries()) {
      const one = cases[i]!;
      const found = ownAnswer(one);
      if ("error" in answer) {
        refused++;
        assert.ok("error" in found, JSON.stringify(one));
        assert.deepEqual(faultOf(found.error), faultOf(answer.error), JSON.stringify(one));
      } else if (JSON.stringify(found) !== JSON.stringify(answer)) {
        assert.ok(isExactRoot(found, answer, one), JSON.stringify({ one, found, answer }));
        exact++;
      }
    }
    assert.ok(refused > 100 && refused < cases.length / 2, `${refused} of ${cases.length} refused`);
    assert.ok(exact < cases.length / 20, `${exact} of ${cases.length} differ by a root`);
  },
});

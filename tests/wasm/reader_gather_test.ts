import assert from "node:assert/strict";
import { type Box, type BoxAxis, loadReader } from "../../src/wasm/reader/reader.ts";
import * as twin from "./reader_twin.ts";
import { randomBytes, seeded } from "./reader_random.ts";

const reader = await loadReader();

type Random = (limit: number) => number;

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)]!;
}

function shuffled<T>(random: Random, values: readonly T[]): T[] {
  return values.map((value) => ({ value, key: random(2 ** 30) })).sort((a, b) => a.key - b.key).map(({ value }) =>
    value
  );
}

function same(actual: Uint8Array, expected: Uint8Array, what: string): void {
  assert.equal(actual.length, expected.length, `length of ${what}`);
  const at = actual.findIndex((byte, i) => byte !== expected[i]);
  assert.equal(at, -1, `${what}: byte ${at} of ${actual.length} is ${actual[at]}, expected ${expected[at]}`);
}

/** A box of an array with its axes in any order, some reversed, some stepped, some listed, with gaps between elements. */
function randomBox(random: Random, shape: readonly number[], itemsize: number): { box: Box; length: number } {
  const strides: number[] = new Array(shape.length);
  let stride = itemsize + (random(4) === 0 ? random(5) : 0);
  for (
    const axis of pick(random, [0, 1, 2]) === 0 ? shuffled(random, [...shape.keys()]) : [...shape.keys()].reverse()
  ) {
    strides[axis] = stride;
    stride = stride * shape[axis]! + (random(5) === 0 ? random(20) : 0);
  }
  let offset = random(20);
  const length = offset + stride + itemsize;
  const axes = shape.map((extent, axis): BoxAxis => {
    const stride = strides[axis]!;
    const kind = random(6);
    if (kind === 0 && extent > 0) {
      const indices = Array.from({ length: random(extent) + 1 }, () => random(extent));
      return { count: indices.length, stride, indices: pick(random, [indices, Uint32Array.from(indices)]) };
    }
    if (kind === 1 && extent > 0) {
      offset += (extent - 1) * stride;
      const indices = Array.from({ length: random(extent) + 1 }, () => random(extent));
      return random(2) === 0 ? { count: extent, stride: -stride } : { count: indices.length, stride: -stride, indices };
    }
    if (kind === 2) return { count: random(4), stride: 0 };
    if (kind === 3) {
      const start = random(Math.max(extent, 1));
      const step = 1 + random(3);
      offset += start * stride;
      return { count: Math.ceil((extent - start) / step), stride: stride * step };
    }
    return { count: extent, stride };
  });
  const swap = pick(random, [1, 2, 4, 8, 16].filter((unit) => itemsize % unit === 0));
  return { box: { itemsize, offset, axes, ...(swap > 1 || random(2) ? { swap } : {}) }, length };
}

Deno.test("random boxes of arrays of any order come in C order, swapped or not", () => {
  const random = seeded(11);
  for (let i = 0; i < 3000; i++) {
    const itemsize = pick(random, [1, 2, 2, 3, 4, 4, 5, 8, 8, 12, 16, 16, 24, 70]);
    const rank = random(5);
    const most = [1, 3000, 60, 16, 8][rank]!;
    const shape = Array.from({ length: rank }, () => 1 + random(most) * (random(3) === 0 ? 0 : 1));
    const { box, length } = randomBox(random, shape, itemsize);
    const source = randomBytes(random, length);
    same(reader.gather(source, box), twin.gather(source, box), JSON.stringify(box));
  }
});

Deno.test("large boxes go through tiles that touch each other without gap or overlap", () => {
  const random = seeded(12);
  for (const itemsize of [1, 2, 4, 8, 16, 3]) {
    for (const shape of [[700, 900], [5, 300, 211], [40, 3, 2, 1000], [100_000, 3], [3, 100_000]]) {
      const { box, length } = randomBox(random, shape, itemsize);
      const source = randomBytes(random, length);
      same(reader.gather(source, box), twin.gather(source, box), JSON.stringify(box).slice(0, 300));
    }
    // Fortran order, whole: the same with its rows and columns exchanged.
    const [rows, columns] = [1201, 803];
    const source = randomBytes(random, rows * columns * itemsize);
    const axes = [{ count: rows, stride: itemsize }, { count: columns, stride: rows * itemsize }];
    const swap = [1, 2, 4, 8, 16].filter((unit) => itemsize % unit === 0).at(-1)!;
    same(
      reader.gather(source, { itemsize, axes, swap }),
      twin.gather(source, { itemsize, axes, swap }),
      "Fortran order",
    );
  }
});

Deno.test("transposing twice gives what there was", () => {
  const random = seeded(13);
  for (const itemsize of [1, 2, 4, 8, 16]) {
    for (const [rows, columns] of [[1, 1], [1, 50], [50, 1], [17, 33], [16, 16], [384, 2000], [3, 70_001]] as const) {
      const source = randomBytes(random, rows * columns * itemsize);
      const there = reader.transpose(source, [rows, columns], itemsize);
      const axes = [{ count: columns, stride: itemsize }, { count: rows, stride: columns * itemsize }];
      if (source.length < 10 ** 6) same(there, twin.gather(source, { itemsize, axes }), `${rows} x ${columns}`);
      same(reader.transpose(there, [columns, rows], itemsize), source, `${rows} x ${columns} and back`);
    }
  }
});

Deno.test("a few channels of many, one column, and every tenth sample are picked", () => {
  const random = seeded(14);
  const source = randomBytes(random, 5000 * 384 * 2);
  const time = { count: 5000, stride: 768 };
  for (
    const axes of [
      [time],
      [time, { count: 2, stride: 2 }],
      [time, { count: 32, stride: 2 }],
      [time, { count: 3, stride: 2, indices: [380, 7, 100] }],
      [{ count: 3, stride: 2, indices: [380, 7, 100] }, time],
      [{ count: 192_000, stride: 20 }],
      [{ count: 3, stride: 768, indices: [4999, 0, 2] }, { count: 384, stride: 2 }],
    ]
  ) {
    for (const swap of [1, 2]) {
      same(
        reader.gather(source, { itemsize: 2, axes, swap }),
        twin.gather(source, { itemsize: 2, axes, swap }),
        JSON.stringify(axes),
      );
    }
  }
});

Deno.test("a target is filled and given back, and bytes around it stay", () => {
  const source = Uint8Array.from({ length: 24 }, (_, i) => i);
  const around = new Uint8Array(40).fill(99);
  const target = around.subarray(8, 32);
  const given = reader.transpose(source, [3, 4], 2, new DataView(around.buffer, 8, 24));
  assert.equal(given.buffer, around.buffer);
  same(
    target,
    twin.gather(source, { itemsize: 2, axes: [{ count: 4, stride: 2 }, { count: 3, stride: 8 }] }),
    "target",
  );
  assert.ok(around.subarray(0, 8).every((byte) => byte === 99) && around.subarray(32).every((byte) => byte === 99));
});

Deno.test("boxes that reach beyond the source, or make no sense, are refused", () => {
  const source = new Uint8Array(100);
  const refused = (box: Partial<Box>, target?: Uint8Array) =>
    assert.throws(() => reader.gather(source, { itemsize: 4, axes: [{ count: 25, stride: 4 }], ...box }, target), {
      name: "ShapeError",
      message: /^Cannot /,
    });
  reader.gather(source, { itemsize: 4, axes: [{ count: 25, stride: 4 }] });
  refused({ offset: 1 });
  refused({ offset: -4 });
  refused({ offset: NaN });
  refused({ axes: [{ count: 26, stride: 4 }] });
  refused({ axes: [{ count: 2, stride: -4 }] });
  refused({ axes: [{ count: 2, stride: 2 ** 53 }] });
  refused({ axes: [{ count: 3, stride: 0.5 }] });
  refused({ axes: [{ count: -1, stride: 4 }] });
  refused({ axes: [{ count: 2 ** 40, stride: 0 }, { count: 2 ** 40, stride: 0 }] });
  refused({ axes: [{ count: 2, stride: 4, indices: [0, 25] }] });
  refused({ axes: [{ count: 2, stride: 4, indices: [0, -1] }] });
  refused({ axes: [{ count: 2, stride: 4, indices: [0, 1.5] }] });
  refused({ axes: [{ count: 3, stride: 4, indices: [0, 1] }] });
  refused({ axes: Array.from({ length: 33 }, () => ({ count: 1, stride: 0 })) });
  refused({ itemsize: 0 });
  refused({ itemsize: 6, swap: 4 });
  refused({ swap: 3 });
  refused({}, new Uint8Array(99));
  assert.throws(() => reader.transpose(source, [3, 4], 4), { name: "ShapeError" });
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { type AxisPositions, scatterBytes, scatterValues } from "../../src/array/select/scatter.ts";
import { cartesian } from "./model.ts";

interface Axis {
  count: number;
  target: AxisPositions;
  targetLength: number;
  source: AxisPositions;
  sourceLength: number;
}

const at = (positions: AxisPositions, i: number) =>
  "start" in positions ? positions.start + i * positions.step : positions.indices[i]!;

/** Distinct positions of `count` indices along an axis, evenly or not, and the axis' length. */
function positions(count: number): fc.Arbitrary<{ positions: AxisPositions; length: number }> {
  const even = fc.record({
    start: fc.nat(3),
    step: fc.integer({ min: 1, max: 3 }),
    reverse: fc.boolean(),
    more: fc.nat(2),
  })
    .map(({ start, step, reverse, more }) => {
      const last = start + Math.max(count - 1, 0) * step;
      return {
        positions: reverse ? { start: last, step: -step } : { start, step },
        length: last + 1 + more,
      };
    });
  const uneven = fc.shuffledSubarray(Array.from({ length: count + 3 }, (_, i) => i), {
    minLength: count,
    maxLength: count,
  }).map((indices) => ({ positions: { indices: Float64Array.from(indices) }, length: count + 3 }));
  const plain = fc.constant({ positions: { start: 0, step: 1 }, length: count });
  return fc.oneof(plain, even, uneven);
}

const axis = fc.integer({ min: 0, max: 5 }).chain((count) =>
  fc.tuple(positions(count), positions(count)).map(([target, source]): Axis => ({
    count,
    target: target.positions,
    targetLength: target.length,
    source: source.positions,
    sourceLength: source.length,
  }))
);

const offsetIn = (shape: number[], index: number[]) => index.reduce((sum, i, k) => sum * shape[k]! + i, 0);

Deno.test("scattering puts every element where its axes say, and touches nothing else", () => {
  fc.assert(
    fc.property(
      fc.array(axis, { maxLength: 4 }),
      fc.constantFrom(1, 2, 3, 4, 6, 8, 12, 16),
      fc.nat(3),
      fc.nat(3),
      (axes, itemsize, sourceShift, targetShift) => {
        const sourceShape = axes.map((a) => a.sourceLength);
        const targetShape = axes.map((a) => a.targetLength);
        const sourceBytes = sourceShape.reduce((a, b) => a * b, 1) * itemsize;
        const targetBytes = targetShape.reduce((a, b) => a * b, 1) * itemsize;
        const source = new Uint8Array(sourceBytes + sourceShift).subarray(sourceShift);
        source.forEach((_, i) => source[i] = (i * 7 + 1) % 251);
        const target = new Uint8Array(targetBytes + targetShift + 4).subarray(targetShift, targetShift + targetBytes);
        target.fill(255);
        const expected = target.slice();
        for (const index of cartesian(axes.map((a) => Array.from({ length: a.count }, (_, i) => i)))) {
          const from = offsetIn(sourceShape, axes.map((a, k) => at(a.source, index[k]!))) * itemsize;
          const to = offsetIn(targetShape, axes.map((a, k) => at(a.target, index[k]!))) * itemsize;
          expected.set(source.subarray(from, from + itemsize), to);
        }
        scatterBytes(source, axes.map((a) => a.count), target, targetShape, axes.map((a) => a.target), itemsize, {
          shape: sourceShape,
          axes: axes.map((a) => a.source),
        });
        assert.deepEqual(target, expected);
        assert.deepEqual(new Uint8Array(target.buffer).subarray(targetShift + targetBytes), new Uint8Array(4));
      },
    ),
    { numRuns: 1000 },
  );
});

Deno.test("scattering values does what scattering bytes does", () => {
  fc.assert(
    fc.property(fc.array(axis, { maxLength: 3 }), (axes) => {
      const counts = axes.map((a) => a.count);
      const targetShape = axes.map((a) => a.targetLength);
      const size = counts.reduce((a, b) => a * b, 1);
      const bytes = Uint8Array.from({ length: size }, (_, i) => i + 1);
      const target = new Uint8Array(targetShape.reduce((a, b) => a * b, 1));
      const values = new Array<unknown>(target.length).fill(0);
      scatterBytes(bytes, counts, target, targetShape, axes.map((a) => a.target), 1);
      scatterValues([...bytes], counts, values, targetShape, axes.map((a) => a.target));
      assert.deepEqual(values, [...target]);
    }),
    { numRuns: 300 },
  );
});

Deno.test("a packed source needs no box", () => {
  const target = new Uint8Array(12);
  scatterBytes(Uint8Array.of(1, 2, 3, 4), [2, 2], target, [3, 4], [{ start: 2, step: -2 }, { indices: [3, 0] }], 1);
  assert.deepEqual([...target], [4, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0, 1]);
});

Deno.test("NaN payloads, signalling ones too, keep their bits in every width and stride", () => {
  for (const [itemsize, pattern] of [[4, [1, 0, 0xa0, 0x7f]], [8, [1, 2, 3, 4, 5, 6, 0xf4, 0xff]]] as const) {
    const source = new Uint8Array(itemsize * 200);
    for (let i = 0; i < 200; i++) source.set(pattern, i * itemsize);
    for (const step of [1, 2, -1]) {
      const target = new Uint8Array(itemsize * 400);
      scatterBytes(source, [200], target, [400], [{ start: step < 0 ? 199 : 0, step }], itemsize);
      for (let i = 0; i < 200; i++) {
        const place = (step < 0 ? 199 - i : i * step) * itemsize;
        assert.deepEqual([...target.subarray(place, place + itemsize)], [...pattern]);
      }
    }
  }
});

Deno.test("a block of whole rows is copied by one TypedArray.set", () => {
  const set = Uint16Array.prototype.set;
  const calls: number[] = [];
  const source = new Uint16Array(1000 * 32).map((_, i) => i);
  const target = new Uint16Array(5000 * 32);
  const proto = Object.getPrototypeOf(Uint16Array.prototype);
  const original = Object.getOwnPropertyDescriptor(proto, "set")!;
  Object.defineProperty(proto, "set", {
    configurable: true,
    writable: true,
    value(this: Uint16Array, array: ArrayLike<number>, offset?: number) {
      calls.push(array.length * this.BYTES_PER_ELEMENT);
      set.call(this, array, offset);
    },
  });
  try {
    scatterBytes(
      new Uint8Array(source.buffer),
      [1000, 32],
      new Uint8Array(target.buffer),
      [5000, 32],
      [{ start: 2000, step: 1 }, { start: 0, step: 1 }],
      2,
    );
  } finally {
    Object.defineProperty(proto, "set", original);
  }
  assert.deepEqual(calls, [64000]);
  assert.deepEqual(target.subarray(64000, 96000), source);
});

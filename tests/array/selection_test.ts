import assert from "node:assert/strict";
import fc from "fast-check";
import { ndarray, takeResolved } from "../../src/array/ndarray.ts";
import { parseSelection } from "../../src/array/select/parse_selection.ts";
import {
  axisBounds,
  axisIndex,
  axisIndices,
  composeSelections,
  isWhole,
  resolveSelection,
  resultShape,
  selectionSize,
} from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import type { Selection } from "../../src/array/types.ts";
import { SelectionError } from "../../src/source/errors.ts";
import { axisCase, axisCaseOf } from "./arbitrary.ts";
import { numpyCases } from "./numpy_cases.ts";

Deno.test("every selection takes the indices that Python's definitions give", () => {
  fc.assert(
    fc.property(fc.array(axisCase(), { maxLength: 4 }), (cases) => {
      const axes = resolveSelection(cases.map((c) => c.selected), cases.map((c) => c.length));
      assert.deepEqual(axes.map((axis) => [...axisIndices(axis)]), cases.map((c) => c.indices));
      assert.deepEqual(axes.map((axis) => axis.drop), cases.map((c) => c.drop));
      assert.deepEqual(resultShape(axes), cases.filter((c) => !c.drop).map((c) => c.indices.length));
      assert.equal(selectionSize(axes), cases.reduce((product, c) => product * c.indices.length, 1));
      for (const [i, axis] of axes.entries()) {
        const { indices } = cases[i]!;
        assert.deepEqual(indices.map((_, j) => axisIndex(axis, j)), indices);
        assert.deepEqual(
          axisBounds(axis),
          indices.length === 0 ? null : { min: Math.min(...indices), max: Math.max(...indices) },
        );
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test(`selecting gives what NumPy gives, in ${numpyCases.selections.length} recorded cases`, () => {
  for (const { shape, text, result, data } of numpyCases.selections) {
    const size = shape.reduce((a, b) => a * b, 1);
    const array = ndarray(Int32Array.from({ length: size }, (_, i) => i), shape);
    const taken = takeResolved(array, resolveSelection(parseSelection(text, shape.length), shape));
    assert.deepEqual(taken.shape, result, `${text} of ${shape}`);
    assert.deepEqual([...taken.data], data, `${text} of ${shape}`);
  }
});

Deno.test("a selection of a selection is one selection of the original", () => {
  const nested = fc.array(axisCase(), { maxLength: 3 }).chain((outer) =>
    fc.tuple(
      fc.constant(outer),
      fc.tuple(...outer.filter((c) => !c.drop).map((c) => axisCaseOf(c.indices.length))),
    )
  );
  fc.assert(
    fc.property(nested, ([outer, inner]) => {
      const outerAxes = resolveSelection(outer.map((c) => c.selected), outer.map((c) => c.length));
      const innerAxes = resolveSelection(inner.map((c) => c.selected), resultShape(outerAxes));
      const composed = composeSelections(outerAxes, innerAxes);
      const kept = inner[Symbol.iterator]();
      const expected = outer.map((c) => {
        if (c.drop) return { indices: c.indices, drop: true };
        const { indices, drop } = kept.next().value!;
        return { indices: indices.map((i) => c.indices[i]!), drop };
      });
      assert.deepEqual(composed.map((axis) => ({ indices: [...axisIndices(axis)], drop: axis.drop })), expected);
    }),
    { numRuns: 500 },
  );
});

Deno.test("no selection, and null for every axis, is the whole", () => {
  for (const selection of [undefined, null, [], [null], [null, slice(0, 7), slice(null)]] as Selection[]) {
    assert(isWhole(resolveSelection(selection, [3, 7, 1]), [3, 7, 1]));
  }
  assert(!isWhole(resolveSelection([slice(null, null, -1)], [3]), [3]));
  assert(!isWhole(resolveSelection([0], [1]), [1]), "a dropped axis changes the shape");
  assert(isWhole(resolveSelection([], []), []));
});

Deno.test("indices beyond 2^32 and near 2^53 are exact", () => {
  const length = 2 ** 52;
  assert.deepEqual(resolveSelection([-1], [length]), [
    { kind: "range", start: length - 1, step: 1, count: 1, drop: true },
  ]);
  const [axis] = resolveSelection([slice(2 ** 33 + 1, 2 ** 33 + 8, 3)], [length]);
  assert.deepEqual([...axisIndices(axis!)], [2 ** 33 + 1, 2 ** 33 + 4, 2 ** 33 + 7]);
  const [list] = resolveSelection([BigInt64Array.of(-1n, 2n ** 40n)], [length]);
  assert.deepEqual([...axisIndices(list!)], [length - 1, 2 ** 40]);
});

Deno.test("a selection that does not fit says which axis, which value and what was expected", () => {
  const cases: [unknown, number[], RegExp][] = [
    [[3], [3], /index 3 along axis 0: it is out of range for length 3$/],
    [[null, -4], [3, 3], /index -4 along axis 1: it is out of range for length 3$/],
    [[0], [0], /index 0 along axis 0: it is out of range for length 0$/],
    [[[0, 9]], [3], /index 9 along axis 0/],
    [[BigInt64Array.of(9n)], [3], /index 9 along axis 0/],
    [[1.5], [3], /index 1.5 along axis 0: expected an integer$/],
    [[NaN], [3], /index NaN along axis 0/],
    [[Infinity], [3], /index Infinity along axis 0/],
    [[[0, 0.5]], [3], /index 0.5 along axis 0/],
    [[Float64Array.of(NaN)], [3], /index NaN along axis 0/],
    [[["0"]], [3], /index "0" along axis 0/],
    [[[[0]]], [3], /index a nested list along axis 0/],
    [[[true, false]], [3], /mask along axis 0: it has 2 entries, expected 3$/],
    [[[true, 1, false]], [3], /along axis 0 by a mask: entry 1 is 1, expected true or false$/],
    [[slice(0, 3, 0)], [3], /slice axis 0: step is 0$/],
    [[slice(0.5, 3)], [3], /slice axis 0: start is 0.5, expected an integer or null$/],
    [[slice(0, NaN)], [3], /slice axis 0: stop is NaN/],
    [[{ start: "a", stop: null, step: null }], [3], /start is "a"/],
    [[null, null], [3], /along 2 axes: the array has 1 \(shape \(3,\)\)$/],
    [["0"], [3], /Cannot select "0" along axis 0: expected an integer, a slice, null/],
    [[{}], [3], /an object of class Object along axis 0/],
    [[new DataView(new ArrayBuffer(1))], [3], /an object of class DataView/],
    [[true], [3], /Cannot select true along axis 0/],
    [[1n], [3], /Cannot select 1 along axis 0/],
    [slice(3), [3], /expected a list with one entry per axis$/],
    [3, [3], /Cannot select by 3/],
    ["0:1", [3], /Cannot select by "0:1"/],
  ];
  for (const [selection, shape, message] of cases) {
    assert.throws(
      () => resolveSelection(selection as Selection, shape),
      (error) => {
        assert(error instanceof SelectionError, String(error));
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

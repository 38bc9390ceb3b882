import fc from "fast-check";
import { slice } from "../../src/array/select/slice.ts";
import type { AxisSelection } from "../../src/array/types.ts";
import { modelSlice } from "./model.ts";

/** One axis of a selection and the indices that it must mean. */
export interface AxisCase {
  length: number;
  selected: AxisSelection;
  indices: number[];
  drop: boolean;
}

/** Any selection along one axis of any length up to 12. */
export function axisCase(): fc.Arbitrary<AxisCase> {
  return fc.integer({ min: 0, max: 12 }).chain((length) => axisCaseOf(length));
}

/** Any selection along one axis of a length. */
export function axisCaseOf(length: number): fc.Arbitrary<AxisCase> {
  const bound = fc.option(fc.integer({ min: -15, max: 15 }));
  const step = fc.option(fc.integer({ min: -5, max: 5 }).filter((value) => value !== 0));
  const slices = fc.tuple(bound, bound, step).map(([start, stop, by]): AxisCase => ({
    length,
    selected: slice(start, stop, by),
    indices: modelSlice(start, stop, by, length),
    drop: false,
  }));
  const whole = fc.constant<AxisCase>({
    length,
    selected: null,
    indices: Array.from({ length }, (_, i) => i),
    drop: false,
  });
  const masks = fc.array(fc.boolean(), { minLength: length, maxLength: length }).map((mask): AxisCase => ({
    length,
    selected: mask,
    indices: mask.flatMap((taken, i) => taken ? [i] : []),
    drop: false,
  }));
  if (length === 0) return fc.oneof(slices, whole, masks);
  const index = fc.integer({ min: -length, max: length - 1 });
  const wrap = (i: number) => i < 0 ? i + length : i;
  const ints = index.map((i): AxisCase => ({ length, selected: i, indices: [wrap(i)], drop: true }));
  const lists = fc.tuple(fc.array(index, { maxLength: 15 }), fc.integer({ min: 0, max: 3 })).map(
    ([list, form]): AxisCase => ({
      length,
      selected: [
        list,
        Int32Array.from(list),
        Float64Array.from(list),
        BigInt64Array.from(list.map(BigInt)),
      ][form]!,
      indices: list.map(wrap),
      drop: false,
    }),
  );
  return fc.oneof(ints, slices, whole, masks, lists);
}

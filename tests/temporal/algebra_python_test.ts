import assert from "node:assert/strict";
import {
  andIntervals,
  coalesceIntervals,
  differenceIntervals,
  dilateIntervals,
  orIntervals,
} from "../../src/temporal/intervals/interval_algebra.ts";
import { arangeIntervals, linspaceIntervals, subdivideIntervals } from "../../src/temporal/intervals/interval_grid.ts";
import { splitMasks } from "../../src/temporal/frame/split_masks.ts";
import { of, type Pair, pairsOf } from "./interval_pairs.ts";

/** Made by make_algebra_cases.py with temporaldata. */
const CASES = JSON.parse(Deno.readTextFileSync(new URL("algebra_cases.json", import.meta.url)));

/** Fails unless pairs agree up to rounding. */
function near(found: Pair[], expected: Pair[]): void {
  assert.equal(found.length, expected.length);
  found.flat().forEach((value, i) => assert.ok(Math.abs(value - expected.flat()[i]!) < 1e-12, `${found} ${expected}`));
}

Deno.test("intersections, unions and differences are temporaldata's, a point between two intervals taken once", () => {
  assert.ok(CASES.algebra.length > 30);
  for (const { a, b, ...expected } of CASES.algebra) {
    const common = expected.and.filter((pair: Pair, i: number) =>
      i === 0 || String(pair) !== String(expected.and[i - 1])
    );
    assert.deepEqual(pairsOf(andIntervals(of(...a), of(...b))), common);
    assert.deepEqual(pairsOf(orIntervals(of(...a), of(...b))), expected.or);
    assert.deepEqual(pairsOf(differenceIntervals(of(...a), of(...b))), expected.difference);
  }
});

Deno.test("dilated and coalesced intervals are temporaldata's", () => {
  for (const { a, size, maxLen, dilated, eps, coalesced } of CASES.shaped) {
    assert.deepEqual(pairsOf(dilateIntervals(of(...a), size, maxLen ?? undefined)), dilated);
    assert.deepEqual(pairsOf(coalesceIntervals(of(...a), eps)), coalesced);
  }
  for (const { a, eps, coalesced } of CASES.overlapping) {
    assert.deepEqual(pairsOf(coalesceIntervals(of(...a), eps)), coalesced);
  }
});

Deno.test("grids and pieces are temporaldata's, up to rounding", () => {
  for (const { start, end, step, arange, whole, steps, linspace } of CASES.grids) {
    near(pairsOf(arangeIntervals(start, end, step)), arange);
    near(pairsOf(arangeIntervals(start, end, step, false)), whole);
    assert.deepEqual(pairsOf(linspaceIntervals(start, end, steps)), linspace);
  }
  for (const { a, step, cut, parent, whole, wholeParent } of CASES.subdivided) {
    const [all, long] = [subdivideIntervals(of(...a), step), subdivideIntervals(of(...a), step, true)];
    near(pairsOf(all), cut);
    near(pairsOf(long), whole);
    assert.deepEqual([[...all.parent], [...long.parent]], [parent, wholeParent]);
  }
});

Deno.test("splits are temporaldata's, shuffled by the same seed", () => {
  for (const { n, sizes, seed, rows } of CASES.splits) {
    const masks = splitMasks(n, sizes, { shuffle: seed !== null, seed: seed ?? undefined });
    assert.deepEqual(masks.map((mask) => [...mask.keys()].filter((i) => mask[i] === 1)), rows);
  }
});

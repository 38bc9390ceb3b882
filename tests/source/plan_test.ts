import assert from "node:assert/strict";
import { mergeRanges, pageRuns, pagesOf } from "../../src/source/fetch/plan.ts";
import { range } from "./support.ts";

Deno.test("mergeRanges() makes one request of ranges whose gap is small enough, and no more", () => {
  const a = range(0, 10);
  const b = range(18, 4); // 8 between
  const c = range(31, 5); // 9 between
  assert.deepEqual(mergeRanges([a, b, c], { gap: 8, maxLength: 1000 }), [
    { offset: 0, length: 22, ranges: [a, b] },
    { offset: 31, length: 5, ranges: [c] },
  ]);
});

Deno.test("mergeRanges() with gap 0 joins only neighbours", () => {
  const [a, b, c] = [range(0, 10), range(10, 10), range(21, 1)] as const;
  assert.deepEqual(mergeRanges([a, b, c], { gap: 0, maxLength: 1000 }), [
    { offset: 0, length: 20, ranges: [a, b] },
    { offset: 21, length: 1, ranges: [c] },
  ]);
});

Deno.test("mergeRanges() sorts, and keeps the objects it was given", () => {
  const ranges = [{ offset: 50, length: 5, id: "z" }, { offset: 0, length: 5, id: "a" }];
  const merged = mergeRanges(ranges, { gap: 100, maxLength: 1000 });
  assert.deepEqual(merged.map(({ ranges }) => ranges.map(({ id }) => id)), [["a", "z"]]);
  assert.equal(merged[0]?.ranges[1], ranges[0]);
});

Deno.test("mergeRanges() starts another request where one would be longer than maxLength", () => {
  const ranges = [range(0, 40), range(40, 40), range(80, 40)];
  assert.deepEqual(mergeRanges(ranges, { gap: 0, maxLength: 80 }).map(({ offset, length }) => [offset, length]), [
    [0, 80],
    [80, 40],
  ]);
});

Deno.test("mergeRanges() keeps a single range whole that is longer than maxLength", () => {
  const long = range(5, 500);
  assert.deepEqual(mergeRanges([long], { gap: 0, maxLength: 80 }), [{ offset: 5, length: 500, ranges: [long] }]);
});

Deno.test("mergeRanges() puts repeated and contained ranges into one request, even a longer one than maxLength", () => {
  const ranges = [range(0, 500), range(0, 500), range(100, 10)];
  assert.deepEqual(mergeRanges(ranges, { gap: 0, maxLength: 80 }), [
    { offset: 0, length: 500, ranges },
  ]);
});

Deno.test("mergeRanges() joins ranges that overlap", () => {
  assert.deepEqual(
    mergeRanges([range(0, 10), range(5, 10)], { gap: 0, maxLength: 80 }).map(({ offset, length }) => [offset, length]),
    [[0, 15]],
  );
});

Deno.test("mergeRanges() leaves empty ranges out", () => {
  assert.deepEqual(mergeRanges([range(7, 0)], { gap: 10, maxLength: 10 }), []);
});

Deno.test("mergeRanges() puts every range into exactly one request that contains it, whatever it is given", () => {
  let seed = 1;
  const random = (n: number) => (seed = (seed * 16807) % 2147483647) % n;
  for (let round = 0; round < 200; round++) {
    const options = { gap: random(50), maxLength: 1 + random(300) };
    const ranges = Array.from({ length: random(40) }, (_, id) => ({ offset: random(1000), length: random(60), id }));
    const merged = mergeRanges(ranges, options);
    const served = merged.flatMap((request) =>
      request.ranges.map((member) => {
        assert.ok(member.offset >= request.offset);
        assert.ok(member.offset + member.length <= request.offset + request.length);
        return member.id;
      })
    );
    assert.deepEqual(
      served.sort((a, b) => a - b),
      ranges.filter(({ length }) => length > 0).map(({ id }) => id),
    );
    for (const { length, ranges } of merged) {
      assert.ok(length <= options.maxLength || ranges.some((r) => r.length === length));
    }
    merged.reduce((last, { offset }) => {
      assert.ok(offset >= last);
      return offset;
    }, 0);
  }
});

Deno.test("pagesOf() gives the pages that a range touches, both ends inclusive", () => {
  assert.deepEqual(pagesOf(range(0, 1), 100), { first: 0, last: 0 });
  assert.deepEqual(pagesOf(range(99, 2), 100), { first: 0, last: 1 });
  assert.deepEqual(pagesOf(range(100, 100), 100), { first: 1, last: 1 });
  assert.deepEqual(pagesOf(range(100, 0), 100), { first: 1, last: 0 });
  assert.deepEqual(pagesOf(range(2 ** 40, 100), 65536), { first: 2 ** 24, last: 2 ** 24 });
});

Deno.test("pageRuns() joins pages in a row, and over a bridge where it may", () => {
  assert.deepEqual(pageRuns([1, 2, 4, 8]), [{ first: 1, last: 2 }, { first: 4, last: 4 }, { first: 8, last: 8 }]);
  assert.deepEqual(pageRuns([1, 2, 4, 8], 1), [{ first: 1, last: 4 }, { first: 8, last: 8 }]);
  assert.deepEqual(pageRuns([1, 3, 5], 1, (page) => page !== 4), [{ first: 1, last: 3 }, { first: 5, last: 5 }]);
  assert.deepEqual(pageRuns([]), []);
});

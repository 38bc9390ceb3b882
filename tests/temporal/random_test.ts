import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Random } from "../../src/temporal/sample/random.ts";

/** Made by make_random_cases.py with NumPy. */
const CASES = JSON.parse(Deno.readTextFileSync(new URL("random_cases.json", import.meta.url)));

Deno.test("draws of 64 bits and floats are NumPy's, for seeds of any size", () => {
  for (const { seed, values } of CASES.raw) {
    const random = new Random(BigInt(seed));
    assert.deepEqual(values.map(() => String(random.next64())), values, seed);
  }
  for (const { seed, values } of CASES.floats) {
    const random = new Random(BigInt(seed));
    assert.deepEqual(values.map(() => random.float()), values, seed);
  }
});

Deno.test("permutations are NumPy's, short ones and long ones", () => {
  for (const { seed, n, order, sha256 } of CASES.permutations) {
    const found = new Random(BigInt(seed)).permutation(n);
    if (order !== undefined) assert.deepEqual([...found], order, `${n} from ${seed}`);
    else {assert.equal(
        createHash("sha256").update(new Uint8Array(found.buffer)).digest("hex"),
        sha256,
        `${n} from ${seed}`,
      );}
  }
});

Deno.test("whole numbers below a bound are NumPy's, for bounds on either side of 2^32", () => {
  for (const { seed, n, drawn } of CASES.integers) {
    const random = new Random(BigInt(seed));
    assert.deepEqual(drawn.map(() => random.integer(n)), drawn, `below ${n}`);
  }
});

Deno.test("a stream drawn from in turns is NumPy's: half draws wait while whole ones are taken", () => {
  const random = new Random(7);
  const found: unknown[] = [];
  for (let i = 0; i < 5; i++) {
    found.push(random.integer(10), random.float(), [...random.permutation(4)], random.integer(2 ** 40));
  }
  assert.deepEqual(found, CASES.mixed);
});

Deno.test("numbers and bigints are one seed, and without a seed streams differ", () => {
  for (const seed of [0, 42, 2 ** 53 - 1]) assert.equal(new Random(seed).next64(), new Random(BigInt(seed)).next64());
  assert.notEqual(new Random().next64(), new Random().next64());
  const drawn = Array.from({ length: 50 }, () => new Random().float());
  assert.ok(drawn.every((value) => value >= 0 && value < 1));
});

Deno.test("a seed or a bound that can't be is refused", () => {
  for (const seed of [-1, 1.5, NaN, Infinity, 2 ** 53, -1n]) {
    assert.throws(() => new Random(seed), { name: "RangeError", message: /^Cannot seed with / });
  }
  for (const seed of ["42", null, [42]]) assert.throws(() => new Random(seed as unknown as number), TypeError);
  const random = new Random(0);
  for (const n of [0, -1, 1.5, NaN, 2 ** 53]) assert.throws(() => random.integer(n), RangeError);
  for (const n of [-1, 1.5, NaN, 2 ** 32]) assert.throws(() => random.permutation(n), RangeError);
});

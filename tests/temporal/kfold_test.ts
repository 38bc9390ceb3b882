import assert from "node:assert/strict";
import { generateStringKfoldAssignment, type KfoldOptions } from "../../src/temporal/dataset/kfold.ts";

/** Made by make_kfold_cases.py with torch_brain: the second letter of each fold's part. */
const CASES = JSON.parse(Deno.readTextFileSync(new URL("kfold_cases.json", import.meta.url)));

Deno.test("names go to the folds that torch_brain gives them", () => {
  assert.ok(CASES.length > 100);
  for (const { id, n_folds, val_ratio, seed, parts } of CASES) {
    const options: KfoldOptions = {
      folds: n_folds,
      validRatio: val_ratio,
      seed: seed === undefined ? undefined : BigInt(seed),
    };
    const found = generateStringKfoldAssignment(id, options);
    assert.equal(found.map((part) => part[1]).join(""), parts, JSON.stringify({ id, n_folds, val_ratio, seed }));
  }
});

Deno.test("a name is tested once, and numbers and bigints are one seed", () => {
  for (let folds = 1; folds < 12; folds++) {
    const found = generateStringKfoldAssignment("sub-01_ses-01", { folds, seed: 7 });
    assert.equal(found.length, folds);
    assert.equal(found.filter((part) => part === "test").length, 1);
    assert.deepEqual(found, generateStringKfoldAssignment("sub-01_ses-01", { folds, seed: 7n }));
  }
});

Deno.test("a name or an option that can't be is refused", () => {
  assert.throws(() => generateStringKfoldAssignment(""), { name: "RangeError", message: /empty string/ });
  assert.throws(() => generateStringKfoldAssignment("a\ud800"), { name: "RangeError", message: /isn't Unicode text/ });
  assert.throws(() => generateStringKfoldAssignment(7 as unknown as string), TypeError);
  for (const folds of [0, -1, 1.5, NaN]) {
    assert.throws(() => generateStringKfoldAssignment("a", { folds }), {
      name: "RangeError",
      message: /at least 1, got/,
    });
  }
  for (const validRatio of [-0.1, 1.1, NaN]) {
    assert.throws(() => generateStringKfoldAssignment("a", { validRatio }), { message: /between 0 and 1, got/ });
  }
  for (const seed of [1.5, NaN, 2 ** 53]) assert.throws(() => generateStringKfoldAssignment("a", { seed }), RangeError);
});

import { checkOptions, type OptionNames } from "../../src/source/options.ts";
import assert from "node:assert/strict";

interface Options {
  readonly fortranOrder?: boolean;
  readonly signal?: AbortSignal;
}

const NAMES: OptionNames<Options> = { fortranOrder: true, signal: true };

Deno.test("options that there are, or none, pass", () => {
  checkOptions(undefined, NAMES, "write");
  checkOptions(null, NAMES, "write");
  checkOptions({}, NAMES, "write");
  checkOptions({ fortranOrder: true, signal: undefined }, NAMES, "write");
  checkOptions({ other: undefined }, NAMES, "write");
});

Deno.test("an unknown option is refused by name, with the one that may have been meant", () => {
  const refused = (options: unknown, message: RegExp) =>
    assert.throws(() => checkOptions(options, NAMES, "write NPY"), (error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
      return true;
    });
  refused({ fortanOrder: true }, /^Cannot write NPY: unknown option "fortanOrder"; perhaps "fortranOrder" was meant$/);
  refused({ FORTRANORDER: true }, /perhaps "fortranOrder"/);
  refused({ compression: 3 }, /unknown option "compression"; known are "fortranOrder", "signal"$/);
  refused({ toString: 1 }, /unknown option "toString"/);
  refused({ constructor: 1 }, /unknown option "constructor"/);
});

Deno.test("options that are no object are refused", () => {
  for (const wrong of ["C", 3, true, [1], new Uint8Array(2)]) {
    assert.throws(() => checkOptions(wrong, NAMES, "write"), TypeError);
  }
});

import assert from "node:assert/strict";
import { Data } from "../../mod.ts";

Deno.test("plain values print as Python's str has them, whatever the runtime's language and time zone", () => {
  const values: [unknown, string][] = [
    [true, "True"],
    [false, "False"],
    [10n, "10"],
    [-(2n ** 63n), "-9223372036854775808"],
    [1, "1.0"],
    [0, "0.0"],
    [-0, "-0.0"],
    [36.625, "36.625"],
    [-2.5e-3, "-0.0025"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-1.25e-7, "-1.25e-07"],
    [123456789012345680, "1.2345678901234568e+17"],
    [9007199254740992, "9007199254740992.0"],
    [1e16, "1e+16"],
    [1e22, "1e+22"],
    [5e-324, "5e-324"],
    [1.7e308, "1.7e+308"],
    [Infinity, "inf"],
    [-Infinity, "-inf"],
    [NaN, "nan"],
    [new Date(Date.UTC(2021, 0, 2, 3, 4, 5)), "2021-01-02 03:04:05"],
    [new Date(NaN), "Invalid Date"],
    ["it's", "'it's'"],
    [[1, 2, 3], "[3]"],
  ];
  for (const [value, text] of values) assert.equal(String(new Data({ x: value })), `Data(\nx=${text},\n)`);
});

import assert from "node:assert/strict";
import { alignFloats, formatG, reprFloat } from "../../src/series/print/number_text.ts";
import { IntervalSet } from "../../src/series/intervals/interval_set.ts";
import { tabulate } from "../../src/series/print/tabulate.ts";
import { Ts } from "../../src/series/ts.ts";
import { TsGroup } from "../../src/series/ts_group.ts";
import { Tsd } from "../../src/series/tsd.ts";
import { TsdFrame } from "../../src/series/tsd_frame.ts";
import { range, spy } from "./support.ts";

Deno.test("a long series prints as in pynapple's documentation", async () => {
  const head = [670.6407, 670.649, 670.65735, 670.66565, 670.674, 670.68235, 670.69065];
  const tail = [679.9485, 679.95685, 679.96515, 679.9735, 679.98185, 679.99015, 679.9985];
  const times = [...head, ...range(1110, 0.0083, 670.699), ...tail];
  const values = Float64Array.from({ length: 1124 }, () => 0.5);
  values.set([-0.195725, -0.19511, -0.194674, -0.194342, -0.194059, -0.193886, -0.193676]);
  values.set([0.062836, 0.062831, 0.062789, 0.062756, 0.06277, 0.062819, 0.062878], 1117);
  const source = spy(values);
  const text = await new Tsd(times, source.lazy).format();
  assert.equal(
    text,
    `Time (s)
----------  ---------
670.6407    -0.195725
670.649     -0.19511
670.65735   -0.194674
670.66565   -0.194342
670.674     -0.194059
670.68235   -0.193886
670.69065   -0.193676
...
679.9485     0.062836
679.95685    0.062831
679.96515    0.062789
679.9735     0.062756
679.98185    0.06277
679.99015    0.062819
679.9985     0.062878
dtype: float64, shape: (1124,)`,
  );
  assert.equal(source.rows().length, 14);
});

Deno.test("a short series prints as in pynapple's documentation", () => {
  const tsd = new Tsd(range(10), BigInt64Array.from(range(10), BigInt));
  const lines = range(10).map((i) => `${i}            ${i}`);
  assert.equal(String(tsd), ["Time (s)", "----------  --", ...lines, "dtype: int64, shape: (10,)"].join("\n"));
});

Deno.test("sets of intervals, groups and frames print as the facts on pynapple show them", () => {
  assert.equal(
    String(new IntervalSet([0, 10], [5, 15])),
    `  index    start    end
      0        0      5
      1       10     15
shape: (2, 2), time unit: sec.`,
  );
  const group = new TsGroup({ 1: new Ts(range(20)), 3: new Ts(range(20, 0.5)) }, {
    metadata: { loc: ["b", "a"], w: [2, 0.12] },
  });
  assert.equal(
    String(group),
    `  Index     rate  loc       w
-------  -------  -----  ----
      1  1.05263  b      2
      3  1.05263  a      0.12`,
  );
  const frame = new TsdFrame([0], [[1, 1]], { columns: ["x", "y"], metadata: { area: ["pfc", "hpc"] } });
  assert.equal(
    String(frame),
    `Time (s)    x    y
----------  ---  ---
0.0         1.0  1.0
Metadata
area        pfc  hpc
dtype: float64, shape: (1, 2)`,
  );
});

Deno.test("a group prints whole, or what there is room for", () => {
  const group = new TsGroup(range(30).map((i) => new Ts([0, i + 1])));
  assert.equal(String(group).split("\n").length, 32);
  assert.equal(group.toString({ rows: 24 }).split("\n").length, 17);
  assert.equal(group.toString({ rows: 24 }).split("\n")[9], "...      ...");
});

Deno.test("values that aren't read are shown as such", () => {
  const tsd = new Tsd([0, 1], spy(Float64Array.of(1, 2)).lazy);
  assert.equal(String(tsd), "Time (s)\n----------  ---\n0           ...\n1           ...\ndtype: float64, shape: (2,)");
});

Deno.test("text and byte orders are named as NumPy names them", () => {
  assert.match(String(new Tsd([0, 1], ["a", "bcd"])), /dtype: <U3, shape: \(2,\)$/);
  const big = spy({
    data: Int16Array.of(1, 2),
    shape: [2],
    stride: [1],
    dtype: { kind: "int", itemsize: 2, byteOrder: ">" },
  });
  assert.match(String(new Tsd([0, 1], big.lazy)), /dtype: >i2/);
});

Deno.test("floats are written as Python writes them", () => {
  const cases: [number, string, string][] = [
    [0, "0.0", "0"],
    [-0, "-0.0", "-0"],
    [1e16, "1e+16", "1e+16"],
    [123456789, "123456789.0", "1.23457e+08"],
    [0.0001, "0.0001", "0.0001"],
    [0.00001, "1e-05", "1e-05"],
    [1 / 3, "0.3333333333333333", "0.333333"],
    [1234565, "1234565.0", "1.23456e+06"],
    [999999.5, "999999.5", "1e+06"],
    [-1.5e-300, "-1.5e-300", "-1.5e-300"],
    [NaN, "nan", "nan"],
    [-Infinity, "-inf", "-inf"],
  ];
  for (const [value, repr, g] of cases) assert.deepEqual([reprFloat(value), formatG(value)], [repr, g]);
  assert.equal(reprFloat(Math.fround(0.1), 4), "0.1");
});

Deno.test("floats of an array are aligned as NumPy aligns them", () => {
  const cases: [number[], string[]][] = [
    [[0.0078125, 1], ["0.007812", "1.      "]],
    [[-0.0078125, 1], ["-0.007812", " 1.      "]],
    [[2.5e-4, 5e3], ["2.5e-04", "5.0e+03"]],
    [[1.2345675e-5, 1e-7], ["1.234567e-05", "1.000000e-07"]],
    [[NaN, 1.5], ["nan", "1.5"]],
    [[Infinity, -1e9], ["    inf", "-1.e+09"]],
    [[NaN, NaN], ["nan", "nan"]],
  ];
  for (const [values, texts] of cases) assert.deepEqual(alignFloats(values, 6), texts);
  assert.deepEqual(alignFloats([Math.fround(123456.789), 1], 6, 4), ["1.234568e+05", "1.000000e+00"]);
});

Deno.test("text that reads as numbers is laid out as numbers", () => {
  const table = tabulate(["a", "b"], [["1", "x"], ["2.5", "1,000"], [" 10 ", ""], ["1e3", null]], { rule: false });
  assert.equal(table, "     a  b\n   1    x\n   2.5  1,000\n  10\n1000");
  const grouped = tabulate(["n"], [["1,000"], ["1_0.5"], ["inf"], ["nan"]], { rule: true });
  assert.equal(grouped, "     n\n------\n1000\n  10.5\n inf\n nan");
  assert.equal(tabulate(["n"], [["a\\nb"]], { rule: false }), "n\na\\nb");
  assert.equal(tabulate(["flag"], [["True"], [false]], { rule: false }), "flag\nTrue\nFalse");
});

import assert from "node:assert/strict";
import fc from "fast-check";
import { formatSize, parseBytes } from "../../src/batch/sizes.ts";

Deno.test("a size is a number of bytes, or text with a decimal or a binary unit", () => {
  const sizes: [number | string, number][] = [
    [0, 0],
    [7, 7],
    ["10", 10],
    ["160B", 160],
    ["200MB", 200e6],
    ["200 mb", 200e6],
    ["1GiB", 2 ** 30],
    ["1.5 GB", 1.5e9],
    ["1kB", 1000],
    ["1KB", 1000],
    ["64k", 64_000],
    ["64 Ki", 65_536],
    [".5 MiB", 524_288],
    ["2. TB", 2e12],
    ["3 PiB", 3 * 2 ** 50],
    [" 0.1kB ", 100],
    ["1.1 GB", 1_100_000_000],
  ];
  for (const [size, bytes] of sizes) assert.equal(parseBytes(size), bytes, String(size));
});

Deno.test("with binary units the letters stand for what YASS takes them for", () => {
  const sizes: [number | string, number][] = [
    [7, 7],
    ["10", 10],
    ["160B", 160],
    ["1KB", 1024],
    ["2K", 2048],
    ["3MB", 3_145_728],
    ["1G", 1_073_741_824],
    ["1GB", 1_073_741_824],
    ["1GiB", 1_073_741_824],
  ];
  for (const [size, bytes] of sizes) assert.equal(parseBytes(size, { units: "binary" }), bytes, String(size));
});

Deno.test("what is no size is refused by name", () => {
  for (
    const text of ["", "B", "MB", "10XB", "1,000", "1_000", "-1MB", "1e6", "1 2 MB", "0x10", "1.5.5GB", "ten", "1iB"]
  ) {
    assert.throws(
      () => parseBytes(text),
      (error: Error) => error instanceof SyntaxError && error.message.includes(JSON.stringify(text)),
      text,
    );
  }
  for (const size of [-1, 1.5, NaN, Infinity, 2 ** 53, "99999999999PB"]) {
    assert.throws(() => parseBytes(size), RangeError, String(size));
  }
  for (const size of [null, undefined, 10n, {}, ["1MB"]]) {
    assert.throws(() => parseBytes(size as unknown as number), TypeError);
  }
});

Deno.test("a formatted size reads back as the same number, in either kind of units", () => {
  assert.equal(formatSize(0), "0 B");
  assert.equal(formatSize(999), "999 B");
  assert.equal(formatSize(1000), "1 kB");
  assert.equal(formatSize(123_456_789), "123.456789 MB");
  assert.equal(formatSize(1536, { units: "binary" }), "1.5 KiB");
  assert.throws(() => formatSize(-1), RangeError);
  fc.assert(fc.property(fc.maxSafeNat(), fc.constantFrom("decimal", "binary"), (bytes, units) => {
    assert.equal(parseBytes(formatSize(bytes, { units }), { units }), bytes);
  }));
});

import assert from "node:assert/strict";
import {
  encodingOf,
  isStrong,
  lengthOf,
  parseContentRange,
  validatorChange,
  validatorsOf,
} from "../../src/source/http/headers.ts";

Deno.test("parseContentRange() reads what servers send", () => {
  assert.deepEqual(parseContentRange("bytes 0-99/1000"), { part: { first: 0, last: 99 }, total: 1000 });
  assert.deepEqual(parseContentRange(" Bytes 5-5/6 "), { part: { first: 5, last: 5 }, total: 6 });
  assert.deepEqual(parseContentRange("bytes 0-99/*"), { part: { first: 0, last: 99 }, total: undefined });
  assert.deepEqual(parseContentRange("bytes */0"), { part: undefined, total: 0 });
});

Deno.test("parseContentRange() refuses what makes no sense", () => {
  for (
    const value of [
      null,
      "",
      "bytes",
      "bytes 0-99",
      "bytes 9-0/100",
      "bytes 0-100/100",
      "bytes 0-1/-5",
      "items 0-1/5",
      "bytes */*",
      "bytes 0-1/99999999999999999999",
      "bytes 0-1/5, bytes 2-3/5",
    ]
  ) {
    assert.equal(parseContentRange(value), undefined, String(value));
  }
});

Deno.test("isStrong() says which ETag may stand in If-Match", () => {
  assert.deepEqual(['"a"', 'W/"a"', "a", '""', undefined].map(isStrong), [true, false, false, true, false]);
});

Deno.test("validatorChange() compares what both answers carry, and the ETag decides", () => {
  const at = (etag?: string, lastModified?: string) => ({ etag, lastModified });
  assert.equal(validatorChange(at('"a"', "x"), at('"a"', "x")), undefined);
  assert.equal(validatorChange(at('"a"', "x"), at('"a"', "y")), undefined);
  assert.equal(validatorChange(at('"a"'), at('"b"')), 'its ETag was "a" and is "b"');
  assert.equal(validatorChange(at('W/"a"'), at('W/"b"')), 'its ETag was W/"a" and is W/"b"');
  assert.equal(validatorChange(at(undefined, "x"), at('"b"', "y")), "it was last modified x, now y");
  assert.equal(validatorChange(at('"a"', "x"), at()), undefined);
  assert.deepEqual(validatorsOf(new Headers({ etag: '"a"' })), { etag: '"a"', lastModified: undefined });
});

Deno.test("encodingOf() and lengthOf() read their headers", () => {
  assert.equal(encodingOf(new Headers({ "content-encoding": "GZIP" })), "gzip");
  assert.equal(encodingOf(new Headers({ "content-encoding": "identity" })), undefined);
  assert.equal(encodingOf(new Headers()), undefined);
  assert.equal(lengthOf(new Headers({ "content-length": "12" })), 12);
  assert.equal(lengthOf(new Headers({ "content-length": "-12" })), undefined);
});

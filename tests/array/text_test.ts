import assert from "node:assert/strict";
import { decodeText, textLength } from "../../src/array/text/text.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("A null-terminated string ends at its first null, the others lose only what fills them up", () => {
  const field = bytes(0x61, 0, 0x62, 0x20, 0x20, 0);
  assert.equal(textLength(field, 0, 6, "null-terminated"), 1);
  assert.equal(textLength(field, 0, 6, "null-padded"), 5);
  assert.equal(textLength(field, 2, 3, "space-padded"), 1);
  assert.equal(textLength(bytes(0x61, 0x62), 0, 2, "null-terminated"), 2);
});

Deno.test("UTF-8 is decoded, and a byte that is none of it becomes a lone surrogate as in Python", () => {
  const text = new TextEncoder().encode("µV, 測定 and a long enough tail to leave the short path");
  assert.equal(decodeText(text, 0, text.length), "µV, 測定 and a long enough tail to leave the short path");
  assert.equal(decodeText(bytes(0x61, 0xb5, 0x56), 0, 3), "a\udcb5V");
  assert.equal(decodeText(bytes(0xef, 0xbb, 0xbf, 0x61), 0, 4), "\ufeffa");
  assert.equal(decodeText(bytes(0xf0, 0x61), 0, 2), "\udcf0a");
});

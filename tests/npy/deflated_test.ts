import assert from "node:assert/strict";
import fc from "fast-check";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import { FlatArray } from "../../src/array/flat/flat_array.ts";
import { toNested } from "../../src/array/ndarray.ts";
import { resolveSelection } from "../../src/array/select/selection.ts";
import { slice } from "../../src/array/select/slice.ts";
import { deflatedReader, layoutOnly } from "../../src/npy/deflated.ts";
import { LimitError } from "../../src/source/errors.ts";
import { RangeFetcher } from "../../src/source/fetch/fetcher.ts";
import { memorySource } from "../../src/source/local/memory.ts";
import { axisCase } from "../array/arbitrary.ts";

/** A packed member whose bytes come in pieces of a length; counts how many came. */
function member(bytes: Uint8Array, piece: number, limit = 1 << 20) {
  const seen = { bytes: 0, ended: false };
  return {
    seen,
    size: bytes.length,
    limit,
    async *stream() {
      for (let at = 0; at < bytes.length; at += piece) {
        const part = bytes.subarray(at, at + piece);
        seen.bytes += part.length;
        yield await Promise.resolve(part);
      }
      seen.ended = true;
    },
  };
}

const arrays = fc.record({
  axes: fc.array(axisCase(), { maxLength: 3 }),
  order: fc.constantFrom<"C" | "F">("C", "F"),
  name: fc.constantFrom("|u1", ">i2", "<f8"),
  offset: fc.nat(7),
  piece: fc.integer({ min: 1, max: 50 }),
});

Deno.test("any selection of a packed array reads as that of a plain one does, however its bytes come", async () => {
  await fc.assert(
    fc.asyncProperty(arrays, async ({ axes, order, name, offset, piece }) => {
      const shape = axes.map((axis) => axis.length);
      const dtype = dtypeFromNumpy(name);
      const size = shape.reduce((product, length) => product * length, dtype.itemsize);
      const bytes = Uint8Array.from({ length: offset + size }, (_, i) => i * 7 + (i >> 4));
      const layout = { offset, shape, dtype, order, name: "x" };
      const plain = new FlatArray({ fetcher: new RangeFetcher(memorySource(bytes)), ...layout });
      const reader = deflatedReader(layoutOnly(layout), member(bytes, piece));
      const selected = resolveSelection(axes.map((axis) => axis.selected), shape);
      const found = await reader.readResolved(selected);
      const expected = await plain.readResolved(selected);
      assert.deepEqual(found.shape, expected.shape);
      assert.deepEqual(toNested(found), toNested(expected));
    }),
    { numRuns: 500 },
  );
});

Deno.test("no more is unpacked than is asked for; all of it, so that its checksum is checked, where its end is", async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  const packed = member(bytes, 10);
  const layout = { offset: 100, shape: [900], dtype: dtypeFromNumpy("|u1"), name: "x" };
  const reader = deflatedReader(layoutOnly(layout), packed);
  const read = async (...selection: Parameters<typeof resolveSelection>) => {
    Object.assign(packed.seen, { bytes: 0, ended: false });
    await reader.readResolved(resolveSelection(...selection));
    return packed.seen;
  };
  assert.deepEqual(await read([slice(5, 8)], [900]), { bytes: 110, ended: false });
  assert.deepEqual(await read([[890, 3]], [900]), { bytes: 1000, ended: true });
  assert.deepEqual(await read([slice(0, 0)], [900]), { bytes: 0, ended: false });
  await assert.rejects(
    deflatedReader(layoutOnly(layout), member(bytes, 10, 899)).readResolved(resolveSelection(null, [900])),
    LimitError,
  );
});

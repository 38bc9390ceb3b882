import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { tutorial } from "../../examples/hdmf_chunk_iterator.ts";

Deno.test("the tutorial of hdmf's chunk iterator prints what the Python one prints, and leaves no file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const lines: string[] = [];
    const file = `${folder}/my_temporary_test_file.hdf5`;
    await tutorial((line) => lines.push(line), file);
    const [array, ...buffers] = lines;
    // Twelve rows of six digits, in NumPy's brackets.
    assert.match(array!, /^\[(\[\d( \d){5}\](\n |\]$)){12}$/);
    assert.deepEqual(buffers, [
      "Buffer number 1 returns data from selection: (slice(0, 12640, None), slice(0, 3160, None))",
      "Buffer number 2 returns data from selection: (slice(0, 12640, None), slice(3160, 5000, None))",
      "Buffer number 3 returns data from selection: (slice(12640, 20000, None), slice(0, 3160, None))",
      "Buffer number 4 returns data from selection: (slice(12640, 20000, None), slice(3160, 5000, None))",
    ]);
    assert.equal(existsSync(file), false);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

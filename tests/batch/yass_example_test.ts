/** The seed's seven programs. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { yassBatch } from "../../examples/yass_batch.ts";
import { inFolder } from "./yass_support.ts";

Deno.test("the example goes through the seed's seven programs: at least three batches each, the error, channels in two, figures", async () => {
  await inFolder(async (folder) => {
    const printed: string[] = [];
    await yassBatch(folder, (line) => printed.push(line));
    const text = printed.join("\n");
    const count = (pattern: RegExp) => [...text.matchAll(pattern)].length;
    // 1: batches of all, a part, batches with a buffer.
    assert.equal(printed[0], "Shape: (4085, 385). Index: (slice(0, 4085, None), slice(0, 385, None))");
    assert.equal(count(/^Shape: .*slice\(0, 385, None\)\)$/gm), 3);
    assert.match(text, /^Shape: \(1000, 3\)\. Index: \(slice\(1000, 2000, None\), \[0, 1, 2\]\)$/m);
    assert.equal(count(/^Shape: .*Local: \(slice\(10, /gm), 7);
    // 2, 5, 6: what is logged.
    assert.deepEqual([...text.matchAll(/^INFO: Applying function (\w+)\.\.\.$/gm)].map(([, name]) => name), [
      "sumOne",
      "butterworth",
      "butterworth",
      "standarize",
    ]);
    // 3: ten batches, the first one's largest, the largest of all.
    assert.match(text, /^10\n\[41, 152, 131\]\n\[137, 152, 144\]$/m);
    // 4: the commented loop's error, each channel in two, a part whole.
    assert.match(text, /^RangeError: .*forceCompleteChannelBatch: false$/m);
    assert.equal(count(/^\(\d+,\) Data from channel [012]$/gm), 6);
    assert.equal(count(/^\(1000,\)$/gm), 3);
    // 7: both orders behave the same.
    assert.match(text, /^\(1000, 50\) \(1000, 50\)\n\(100, 10\) \(100, 10\) true$/m);
    for (const [name, panels] of [["modified", 2], ["filtered", 2], ["pipeline", 3]] as const) {
      const svg = await Deno.readTextFile(join(folder, `${name}.svg`));
      assert.equal([...svg.matchAll(/stroke="#1f77b4"/g)].length, panels, name);
      assert.equal([...svg.matchAll(/>time \(s\)</g)].length, panels, name);
      assert.match(svg, /Raw data, channel 0/);
      assert.doesNotMatch(svg, /NaN|Infinity/);
    }
    const yaml = await Deno.readTextFile(join(folder, "tmp/standarized.yaml"));
    assert.ok(yaml.startsWith("data_order: channels\ndtype: float64\nn_channels: 385\n"), yaml);
  });
});

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { main } from "../../src/cli/main.ts";
import { writeWhole } from "../../src/cli/io_node.ts";
import { inFolder, readValues, writeValues } from "../batch/yass_support.ts";

const YAML = `
pathToInput: raw.bin
dtype: int16
nChannels: 2
dataOrder: samples
samplingRate: 30000
maxMemory: 1MB
outputPath: out
tasks:
  - function: butterworth
    outputName: filtered.bin
    mode: singleChannelOneBatch
    keep: true
    kwargs: { lowFreq: 300, highFactor: 0.1, order: 3, samplingFreq: 30000 }
  - function: { name: castTo, options: { dtype: int16 } }
    outputName: cast.bin
    mode: multiChannel
`;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await main(args, {
    stdout: (text) => Promise.resolve(void (out += text)),
    stderr: (text) => void (err += text),
    isTerminal: false,
    columns: 80,
    writeFile: writeWhole,
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

Deno.test("batch runs a pipeline of a YAML file, says beforehand what it takes, and draws what it made", async () => {
  await inFolder(async (folder) => {
    await writeValues(folder, "raw.bin", Int16Array.from({ length: 2000 }, (_, i) => 500 * Math.sin(i / 5)));
    const file = join(folder, "pipeline.yaml");
    await Deno.writeTextFile(file, YAML);
    const planned = await run("batch", file, "--dry-run");
    assert.equal(planned.code, 0, planned.err);
    assert.match(
      planned.out,
      /^1\. butterworth: 2 batches of 1,000 observations each, .* of memory; writes 16 KB to .*filtered\.bin\n2\. castTo: /,
    );
    assert.ok(!existsSync(join(folder, "out")));
    const ran = await run("batch", file);
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /Wrote ".*filtered\.bin", ".*cast\.bin", ".*pipeline\.svg"\n$/);
    assert.equal((await readValues(join(folder, "out/cast.bin"), Int16Array)).length, 2000);
    const svg = await Deno.readTextFile(join(folder, "out/pipeline.svg"));
    for (const title of ["Raw data", "Filtered data", "Cast data"]) {
      assert.ok(svg.includes(`${title}, channel 0`), title);
    }
  });
});

Deno.test("batch says what is wrong with a pipeline's file", async () => {
  await inFolder(async (folder) => {
    const file = join(folder, "pipeline.yaml");
    for (
      const [text, why] of [
        ["{{", /it is no YAML/],
        ["outputPath: out\n", /it says no pathToInput/],
        ["pathToInput: a\noutputPath: out\n", /it says no tasks/],
        [YAML.replace("butterworth", "nope"), /there is no function "nope"; known are butterworth, standarize/],
      ] as const
    ) {
      await Deno.writeTextFile(file, text);
      const { code, err } = await run("batch", file);
      assert.equal(code, 1);
      assert.match(err, why);
    }
  });
});

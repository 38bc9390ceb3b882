import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { openRecording } from "../../src/recording/open_recording.ts";
import { toKerchunk } from "../../src/references/mod.ts";
import { smallRecordings } from "../recording/make/small.ts";
import { findPython } from "./python.ts";

const PYTHON = findPython();
const hasZarr = PYTHON !== null && spawnSync(PYTHON, ["-c", "import zarr, fsspec"]).status === 0;

Deno.test({
  name: `zarr-python reads raw recordings in place, by references${
    hasZarr ? "" : " (skipped: no Python with zarr and fsspec)"
  }`,
  ignore: !hasZarr,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    let count = 0;
    try {
      for (const { format, files, at } of smallRecordings()) {
        if (!["micromed", "brainvision", "spikeglx", "openephysbinary"].includes(format)) continue;
        const own = `${folder}/${format}${count++}`;
        for (const [name, bytes] of files) {
          await Deno.mkdir(`${own}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
          await Deno.writeFile(`${own}/${name}`, bytes);
        }
        await using recording = await openRecording(at === "" ? own : `${own}/${at}`);
        const references = await toKerchunk(recording, { streamIndexes: [0], chunkBytes: 100 });
        await Deno.writeTextFile(`${own}/references.json`, JSON.stringify(references));
        const path = Object.keys(references.refs).find((key) => key.endsWith("/.zarray"))!.replace("/.zarray", "");
        const { status, stdout, stderr } = spawnSync(
          PYTHON!,
          [fileURLToPath(new URL("kerchunk.py", import.meta.url)), `${own}/references.json`, path],
          { encoding: "utf8" },
        );
        assert.equal(status, 0, stderr);
        const read = JSON.parse(stdout) as { shape: number[]; data: number[]; attributes: Record<string, unknown> };
        const wanted = await recording.rawSignal({ streamIndex: 0 }).read();
        const channels = recording.channels(0);
        const columns = (read.attributes.columns as number[] | undefined) ?? channels.map((_, i) => i);
        assert.deepEqual(
          Array.from(
            { length: read.shape[0]! },
            (_, row) => columns.map((column) => read.data[row * read.shape[1]! + column]!),
          )
            .flat(),
          Array.from(wanted.data as ArrayLike<number>),
          format,
        );
        assert.deepEqual(read.attributes.gain, channels.map(({ gain }) => gain));
        assert.equal(read.attributes.sampling_rate, channels[0]!.samplingRate);
      }
      assert.equal(count, 5);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

import assert from "node:assert/strict";
import { dtypeFromDescr } from "../../src/array/dtype/descr.ts";
import { slice } from "../../src/array/select/slice.ts";
import { openRaw, type RawOptions } from "../../src/raw/open_raw.ts";
import { startRangeServer } from "../support/range_server.ts";

const CORPUS = new URL("../../../shared/data/rawbin/", import.meta.url);

function isThere(): boolean {
  try {
    return Deno.statSync(CORPUS).isDirectory;
  } catch {
    console.log("No corpus beside the repository: real flat files aren't read.");
    return false;
  }
}

const ignore = !isThere();
const without = ignore ? " (skipped: no corpus)" : "";

/** What each file holds: by its name, by the XML or README beside it. */
const FILES:
  readonly (RawOptions & { file: string; expected: number[]; read: (view: DataView, i: number) => number })[] = [
    {
      // "10kHz_2channels_16bit": 200,000 samples per channel
      file: "ephy_testing_data__File_rawbinary_10kHz_2channels_16bit.raw",
      dtype: "int16",
      shape: [null, 2],
      expected: [200_000, 2],
      read: (view, i) => view.getInt16(2 * i, true),
    },
    {
      // test1.xml: nBits 16, nChannels 8; its README: 10 samples
      file: "ephy_testing_data__neuroscope/test1/test1.dat",
      dtype: "int16",
      shape: [null, 8],
      expected: [10, 8],
      read: (view, i) => view.getInt16(2 * i, true),
    },
    {
      // YutaMouse42-151117.xml: nBits 16, nChannels 80; its README: 10 samples
      file: "ephy_testing_data__neuroscope/dataset_1/YutaMouse42-151117.eeg",
      dtype: "int16",
      shape: [null, 80],
      expected: [10, 80],
      read: (view, i) => view.getInt16(2 * i, true),
    },
    {
      // its README: (nSpikes, nSamples, nChannels), 10 spikes; the XML's group: 32 samples of 8 channels
      file: "ephy_testing_data__neuroscope/dataset_1/YutaMouse42-151117.spk.1",
      dtype: "int16",
      shape: [10, null, 8],
      expected: [10, 32, 8],
      read: (view, i) => view.getInt16(2 * i, true),
    },
    {
      file: "ephy_testing_data__neo.dat",
      dtype: "<f4",
      expected: [32_000],
      read: (view, i) => view.getFloat32(4 * i, true),
    },
  ];

for (const { file, expected, read, ...options } of FILES) {
  Deno.test({
    name: `${file} reads as a DataView does, by path and by URL${without}`,
    ignore,
    fn: async () => {
      const bytes = await Deno.readFile(new URL(file, CORPUS));
      const view = new DataView(bytes.buffer);
      const server = await startRangeServer({ "/x.bin": bytes });
      try {
        for (const source of [new URL(file, CORPUS), `${server.url}/x.bin`]) {
          await using array = await openRaw(source, options);
          assert.deepEqual(array.shape, expected);
          const { data } = await array.read();
          assert.deepEqual([...data], Array.from({ length: data.length }, (_, i) => read(view, i)));
          const last = expected.at(-1)! - 1;
          const column = await array.read([...expected.slice(1).map(() => slice(null, null, 3)), last]);
          const wanted = [...data].filter((_, i) => {
            if (expected.length === 1) return i === last;
            const inner = Math.floor(i / expected.at(-1)!);
            const indices = expected.length === 2 ? [inner] : [Math.floor(inner / expected[1]!), inner % expected[1]!];
            return i % expected.at(-1)! === last && indices.every((index) => index % 3 === 0);
          });
          assert.deepEqual([...column.data], wanted);
        }
      } finally {
        await server.close();
      }
    },
  });
}

Deno.test({
  name: `axona_raw.bin reads as packets: records of a header, three samples of 64 channels, and a trailer${without}`,
  ignore,
  fn: async () => {
    const path = new URL("ephy_testing_data__axona/axona_raw.bin", CORPUS);
    const dtype = dtypeFromDescr([
      ["id", "|S4"],
      ["packet", "<u4"],
      ["", "|V24"],
      ["samples", "<i2", [3, 64]],
      ["trailer", "|V16"],
    ]);
    assert.equal(dtype.itemsize, 432);
    await using packets = await openRaw(path, { dtype });
    assert.deepEqual(packets.shape, [192]);
    const view = new DataView((await Deno.readFile(path)).buffer);
    const { data } = await packets.field("id").read();
    assert.ok((data as string[]).every((id) => id.startsWith("ADU")), `${data[0]}`);
    const samples = packets.field("samples");
    assert.deepEqual(samples.shape, [192, 3, 64]);
    const channel = await samples.read([null, null, 5]);
    assert.deepEqual(
      [...channel.data],
      Array.from({ length: 576 }, (_, i) => view.getInt16(432 * Math.floor(i / 3) + 32 + 128 * (i % 3) + 10, true)),
    );
    await assert.rejects(openRaw(path, { dtype, offset: 1 }), /no whole number of elements of 432 bytes/);
  },
});

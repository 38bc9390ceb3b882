import assert from "node:assert/strict";
import * as zarr from "zarrita";
import { flatPartOf } from "../../src/array/flat/flat_part.ts";
import { openRaw } from "../../src/raw/open_raw.ts";
import { openNpy } from "../../src/npy/open_npy.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { ndarray } from "../../src/array/ndarray.ts";
import { openRecording } from "../../src/recording/open_recording.ts";
import { chunkRows } from "../../src/references/chunk_rows.ts";
import { type KerchunkReferences, toKerchunk } from "../../src/references/mod.ts";
import { smallRecordings } from "../recording/make/small.ts";

/** A store of zarrita's over references, whose files are in memory. */
function storeOf({ refs }: KerchunkReferences, file: (name: string) => Uint8Array) {
  const used: string[] = [];
  return {
    used,
    get(key: `/${string}`): Promise<Uint8Array | undefined> {
      const found = refs[key.slice(1)];
      if (found === undefined) return Promise.resolve(undefined);
      if (typeof found !== "string") {
        const [name, offset, length] = found;
        used.push(name);
        const bytes = file(name).slice(offset, offset + length);
        assert.equal(bytes.length, length, "a reference beyond the end of the file");
        return Promise.resolve(bytes);
      }
      if (!found.startsWith("base64:")) return Promise.resolve(new TextEncoder().encode(found));
      return Promise.resolve(Uint8Array.from(atob(found.slice(7)), (letter) => letter.charCodeAt(0)));
    },
  };
}

async function readZarr(references: KerchunkReferences, path: string, bytes: Uint8Array) {
  const store = storeOf(references, () => bytes);
  const root = zarr.root(store);
  const array = await zarr.open.v2(path === "" ? root : root.resolve(path), { kind: "array" });
  const { data, shape } = await zarr.get(array);
  return {
    data: Array.from(data as ArrayLike<number | bigint>, Number),
    shape,
    attrs: array.attrs as Record<string, unknown>,
    store,
  };
}

const numbersOf = (data: unknown) => Array.from(data as ArrayLike<number | bigint>, Number);

Deno.test("zarrita reads the recordings that lie flat in their raw files, by references", async () => {
  const read: string[] = [];
  for (const { format, files, at } of smallRecordings()) {
    const folder = await Deno.makeTempDir();
    try {
      for (const [name, bytes] of files) {
        await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
        await Deno.writeFile(`${folder}/${name}`, bytes);
      }
      await using recording = await openRecording(at === "" ? folder : `${folder}/${at}`);
      for (const [streamIndex, { name }] of recording.header.signalStreams.entries()) {
        for (const [segmentIndex] of recording.parts.blocks[0]!.segments.entries()) {
          const raw = recording.rawSignal({ streamIndex, segmentIndex });
          if (flatPartOf(raw) === null) continue;
          const references = await toKerchunk(recording, { streamIndexes: [streamIndex], chunkBytes: 100 });
          const path = `0/${segmentIndex}/${name.replace(/[ #]/g, "_")}`;
          const urls = new Set(
            Object.values(references.refs).filter((ref) => typeof ref !== "string").map(([url]) => url),
          );
          const [url] = urls as Set<string>;
          assert.equal(urls.size, 1);
          const { data, shape, attrs } = await readZarr(references, path, await Deno.readFile(url!));
          const [channels, wanted] = [recording.channels(streamIndex), await raw.read()];
          const columns = (attrs.columns as number[] | undefined) ?? channels.map((_, i) => i);
          assert.equal(shape[0], wanted.shape[0], format);
          assert.deepEqual(
            Array.from({ length: shape[0]! }, (_, row) => columns.map((column) => data[row * shape[1]! + column]!))
              .flat(),
            numbersOf(wanted.data),
            `${format} ${path}`,
          );
          assert.deepEqual([attrs.sampling_rate, attrs._ARRAY_DIMENSIONS, attrs.t_start], [
            channels[0]!.samplingRate,
            ["time", "channel"],
            recording.getSignalTStart(0, segmentIndex, streamIndex),
          ]);
          assert.deepEqual([attrs.gain, attrs.units, attrs.channel_names], [
            channels.map(({ gain }) => gain),
            channels.map(({ units }) => units),
            channels.map(({ name }) => name),
          ]);
          read.push(`${format} ${path}`);
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  assert.deepEqual(read, [
    "micromed 0/0/Signals",
    "micromed 0/1/Signals",
    "brainvision 0/0/Signals",
    "brainvision 0/0/Signals",
    "spikeglx 0/0/imec0.ap",
    "spikeglx 0/0/imec0.ap-SYNC",
    "openephysbinary 0/0/Record_Node_101_Rhythm-100.Data",
  ]);
});

Deno.test("whole rows are referred to where some columns are meant, and the attribute says which", async () => {
  const data = Int16Array.from({ length: 60 }, (_, i) => i);
  await using array = await openRaw(data, { dtype: "int16", shape: [12, 5] });
  const references = await toKerchunk(array.view([{ start: 2, stop: 10, step: 1 }, [3, 1]]), {
    url: "x.bin",
    chunkBytes: 40,
  });
  assert.deepEqual(JSON.parse(references.refs[".zattrs"] as string), {
    _ARRAY_DIMENSIONS: ["time", "channel"],
    columns: [3, 1],
  });
  assert.deepEqual(JSON.parse(references.refs[".zarray"] as string).chunks, [4, 5]);
  assert.deepEqual([references.refs["0.0"], references.refs["1.0"]], [["x.bin", 20, 40], ["x.bin", 60, 40]]);
  const { data: found, shape } = await readZarr(references, "", new Uint8Array(data.buffer));
  assert.deepEqual([shape, found], [[8, 5], numbersOf(data.subarray(10, 50))]);
});

Deno.test("channel after channel, each is a run of its own; a view refers to its own alone", async () => {
  const data = Int16Array.from({ length: 60 }, (_, i) => i);
  await using array = await openRaw(data, { dtype: "int16", shape: [20, 3], order: "F" });
  const references = await toKerchunk(array.view([null, [2, 0]]), { url: "x.bin", chunkBytes: 20, path: "a/b" });
  assert.deepEqual(references.refs["a/b/0.0"], ["x.bin", 80, 20]);
  assert.deepEqual(references.refs["a/b/1.1"], ["x.bin", 20, 20]);
  assert.deepEqual([references.refs[".zgroup"], references.refs["a/.zgroup"]], [
    '{"zarr_format":2}',
    '{"zarr_format":2}',
  ]);
  const { data: found } = await readZarr(references, "a/b", new Uint8Array(data.buffer));
  const wanted = await array.read([null, [2, 0]]);
  assert.deepEqual(found, numbersOf(wanted.data));
});

Deno.test("where no number of samples divides all, the last chunk stands in the references", async () => {
  const data = Int16Array.from({ length: 1009 }, (_, i) => i * 7);
  await using array = await openRaw(data, { dtype: "int16" });
  const references = await toKerchunk(array, { url: "x.bin", chunkBytes: 64 });
  assert.deepEqual(Object.keys(references.refs).length, 2 + Math.ceil(1009 / 32));
  assert.match(references.refs["31"] as string, /^base64:/);
  const { data: found } = await readZarr(references, "", new Uint8Array(data.buffer));
  assert.deepEqual(found, numbersOf(data));
  assert.deepEqual(
    [[1000, 2, 100], [1009, 2, 64], [1, 2, 64], [7, 1000, 10], [6000, 1, 1001], [2 * 1009, 1, 500]].map((
      [rows, bytes, chunk],
    ) => chunkRows(rows!, bytes!, chunk!)),
    [50, 32, 1, 1, 1000, 1009],
  );
});

Deno.test("big-endian numbers, and those of an NPY file, are told by dtype and offset", async () => {
  const npy = encodeNpy(ndarray(Float32Array.of(1.5, -2, 3, 4), [2, 2]));
  await using array = await openNpy(npy);
  const references = await toKerchunk(array, { url: "x.npy" });
  const { data } = await readZarr(references, "", npy);
  assert.deepEqual(data, [1.5, -2, 3, 4]);
  const big = new Uint8Array([1, 2, 255, 254]);
  await using raw = await openRaw(big, { dtype: ">i2" });
  assert.deepEqual((await readZarr(await toKerchunk(raw, { url: "b" }), "", big)).data, [258, -2]);
});

Deno.test("what can't be referred to is refused by name", async () => {
  for (const { format, files, at } of smallRecordings()) {
    if (!["edf", "openephys", "intan"].includes(format)) continue;
    await using recording = await openRecording(at === "" ? files : files.get(at)!);
    await assert.rejects(
      toKerchunk(recording, { url: "x" }),
      /Cannot refer to stream ".*": its samples don't lie in the file/,
    );
  }
  await using array = await openRaw(Int16Array.from({ length: 60 }, (_, i) => i), { dtype: "int16", shape: [12, 5] });
  await assert.rejects(toKerchunk(array), /has no name: give the option url/);
  const url = "x";
  await assert.rejects(
    toKerchunk(array.view([{ start: 0, stop: 12, step: 2 }]), { url }),
    /some of the file's, not a run of them/,
  );
  await assert.rejects(toKerchunk(array.view([[0, 5, 3]]), { url }), /some of the file's/);
  await assert.rejects(toKerchunk(array.view([3]), { url }), /an axis of the file's array was dropped/);
  await assert.rejects(toKerchunk(array, { url, chunkBytes: 0 }), RangeError);
  await using scaled = await openRaw(Int16Array.of(1, 2), { dtype: "int16", scale: { gain: 2 } });
  await assert.rejects(toKerchunk(scaled, { url }), /don't lie in the file as they are read/);
  await using packed = await openRaw(new Uint8Array(6), { dtype: "int24" });
  await assert.rejects(toKerchunk(packed, { url }), /don't lie in the file as they are read/);
  // deno-lint-ignore no-explicit-any -- a wrong call
  await assert.rejects(toKerchunk(array, { uri: "x" } as any), /unknown option "uri"/);
  const signal = await openRecording(Int16Array.of(1, 2, 3, 4), { raw: { channels: 2, samplingRate: 10, gain: 0.5 } });
  const { analogSignals: [proxy] } = await signal.readSegment({ lazy: true });
  const { refs } = await toKerchunk(proxy!, { url });
  assert.deepEqual(JSON.parse(refs[".zattrs"] as string).gain, [0.5, 0.5]);
  await signal.close();
});

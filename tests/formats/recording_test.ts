import assert from "node:assert/strict";
import { ndarray } from "../../src/array/ndarray.ts";
import { openAny } from "../../src/formats/mod.ts";
import { encodeNpy } from "../../src/npy/write.ts";
import { encodeNpz } from "../../src/npy/write_npz.ts";
import { encodeSidecar } from "../../src/raw/sidecar.ts";
import { openRecording } from "../../src/recording/open_recording.ts";
import { Recording } from "../../src/recording/recording.ts";
import { NotFoundError, UnknownFormatError, UnsupportedError, WrongKindError } from "../../src/source/errors.ts";
import { serve } from "../cli/support.ts";
import { smallRecordings, smallTrc } from "../recording/make/small.ts";

async function inFolder(files: ReadonlyMap<string, Uint8Array>, use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, bytes] of files) {
      await Deno.mkdir(`${folder}/${name}`.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeFile(`${folder}/${name}`, bytes);
    }
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("recordings of every format are told by bytes, folders and files beside them, and give arrays by key", async () => {
  for (const { format, files, at } of smallRecordings()) {
    await inFolder(files, async (folder) => {
      const path = at === "" ? folder : `${folder}/${at}`;
      await using opened = await openAny(path);
      assert(opened.format === "recording", format);
      assert(opened.handle instanceof Recording);
      assert.equal(opened.handle.format.name, format);
      await using recording = await openRecording(path);
      assert.equal(String(opened.handle), String(recording));
      const keys = await opened.keys();
      const [stream] = recording.header.signalStreams;
      assert.deepEqual(keys.slice(0, 2), [`/0/0/${stream!.name}`, `/0/0/${stream!.name}/raw`]);
      const { analogSignals: [signal] } = await recording.readSegment({
        lazy: true,
        signalGroupMode: "group-by-same-units",
      });
      const physical = await (await opened.get(keys[0]!)).read();
      const raw = await (await opened.get(keys[1]!)).read();
      assert.deepEqual(raw.data, (await recording.rawSignal({ streamIndex: 0 }).read()).data);
      const values = await recording.rescaleSignalRawToFloat(
        raw as Parameters<Recording["rescaleSignalRawToFloat"]>[0],
        {
          streamIndex: 0,
        },
      );
      assert.deepEqual(physical.data, values.data);
      assert.equal(physical.shape[0], signal!.shape[0]);
      await assert.rejects(opened.get("/0/7/Signals"), NotFoundError);
      assert.deepEqual(
        await opened.keys({ below: keys[0]! }),
        keys.filter((key) => key === keys[0] || key.startsWith(`${keys[0]}/`)),
      );
    });
  }
});

Deno.test("data beside its header is the recording, not a flat file; a map of names is one too", async () => {
  for (const { format, files, at } of smallRecordings().filter(({ files }) => files.size > 1)) {
    await using opened = await openAny(files);
    assert.equal(opened.format, "recording", format);
    if (format !== "brainvision") continue;
    await inFolder(files, async (folder) => {
      await using beside = await openAny(`${folder}/${at.replace(".vhdr", ".eeg")}`);
      assert.equal(beside.format, "recording");
    });
  }
});

Deno.test("a recording by URL costs no request more than opening it as what it is", async () => {
  for (const { format, files, at } of smallRecordings().filter(({ at }) => at !== "")) {
    await inFolder(files, async (folder) => {
      await using server = await serve(folder);
      const url = `${server.url}/${at}?token=1`;
      await using opened = await openAny(url);
      await using recording = await openRecording(url);
      assert.equal(opened.format, "recording", format);
      assert.equal(opened.cost.requests, recording.cost.requests, format);
      assert.equal(opened.name, recording.name);
      assert.doesNotMatch(opened.name, /token/);
    });
  }
});

Deno.test("what other formats open stays theirs, whatever it is called and whatever lies beside it", async () => {
  const values = ndarray(Int16Array.of(1, 2, 3, 4), [2, 2]);
  const files = new Map<string, Uint8Array>([
    ["run_g0_t0.imec0.ap.bin", encodeNpy(values)],
    ["run_g0_t0.imec0.ap.meta", new TextEncoder().encode("typeThis=imec")],
    ["a.edf", await encodeNpz({ a: values })],
    ["flat.bin", new Uint8Array(8)],
    [
      "flat.bin.json",
      new TextEncoder().encode(
        encodeSidecar({ dtype: "<i2", shape: [2, 2], order: "C", offset: 0, recording: { samplingRate: 10 } }),
      ),
    ],
    [
      "z/.zarray",
      new TextEncoder().encode(
        '{"zarr_format":2,"shape":[1],"chunks":[1],"dtype":"<i2","order":"C","compressor":null,"filters":null,"fill_value":0}',
      ),
    ],
    ["z/experiment1/x", new Uint8Array(1)],
    ["plain/x", new Uint8Array(1)],
  ]);
  await inFolder(files, async (folder) => {
    const formatOf = async (name: string, options = {}) => {
      await using opened = await openAny(`${folder}/${name}`, options);
      return opened.format;
    };
    assert.equal(await formatOf("run_g0_t0.imec0.ap.bin"), "npy");
    assert.equal(await formatOf("a.edf"), "npz");
    assert.equal(await formatOf("flat.bin"), "raw");
    assert.equal(await formatOf("z"), "zarr");
    assert.equal(await formatOf("flat.bin", { raw: { dtype: "int16" } }), "raw");
    // Only who asks for a recording gets one.
    assert.equal(await formatOf("flat.bin", { format: "recording" }), "recording");
    await assert.rejects(openAny(`${folder}/plain`), WrongKindError);
  });
  await using raw = await openAny(smallTrc(), { raw: { dtype: "uint8" } });
  assert.equal(raw.format, "raw");
});

Deno.test("a format of recordings that isn't read is refused by name; what nobody knows, by its bytes", async () => {
  const axon = new Uint8Array(512);
  axon.set(new TextEncoder().encode("ABF2"));
  await assert.rejects(openAny(axon), (error) => {
    assert(error instanceof UnsupportedError);
    assert.match(error.message, /Axon binary file \(ABF\), which isn't read yet/);
    return true;
  });
  await inFolder(
    new Map([["x.pl2", new Uint8Array(64).fill(9)], ["y.abc", new Uint8Array(64).fill(9)]]),
    async (folder) => {
      await assert.rejects(openAny(`${folder}/x.pl2`), (error) => {
        assert(error instanceof UnknownFormatError);
        assert.match((error.cause as Error).message, /by its name it is a Plexon 2 recording/);
        return true;
      });
      await assert.rejects(openAny(`${folder}/y.abc`), /looks like text/);
    },
  );
});

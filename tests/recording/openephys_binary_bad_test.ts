import assert from "node:assert/strict";
import { OPENEPHYS_BINARY } from "../../src/recording/formats/openephys/binary/binary.ts";
import { CorruptFileError, MicrotomeError, NotFoundError } from "../../src/source/errors.ts";
import { makeBinary, npy, range } from "./make/openephys_binary.ts";
import { openParts } from "./support.ts";
import { NEW, newStream, OLD, oldStream, signal } from "./make/openephys_streams.ts";

Deno.test("a .npy whose header wasn't finalised has as many rows as its length says", async () => {
  const files = makeBinary({ ...OLD, streams: [oldStream()] });
  const path = "experiment1/recording1/continuous/Rhythm_FPGA-100.0/timestamps.npy";
  files.set(path, npy("<i8", [100], BigInt64Array.from(range(5000, 100), BigInt), 1));
  await using opened = await openParts(OPENEPHYS_BINARY, files);
  assert.deepEqual(signal(opened.parts).array.shape, [100, 2]);
  assert.ok(opened.files.warnings.some((text) => text.includes("1 rows, there are 100")));
});

Deno.test("of samples and numbers of them the fewer count, with a warning; a broken last sample is left out", async () => {
  for (const [rows, count, expected] of [[103, 100, 100], [98, 100, 98]] as const) {
    const stream = oldStream({ numbers: range(5000, count), rows });
    await using opened = await openParts(OPENEPHYS_BINARY, makeBinary({ ...OLD, streams: [stream] }));
    assert.deepEqual(signal(opened.parts).array.shape, [expected, 2]);
    assert.ok(opened.files.warnings.some((text) => text.includes("what both have is read")));
  }
  const files = makeBinary({ ...OLD, streams: [oldStream()] });
  const path = "experiment1/recording1/continuous/Rhythm_FPGA-100.0/continuous.dat";
  files.set(path, files.get(path)!.subarray(0, 397));
  await using opened = await openParts(OPENEPHYS_BINARY, files);
  assert.deepEqual(signal(opened.parts).array.shape, [99, 2]);
  assert.ok(opened.files.warnings.some((text) => text.includes("last 1 bytes")));
});

Deno.test("a session whose nodes are of the legacy format says so", async () => {
  const files = new Map([["Record Node 105/100_stream_CH1.continuous", new Uint8Array(9)]]);
  await assert.rejects(openParts(OPENEPHYS_BINARY, files), {
    name: "NotFoundError",
    message: /"Record Node 105" is of the legacy/,
  });
});

Deno.test("wrong structures are told by file and field", async () => {
  const path = "Record Node 101/experiment1/recording1/structure.oebin";
  const files = makeBinary({ ...NEW, streams: [newStream()] });
  const text = new TextDecoder().decode(files.get(path)!);
  const cases: [string | RegExp, string, RegExp][] = [
    [/"sample_rate": 1000/, '"sample_rate": "often"', /sample_rate is no number: "often"/],
    [/"sample_rate": 1000/, '"sample_rate": 0', /sample_rate is 0/],
    [/"sample_rate": 1000/, '"sample_rate": -30000', /sample_rate is -30000/],
    [/"num_channels": 2/, '"num_channels": 3', /num_channels is 3, but channels has 2/],
    [/"Acq-100.stream\/"/, '"../../secret/"', /leads out of the recording/],
    [/"bit_volts": 0.195/, '"bit_volts": []', /bit_volts is no number/],
    [/"continuous": \[/, '"continuous": 5, "x": [', /continuous is no list/],
    [/^[^]*$/, "[".repeat(5000), /nested/],
    [/^[^]*$/, "not JSON", /no JSON/],
  ];
  for (const [what, by, message] of cases) {
    const changed = new Map(files).set(path, new TextEncoder().encode(text.replace(what, by)));
    await assert.rejects(openParts(OPENEPHYS_BINARY, changed), (error: Error) => {
      assert.ok(error instanceof CorruptFileError, String(error));
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(openParts(OPENEPHYS_BINARY, new Map([["a.txt", new Uint8Array(1)]])), NotFoundError);
});

Deno.test("200 changes and cuts of a recording's files are read or told, and nothing else", async () => {
  const made = {
    ...NEW,
    streams: [newStream({ numbers: [...range(0, 50), ...range(80, 50)] })],
    lines: [{ folder: "Acq-100.stream/TTL", rate: 1000, numbers: [5, 9], states: [1, -1] }],
    texts: [{ folder: "MessageCenter", rate: 1000, numbers: [7], texts: ["hello"] }],
    spikes: [{
      folder: "D-104.stream/T",
      names: ["T"],
      rate: 1000,
      numbers: [3, 90],
      electrodes: [1, 1],
      channels: 2,
      samples: 8,
    }],
  };
  let seed = 1;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  let failed = 0;
  for (let round = 0; round < 200; round++) {
    const files = makeBinary(made);
    const [path, bytes] = [...files][random(files.size)]!;
    const changed = bytes.slice(0, round % 4 === 0 ? random(bytes.length) : bytes.length);
    for (let i = 0; i < 3 && changed.length > 0; i++) changed[random(Math.min(changed.length, 400))] = random(256);
    files.set(path, changed);
    try {
      await using opened = await openParts(OPENEPHYS_BINARY, files);
      const { parts } = opened;
      for (const segment of parts.blocks.flatMap(({ segments }) => segments)) {
        for (const found of segment.signals) {
          await found?.array.read();
          await found?.timestamps?.read();
        }
        for (const i of parts.eventChannels!.keys()) await segment.events(i, {});
        for (const i of parts.spikeChannels!.keys()) await (await segment.spikes!(i, {})).waveforms?.read();
      }
    } catch (error) {
      failed++;
      assert.ok(error instanceof MicrotomeError, `${path}: ${(error as Error).stack}`);
    }
  }
  assert.ok(failed > 20);
});

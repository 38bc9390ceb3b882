// Calls that can't be meant: each is refused in words, none is taken for another.
import assert from "node:assert/strict";
import { openRecording, type Recording, RECORDING_FORMATS } from "../../src/recording/mod.ts";
import { startRangeServer } from "../support/range_server.ts";
import { exampleFormat } from "./make/example_format.ts";
import { board, bytes, metaText } from "./make/spikeglx.ts";

async function example() {
  return await openRecording(new File([new Uint8Array(3)], "my_file.fake"), { formats: [exampleFormat().format] });
}

Deno.test("the raw layer takes a stretch's ends as loads do, and refuses what is no time", async () => {
  await using recording = await example();
  const place = { blockIndex: 1, segmentIndex: 1 };
  const counts = await Promise.all([
    recording.eventCount(1, { ...place, tStart: 21 }),
    recording.eventCount(1, { ...place, tStart: "21 s" }),
    recording.eventCount(1, { ...place, tStart: "21000 ms", tStop: "1 min" }),
    recording.spikeCount(0, { ...place, tStart: "20250 ms", tStop: "20.5 s" }),
  ]);
  assert.deepEqual(counts, [9, 9, 9, 6]);
  for (const wrong of [NaN, "later", "21", null, {}]) {
    for (const name of ["tStart", "tStop"]) {
      const options = { ...place, [name]: wrong };
      await assert.rejects(recording.getEvents(1, options), { name: "TypeError", message: /as a time/ });
      await assert.rejects(recording.getSpikes(0, options), { name: "TypeError", message: /as a time/ });
    }
  }
  await assert.rejects(recording.getEvents(1, { ...place, tStart: 5n as never }), /Cannot take 5 as a time/);
  await assert.rejects(recording.getEvents(1, { ...place, tStart: NaN }), /Cannot take NaN as a time/);
});

Deno.test("channels are picked by known names and by lists", async () => {
  await using recording = await example();
  const { analogSignals: [signal] } = await recording.readSegment({ lazy: true });
  assert.deepEqual(signal!.pickChannels({ channelNames: ["ch2"] }).channelNames, ["ch2"]);
  assert.throws(() => signal!.pickChannels({ names: ["ch2"] } as never), {
    name: "TypeError",
    message: /unknown option "names".*"channelNames"/,
  });
  assert.throws(() => recording.channelNameToIndex("ch2" as never, 0), {
    name: "TypeError",
    message: /channelNames "ch2": expected a list/,
  });
  assert.throws(() => recording.channelIdToIndex("2" as never, 0), { name: "TypeError", message: /expected a list/ });
});

Deno.test("samples are rescaled to floats only, and only samples are", async () => {
  await using recording = await example();
  const raw = await recording.getAnalogSignalChunk({ streamIndex: 0, iStop: 2 });
  for (const dtype of ["int8", "", null]) {
    await assert.rejects(recording.rescaleSignalRawToFloat(raw, { streamIndex: 0, dtype: dtype as never }), {
      name: "TypeError",
      message: /expected "float32" or "float64"/,
    });
  }
  for (const wrong of [{}, [1, 2], null, undefined, "x"]) {
    await assert.rejects(recording.rescaleSignalRawToFloat(wrong as never, { streamIndex: 0 }), {
      name: "TypeError",
      message: /Cannot rescale .*: expected samples/,
    });
  }
});

Deno.test("what is no source, and what leads to no files beside one, is refused by name", async () => {
  for (const wrong of [null, undefined, 5, true, {}]) {
    await assert.rejects(openRecording(wrong as never), {
      name: "TypeError",
      message: /^Cannot open .*: expected a URL/,
    });
  }
  for (const siblings of [5, true, null, ["a.eeg"]]) {
    await assert.rejects(openRecording(new Uint8Array(9), { siblings: siblings as never }), {
      name: "TypeError",
      message: /by siblings .*: expected a path, a map or a function/,
    });
  }
});

Deno.test("each format has its class by neo's name among the exports", async () => {
  const room: Readonly<Record<string, unknown>> = await import("../../src/recording/mod.ts");
  for (const { ioName, name } of RECORDING_FORMATS) {
    const Reader = room[ioName] as (new (path: string) => Recording) | undefined;
    assert.equal(typeof Reader, "function", `${name} has no class ${ioName}`);
    assert.equal(new Reader!("x").ioName, ioName);
  }
});

Deno.test("of a folder on a server the error says that it can't be listed, not that nothing is in it", async () => {
  const server = await startRangeServer({ "/run/x.edf": new Uint8Array(9) });
  try {
    await assert.rejects(openRecording(`${server.url}/run/`), {
      name: "UnsupportedError",
      message: /a folder on a server can't be listed; open one of its files, or give the option format$/,
    });
  } finally {
    await server.close();
  }
  await assert.rejects(openRecording(new Map([["x.foo", new Uint8Array(9)]])), /nothing in the folder says which/);
});

Deno.test("a map's names may begin with the folder that they are in, as browsers name them", async () => {
  const inner = new Map(Object.entries({
    "run_g0_t0.nidq.meta": bytes(metaText(board([0, 0, 1, 0]))),
    "run_g0_t0.nidq.bin": new Uint8Array(12),
  }));
  for (const top of ["", "picked/", "./", "/", "disk/picked/"]) {
    await using recording = await openRecording(new Map([...inner].map(([name, file]) => [top + name, file])));
    assert.deepEqual([recording.format.name, recording.getSignalSize()], ["spikeglx", 6], top);
  }
  const apart = new Map([...inner].map(([name, file], i) => [`${i}/${name}`, file]));
  await assert.rejects(openRecording(apart), { name: "UnsupportedError", message: /nothing in the folder says/ });
});

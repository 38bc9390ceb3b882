import assert from "node:assert/strict";
import type { ChannelParts, RecordingParts } from "../../src/recording/format.ts";
import { SPIKEGLX } from "../../src/recording/formats/spikeglx/spikeglx.ts";
import { CorruptFileError } from "../../src/source/errors.ts";
import { board, bytes, metaText, type MetaValues, probe10, probe20, sample, samples } from "./make/spikeglx.ts";
import { numbers, openParts } from "./support.ts";

/** Opens one stream with some rows of samples. */
async function openOne(
  meta: MetaValues,
  options: { readonly rows?: number; readonly stem?: string; readonly text?: string; readonly data?: Int16Array } = {},
) {
  const { rows = 4, stem = String(meta.fileName).replace(/^.*\/|\.bin$/g, "") } = options;
  const width = Number(meta.nSavedChans);
  const source = new Map([
    [`${stem}.meta`, bytes(options.text ?? metaText(meta))],
    [`${stem}.bin`, bytes(options.data ?? samples(rows, width))],
  ]);
  return await openParts(SPIKEGLX, source);
}

/** Channels of the first stream of a header. */
async function channelsOf(meta: MetaValues, text?: string): Promise<readonly ChannelParts[]> {
  await using opened = await openOne(meta, text === undefined ? {} : { text });
  return opened.parts.streams[0]!.channels;
}

function near(value: number, expected: number): void {
  assert.ok(Math.abs(value / expected - 1) < 1e-12, `${value} is not ${expected}`);
}

/** Fields of the annotations of a channel. */
function told(channel: ChannelParts, ...keys: string[]): unknown[] {
  return keys.map((key) => channel.annotations?.[key]);
}

Deno.test("SpikeGLX: each channel of a 1.0 probe has its own gain, AP and LF", async () => {
  const parts = [
    ..."NP1000 NP1001 NP1010 NP1017 NP1020 NP1022 NP1030 NP1033 NP1040 NP1042 NP1050 NP1051 NP1100 NP1120".split(" "),
    ..."NP1123 NP1200 NP1210 NP1300 NP1400 NP3000 PRB_1_4_0480_1 PRB_1_4_0480_1_C PRB_1_2_0480_2".split(" "),
  ];
  for (const part of parts) {
    const ap = await channelsOf(probe10({ channels: 8, more: { imDatPrb_pn: part, imChan0apGain: 77 } }));
    assert.equal(ap.length, 8);
    ap.forEach(({ gain, units, offset }, c) => {
      near(gain, 0.6 / 512 / (500 + c) * 1e6);
      assert.deepEqual([units, offset], ["uV", 0]);
    });
    const lf = await channelsOf(probe10({ band: "lf", channels: 8, more: { imDatPrb_pn: part } }));
    lf.forEach(({ gain }, c) => near(gain, 0.6 / 512 / (250 + c) * 1e6));
  }
});

Deno.test("SpikeGLX: the gains of a UHD2 probe stand in the header of its readout table", async () => {
  const groups = Array.from({ length: 24 }, (_, g) => `(${g} 0 0)`).join("");
  const more = { imDatPrb_pn: "NP1110", imDatPrb_type: 1110, imroTbl: `(1110,2,0,750,125,1)${groups}` };
  for (const { gain } of await channelsOf(probe10({ channels: 384, more }))) near(gain, 0.6 / 512 / 750 * 1e6);
  for (const { gain } of await channelsOf(probe10({ band: "lf", channels: 384, more }))) {
    near(gain, 0.6 / 512 / 125 * 1e6);
  }
});

Deno.test("SpikeGLX: probes of one gain have that of their kind, or what the file says", async () => {
  const kinds: [string, number, number][] = [
    ..."NP2000 NP2010 PRB2_1_2_0640_0 PRB2_4_2_0640_0".split(" ").map((
      part,
    ): [string, number, number] => [part, 8192, 80]),
    ..."NP2003 NP2004 NP2006 NP2013 NP2014 NP2300 NP2020 NP2021 NP2022 NP3010 NP3012 NP3020 NP3024".split(" ")
      .map((part): [string, number, number] => [part, 2048, 100]),
  ];
  for (const [part, maxInt, gain] of kinds) {
    for (const channel of await channelsOf(probe20(part, { channels: 4 }))) {
      near(channel.gain, 0.5 / maxInt / gain * 1e6);
    }
    const more = { imChan0apGain: 125, imMaxInt: 4096 };
    for (const channel of await channelsOf(probe20(part, { channels: 4, more }))) {
      near(channel.gain, 0.5 / 4096 / 125 * 1e6);
    }
  }
});

Deno.test("SpikeGLX: without a part number the type tells the probe, without either it is of phase 3A", async () => {
  const without = (meta: MetaValues, ...keys: string[]): MetaValues =>
    Object.fromEntries(Object.entries(meta).filter(([key]) => !keys.includes(key)));
  const types: [number, number][] = [[21, 0.5 / 8192 / 80], [24, 0.5 / 8192 / 80], [2013, 0.5 / 2048 / 100], [
    2020,
    0.5 / 2048 / 100,
  ]];
  for (const [type, step] of types) {
    const meta = without(probe20("NP2000", { channels: 4, more: { imDatPrb_type: type } }), "imDatPrb_pn");
    near((await channelsOf(meta))[0]!.gain, step * 1e6);
  }
  const early = without(probe10({ channels: 4 }), "imDatPrb_pn", "imDatPrb_type", "imMaxInt");
  near((await channelsOf(early))[3]!.gain, 0.6 / 512 / 503 * 1e6);
  // Phase 3A: three numbers in the table's header, and no filter in its entries; names without the probe's number.
  const table = "(641251510,3,4)(0 0 0 500 250)(1 0 0 1000 125)(2 0 0 500 250)(3 0 0 500 250)";
  const old = {
    ...early,
    imProbeOpt: 3,
    imProbeSN: 641251510,
    imroTbl: table,
    fileName: "D:/run_g0_t0.imec.ap.bin",
  };
  await using opened = await openOne(old);
  assert.deepEqual(opened.parts.streams.map(({ id }) => id), ["imec.ap", "imec.ap-SYNC"]);
  near(opened.parts.streams[0]!.channels[1]!.gain, 0.6 / 512 / 1000 * 1e6);
});

Deno.test("SpikeGLX: a saved subset has gains, names, sites and turns of the channels that were acquired", async () => {
  const map = "(8,8,1)(AP2;2:0)(AP5;5:1)(AP7;7:2)(SY0;16:3)";
  const sites = "(NP1000,1,0,70)(0:11:20:1)(0:43:40:0)(0:59:60:1)";
  const meta = probe10({
    channels: 8,
    saved: "3,0,1",
    subset: "2,5,7,16",
    more: { snsChanMap: map, snsGeomMap: sites },
  });
  const channels = await channelsOf(meta);
  assert.deepEqual(channels.map(({ name }) => name), ["AP2", "AP5", "AP7"]);
  assert.deepEqual(channels.map(({ id }) => id), ["imec0.ap#AP2", "imec0.ap#AP5", "imec0.ap#AP7"]);
  channels.forEach(({ gain }, i) => near(gain, 0.6 / 512 / [502, 505, 507][i]! * 1e6));
  assert.deepEqual(channels.map((channel) => told(channel, "channel", "x", "z", "shank", "used")), [
    [2, 11, 20, 0, true],
    [5, 43, 40, 0, false],
    [7, 59, 60, 0, true],
  ]);
  // 32 converters take twelve channels in turn, even and odd ones apart; the thirteenth step is for LF.
  assert.deepEqual(channels.map((channel) => told(channel, "adc", "interSampleShift")), [[0, 1 / 13], [1, 2 / 13], [
    1,
    3 / 13,
  ]]);
  const lf = await channelsOf(probe10({ band: "lf", channels: 8, saved: "0,2,1", subset: "9,14,16" }));
  assert.deepEqual(lf.map(({ name }) => name), ["LF1", "LF6"]);
  lf.forEach(({ gain }, i) => near(gain, 0.6 / 512 / [251, 256][i]! * 1e6));
  assert.deepEqual(lf.map((channel) => told(channel, "interSampleShift")), [[0], [3 / 12]]);
});

Deno.test("SpikeGLX: names are made where there is no channel map, and a subset that doesn't fit is told", async () => {
  const channels = await channelsOf(probe10({ channels: 4 }));
  assert.deepEqual(channels.map(({ name }) => name), ["AP0", "AP1", "AP2", "AP3"]);
  await using opened = await openOne(probe10({ channels: 4, subset: "0:2,8" }));
  assert.match(opened.files.warnings.join(), /snsSaveChanSubset lists 4 channels, 5 are saved/);
  assert.deepEqual(opened.parts.streams[1]!.channels.map(({ name }) => name), ["SY0"]);
});

Deno.test("SpikeGLX: lists are read with their tilde or without, lines end in any way", async () => {
  const meta = probe10({ channels: 4, more: { snsChanMap: "(4,4,1)(A;0:0)(B;1:1)(C;2:2)(D;3:3)(S;8:8)" } });
  for (const newline of ["\r\n", "\n", "\r"]) {
    for (const tilde of [true, false]) {
      const channels = await channelsOf(meta, metaText({ ...meta, userNotes: "a=b=c" }, { newline, tilde }));
      assert.deepEqual(channels.map(({ name }) => name), ["A", "B", "C", "D"]);
    }
  }
});

Deno.test("SpikeGLX: a grid of electrodes becomes places where the grid is published, else stays a grid", async () => {
  const map = "(1,2,480)(0:0:0:1)(0:1:0:1)(0:0:1:1)(0:1:1:0)";
  const staggered = await channelsOf(probe10({ channels: 4, more: { snsShankMap: map } }));
  assert.deepEqual(staggered.map((channel) => told(channel, "x", "z", "column", "row", "used")), [
    [27, 0, 0, 0, true],
    [59, 0, 1, 0, true],
    [11, 20, 0, 1, true],
    [43, 20, 1, 1, false],
  ]);
  const straight = await channelsOf(
    probe20("NP2010", { channels: 4, more: { snsShankMap: "(4,2,640)(0:0:0:1)(1:1:144:1)(2:0:49:1)(3:1:97:1)" } }),
  );
  assert.deepEqual(straight.map((channel) => told(channel, "shank", "x", "z")), [
    [0, 27, 0],
    [1, 59, 2160],
    [2, 27, 735],
    [3, 59, 1455],
  ]);
  const other = await channelsOf(probe10({ channels: 4, more: { snsShankMap: map, imDatPrb_pn: "NP1030" } }));
  assert.deepEqual(told(other[3]!, "x", "z", "column", "row"), [undefined, undefined, 1, 1]);
});

Deno.test("SpikeGLX: turns of sampling follow the file's table, else the rule of the probe", async () => {
  const rule = await channelsOf(probe20("NP2013", { channels: 40 }));
  // 24 converters take sixteen channels in turn.
  assert.deepEqual(told(rule[0]!, "adc", "interSampleShift"), [0, 0]);
  assert.deepEqual(told(rule[31]!, "adc", "interSampleShift"), [1, 15 / 16]);
  assert.deepEqual(told(rule[34]!, "adc", "interSampleShift"), [2, 1 / 16]);
  const muxTbl = "(2,4)(0 4)(1 5)(2 6)(3 7)";
  const table = await channelsOf(probe20("NP2013", { channels: 8, more: { muxTbl } }));
  assert.deepEqual(table.map((channel) => told(channel, "adc", "interSampleShift")), [
    [0, 0],
    [0, 0.25],
    [0, 0.5],
    [0, 0.75],
    [1, 0],
    [1, 0.25],
    [1, 0.5],
    [1, 0.75],
  ]);
  // Of 1.0 probes a round has one step more, for the LF band.
  const ap = await channelsOf(probe10({ channels: 8, more: { muxTbl } }));
  assert.deepEqual(told(ap[7]!, "interSampleShift"), [3 / 5]);
  // The order of the 128 channels of NP1200 is known by its table only.
  const wired = await channelsOf(probe10({ channels: 8, more: { imDatPrb_pn: "NP1200" } }));
  assert.deepEqual(told(wired[7]!, "interSampleShift"), [undefined]);
});

Deno.test("SpikeGLX: all sync words are one stream of raw words, four of a quad base probe", async () => {
  await using opened = await openOne(probe20("NP2021", { channels: 1536, sync: 4 }), { rows: 5 });
  const { streams, blocks, buffers } = opened.parts;
  assert.deepEqual(streams.map(({ id, bufferId, channels }) => [id, bufferId, channels.length]), [
    ["imec0.ap", "imec0.ap", 1536],
    ["imec0.ap-SYNC", "imec0.ap", 4],
  ]);
  assert.deepEqual(buffers, [{ name: "imec0.ap", id: "imec0.ap" }]);
  assert.deepEqual(streams[1]!.channels.map(({ name, units, gain }) => [name, units, gain]), [
    ["SY0", "", 1],
    ["SY1", "", 1],
    ["SY2", "", 1],
    ["SY3", "", 1],
  ]);
  const [analog, sync] = blocks[0]!.segments[0]!.signals;
  assert.deepEqual(analog!.array.shape, [5, 1536]);
  assert.deepEqual(numbers(await sync!.array.read([3])), [1536, 1537, 1538, 1539].map((c) => sample(3, c)));
  assert.deepEqual(numbers(await analog!.array.read([4, [0, 1535]])), [sample(4, 0), sample(4, 1535)]);
});

Deno.test("SpikeGLX: an NI board's channels have their own gains, in volts", async () => {
  const map = "(1,1,32,2,1)(MN0C0;0:0)(MN0C1;1:1)(MA0C0;2:2)(XA0;3:3)(XA1;4:4)(XD0;5:5)";
  const channels = await channelsOf(board([2, 1, 2, 1], { snsChanMap: map }));
  assert.deepEqual(channels.map(({ name, units }) => [name, units]), [
    ["MN0C0", "V"],
    ["MN0C1", "V"],
    ["MA0C0", "V"],
    ["XA0", "V"],
    ["XA1", "V"],
    ["XD0", "V"],
  ]);
  const step = 5 / 32768;
  channels.forEach(({ gain }, i) => near(gain, [step / 200, step / 200, step / 4, step, step, step][i]!));
  assert.deepEqual(channels.map((channel) => told(channel, "isDigital")[0]), [false, false, false, false, false, true]);
  near((await channelsOf(board([0, 0, 1, 0], { niMaxInt: 8192 })))[0]!.gain, 5 / 8192);
});

Deno.test("SpikeGLX: a OneBox has analog channels, a digital word of twelve lines, and a sync word", async () => {
  const meta = {
    typeThis: "obx",
    acqXaDwSy: "2,1,1",
    snsXaDwSy: "2,1,1",
    nSavedChans: 4,
    snsSaveChanSubset: "all",
    obSampRate: 30303,
    obAiRangeMax: 2.5,
    obMaxInt: 32768,
    firstSample: 100,
    fileName: "D:/run_g0_t0.obx0.obx.bin",
  };
  const data = samples(40, 4, { 2: (row) => row >= 10 && row < 20 ? 1 << 11 : 0 });
  await using opened = await openOne(meta, { data });
  const { streams, blocks, eventChannels } = opened.parts;
  assert.deepEqual(streams.map(({ id, channels }) => [id, channels.map(({ name }) => name)]), [
    ["obx0", ["XA0", "XA1", "XD0"]],
    ["obx0-SYNC", ["SY0"]],
  ]);
  near(streams[0]!.channels[1]!.gain, 2.5 / 32768);
  assert.equal(streams[0]!.channels[0]!.samplingRate, 30303);
  assert.deepEqual(eventChannels!.map(({ name }) => name), Array.from({ length: 12 }, (_, bit) => `XD${bit}`));
  assert.equal(eventChannels![11]!.id, "obx0#XD11");
  const events = await blocks[0]!.segments[0]!.events(11, {});
  assert.deepEqual([...events.timestamps], [110, 120]);
  assert.deepEqual(events.labels, ["XD11 ON", "XD11 OFF"]);
  assert.equal(events.ticksPerSecond, 30303);
});

Deno.test("SpikeGLX: headers that can't be are refused by file, key and line", async () => {
  const wrong: [MetaValues, RegExp][] = [
    [{ imSampRate: 0 }, /imec0\.ap\.meta: imSampRate in line 11 is "0", expected a number above 0/],
    [{ imSampRate: -30000 }, /imSampRate/],
    [{ imSampRate: "NaN" }, /imSampRate in line 11 is "NaN", expected a number/],
    [{ imSampRate: "fast" }, /imSampRate/],
    [{ imAiRangeMax: "" }, /imAiRangeMax/],
    [{ nSavedChans: 385 }, /nSavedChans in line 12 is "385", snsApLfSy says that there are 5/],
    [{ nSavedChans: "4e9", snsApLfSy: "4000000000,0,0" }, /snsApLfSy/],
    [{ snsApLfSy: "4,1" }, /snsApLfSy in line 13 is "4,1", expected 3 counts of channels/],
    [{ snsApLfSy: "" }, /snsApLfSy/],
    [{ snsApLfSy: "0,0,0", nSavedChans: 0 }, /at least one channel/],
    [{ snsSaveChanSubset: "0:999999999" }, /snsSaveChanSubset/],
    [{ snsSaveChanSubset: "0-4" }, /snsSaveChanSubset/],
    [{ typeThis: "ephys" }, /typeThis in line 15 is "ephys", expected imec, nidq or obx/],
    [{ imroTbl: "(0,4)(0 0 0 0 250 1)" }, /imroTbl/],
    [{ imroTbl: "" }, /imroTbl/],
    [{ imMaxInt: 0 }, /imMaxInt/],
    [{ firstSample: "soon" }, /firstSample/],
    [{ snsGeomMap: "(NP1000,1,0,70)(0:27:x:1)" }, /snsGeomMap/],
  ];
  for (const [more, message] of wrong) {
    const meta = { ...probe10({ channels: 4 }), ...more };
    const source = new Map([["run_g0_t0.imec0.ap.meta", bytes(metaText(meta))], [
      "run_g0_t0.imec0.ap.bin",
      new Uint8Array(40),
    ]]);
    await assert.rejects(
      openParts(SPIKEGLX, source),
      (error) => error instanceof CorruptFileError && message.test(error.message),
      JSON.stringify(more),
    );
  }
});

Deno.test("SpikeGLX: a probe that isn't known is read by the look of its table, and told", async () => {
  await using like10 = await openOne(probe10({ channels: 4, more: { imDatPrb_pn: "XYZ", imDatPrb_type: "new" } }));
  near(like10.parts.streams[0]!.channels[2]!.gain, 0.6 / 512 / 502 * 1e6);
  assert.match(like10.files.warnings.join(), /the probe XYZ isn't known; it is read as one of the kind 1\.0/);
  await using like20 = await openOne(probe20("XYZ", { channels: 4, more: { imDatPrb_type: "new" } }));
  near(like20.parts.streams[0]!.channels[2]!.gain, 0.5 / 2048 / 100 * 1e6);
});

Deno.test("SpikeGLX: files that are written to, or cut off, are read as far as they go", async () => {
  const meta = { ...probe10({ channels: 4 }), fileSizeBytes: 1000, firstSample: "" };
  const source = new Map([
    ["run_g0_t0.imec0.ap.meta", bytes(metaText(meta))],
    ["run_g0_t0.imec0.ap.bin", bytes(samples(7, 5)).slice(0, 67)],
  ]);
  await using opened = await openParts(SPIKEGLX, source);
  const { signals, tStart, tStop } = opened.parts.blocks[0]!.segments[0]!;
  assert.deepEqual(signals[0]!.array.shape, [6, 4]);
  assert.deepEqual([tStart, tStop], [0, 6 / 30000]);
  assert.deepEqual(numbers(await signals[1]!.array.read()), Array.from({ length: 6 }, (_, row) => sample(row, 4)));
  const told = opened.files.warnings.join("\n");
  assert.match(told, /firstSample is missing/);
  assert.match(told, /imec0\.ap\.bin has 67 bytes, run_g0_t0\.imec0\.ap\.meta says 1000/);
  assert.match(told, /ends within a sample of its 5 channels; 7 bytes are left out/);
  // Begun just now: no samples, and no size in the header yet.
  const { fileSizeBytes: _, ...fresh } = meta;
  const empty = new Map([["run_g0_t0.imec0.ap.meta", bytes(metaText(fresh))], [
    "run_g0_t0.imec0.ap.bin",
    new Uint8Array(0),
  ]]);
  await using begun = await openParts(SPIKEGLX, empty);
  assert.deepEqual(begun.parts.blocks[0]!.segments[0]!.signals[0]!.array.shape, [0, 4]);
});

Deno.test("SpikeGLX: what is known of run and devices is annotated", async () => {
  const more = {
    snsGeomMap: "(NP2013,4,250,70)(0:27:0:1)(0:59:0:1)(0:27:15:1)(0:59:15:1)",
    imDatPrb_sn: 123,
    userNotes: "deep",
  };
  await using opened = await openOne(probe20("NP2013", { channels: 4, more }));
  const { name, annotations, segments }: RecordingParts["blocks"][0] = opened.parts.blocks[0]!;
  assert.equal(name, "run");
  assert.deepEqual(annotations, {
    recDatetime: new Date("2023-09-04T16:01:07Z"),
    runName: "run",
    appVersion: "20230815",
    userNotes: "deep",
    devices: {
      "imec0.ap": {
        probePartNumber: "NP2013",
        probeType: "2013",
        probeSerialNumber: "123",
        shanks: 4,
        shankPitch: 250,
        shankWidth: 70,
      },
    },
  });
  assert.deepEqual(segments[0]!.annotations, { gate: 0, trigger: 0 });
});

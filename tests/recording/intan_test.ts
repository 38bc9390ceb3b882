// Intan's files with all in blocks, and the corpus.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { FormatOptions, SegmentParts } from "../../src/recording/format.ts";
import { INTAN } from "../../src/recording/formats/intan/intan.ts";
import { LimitError } from "../../src/source/errors.ts";
import { CORPUS } from "../corpus/find.ts";
import {
  blockSamples,
  intanBlocks,
  intanHeader,
  joined,
  type MadeIntan,
  rhdGroups,
  rhsGroups,
  type Value,
} from "./make/intan.ts";
import { numbers, type OpenedParts, openParts } from "./support.ts";

/** Some value of its own for every sample. */
const value: Value = (what, channel, sample) => {
  if (what === "time") return sample;
  if (what === "din") return sample % 10 < 4 ? 0b10 : 0x8000;
  if (what === "dout") return sample % 7 === 0 ? 0xfff1 : 0xfff0;
  if (what === "temp") return 2500 + channel + sample;
  return (what.charCodeAt(0) * 97 + channel * 1000 + sample * 3) % 65536;
};

function made(recording: MadeIntan, blocks: number, sample: Value = value): Uint8Array<ArrayBuffer> {
  return joined(intanHeader(recording), intanBlocks(recording, blocks, sample));
}

function open(bytes: Uint8Array<ArrayBuffer>, options: FormatOptions = {}): Promise<OpenedParts> {
  return openParts(INTAN, bytes, { options });
}

async function samplesOf({ parts }: OpenedParts, id: string, segment = 0): Promise<number[][]> {
  const at = parts.streams.findIndex((stream) => stream.id === id);
  assert.ok(at >= 0, `no stream ${id}`);
  const read = await parts.blocks[0]!.segments[segment]!.signals[at]!.array.read();
  const all = numbers(read);
  const width = read.shape[1]!;
  return Array.from({ length: width }, (_, c) => Array.from({ length: read.shape[0]! }, (_, i) => all[i * width + c]!));
}

const times = (segments: readonly SegmentParts[]) => segments.map(({ tStart, tStop }) => [tStart, tStop]);
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

Deno.test({
  name: "the corpus' files agree with neo where neo is right, and have the right rates where it isn't",
  ignore: CORPUS === null,
  async fn() {
    const file = "intan/load-rhd-notebook-python__sampledata_fmt3.0.rhd";
    const golden = JSON.parse(readFileSync(`${CORPUS}EXPECTED/neo_golden.json`, "utf8"))[file];
    await using opened = await openParts(INTAN, CORPUS + file);
    const { parts } = opened;
    assert.ok(INTAN.recognises(opened.probe));
    assert.equal(parts.streams.length, golden.n_signal_streams);
    assert.deepEqual(opened.files.warnings, []);
    for (const [i, expected] of golden.streams.entries()) {
      const { id, name, dtype, channels } = parts.streams[i]!;
      assert.deepEqual([id, name, channels.length], [expected.id, expected.name, expected.n_channels]);
      assert.deepEqual(channels.slice(0, 8).map((channel) => channel.name), expected.channel_names);
      assert.deepEqual([dtype, channels[0]!.samplingRate, channels[0]!.units], [
        "u2",
        expected.sampling_rate,
        expected.units,
      ]);
      assert.deepEqual([channels[0]!.gain, channels[0]!.offset], [expected.gain0, expected.offset0]);
      const [segment] = expected.segments;
      const signal = parts.blocks[0]!.segments[0]!.signals[i]!;
      const all = numbers(await signal.array.read());
      const width = channels.length;
      assert.deepEqual(signal.array.shape, [segment.n_samples, width]);
      assert.equal(signal.tStart, segment.t_start);
      assert.deepEqual(range(5).map((row) => all[row * width]), segment.first_5_samples_ch0);
      const last = [3, 2, 1].map((back) => all[(segment.n_samples - back) * width + width - 1]);
      assert.deepEqual(last, segment.last_3_samples_chlast);
      assert.equal(all.reduce((sum, one) => sum + one, 0), segment.int_sum_all);
    }

    const folder = `${CORPUS}intan/ephy_testing_data__intan_fpc_test_231117_052630`;
    for (const source of [`${folder}/info.rhd`, folder, `${folder}/amp-A-003.dat`]) {
      await using split = await openParts(INTAN, source);
      assert.ok(INTAN.recognises(split.probe), source);
      assert.deepEqual(split.files.warnings, []);
      const { streams, blocks, eventChannels } = split.parts;
      assert.deepEqual(streams.map((stream) => [stream.id, stream.channels.length, stream.channels[0]!.samplingRate]), [
        ["0", 64, 30000],
        // neo has 7500 Hz here, though the file has a sample for each of the amplifier's.
        ["1", 6, 30000],
        ["3", 1, 30000],
        ["4", 1, 30000],
      ]);
      assert.notEqual(streams[1]!.channels[0]!.samplingRate, 7500);
      assert.deepEqual(streams[2]!.channels[0]!.offset, -32768 * 312.5e-6);
      assert.equal(blocks[0]!.segments.length, 1);
      assert.equal((blocks[0]!.annotations!.recDatetime as Date).toISOString(), "2023-11-17T05:26:30.000Z");
      const amplifiers = await samplesOf(split, "0");
      for (const [i, name] of [[3, "A-003"], [63, "B-031"]] as const) {
        const raw = readFileSync(`${folder}/amp-${name}.dat`);
        assert.deepEqual(amplifiers[i], Array.from(new Int16Array(new Uint8Array(raw).buffer)), name);
      }
      assert.deepEqual(eventChannels!.map(({ name, type }) => [name, type]), [["DIGITAL-IN-01", "epoch"]]);
      const line = new Uint16Array(new Uint8Array(readFileSync(`${folder}/board-DIGITAL-IN-01.dat`)).buffer);
      const epochs = await blocks[0]!.segments[0]!.events(0, {});
      assert.deepEqual([...epochs.timestamps], [line.indexOf(1)]);
      assert.deepEqual([...epochs.durations!], [line.lastIndexOf(1) + 1 - line.indexOf(1)]);
    }
  },
});

for (const version of [[1, 0], [1, 1], [1, 2], [1, 3], [2, 0], [3, 0], [3, 3]] as const) {
  Deno.test(`an RHD of version ${version.join(".")} has blocks as that version writes them`, async () => {
    const [major, minor] = version;
    const recording: MadeIntan = {
      version,
      temperature: major > 1 || minor >= 1 ? 2 : 0,
      boardMode: 1,
      notch: 2,
      notes: ["a note", "", "µ"],
      groups: rhdGroups(),
    };
    const n = blockSamples(recording);
    assert.equal(n, major >= 2 ? 128 : 60);
    await using opened = await open(made(recording, 3));
    const { streams, blocks } = opened.parts;
    const rates = streams.map(({ id, channels }) => [id, channels.length, channels[0]!.samplingRate]);
    const slow = 20000 / n;
    assert.deepEqual(rates, [
      ["0", 3, 20000],
      ["1", 3, 5000],
      ["2", 1, slow],
      ["3", 1, 20000],
      ["4", 2, 20000],
      ["5", 1, 20000],
      ...(recording.temperature ? [["6", 2, slow]] : []),
    ]);
    const expect = async (id: string, what: string, channels: number, count: number) =>
      assert.deepEqual(
        await samplesOf(opened, id),
        range(channels).map((c) => range(count).map((i) => value(what, c, i))),
        what,
      );
    await expect("0", "amp", 3, 3 * n);
    await expect("1", "aux", 3, 3 * n / 4);
    await expect("2", "vdd", 1, 3);
    await expect("3", "adc", 1, 3 * n);
    if (recording.temperature) await expect("6", "temp", 2, 3);
    assert.deepEqual(await samplesOf(opened, "4"), [
      range(3 * n).map((i) => i % 10 < 4 ? 1 : 0),
      range(3 * n).map((i) => i % 10 < 4 ? 0 : 1),
    ]);
    assert.deepEqual(await samplesOf(opened, "5"), [range(3 * n).map((i) => i % 7 === 0 ? 1 : 0)]);
    const adc = streams[3]!.channels[0]!;
    // Versions before 1.3 know one board only.
    const expected = major > 1 || minor >= 3 ? [152.59e-6, -32768 * 152.59e-6] : [50.354e-6, 0];
    assert.deepEqual([adc.gain, adc.offset], expected);
    const annotations = blocks[0]!.annotations!;
    assert.deepEqual(annotations.notes, ["a note", "µ"]);
    assert.deepEqual([annotations.notchFilterFrequency, annotations.notchIsApplied], [60, major >= 3]);
    assert.deepEqual([annotations.actualUpperBandwidth, annotations.desiredUpperBandwidth], [7500, 8000]);
    const site = streams[0]!.channels[2]!;
    assert.deepEqual([site.name, site.id], ["site 2", "A-002"]);
    assert.deepEqual(site.annotations!.electrodeImpedanceMagnitude, 100002);
    assert.deepEqual([site.gain, site.offset], [0.195, -6389.76]);
  });
}

Deno.test("temperatures are hundredths of degrees, as the maker's reader has them", async () => {
  await using opened = await open(made({ temperature: 1, groups: rhdGroups(1) }, 2));
  const [channel] = opened.parts.streams.at(-1)!.channels;
  assert.deepEqual([channel!.units, channel!.gain, channel!.offset], ["Celsius", 0.01, 0]);
  assert.deepEqual(await samplesOf(opened, "6"), [[2500, 2501]]);
});

Deno.test("an RHS holds currents of stimulation with their sign, flags as lines, DC signals and outputs", async () => {
  const recording: MadeIntan = { system: "rhs", dc: true, stimStep: 1e-6, boardMode: 14, groups: rhsGroups() };
  const stim = [0, 5, 0x105, 0xff, 0x1ff, 0x100, 0x2003, 0x4103, 0x8000, 0xe1ff];
  await using opened = await open(
    made(recording, 2, (what, c, i) => what === "stim" ? stim[(i + c) % 10]! : value(what, c, i)),
  );
  const { streams } = opened.parts;
  assert.deepEqual(opened.files.warnings, []);
  assert.deepEqual(streams.map(({ id, channels }) => [id, channels.length]), [
    ["0", 2],
    ["3", 1],
    ["4", 1],
    ["5", 1],
    ["6", 1],
    ["10", 2],
    ["11", 2],
    ["12", 6],
  ]);
  const steps = [0, 5, -5, 255, -255, 0, 3, -3, 0, -255];
  assert.deepEqual(
    await samplesOf(opened, "11"),
    range(2).map((c) => range(256).map((i) => steps[(i + c) % 10])),
  );
  const step = streams[6]!.channels[0]!;
  assert.deepEqual([step.name, step.units, Math.fround(1e-6)], ["A-000_STIM", "A", step.gain]);
  const flags = await samplesOf(opened, "12");
  assert.deepEqual(streams[7]!.channels.slice(0, 3).map(({ name }) => name), [
    "A-000_AMP_SETTLE",
    "A-000_CHARGE_RECOVERY",
    "A-000_COMPLIANCE",
  ]);
  for (const [i, bit] of [13, 14, 15, 13, 14, 15].entries()) {
    assert.deepEqual(flags[i], range(256).map((row) => stim[(row + (i < 3 ? 0 : 1)) % 10]! >> bit & 1));
  }
  // 0 V is 512; a higher number is a lower voltage (neo has the sign the other way round).
  const dc = streams[5]!.channels[1]!;
  assert.deepEqual([dc.name, dc.units, dc.gain, dc.offset], ["A-001_DC", "mV", -19.23, 512 * 19.23]);
  assert.deepEqual((await samplesOf(opened, "10"))[1], range(256).map((i) => value("dc", 1, i)));
  for (const at of [1, 2]) {
    const { gain, offset } = streams[at]!.channels[0]!;
    assert.deepEqual([gain, offset], [312.5e-6, -10.24]);
  }
  assert.deepEqual(await samplesOf(opened, "4"), [range(256).map((i) => value("dac", 0, i))]);
});

Deno.test("an RHS without DC signals has none in its blocks", async () => {
  await using opened = await open(made({ system: "rhs", groups: rhsGroups() }, 2));
  assert.ok(opened.parts.streams.every(({ id }) => id !== "10"));
  assert.deepEqual(await samplesOf(opened, "3"), [range(256).map((i) => value("adc", 0, i))]);
});

Deno.test("analog inputs of a board that isn't known are taken as the first board's, with a warning", async () => {
  await using opened = await open(made({ boardMode: 5, groups: rhdGroups() }, 1));
  assert.deepEqual(opened.parts.streams[3]!.channels[0]!.gain, 50.354e-6);
  assert.match(opened.files.warnings.join(), /board mode 5/);
});

Deno.test("a gap in the numbers of samples begins a segment, at the sample, and slower signals follow", async () => {
  // 5000 samples are lost before sample 300, which isn't where a block begins.
  const recording: MadeIntan = { groups: rhdGroups(1) };
  const gapped: Value = (what, c, i) => what === "time" && i >= 300 ? i + 5000 : value(what, c, i);
  const bytes = made(recording, 4, gapped);
  await using opened = await open(bytes);
  const { segments } = opened.parts.blocks[0]!;
  assert.deepEqual(times(segments), [[0, 300 / 20000], [5300 / 20000, 5512 / 20000]]);
  assert.deepEqual((await samplesOf(opened, "0", 1))[0], range(212).map((i) => value("amp", 0, i + 300)));
  assert.deepEqual((await samplesOf(opened, "1", 0))[0]!.length, 75);
  assert.deepEqual((await samplesOf(opened, "1", 1))[0], range(53).map((i) => value("aux", 0, i + 75)));
  // Supply voltages at samples 0, 128, 256 | 384.
  assert.deepEqual(await samplesOf(opened, "2", 1), [[value("vdd", 0, 3)]]);
  assert.deepEqual(segments[1]!.signals[2]!.tStart, 5384 / 20000);
  assert.deepEqual(numbers(await segments[1]!.signals[0]!.timestamps!.read([{ start: 0, stop: 2, step: 1 }])), [
    5300,
    5301,
  ]);
  assert.deepEqual(numbers(await segments[0]!.signals[1]!.timestamps!.read([[0, 1, 74]])), [0, 4, 296]);
  await using whole = await open(bytes, { gapTolerance: 1 });
  assert.deepEqual(times(whole.parts.blocks[0]!.segments), [[0, 512 / 20000]]);
  await assert.rejects(
    async () => await (await open(bytes, { maxSegments: 1 }))[Symbol.asyncDispose](),
    (error) => error instanceof LimitError && /gapTolerance/.test(error.message),
  );
});

Deno.test("a recording with a trigger starts before it, at a negative time", async () => {
  const before: Value = (what, c, i) => what === "time" ? i - 200 : value(what, c, i);
  await using opened = await open(made({ groups: rhdGroups(1) }, 2, before));
  assert.deepEqual(times(opened.parts.blocks[0]!.segments), [[-0.01, 56 / 20000]]);
});

Deno.test("numbers of samples may turn over, signed or unsigned, without a gap", async () => {
  for (const [version, first] of [[[3, 1], 2 ** 31 - 100], [[1, 1], 2 ** 32 - 100]] as const) {
    const late: Value = (what, c, i) => what === "time" ? first + i : value(what, c, i);
    await using opened = await open(made({ version, groups: rhdGroups(1) }, 4, late));
    const { segments } = opened.parts.blocks[0]!;
    assert.deepEqual(segments.map(({ tStart }) => tStart), [first / 20000]);
  }
});

Deno.test("of a file that is cut, whole blocks are read, and a warning says what is left out", async () => {
  const bytes = made({ groups: rhdGroups(1) }, 4);
  await using opened = await open(bytes.slice(0, bytes.length - 1000));
  assert.equal(opened.parts.blocks[0]!.segments[0]!.tStop, 3 * 128 / 20000);
  assert.match(opened.files.warnings.join(), /ends within a block: \d+ bytes behind 3 whole blocks/);
  await using none = await open(intanHeader({ groups: rhdGroups(1) }));
  assert.deepEqual(none.parts.blocks[0]!.segments[0]!.signals[0]!.array.shape, [0, 1]);
  assert.match(none.files.warnings.join(), /no samples/);
});

Deno.test("digital lines are epochs from rising to falling, which a gap cuts", async () => {
  const lines: Value = (what, c, i) => {
    if (what === "time") return i < 256 ? i : i + 1000;
    // Line 2 (bit 1) is on from the start to sample 9, and from 200 to 299; line 16 (bit 15) from 500 on.
    if (what === "din") return (i < 10 || i >= 200 && i < 300 ? 2 : 0) | (i >= 500 ? 0x8000 : 0);
    return value(what, c, i);
  };
  const bytes = made({ groups: rhdGroups(1) }, 4, lines);
  await using opened = await open(bytes);
  const { parts } = opened;
  assert.deepEqual(parts.eventChannels!.map(({ name, type }) => [name, type]), [
    ["DIGITAL-IN-02", "epoch"],
    ["DIGITAL-IN-16", "epoch"],
    ["DIGITAL-OUT-01", "epoch"],
  ]);
  const found = async ({ parts }: OpenedParts) => {
    const out: unknown[] = [];
    for (const segment of parts.blocks[0]!.segments) {
      for (const channel of [0, 1]) {
        const { timestamps, durations, labels, ticksPerSecond } = await segment.events(channel, {});
        assert.equal(ticksPerSecond, 20000);
        assert.deepEqual(labels, [...timestamps].map(() => parts.eventChannels![channel]!.name));
        out.push([...timestamps].map((time, i) => [time, durations![i]]));
      }
    }
    return out;
  };
  const expected = [[[0, 10], [200, 56]], [], [[1256, 44]], [[1500, 12]]];
  assert.deepEqual(await found(opened), expected);
  const index = JSON.parse(JSON.stringify(await parts.index!({})));
  await using again = await open(bytes, { index });
  assert.deepEqual(await found(again), expected);
  for (const words of [{ initial: 0, rows: [9, 3], words: [1, 1] }, { initial: 0, rows: [9999], words: [1] }, "text"]) {
    await using wrong = await open(bytes, { index: { words: { digitalIn: words } } });
    await assert.rejects(() => found(wrong), { name: "CorruptFileError" });
  }
});

Deno.test("channels are called what their user called them, and their ids are those of their plugs", async () => {
  const groups = rhsGroups(1).map((group) => ({
    ...group,
    channels: group.channels.map((channel) => ({ ...channel, custom: `my ${channel.name}` })),
  }));
  await using opened = await open(made({ system: "rhs", dc: true, groups }, 1));
  const { streams, eventChannels } = opened.parts;
  assert.deepEqual(streams.map(({ channels: [first] }) => [first!.name, first!.id]), [
    ["my A-000", "A-000"],
    ["my ANALOG-IN-1", "ANALOG-IN-1"],
    ["my ANALOG-OUT-1", "ANALOG-OUT-1"],
    ["my DIGITAL-IN-03", "DIGITAL-IN-03"],
    ["my DIGITAL-OUT-01", "DIGITAL-OUT-01"],
    ["my A-000_DC", "A-000_DC"],
    ["my A-000_STIM", "A-000_STIM"],
    ["my A-000_AMP_SETTLE", "A-000_AMP_SETTLE"],
  ]);
  assert.deepEqual(eventChannels!.map(({ name, id }) => [name, id]), [
    ["my DIGITAL-IN-03", "DIGITAL-IN-03"],
    ["my DIGITAL-OUT-01", "DIGITAL-OUT-01"],
  ]);
  // One without a name of its own keeps that of its plug.
  const unnamed = [{ name: "A", prefix: "A", channels: [{ name: "A-000", custom: "", type: 0 }] }];
  await using plain = await open(made({ groups: unnamed }, 1));
  assert.equal(plain.parts.streams[0]!.channels[0]!.name, "A-000");
});

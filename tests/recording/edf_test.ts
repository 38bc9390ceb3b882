import assert from "node:assert/strict";
import { EDF } from "../../src/recording/formats/edf/edf.ts";
import { EDFIO, openRecording } from "../../src/recording/mod.ts";
import type { EventParts, FormatOptions } from "../../src/recording/format.ts";
import { CorruptFileError, LimitError, TruncatedError } from "../../src/source/errors.ts";
import { damaged, survives } from "./damage.ts";
import { type MadeEdf, type MadeSignal, makeEdf, tals } from "./make/edf.ts";
import { sparseSource } from "./make/sparse.ts";
import { numbers, type OpenedParts, openParts } from "./support.ts";

/** Opens bytes under a name. */
async function opened(bytes: Uint8Array<ArrayBuffer>, options: FormatOptions = {}): Promise<OpenedParts> {
  return await openParts(EDF, new File([bytes], "x.edf"), { options });
}

/** Raw values of a stream in a segment. */
async function raw({ parts }: OpenedParts, stream = 0, segment = 0): Promise<number[]> {
  return numbers(await parts.blocks[0]!.segments[segment]!.signals[stream]!.array.read());
}

/** Events of a channel by its name. */
async function events({ parts }: OpenedParts, name: string, segment = 0): Promise<EventParts> {
  const channel = parts.eventChannels!.findIndex((other) => other.name === name);
  return await parts.blocks[0]!.segments[segment]!.events(channel, {});
}

function ramp(count: number, from = 0): number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

const EEG: MadeSignal = { label: "Fp1", samples: 4, values: ramp(12, -6), physical: ["-100", "100"] };

Deno.test("EDF: samples, gain, offset and unit of a signal are those of its header's ranges", async () => {
  const signal = { ...EEG, physical: ["-100", "300"], digital: ["-1000", "1000"] } as const;
  await using file = await opened(makeEdf({ records: 3, duration: "0.5", signals: [signal] }));
  assert.deepEqual(file.parts.streams.map(({ name, id, dtype }) => [name, id, dtype]), [["8 Hz", "0", "i2"]]);
  const [channel] = file.parts.streams[0]!.channels;
  // 400 units for 2,000 steps; a digital 0 lies in the middle of -100 and 300.
  assert.deepEqual(
    { ...channel, annotations: undefined },
    { name: "Fp1", id: "0", samplingRate: 8, units: "uV", gain: 0.2, offset: 100, annotations: undefined },
  );
  assert.deepEqual(await raw(file), ramp(12, -6));
  assert.deepEqual([file.parts.blocks[0]!.segments[0]!.tStart, file.parts.blocks[0]!.segments[0]!.tStop], [0, 1.5]);
  assert.deepEqual(file.files.warnings, []);
});

Deno.test("EDF: rates come from the samples and the duration of a record, also where these don't divide", async () => {
  for (
    const [samples, duration, rate] of [[7, "0.07", 100], [1, "30", 1 / 30], [1228, "9.59375", 128], [4, "3", 4 / 3]]
  ) {
    const signal = { label: "A", samples: Number(samples), values: ramp(3 * Number(samples)) };
    await using file = await opened(makeEdf({ records: 3, duration: String(duration), signals: [signal] }));
    assert.equal(file.parts.streams[0]!.channels[0]!.samplingRate, rate);
  }
});

Deno.test("EDF: the gain is that of the standard, where neo divides by one step more", async () => {
  await using file = await opened(makeEdf({ records: 3, signals: [EEG] }));
  const { gain, offset } = file.parts.streams[0]!.channels[0]!;
  assert.equal(gain, 200 / 65535);
  assert.equal(offset, -100 + 32768 * 200 / 65535);
  const neo = 200 / 65536;
  assert.notEqual(gain, neo);
});

Deno.test("BDF: samples of 24 bits keep their sign and all their bits, where neo keeps 16", async () => {
  const values = [0, 1, -1, 8388607, -8388608, 406384, -123456, 65536];
  const signal = { label: "A1", samples: 4, values, physical: ["-262144", "262143"] } as const;
  await using file = await opened(makeEdf({ kind: "BDF", records: 2, signals: [signal] }));
  assert.equal(file.parts.streams[0]!.dtype, "i4");
  assert.deepEqual(await raw(file), values);
  assert.notDeepEqual(await raw(file), values.map((value) => value << 16 >> 16));
  assert.equal(file.parts.streams[0]!.channels[0]!.gain, 524287 / 16777215);
  const some = await file.parts.blocks[0]!.segments[0]!.signals[0]!.array.read([[6, 3, 3], 0]);
  assert.deepEqual(numbers(some), [-123456, 8388607, 8388607]);
});

Deno.test("EDF: signals of equal samples in a record are a stream, in the order of the first of each", async () => {
  const signal = (label: string, samples: number, from: number) => ({
    label,
    samples,
    values: ramp(2 * samples, from),
  });
  const signals = [signal("a", 2, 0), signal("b", 3, 100), signal("c", 2, 200), signal("d", 1, 300)];
  await using file = await opened(makeEdf({ records: 2, duration: "2", signals }));
  assert.deepEqual(
    file.parts.streams.map(({ name, channels }) => [name, channels.map(({ name, id }) => `${id} ${name}`)]),
    [["1 Hz", ["0 a", "2 c"]], ["1.5 Hz", ["1 b"]], ["0.5 Hz", ["3 d"]]],
  );
  assert.deepEqual(await raw(file, 0), [0, 200, 1, 201, 2, 202, 3, 203]);
  assert.deepEqual(await raw(file, 1), [100, 101, 102, 103, 104, 105]);
  assert.deepEqual(await raw(file, 2), [300, 301]);
});

const PLUS = { label: "EDF Annotations", samples: 40, physical: ["-1", "1"] } as const;

Deno.test("EDF+: annotations without a duration are events, others epochs, by time whatever record holds them", async () => {
  const values = [
    tals("+0", [["+1.5", "", "late"], ["+0", "", "first"]]),
    tals("+1", [["+0.25", "0.5", "sleep"], ["+1.25", "0", "none"]]),
    tals("+2", []),
  ];
  await using file = await opened(
    makeEdf({ records: 3, reserved: "EDF+C", signals: [EEG, { ...PLUS, values }] }),
  );
  assert.deepEqual(
    file.parts.eventChannels!.map(({ name, type }) => [name, type]),
    [["Event", "event"], ["Epoch", "epoch"]],
  );
  const found = await events(file, "Event");
  assert.deepEqual([...found.timestamps], [0, 1.25, 1.5]);
  assert.deepEqual(found.labels, ["first", "none", "late"]);
  assert.equal(found.durations, null);
  const epochs = await events(file, "Epoch");
  assert.deepEqual([[...epochs.timestamps], [...epochs.durations!], epochs.labels], [[0.25], [0.5], ["sleep"]]);
  assert.deepEqual(file.parts.streams.map(({ channels }) => channels.length), [1]);
});

Deno.test("EDF+: an event at time 0 is one, where neo drops it, and several texts share one onset", async () => {
  const text = new TextEncoder().encode("+0\x14\x14also in the first\x14\0+0.5\x14a\x14b\x14\0");
  const values = [text, tals("+1"), tals("+2")];
  await using file = await opened(makeEdf({ records: 3, reserved: "EDF+C", signals: [EEG, { ...PLUS, values }] }));
  const found = await events(file, "Event");
  assert.deepEqual([...found.timestamps], [0, 0.5, 0.5]);
  assert.deepEqual(found.labels, ["also in the first", "a", "b"]);
});

Deno.test("EDF+: remains of memory behind the last annotation are no annotations", async () => {
  const text = new TextEncoder().encode("+0\x14\x14\0+0.5\x14a\x14\0");
  const rest = Uint8Array.of(...text, 0xcc, 0x0c, 0x2b, 0x31, 0x14, 0x62, 0x14, 0);
  const values = [rest, tals("+1"), tals("+2")];
  await using file = await opened(makeEdf({ records: 3, reserved: "EDF+C", signals: [EEG, { ...PLUS, values }] }));
  assert.deepEqual((await events(file, "Event")).labels, ["a"]);
});

Deno.test("EDF+: annotations are UTF-8, or cp1252 where they aren't that", async () => {
  const values = [
    tals("+0", [["+0.5", "", "仰卧 µV"]]),
    Uint8Array.of(...tals("+1"), ...[..."+1.5\x14\xb5V caf\xe9\x14"].map((letter) => letter.charCodeAt(0))),
    tals("+2"),
  ];
  await using file = await opened(makeEdf({ records: 3, reserved: "EDF+C", signals: [EEG, { ...PLUS, values }] }));
  assert.deepEqual((await events(file, "Event")).labels, ["仰卧 µV", "µV café"]);
});

Deno.test("BDF+: annotation signals may be many and stand anywhere; only the first one keeps time", async () => {
  const other = { label: "BDF Annotations", samples: 12, physical: ["-1", "1"] } as const;
  const signals: MadeSignal[] = [
    { ...other, values: [tals("+0"), tals("+1")] },
    { label: "A", samples: 2, values: [1, 2, 3, 4] },
    { ...other, values: [tals(null, [["+1.75", "", "late"]]), tals(null)] },
    { label: "B", samples: 2, values: [5, 6, 7, 8] },
    { ...other, values: [tals(null, [["+0.5", "", "early"]]), tals(null, [["+0.75", "", "mid"]])] },
  ];
  await using file = await opened(makeEdf({ kind: "BDF", reserved: "BDF+C", records: 2, signals }));
  assert.deepEqual((await events(file, "Event")).labels, ["early", "mid", "late"]);
  assert.deepEqual(await raw(file), [1, 5, 2, 6, 3, 7, 4, 8]);
  assert.deepEqual(file.parts.streams[0]!.channels.map(({ name, id }) => [name, id]), [["A", "1"], ["B", "3"]]);
});

Deno.test("EDF+: time begins at the first sample, so that a start within a second is part of the date", async () => {
  const values = [tals("+0.3945312", [["+2.3457031", "", "spike"]]), tals("+1.3945312"), tals("+2.3945312")];
  await using file = await opened(
    makeEdf({ records: 3, reserved: "EDF+C", signals: [EEG, { ...PLUS, values }], date: "24.01.20", time: "04.05.56" }),
  );
  const [block] = file.parts.blocks;
  assert.equal(block!.segments[0]!.tStart, 0);
  const found = await events(file, "Event");
  assert.deepEqual([...found.timestamps], [1.9511719]);
  // What neo gives: the onset as it stands.
  assert.notDeepEqual([...found.timestamps], [2.3457031]);
  assert.deepEqual(block!.annotations!["recDatetime"], new Date("2020-01-24T04:05:56.395Z"));
});

/** Records of 4 samples a second at these times. */
function gapped(times: readonly string[], given: Partial<MadeEdf> = {}): Uint8Array<ArrayBuffer> {
  const values = times.map((time) => tals(time, [[`+${Number(time) + 0.5}`, "", `in ${time}`]]));
  const signals = [{ ...EEG, values: ramp(4 * times.length) }, { ...PLUS, values }];
  return makeEdf({ records: times.length, reserved: "EDF+D", signals, ...given });
}

Deno.test("EDF+D: a segment begins behind each gap, with the samples and events that are its own", async () => {
  await using file = await opened(gapped(["+0.5", "+1.5", "+10", "+11", "+12", "+20.125"]));
  const { segments } = file.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ tStart, tStop }) => [tStart, tStop]), [[0, 2], [9.5, 12.5], [19.625, 20.625]]);
  assert.deepEqual(await raw(file, 0, 0), ramp(8));
  assert.deepEqual(await raw(file, 0, 1), ramp(12, 8));
  assert.deepEqual(await raw(file, 0, 2), ramp(4, 20));
  assert.deepEqual(segments.map(({ signals }) => signals[0]!.tStart), [0, 9.5, 19.625]);
  const found = await Promise.all(segments.map((_, i) => events(file, "Event", i)));
  assert.deepEqual(found.map(({ timestamps }) => [...timestamps]), [[0.5, 1.5], [10, 11, 12], [20.125]]);
  assert.deepEqual(found[1]!.labels, ["in +10", "in +11", "in +12"]);
});

Deno.test("EDF+D: gaps up to the tolerance are none, and too many segments are an error that names it", async () => {
  const times = ["+0", "+1.2", "+2.2", "+9"];
  const starts = async (options: FormatOptions) => {
    await using file = await opened(gapped(times), options);
    return file.parts.blocks[0]!.segments.map(({ tStart }) => tStart);
  };
  // Half a sample period is 0.125 s.
  assert.deepEqual(await starts({}), [0, 1.2, 9]);
  assert.deepEqual(await starts({ gapTolerance: 0.25 }), [0, 9]);
  await assert.rejects(starts({ maxSegments: 2 }), (error: Error) => {
    assert.ok(error instanceof LimitError);
    assert.match(error.message, /gapTolerance/);
    return true;
  });
});

Deno.test("EDF+D: that there are no gaps is seen by two records of ten million", async () => {
  const records = 10_000_000;
  const one = makeEdf({ records: 1, reserved: "EDF+D", signals: [EEG, { ...PLUS, values: [tals("+0")] }] });
  const recordBytes = one.length - 768;
  const head = makeEdf({
    records: 0,
    reserved: "EDF+D",
    says: { records: String(records) },
    signals: [EEG, { ...PLUS, values: [] }],
  });
  const at = (record: number) => 768 + record * recordBytes + 8;
  const source = sparseSource("x.edf", 768 + records * recordBytes, [
    { offset: 0, bytes: head },
    { offset: at(0), bytes: tals("+0") },
    { offset: at(records - 1), bytes: tals(`+${records - 1}`) },
  ]);
  await using file = await openParts(EDF, source);
  assert.equal(file.parts.blocks[0]!.segments.length, 1);
  assert.ok(source.log.length <= 4, JSON.stringify(source.log));
});

Deno.test("EDF+C: a gap that the records tell of is one, and a warning says so", async () => {
  await using file = await opened(gapped(["+0", "+1", "+5"], { reserved: "EDF+C" }));
  assert.deepEqual(file.parts.blocks[0]!.segments.map(({ tStart }) => tStart), [0, 5]);
  assert.match(file.files.warnings.join(), /no gaps/);
});

Deno.test("EDF+C: records whose times stand still or can't be read are read as without gaps", async () => {
  for (const times of [["+0", "+0", "+0"], ["x", "+1", "+2"], ["+0", "x", "+9"]]) {
    const values = times.map((time) => tals(time));
    const signals = [EEG, { ...PLUS, values }];
    await using file = await opened(makeEdf({ records: 3, reserved: "EDF+C", signals }));
    assert.equal(file.parts.blocks[0]!.segments.length, 1);
    assert.equal(file.files.warnings.length, 1, times.join());
  }
});

Deno.test("EDF+: a duration that the header had to cut doesn't make gaps", async () => {
  const times = Array.from({ length: 200 }, (_, i) => `+${(i / 3).toFixed(7)}`);
  const samples = 2000;
  const signals = [
    { label: "A", samples, values: ramp(samples * times.length).map((i) => i % 1000) },
    { ...PLUS, values: times.map((time) => tals(time)) },
  ];
  // Half a sample is 83 µs; 200 thirds are 67 µs more than 200 times this. Of 100,000 they would be 33 ms.
  await using file = await opened(
    makeEdf({ records: 200, duration: "0.333333", reserved: "EDF+D", signals }),
    { gapTolerance: 1e-5 },
  );
  assert.equal(file.parts.blocks[0]!.segments.length, 1);
});

Deno.test("EDF+D: a clock that runs a little slow makes no gaps, also in a long recording", async () => {
  const records = 80_000;
  const time = (record: number) => `+${(record * 1.0001 + (record >= 50_000 ? 7 : 0)).toFixed(4)}`;
  const signals = [
    { label: "A", samples: 100, values: new Array<number>(100 * records).fill(1) },
    { ...PLUS, samples: 8, values: Array.from({ length: records }, (_, record) => tals(time(record))) },
  ];
  // 0.1 ms a record, half a sample period is 5 ms.
  await using file = await opened(makeEdf({ records, reserved: "EDF+D", signals }));
  assert.deepEqual(file.parts.blocks[0]!.segments.map(({ tStart }) => tStart), [0, 50_012]);
});

Deno.test("EDF+: a file of annotations only may have records of no duration", async () => {
  const values = [tals("+0", [["+0", "30", "Stage W"], ["+30", "90", "Stage 1"]]), tals("+0", [["+120", "", "x"]])];
  await using file = await opened(
    makeEdf({ records: 2, duration: "0", reserved: "EDF+C", signals: [{ ...PLUS, samples: 60, values }] }),
  );
  assert.deepEqual(file.parts.streams, []);
  const [segment] = file.parts.blocks[0]!.segments;
  assert.deepEqual([segment!.tStart, segment!.tStop, segment!.signals], [0, 120, []]);
  const epochs = await events(file, "Epoch");
  assert.deepEqual([...epochs.durations!], [30, 90]);
  assert.deepEqual((await events(file, "Event")).labels, ["x"]);
});

Deno.test("BDF: changes of the Status channel's lower 16 bits to other than 0 are events", async () => {
  const high = 0x500000;
  const status = [0, 0, 5, 5, 0, 0, 260, 261, 261, 0, 65535, 0].map((bits) => bits | high);
  // Battery low, the highest bits, and a new epoch aren't triggers.
  status[5]! |= 1 << 22;
  status[1]! |= 1 << 16;
  const values = status.map((word) => word << 8 >> 8);
  const signals = [
    { label: "A1", samples: 4, values: ramp(12) },
    { label: "Status", samples: 4, values, dimension: "Boolean" },
  ];
  await using file = await opened(makeEdf({ kind: "BDF", records: 3, duration: "2", signals }));
  assert.deepEqual(file.parts.eventChannels!.map(({ name }) => name), ["Event", "Epoch", "Status"]);
  const found = await events(file, "Status");
  assert.deepEqual([...found.timestamps], [2, 6, 7, 10]);
  assert.deepEqual(found.labels, ["5", "260", "261", "65535"]);
  assert.equal(found.ticksPerSecond, 2);
  // The channel itself stays as it is.
  assert.deepEqual((await raw(file)).filter((_, i) => i % 2 === 1), values);
});

Deno.test("EDF: a channel called Status stays a channel", async () => {
  await using file = await opened(makeEdf({ records: 3, signals: [{ ...EEG, label: "STATUS" }] }));
  assert.deepEqual(file.parts.eventChannels!.map(({ name }) => name), ["Event", "Epoch"]);
});

Deno.test("EDF: as many records are read as there are, whatever the header says", async () => {
  const bytes = (records: string) => makeEdf({ records: 3, signals: [EEG], says: { records } });
  for (
    const [says, cut, count, warnings] of [
      ["-1", 0, 12, 0],
      ["-1", 3, 8, 1],
      ["3", 3, 8, 1],
      ["5", 0, 12, 1],
      ["2", 0, 8, 1],
      ["0", 0, 12, 1],
      ["", 0, 12, 0],
      ["3", 24, 0, 1],
    ] as const
  ) {
    const whole = bytes(says);
    await using file = await opened(whole.slice(0, whole.length - cut));
    assert.deepEqual(await raw(file), ramp(count, -6), `${says}, ${cut} bytes cut`);
    assert.equal(file.files.warnings.length, warnings, file.files.warnings.join());
  }
});

Deno.test("EDF: the records begin where the header says, with a warning where its signals need less", async () => {
  const bytes = makeEdf({ records: 3, signals: [EEG], says: { headerBytes: "520" } });
  const longer = new Uint8Array(bytes.length + 8);
  longer.set(bytes.subarray(0, 512));
  longer.set(bytes.subarray(512), 520);
  await using file = await opened(longer);
  assert.deepEqual(await raw(file), ramp(12, -6));
  assert.match(file.files.warnings.join(), /520/);
  await using shorter = await opened(makeEdf({ records: 3, signals: [EEG], says: { headerBytes: "256" } }));
  assert.deepEqual(await raw(shorter), ramp(12, -6));
});

Deno.test("EDF: an inverted, an empty and an unreadable physical range are read", async () => {
  const of = (physical: readonly [string, string], digital?: readonly [string, string]) => ({
    ...EEG,
    physical,
    ...(digital === undefined ? {} : { digital }),
  });
  const signals = [
    of(["8711", "-8711"]),
    of(["0", "0"]),
    of(["-1", "1"], ["5", "5"]),
    of(["abc", "1"]),
    of(["-0,5", "0,5"]),
    of(["-1e3", "+1E3"]),
  ];
  await using file = await opened(makeEdf({ records: 3, signals }));
  const { channels } = file.parts.streams[0]!;
  assert.deepEqual(
    channels.map(({ gain }) => gain),
    [-17422 / 65535, 1, 1, 1, 1 / 65535, 2000 / 65535],
  );
  assert.deepEqual(channels.slice(1, 4).map(({ offset }) => offset), [0, 0, 0]);
  assert.equal(file.files.warnings.length, 3);
});

Deno.test("EDF: units of any code page are read, and an empty one stays empty", async () => {
  const dimensions = ["uV", "", "mV", Uint8Array.of(0xb5, 86), Uint8Array.of(0xc2, 0xb5, 86), Uint8Array.of(0xe6, 86)];
  const signals = dimensions.map((dimension) => ({ ...EEG, dimension }));
  await using file = await opened(makeEdf({ records: 3, signals }));
  assert.deepEqual(file.parts.streams[0]!.channels.map(({ units }) => units), ["uV", "", "mV", "uV", "uV", "uV"]);
});

Deno.test("EDF: the start has the year of four digits where one stands, else years from 85 on are of 19xx", async () => {
  const start = async (given: Partial<MadeEdf>) => {
    await using file = await opened(makeEdf({ records: 3, signals: [EEG], ...given }));
    return (file.parts.blocks[0]!.annotations!["recDatetime"] as Date | undefined)?.toISOString();
  };
  const at = "T05:06:07.000Z";
  assert.equal(await start({ date: "02.03.84" }), `2084-03-02${at}`);
  assert.equal(await start({ date: "02.03.85" }), `1985-03-02${at}`);
  assert.equal(await start({ recording: "Startdate 02-MAR-2102 X X X", reserved: "EDF+C" }), `2102-03-02${at}`);
  assert.equal(await start({ recording: "Startdate X X X X", reserved: "EDF+C" }), `2004-03-02${at}`);
  assert.equal(await start({ date: "xx.yy.zz" }), undefined);
});

Deno.test("EDF+: who and with what is told by name, and what isn't known isn't told", async () => {
  await using file = await opened(makeEdf({
    records: 3,
    signals: [{ ...EEG, transducer: "AgCl", prefilter: "HP:0.1Hz" }],
    reserved: "EDF+C",
    patient: "MCH-0234567 F 02-MAY-1951 Haagse_Harry",
    recording: "Startdate 02-MAR-2002 EMG561 BK/JOP Sony._MNC_R_Amp",
  }));
  const { recDatetime: _, patient: __, recording: ___, ...rest } = file.parts.blocks[0]!.annotations!;
  assert.deepEqual(rest, {
    patientCode: "MCH-0234567",
    sex: "F",
    birthdate: "02-MAY-1951",
    patientName: "Haagse Harry",
    hospitalCode: "EMG561",
    technician: "BK/JOP",
    equipment: "Sony. MNC R Amp",
    fileType: "EDF+C",
  });
  assert.deepEqual(file.parts.streams[0]!.channels[0]!.annotations, {
    transducer: "AgCl",
    prefilter: "HP:0.1Hz",
    physicalMin: -100,
    physicalMax: 100,
    digitalMin: -32768,
    digitalMax: 32767,
  });
});

Deno.test("EDF: a scan's index is plain data, and with it nothing is scanned again", async () => {
  const values = [tals("+0", [["+0.5", "2", "a"]]), tals("+1")];
  const signals = [
    { label: "Status", samples: 2, values: [0, 3, 3, 4] },
    { label: "BDF Annotations", samples: 30, values },
  ];
  const bytes = makeEdf({ kind: "BDF", reserved: "BDF+C", records: 2, signals });
  await using first = await opened(bytes);
  const index = JSON.parse(JSON.stringify(await first.parts.index!({})));
  const source = sparseSource("x.bdf", bytes.length, [{ offset: 0, bytes }]);
  await using again = await openParts(EDF, source, { options: { index }, smallFileBytes: 0 });
  const reads = source.log.length;
  assert.deepEqual((await events(again, "Epoch")).labels, ["a"]);
  assert.deepEqual((await events(again, "Status")).labels, ["3", "4"]);
  assert.equal(source.log.length, reads);
  for (
    const bad of [
      5,
      {},
      { ...index, byteLength: 1 },
      { ...index, annotations: { onsets: [NaN], durations: [0], texts: [""] } },
      { ...index, annotations: null },
      { ...index, status: { initial: 0, rows: [99], words: [1] } },
    ]
  ) {
    await assert.rejects(opened(bytes, { index: bad }), CorruptFileError);
  }
});

Deno.test("EDF: a scan tells its progress, ends when it is aborted, and can be done again", async () => {
  const records = 5000;
  const values = Array.from({ length: records }, (_, i) => tals(`+${i}`, i % 1000 === 0 ? [[`+${i}`, "", "x"]] : []));
  const signals = [{ label: "A", samples: 2, values: ramp(2 * records) }, { ...PLUS, values }];
  const told: number[] = [];
  await using file = await opened(makeEdf({ records, reserved: "EDF+C", signals }), {
    onProgress: (done) => told.push(done),
  });
  const [segment] = file.parts.blocks[0]!.segments;
  await assert.rejects(async () => await segment!.events(0, { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal((await segment!.events(0, {})).labels.length, 5);
  assert.equal(told.at(-1), 1);
});

Deno.test("EDF: headers that can't be are refused with file, field and offset", async () => {
  const damage = (at: number, text: string) => {
    const bytes = makeEdf({ records: 3, signals: [EEG] });
    bytes.set(new TextEncoder().encode(text), at);
    return bytes;
  };
  for (
    const [at, text, message] of [
      [252, "0   ", /x\.edf.*number of signals.*252/],
      [252, "abcd", /number of signals.*252/],
      [252, "-1  ", /number of signals.*252/],
      [244, "0       ", /duration of a record.*244/],
      [244, "-1      ", /duration of a record.*244/],
      [244, "nan     ", /duration of a record.*244/],
      [244, "1e-320  ", /duration of a record.*244/],
      [236, "many    ", /number of records.*236/],
      [256 + 216, "x       ", /samples in a record.*472/],
      [256 + 216, "-4      ", /samples in a record.*472/],
      [256 + 216, "0       ", /samples in a record.*472/],
    ] as const
  ) {
    await assert.rejects(opened(damage(at, text)), (error: Error) => {
      assert.ok(error instanceof CorruptFileError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(opened(damage(252, "9999")), TruncatedError);
  await assert.rejects(opened(new Uint8Array(100)), TruncatedError);
});

Deno.test("EDF: a claim of 4 GB in a file of 4 kB makes no memory of that size", async () => {
  const bytes = makeEdf({ records: 3, signals: [EEG], says: { records: "99999999" } });
  bytes.set(new TextEncoder().encode("99999999"), 256 + 216);
  await using file = await opened(bytes);
  assert.deepEqual(file.parts.blocks[0]!.segments[0]!.signals[0]!.array.shape, [0, 1]);
  assert.match(file.files.warnings.join(), /0 of 99999999 records/);
});

Deno.test("EDF+: a claim of a gigabyte of annotations in a record is refused when they are asked for", async () => {
  const head = makeEdf({
    records: 0,
    signals: [EEG, { ...PLUS, values: [] }],
    says: { records: "1" },
    reserved: "EDF+C",
  });
  head.set(new TextEncoder().encode("99999999"), 256 + 2 * 216 + 8);
  await using file = await openParts(EDF, sparseSource("x.edf", 2e9, [{ offset: 0, bytes: head }]));
  await assert.rejects(events(file, "Event"), LimitError);
});

Deno.test("EDF: what the version lost, the reserved field says, and an eye tracker's file isn't one", async () => {
  const bytes = makeEdf({ kind: "BDF", records: 3, signals: [EEG] });
  bytes.set(new TextEncoder().encode("?"), 0);
  await using file = await opened(bytes);
  assert.deepEqual([file.parts.streams[0]!.dtype, await raw(file)], ["i4", ramp(12, -6)]);
  bytes.set(new TextEncoder().encode(" ".repeat(44)), 192);
  await assert.rejects(opened(bytes), /version at byte 0/);
  const probe = { ...file.probe, headText: "SR_RESEARCH_COMBFILE".padEnd(256) };
  assert.equal(EDF.recognises(probe) || EDF.mayBe!(probe), false);
});

Deno.test("EDF: a record of a discontinuous file that tells no time is an error that names it", async () => {
  const values = [tals("+0"), tals("x"), tals("+9")];
  await assert.rejects(
    opened(makeEdf({ records: 3, reserved: "EDF+D", signals: [EEG, { ...PLUS, values }] })),
    /record 1 at byte/,
  );
});

Deno.test("EDF: damage of any kind is refused or read, never more", async () => {
  const values = [tals("+0", [["+0.5", "1", "a"]]), tals("+1"), tals("+7", [["+7.5", "", "b"]])];
  const text = { samples: 16, physical: ["-1", "1"] } as const;
  const edf = makeEdf({
    records: 3,
    reserved: "EDF+D",
    signals: [EEG, { ...text, label: "EDF Annotations", values }, { ...EEG, label: "x", samples: 2 }],
  });
  const bdf = makeEdf({
    kind: "BDF",
    records: 3,
    reserved: "BDF+D",
    signals: [{ ...EEG, label: "Status" }, { ...text, label: "BDF Annotations", values }],
  });
  const counts = { read: 0, refused: 0 };
  for (const [seed, bytes] of [edf, bdf].entries()) {
    let i = 0;
    for (const copy of damaged(bytes, 200, seed + 1, 1024)) {
      counts[
        await survives(`copy ${i++} of ${seed}`, async () => {
          await using file = await opened(copy as Uint8Array<ArrayBuffer>);
          for (const segment of file.parts.blocks[0]!.segments) {
            for (const signal of segment.signals) await signal!.array.read();
            for (const channel of file.parts.eventChannels!.keys()) await segment.events(channel, {});
          }
        })
      ]++;
    }
  }
  assert.ok(counts.read > 50 && counts.refused > 20, JSON.stringify(counts));
});

Deno.test("EDF: one second of 64 channels of a file of 1 GB is one request behind the header", async () => {
  const samples = 1024;
  const channels = 64;
  const values: number[] = [];
  const signals = Array.from({ length: channels }, (_, i) => ({ label: `E${i}`, samples, values }));
  const text = { ...PLUS, values: [] };
  const head = makeEdf({ records: 0, reserved: "EDF+C", signals: [...signals, text], says: { records: "-1" } });
  const recordBytes = 2 * (channels * samples + PLUS.samples);
  const records = Math.floor(2 ** 30 / recordBytes);
  const source = sparseSource(
    "big.edf",
    head.length + records * recordBytes,
    [
      { offset: 0, bytes: head },
      ...[0, records - 1].map((record) => ({
        offset: head.length + record * recordBytes + 2 * channels * samples,
        bytes: tals(`+${record}`),
      })),
    ],
    (at) => (at - head.length) % recordBytes >> 9 & 0xff,
  );
  await using file = await openParts(EDF, source);
  const bytes = source.log.reduce((sum, { length }) => sum + length, 0);
  assert.ok(bytes <= 2 ** 18, `${bytes} bytes of header`);
  assert.ok(source.log.length <= 4, JSON.stringify(source.log));
  source.log.length = 0;
  const { array } = file.parts.blocks[0]!.segments[0]!.signals[0]!;
  const rows = { start: 3000 * samples, stop: 3001 * samples, step: 1 };
  const read = await array.read([rows]);
  assert.deepEqual(read.shape, [samples, channels]);
  assert.equal(source.log.length, 1);
  assert.ok(source.log[0]!.length <= recordBytes);
  // Sample 700 of channel 5: bytes 11640 and 11641 of the record, whose byte is its place by 512.
  assert.equal(numbers(read)[700 * channels + 5], 0x1616);
});

Deno.test("EDF: bytes, a folder with one file and a map of names are recognised", async () => {
  const bytes = makeEdf({ records: 3, signals: [EEG] });
  await using plain = await openParts(EDF, bytes);
  assert.ok(EDF.recognises(plain.probe));
  await using map = await openParts(EDF, new Map([["a.edf", bytes], ["notes.txt", new Uint8Array(3)]]));
  assert.ok(EDF.recognises(map.probe));
  assert.deepEqual(await raw(map), ramp(12, -6));
  await assert.rejects(openParts(EDF, new Map([["a.edf", bytes], ["b.edf", bytes]])), /several: a\.edf, b\.edf/);
  for (const head of ["GDF 2.20", "0       ", "\xffBIOSEMI", "Brain Vision Data"]) {
    const probe = { ...plain.probe, headText: head.padEnd(256), head: new Uint8Array(256) };
    assert.equal(EDF.recognises(probe), false, head);
  }
});

Deno.test("EDF: EDFIO and openRecording give objects in physical units, segment by segment", async () => {
  const bytes = gapped(["+0", "+1", "+9"]);
  const reader = new EDFIO({ filename: new File([bytes], "x.edf") });
  await reader.parseHeader();
  try {
    assert.equal(
      String(reader).trim(),
      [
        "EDFIO: x.edf",
        "nb_block: 1",
        "nb_segment:  [2]",
        "signal_streams: [4 Hz (chans: 1)]",
        "signal_channels: [Fp1]",
        "spike_channels: []",
        "event_channels: [Event, Epoch]",
      ].join("\n"),
    );
  } finally {
    await reader.close();
  }
  const recording = await openRecording(new File([bytes], "x.edf"));
  try {
    assert.equal(recording.format.name, "edf");
    const segment = await recording.readSegment({ segmentIndex: 1 });
    const [signal] = segment.analogSignals;
    assert.deepEqual([signal!.tStart, signal!.units, signal!.shape], [9, "uV", [4, 1]]);
    const gain = 200 / 65535;
    const expected = ramp(4, 8).map((value) => value * gain - 100 + 32768 * gain);
    signal!.magnitude.data.forEach((value, i) => assert.ok(Math.abs(Number(value) - expected[i]!) < 1e-5));
    assert.deepEqual([...segment.events[0]!.times], [9.5]);
  } finally {
    await recording.close();
  }
});

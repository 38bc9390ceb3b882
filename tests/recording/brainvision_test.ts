import assert from "node:assert/strict";
import { BRAINVISION } from "../../src/recording/formats/brainvision/brainvision.ts";
import { BrainVisionIO, openRecording } from "../../src/recording/mod.ts";
import type { EventParts, FormatOptions } from "../../src/recording/format.ts";
import type { SourceInput } from "../../src/source/open_source.ts";
import {
  CorruptFileError,
  LimitError,
  NotFoundError,
  TruncatedError,
  UnsupportedError,
} from "../../src/source/errors.ts";
import { startRangeServer } from "../support/range_server.ts";
import { damaged, survives } from "./damage.ts";
import { latin1, type MadeBrainVision, makeBrainVision, packed } from "./make/brainvision.ts";
import { sparseSource } from "./make/sparse.ts";
import { numbers, type OpenedParts, openParts } from "./support.ts";

async function opened(made: MadeBrainVision, options: FormatOptions = {}): Promise<OpenedParts> {
  return await openParts(BRAINVISION, makeBrainVision(made), { options });
}

/** Raw values, [samples, channels], of a segment. */
async function raw({ parts }: OpenedParts, segment = 0): Promise<number[]> {
  return numbers(await parts.blocks[0]!.segments[segment]!.signals[0]!.array.read());
}

async function events({ parts }: OpenedParts, name: string, segment = 0, type = "event"): Promise<EventParts> {
  const channel = parts.eventChannels!.findIndex((other) => other.name === name && other.type === type);
  return await parts.blocks[0]!.segments[segment]!.events(channel, {});
}

/** Six samples of two channels: 1, -2, 3, -4, …. */
const VALUES = Array.from({ length: 12 }, (_, i) => (i + 1) * (i % 2 === 0 ? 1 : -1));
const DATA = packed(VALUES, "Int16");

Deno.test("BrainVision: a stream has the channels of the header with resolution and unit, at its rate", async () => {
  await using file = await opened({ data: DATA });
  const [stream] = file.parts.streams;
  assert.deepEqual([stream!.name, stream!.id, stream!.dtype], ["Signals", "0", "i2"]);
  assert.deepEqual(
    stream!.channels.map(({ name, id, samplingRate, units, gain, offset }) => [
      name,
      id,
      samplingRate,
      units,
      gain,
      offset,
    ]),
    [["Fz", "1", 250, "uV", 0.5, 0], ["Cz", "2", 250, "uV", 0.5, 0]],
  );
  assert.deepEqual(await raw(file), VALUES);
  const [segment] = file.parts.blocks[0]!.segments;
  assert.deepEqual([segment!.tStart, segment!.tStop, file.files.warnings], [0, 0.024, []]);
});

for (
  const [format, type, dtype] of [
    ["INT_16", "Int16", "i2"],
    ["UINT_16", "Uint16", "u2"],
    ["INT_32", "Int32", "i4"],
    ["IEEE_FLOAT_32", "Float32", "f4"],
    ["IEEE_FLOAT_64", "Float64", "f8"],
  ] as const
) {
  for (const bigEndian of [false, true]) {
    for (const orientation of ["MULTIPLEXED", "VECTORIZED"]) {
      Deno.test(`BrainVision: ${format}, ${bigEndian ? "big" : "little"}-endian, ${orientation} is read`, async () => {
        const values = type.startsWith("Float")
          ? [0.5, -1.25, 3e9, 2, -7, 8]
          : type === "Uint16"
          ? [0, 65535, 32768, 1, 2, 3]
          : type === "Int32"
          ? [0, -2147483648, 2147483647, 1, 2, 3]
          : [0, -32768, 32767, 1, 2, 3];
        const order = orientation === "MULTIPLEXED" ? values : [0, 2, 4, 1, 3, 5].map((i) => values[i]!);
        await using file = await opened({
          data: packed(order, type, bigEndian),
          common: { DataOrientation: orientation },
          binary: { BinaryFormat: format, UseBigEndianOrder: bigEndian ? "YES" : "NO" },
        });
        assert.equal(file.parts.streams[0]!.dtype, dtype);
        assert.deepEqual(await raw(file), values);
        const [part] = file.parts.blocks[0]!.segments[0]!.signals;
        assert.deepEqual(numbers(await part!.array.read([{ start: 1, stop: 3, step: 1 }, 1])), [values[3], values[5]]);
      });
    }
  }
}

Deno.test("BrainVision: a resolution holds for floats too, where neo ignores it", async () => {
  await using file = await opened({
    data: packed([1, 2, 3, 4], "Float32"),
    channels: ["Fz,,0.1,µV", "Cz,,10,mV"],
    binary: { BinaryFormat: "IEEE_FLOAT_32" },
  });
  assert.deepEqual(file.parts.streams[0]!.channels.map(({ gain }) => gain), [0.1, 10]);
});

Deno.test("BrainVision: fields of a channel may be empty, missing, more, with coded commas or decimal ones", async () => {
  const channels = [
    "Fz,,,µV",
    "Fz",
    "a\\1b,ref,2,mV,extra",
    ",,0.5",
    "C3,,0,5,nV",
    "C4,,3.5E-08,uV",
    "X,,none,µV",
    "A=B,,1,ÂµV",
  ];
  await using file = await opened({ data: packed(Array(16).fill(1), "Int16"), channels });
  assert.deepEqual(
    file.parts.streams[0]!.channels.map(({ name, gain, units }) => [name, gain, units]),
    [
      // neo: an error for the empty resolution.
      ["Fz", 1, "uV"],
      ["Fz", 1, "uV"],
      // neo: without its unit, since there is a fifth field.
      ["a,b", 2, "mV"],
      ["Ch4", 0.5, "uV"],
      ["C3", 0.5, "nV"],
      ["C4", 3.5e-8, "uV"],
      ["X", 1, "uV"],
      ["A=B", 1, "uV"],
    ],
  );
  assert.equal(file.parts.streams[0]!.channels[2]!.annotations!["reference"], "ref");
  assert.match(file.files.warnings.join(), /Ch7.*"none"/);
});

Deno.test("BrainVision: texts are UTF-8, a named code page, or cp1252 where they aren't UTF-8", async () => {
  const channels = ["Fz,,1,µV", "É,,1,µV"];
  const markers = ["Comment,à gauche,2,1,0"];
  const names = async (made: Partial<MadeBrainVision>) => {
    await using file = await opened({ data: DATA, channels, markers, ...made });
    return [
      ...file.parts.streams[0]!.channels.map(({ name, units }) => `${name} ${units}`),
      ...(await events(file, "Comment")).labels,
    ];
  };
  const right = ["Fz uV", "É uV", "à gauche"];
  assert.deepEqual(await names({}), right);
  assert.deepEqual(await names({ encode: latin1, common: { Codepage: null } }), right);
  assert.deepEqual(await names({ encode: latin1, common: { Codepage: "ANSI" } }), right);
  // Also where it says UTF-8 and isn't.
  assert.deepEqual(await names({ encode: latin1 }), right);
  const bom = (text: string) => new TextEncoder().encode(`\ufeff${text}`);
  assert.deepEqual(await names({ encode: bom }), right);
  const cyrillic = (text: string) => latin1(text.replaceAll("É", "\xc9"));
  assert.equal((await names({ encode: cyrillic, common: { Codepage: "windows-1251" } }))[1], "Й uV");
});

Deno.test("BrainVision: a marker's position counts from 1, and one of several points is an epoch", async () => {
  const markers = [
    "New Segment,,1,1,0,20200102030405678900",
    "Stimulus,S  1,2,1,0",
    "Stimulus,S  2,4,0,2",
    "Stimulus,long,3,3,1",
    "Bad Interval,a=b\\1c,5,2,0",
  ];
  await using file = await opened({ data: DATA, markers });
  assert.deepEqual(
    file.parts.eventChannels!.map(({ name, type }) => `${name} ${type}`),
    ["New Segment event", "Stimulus event", "Bad Interval epoch", "Stimulus epoch"],
  );
  const found = await events(file, "Stimulus");
  assert.deepEqual([[...found.timestamps], found.labels, found.ticksPerSecond], [[1, 3], ["S  1", "S  2"], 250]);
  // neo takes positions as they stand.
  assert.notDeepEqual([...found.timestamps], [2, 4]);
  assert.deepEqual([...found.annotations!["channel"]!], [0, 2]);
  const long = await events(file, "Stimulus", 0, "epoch");
  assert.deepEqual([[...long.timestamps], [...long.durations!]], [[2], [3]]);
  assert.deepEqual((await events(file, "Bad Interval", 0, "epoch")).labels, ["a=b,c"]);
  assert.deepEqual(
    file.parts.blocks[0]!.annotations!["recDatetime"],
    new Date("2020-01-02T03:04:05.678Z"),
  );
});

Deno.test("BrainVision: markers may lack numbers, have commas of their own, and tell no place", async () => {
  const markers = ["Comment,one, two,3,1,0", "Comment,x,,1,0", "Comment,late,5", "Comment,before,0,1,0"];
  await using file = await opened({ data: DATA, markers });
  const found = await events(file, "Comment");
  assert.deepEqual([[...found.timestamps], found.labels], [[0, 2, 4], ["before", "one, two", "late"]]);
  assert.match(file.files.warnings.join(), /Mk2/);
});

Deno.test("BrainVision: markers behind the last sample belong to the last segment", async () => {
  await using file = await opened({ data: DATA, markers: ["Comment,x,100,1,0", "New Segment,,4,1,0"] });
  assert.deepEqual([...(await events(file, "Comment", 1)).timestamps], [99]);
});

Deno.test("BrainVision: a later New Segment begins a segment, at the time that its date tells", async () => {
  const markers = [
    "New Segment,,1,1,0,20200102030405000000",
    "Stimulus,a,2,1,0",
    // Sample 2 comes at 8 ms; this one at 1.5 s.
    "New Segment,,3,1,0,20200102030406500000",
    "Stimulus,b,4,1,0",
    // Without a gap: one sample period later.
    "New Segment,,4,1,0,20200102030406504000",
    "New Segment,,6,1,0",
  ];
  await using file = await opened({ data: DATA, markers });
  const { segments } = file.parts.blocks[0]!;
  assert.deepEqual(segments.map(({ tStart, tStop }) => [tStart, tStop]), [[0, 0.008], [1.5, 1.512], [1.512, 1.516]]);
  assert.deepEqual(await raw(file, 0), VALUES.slice(0, 4));
  assert.deepEqual(await raw(file, 1), VALUES.slice(4, 10));
  assert.deepEqual(await raw(file, 2), VALUES.slice(10));
  const found = await events(file, "Stimulus", 1);
  assert.deepEqual([...found.timestamps].map((tick) => tick / found.ticksPerSecond), [1.504]);
  assert.deepEqual(segments[1]!.annotations!["recDatetime"], new Date("2020-01-02T03:04:06.500Z"));
  assert.deepEqual((await events(file, "Stimulus", 0)).labels, ["a"]);
});

Deno.test("BrainVision: gaps up to the tolerance make no segment, too many are an error that names it", async () => {
  const markers = [1, 3, 5].map((at, i) => `New Segment,,${at},1,0,202001020304050${i}${i}000`);
  const starts = async (options: FormatOptions) => {
    await using file = await opened({ data: DATA, markers }, options);
    return file.parts.blocks[0]!.segments.map(({ tStart }) => tStart);
  };
  // Half a sample period is 2 ms, samples 2 and 4 come 3 ms late each.
  assert.deepEqual(await starts({}), [0, 0.011, 0.022]);
  assert.deepEqual(await starts({ gapTolerance: 0.004 }), [0, 0.022]);
  assert.deepEqual(await starts({ gapTolerance: 0.007 }), [0]);
  await assert.rejects(starts({ gapTolerance: 0, maxSegments: 2 }), (error: Error) => {
    assert.ok(error instanceof LimitError);
    assert.match(error.message, /gapTolerance/);
    return true;
  });
});

Deno.test("BrainVision: where data was cut into segments and no marker says where, the header does", async () => {
  const starts = async (common: Readonly<Record<string, string>>, markers: readonly string[] | null) => {
    await using file = await opened({ data: DATA, common: { SegmentDataPoints: "4", ...common }, markers });
    return file.parts.blocks[0]!.segments.map(({ tStart }) => tStart);
  };
  const cut = { SegmentationType: "MARKERBASED" };
  assert.deepEqual(await starts(cut, null), [0, 0.016]);
  assert.deepEqual(await starts(cut, ["New Segment,,1,1,0,20200102030405000000"]), [0, 0.016]);
  assert.deepEqual(await starts(cut, ["New Segment,,3,1,0"]), [0, 0.008]);
  assert.deepEqual(await starts({ SegmentationType: "NOTSEGMENTED" }, null), [0]);
  assert.deepEqual(await starts({ ...cut, SegmentDataPoints: "6" }, null), [0]);
  await assert.rejects(
    openParts(
      BRAINVISION,
      new Map<string, SourceInput>([
        ...makeBrainVision({ data: DATA, common: { ...cut, SegmentDataPoints: "1" } }),
        ["rec.eeg", sparseSource("rec.eeg", 2 ** 32, [])],
      ]),
    ),
    LimitError,
  );
});

Deno.test("BrainVision: dates that were taken out, or run backwards, leave segments at their samples", async () => {
  const markers = [
    "New Segment,,1,1,0,20200102030405000000",
    "New Segment,,3,1,0,00000000000000000000",
    "New Segment,,5,1,0,20190102030405000000",
  ];
  await using file = await opened({ data: DATA, markers });
  assert.deepEqual(file.parts.blocks[0]!.segments.map(({ tStart }) => tStart), [0, 0.008, 0.016]);
  assert.match(file.files.warnings.join(), /sample 4 is dated before/);
});

Deno.test("BrainVision: samples as text, by samples and by channels, with a decimal comma and skipped words", async () => {
  const rows = [[1.5, -2], [3, 4e3], [-0.25, 6]];
  const cases: [string, Partial<MadeBrainVision>][] = [
    ["Fz Cz\r\n1.5 -2\r\n3\t4e3\r\n\r\n-0.25   6\r\n", {
      ascii: { DecimalSymbol: ".", SkipLines: "1", SkipColumns: "0" },
    }],
    ["1,5;-2\n3;4e3\n-0,25;6", { ascii: { DecimalSymbol: "," } }],
    ["1.5,-2\n3,4e3\n-0.25,6\n", { ascii: {} }],
    ["Fz 1,5 3 -0,25\nCz -2 4000 6\n", {
      common: { DataOrientation: "VECTORIZED" },
      ascii: { DecimalSymbol: ",", SkipColumns: "1" },
    }],
  ];
  for (const [text, made] of cases) {
    for (const points of [null, "3"]) {
      await using file = await opened({
        data: latin1(text),
        binary: null,
        ...made,
        common: { DataFormat: "ASCII", DataPoints: points, ...made.common },
      });
      assert.equal(file.parts.streams[0]!.dtype, "f8");
      assert.deepEqual(await raw(file), rows.flat(), text);
      const { array } = file.parts.blocks[0]!.segments[0]!.signals[0]!;
      assert.deepEqual(numbers(await array.read([[2, 0], 1])), [6, -2]);
    }
  }
});

Deno.test("BrainVision: text that is cut is read as far as it goes, and other words are an error with their place", async () => {
  const open = (text: string, points: string | null) =>
    opened({ data: latin1(text), binary: null, common: { DataFormat: "ASCII", DataPoints: points }, ascii: {} });
  await using cut = await open("1 2\n3 4\n5", null);
  assert.deepEqual(await raw(cut), [1, 2, 3, 4]);
  await using claimed = await open("1 2\n3 4\n5", "4000000");
  assert.deepEqual(await raw(claimed), [1, 2, 3, 4]);
  assert.match(claimed.files.warnings.join(), /4000000/);
  await using near = await open("100 200\n300 400\n", "4");
  await assert.rejects(raw(near), TruncatedError);
  await assert.rejects(open("1 2\n3 x\n", null), /"x" in line 2, at character 6/);
  await assert.rejects(open("1 2\n3\n5 6\n", null), (error: Error) => {
    assert.ok(error instanceof CorruptFileError);
    assert.match(error.message, /line 2 of its numbers has 1 of them for 2/);
    return true;
  });
});

Deno.test("BrainVision: old files with offsets, headers of segments and a trailer are read", async () => {
  const junk = Uint8Array.of(9, 9, 9, 9);
  const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const [a, b, c] = [DATA.subarray(0, 8), DATA.subarray(8, 16), DATA.subarray(16)];
  await using segmented = await opened({
    data: join(junk, junk, a, junk, b, junk, c, junk),
    common: { SegmentDataPoints: "2" },
    binary: { BinaryFormat: "INT_16", DataOffset: "4", SegmentHeaderSize: "4", TrailerSize: "4" },
  });
  assert.deepEqual(await raw(segmented), VALUES);
  const [part] = segmented.parts.blocks[0]!.segments[0]!.signals;
  assert.deepEqual(numbers(await part!.array.read([{ start: 1, stop: 5, step: 1 }, 0])), [3, 5, 7, 9]);
  await using vectorized = await opened({
    data: join(junk, junk, packed([1, 2, 3], "Int16"), junk, packed([4, 5, 6], "Int16")),
    common: { DataOrientation: "VECTORIZED" },
    binary: { BinaryFormat: "INT_16", DataOffset: "4", ChannelOffset: "4" },
  });
  assert.deepEqual(await raw(vectorized), [1, 4, 2, 5, 3, 6]);
  await assert.rejects(
    opened({ data: DATA, binary: { BinaryFormat: "INT_16", SegmentHeaderSize: "4" } }),
    UnsupportedError,
  );
});

Deno.test("BrainVision: files are found by what the header says, by $b, through paths, and by its own name", async () => {
  const read = async (said: string, name: string, marked: string | null = "rec.vmrk") => {
    const files = makeBrainVision({
      data: DATA,
      markers: ["Comment,x,1,1,0"],
      common: { DataFile: said, MarkerFile: marked },
    });
    files.delete("rec.eeg");
    files.set(name, DATA);
    await using file = await openParts(BRAINVISION, files);
    assert.deepEqual(await raw(file), VALUES);
    return [file.files.warnings.length, file.parts.eventChannels!.length];
  };
  assert.deepEqual(await read("other.dat", "other.dat"), [0, 1]);
  assert.deepEqual(await read("$b.eeg", "rec.eeg", "$b.vmrk"), [0, 1]);
  assert.deepEqual(await read("C:\\data\\rec.eeg", "rec.eeg"), [0, 1]);
  assert.deepEqual(await read("./sub/rec.eeg", "sub/rec.eeg"), [0, 1]);
  assert.deepEqual(await read("old.eeg", "rec.eeg", "old.vmrk"), [2, 1]);
  assert.deepEqual(await read("old.avg", "rec.avg"), [1, 1]);
  assert.deepEqual(await read("Rec.EEG", "rec.eeg"), [0, 1]);
  assert.deepEqual(await read("rec.eeg", "rec.eeg", null), [0, 0]);
  assert.deepEqual(await read("../../etc/rec.eeg", "rec.eeg"), [0, 1]);
});

Deno.test("BrainVision: the data file, the markers and the folder lead to the header", async () => {
  const files = makeBrainVision({ data: DATA, markers: ["Comment,x,1,1,0"] });
  for (const name of ["rec.eeg", "rec.vmrk", "rec.vhdr"]) {
    const main = new File([files.get(name)! as Uint8Array<ArrayBuffer>], name);
    await using file = await openParts(BRAINVISION, main, { siblings: files as ReadonlyMap<string, SourceInput> });
    assert.ok(BRAINVISION.recognises(file.probe), name);
    assert.deepEqual(await raw(file), VALUES);
  }
  await using renamed = await openParts(
    BRAINVISION,
    new Map<string, Uint8Array>([...files].map(([name, bytes]) => [name.replace("vhdr", "ahdr"), bytes])),
  );
  assert.deepEqual(await raw(renamed), VALUES);
  const two = new Map([...files, ["b.vhdr", files.get("rec.vhdr")!]]);
  await assert.rejects(openParts(BRAINVISION, two), /several headers.*b\.vhdr, rec\.vhdr|rec\.vhdr, b\.vhdr/);
  await assert.rejects(openParts(BRAINVISION, new Map([["rec.eeg", DATA]])), NotFoundError);
});

Deno.test("BrainVision: by URL, where no folder can be listed, each file is found by its name", async () => {
  const files = makeBrainVision({ data: DATA, markers: ["Comment,x,1,1,0"] });
  const server = await startRangeServer(
    Object.fromEntries([...files].map(([name, bytes]) => [`/a/${name}`, bytes])),
  );
  try {
    for (const name of ["rec.vhdr", "rec.eeg"]) {
      await using file = await openParts(BRAINVISION, `${server.url}/a/${name}`);
      assert.ok(BRAINVISION.recognises(file.probe) || BRAINVISION.mayBe!(file.probe));
      assert.deepEqual(await raw(file), VALUES);
      assert.deepEqual((await events(file, "Comment")).labels, ["x"]);
    }
    await assert.rejects(openParts(BRAINVISION, `${server.url}/a/rec.vmrk/`), NotFoundError);
  } finally {
    await server.close();
  }
});

Deno.test("BrainVision: endings in capitals are found by URL too, at a request more only where the given one is so", async () => {
  const files = makeBrainVision({ data: DATA, markers: ["Comment,x,1,1,0"] });
  const capital = (name: string) => name.replace(/[^.]*$/, (ending) => ending.toUpperCase());
  const server = await startRangeServer(
    Object.fromEntries([...files].flatMap(([name, bytes]) => [[`/a/${capital(name)}`, bytes], [`/b/${name}`, bytes]])),
  );
  try {
    for (const name of ["rec.VHDR", "rec.EEG", "rec.VMRK"]) {
      await using file = await openParts(BRAINVISION, `${server.url}/a/${name}`);
      assert.deepEqual(await raw(file), VALUES);
      assert.deepEqual((await events(file, "Comment")).labels, ["x"]);
    }
    server.clear();
    await using file = await openParts(BRAINVISION, `${server.url}/b/rec.eeg`);
    assert.deepEqual([await raw(file), server.log.some(({ path }) => path !== path.toLowerCase())], [VALUES, false]);
  } finally {
    await server.close();
  }
});

Deno.test("BrainVision: a marker file that isn't one is said; one without markers is none the less one", async () => {
  const files = makeBrainVision({ data: DATA, markers: [] });
  await using none = await openParts(BRAINVISION, files);
  assert.deepEqual(none.files.warnings, []);
  for (const text of ["", "<html><body>Not logged in</body></html>", "Brain Vision Data Exchange Marker File"]) {
    await using file = await openParts(BRAINVISION, new Map([...files, ["rec.vmrk", latin1(text)]]));
    assert.deepEqual(file.files.warnings, [
      "rec.vmrk: there is no section [Marker Infos] in it; it is read without markers",
    ]);
    assert.deepEqual(await raw(file), VALUES);
  }
});

Deno.test("BrainVision: coordinates and impedances are annotations of channels, the comment one of the block", async () => {
  const more = [
    "[Coordinates]",
    "Ch1=1,-90,-72",
    "",
    "[Comment]",
    "A m p l i f i e r",
    "[not a section] a=b",
    "Impedance [kOhm] at 16:12:27 :",
    "Fz:          5",
    "Cz:        ???",
    "Ref:         0.5",
    "",
    "Ch2=1,2,3",
  ].join("\r\n");
  await using file = await opened({ data: DATA, more });
  const [fz, cz] = file.parts.streams[0]!.channels.map(({ annotations }) => annotations);
  assert.deepEqual(fz, { coordinates0: 1, coordinates1: -90, coordinates2: -72, impedance: 5 });
  assert.deepEqual(cz, { coordinates0: NaN, coordinates1: NaN, coordinates2: NaN, impedance: NaN });
  const { comment, impedances, impedanceTime } = file.parts.blocks[0]!.annotations!;
  assert.match(String(comment), /not a section/);
  assert.deepEqual([impedances, impedanceTime], [{ Fz: 5, Cz: NaN, Ref: 0.5 }, "16:12:27"]);
});

Deno.test("BrainVision: titles of both versions and of the core format are known, one that is missing is a warning", async () => {
  for (
    const title of [
      "Brain Vision Data Exchange Header File Version 2.0",
      "BrainVision Data Exchange Header File Version 1.0",
      "Brain Vision Core Data Format Header File Version 1.0",
      "; Data created by someone",
    ]
  ) {
    const files = makeBrainVision({ data: DATA, title });
    const main = new File([files.get("rec.vhdr")! as Uint8Array<ArrayBuffer>], "rec.vhdr");
    await using file = await openParts(BRAINVISION, main, { siblings: files as ReadonlyMap<string, SourceInput> });
    assert.deepEqual(await raw(file), VALUES);
    const isTold = !title.startsWith(";");
    assert.equal(BRAINVISION.recognises(file.probe), isTold);
    assert.ok(BRAINVISION.mayBe!(file.probe));
    assert.equal(file.files.warnings.length, isTold ? 0 : 1);
  }
});

Deno.test("BrainVision: cut data is read as far as it goes, with a warning", async () => {
  await using cut = await opened({ data: DATA.slice(0, 23), common: { DataPoints: "6" } });
  assert.deepEqual(await raw(cut), VALUES.slice(0, 10));
  assert.match(cut.files.warnings.join(), /last 3 bytes/);
  assert.match(cut.files.warnings.join(), /5 samples.*6/);
  const vectorized = (bytes: number) =>
    opened({
      data: packed([1, 2, 3, 4, 5, 6, 7, 8, 9], "Int16").slice(0, bytes),
      channels: ["a", "b", "c"],
      common: { DataOrientation: "VECTORIZED", DataPoints: "3" },
    });
  // Whole channels stay; of one that is alone what there is.
  await using two = await vectorized(16);
  assert.deepEqual(two.parts.streams[0]!.channels.map(({ name }) => name), ["a", "b"]);
  assert.deepEqual(await raw(two), [1, 4, 2, 5, 3, 6]);
  await using one = await vectorized(4);
  assert.deepEqual(await raw(one), [1, 2]);
  await using none = await opened({ data: new Uint8Array(0) });
  assert.deepEqual(await raw(none), []);
});

Deno.test("BrainVision: headers that can't be are refused with the file, the section and the key", async () => {
  const cases: [Readonly<Record<string, string | null>>, new (...args: never[]) => Error, RegExp][] = [
    [{ NumberOfChannels: "0" }, CorruptFileError, /rec\.vhdr: NumberOfChannels in \[Common Infos\] is 0/],
    [{ NumberOfChannels: "two" }, CorruptFileError, /NumberOfChannels.*"two"/],
    [{ NumberOfChannels: "1e9" }, CorruptFileError, /NumberOfChannels/],
    [{ NumberOfChannels: "4000000000" }, TruncatedError, /NumberOfChannels.*4000000000.*24 bytes/],
    [{ SamplingInterval: "0" }, CorruptFileError, /SamplingInterval/],
    [{ SamplingInterval: "-4" }, CorruptFileError, /SamplingInterval/],
    [{ SamplingInterval: "NaN" }, CorruptFileError, /SamplingInterval/],
    [{ SamplingInterval: null }, CorruptFileError, /SamplingInterval.*missing/],
    [{ DataType: "FREQUENCYDOMAIN" }, UnsupportedError, /DataType/],
    [{ DataOrientation: "DIAGONAL" }, UnsupportedError, /DataOrientation/],
    [{ DataFormat: "ZIP" }, UnsupportedError, /DataFormat/],
  ];
  for (const [common, type, message] of cases) {
    await assert.rejects(opened({ data: DATA, common }), (error: Error) => {
      assert.ok(error instanceof type, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
  await assert.rejects(opened({ data: DATA, binary: { BinaryFormat: "INT_12" } }), UnsupportedError);
  const files = makeBrainVision({ data: DATA });
  files.delete("rec.eeg");
  await assert.rejects(openParts(BRAINVISION, files), (error: Error) => {
    assert.ok(error instanceof NotFoundError);
    assert.match(error.message, /rec\.eeg/);
    return true;
  });
  await assert.rejects(openParts(BRAINVISION, new Map([["rec.vhdr", latin1("hello")]])), CorruptFileError);
});

Deno.test("BrainVision: a claim of 4 billion points makes no memory", async () => {
  for (const orientation of ["MULTIPLEXED", "VECTORIZED"]) {
    await using file = await opened({
      data: DATA,
      common: { DataPoints: "4000000000", DataOrientation: orientation },
    });
    const [count] = file.parts.blocks[0]!.segments[0]!.signals[0]!.array.shape;
    assert.equal(count, orientation === "VECTORIZED" ? 12 : 6);
    assert.equal(file.files.warnings.length, 1);
  }
});

Deno.test("BrainVision: damage of any kind is refused or read, never more", async () => {
  const markers = ["New Segment,,1,1,0,20200102030405000000", "Stimulus,S 1,3,1,0", "New Segment,,4,1,0"];
  const counts = { read: 0, refused: 0 };
  const made: MadeBrainVision[] = [
    { data: DATA, markers, common: { DataPoints: "6" } },
    {
      data: latin1("1.5 2\n3 4\n5 6\n"),
      markers,
      binary: null,
      ascii: { DecimalSymbol: ".", SkipLines: "0", SkipColumns: "0" },
      common: { DataFormat: "ASCII" },
    },
  ];
  for (const [seed, recording] of made.entries()) {
    const whole = makeBrainVision(recording);
    for (const name of whole.keys()) {
      let i = 0;
      for (const copy of damaged(whole.get(name)!, 100, seed + 1, 600)) {
        counts[
          await survives(`copy ${i++} of ${name}`, async () => {
            await using file = await openParts(BRAINVISION, new Map([...whole, [name, copy]]));
            for (const segment of file.parts.blocks[0]!.segments) {
              await segment.signals[0]!.array.read();
              for (const channel of file.parts.eventChannels!.keys()) await segment.events(channel, {});
            }
          })
        ]++;
      }
    }
  }
  assert.ok(counts.read > 100 && counts.refused > 50, JSON.stringify(counts));
});

Deno.test("BrainVision: one second of 64 channels of a file of 1 GB is one request behind the headers", async () => {
  const channels = Array.from({ length: 64 }, (_, i) => `E${i},,0.1,µV`);
  const files = makeBrainVision({ data: new Uint8Array(0), channels, common: { SamplingInterval: "1000" } });
  const data = sparseSource("rec.eeg", 2 ** 30, [], (at) => at >> 7 & 0xff);
  await using file = await openParts(BRAINVISION, new Map<string, SourceInput>([...files, ["rec.eeg", data]]));
  assert.deepEqual(data.log, []);
  const { array } = file.parts.blocks[0]!.segments[0]!.signals[0]!;
  const read = await array.read([{ start: 5000, stop: 6000, step: 1 }]);
  assert.deepEqual(data.log, [{ offset: 5000 * 128, length: 128_000 }]);
  // A row has 128 bytes, so each byte is its row.
  assert.equal(numbers(read)[7 * 64 + 3], (5007 & 0xff) * 257 << 16 >> 16);
});

Deno.test("BrainVision: BrainVisionIO and openRecording give objects, a signal for each unit", async () => {
  const files = makeBrainVision({ data: DATA, channels: ["Fz,,0.5,µV", "Temp,,2,C"], markers: ["Comment,x,3,2,0"] });
  const reader = new BrainVisionIO({ dirname: files as ReadonlyMap<string, SourceInput> });
  await reader.parseHeader();
  try {
    assert.match(String(reader), /signal_streams: \[Signals \(chans: 2\)\]/);
  } finally {
    await reader.close();
  }
  const recording = await openRecording(files as ReadonlyMap<string, SourceInput>);
  try {
    assert.equal(recording.format.name, "brainvision");
    const segment = await recording.readSegment({});
    assert.deepEqual(
      segment.analogSignals.map(({ units, magnitude }) => [units, Array.from(magnitude.data, Number)]),
      [["uV", [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]], ["C", [-4, -8, -12, -16, -20, -24]]],
    );
    assert.deepEqual([[...segment.epochs[0]!.times], [...segment.epochs[0]!.durations]], [[0.008], [0.008]]);
  } finally {
    await recording.close();
  }
});

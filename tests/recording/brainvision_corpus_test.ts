import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { BRAINVISION } from "../../src/recording/formats/brainvision/brainvision.ts";
import { CORPUS } from "../corpus/find.ts";
import { numbers, type OpenedParts, openParts } from "./support.ts";

/** What MNE gives, in SI units. */
interface MneGolden {
  readonly n_channels: number;
  readonly ch_names: readonly string[];
  readonly sfreq: number;
  readonly n_times: number;
  readonly meas_date: string;
  readonly first5_ch0_SI: readonly number[];
  readonly last3_chlast_SI: readonly number[];
  readonly sum_all_SI: number;
}

/** What neo gives: raw values, positions that count from 1. */
interface NeoGolden {
  readonly error?: string;
  readonly streams: readonly {
    readonly dtype: string;
    readonly units: string;
    readonly gain0: number;
    readonly segments: readonly { readonly n_samples: number; readonly int_sum_all?: number }[];
  }[];
  readonly events: readonly {
    readonly name: string;
    readonly count: number;
    readonly first_3_raw: readonly number[];
    readonly first_3_labels: readonly string[];
  }[];
}

function golden<T>(name: string): Record<string, T> {
  return CORPUS === null ? {} : JSON.parse(readFileSync(`${CORPUS}EXPECTED/${name}`, "utf8"));
}
const mne = golden<MneGolden>("mne_golden.json");
const neo = golden<NeoGolden>("neo_golden.json");
const FILES = Object.keys(mne).filter((name) => name.startsWith("brainvision/"));
const SI: Readonly<Record<string, number>> = { nV: 1e-9, uV: 1e-6, mV: 1e-3, uS: 1e-6 };
const DTYPES: Readonly<Record<string, string>> = { int16: "i2", int32: "i4", float32: "f4" };

function near(actual: number, expected: number, what: string, scale = Math.abs(expected)): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * scale + 1e-18, `${what}: ${actual}, not ${expected}`);
}

/** Raw values of all segments, behind each other. */
async function allRaw({ parts }: OpenedParts): Promise<number[]> {
  const all: number[] = [];
  for (const { signals } of parts.blocks[0]!.segments) {
    for (const value of numbers(await signals[0]!.array.read())) all.push(value);
  }
  return all;
}

for (const name of FILES) {
  const expected = mne[name]!;
  Deno.test(`corpus: ${name} has the samples that MNE reads, and neo's raw ones`, async () => {
    await using file = await openParts(BRAINVISION, `${CORPUS}${name}`);
    assert.ok(BRAINVISION.recognises(file.probe));
    assert.deepEqual(file.files.warnings, []);
    const [stream] = file.parts.streams;
    const { channels } = stream!;
    const width = channels.length;
    assert.deepEqual([width, channels[0]!.samplingRate], [expected.n_channels, expected.sfreq]);
    assert.deepEqual(channels.slice(0, 10).map(({ name }) => name), expected.ch_names);
    const raw = await allRaw(file);
    assert.equal(raw.length, expected.n_times * width);
    const physical = raw.map((value, i) => {
      const { gain, units } = channels[i % width]!;
      return value * gain * (SI[units] ?? 1);
    });
    expected.first5_ch0_SI.forEach((value, i) => near(physical[i * width]!, value, `sample ${i}`));
    expected.last3_chlast_SI.forEach((value, i) => near(physical.at(-1 - (2 - i) * width)!, value, `sample ${i - 3}`));
    const absolute = physical.reduce((sum, value) => sum + Math.abs(value), 0);
    near(physical.reduce((sum, value) => sum + value, 0), expected.sum_all_SI, "sum", absolute);
    const began = file.parts.blocks[0]!.annotations!["recDatetime"] as Date | undefined;
    assert.equal(
      began?.getTime() ?? "None",
      expected.meas_date === "None" ? "None" : Math.floor(Date.parse(expected.meas_date.replace(/000(?=\+)/, ""))),
    );
    const told = neo[name]!;
    if (told.error !== undefined) {
      // neo reads UTF-8 only.
      assert.match(told.error, /UnicodeDecodeError/);
      return;
    }
    const [theirs] = told.streams;
    assert.equal(stream!.dtype, DTYPES[theirs!.dtype]);
    const isFloat = theirs!.dtype === "float32";
    if (!isFloat) {
      assert.equal(channels[0]!.units, theirs!.units);
      near(channels[0]!.gain, theirs!.gain0, "gain");
      assert.equal(raw.reduce((sum, value) => sum + value, 0), theirs!.segments[0]!.int_sum_all);
    }
  });

  Deno.test(`corpus: ${name} has neo's events, one sample earlier than neo's positions that count from 1`, async () => {
    await using file = await openParts(BRAINVISION, `${CORPUS}${name}`);
    const told = neo[name]!;
    if (told.error !== undefined) return;
    const { segments } = file.parts.blocks[0]!;
    assert.deepEqual(
      file.parts.eventChannels!.map(({ name, type }) => [name, type]),
      told.events.map(({ name }) => [name, "event"]),
    );
    const rate = file.parts.streams[0]!.channels[0]!.samplingRate;
    for (const [channel, { count, first_3_raw, first_3_labels }] of told.events.entries()) {
      const positions: number[] = [];
      const labels: string[] = [];
      let before = 0;
      for (const segment of segments) {
        const { timestamps, ticksPerSecond, labels: own } = await segment.events(channel, {});
        // Back from the segment's clock to samples of the file.
        for (const tick of timestamps) {
          positions.push(before + Math.round((tick / ticksPerSecond - segment.tStart) * rate));
        }
        labels.push(...own);
        before += segment.signals[0]!.array.shape[0]!;
      }
      assert.equal(positions.length, count);
      assert.deepEqual(positions.slice(0, 3), first_3_raw.map((position) => position - 1));
      assert.deepEqual(labels.slice(0, 3), first_3_labels);
    }
  });
}

Deno.test({
  name: "corpus: New Segment markers of an export begin its 34 segments, at the times of their dates",
  ignore: CORPUS === null || !existsSync(`${CORPUS}brainvision/ephy_testing_data__brainvision`),
  async fn() {
    const path = `${CORPUS}brainvision/ephy_testing_data__brainvision/File_brainvision_3_int16.vhdr`;
    await using file = await openParts(BRAINVISION, path);
    const { segments } = file.parts.blocks[0]!;
    assert.equal(segments.length, 34);
    assert.ok(segments.every(({ signals }) => signals[0]!.array.shape[0] === 294));
    // 10:54:41.832, 10:54:45.891, 10:54:59.235
    assert.deepEqual(segments.slice(0, 3).map(({ tStart }) => tStart), [0, 4.059, 17.403]);
  },
});

if (FILES.length === 0) {
  Deno.test({ name: "corpus: BrainVision files (skipped: the corpus isn't here)", ignore: true, fn() {} });
}

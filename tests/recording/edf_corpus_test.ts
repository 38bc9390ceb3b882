import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { EDF } from "../../src/recording/formats/edf/edf.ts";
import { CORPUS } from "../corpus/find.ts";
import { numbers, type OpenedParts, openParts } from "./support.ts";

/** What MNE gives for a file, in SI units. */
interface Golden {
  readonly error?: string;
  readonly ch_names: readonly string[];
  readonly n_channels: number;
  readonly sfreq: number;
  readonly n_times: number;
  readonly meas_date: string;
  readonly first5_ch0_SI: readonly number[];
  readonly last3_chlast_SI: readonly number[];
  readonly sum_all_SI: number;
  readonly n_annotations: number;
  readonly annotations: readonly { onset: number; duration: number; description: string }[];
}

const SI: Readonly<Record<string, number>> = { nV: 1e-9, uV: 1e-6, mV: 1e-3 };

const golden: Record<string, Golden> = CORPUS === null
  ? {}
  : JSON.parse(readFileSync(`${CORPUS}EXPECTED/mne_golden.json`, "utf8"));
const FILES = Object.keys(golden).filter((name) => name.startsWith("edf/"));

function near(actual: number, expected: number, what: string, scale = Math.abs(expected)): void {
  assert.ok(Math.abs(actual - expected) <= 1e-9 * scale + 1e-18, `${what}: ${actual}, not ${expected}`);
}

/** All physical values of a stream, [samples][channels] flat, in SI units. */
async function physical({ parts }: OpenedParts, stream: number): Promise<number[]> {
  const { channels } = parts.streams[stream]!;
  const raw = numbers(await parts.blocks[0]!.segments[0]!.signals[stream]!.array.read());
  return raw.map((value, i) => {
    const { gain, offset, units } = channels[i % channels.length]!;
    return (value * gain + offset) * (SI[units] ?? 1);
  });
}

for (const name of FILES) {
  const expected = golden[name]!;
  Deno.test({
    name: `corpus: ${name} reads as MNE reads it`,
    async fn() {
      await using file = await openParts(EDF, `${CORPUS}${name}`);
      const { parts } = file;
      assert.ok(EDF.recognises(file.probe));
      assert.deepEqual(file.files.warnings, []);
      assert.equal(parts.blocks[0]!.segments.length, 1);
      if (expected.error !== undefined) return;
      const names = parts.streams.flatMap(({ channels }) => channels.map(({ name, id }) => ({ name, id: Number(id) })))
        .sort((a, b) => a.id - b.id).map(({ name }) => name);
      assert.equal(names.length, expected.n_channels);
      assert.deepEqual(names.slice(0, expected.ch_names.length), expected.ch_names);
      const rates = parts.streams.map(({ channels }) => channels[0]!.samplingRate);
      assert.equal(Math.max(...rates), expected.sfreq);
      const fastest = rates.indexOf(expected.sfreq);
      assert.equal(parts.blocks[0]!.segments[0]!.signals[fastest]!.array.shape[0], expected.n_times);
      // MNE keeps whole seconds.
      const start = (parts.blocks[0]!.annotations!["recDatetime"] as Date).getTime();
      const said = Date.parse(expected.meas_date.replace(" ", "T").replace("+00:00", "Z"));
      assert.ok(start >= said && start < said + 1000);
      const first = await physical(file, 0);
      const width = parts.streams[0]!.channels.length;
      // What isn't sampled at the highest rate MNE makes up by interpolation.
      if (fastest === 0) expected.first5_ch0_SI.forEach((value, i) => near(first[i * width]!, value, `sample ${i}`));
      if (parts.streams.length === 1) {
        expected.last3_chlast_SI.forEach((value, i) =>
          near(first[first.length - 1 - (2 - i) * width]!, value, `sample ${i - 3}`)
        );
        near(
          first.reduce((sum, value) => sum + value, 0),
          expected.sum_all_SI,
          "sum",
          first.reduce((sum, value) => sum + Math.abs(value), 0),
        );
      }
      const [segment] = parts.blocks[0]!.segments;
      const [events, epochs] = [await segment!.events(0, {}), await segment!.events(1, {})];
      assert.equal(events.labels.length + epochs.labels.length, expected.n_annotations);
      for (const { onset, duration, description } of expected.annotations) {
        const list = duration > 0 ? epochs : events;
        const at = list.labels.findIndex((label, i) =>
          label === description && Math.abs(list.timestamps[i]! - onset) < 1e-6
        );
        assert.ok(at >= 0, `${description} at ${onset}`);
        if (duration > 0) near(list.durations![at]!, duration, "duration");
      }
    },
  });
}

function ofCorpus(name: string, test: (file: OpenedParts) => Promise<void>, title: string): void {
  const path = `${CORPUS}edf/${name}`;
  Deno.test({
    name: `corpus: ${title}`,
    ignore: CORPUS === null || !existsSync(path),
    async fn() {
      await using file = await openParts(EDF, path);
      await test(file);
    },
  });
}

ofCorpus("mne-testing-data__SC4001EC-Hypnogram.edf", async ({ parts }) => {
  const epochs = await parts.blocks[0]!.segments[0]!.events(1, {});
  assert.equal(epochs.labels.length, 154);
  assert.deepEqual(epochs.labels.slice(0, 3), ["Sleep stage W", "Sleep stage 1", "Sleep stage 2"]);
  assert.deepEqual([...epochs.durations!.slice(0, 3)], [30630, 120, 390]);
  assert.equal(parts.blocks[0]!.segments[0]!.tStop, 86400);
}, "a hypnogram has epochs and no signals, where MNE has no answer");

ofCorpus("mne-python__test_bdf_stim_channel.bdf", async ({ parts }) => {
  const [segment] = parts.blocks[0]!.segments;
  // neo casts them to 16 bits: 13168, 14188, 5316.
  const raw = numbers(await segment!.signals[0]!.array.read([{ start: 0, stop: 3, step: 1 }, 0]));
  assert.deepEqual(raw, [406384, 407404, 398532]);
  const status = numbers(await segment!.signals[0]!.array.read([null, 3])).map((word) => word & 0xffff);
  const changes = status.map((_, i) => i).filter((i) => i > 0 && status[i] !== status[i - 1] && status[i] !== 0);
  const found = await segment!.events(2, {});
  assert.deepEqual([...found.timestamps], changes);
  assert.deepEqual(found.labels.slice(0, 3), ["4", "2", "1"]);
}, "24-bit samples and triggers of a BioSemi file are those of its bytes, where neo has the lower 16 bits");

ofCorpus("mne-testing-data__subsecond_starttime.edf", async ({ parts }) => {
  const found = await parts.blocks[0]!.segments[0]!.events(0, {});
  // neo says 2.3457031.
  assert.equal(found.timestamps[0], 1.9511719);
}, "annotations are told from the first sample, where neo tells them from the whole second before");

if (FILES.length === 0) {
  Deno.test({ name: "corpus: EDF files (skipped: the corpus isn't here)", ignore: true, fn() {} });
}

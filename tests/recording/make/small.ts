/**
 * A small recording of each format that is read, made by the builders beside: for what stands on recordings, whatever they are of.
 *
 * @module
 */

import { makeBrainVision, packed } from "./brainvision.ts";
import { makeEdf, tals } from "./edf.ts";
import { intanBlocks, intanHeader, joined, type MadeIntan, rhdGroups } from "./intan.ts";
import { makeTrc } from "./micromed.ts";
import { makeBinary, range, sampleAt } from "./openephys_binary.ts";
import { makeContinuous, makeEvents, records } from "./openephys_legacy.ts";
import { bytes, metaText, probe20, samples } from "./spikeglx.ts";

/** A small recording. */
export interface SmallRecording {
  /** Its format. */
  readonly format: string;
  /** Its files, by name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The file that it is opened by; empty where that is the folder. */
  readonly at: string;
}

/** Micromed: three electrodes of two units at 256 Hz, 400 rows in two parts, a gap of 3 s between them. */
export function smallTrc(): Uint8Array<ArrayBuffer> {
  return makeTrc({
    electrodes: [
      { code: 1, name: "Fp1" },
      { code: 2, name: "Fp2", logical: [0, 65535, 32768], physical: [-1600, 1600] },
      { code: 5, name: "ECG", unit: 1 },
    ],
    rows: 400,
    value: (row, channel) => 32768 + Math.round(10_000 * Math.sin((row + 20 * channel) / 9)) % 30_000,
    parts: [[0, 0], [1024, 256]],
    notes: [[64, "eyes open"], [300, "eyes closed"]],
    triggers: [[10, 1], [32, 2], [320, 1]],
    eventA: { name: "Spindle", pairs: [[128, 192]] },
  });
}

/** EDF+ of two streams, 100 and 10 Hz, ten records of a second, with annotations. */
export function smallEdf(): Uint8Array<ArrayBuffer> {
  return makeEdf({
    reserved: "EDF+C",
    duration: "1",
    records: 10,
    signals: [
      {
        label: "EEG Fpz",
        samples: 100,
        values: Array.from({ length: 1000 }, (_, i) => (i * 37) % 4001 - 2000),
        dimension: "uV",
        physical: ["-1000", "1000"],
        digital: ["-2000", "2000"],
      },
      {
        label: "EEG Pz",
        samples: 100,
        values: Array.from({ length: 1000 }, (_, i) => (i * 11) % 3001 - 1500),
        dimension: "uV",
        physical: ["-500", "500"],
        digital: ["-2000", "2000"],
      },
      {
        label: "Temp",
        samples: 10,
        values: Array.from({ length: 100 }, (_, i) => 300 + i),
        dimension: "degC",
        physical: ["0", "100"],
        digital: ["0", "1000"],
      },
      {
        label: "EDF Annotations",
        samples: 32,
        values: Array.from(
          { length: 10 },
          (_, r) => tals(`+${r}`, r % 4 === 1 ? [[`+${r}.25`, "0.5", `note ${r}`]] : []),
        ),
      },
    ],
  });
}

/** BioSemi's 24 bits. */
export function smallBdf(): Uint8Array<ArrayBuffer> {
  const signal = (label: string, channel: number) => ({
    label,
    samples: 64,
    values: Array.from({ length: 256 }, (_, i) => (i * 65_537 + channel * 1009) % 8_000_001 - 4_000_000),
    dimension: "uV",
    physical: ["-262144", "262143"] as const,
    digital: ["-8388608", "8388607"] as const,
  });
  return makeEdf({
    kind: "BDF",
    reserved: "24BIT",
    duration: "1",
    records: 4,
    signals: [signal("A1", 0), signal("A2", 1)],
  });
}

/** BrainVision, interleaved or channel by channel, 250 Hz. */
export function smallBrainVision(orientation: "MULTIPLEXED" | "VECTORIZED"): Map<string, Uint8Array> {
  return makeBrainVision({
    common: { DataOrientation: orientation },
    channels: ["Fz,,0.5,µV", "Cz,,0.5,µV", "EOG,,1,µV"],
    markers: ["Stimulus,S  1,26,1,0", "Response,R  1,51,1,0", "Comment,rest,101,50,0"],
    data: packed(Array.from({ length: 3 * 200 }, (_, i) => (i * 53) % 2003 - 1000), "Int16"),
  });
}

/** SpikeGLX: four channels of a probe and its sync word, 600 rows at 30 kHz. */
export function smallSpikeGlx(): Map<string, Uint8Array> {
  const values = probe20("NP2000", { channels: 4 });
  const data = samples(600, 5, { 4: (row) => row % 100 < 50 ? 0 : 64 });
  const meta = metaText({ ...values, fileSizeBytes: data.byteLength, fileTimeSecs: 600 / 30_000 });
  return new Map([["run_g0_t0.imec0.ap.meta", bytes(meta)], ["run_g0_t0.imec0.ap.bin", bytes(data)]]);
}

/** Open Ephys binary: a stream of four channels at 1 kHz, with lines. */
export function smallOpenEphys(): Map<string, Uint8Array> {
  return makeBinary({
    version: "0.6.7",
    path: "Record Node 101/experiment1/recording1/",
    streams: [{
      folder: "Rhythm-100.Data",
      rate: 1000,
      channels: Array.from({ length: 4 }, (_, i) => ({ name: `CH${i + 1}` })),
      numbers: range(5000, 500),
      seconds: Array.from({ length: 500 }, (_, i) => 5 + i / 1000),
    }],
    lines: [{
      folder: "Rhythm-100.Data/TTL",
      rate: 1000,
      numbers: [5100, 5150, 5300],
      states: [1, -1, 2],
      seconds: [5.1, 5.15, 5.3],
    }],
  });
}

/** Open Ephys legacy: two channels at 1 kHz, two records of 1,024 samples. */
export function smallLegacy(): Map<string, Uint8Array> {
  return new Map([
    ["100_CH1.continuous", makeContinuous(1, records(0, 2))],
    ["100_CH2.continuous", makeContinuous(2, records(0, 2))],
    ["all_channels.events", makeEvents([{ time: 100, id: 1, channel: 0 }, { time: 200, id: 0, channel: 0 }])],
  ]);
}

/** Intan RHD: blocks of everything. */
export function smallIntan(): Uint8Array<ArrayBuffer> {
  const made: MadeIntan = { groups: rhdGroups(3), rate: 20_000 };
  return joined(
    intanHeader(made),
    intanBlocks(made, 3, (what, channel, sample) => {
      if (what === "time") return sample;
      if (what === "din" || what === "dout") return sample % 50 < 20 ? 0b10 : 0x8000;
      return (what.charCodeAt(0) * 97 + channel * 1000 + sample * 3) % 65536;
    }),
  );
}

/** All of them. */
export function smallRecordings(): SmallRecording[] {
  return [
    { format: "micromed", files: new Map([["small.TRC", smallTrc()]]), at: "small.TRC" },
    { format: "edf", files: new Map([["small.edf", smallEdf()]]), at: "small.edf" },
    { format: "edf", files: new Map([["small.bdf", smallBdf()]]), at: "small.bdf" },
    { format: "brainvision", files: smallBrainVision("MULTIPLEXED"), at: "rec.vhdr" },
    { format: "brainvision", files: smallBrainVision("VECTORIZED"), at: "rec.vhdr" },
    { format: "spikeglx", files: smallSpikeGlx(), at: "run_g0_t0.imec0.ap.bin" },
    { format: "openephysbinary", files: smallOpenEphys(), at: "" },
    { format: "openephys", files: smallLegacy(), at: "" },
    { format: "intan", files: new Map([["small.rhd", smallIntan()]]), at: "small.rhd" },
  ];
}

/** What the samples of {@linkcode smallOpenEphys} are. */
export { sampleAt as openEphysSample };

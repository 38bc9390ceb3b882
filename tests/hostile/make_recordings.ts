/**
 * Small recordings of makers' formats, with something of everything that each has.
 *
 * @module
 */
import { encodeSidecar } from "../../src/raw/sidecar.ts";
import { makeBrainVision, packed as packedNumbers } from "../recording/make/brainvision.ts";
import { bytesOf, makeEdf, tals } from "../recording/make/edf.ts";
import { intanBlocks, intanHeader, joined, type MadeIntan, rhdGroups, rhsGroups } from "../recording/make/intan.ts";
import { makeTrc, TRC_DATA, TRC_ZONES } from "../recording/make/micromed.ts";
import { makeBinary, range } from "../recording/make/openephys_binary.ts";
import { makeContinuous, makeEvents, makeSpikes, records } from "../recording/make/openephys_legacy.ts";
import { packed } from "../recording/make/mtscomp.ts";
import { board, bytes, metaText, probe10, samples } from "../recording/make/spikeglx.ts";
import type { Files, Range } from "./kind.ts";

/** Micromed: two parts, notes, triggers, events of both forms. */
export function micromedFile(): Files {
  const trc = makeTrc({
    electrodes: [{ code: 1, name: "Fp1" }, { code: 3, name: "Cz", unit: 1, physical: [-1, 1] }],
    rate: 100,
    rows: 60,
    value: (row, channel) => 32768 + row * 2 + channel,
    parts: [[100, 0], [300, 20]],
    notes: [[5, "hello"], [25, "there"]],
    triggers: [[4, 1], [20, 2], [39, 3]],
    eventA: { records: [[1, 3, 7], [2, 22, 30]] },
    eventB: { name: "Seizure", pairs: [[5, 9], [30, 31]] },
  });
  return new Map([["a.TRC", trc]]);
}

const wave = (count: number, step: number) => Array.from({ length: count }, (_, i) => (i * step) % 3001 - 1500);

/** EDF+, or BDF+ with a Status channel: two rates, annotations, a gap. */
export function edfFile(kind: "EDF" | "BDF"): Files {
  const times = [0, 1, 2, 5, 6, 7];
  const made = makeEdf({
    kind,
    reserved: `${kind}+D`,
    patient: "X F 02-MAY-1951 Jane_Doe",
    recording: "Startdate 02-MAR-2004 EMG561 BK/JOP Sony",
    records: times.length,
    duration: "1",
    signals: [
      {
        label: "EEG Fpz-Cz",
        values: wave(60, 37),
        samples: 10,
        dimension: "uV",
        transducer: "AgAgCl",
        prefilter: "HP:0.1Hz",
      },
      { label: "Temp", values: wave(30, 11), samples: 5, dimension: "degC", physical: ["20", "40"] },
      ...(kind === "BDF" ? [{ label: "Status", values: wave(60, 1).map((value) => value & 0xff), samples: 10 }] : []),
      {
        label: `${kind} Annotations`,
        values: times.map((time) =>
          tals(`+${time}`, [[`+${time}.25`, "0.5", "Sleep stage W"], [`+${time}.5`, "", "é"]])
        ),
        samples: 60,
      },
    ],
  });
  return new Map([[`a.${kind.toLowerCase()}`, made]]);
}

/** BrainVision: a header, markers, int16. */
export function brainVisionFiles(): Files {
  return makeBrainVision({
    data: packedNumbers(wave(300, 13), "Int16"),
    channels: ["Fp1,,0.5,µV", "F\\1z,Ref,0.25,µV", "ECG,,1,mV"],
    markers: [
      "New Segment,,1,1,0,20240102030405000000",
      "Stimulus,S  1,10,1,0",
      "Response,R 2,40,5,2",
      "New Segment,,60,1,0,20240102030505000000",
    ],
    more: "[Coordinates]\r\nCh1=1,90,-36\r\n[Comment]\r\nImpedance [kOhm] at 16:40:07 :\r\nFp1:          5\r\n",
  });
}

/** SpikeGLX: a probe's stream and a board's, with digital lines. */
export function spikeGlxFiles(): Files {
  const ap = probe10({ channels: 4 });
  const ni = board([0, 0, 2, 1]);
  return new Map([
    ["run_g0_imec0/run_g0_t0.imec0.ap.meta", bytes(metaText(ap))],
    ["run_g0_imec0/run_g0_t0.imec0.ap.bin", bytes(samples(40, Number(ap.nSavedChans)))],
    ["run_g0_t0.nidq.meta", bytes(metaText(ni))],
    ["run_g0_t0.nidq.bin", bytes(samples(60, Number(ni.nSavedChans)))],
  ]);
}

/** SpikeGLX whose samples mtscomp compressed. */
export function cbinFiles(): Files {
  const ap = probe10({ channels: 4 });
  const width = Number(ap.nSavedChans);
  const { cbin, ch } = packed(samples(300, width), { width, chunk: 100 });
  return new Map<string, Uint8Array>([["a.imec0.ap.meta", bytes(metaText(ap))], ["a.imec0.ap.cbin", cbin], [
    "a.imec0.ap.ch",
    ch,
  ]]);
}

/** Open Ephys binary: samples with a gap, lines, texts, spikes. */
export function openEphysBinaryFiles(): Files {
  const numbers = [...range(5000, 40), ...range(5100, 60)];
  const channels = [{ name: "CH1", bitVolts: 0.195, units: "uV" }, { name: "ADC1", bitVolts: 1.5e-4, units: "V" }];
  return makeBinary({
    version: "0.6.7",
    path: "Record Node 101/experiment1/recording1/",
    streams: [{ folder: "Acq-100.stream", rate: 1000, channels, numbers, seconds: numbers.map((n) => n / 1000 + 0.5) }],
    lines: [{
      folder: "Acq-100.stream/TTL",
      rate: 1000,
      numbers: [5003, 5010, 5120],
      states: [1, -1, 2],
      seconds: [5.503, 5.51, 5.62],
    }],
    texts: [{ folder: "MessageCenter", rate: 1000, numbers: [5020, 5030], texts: ["start", "stop"] }],
    spikes: [{
      ...{ folder: "Acq-100.stream/Stereotrode 1", names: ["Stereotrode 1"], rate: 1000 },
      ...{ numbers: [5012, 5121], seconds: [5.512, 5.621], electrodes: [1, 1], channels: 2, samples: 40 },
    }],
  });
}

/** Open Ephys legacy: two channels with a gap, events, spikes. */
export function openEphysFiles(): Files {
  const made = [...records(0, 2), ...records(5000, 1)];
  return new Map([
    ["100_CH1.continuous", makeContinuous(1, made)],
    ["100_CH2.continuous", makeContinuous(2, made)],
    ["all_channels.events", makeEvents([{ time: 10 }, { time: 20, id: 0 }, { time: 5010 }])],
    ["Stereotrode 1.spikes", makeSpikes([{ time: 100, unit: 1 }, { time: 5100 }])],
  ]);
}

/** Intan, all in one file. */
export function intanFile(system: "rhd" | "rhs"): Files {
  const made: MadeIntan = system === "rhd"
    ? { temperature: 1, boardMode: 13, groups: rhdGroups(2) }
    : { system, dc: true, groups: rhsGroups(2) };
  const value = (what: string, channel: number, i: number) => what === "time" ? i : i * 3 + channel & 0xffff;
  return new Map([[`a.${system}`, joined(intanHeader(made), intanBlocks(made, 3, value))]]);
}

/** A flat file with a description beside it. */
export function rawFiles(): Files {
  const recording = { samplingRate: 1000, units: "uV", channelNames: ["a", "b", "c"], tStart: 5 };
  const scale = { gain: [0.5, 1, 2] };
  const sidecar = encodeSidecar({ dtype: "<i2", shape: [null, 3], order: "C", offset: 4, scale, recording });
  return new Map([["a.bin", packedNumbers(wave(302, 7), "Int16")], ["a.bin.json", bytesOf(sidecar)]]);
}

/** What of a Micromed file is used: most of its zones are empty. */
export function micromedTargets(): Range[] {
  const used: readonly (readonly [start: number, length: number])[] = [
    [0, 640],
    [TRC_ZONES.ORDER[0], 4],
    [TRC_ZONES.LABCOD[0] + 128, 3 * 128],
    [TRC_ZONES.NOTE[0], 132],
    [TRC_ZONES.TRONCA[0], 32],
    [TRC_ZONES["EVENT A"][0], 96],
    [TRC_ZONES["EVENT B"][0], 96],
    [TRC_ZONES.TRIGGER[0], 48],
    [TRC_DATA, 60],
  ];
  return used.map(([start, length]) => ({ file: "a.TRC", start, end: start + length }));
}

/** The header of an Intan file, and what begins its first block. */
export function intanTargets(files: Files): Range[] {
  return [...files].map(([file, { length }]) => ({ file, start: 0, end: Math.min(length, 1500) }));
}

/** Headers of Open Ephys' files, and what stands before the samples of their records. */
export function openEphysTargets(files: Files): Range[] {
  return [...files].flatMap(([file, { length }]) => {
    const records = file.endsWith(".continuous")
      ? Array.from({ length: (length - 1024) / 2070 }, (_, i) => 1024 + 2070 * i)
      : [];
    const heads = records.map((start) => ({ file, start, end: start + 24 }));
    return [{ file, start: 0, end: 400 }, ...heads, ...records.length > 0 ? [] : [{ file, start: 1024, end: length }]];
  });
}

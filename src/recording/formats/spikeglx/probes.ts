/**
 * Neuropixels probes: which kind a `.meta` is of, what one step of its converter is worth, when each channel is sampled.
 *
 * @module
 */

import type { Meta } from "./meta.ts";

/** Kinds of probes, by how their gains are told. */
export type ProbeFamily = "1.0" | "UHD2" | "2.0 alpha" | "2.0" | "quad base" | "NXT";

interface FamilyFacts {
  /** Largest count of the converter, where the file doesn't say: 2^(bits - 1). */
  readonly maxInt: number;
  /** Gain of all channels, where the file doesn't say; of those that have none, each channel has its own. */
  readonly gain: number | null;
  /** Channels that a converter samples in turn. */
  readonly slots: number;
  /** Steps of a converter's round: those of 1.0 sample an LF channel in a 13th. */
  readonly cycles: number;
}

/** What the kinds have in common. */
export const FAMILIES: Readonly<Record<ProbeFamily, FamilyFacts>> = {
  "1.0": { maxInt: 512, gain: null, slots: 12, cycles: 13 },
  "UHD2": { maxInt: 512, gain: null, slots: 12, cycles: 13 },
  "2.0 alpha": { maxInt: 8192, gain: 80, slots: 16, cycles: 16 },
  "2.0": { maxInt: 2048, gain: 100, slots: 16, cycles: 16 },
  "quad base": { maxInt: 2048, gain: 100, slots: 16, cycles: 16 },
  "NXT": { maxInt: 2048, gain: 100, slots: 16, cycles: 16 },
};

/** Part numbers, looked at in this order; numbers of SpikeGLX's own for types stand without letters. */
const PARTS: readonly (readonly [RegExp, ProbeFamily])[] = [
  [/^(NP)?1110$/, "UHD2"],
  // Option 3000 is a passive 1.0 probe.
  [/^(NP1\d{3}|NP3000|PRB_1_.*|0|1\d{3})$/, "1.0"],
  [/^(NP2000|NP2010|PRB2_.*|21|24)$/, "2.0 alpha"],
  [/^(NP)?202\d$/, "quad base"],
  [/^(NP)?2\d{3}$/, "2.0"],
  [/^(NP)?3\d{3}$/, "NXT"],
];

/**
 * The kind of a probe: by its part number, else by its type; without either it is of phase 3A, or an early 1.0.
 *
 * @param meta What the file says
 * @param warn Told where it is of no kind that is known
 */
export function familyOf(meta: Meta, warn: (message: string) => void): ProbeFamily {
  const part = meta.text("imDatPrb_pn");
  const type = meta.text("imDatPrb_type");
  if (part === undefined && type === undefined) return "1.0";
  for (const name of [part, type]) {
    const found = name === undefined ? undefined : PARTS.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return found[1];
  }
  // Entries with gains of their own have them at their end: channel, bank, reference, AP, LF.
  const fields = meta.list("imroTbl")?.entries[0]?.trim().split(/\s+/).length ?? 0;
  const family = fields >= 6 ? "1.0" : "2.0";
  warn(`${meta.file}: the probe ${part ?? `of type ${type}`} isn't known; it is read as one of the kind ${family}`);
  return family;
}

/** Gains of a probe's channels. */
export interface ProbeGains {
  /** Gain of an AP channel, by its number among the acquired ones. */
  ap(channel: number): number;
  /** Gain of an LF channel, by its number among the acquired LF ones. */
  lf(channel: number): number;
}

/**
 * Gains: of 1.0 each channel's own, by the readout table; of UHD2 those in that table's header; of the others one for all.
 *
 * @param meta What the file says
 * @param family The kind of the probe
 */
export function gainsOf(meta: Meta, family: ProbeFamily): ProbeGains {
  const { gain } = FAMILIES[family];
  if (gain !== null) {
    const all = meta.positive("imChan0apGain") ?? gain;
    return { ap: () => all, lf: () => meta.positive("imChan0lfGain") ?? all };
  }
  const table = meta.list("imroTbl");
  if (family === "UHD2" && table !== undefined && table.header.length >= 5) {
    const [ap, lf] = [Number(table.header[3]), Number(table.header[4])];
    return { ap: () => ap, lf: () => lf };
  }
  const entries = readoutTable(meta);
  const one = (field: number, key: string) => (channel: number): number => {
    const own = entries.get(channel)?.[field];
    return own ?? meta.positive(key) ?? meta.refuse("imroTbl", `expected the gain of channel ${channel}`);
  };
  return { ap: one(3, "imChan0apGain"), lf: one(4, "imChan0lfGain") };
}

/** Entries of the readout table by the channel that they name; tools that cut files down leave some out. */
export function readoutTable(meta: Meta): Map<number, readonly number[]> {
  const entries = new Map<number, readonly number[]>();
  for (const entry of meta.list("imroTbl")?.entries ?? []) {
    const fields = entry.trim().split(/\s+/).map(Number);
    entries.set(fields[0]!, fields);
  }
  return entries;
}

/** When a channel is sampled. */
export interface SamplingTurn {
  /** Which converter samples it. */
  readonly adc: number;
  /** How long after the first of its converter, in samples. */
  readonly shift: number;
}

/**
 * When channels are sampled: by the file's table, else by the published rule, where there is one for the probe.
 *
 * @param meta What the file says
 * @param family The kind of the probe
 * @param band Which band the channels are of: converters of 1.0 take their LF channels in turn, one each round
 * @returns By a channel's number in its band; `undefined` where nothing is known
 */
export function turnsOf(
  meta: Meta,
  family: ProbeFamily,
  band: "ap" | "lf",
): (channel: number) => SamplingTurn | undefined {
  const { slots, cycles } = FAMILIES[family];
  const table = meta.list("muxTbl");
  if (table !== undefined) {
    const turns = new Map<number, SamplingTurn>();
    const count = table.entries.length;
    const steps = band === "ap" ? count + cycles - slots : count;
    table.entries.forEach((entry, slot) => {
      entry.trim().split(/\s+/).map(Number).forEach((channel, adc) => {
        if (!turns.has(channel)) turns.set(channel, { adc, shift: slot / steps });
      });
    });
    return (channel) => turns.get(channel);
  }
  // The 128 channels of NP1200 and its kin are wired in no order.
  if (/^NP12\d\d$|^12\d\d$/.test(meta.text("imDatPrb_pn") ?? meta.text("imDatPrb_type") ?? "")) return () => undefined;
  const steps = band === "ap" ? cycles : slots;
  return (channel) => {
    // Even and odd channels of a stretch share one converter each.
    const stretch = Math.floor(channel / (2 * slots));
    return { adc: 2 * stretch + channel % 2, shift: Math.floor(channel % (2 * slots) / 2) / steps };
  };
}

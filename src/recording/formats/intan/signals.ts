/**
 * Kinds of signals of Intan's files: what they are called, and what their numbers mean. And what each arrangement of files
 * gives of them.
 *
 * @module
 */

import type { LazyArray } from "../../../array/types.ts";
import type { ChannelParts, StreamParts } from "../../format.ts";
import type { ChannelKind, IntanChannel, IntanHeader } from "./header.ts";

/** A kind of signal. */
export type SignalKind = ChannelKind | "temperature" | "dc" | "stim" | "stimFlags" | "lowpass" | "highpass";

/** A channel of a signal. */
export interface SignalColumn {
  /** What its user called it. */
  readonly name: string;
  /** Its name by plug, which files are called by. */
  readonly id: string;
  /** What else is known of it. */
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** Samples of a kind. */
export interface IntanSignal {
  /** Of what kind they are. */
  readonly kind: SignalKind;
  /** Its channels. */
  readonly columns: readonly SignalColumn[];
  /** Shape [rows, channels]. */
  readonly array: LazyArray;
  /** Samples of an amplifier for each row. */
  readonly every: number;
  /** The one file that it lies in, where it has one. */
  readonly fileName?: string | undefined;
}

/** A digital line. */
export interface IntanLine {
  /** What its user called it. */
  readonly name: string;
  /** Its name by plug. */
  readonly id: string;
  /** Which bit of the word it is. */
  readonly bit: number;
}

/** Digital lines that are stored as words. */
export interface IntanWords {
  /** What it is called in an index. */
  readonly name: string;
  /** The words: shape [samples, 1]. */
  readonly array: LazyArray;
  /** Lines that were recorded. */
  readonly lines: readonly IntanLine[];
}

/** The number of each sample. */
export interface IntanTimes {
  /** As the file has them: shape [samples]. */
  readonly array: LazyArray;
  /** Some of them. */
  read(rows: readonly number[], signal?: AbortSignal): Promise<ArrayLike<number>>;
}

/** What an arrangement of files holds. */
export interface IntanData {
  /** Samples of an amplifier. */
  readonly samples: number;
  /** Their numbers; `null` where the file with them is missing. */
  readonly times: IntanTimes | null;
  /** Signals. */
  readonly signals: readonly IntanSignal[];
  /** Digital lines. */
  readonly words: readonly IntanWords[];
}

/** What is the same for all channels of a kind. */
interface Meaning {
  readonly id: string;
  readonly name: string;
  readonly units: string;
  readonly gain: number;
  /** The raw number of a physical zero, where samples are unsigned; where they are signed it is 32768 less. */
  readonly zero: number;
}

const AMPLIFIER = { units: "uV", gain: 0.195, zero: 32768 };
const LINE = { units: "a.u.", gain: 1, zero: 0 };

/** Streams in the order in which they are given, which is that of neo's numbers for them. */
function meanings({ system, boardMode, stimStep }: IntanHeader): Partial<Record<SignalKind, Meaning>> {
  const adc = { id: "3", name: "USB board ADC input channel", units: "V" };
  const more = {
    lowpass: { id: "13", name: "Lowpass amplifier channel", ...AMPLIFIER },
    highpass: { id: "14", name: "Highpass amplifier channel", ...AMPLIFIER },
  };
  if (system === "rhs") {
    return {
      amplifier: { id: "0", name: "RHS2000 amplifier channel", ...AMPLIFIER },
      aux: { id: "1", name: "RHS2000 auxiliary input channel", units: "V", gain: 37.4e-6, zero: 0 },
      supply: { id: "2", name: "RHS2000 supply voltage channel", units: "V", gain: 74.8e-6, zero: 0 },
      adc: { ...adc, gain: 312.5e-6, zero: 32768 },
      dac: { id: "4", name: "USB board ADC output channel", units: "V", gain: 312.5e-6, zero: 32768 },
      digitalIn: { id: "5", name: "USB board digital input channel", ...LINE },
      digitalOut: { id: "6", name: "USB board digital output channel", ...LINE },
      // A higher number is a lower voltage.
      dc: { id: "10", name: "DC Amplifier channel", units: "mV", gain: -19.23, zero: 512 },
      stim: { id: "11", name: "Stim channel", units: "A", gain: stimStep, zero: 0 },
      stimFlags: { id: "12", name: "Stim flags channel", ...LINE },
      ...more,
    };
  }
  return {
    amplifier: { id: "0", name: "RHD2000 amplifier channel", ...AMPLIFIER },
    aux: { id: "1", name: "RHD2000 auxiliary input channel", units: "V", gain: 37.4e-6, zero: 0 },
    supply: { id: "2", name: "RHD2000 supply voltage channel", units: "V", gain: 74.8e-6, zero: 0 },
    adc: { ...adc, ...ADC_RANGES[boardMode] ?? ADC_RANGES[0]! },
    digitalIn: { id: "4", name: "USB board digital input channel", ...LINE },
    digitalOut: { id: "5", name: "USB board digital output channel", ...LINE },
    temperature: { id: "6", name: "Temperature Sensor Channel", units: "Celsius", gain: 0.01, zero: 0 },
    ...more,
  };
}

/** What the analog inputs of each board give. As the maker's own reader does, any other is taken as the first. */
const ADC_RANGES: Readonly<Record<number, { readonly gain: number; readonly zero: number }>> = {
  0: { gain: 50.354e-6, zero: 0 },
  1: { gain: 152.59e-6, zero: 32768 },
  13: { gain: 312.5e-6, zero: 32768 },
};

/** Whether the range of a board's analog inputs is known. */
export function knowsBoard({ system, boardMode }: IntanHeader): boolean {
  return system === "rhs" || ADC_RANGES[boardMode] !== undefined;
}

/** A signal with the stream that it is. */
export interface IntanStream {
  /** The signal. */
  readonly signal: IntanSignal;
  /** The stream. */
  readonly stream: StreamParts;
}

/** Signals as streams, in order; those without channels are left out. */
export function streamsOf(header: IntanHeader, signals: readonly IntanSignal[]): IntanStream[] {
  return Object.entries(meanings(header)).flatMap(([kind, meaning]) => {
    const signal = signals.find((one) => one.kind === kind && one.columns.length > 0);
    return signal === undefined ? [] : [{ signal, stream: streamOf(header, signal, meaning) }];
  });
}

function streamOf(header: IntanHeader, signal: IntanSignal, { id, name, units, gain, zero }: Meaning): StreamParts {
  const isSigned = signal.array.dtype.kind === "int";
  const isBipolar = signal.kind !== "stim" && signal.kind !== "temperature";
  const rawZero = isSigned && isBipolar ? zero - 32768 : zero;
  const channels = signal.columns.map((column): ChannelParts => ({
    name: column.name,
    id: column.id,
    samplingRate: header.samplingRate / signal.every,
    units,
    gain,
    // Not -0, which prints as it is.
    offset: rawZero === 0 ? 0 : -rawZero * gain,
    annotations: column.annotations,
  }));
  return {
    name,
    id,
    bufferId: signal.fileName === undefined ? undefined : id,
    dtype: isSigned ? "i2" : "u2",
    channels,
  };
}

/** What of a stimulation's word is its current, in steps: 8 bits of magnitude, and one that says that it is negative. */
export function stimCurrent(word: number): number {
  const steps = word & 0xff;
  return steps !== 0 && (word & 0x100) !== 0 ? -steps : steps;
}

/** Flags of a stimulation's word: which bit, and what is put behind the amplifier's name. */
export const STIM_FLAGS: readonly { readonly bit: number; readonly suffix: string }[] = [
  { bit: 13, suffix: "_AMP_SETTLE" },
  { bit: 14, suffix: "_CHARGE_RECOVERY" },
  { bit: 15, suffix: "_COMPLIANCE" },
];

/** Channels of a kind, as columns; `suffix` stands behind their names. */
export function columnsOf(
  header: IntanHeader,
  kind: ChannelKind,
  suffix = "",
): SignalColumn[] {
  return header.channels.filter((channel) => channel.kind === kind).map(({ nativeName, customName, annotations }) => ({
    name: (customName || nativeName) + suffix,
    id: nativeName + suffix,
    annotations,
  }));
}

/** Digital channels as lines. */
export function linesOf(channels: readonly IntanChannel[]): IntanLine[] {
  return channels.map(({ nativeName: id, customName, nativeOrder: bit }) => ({ name: customName || id, id, bit }));
}

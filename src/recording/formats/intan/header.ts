/**
 * Headers of Intan's files: RHD (recording) from version 1.0 on, RHS (stimulation and recording).
 *
 * @module
 */

import { CorruptFileError, TruncatedError, UnsupportedError } from "../../../source/errors.ts";
import { HeaderReader } from "../../files/header_reader.ts";
import type { RecordingFile } from "../../files/recording_files.ts";

/** First bytes of a header. */
export const RHD_MAGIC = 0xc6912702;
/** First bytes of a header with stimulation. */
export const RHS_MAGIC = 0xd69127ac;

/** What is read of a file at first; nearly all headers are shorter. */
const FIRST_BYTES = 64 * 1024;
/** A header of ten thousand channels is below this. */
const MOST_BYTES = 8 * 1024 * 1024;

/** What kind of signal a channel of the header is. */
export type ChannelKind = "amplifier" | "aux" | "supply" | "adc" | "dac" | "digitalIn" | "digitalOut";

/** Numbers that headers have for kinds. */
const KINDS: Readonly<Record<"rhd" | "rhs", readonly (ChannelKind | undefined)[]>> = {
  rhd: ["amplifier", "aux", "supply", "adc", "digitalIn", "digitalOut"],
  rhs: ["amplifier", "aux", "supply", "adc", "dac", "digitalIn", "digitalOut"],
};

/** A channel that was recorded. */
export interface IntanChannel {
  /** Its name by plug, `A-000`; files are called by it. */
  readonly nativeName: string;
  /** What its user called it. */
  readonly customName: string;
  /** Its number within its kind: which bit of a digital word it is. */
  readonly nativeOrder: number;
  /** Of what kind it is. */
  readonly kind: ChannelKind;
  /** What else the header says of it. */
  readonly annotations: Readonly<Record<string, unknown>>;
}

/** A header. */
export interface IntanHeader {
  /** Which of the two. */
  readonly system: "rhd" | "rhs";
  /** Its version, `3.1`. */
  readonly version: string;
  /** Samples per second. */
  readonly samplingRate: number;
  /** Samples of a data block. */
  readonly blockSamples: number;
  /** Whether sample numbers are unsigned. */
  readonly hasUnsignedTimes: boolean;
  /** Which board: it decides the range of the analog inputs. */
  readonly boardMode: number;
  /** Temperature sensors. */
  readonly temperatureCount: number;
  /** Whether the amplifiers' DC signals are stored in blocks. */
  readonly hasDc: boolean;
  /** Amperes that one step of stimulation is. */
  readonly stimStep: number;
  /** Channels that are enabled, in the order of the header. */
  readonly channels: readonly IntanChannel[];
  /** What else it says. */
  readonly annotations: Readonly<Record<string, unknown>>;
  /** Its length: data blocks begin here. */
  readonly byteLength: number;
}

/** Whether bytes begin as a header does. */
export function isIntan(head: Uint8Array): boolean {
  if (head.length < 8) return false;
  const magic = new DataView(head.buffer, head.byteOffset, 4).getUint32(0, true);
  return magic === RHD_MAGIC || magic === RHS_MAGIC;
}

/**
 * Reads the header that a file begins with.
 *
 * @throws {CorruptFileError} If it isn't one, or a field can't be
 * @throws {TruncatedError} If the file ends within it
 * @throws {UnsupportedError} If its version isn't read
 */
export async function readHeader(file: RecordingFile, signal?: AbortSignal): Promise<IntanHeader> {
  const most = Math.min(file.byteLength, MOST_BYTES);
  for (let length = Math.min(FIRST_BYTES, most);; length = Math.min(4 * length, most)) {
    const bytes = await file.bytes({ offset: 0, length }, signal);
    try {
      return parse(new HeaderReader(bytes, file.name));
    } catch (error) {
      if (!(error instanceof TruncatedError)) throw error;
      if (length < most) continue;
      if (length === file.byteLength) throw error;
      throw new CorruptFileError(
        `Cannot read the header of ${file.name}: it doesn't end within ${MOST_BYTES.toLocaleString("en")} bytes`,
        { file: file.name },
      );
    }
  }
}

function parse(reader: HeaderReader): IntanHeader {
  const magic = reader.u32("the magic number");
  if (magic !== RHD_MAGIC && magic !== RHS_MAGIC) {
    reader.refuse("the magic number", 0, `is 0x${magic.toString(16)}, neither RHD's nor RHS's`);
  }
  const system = magic === RHS_MAGIC ? "rhs" : "rhd";
  const major = reader.i16("the version");
  const minor = reader.i16("the version's second part");
  const version = `${major}.${minor}`;
  if (major < 1 || minor < 0) reader.refuse("the version", 4, `is ${version}`);
  if (major > 3) {
    throw new UnsupportedError(
      `Cannot open ${reader.file}: it is ${system.toUpperCase()} version ${version}, versions 1.0 to 3.x are read`,
      { file: reader.file },
    );
  }
  const isFrom = (first: number, second: number) => major > first || major === first && minor >= second;
  const samplingRate = reader.f32("the sampling rate");
  if (!(samplingRate > 0 && samplingRate < 1e9)) reader.refuse("the sampling rate", 8, `is ${samplingRate}`);
  const filters = system === "rhs" ? rhsFilters(reader) : rhdFilters(reader);
  const stimulation = system === "rhs" ? rhsStimulation(reader) : undefined;
  const notes = ["first", "second", "third"].map((which) => text(reader, `the ${which} note`)).filter(Boolean);
  let temperatureCount = 0;
  let hasDc = false;
  if (system === "rhs") {
    hasDc = reader.i16("whether DC signals are saved") !== 0;
  } else if (isFrom(1, 1)) {
    const at = reader.at;
    temperatureCount = reader.i16("the number of temperature sensors");
    if (temperatureCount < 0) reader.refuse("the number of temperature sensors", at, `is ${temperatureCount}`);
  }
  const boardMode = system === "rhs" || isFrom(1, 3) ? reader.i16("the board's mode") : 0;
  const reference = system === "rhs" || isFrom(2, 0) ? text(reader, "the reference channel") : "";
  const channels = readChannels(reader, system);
  return {
    system,
    version,
    samplingRate,
    blockSamples: system === "rhs" || isFrom(2, 0) ? 128 : 60,
    hasUnsignedTimes: system === "rhd" && !isFrom(1, 2),
    boardMode,
    temperatureCount,
    hasDc,
    stimStep: stimulation?.stimStepSize ?? 0,
    channels,
    annotations: {
      intanVersion: version,
      ...filters,
      // Since 3.0 what is saved is notched; before, the header told what the screen showed.
      notchIsApplied: major >= 3 && filters.notchFilterFrequency !== null,
      ...stimulation,
      boardMode,
      ...(notes.length > 0 ? { notes } : {}),
      ...(reference === "" ? {} : { referenceChannel: reference }),
    },
    byteLength: reader.at,
  };
}

function notch(mode: number): number | null {
  return mode === 1 ? 50 : mode === 2 ? 60 : null;
}

function rhdFilters(reader: HeaderReader) {
  return {
    dspEnabled: reader.i16("whether the DSP is on") !== 0,
    actualDspCutoffFrequency: reader.f32("the actual DSP cutoff"),
    actualLowerBandwidth: reader.f32("the actual lower bandwidth"),
    actualUpperBandwidth: reader.f32("the actual upper bandwidth"),
    desiredDspCutoffFrequency: reader.f32("the desired DSP cutoff"),
    desiredLowerBandwidth: reader.f32("the desired lower bandwidth"),
    desiredUpperBandwidth: reader.f32("the desired upper bandwidth"),
    notchFilterFrequency: notch(reader.i16("the notch filter's mode")),
    desiredImpedanceTestFrequency: reader.f32("the desired impedance frequency"),
    actualImpedanceTestFrequency: reader.f32("the actual impedance frequency"),
  };
}

function rhsFilters(reader: HeaderReader) {
  return {
    dspEnabled: reader.i16("whether the DSP is on") !== 0,
    actualDspCutoffFrequency: reader.f32("the actual DSP cutoff"),
    actualLowerBandwidth: reader.f32("the actual lower bandwidth"),
    actualLowerSettleBandwidth: reader.f32("the actual lower settle bandwidth"),
    actualUpperBandwidth: reader.f32("the actual upper bandwidth"),
    desiredDspCutoffFrequency: reader.f32("the desired DSP cutoff"),
    desiredLowerBandwidth: reader.f32("the desired lower bandwidth"),
    desiredLowerSettleBandwidth: reader.f32("the desired lower settle bandwidth"),
    desiredUpperBandwidth: reader.f32("the desired upper bandwidth"),
    notchFilterFrequency: notch(reader.i16("the notch filter's mode")),
    desiredImpedanceTestFrequency: reader.f32("the desired impedance frequency"),
    actualImpedanceTestFrequency: reader.f32("the actual impedance frequency"),
  };
}

function rhsStimulation(reader: HeaderReader) {
  const ampSettleMode = reader.i16("the amplifiers' settle mode");
  const chargeRecoveryMode = reader.i16("the charge recovery mode");
  const at = reader.at;
  const stimStepSize = reader.f32("the step of stimulation");
  if (!Number.isFinite(stimStepSize)) reader.refuse("the step of stimulation", at, `is ${stimStepSize}`);
  return {
    ampSettleMode,
    chargeRecoveryMode,
    stimStepSize,
    recoveryCurrentLimit: reader.f32("the recovery current's limit"),
    recoveryTargetVoltage: reader.f32("the recovery's target voltage"),
  };
}

function readChannels(reader: HeaderReader, system: "rhd" | "rhs"): IntanChannel[] {
  const at = reader.at;
  const groups = reader.i16("the number of signal groups");
  if (groups < 0) reader.refuse("the number of signal groups", at, `is ${groups}`);
  const channels: IntanChannel[] = [];
  for (let group = 0; group < groups; group++) {
    const portName = text(reader, `the name of group ${group}`);
    const portPrefix = text(reader, `the prefix of group ${group}`);
    const isEnabled = reader.i16(`whether group ${group} is enabled`) > 0;
    const countAt = reader.at;
    const count = reader.i16(`the number of channels of group ${group}`);
    if (count < 0) reader.refuse(`the number of channels of group ${group}`, countAt, `is ${count}`);
    reader.i16(`the number of amplifiers of group ${group}`);
    // A group that is off has a count, and no channels.
    for (let i = 0; isEnabled && i < count; i++) {
      const channel = readChannel(reader, system, `channel ${i} of ${portName || `group ${group}`}`, {
        portName,
        portPrefix,
      });
      if (channel !== null) channels.push(channel);
    }
  }
  return channels;
}

/** A channel; `null` where it is listed, and not recorded. */
function readChannel(
  reader: HeaderReader,
  system: "rhd" | "rhs",
  what: string,
  port: Readonly<Record<string, unknown>>,
): IntanChannel | null {
  const nativeName = text(reader, `the name of ${what}`);
  const customName = text(reader, `the user's name of ${what}`);
  const orderAt = reader.at;
  const nativeOrder = reader.i16(`the order of ${what}`);
  const customOrder = reader.i16(`the user's order of ${what}`);
  const kindAt = reader.at;
  const type = reader.i16(`the type of ${what}`);
  const kind = KINDS[system][type];
  if (kind === undefined) reader.refuse(`the type of ${what}`, kindAt, `is ${type}, which there isn't`);
  const isEnabled = reader.i16(`whether ${what} is enabled`) !== 0;
  const chipChannel = reader.i16(`the chip channel of ${what}`);
  const commandStream = system === "rhs" ? { commandStream: reader.i16(`the command stream of ${what}`) } : {};
  const boardStream = reader.i16(`the board stream of ${what}`);
  const spikeTrigger = {
    voltageTriggerMode: reader.i16(`the trigger mode of ${what}`),
    voltageThreshold: reader.i16(`the threshold of ${what}`),
    digitalTriggerChannel: reader.i16(`the trigger channel of ${what}`),
    digitalEdgePolarity: reader.i16(`the trigger edge of ${what}`),
  };
  const electrodeImpedanceMagnitude = reader.f32(`the impedance of ${what}`);
  const electrodeImpedancePhase = reader.f32(`the impedance's phase of ${what}`);
  if (!isEnabled) return null;
  const isDigital = kind === "digitalIn" || kind === "digitalOut";
  if (isDigital && !(nativeOrder >= 0 && nativeOrder < 16)) {
    reader.refuse(`the order of ${what}`, orderAt, `is ${nativeOrder}, and a digital word has bits 0 to 15`);
  }
  const more = kind === "amplifier" ? { electrodeImpedanceMagnitude, electrodeImpedancePhase, ...spikeTrigger } : {};
  return {
    nativeName,
    customName,
    nativeOrder,
    kind,
    annotations: { nativeName, ...port, nativeOrder, customOrder, chipChannel, ...commandStream, boardStream, ...more },
  };
}

/** Text as Qt writes it: its length in bytes, then UTF-16. */
function text(reader: HeaderReader, field: string): string {
  const at = reader.at;
  const length = reader.u32(`the length of ${field}`);
  if (length === 0xffffffff) return "";
  if (length % 2 !== 0) reader.refuse(`the length of ${field}`, at, `is ${length} bytes, and a character has two`);
  return new TextDecoder("utf-16le").decode(reader.take(length, field));
}

/** Sample numbers, four bytes each. */
export function decodeTimes(pieces: readonly Uint8Array[], isUnsigned: boolean): Float64Array {
  return Float64Array.from(pieces, (bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, 4);
    return isUnsigned ? view.getUint32(0, true) : view.getInt32(0, true);
  });
}

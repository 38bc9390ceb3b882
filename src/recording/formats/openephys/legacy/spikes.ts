/**
 * `.spikes` files: records of a size that the electrode gives, with waveforms, thresholds and the unit that an online sorter found.
 *
 * @module
 */

import { CorruptFileError, LimitError, MicrotomeError, UnsupportedError } from "../../../../source/errors.ts";
import type { LazyArray } from "../../../../array/types.ts";
import { slice } from "../../../../array/select/slice.ts";
import type { RecordingFile, RecordingFiles } from "../../../files/recording_files.ts";
import { HeaderReader } from "../../../files/header_reader.ts";
import { splitExperiment } from "./files.ts";
import { HEADER_BYTES, readLegacyHeader } from "./header.ts";

/** One file of spikes. */
export interface LegacyElectrode {
  /** Its file. */
  readonly file: RecordingFile;
  /** Its name, without the experiment. */
  readonly name: string;
  /** Number of the experiment. */
  readonly experiment: number;
  /** Samples per second. */
  readonly sampleRate: number;
  /** Channels of the electrode. */
  readonly channels: number;
  /** Samples of a waveform. */
  readonly samples: number;
  /** Bytes of a record. */
  readonly recordBytes: number;
  /** Number of spikes. */
  readonly count: number;
  /** Microvolts per raw one. */
  readonly gain: number;
}

/** What records say of spikes, without their waveforms. */
export interface LegacySpikes {
  /** Numbers of samples. */
  readonly times: Float64Array;
  /** Units. */
  readonly units: Uint16Array;
  /** Recordings. */
  readonly recordings: Uint16Array;
}

/** Fields before the waveform, and where those stand that are read. */
const FIXED = 42;
const [AT_TIME, AT_CHANNELS, AT_SAMPLES, AT_UNIT] = [1, 19, 21, 23];
/** Bytes that are read at once. */
const BLOCK_BYTES = 4 * 1024 * 1024;
/** The most spikes of a file. */
const MOST_SPIKES = 2 ** 26;
/** Samples of a waveform that files without a spike don't state. */
const USUAL_SAMPLES = 40;

/**
 * Opens a file of spikes; `null`, with a warning, where it can't be read.
 *
 * @param files The source
 * @param path The file
 */
export async function openElectrode(files: RecordingFiles, path: string): Promise<LegacyElectrode | null> {
  try {
    return await readElectrode(files, path);
  } catch (error) {
    if (!(error instanceof MicrotomeError)) throw error;
    files.warn(`${error.message}; its spikes are left out`);
    return null;
  }
}

async function readElectrode(files: RecordingFiles, path: string): Promise<LegacyElectrode> {
  const file = await files.open(path);
  const header = await readLegacyHeader(file);
  const version = header.number("version", 0.4);
  if (version < 0.4) {
    throw new UnsupportedError(
      `Cannot read ${file.name}: spikes of version ${version} aren't read, 0.4 and later are`,
      {
        file: file.name,
      },
    );
  }
  const room = file.byteLength - HEADER_BYTES;
  let channels = header.positive("num_channels", 1);
  let samples = header.positive("samplesPerSpike", USUAL_SAMPLES);
  let gain = 1;
  if (room >= FIXED) {
    const first = new HeaderReader(await file.bytes({ offset: HEADER_BYTES, length: FIXED }), file.name, HEADER_BYTES);
    channels = first.seek(AT_CHANNELS).u16("numChannels");
    samples = first.seek(AT_SAMPLES).u16("numSamples");
    if (channels === 0 || samples === 0) first.refuse("numChannels", AT_CHANNELS, `or numSamples is 0`);
    const gainAt = FIXED + 2 * channels * samples;
    if (room >= gainAt + 4) {
      const at = HEADER_BYTES + gainAt;
      const stored = new HeaderReader(await file.bytes({ offset: at, length: 4 }), file.name, at).f32("channelGains");
      // A gain of 20,000 is 0.05 uV: 1,000 uV are stored as that many.
      if (stored > 0 && Number.isFinite(stored)) gain = 1000 / stored;
    }
  }
  const recordBytes = FIXED + 2 * channels * samples + 6 * channels + 2;
  if (!Number.isSafeInteger(recordBytes)) header.refuse("num_channels", `is ${channels}, which can't be`);
  const count = Math.floor(room / recordBytes);
  const rest = room - count * recordBytes;
  if (rest > 0) files.warn(`${file.name}: its last ${rest} bytes are no whole spike of ${recordBytes}: left out`);
  if (count > MOST_SPIKES) {
    throw new LimitError(`Cannot read ${file.name}: it has ${count} spikes, more than ${MOST_SPIKES}`, {
      file: file.name,
    });
  }
  const sampleRate = header.positive("sampleRate");
  return { file, ...splitExperiment(path), sampleRate, channels, samples, recordBytes, count, gain };
}

/**
 * Reads what records say of spikes, in large blocks.
 *
 * @param electrode The file
 * @param options Aborts, and is told of the progress
 */
export async function readSpikes(
  { file, recordBytes, count, channels, samples }: LegacyElectrode,
  { signal, onProgress }: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((done: number) => void) | undefined;
  },
): Promise<LegacySpikes> {
  const times = new Float64Array(count);
  const units = new Uint16Array(count);
  const recordings = new Uint16Array(count);
  const atOnce = Math.max(1, Math.floor(BLOCK_BYTES / recordBytes));
  const records = file.flat<Uint8Array>({ offset: HEADER_BYTES, shape: [count, recordBytes], dtype: "|u1" });
  for (let start = 0; start < count; start += atOnce) {
    const stop = Math.min(count, start + atOnce);
    const { data } = await records.read([slice(start, stop), slice(null)], { signal });
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    for (let i = start, at = 0; i < stop; i++, at += recordBytes) {
      if (view.getUint16(at + AT_CHANNELS, true) !== channels || view.getUint16(at + AT_SAMPLES, true) !== samples) {
        throw new CorruptFileError(
          `Cannot read ${file.name}: the spike at byte ${
            HEADER_BYTES + i * recordBytes
          } isn't of ${channels} channels and ` +
            `${samples} samples, as others are`,
          { file: file.name },
        );
      }
      times[i] = Number(view.getBigInt64(at + AT_TIME, true));
      units[i] = view.getUint16(at + AT_UNIT, true);
      recordings[i] = view.getUint16(at + recordBytes - 2, true);
    }
    onProgress?.(stop / count);
  }
  return { times, units, recordings };
}

/** Waveforms of some spikes: shape [spikes, channels, samples]. */
export function legacyWaveforms(electrode: LegacyElectrode, list: readonly number[]): LazyArray {
  const { file, recordBytes, count, channels, samples } = electrode;
  const first = list[0] ?? 0;
  const together = list.every((row, i) => row === first + i);
  const all = file.flat({
    offset: HEADER_BYTES + FIXED + (together ? first * recordBytes : 0),
    shape: [together ? list.length : count, channels, samples],
    dtype: "<u2",
    strides: [recordBytes, 2 * samples, 2],
  });
  return together ? all : all.view([list, slice(null), slice(null)]);
}

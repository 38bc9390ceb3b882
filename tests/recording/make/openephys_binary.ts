/**
 * Open Ephys binary recordings as the GUI writes them, by version, made of what their format says.
 *
 * @module
 */

/** A stream to be written. */
export interface MadeStream {
  readonly folder: string;
  readonly rate: number;
  readonly channels: readonly { readonly name: string; readonly bitVolts?: number; readonly units?: string }[];
  /** Number of each sample; `null` leaves the file out. */
  readonly numbers: readonly number[] | null;
  /** Synchronised seconds. */
  readonly seconds?: readonly number[] | undefined;
  /** Samples that are written, where they aren't as many as numbers. */
  readonly rows?: number | undefined;
  readonly sourceId?: number;
  readonly streamName?: string;
}

/** Lines to be written. */
export interface MadeLines {
  readonly folder: string;
  readonly name?: string;
  readonly rate: number;
  readonly numbers: readonly number[];
  readonly states: readonly number[];
  readonly seconds?: readonly number[] | undefined;
  readonly initialState?: number;
  readonly streamName?: string;
}

/** A text event. */
export interface MadeTexts {
  readonly folder: string;
  readonly rate: number;
  readonly numbers: readonly number[];
  readonly texts: readonly string[];
}

/** Spikes of one folder. */
export interface MadeSpikes {
  readonly folder: string;
  readonly names: readonly string[];
  readonly rate: number;
  readonly numbers: readonly number[];
  readonly seconds?: readonly number[];
  /** From 1. */
  readonly electrodes: readonly number[];
  readonly channels: number;
  readonly samples: number;
  readonly streamName?: string;
}

/** A recording to be written. */
export interface MadeRecording {
  /** Before 0.6, or since. */
  readonly version: "0.4.4" | "0.5.3" | "0.6.7" | "1.0.0";
  /** Where it lies: `Record Node 101/experiment1/recording1/`. */
  readonly path: string;
  readonly streams?: readonly MadeStream[];
  readonly lines?: readonly MadeLines[];
  readonly texts?: readonly MadeTexts[];
  /** Folders of binary events, each with a number and a word beside, before 0.6. */
  readonly binaries?: readonly { readonly folder: string; readonly numbers: readonly number[] }[];
  readonly spikes?: readonly MadeSpikes[];
  readonly sync?: string;
}

/** A sample that differs from its neighbours. */
export function sampleAt(row: number, channel: number): number {
  return (row * 7 + channel * 1000) % 30011 - 15000;
}

/** A `.npy` file; `claimed` is the number of rows that its header says, where that isn't true. */
export function npy(descr: string, shape: readonly number[], data: ArrayBufferView, claimed = shape[0]!): Uint8Array {
  const axes = [claimed, ...shape.slice(1)];
  const text = `{'descr': ${descr.startsWith("[") ? descr : `'${descr}'`}, 'fortran_order': False, 'shape': (${
    axes.join(", ")
  }${axes.length === 1 ? "," : ""}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const head = new Uint8Array(length).fill(0x20);
  head.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(head.buffer).setUint16(8, length - 10, true);
  head.set(new TextEncoder().encode(text), 10);
  head[length - 1] = 0x0a;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const out = new Uint8Array(length + bytes.length);
  out.set(head);
  out.set(bytes, length);
  return out;
}

function i8(values: readonly number[]): Uint8Array {
  return npy("<i8", [values.length], BigInt64Array.from(values, BigInt));
}

function f8(values: readonly number[]): Uint8Array {
  return npy("<f8", [values.length], Float64Array.from(values));
}

/** The files of recordings, by path. */
export function makeBinary(...recordings: readonly MadeRecording[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const recording of recordings) for (const [path, bytes] of filesOf(recording)) files.set(path, bytes);
  return files;
}

function* filesOf(made: MadeRecording): Generator<[string, Uint8Array]> {
  const { path, version, streams = [], lines = [], texts = [], spikes = [] } = made;
  const isNew = !/^0\.[45]/.test(version);
  const utf8 = (text: string) => new TextEncoder().encode(text);
  yield [`${path}structure.oebin`, utf8(JSON.stringify(structureOf(made, isNew), null, 2))];
  if (made.sync !== undefined) yield [`${path}sync_messages.txt`, utf8(made.sync)];
  for (const stream of streams) {
    const folder = `${path}continuous/${stream.folder}/`;
    const rows = stream.rows ?? stream.numbers!.length;
    const width = stream.channels.length;
    yield [
      `${folder}continuous.dat`,
      new Uint8Array(
        Int16Array.from({ length: rows * width }, (_, i) => sampleAt(Math.floor(i / width), i % width)).buffer,
      ),
    ];
    if (stream.numbers !== null) {
      yield [`${folder}${isNew ? "sample_numbers" : "timestamps"}.npy`, i8(stream.numbers)];
    }
    if (stream.seconds !== undefined) {
      yield [`${folder}${isNew ? "timestamps" : "synchronized_timestamps"}.npy`, f8(stream.seconds)];
    }
  }
  for (const event of [...lines, ...texts]) {
    const folder = `${path}events/${event.folder}/`;
    yield [`${folder}${isNew ? "sample_numbers" : "timestamps"}.npy`, i8(event.numbers)];
    if (isNew) {
      const seconds = "seconds" in event ? event.seconds : undefined;
      yield [`${folder}timestamps.npy`, f8(seconds ?? event.numbers.map((n) => n / event.rate))];
    }
    if ("states" in event) {
      const { states } = event;
      yield [
        `${folder}${isNew ? "states" : "channel_states"}.npy`,
        npy("<i2", [states.length], Int16Array.from(states)),
      ];
      if (!isNew) {
        yield [`${folder}channels.npy`, npy("<u2", [states.length], Uint16Array.from(states, Math.abs))];
      }
    } else {
      const bytes = new Uint8Array(513 * event.texts.length);
      event.texts.forEach((text, i) => bytes.set(utf8(text), 513 * i));
      yield [`${folder}text.npy`, npy("|S513", [event.texts.length], bytes)];
    }
  }
  for (const { folder, numbers } of made.binaries ?? []) {
    const at = `${path}events/${folder}/`;
    const count = numbers.length;
    yield [`${at}timestamps.npy`, i8(numbers)];
    yield [`${at}channels.npy`, npy("<u2", [count], new Uint16Array(count).fill(1))];
    yield [`${at}data_array.npy`, npy("|u1", [count, 4], Uint8Array.from({ length: 4 * count }, (_, i) => i))];
    const fields = new Uint8Array(8 * count);
    numbers.forEach((_, i) => {
      fields.set(utf8("red"), 8 * i);
      fields[8 * i + 4] = i + 1;
    });
    yield [`${at}metadata.npy`, npy("[('Color', '|S4', (1,)), ('Port', '<i4', (1,))]", [count], fields)];
  }
  for (const spike of spikes) {
    const folder = `${path}spikes/${spike.folder}/`;
    const prefix = isNew ? "" : "spike_";
    yield [`${folder}${isNew ? "sample_numbers" : "spike_times"}.npy`, i8(spike.numbers)];
    if (isNew) yield [`${folder}timestamps.npy`, f8(spike.seconds ?? spike.numbers.map((n) => n / spike.rate))];
    const count = spike.numbers.length;
    const size = spike.channels * spike.samples;
    const values = Int16Array.from({ length: count * size }, (_, i) => sampleAt(i, 0));
    yield [`${folder}${prefix}waveforms.npy`, npy("<i2", [count, spike.channels, spike.samples], values)];
    const u2 = (list: readonly number[]) => npy("<u2", [list.length], Uint16Array.from(list));
    yield [`${folder}${prefix}electrode_indices.npy`, u2(spike.electrodes)];
    yield [`${folder}${prefix}clusters.npy`, u2(spike.numbers.map((_, i) => i % 3))];
  }
}

function structureOf(made: MadeRecording, isNew: boolean) {
  const { version, streams = [], lines = [], texts = [], binaries = [], spikes = [] } = made;
  return {
    "GUI version": version,
    continuous: streams.map((stream) => ({
      folder_name: `${stream.folder}/`,
      sample_rate: stream.rate,
      source_processor_name: "Source",
      source_processor_id: stream.sourceId ?? 100,
      ...(isNew ? { stream_name: stream.streamName ?? "stream" } : { source_processor_sub_idx: 0 }),
      recorded_processor: "Record Node",
      recorded_processor_id: 101,
      num_channels: stream.channels.length,
      channels: stream.channels.map(({ name, bitVolts = 0.195, units = isNew ? "" : "uV" }, i) => ({
        channel_name: name,
        description: "",
        identifier: "",
        history: "Source -> Record Node",
        bit_volts: bitVolts,
        units,
        ...(isNew ? {} : { source_processor_index: i, recorded_processor_index: i }),
      })),
    })),
    events: [
      ...lines.map((event) => ({
        folder_name: `${event.folder}/`,
        channel_name: event.name ?? "Lines",
        sample_rate: event.rate,
        type: "int16",
        source_processor: "Source",
        ...(isNew ? { stream_name: event.streamName ?? "stream", initial_state: event.initialState ?? 0 } : {}),
      })),
      ...texts.map((event) => ({
        folder_name: `${event.folder}/`,
        channel_name: "Messages",
        sample_rate: event.rate,
        type: "string",
        source_processor: "Message Center",
        ...(isNew ? { stream_name: "stream" } : {}),
      })),
      ...binaries.map(({ folder }) => ({
        folder_name: `${folder}/`,
        channel_name: "Tracking data",
        sample_rate: 1000,
        type: "uint8",
        source_processor: "Tracking Port",
      })),
    ],
    spikes: spikes.map((spike) => {
      const shared = {
        sample_rate: spike.rate,
        num_channels: spike.channels,
        pre_peak_samples: 8,
        post_peak_samples: 32,
      };
      if (isNew) {
        return {
          ...shared,
          name: spike.names[0],
          stream_name: spike.streamName ?? "stream",
          folder: `${spike.folder}/`,
          source_channels: Array.from({ length: spike.channels }, (_, i) => ({ name: `CH${i + 1}`, bit_volts: 0.05 })),
        };
      }
      return {
        ...shared,
        folder_name: `${spike.folder}/`,
        channels: spike.names.map((name, i) => ({
          channel_name: name,
          source_channel_info: [{ source_processor_id: 100, source_processor_sub_idx: 0, source_processor_channel: i }],
        })),
      };
    }),
  };
}

/** Whole numbers that follow each other. */
export function range(start: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => start + i);
}

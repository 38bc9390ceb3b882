/**
 * An open recording: neo's raw layer. Tables say what there is; chunks of samples, spikes and events are read when asked for.
 *
 * @module
 */

import { scaledArray } from "../array/scaled_array.ts";
import { ndarray } from "../array/ndarray.ts";
import type { LazyArray, NDArray, NumericData } from "../array/types.ts";
import { resolveLimits } from "../source/limits.ts";
import { ClosedError } from "../source/errors.ts";
import { printsAsText } from "../source/inspect.ts";
import { checkOptions } from "../source/options.ts";
import type { Cost } from "../source/types.ts";
import type {
  BlockParts,
  EventParts,
  RecordingFormat,
  RecordingParts,
  SegmentParts,
  SegmentSignal,
  SpikeParts,
} from "./format.ts";
import type { EventChannel, RecordingHeader, SignalChannel, SpikeChannel } from "./header.ts";
import type { Block } from "./objects/block.ts";
import type { Segment } from "./objects/segment.ts";
import { readBlock, type ReadBlockOptions, readSegment, type ReadSegmentOptions } from "./objects/read.ts";
import { OPEN_RECORDING_OPTIONS, type OpenedRecording, openParts, type OpenRecordingOptions } from "./open_parts.ts";
import { idsToIndex, namesToIndex } from "./pick_channels.ts";
import { recordingText } from "./print.ts";
import {
  CHUNK_OPTIONS,
  type ChunkOptions,
  type RawRescaleOptions,
  readChunk,
  RESCALE_OPTIONS,
  rescaleChunk,
} from "./raw_samples.ts";
import { RECORDING_FORMATS } from "./formats/registry.ts";
import {
  SEGMENT_OPTIONS,
  type SegmentOptions,
  SIGNAL_OPTIONS,
  type SignalOptions,
  STRETCH_OPTIONS,
  type StretchOptions,
} from "./segment_options.ts";
import { Stretches } from "./stretches.ts";
import { tablesOf } from "./tables.ts";
import type { RecordingSource } from "./files/open_files.ts";

interface Loaded extends OpenedRecording {
  readonly header: RecordingHeader;
}

/** A recording. Made by `openRecording`, or, as neo has it, by its class and `await reader.parseHeader()`. Close it. */
export class Recording implements AsyncDisposable {
  readonly #source: RecordingSource;
  readonly #options: OpenRecordingOptions;
  readonly #stretches = new Stretches();
  #opening: Promise<this> | undefined;
  #loaded: Loaded | undefined;
  #isClosed = false;

  /**
   * Names what is to be opened; {@linkcode Recording.parseHeader} opens it.
   *
   * @param source A file, a folder, an address, a map of names
   * @param options The format, HTTP, limits
   */
  constructor(source: RecordingSource, options: OpenRecordingOptions = {}) {
    printsAsText(Recording.prototype);
    checkOptions(options, OPEN_RECORDING_OPTIONS, "open a recording");
    this.#source = source;
    this.#options = options;
  }

  /**
   * Opens it and reads its header; once, however often it is called. All that reads does so first.
   *
   * @returns The recording
   * @throws {UnknownFormatError} If no format knows it
   * @throws {UnsupportedError} If it is of a format that isn't read yet, which the message names
   * @throws {ClosedError} If it was closed before it was opened
   */
  parseHeader(): Promise<this> {
    if (this.#isClosed && this.#opening === undefined) {
      return Promise.reject(new ClosedError("Cannot open a recording that was closed"));
    }
    this.#opening ??= this.#open();
    this.#opening.catch(() => this.#opening = undefined);
    return this.#opening;
  }

  async #open(): Promise<this> {
    const opened = await openParts(this.#source, this.#options);
    try {
      this.#loaded = { ...opened, header: tablesOf(opened.parts, opened.files.name) };
    } catch (error) {
      await opened.close();
      throw error;
    }
    return this;
  }

  get #read(): Loaded {
    if (this.#loaded !== undefined) return this.#loaded;
    throw new TypeError("Cannot say what a recording holds before its header was read: await parseHeader() first");
  }

  /** Its format. @throws {TypeError} Before `parseHeader`, as for all that is in the header */
  get format(): RecordingFormat {
    return this.#read.format;
  }

  /** The name of neo's class for its format, or `Recording` where that isn't known yet. */
  get ioName(): string {
    const { format: wanted, formats = RECORDING_FORMATS } = this.#options;
    return (this.#loaded?.format ?? formats.find(({ name }) => name === wanted))?.ioName ?? "Recording";
  }

  /** What messages call it: its file or folder. */
  get name(): string {
    return this.#read.files.name;
  }

  /** Size of the file that was given, or `null` where it was a folder. */
  get byteLength(): number | null {
    return this.#read.byteLength;
  }

  /** Its tables. */
  get header(): RecordingHeader {
    return this.#read.header;
  }

  /** What the format gave: blocks, segments, lazy arrays. */
  get parts(): RecordingParts {
    return this.#read.parts;
  }

  /** What was odd, and was read all the same. */
  get warnings(): readonly string[] {
    return this.#read.files.warnings;
  }

  /** What reading has cost so far, over all its files. */
  get cost(): Cost {
    return this.#read.files.cost;
  }

  /** What neo prints of a reader. */
  toString(): string {
    return this.#loaded === undefined ? `${this.ioName}: not opened` : recordingText(this);
  }

  /** Number of blocks. */
  blockCount(): number {
    return this.header.blockCount;
  }

  /** Number of segments of a block. */
  segmentCount(blockIndex = 0): number {
    return this.#block(blockIndex).segments.length;
  }

  /** Number of streams. */
  signalStreamsCount(): number {
    return this.header.signalStreams.length;
  }

  /** Number of channels of a stream. */
  signalChannelsCount(streamIndex?: number): number {
    return this.channels(streamIndex).length;
  }

  /** Number of units and channels of spikes. */
  spikeChannelsCount(): number {
    return this.header.spikeChannels.length;
  }

  /** Number of kinds of events and epochs. */
  eventChannelsCount(): number {
    return this.header.eventChannels.length;
  }

  /** When a segment starts, in seconds; signals, events and spikes go by the same clock. */
  segmentTStart(blockIndex = 0, segmentIndex = 0): number {
    return this.#segment({ blockIndex, segmentIndex }).tStart;
  }

  /** When a segment ends, in seconds. */
  segmentTStop(blockIndex = 0, segmentIndex = 0): number {
    return this.#segment({ blockIndex, segmentIndex }).tStop;
  }

  /** Number of samples of a stream in a segment. */
  getSignalSize(blockIndex = 0, segmentIndex = 0, streamIndex?: number): number {
    return this.#signal({ blockIndex, segmentIndex, streamIndex })?.array.shape[0] ?? 0;
  }

  /** When a stream's first sample of a segment was taken, in seconds. */
  getSignalTStart(blockIndex = 0, segmentIndex = 0, streamIndex?: number): number {
    const options = { blockIndex, segmentIndex, streamIndex };
    return this.#signal(options)?.tStart ?? this.#segment(options).tStart;
  }

  /** Samples per second of a stream. */
  getSignalSamplingRate(streamIndex?: number): number {
    return this.channels(streamIndex)[0]!.samplingRate;
  }

  /** The channels of a stream. */
  channels(streamIndex?: number): SignalChannel[] {
    const { id } = this.header.signalStreams[this.#streamIndex(streamIndex)]!;
    return this.header.signalChannels.filter(({ streamId }) => streamId === id);
  }

  /** A segment as its format gives it. @throws {RangeError} If there is none */
  segment(options: SegmentOptions = {}): SegmentParts {
    checkOptions(options, SEGMENT_OPTIONS, "take a segment");
    return this.#segment(options);
  }

  #segment({ blockIndex = 0, segmentIndex = 0 }: SegmentOptions): SegmentParts {
    const { segments } = this.#block(blockIndex);
    return entryAt(segments, segmentIndex, `segments in block ${blockIndex}`);
  }

  /** Raw samples of a stream in a segment as a lazy array [samples, channels]; reads nothing. */
  rawSignal(options: SignalOptions = {}): LazyArray {
    checkOptions(options, SIGNAL_OPTIONS, "get a signal");
    return this.#rawSignal(options);
  }

  #rawSignal(options: SignalOptions): LazyArray {
    const found = this.#signal(options);
    if (found !== null) return found.array;
    const count = this.channels(options.streamIndex).length;
    throw new RangeError(
      `Cannot get a signal: stream ${options.streamIndex} of ${count} channels has no samples in segment ` +
        `${options.segmentIndex ?? 0}`,
    );
  }

  /** When each sample of a stream was taken, in the file's own unit, or `null` where the file doesn't have that. */
  timestamps(options: SignalOptions = {}): LazyArray | null {
    checkOptions(options, SIGNAL_OPTIONS, "get timestamps");
    return this.#signal(options)?.timestamps ?? null;
  }

  /**
   * Samples of a stream in physical units as a lazy array [samples, channels]; reads nothing. Where channels have several units
   * they are mixed: see `readSegment`, whose signals have one each.
   */
  scaledSignal(options: SignalOptions & Pick<RawRescaleOptions, "dtype"> = {}): LazyArray<Float32Array | Float64Array> {
    checkOptions(options, { ...SIGNAL_OPTIONS, dtype: true }, "get a signal");
    const { dtype = "float32" } = options;
    const channels = this.channels(options.streamIndex);
    const scale = {
      gain: Float64Array.from(channels, ({ gain }) => gain),
      offset: Float64Array.from(channels, ({ offset }) => offset),
      dtype,
    };
    return scaledArray(this.#rawSignal(options), scale, { name: this.name, maxReadBytes: this.maxReadBytes });
  }

  /** The most bytes that one read may give. */
  get maxReadBytes(): number {
    return resolveLimits(this.#read.files.options).maxReadBytes;
  }

  /**
   * Reads raw samples.
   *
   * @param options Which block, segment, stream, channels and samples
   * @returns The samples, shape [samples, channels], in the stream's dtype
   * @throws {RangeError} If there is no such block, segment, stream, channel or sample
   */
  async getAnalogSignalChunk(options: ChunkOptions = {}): Promise<NDArray<NumericData>> {
    checkOptions(options, CHUNK_OPTIONS, "read samples");
    await this.parseHeader();
    return await readChunk(this.#rawSignal(options), this.channels(options.streamIndex), options);
  }

  /**
   * Raw samples in physical units: times each channel's gain, plus its offset. Both are computed in float64 and rounded once, where
   * neo rounds after each.
   *
   * @param raw Samples, shape [samples, channels]
   * @param options The channels that they are of, and what the values come in
   */
  async rescaleSignalRawToFloat(
    raw: NDArray<NumericData>,
    options: RawRescaleOptions = {},
  ): Promise<NDArray<Float32Array | Float64Array>> {
    checkOptions(options, RESCALE_OPTIONS, "rescale samples");
    await this.parseHeader();
    return await rescaleChunk(raw, this.channels(options.streamIndex), options);
  }

  /** Where channels of these names stand in a stream. @throws {RangeError} If names aren't unique */
  channelNameToIndex(names: readonly string[], streamIndex?: number): number[] {
    return namesToIndex(this.channels(streamIndex), names);
  }

  /** Where channels of these ids stand in a stream. */
  channelIdToIndex(ids: readonly string[], streamIndex?: number): number[] {
    return idsToIndex(this.channels(streamIndex), ids);
  }

  /** Number of spikes of a channel in a segment. */
  async spikeCount(spikeChannelIndex: number, options: StretchOptions = {}): Promise<number> {
    return (await this.getSpikes(spikeChannelIndex, options)).timestamps.length;
  }

  /** Spikes of a channel in a segment: their times in ticks, how many of these make a second, and their raw waveforms. */
  async getSpikes(spikeChannelIndex: number, options: StretchOptions = {}): Promise<SpikeParts> {
    checkOptions(options, STRETCH_OPTIONS, "read spikes");
    await this.parseHeader();
    this.#spikeChannel(spikeChannelIndex);
    return await this.#stretches.spikes(this.#segment(options), spikeChannelIndex, options);
  }

  /** When spikes of a channel happen, in ticks of the file's clock. */
  async getSpikeTimestamps(spikeChannelIndex: number, options: StretchOptions = {}): Promise<Float64Array> {
    return (await this.getSpikes(spikeChannelIndex, options)).timestamps;
  }

  /** Seconds of spikes' ticks. */
  async rescaleSpikeTimestamp(
    timestamps: Float64Array,
    spikeChannelIndex: number,
    options: SegmentOptions = {},
  ): Promise<Float64Array> {
    const { ticksPerSecond } = await this.getSpikes(spikeChannelIndex, options);
    return timestamps.map((tick) => tick / ticksPerSecond);
  }

  /** Raw waveforms of a channel's spikes, shape [spikes, channels, samples]; `null` where there are none. */
  async getSpikeRawWaveforms(
    spikeChannelIndex: number,
    options: StretchOptions = {},
  ): Promise<NDArray<NumericData> | null> {
    const { waveforms } = await this.getSpikes(spikeChannelIndex, options);
    return await waveforms?.read(null, { signal: options.signal }) as NDArray<NumericData> | undefined ?? null;
  }

  /** Raw waveforms in physical units, in float32. */
  rescaleWaveformsToFloat(raw: NDArray<NumericData>, spikeChannelIndex: number): NDArray<Float32Array> {
    const { wfGain, wfOffset } = this.#spikeChannel(spikeChannelIndex);
    return ndarray(Float32Array.from(raw.data as Float64Array, (value) => value * wfGain + wfOffset), raw.shape);
  }

  /** Number of events of a channel in a segment. */
  async eventCount(eventChannelIndex: number, options: StretchOptions = {}): Promise<number> {
    return (await this.getEvents(eventChannelIndex, options)).timestamps.length;
  }

  /** Events of a channel in a segment: times and durations in ticks, how many of these make a second, and labels. */
  async getEvents(eventChannelIndex: number, options: StretchOptions = {}): Promise<EventParts> {
    checkOptions(options, STRETCH_OPTIONS, "read events");
    await this.parseHeader();
    this.#eventChannel(eventChannelIndex);
    return await this.#stretches.events(this.#segment(options), eventChannelIndex, options);
  }

  /** Times and durations of a channel's events in ticks of the file's clock, and their labels, as neo gives them. */
  async getEventTimestamps(
    eventChannelIndex: number,
    options: StretchOptions = {},
  ): Promise<[timestamps: Float64Array, durations: Float64Array | null, labels: readonly string[]]> {
    const { timestamps, durations, labels } = await this.getEvents(eventChannelIndex, options);
    return [timestamps, durations, labels];
  }

  /** Seconds of events' ticks. */
  async rescaleEventTimestamp(
    timestamps: Float64Array,
    eventChannelIndex: number,
    options: SegmentOptions = {},
  ): Promise<Float64Array> {
    const { ticksPerSecond } = await this.getEvents(eventChannelIndex, options);
    return timestamps.map((tick) => tick / ticksPerSecond);
  }

  /** Seconds of epochs' durations in ticks. */
  rescaleEpochDuration(
    durations: Float64Array,
    eventChannelIndex: number,
    options: SegmentOptions = {},
  ): Promise<Float64Array> {
    return this.rescaleEventTimestamp(durations, eventChannelIndex, options);
  }

  /** A block with its segments: neo's objects, read, or as proxies that read when they are loaded. */
  async readBlock<L extends boolean = false>(options: ReadBlockOptions<L> = {}): Promise<Block<L>> {
    return await readBlock(await this.parseHeader(), options);
  }

  /** A segment: neo's objects, read, or as proxies that read when they are loaded. */
  async readSegment<L extends boolean = false>(options: ReadSegmentOptions<L> = {}): Promise<Segment<L>> {
    return await readSegment(await this.parseHeader(), options);
  }

  /**
   * What scans of the file have found, as a plain object that JSON carries: given back as the option `index`, it saves the scan.
   * `null` where nothing has to be scanned.
   */
  async index(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    checkOptions(options, { signal: true }, "index a recording");
    const { parts } = (await this.parseHeader()).#read;
    return await parts.index?.(options) ?? null;
  }

  /** Closes its files. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#opening?.catch(() => {});
    await this.#loaded?.close();
  }

  /** Closes its files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #block(index: number): BlockParts {
    return entryAt(this.parts.blocks, index, "blocks");
  }

  #spikeChannel(index: number): SpikeChannel {
    return entryAt(this.header.spikeChannels, index, "spike channels");
  }

  #eventChannel(index: number): EventChannel {
    return entryAt(this.header.eventChannels, index, "event channels");
  }

  #streamIndex(index: number | undefined): number {
    const { signalStreams } = this.header;
    if (index === undefined) {
      if (signalStreams.length === 1) return 0;
      throw new RangeError(
        `Cannot choose a stream: streamIndex must be given where there are several; there are ${signalStreams.length}`,
      );
    }
    entryAt(signalStreams, index, "streams");
    return index;
  }

  #signal(options: SignalOptions): SegmentSignal | null {
    return this.#segment(options).signals[this.#streamIndex(options.streamIndex)] ?? null;
  }
}

function entryAt<T>(list: readonly T[], index: number, what: string): T {
  const found = Number.isInteger(index) ? list[index] : undefined;
  if (found !== undefined) return found;
  throw new RangeError(`Cannot take number ${index} of the ${what}: there are ${list.length}`);
}

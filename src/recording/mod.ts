/**
 * Recordings of makers' formats as neo has them: readers, lazy proxies, and the objects that they load. From disk or by byte range.
 *
 * @module
 */
export { openRecording } from "./open_recording.ts";
export type { OpenRecordingOptions } from "./open_parts.ts";
export type { FilesOptions, RecordingSource } from "./files/open_files.ts";
export type { FlatSamples, RecordingFile, RecordingFiles, Siblings } from "./files/recording_files.ts";
export { Recording } from "./recording.ts";
export type { ChunkOptions, RawRescaleOptions } from "./raw_samples.ts";
export type { SegmentOptions, SignalOptions, StretchOptions } from "./segment_options.ts";
export type { ChannelPick } from "./pick_channels.ts";
export type {
  EventChannel,
  RecordingHeader,
  SignalBuffer,
  SignalChannel,
  SignalStream,
  SpikeChannel,
} from "./header.ts";
export { headerText, type HeaderTextOptions } from "./print.ts";
export {
  BrainVisionIO,
  EDFIO,
  HDF5IO,
  IntanIO,
  MicromedIO,
  NWBIO,
  OpenEphysBinaryIO,
  OpenEphysIO,
  RawBinarySignalIO,
  type ReaderOptions,
  SpikeGLXIO,
} from "./io.ts";
export { seconds, type Time, type TimeSlice } from "./objects/seconds.ts";
export { AnalogSignal, type AnalogSignalParts } from "./objects/analog_signal.ts";
export {
  type AnalogSignalLoadOptions,
  AnalogSignalProxy,
  type AnalogSignalProxyParts,
} from "./objects/analog_signal_proxy.ts";
export type { SignalFacts, SignalFactsParts } from "./objects/signal_facts.ts";
export type { Annotations, ArrayAnnotations } from "./objects/annotated.ts";
export { Epoch, type EpochParts, Event, type EventFactsParts } from "./objects/events.ts";
export {
  EpochProxy,
  type EventLoadOptions,
  EventProxy,
  type EventProxyParts,
  type SpikeTrainLoadOptions,
  SpikeTrainProxy,
} from "./objects/event_proxies.ts";
export { SpikeTrain, type SpikeTrainParts } from "./objects/spike_train.ts";
export { Segment, type SegmentContents, type SegmentFacts } from "./objects/segment.ts";
export { Block } from "./objects/block.ts";
export type { ReadBlockOptions, ReadSegmentOptions } from "./objects/read.ts";
export { RECORDING_FORMATS } from "./formats/registry.ts";
export type {
  BlockParts,
  ChannelParts,
  EventParts,
  FormatOptions as RecordingFormatOptions,
  PartsReadOptions,
  RawRecordingOptions,
  RecordingFormat,
  RecordingParts,
  RecordingProbe,
  SegmentParts,
  SegmentSignal,
  SpikeParts,
  StreamParts,
} from "./format.ts";

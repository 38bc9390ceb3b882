/**
 * Filters and other transforms of signals as lazy arrays: a window is worked out when it is read.
 *
 * @module
 */
export {
  bandpass,
  type BandpassOptions,
  type ButterworthOptions,
  type CutoffOptions,
  highpass,
  lowpass,
  notch,
  type NotchOptions,
} from "./filter/filters.ts";
export type { FilterOptions } from "./filter/prepare_filter.ts";
export type { FilterEdge } from "./filter/edges.ts";
export { type BandType, butterworthSections, notchSection, type Section } from "./filter/butterworth.ts";
export { commonReference, type CommonReferenceOptions } from "./reference/common_reference.ts";
export { badChannels, type BadChannelsOptions, type ChannelLabel } from "./repair/bad_channels.ts";
export { interpolateBadChannels, type InterpolateBadChannelsOptions } from "./repair/interpolate_bad_channels.ts";
export { removeArtifacts, type RemoveArtifactsOptions } from "./repair/remove_artifacts.ts";
export { decimate, type SignalDecimateOptions } from "./resample/decimate.ts";
export { phaseShift, type PhaseShiftOptions } from "./resample/phase_shift.ts";
export { resample, type ResampleOptions } from "./resample/resample.ts";
export { castTo, type CastToOptions, type CastType } from "./scale/cast_to.ts";
export { rescale, type RescaleOptions } from "./scale/rescale.ts";
export { standardize, type StandardizeOptions } from "./scale/standardize.ts";
export { zscore, type ZscoreOptions } from "./scale/zscore.ts";
export { whiten, type WhitenOptions } from "./whiten/whiten.ts";
export { type Spectrum, welch, type WelchOptions } from "./spectrum/welch.ts";
export { type Bounds, findPeaks, type FindPeaksOptions, type Peaks } from "./peaks/find_peaks.ts";
export type { FloatType } from "./transform/check.ts";
export { fromDescription } from "./transform/from_description.ts";
export { TRANSFORMS } from "./transform/registry.ts";
export { TransformedArray } from "./transform/transformed_array.ts";
export type {
  Block as SampleBlock,
  BlockPlace,
  Carried,
  FitOptions,
  Json,
  Prepared,
  TransformDescription,
  Transformed,
  TransformInput,
  TransformKind,
} from "./transform/transform.ts";

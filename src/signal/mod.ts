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
  type FilterOptions,
  highpass,
  lowpass,
  notch,
  type NotchOptions,
} from "./filter/filters.ts";
export type { FilterEdge } from "./filter/edges.ts";
export { type BandType, butterworthSections, notchSection, type Section } from "./filter/butterworth.ts";
export { fromDescription } from "./transform/from_description.ts";
export { TRANSFORMS } from "./transform/registry.ts";
export { TransformedArray } from "./transform/transformed_array.ts";
export type {
  Block as SampleBlock,
  BlockPlace,
  Carried,
  Json,
  Prepared,
  TransformDescription,
  Transformed,
  TransformInput,
  TransformKind,
} from "./transform/transform.ts";

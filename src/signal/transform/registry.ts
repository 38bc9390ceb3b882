/**
 * The transforms: one line each. What is described by a name is looked up here.
 *
 * @module
 */

import { BANDPASS, HIGHPASS, LOWPASS, NOTCH } from "../filter/filters.ts";
import { COMMON_REFERENCE } from "../reference/common_reference.ts";
import { INTERPOLATE_BAD_CHANNELS } from "../repair/interpolate_bad_channels.ts";
import { REMOVE_ARTIFACTS } from "../repair/remove_artifacts.ts";
import { DECIMATE } from "../resample/decimate.ts";
import { PHASE_SHIFT } from "../resample/phase_shift.ts";
import { RESAMPLE } from "../resample/resample.ts";
import { CAST_TO } from "../scale/cast_to.ts";
import { RESCALE } from "../scale/rescale.ts";
import { STANDARDIZE } from "../scale/standardize.ts";
import { ZSCORE } from "../scale/zscore.ts";
import { WHITEN } from "../whiten/whiten.ts";
import type { TransformKind } from "./transform.ts";

/** All of them. `docs/extending.md` says how to add one. */
export const TRANSFORMS: readonly TransformKind[] = [
  BANDPASS,
  HIGHPASS,
  LOWPASS,
  NOTCH,
  COMMON_REFERENCE,
  RESCALE,
  CAST_TO,
  STANDARDIZE,
  ZSCORE,
  WHITEN,
  PHASE_SHIFT,
  RESAMPLE,
  DECIMATE,
  REMOVE_ARTIFACTS,
  INTERPOLATE_BAD_CHANNELS,
];

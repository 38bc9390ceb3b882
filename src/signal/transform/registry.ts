/**
 * The transforms: one line each. What is described by a name is looked up here.
 *
 * @module
 */

import { BANDPASS, HIGHPASS, LOWPASS, NOTCH } from "../filter/filters.ts";
import type { TransformKind } from "./transform.ts";

/** All of them. `docs/extending.md` says how to add one. */
export const TRANSFORMS: readonly TransformKind[] = [BANDPASS, HIGHPASS, LOWPASS, NOTCH];

/**
 * The formats of recordings that are read: one line each. `docs/extending.md` says how to add one.
 *
 * @module
 */

import type { RecordingFormat } from "../format.ts";
import { BRAINVISION } from "./brainvision/brainvision.ts";
import { EDF } from "./edf/edf.ts";
import { INTAN } from "./intan/intan.ts";
import { MICROMED } from "./micromed.ts";
import { OPENEPHYS_BINARY } from "./openephys/binary/binary.ts";
import { OPENEPHYS } from "./openephys/legacy/legacy.ts";
import { HDF5 } from "./hdf5.ts";
import { NWB } from "./nwb.ts";
import { RAW_BINARY } from "./raw_binary.ts";
import { SPIKEGLX } from "./spikeglx/spikeglx.ts";

/** In this order they are asked whether they know a source; what looks closer stands before what doesn't. */
export const RECORDING_FORMATS: readonly RecordingFormat[] = [
  MICROMED,
  EDF,
  INTAN,
  SPIKEGLX,
  OPENEPHYS,
  OPENEPHYS_BINARY,
  BRAINVISION,
  NWB,
  HDF5,
  // What says least of itself comes last.
  RAW_BINARY,
];

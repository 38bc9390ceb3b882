/**
 * neo's readers by their names: each is a recording of one format, opened by `await reader.parseHeader()`.
 *
 * @module
 */

import type { RecordingSource } from "./files/open_files.ts";
import { OPEN_RECORDING_OPTIONS, type OpenRecordingOptions } from "./open_parts.ts";
import { Recording } from "./recording.ts";
import { checkOptions } from "../source/options.ts";

/** Options of neo's readers: what to open, and those of `openRecording`. */
export interface ReaderOptions extends Omit<OpenRecordingOptions, "format"> {
  /** The file: a path, an address, bytes, … */
  readonly filename?: RecordingSource | undefined;
  /** The folder, or a map of names to files, for formats of several files. */
  readonly dirname?: RecordingSource | undefined;
}

/** A reader of one format. */
abstract class Reader extends Recording {
  /**
   * Names what is to be opened, and opens nothing.
   *
   * @param format The format's name in the registry
   * @param options `filename` or `dirname`, or a path by itself
   */
  constructor(format: string, options: ReaderOptions | string | URL) {
    const given = typeof options === "string" || options instanceof URL ? { filename: options } : options;
    const { filename, dirname, ...rest } = given;
    const source = filename ?? dirname;
    checkOptions(given, { ...OPEN_RECORDING_OPTIONS, filename: true, dirname: true }, "make a reader");
    if (source === undefined) throw new TypeError("Cannot make a reader: give filename, or dirname");
    super(source, { ...rest, format });
  }
}

/**
 * Micromed's TRC.
 *
 * @example Usage
 * ```ts ignore
 * const reader = new MicromedIO({ filename: "File_micromed_1.TRC" });
 * await reader.parseHeader();
 * console.log(String(reader));
 * ```
 */
export class MicromedIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("micromed", options);
  }
}

/** Flat binary files, laid out as the option `raw` or a sidecar says. */
export class RawBinarySignalIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("raw", options);
  }
}

/**
 * SpikeGLX: with `filename` one stream (its `.meta`, `.bin`, `.cbin` or `.ch`), with `dirname` all of a run's folder, or of the
 * folders in it.
 */
export class SpikeGLXIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("spikeglx", options);
  }
}

/** Intan's RHD and RHS: a file, or with `dirname` the files of a folder. */
export class IntanIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("intan", options);
  }
}

/** Open Ephys' binary format: a session's folder, a node's, or one `structure.oebin`. */
export class OpenEphysBinaryIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("openephysbinary", options);
  }
}

/** Open Ephys' legacy format: the folder of `.continuous` files. */
export class OpenEphysIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("openephys", options);
  }
}

/** EDF, EDF+, BDF and BDF+. */
export class EDFIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("edf", options);
  }
}

/** BrainVision: its header, or a file beside it, or with `dirname` their folder. */
export class BrainVisionIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("brainvision", options);
  }
}

/** Neurodata Without Borders. */
export class NWBIO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("nwb", options);
  }
}

/** Plain HDF5 whose datasets have the attribute `sampling_rate`. */
export class HDF5IO extends Reader {
  /** Names what is to be opened. */
  constructor(options: ReaderOptions | string | URL) {
    super("hdf5", options);
  }
}

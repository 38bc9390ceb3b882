/**
 * The kinds of input that are damaged. A further format is one more entry.
 *
 * @module
 */
import { mendChecksum } from "./checksums.ts";
import type { Files, Kind } from "./kind.ts";
import { npzFile, zarrFiles } from "./make_arrays.ts";
import { lengthsFile, numbersFile } from "./make_hdf5.ts";
import {
  brainVisionFiles,
  cbinFiles,
  edfFile,
  intanFile,
  intanTargets,
  micromedFile,
  micromedTargets,
  openEphysBinaryFiles,
  openEphysFiles,
  openEphysTargets,
  rawFiles,
  spikeGlxFiles,
} from "./make_recordings.ts";
import { PLANTED } from "./planted.ts";
import { readNpz, readZarr } from "./read_arrays.ts";
import { readHdf5 } from "./read_hdf5.ts";
import { recordingReader } from "./read_recordings.ts";

/** A kind of one file. */
function one(make: () => Promise<Uint8Array>): () => Promise<ReadonlyMap<string, Uint8Array>> {
  return async () => new Map([["", await make()]]);
}

/** Fletcher's sums count modulo 65,535: words of all zeros and of all ones are the same to them. */
function isUnseen(offset: number, sound: Uint8Array, damaged: Uint8Array): boolean {
  for (let at = Math.max(0, offset - 1); at < offset + 8; at++) {
    const [before, after] = [sound, damaged].map((bytes) => bytes[at]! << 8 | bytes[at + 1]!);
    if (before !== after && before! % 0xffff === 0 && after! % 0xffff === 0) return true;
  }
  return false;
}

/** All kinds. */
export const KINDS: readonly Kind[] = [
  { name: "hdf5-earliest", make: one(() => numbersFile("earliest")), read: readHdf5 },
  {
    name: "hdf5-latest",
    make: one(() => numbersFile("latest")),
    read: readHdf5,
    // All of it lies under checksums, of metadata or fletcher32.
    cover: (_, offset, sound, damaged) => isUnseen(offset, sound, damaged) ? "nothing" : "all",
  },
  {
    // Nobody's bad luck, but anyone's malice: damage that the checksums don't see.
    name: "hdf5-latest-mended",
    make: one(() => numbersFile("latest")),
    read: readHdf5,
    mend: (files, sound, file, offset) => mendChecksum(files.get(file)!, sound.get(file)!, offset),
  },
  { name: "hdf5-lengths", make: one(lengthsFile), read: readHdf5 },
  {
    name: "npz",
    make: one(npzFile),
    read: readNpz,
    // What a member is called isn't covered; what it holds is.
    cover: () => "values",
  },
  {
    name: "zarr",
    make: zarrFiles,
    read: readZarr,
    targets: (files) =>
      [...files].map(([file, bytes]) => ({ file, start: 0, end: file.endsWith("zarr.json") ? bytes.length : 24 })),
    cover: (file) => file.startsWith("/checked/c/") ? "all" : "nothing",
  },
  { ...recordings("micromed", micromedFile, "a.TRC"), targets: micromedTargets },
  recordings("edf", () => edfFile("EDF"), "a.edf"),
  recordings("bdf", () => edfFile("BDF"), "a.bdf", "edf"),
  recordings("brainvision", brainVisionFiles, "rec.vhdr"),
  recordings("spikeglx", spikeGlxFiles),
  recordings("cbin", cbinFiles, "a.imec0.ap.cbin", "spikeglx"),
  recordings("openephysbinary", openEphysBinaryFiles),
  { ...recordings("openephys", openEphysFiles), targets: openEphysTargets },
  { ...recordings("rhd", () => intanFile("rhd"), "a.rhd", "intan"), targets: intanTargets },
  { ...recordings("rhs", () => intanFile("rhs"), "a.rhs", "intan"), targets: intanTargets },
  recordings("raw", rawFiles, "a.bin"),
];

/** A kind of recordings: what is made, the file of it that is opened, and the format where that isn't its name. */
function recordings(name: string, make: () => Files, main?: string, format: string = name): Kind {
  return { name: `recording-${name}`, make: () => Promise.resolve(make()), read: recordingReader(format, main) };
}

/** The kind of that name. */
export function kindNamed(name: string): Kind {
  const kind = [...KINDS, PLANTED].find((kind) => kind.name === name);
  if (kind === undefined) {
    throw new RangeError(`Cannot find the kind ${name}: there are ${KINDS.map((k) => k.name).join(", ")}`);
  }
  return kind;
}

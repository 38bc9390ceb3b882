/**
 * Telling kinds of files by their first bytes.
 *
 * @module
 */

/** A kind of file. */
export interface FileKind {
  /** What it is called. */
  readonly name: string;
  /** What it is, in words. */
  readonly description: string;
}

interface Magic extends FileKind {
  /** Bytes it begins with, one character each. */
  readonly starts: readonly string[];
  /** Looks closer. */
  readonly when?: (head: Uint8Array) => boolean;
}

const KINDS: readonly Magic[] = [
  { name: "NPY", description: "NumPy array", starts: ["\x93NUMPY"] },
  { name: "NPZ", description: "NumPy arrays in a ZIP archive", starts: ["PK\x03\x04"], when: firstMemberIsNpy },
  { name: "ZIP", description: "ZIP archive", starts: ["PK\x03\x04", "PK\x05\x06"] },
  { name: "HDF4", description: "HDF version 4", starts: ["\x0e\x03\x13\x01"] },
  { name: "NetCDF classic", description: "NetCDF version 3", starts: ["CDF\x01", "CDF\x02", "CDF\x05"] },
  { name: "MATLAB v5", description: "MATLAB MAT-file of version 5 to 7", starts: ["MATLAB 5.0 MAT-file"] },
  { name: "EDF", description: "European Data Format", starts: ["0       "] },
  { name: "BDF", description: "BioSemi Data Format", starts: ["\xffBIOSEMI"] },
  { name: "Micromed TRC", description: "Micromed recording", starts: ["* MICROMED"] },
  { name: "ABF", description: "Axon Binary File", starts: ["ABF ", "ABF2"] },
  { name: "Neuralynx", description: "Neuralynx recording", starts: ["######## Neuralynx"] },
  {
    name: "Blackrock",
    description: "Blackrock recording",
    starts: ["NEURALEV", "NEURALSG", "NEURALCD", "BREVENTS", "BRSMPGRP"],
  },
  { name: "Intan RHD", description: "Intan RHD2000 recording", starts: ["\x02\x27\x91\xc6"] },
  { name: "Intan RHS", description: "Intan RHS2000 recording", starts: ["\xac\x27\x91\xd6"] },
  { name: "Plexon PLX", description: "Plexon recording", starts: ["PLEX"] },
  { name: "Open Ephys", description: "Open Ephys recording", starts: ["header.format = 'Open Ephys"] },
  { name: "BrainVision", description: "BrainVision header or markers", starts: ["Brain Vision", "BrainVision"] },
  { name: "SQLite", description: "SQLite database", starts: ["SQLite format 3\0"] },
  { name: "Parquet", description: "Apache Parquet table", starts: ["PAR1"] },
  { name: "gzip", description: "file compressed by gzip", starts: ["\x1f\x8b"] },
];

/**
 * The kind of a file that isn't HDF5.
 *
 * @param head Its first bytes, some hundred of them
 * @returns The kind, or `null` where the bytes say nothing
 */
export function kindOf(head: Uint8Array): FileKind | null {
  const text = String.fromCharCode(...head.subarray(0, 512));
  const found = KINDS.find(({ starts, when }) =>
    starts.some((start) => text.startsWith(start)) && (when === undefined || when(head))
  );
  return found === undefined ? null : { name: found.name, description: found.description };
}

/**
 * Whether bytes begin with HDF5's signature.
 *
 * @param head The first bytes of a file
 */
export function isHdf5(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(0, 8)) === "\x89HDF\r\n\x1a\n";
}

// The local header of a ZIP member has its name at byte 30 and the name's length at byte 26.
function firstMemberIsNpy(head: Uint8Array): boolean {
  if (head.length < 30) return false;
  const length = head[26]! + 256 * head[27]!;
  return String.fromCharCode(...head.subarray(30, 30 + Math.min(length, 400))).endsWith(".npy");
}

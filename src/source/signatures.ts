/**
 * Telling kinds of files by their first bytes: what a file is that isn't what it was opened as, and what opens it.
 *
 * @module
 */

/** A kind of file. */
export interface FileKind {
  /** What it is called. */
  readonly name: string;
  /** What it is, in words. */
  readonly description: string;
  /** What to do with it: the function of ours that opens it, or whose program does. */
  readonly advice: string;
}

/** Bytes from which a kind can be told: those of NIfTI, a signature at byte 344, and what a text says of itself. */
export const HEAD_BYTES = 1024;

/** The first bytes of a file, also as text of one character for each byte. */
interface Head {
  readonly bytes: Uint8Array;
  readonly text: string;
}

type Test = (head: Head) => boolean;

interface Signature extends FileKind {
  readonly is: Test;
}

/** In this order: what looks closer stands before what doesn't. A function, so that bundles without a use for it drop it. */
const kinds = (): readonly Signature[] => [
  kind("HDF5", "Hierarchical Data Format version 5", "use open", starts("\x89HDF\r\n\x1a\n")),
  kind("NPY", "NumPy array", "use openNpy", starts("\x93NUMPY")),
  kind("NPZ", "NumPy arrays in a ZIP archive", "use openNpz", member(/\.npy$/)),
  kind(
    "Zarr ZIP",
    "Zarr hierarchy in a ZIP archive",
    "use openZarr of microtome/zarr",
    member(/(^|\/)(zarr\.json|\.z(array|group|attrs|metadata))$|^[^/]*\.zarr\//),
  ),
  kind("Office document", "document in a ZIP archive", "Office or pandas opens it", member(/^\[Content_Types\]/)),
  kind("PyTorch", "pickled tensors in a ZIP archive", "torch.load opens it", member(/\/data\.pkl$/)),
  kind(
    "ZIP",
    "ZIP archive",
    "use openNpz where it holds .npy files, openZarr where it holds a Zarr, else unpack it first",
    starts("PK\x03\x04", "PK\x05\x06"),
  ),
  kind("HDF4", "HDF version 4", "pyhdf opens it", starts("\x0e\x03\x13\x01")),
  kind(
    "NetCDF classic",
    "NetCDF version 3",
    "netCDF4 or scipy.io.netcdf_file opens it",
    starts("CDF\x01", "CDF\x02", "CDF\x05"),
  ),
  kind(
    "MATLAB v5",
    "MATLAB MAT-file of version 5 to 7",
    "MATLAB or scipy.io.loadmat opens it; saved with -v7.3 it would be HDF5",
    starts("MATLAB 5.0 MAT-file"),
  ),
  kind("EDF", "European Data Format", "openRecording opens it", starts("0       ")),
  kind("BDF", "BioSemi Data Format", "openRecording opens it", starts("\xffBIOSEMI")),
  kind("GDF", "General Data Format of biosignals", "MNE-Python opens it", starts("GDF 1.", "GDF 2.")),
  kind("FIF", "MEG/EEG recording of Elekta", "MNE-Python opens it", starts("\0\0\0\x64\0\0\0\x1f\0\0\0\x14")),
  // Those of the first years have no name at byte 0, all have a directory at byte 176.
  kind(
    "Micromed TRC",
    "Micromed recording",
    "openRecording opens it",
    (head) => starts("* MICROMED")(head) || at(176, "ORDER   ")(head) && at(192, "LABCOD  ")(head),
  ),
  kind("ABF", "Axon Binary File", "pyABF or Neo opens it", starts("ABF ", "ABF2")),
  kind("Neuralynx", "Neuralynx recording", "Neo opens it", starts("######## Neuralynx")),
  kind(
    "Blackrock",
    "Blackrock recording",
    "Neo opens it",
    starts("NEURALEV", "NEURALSG", "NEURALCD", "BREVENTS", "BRSMPGRP"),
  ),
  kind("Intan RHD", "Intan RHD2000 recording", "openRecording opens it", starts("\x02\x27\x91\xc6")),
  kind("Intan RHS", "Intan RHS2000 recording", "openRecording opens it", starts("\xac\x27\x91\xd6")),
  kind("Plexon PLX", "Plexon recording", "Neo opens it", starts("PLEX")),
  kind("NeuroExplorer", "NeuroExplorer recording", "Neo opens it", starts("NEX1", "NEX5")),
  kind("Open Ephys", "Open Ephys recording", "openRecording opens it", starts("header.format = 'Open Ephys")),
  kind(
    "BrainVision",
    "BrainVision header or markers",
    "openRecording opens it",
    starts("Brain Vision", "BrainVision", "\xef\xbb\xbfBrain Vision", "\xef\xbb\xbfBrainVision"),
  ),
  kind("SQLite", "SQLite database", "sqlite3 opens it", starts("SQLite format 3\0")),
  kind("Parquet", "Apache Parquet table", "pyarrow or hyparquet opens it", starts("PAR1")),
  kind("Arrow", "Apache Arrow or Feather table", "pyarrow opens it", starts("ARROW1", "FEA1")),
  kind("TIFF", "TIFF image", "tifffile opens it", starts("II*\0", "MM\0*", "II+\0", "MM\0+")),
  kind("NIfTI", "NIfTI volume", "NiBabel opens it", at(344, "n+1\0", "ni1\0")),
  kind("PNG", "PNG image", "an image viewer opens it", starts("\x89PNG\r\n\x1a\n")),
  kind("JPEG", "JPEG image", "an image viewer opens it", starts("\xff\xd8\xff")),
  kind("GIF", "GIF image", "an image viewer opens it", starts("GIF87a", "GIF89a")),
  kind("PDF", "PDF document", "a PDF viewer opens it", starts("%PDF-")),
  kind("MP4", "MP4 or QuickTime video", "ffmpeg or OpenCV opens it", at(4, "ftyp")),
  kind("AVI", "AVI video", "ffmpeg or OpenCV opens it", (head) => starts("RIFF")(head) && at(8, "AVI ")(head)),
  kind("WAV", "WAV sound", "scipy.io.wavfile opens it", (head) => starts("RIFF")(head) && at(8, "WAVE")(head)),
  kind("gzip", "file compressed by gzip", "unpack it first, with gunzip", starts("\x1f\x8b")),
  kind(
    "bzip2",
    "file compressed by bzip2",
    "unpack it first, with bunzip2",
    (head) => /^BZh[1-9]1AY&SY/.test(head.text),
  ),
  kind("xz", "file compressed by xz", "unpack it first, with unxz", starts("\xfd7zXZ\0")),
  kind("zstd", "file compressed by zstd", "unpack it first, with unzstd", starts("\x28\xb5\x2f\xfd")),
  kind("LZ4", "file compressed by lz4", "unpack it first, with unlz4", starts("\x04\x22\x4d\x18")),
  kind("7z", "7z archive", "unpack it first, with 7z", starts("7z\xbc\xaf\x27\x1c")),
  kind("tar", "tar archive", "unpack it first, with tar", at(257, "ustar")),
  kind(
    "pickle",
    "Python pickle",
    "pickle.load opens it; unpickle where it holds plain data",
    starts("\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"),
  ),
  kind(
    "Git LFS pointer",
    "note of Git LFS that stands for the file",
    "fetch the file itself, with git lfs pull",
    starts("version https://git-lfs.github.com/spec/"),
  ),
  kind(
    "git-annex pointer",
    "note of git-annex that stands for the file",
    "fetch the file itself, with git annex get or datalad get",
    starts("/annex/objects/"),
  ),
  kind(
    "HTML",
    "web page",
    "the address may be that of a page about the file, or want a login",
    (head) => /^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<(!doctype html|html|head|body)\b/i.test(textOf(head)),
  ),
  kind(
    "XML",
    "XML text",
    "an XML parser opens it; from a store in the cloud, it may be an error message",
    (head) => /^<(\?xml\b|[a-z][\w:.-]*[\s/>])/i.test(textOf(head)),
  ),
  kind(
    "Zarr JSON",
    "metadata of a Zarr hierarchy",
    "use openZarr of microtome/zarr on the folder",
    (head) => isJson(head) && /"zarr_(format|consolidated_format)"/.test(head.text),
  ),
  kind("JSON", "JSON text", "JSON.parse reads it", isJson),
  kind("MATLAB v4", "MATLAB MAT-file of version 4", "MATLAB or scipy.io.loadmat opens it", isMat4),
  kind("text", "plain text", "a text editor opens it", isText),
  kind(
    "zeros",
    "nothing but zeros at its start",
    "it may have been written, or copied, in part",
    ({ bytes }) => bytes.length > 0 && bytes.every((byte) => byte === 0),
  ),
];

/**
 * The kind of a file.
 *
 * @param head Its first bytes, {@linkcode HEAD_BYTES} of them where there are so many
 * @returns The kind, or `null` where the bytes say nothing
 *
 * @example Usage
 * ```ts
 * import { kindOf } from "./signatures.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(kindOf(new TextEncoder().encode("PAR1 …"))?.name, "Parquet");
 * ```
 */
export function kindOf(head: Uint8Array): FileKind | null {
  const bytes = head.subarray(0, HEAD_BYTES);
  const found = kinds().find(({ is }) => is({ bytes, text: String.fromCharCode(...bytes) }));
  if (found === undefined) return null;
  const { name, description, advice } = found;
  return { name, description, advice };
}

/**
 * What messages say of a file that isn't what it was opened as.
 *
 * @param head Its first bytes
 * @returns Part of a sentence about "it"
 */
export function describeHead(head: Uint8Array): string {
  if (head.length === 0) return "it is empty";
  const found = kindOf(head);
  if (found !== null) return `it looks like ${found.name} (${found.description}): ${found.advice}`;
  const start = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `it begins with the bytes ${start}, which no known kind of file does; openRaw reads flat binary files`;
}

function kind(name: string, description: string, advice: string, is: Test): Signature {
  return { name, description, advice, is };
}

function starts(...signatures: string[]): Test {
  return at(0, ...signatures);
}

function at(offset: number, ...signatures: string[]): Test {
  return ({ text }) => signatures.some((signature) => text.startsWith(signature, offset));
}

/** The local header of a ZIP member has its name at byte 30 and the name's length at byte 26. The first may be folders. */
function member(name: RegExp): Test {
  return ({ bytes, text }) => {
    if (!text.startsWith("PK\x03\x04")) return false;
    for (let at = 0; at >= 0 && at + 30 <= bytes.length; at = text.indexOf("PK\x03\x04", at + 30)) {
      const length = bytes[at + 26]! + 256 * bytes[at + 27]!;
      if (name.test(text.slice(at + 30, at + 30 + length))) return true;
    }
    return false;
  };
}

/** Text behind a byte order mark and white space. */
function textOf({ text }: Head): string {
  return text.replace(/^\xef\xbb\xbf/, "").trimStart();
}

function isJson(head: Head): boolean {
  return isText(head) && /^(\{\s*(["}]|$)|\[\s*([[{"\]\d-]|true|false|null|$))/.test(textOf(head));
}

/** UTF-8, or UTF-16 that says so, without control characters. The end may cut a character. */
function isText({ bytes, text }: Head): boolean {
  if (bytes.length === 0) return false;
  const utf16 = text.startsWith("\xff\xfe") ? "utf-16le" : text.startsWith("\xfe\xff") ? "utf-16be" : null;
  try {
    const decoded = new TextDecoder(utf16 ?? "utf-8", { fatal: true }).decode(bytes, { stream: true });
    // deno-lint-ignore no-control-regex -- it is what is looked for
    return !/[\0-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]/.test(decoded);
  } catch {
    return false;
  }
}

/** No signature: a header of five numbers, each of which can be but few, and a name that ends in a zero. */
function isMat4({ bytes, text }: Head): boolean {
  if (bytes.length < 22) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return [true, false].some((little) => {
    const [type, rows, columns, imaginary, nameLength] = [0, 4, 8, 12, 16].map((at) => view.getInt32(at, little));
    // Digits of the type: byte order, 0, element type, kind of matrix.
    if (!/^(0|[1-9]\d{0,3})$/.test(String(type)) || !/^[01]0[0-5][0-2]$/.test(String(type).padStart(4, "0"))) {
      return false;
    }
    // MATLAB writes the order that it says; big-endian files have thousands of 1.
    if ((type! >= 1000) === little) return false;
    if (rows! < 0 || columns! < 0 || imaginary! < 0 || imaginary! > 1 || nameLength! < 2 || nameLength! > 64) {
      return false;
    }
    return /^[A-Za-z]\w*\0$/.test(text.slice(20, 20 + nameLength!));
  });
}

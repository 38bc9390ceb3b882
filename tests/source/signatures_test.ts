import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { change, encodeNpy, encodeNpz, FormatError, NotHdf5Error, open, openNpy, openNpz } from "../../mod.ts";
import { HEAD_BYTES, kindOf } from "../../src/source/signatures.ts";
import { CORPUS } from "../corpus/find.ts";
import { crafted } from "./zip_support.ts";

const SIZE = 4096;

/** Bytes of a text of one character each, then others: a signature and some data behind it. */
function bytes(start: string, rest = "\x91\x00\xfe\x07"): Uint8Array<ArrayBuffer> {
  const made = new Uint8Array(SIZE);
  for (let i = 0; i < SIZE; i++) made[i] = (start[i] ?? rest[i % rest.length])!.charCodeAt(0);
  return made;
}

const text = (content: string) => new TextEncoder().encode(content);

/** A matrix of MATLAB 4: type, rows, columns, whether complex, length of the name, the name. */
function mat4(little: boolean): Uint8Array {
  const made = bytes("");
  const view = new DataView(made.buffer);
  [little ? 0 : 1000, 3, 4, 0, 4].forEach((value, i) => view.setInt32(4 * i, value, little));
  made.set(text("lfp\0"), 20);
  return made;
}

function zipOf(members: Record<string, Uint8Array>): Uint8Array {
  return crafted(Object.entries(members).map(([name, data]) => ({ name, data })));
}

function nothing(length: number): Uint8Array {
  return new Uint8Array(length);
}

/** Bytes, the kind that they are of, and what the message advises. */
const FILES: readonly (readonly [kind: string, advice: RegExp, bytes: Uint8Array])[] = [
  ["NPY", /use openNpy$/, encodeNpy([1, 2])],
  ["NPZ", /use openNpz$/, await encodeNpz({ a: [1] })],
  ["Zarr ZIP", /use openZarr /, zipOf({ "zarr.json": text('{"zarr_format":3}') })],
  ["Zarr ZIP", /use openZarr /, zipOf({ "a/.zarray": text('{"zarr_format":2}') })],
  ["Zarr ZIP", /use openZarr /, zipOf({ "a/": nothing(0), "a/b/": nothing(0), "a/b/.zgroup": text("{}") })],
  ["ZIP", /use openNpz .* openZarr /, zipOf({ "readme.txt": text("hello") })],
  ["Office document", /pandas/, zipOf({ "[Content_Types].xml": text("<Types/>") })],
  ["PyTorch", /torch\.load/, zipOf({ "model/data.pkl": text("\x80\x02}") })],
  ["HDF4", /pyhdf/, bytes("\x0e\x03\x13\x01")],
  ["NetCDF classic", /netCDF4/, bytes("CDF\x01")],
  ["NetCDF classic", /netCDF4/, bytes("CDF\x02")],
  ["NetCDF classic", /netCDF4/, bytes("CDF\x05")],
  ["MATLAB v5", /scipy\.io\.loadmat.*-v7\.3/, bytes("MATLAB 5.0 MAT-file, Platform: GLNXA64")],
  ["MATLAB v4", /scipy\.io\.loadmat/, mat4(true)],
  ["MATLAB v4", /scipy\.io\.loadmat/, mat4(false)],
  ["EDF", /openRecording opens it$/, bytes("0       X X X X")],
  ["BDF", /openRecording opens it$/, bytes("\xffBIOSEMI")],
  ["GDF", /MNE-Python/, bytes("GDF 2.20")],
  ["FIF", /MNE-Python/, bytes("\0\0\0\x64\0\0\0\x1f\0\0\0\x14\0\0\0\0")],
  ["Micromed TRC", /openRecording opens it$/, bytes("* MICROMED  Brain-Quick")],
  ["Micromed TRC", /openRecording opens it$/, bytes("\0".repeat(176) + "ORDER   \x80\x02\0\0\x04\0\0\0LABCOD  ")],
  ["ABF", /pyABF/, bytes("ABF2\0\0\0\x02")],
  ["ABF", /pyABF/, bytes("ABF \x66\x66")],
  ["Neuralynx", /Neo/, bytes("######## Neuralynx Data File Header")],
  ["Blackrock", /Neo/, bytes("NEURALEV\x02\x03")],
  ["Blackrock", /Neo/, bytes("NEURALCD")],
  ["Blackrock", /Neo/, bytes("BRSMPGRP")],
  ["Intan RHD", /openRecording opens it$/, bytes("\x02\x27\x91\xc6\x01\x00")],
  ["Intan RHS", /openRecording opens it$/, bytes("\xac\x27\x91\xd6\x01\x00")],
  ["Plexon PLX", /Neo/, bytes("PLEX\x6b")],
  ["NeuroExplorer", /Neo/, bytes("NEX1")],
  ["Open Ephys", /openRecording opens it$/, bytes("header.format = 'Open Ephys Data Format'")],
  ["BrainVision", /openRecording opens it$/, text("Brain Vision Data Exchange Header File Version 1.0\r\n; data")],
  ["BrainVision", /openRecording opens it$/, text("\ufeffBrainVision Data Exchange Header File Version 2.0")],
  ["SQLite", /sqlite3/, bytes("SQLite format 3\0")],
  ["Parquet", /pyarrow/, bytes("PAR1\x15")],
  ["Arrow", /pyarrow/, bytes("ARROW1\0\0")],
  ["Arrow", /pyarrow/, bytes("FEA1")],
  ["TIFF", /tifffile/, bytes("II*\0")],
  ["TIFF", /tifffile/, bytes("MM\0*")],
  ["TIFF", /tifffile/, bytes("II+\0\x08\0")],
  ["NIfTI", /NiBabel/, bytes("\x5c\x01\0\0" + "\0".repeat(340) + "n+1\0")],
  ["PNG", /image viewer/, bytes("\x89PNG\r\n\x1a\n")],
  ["JPEG", /image viewer/, bytes("\xff\xd8\xff\xe0")],
  ["GIF", /image viewer/, bytes("GIF89a")],
  ["PDF", /PDF viewer/, bytes("%PDF-1.7")],
  ["MP4", /ffmpeg/, bytes("\0\0\0\x20ftypisom")],
  ["AVI", /ffmpeg/, bytes("RIFF\x10\0\0\0AVI LIST")],
  ["WAV", /wavfile/, bytes("RIFF\x10\0\0\0WAVEfmt ")],
  ["gzip", /gunzip/, bytes("\x1f\x8b\x08")],
  ["bzip2", /bunzip2/, bytes("BZh91AY&SY")],
  ["xz", /unxz/, bytes("\xfd7zXZ\0")],
  ["zstd", /unzstd/, bytes("\x28\xb5\x2f\xfd")],
  ["LZ4", /unlz4/, bytes("\x04\x22\x4d\x18")],
  ["7z", /7z/, bytes("7z\xbc\xaf\x27\x1c")],
  ["tar", /tar/, bytes("a.h5" + "\0".repeat(253) + "ustar\x0000")],
  ["pickle", /pickle\.load/, bytes("\x80\x04\x95")],
  ["Git LFS pointer", /git lfs pull/, text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")],
  ["git-annex pointer", /datalad get/, text("/annex/objects/MD5E-s12--00.h5\n")],
  ["HTML", /login/, text("<!DOCTYPE html>\n<title>Sign in</title>")],
  ["HTML", /login/, text("\n  <html lang=en>")],
  ["HTML", /login/, text('<?xml version="1.0"?>\n<!-- x --><!DOCTYPE html PUBLIC "">')],
  ["XML", /error message/, text('<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>')],
  ["XML", /error message/, text("<settings>\n</settings>")],
  ["Zarr JSON", /openZarr .*folder$/, text('{\n "shape": [1],\n "zarr_format": 2}')],
  ["Zarr JSON", /openZarr .*folder$/, text('{"metadata": {}, "zarr_consolidated_format": 1}')],
  ["JSON", /JSON\.parse/, text('\ufeff{"Name": "tiny"}')],
  ["JSON", /JSON\.parse/, text("[[1, 2], [3]]")],
  ["text", /text editor/, text("time\tvalue\n0.5\t1.25µ\n")],
  // A multi-byte character that the end of the head cuts.
  ["text", /text editor/, text("a" + "µ".repeat(HEAD_BYTES))],
  ["text", /text editor/, Uint8Array.of(0xff, 0xfe, 0x61, 0, 0x62, 0)],
  ["zeros", /in part$/, nothing(SIZE)],
  ["zeros", /in part$/, nothing(5)],
];

for (const [i, [kind, advice, content]] of FILES.entries()) {
  Deno.test(`open says that a file is of the kind ${kind} and what opens it (${i + 1})`, async () => {
    assert.equal(kindOf(content)?.name, kind);
    for (const opening of [() => open(content), () => change(content)]) {
      await assert.rejects(opening, (error) => {
        assert.ok(error instanceof NotHdf5Error, String(error));
        assert.match(error.message, /^Cannot open [^:]*: it is not an HDF5 file; it looks like /);
        assert.ok(error.message.includes(`looks like ${kind} (`), error.message);
        assert.match(error.message, advice);
        assert.doesNotMatch(error.message, /\.$/);
        assert.ok(error.file !== undefined);
        return true;
      });
    }
    if (kind !== "NPY") {
      await assert.rejects(openNpy(content), (error) => {
        assert.ok(error instanceof FormatError && error.file !== undefined, String(error));
        assert.match(error.message, /isn't a \.npy file; it looks like /);
        assert.match(error.message, advice);
        return true;
      });
    }
    if (!/^(NPZ|ZIP|Zarr ZIP|Office document|PyTorch)$/.test(kind)) {
      await assert.rejects(openNpz(content), (error) => {
        assert.ok(error instanceof FormatError && error.file !== undefined, String(error));
        assert.match(error.message, advice);
        return true;
      });
    }
  });
}

Deno.test("a file that is empty, or says nothing of itself, is told by that", async () => {
  const unknown = bytes("\x01\x02\x03");
  assert.equal(kindOf(unknown), null);
  for (const opener of [open, openNpy, openNpz] as ((content: Uint8Array) => Promise<unknown>)[]) {
    await assert.rejects(opener(nothing(0)), /it is empty$/);
    await assert.rejects(opener(unknown), /it begins with the bytes 01 02 03 07 .*openRaw reads flat binary files$/);
  }
});

Deno.test("openNpy and openNpz of an HDF5 file name open", async () => {
  const file = readFileSync(new URL("../data/signal.h5", import.meta.url));
  await assert.rejects(openNpy(file), /looks like HDF5 \(.*\): use open$/);
  await assert.rejects(openNpz(file), /looks like HDF5 \(.*\): use open$/);
  await assert.rejects(openNpz((await encodeNpz({ a: [1] })).slice(0, -10)), /no end record; it may be cut off$/);
});

Deno.test("telling a file's kind costs no request more", async () => {
  let requests = 0;
  const page = new TextEncoder().encode("<!doctype html>" + " ".repeat(3_000_000));
  const source = {
    byteLength: page.length,
    read({ offset, length }: { offset: number; length: number }) {
      requests++;
      return Promise.resolve(page.slice(offset, offset + length));
    },
  };
  await assert.rejects(openNpy(source), /looks like HTML/);
  assert.equal(requests, 1);
});

/** Folders of the corpus, names in them, and the kind that each must be told as. */
const FOLDERS: readonly (readonly [folder: string, names: RegExp, kind: RegExp])[] = [
  ["edf", /\.edf$/i, /^EDF$/],
  ["edf", /\.bdf$/i, /^(BDF|EDF)$/],
  ["micromed", /\.TRC$/, /^Micromed TRC$/],
  ["axon", /\.abf$/, /^ABF$/],
  ["npz", /\.npz$/, /^NPZ$/],
  ["npz", /\.npy$/, /^NPY$/],
  ["intan", /\.rhd$/, /^Intan RHD$/],
  ["blackrock", /\.(nev|ns\d)$/, /^Blackrock$/],
  ["neuralynx", /\.(ncs|nev|nse|nvt)$/i, /^Neuralynx$/],
  ["neuralynx", /\.mat$/, /^MATLAB v5$/],
  ["plexon", /\.plx$/, /^Plexon PLX$/],
  ["brainvision", /\.(vhdr|vmrk)$/, /^BrainVision$/],
  ["brainvision", /\.json$/, /^JSON$/],
  ["brainvision", /\.tsv$/, /^text$/],
  ["openephys", /\.(oebin)$/, /^JSON$/],
  ["openephys", /\.xml$/, /^XML$/],
  ["openephys", /\.continuous$/, /^Open Ephys$/],
  ["spikeglx", /\.meta$/, /^text$/],
  ["zarr", /(^|\/)\.zarray$/, /^Zarr JSON$/],
  ["zarr", /\.zip$/, /^(Zarr )?ZIP$/],
  ["hdf5-corrupt", /\.nc$/, /^(NetCDF classic|HDF5)$/],
];

Deno.test({
  name: `files of the corpus are told by their kinds${CORPUS === null ? " (skipped: no corpus)" : ""}`,
  ignore: CORPUS === null,
  async fn(t) {
    for (const [folder, names, kind] of FOLDERS) {
      await t.step(`${folder} ${names.source}`, async () => {
        const found = readdirSync(CORPUS + folder, { recursive: true }).map(String).filter((name) => names.test(name));
        assert.notEqual(found.length, 0);
        for (const [i, name] of found.entries()) {
          const content = readFileSync(`${CORPUS}${folder}/${name}`);
          if (content.length === 0) continue;
          assert.match(kindOf(content)?.name ?? "none", kind, name);
          // Opening takes longer, and reads the same bytes.
          if (i < 3 && !kind.test("HDF5")) await assert.rejects(open(content), /^NotHdf5Error.*looks like/);
        }
      });
    }
  },
});

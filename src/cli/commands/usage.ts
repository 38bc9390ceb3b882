/**
 * What the command line says of itself.
 *
 * @module
 */

import type { Commands } from "../commands.ts";

/**
 * The help text.
 *
 * @param commands The commands that there are
 */
export function usage(commands: Commands): string {
  const forms = Object.entries(commands).map(([name, { parameters, needs }]) =>
    ["microtome", name, ...parameters, ...(needs === undefined ? [] : [needs])].join(" ")
  );
  const width = Math.max(...forms.map(({ length }) => length));
  const helps = Object.values(commands).map(({ help }) => help);
  const list = forms.map((form, i) => `  ${form.padEnd(width)}   ${helps[i]}\n`).join("");
  return `microtome reads just the slice you ask for out of a large file of arrays, by path or by URL

${list}
SOURCE is a path, or an http or https URL, of an HDF5 file, a .npy or .npz file, a Zarr folder or archive, or a flat
binary file, or a recording: a file or folder of Micromed, EDF, BDF, BrainVision, SpikeGLX, Open Ephys or Intan. PATH is that of an array or a group in it, a member of an .npz; one array alone needs none.

ls
  --depth N               list N levels of groups (default: all)

show
  -o, --output FILE       write to FILE, whose ending says how: .npy, .csv or .json

show, convert
  --select SELECTION      NumPy's syntax, as in --select "0:10,:,3"; lists as [1,5,7]

nwb, plot; show, convert of recordings
  --from S, --to S        a stretch of time in seconds, both ends included; of plain arrays, rows
  --channels A,B          names or ids of channels of a recording
  --raw                   values as stored, rather than in physical units
  -o, --output FILE       nwb KEY: .npy, .npz (pynapple reads it), .csv or .json; plot: .svg or .png

plot
  --select SELECTION      which columns, as in --select ":,0:8"
  --shade KEY             intervals shaded behind
  --bandpass LOW:HIGH     frequencies that pass, in Hz, of a recording: --bandpass 300:6000
  --reference median|mean what all channels of the stream have in common is taken off, after the band-pass
  --width, --height N     in pixels (default: 1200 wide)

convert
  TARGET                  its ending says the kind: .h5 .hdf5, .npy, .npz, .zarr, .csv, .bin .dat .raw (and a sidecar
                          TARGET.json that says dtype and shape). Values are converted, attributes aren't
  --name PATH             what the array is called in an .h5, .npz or .zarr (default: as in SOURCE)
  --chunks LENGTHS        shape of the chunks in an .h5 or .zarr, such as 1000,4; an axis may be "auto"
  --compression NAME[:LEVEL]  .h5: gzip, lzf, szip, lz4, zstd; .zarr: gzip, zstd; .npz: gzip
  --shuffle               put bytes of the same significance together before they are compressed
  --zarr-format 2|3       version of a .zarr (default: 3)
  --overwrite             replace TARGET, once the new one is whole; otherwise one that is there is left alone

batch
  PIPELINE.yaml           pathToInput, outputPath (seen from the file's folder), layout, maxMemory, tasks: a list of function
                          (butterworth, standarize, or transforms as {name, options}), outputName, mode, keep, kwargs
  --dry-run               say batches, memory and sizes of outputs, and do nothing

flat files (without these, a sidecar SOURCE.json says it)
  --dtype NAME            type of the elements, such as int16, >f4, int24
  --shape LENGTHS         such as -1,32: one axis may be computed from the file's size
  --order C|F             whether the last or the first axis runs fastest (default: C)
  --offset BYTES          bytes before the array

all
  --json                  print one JSON object
  --header "NAME: VALUE"  send a header with every request; may be repeated
  --timeout SECONDS       give up a request after so long
  --block-size BYTES      size of a page of the metadata cache, such as 64K
  --cache BYTES           size of that cache, such as 32M
  --allow-external        follow links to other files beside SOURCE
  --help, --version

What the call cost is printed on standard error. Exit codes: 0, 1 (the data says no), 2 (the call is wrong).
`;
}

/** Version of the package; a test compares it with deno.json. */
export const VERSION = "0.1.0";

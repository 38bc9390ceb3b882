/**
 * What the command line says of itself.
 *
 * @module
 */

/** The help text. */
export const USAGE: string = `microtome reads just the slice you ask for out of a large HDF5 file, by path or by URL

  microtome ls SOURCE [PATH]      the tree: groups, datasets with shape, dtype, chunks, filters, attributes
  microtome show SOURCE PATH      the values of a dataset, or of a selection of it
  microtome info SOURCE           what kind of file it is, and what its header says

SOURCE is a path, or an http or https URL.

ls
  --depth N               list N levels of groups (default: all)

show
  --select SELECTION      NumPy's syntax, as in --select "0:10,:,3"; lists as [1,5,7]
  -o, --output FILE       write to FILE, whose ending says how: .npy, .csv or .json

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

/** Version of the package; a test compares it with deno.json. */
export const VERSION = "0.1.0";

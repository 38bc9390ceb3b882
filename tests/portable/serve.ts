/**
 * Serves the files that the portable cases read.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { startRangeServer } from "../support/range_server.ts";
import type { Context } from "./types.ts";

/** Files that are being served. */
export interface ServedFiles extends AsyncDisposable {
  /** What the suite is told of them. */
  readonly context: Context;
}

/** Parts of the corpus that are read in every runtime; the corpus command reads all of it in Deno. */
const CORPUS_FOLDERS = ["nwb", "hdf5-filters", "hdf5-features"];

/** Larger files are left to the corpus command: five runtimes read what is read here. */
const LARGEST = 2_500_000;

/** Of a folder with more files than this, evenly many are taken. */
const MOST_PER_FOLDER = 25;

/** What HDF5 files are called there. */
const HDF5_NAME = /\.(h5|hdf5|nwb|nc|mat|brw)$/;

const TESTS = new URL("../", import.meta.url);
const CORPUS = new URL("../../../shared/data/", import.meta.url);

/**
 * Starts a server of the fixtures, and of a part of the corpus where there is one.
 *
 * @returns The server; dispose of it.
 */
export async function serveFiles(): Promise<ServedFiles> {
  const corpus = await corpusFiles();
  if (corpus.length === 0) console.log("skipped: corpus files (no corpus beside the repository)");
  const server = await startRangeServer({
    "/data/": new URL("data/", TESTS),
    ...(corpus.length > 0 ? { "/corpus/": CORPUS } : {}),
  });
  const fixtures = (await namesIn(new URL("data/", TESTS))).filter((name) => name.endsWith(".h5"));
  return {
    context: {
      base: `${server.url}/`,
      run: "",
      fixtures: fixtures.map((name) => `data/${name}`),
      corpus: corpus.map((name) => `corpus/${name}`),
      directory: fromFileUrl(TESTS).replace(/[/\\]$/, ""),
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function corpusFiles(): Promise<string[]> {
  const files: string[] = [];
  for (const folder of CORPUS_FOLDERS) {
    const names = (await namesIn(new URL(`${folder}/`, CORPUS))).filter((name) => HDF5_NAME.test(name));
    const step = Math.max(1, names.length / MOST_PER_FOLDER);
    for (let i = 0; i < names.length; i += step) {
      const path = `${folder}/${names[Math.floor(i)]}`;
      if ((await Deno.stat(new URL(path, CORPUS))).size <= LARGEST) files.push(path);
    }
  }
  return files;
}

async function namesIn(folder: URL): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (entry.isFile) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

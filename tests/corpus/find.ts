/**
 * Where the corpus and the fixtures are, and what they must read as.
 *
 * @module
 */
import process from "node:process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ExpectedFile, parseExact, parseLines } from "./expected.ts";

/** Folder of the fixtures. */
export const FIXTURES: string = fileURLToPath(new URL("../data/", import.meta.url));

/** Folder of the corpus, or `null` where it isn't: `MICROTOME_CORPUS`, or beside the repository. */
export const CORPUS: string | null = findCorpus();

function findCorpus(): string | null {
  const named = process.env.MICROTOME_CORPUS;
  const folder = named ?? fileURLToPath(new URL("../../../shared/data/", import.meta.url));
  return existsSync(`${folder}/EXPECTED/hdf5_golden.jsonl`) ? folder.replace(/\/?$/, "/") : null;
}

/** What the corpus' files must read as; their names are relative to {@linkcode CORPUS}. */
export function corpusFiles(): ExpectedFile[] {
  return CORPUS === null ? [] : parseLines(readFileSync(`${CORPUS}EXPECTED/hdf5_golden.jsonl`, "utf8"));
}

/** What the fixtures must read as; their names are relative to {@linkcode FIXTURES}. */
export function fixtureFiles(): ExpectedFile[] {
  const all = parseExact(readFileSync(`${FIXTURES}expected.json`, "utf8")) as Record<
    string,
    Omit<ExpectedFile, "file">
  >;
  return Object.entries(all).map(([file, expected]) => ({ file, ...expected }));
}

/** The corpus' damaged and hostile files, relative to {@linkcode CORPUS}. */
export function corruptFiles(): string[] {
  if (CORPUS === null) return [];
  return readdirSync(`${CORPUS}hdf5-corrupt`).filter((name) => !name.endsWith(".yml")).map((name) =>
    `hdf5-corrupt/${name}`
  );
}

/** A failing input that was reported, beside the corpus; `null` where it isn't. */
export function reportFile(name: string): string | null {
  const path = fileURLToPath(new URL(`../../../shared/reports/${name}`, import.meta.url));
  return existsSync(path) ? path : null;
}

/** Size of a file in bytes. */
export function sizeOfFile(path: string): number {
  return statSync(path).size;
}

/**
 * All inputs of a kind, by number: cuts first, then flips. Of the corpus, its files.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CORPUS, corruptFiles } from "../corpus/find.ts";
import { cut, cuts, type Damaged, flip } from "./flips.ts";
import type { Cover, Files, Kind, Range, Reading } from "./kind.ts";
import { kindNamed } from "./kinds.ts";
import { readHdf5From } from "./read_hdf5.ts";

/** The name under which the corpus' damaged files stand among the kinds. */
export const DAMAGED = "damaged-files";

/** What is read. */
export interface InputPlan {
  /** How many inputs there are. */
  readonly count: number;
  /** What is read of the sound input, `null` where there is none. */
  sound(): Promise<Reading | null>;
  /** The input of a number. */
  at(index: number): Input | Promise<Input>;
}

/** One input. */
export interface Input {
  /** What it is, in words. */
  readonly what: string;
  /** What protects the bytes that were damaged. */
  readonly cover: Cover;
  /** Reads it. */
  read(): Promise<Reading>;
}

/**
 * Plans the inputs of a kind.
 *
 * @param name Of the kind, or {@linkcode DAMAGED}
 * @param seed Which damage
 * @param flips How many flips
 */
export async function planInputs(name: string, seed: number, flips: number): Promise<InputPlan> {
  if (name === DAMAGED) return filePlan();
  const kind = kindNamed(name);
  const sound = await kind.make();
  const targets = kind.targets?.(sound) ?? everywhere(sound);
  const lengths = cuts(sound);
  return {
    count: lengths.length + flips,
    sound: () => kind.read(sound),
    at: (index) => {
      const isCut = index < lengths.length;
      const damaged = isCut
        ? cut(sound, lengths[index]!)
        : flip(kind, sound, targets, Math.imul(seed, 0x9e3779b1) + index - lengths.length);
      return inputOf(kind, sound, damaged);
    },
  };
}

/** The input of a number. */
export async function inputAt(plan: InputPlan, index: number): Promise<Input> {
  return await plan.at(index);
}

function inputOf(kind: Kind, sound: Files, { files, file, offset, what }: Damaged): Input {
  const cover = kind.cover?.(file, offset, sound.get(file)!, files.get(file)!) ?? "nothing";
  return { what, cover, read: () => kind.read(files) };
}

function everywhere(files: Files): Range[] {
  return [...files].map(([file, { length }]) => ({ file, start: 0, end: length }));
}

/** The damaged files of the corpus, and the reports' beside it, where they are. */
function filePlan(): InputPlan {
  const reports = fileURLToPath(new URL("../../../shared/reports/", import.meta.url));
  const paths = [
    ...corruptFiles().map((name) => `${CORPUS}${name}`),
    ...(existsSync(reports)
      ? readdirSync(reports).filter((name) => /^1\d_.*\.h5$/.test(name)).map((n) => reports + n)
      : []),
  ];
  return {
    count: paths.length,
    sound: () => Promise.resolve(null),
    at: (index) => ({
      what: paths[index]!.replace(/^.*\//, ""),
      cover: "nothing",
      read: () => readHdf5From(paths[index]!),
    }),
  };
}

/**
 * `deno run -A tests/wasm/work.ts [corpus|large]`: how much of the net's budget honest calls use: the costliest of every file of the corpus,
 * of the benchmark's, and of made ones that hold very many of something, read and written. Prints the largest first.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { type Dataset, type Group, type H5File, MicrotomeError, open } from "../../mod.ts";
import { CORPUS, corpusFiles, fixtureFiles, FIXTURES } from "../corpus/find.ts";
import { Hdf5Instance } from "../../src/wasm/instance.ts";
import { COSTLY, makeCostly, readCostly } from "./costly.ts";

/** What the calls since the last question have used: the largest share of a budget, and the most steps. */
interface Work {
  readonly share: number;
  readonly most: number;
}

/** Instances of the run under way, those that took the place of others included. */
const started = new Set<Hdf5Instance>();
const start = Hdf5Instance.start;
Hdf5Instance.start = async (...args): Promise<Hdf5Instance> => {
  const instance = await start.apply(Hdf5Instance, args);
  started.add(instance);
  return instance;
};

/**
 * Runs something and tells what its costliest call has used.
 *
 * @param run Opens or makes files, and closes them only after `measure` was called.
 */
async function workOf(run: (measure: () => void) => Promise<unknown>): Promise<Work> {
  const found = { share: 0, most: 0 };
  try {
    await run(() => {
      for (const instance of started) {
        found.share = Math.max(found.share, instance.call((exports) => exports.mt_work_share()));
        found.most = Math.max(found.most, instance.call((exports) => exports.mt_work_most()));
      }
    });
  } finally {
    started.clear();
  }
  return found;
}

/** Lists and reads all that a file holds, up to a size, in both ways: each object once, as groups may hold each other. */
async function readAll(file: H5File): Promise<void> {
  const seen = new Set<string>();
  const visit = async (group: Group): Promise<void> => {
    await group.attributes.all().catch(ignore);
    for (const link of await group.links().catch(ignore) ?? []) {
      const member = link.type === "hard" ? await group.get(link.name).catch(ignore) : undefined;
      const key = `${member?.fileIndex}/${member?.address}`;
      if (member === undefined || seen.has(key)) continue;
      seen.add(key);
      if (member.kind === "group") await visit(member);
      if (member.kind === "dataset") await readBoth(member);
    }
  };
  await visit(file);
}

async function readBoth(dataset: Dataset): Promise<void> {
  await dataset.attributes.all().catch(ignore);
  if (dataset.size * dataset.dtype.itemsize > 2 ** 24) return;
  await dataset.read(null).catch(ignore);
  await dataset.read(null, { engine: "library" }).catch(ignore);
}

function ignore(error: unknown): undefined {
  if (!(error instanceof MicrotomeError)) throw error;
}

/** What a file's, or a made file's, costliest call has used. */
export interface Row extends Work {
  readonly name: string;
}

/**
 * The costliest call of opening, listing and reading each file: of the fixtures, the corpus and the benchmark, where they are.
 *
 * @param every Takes every so many of the corpus' files: 1 for all.
 */
export async function filesWork(every: number): Promise<Row[]> {
  const rows: Row[] = [];
  const roots: [string, readonly string[]][] = [[FIXTURES, fixtureFiles().map(({ file }) => file)]];
  if (CORPUS !== null) roots.push([CORPUS, corpusFiles().map(({ file }) => file).filter((_, i) => i % every === 0)]);
  const bench = new URL("../../bench/.cache/", import.meta.url).pathname;
  if (existsSync(bench)) roots.push([bench, readdirSync(bench).filter((name) => name.endsWith(".h5"))]);
  for (const [root, names] of roots) {
    for (const name of names) {
      const work = await workOf(async (measure) => {
        const file = await open(root + name, { external: true }).catch(ignore);
        if (file === undefined) return;
        await readAll(file);
        measure();
        await file.close();
      });
      if (work.most > 0) rows.push({ name, ...work });
    }
  }
  return rows;
}

/**
 * The costliest call of making, and of reading, each kind of file with very many of something.
 *
 * @param size How many: the quick run's numbers, or the thorough one's.
 */
export async function costlyWork(size: "few" | "many"): Promise<Row[]> {
  const rows: Row[] = [];
  for (const costly of COSTLY) {
    const count = costly[size];
    const name = `${count.toLocaleString("en")} ${costly.name}`;
    let bytes!: Uint8Array;
    const made = await workOf(async (measure) => bytes = await makeCostly(costly, count, measure));
    rows.push({ name: `${name}, written`, ...made });
    rows.push({ name: `${name}, read`, ...await workOf((measure) => readCostly(costly, bytes, measure)) });
  }
  return rows;
}

async function main(only: string | undefined): Promise<void> {
  const rows = only === "large" ? [] : await filesWork(1);
  if (only !== "corpus") rows.push(...await costlyWork("many"));
  rows.sort((a, b) => b.share - a.share);
  for (const { name, share, most } of rows.slice(0, 25)) {
    console.log(`${(share * 100).toFixed(2).padStart(6)} %  ${most.toLocaleString("en").padStart(14)} steps  ${name}`);
  }
}

if (import.meta.main) await main(Deno.args[0]);

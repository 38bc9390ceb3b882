/**
 * `deno run -A tests/wasm/work.ts [corpus|large]`: how much of the net's budget honest calls use: the costliest of every file of the corpus,
 * of the benchmark's, and of three million texts and records, read and written. Prints the largest first.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { create, type Dataset, type Group, type H5File, MicrotomeError, open, type OpenOptions } from "../../mod.ts";
import { CORPUS, corpusFiles, fixtureFiles, FIXTURES } from "../corpus/find.ts";
import { dtypeFromNumpy } from "../../src/array/dtype/dtype.ts";
import type { DType } from "../../src/array/types.ts";
import { Hdf5Instance } from "../../src/wasm/instance.ts";

/** What the calls since the last question have used: the largest share of a budget, and the most steps. */
export interface Work {
  readonly share: number;
  readonly most: number;
}

const started: Hdf5Instance[] = [];
const start = Hdf5Instance.start;
Hdf5Instance.start = async (...args): Promise<Hdf5Instance> => {
  const instance = await start.apply(Hdf5Instance, args);
  started.push(instance);
  return instance;
};

/**
 * Runs something and tells what its costliest call has used.
 *
 * @param run Opens or makes files, and closes them only after `measure` was called.
 */
export async function workOf(run: (measure: () => void) => Promise<void>): Promise<Work> {
  started.length = 0;
  const found = { share: 0, most: 0 };
  await run(() => {
    for (const instance of started) {
      found.share = Math.max(found.share, instance.call((exports) => exports.mt_work_share()));
      found.most = Math.max(found.most, instance.call((exports) => exports.mt_work_most()));
    }
  });
  return found;
}

/** Lists and reads all that a file holds, up to a size, in both ways. */
async function readAll(file: H5File): Promise<void> {
  const visit = async (group: Group): Promise<void> => {
    await group.attributes.all().catch(ignore);
    for (const link of await group.links().catch(ignore) ?? []) {
      const member = link.type === "hard" ? await group.get(link.name).catch(ignore) : undefined;
      if (member?.kind === "group") await visit(member);
      if (member?.kind === "dataset") await readBoth(member);
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

const COUNT = 3_000_000;
const LARGE: OpenOptions = { maxReadBytes: 2 ** 31 };

const RECORD: DType = {
  kind: "compound",
  itemsize: 20,
  byteOrder: "|",
  fields: [
    { name: "id", offset: 0, dtype: dtypeFromNumpy(">i4") },
    { name: "x", offset: 4, dtype: dtypeFromNumpy("<f8") },
    { name: "name", offset: 12, dtype: dtypeFromNumpy("S8") },
  ],
};

/** Three million elements, written and read in one call each. */
export async function largeWork(kind: "texts" | "records", count = COUNT): Promise<{ written: Work; read: Work }> {
  let bytes!: Uint8Array;
  const written = await workOf(async (measure) => {
    const file = await create();
    if (kind === "texts") {
      await file.createDataset("values", { data: Array.from({ length: count }, (_, i) => `text ${i % 1000}`) });
    } else {
      const records = Array.from({ length: count }, (_, i) => ({ id: i, x: i / 2, name: "n" }));
      await file.createDataset("values", { data: records, dtype: RECORD });
    }
    measure();
    bytes = await file.bytes();
  });
  const read = await workOf(async (measure) => {
    await using file = await open(bytes, LARGE);
    await (await file.dataset("values")).read(null, { engine: "library" });
    measure();
  });
  return { written, read };
}

interface Row extends Work {
  readonly name: string;
}

async function filesWork(): Promise<Row[]> {
  const rows: Row[] = [];
  const roots: [string, readonly string[]][] = [[FIXTURES, fixtureFiles().map(({ file }) => file)]];
  if (CORPUS !== null) roots.push([CORPUS, corpusFiles().map(({ file }) => file)]);
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
      rows.push({ name, ...work });
    }
  }
  return rows;
}

async function main(only: string | undefined): Promise<void> {
  const rows = only === "large" ? [] : await filesWork();
  for (const kind of only === "corpus" ? [] : ["texts", "records"] as const) {
    const { written, read } = await largeWork(kind);
    rows.push({ name: `3,000,000 ${kind} written`, ...written }, { name: `3,000,000 ${kind} read`, ...read });
  }
  rows.sort((a, b) => b.share - a.share);
  for (const { name, share, most } of rows.slice(0, 25)) {
    console.log(`${(share * 100).toFixed(2).padStart(6)} %  ${most.toLocaleString("en").padStart(14)} steps  ${name}`);
  }
}

if (import.meta.main) await main(Deno.args[0]);

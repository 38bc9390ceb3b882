/**
 * Rows on the HDF5 module itself, beside another build of it on the same files in the same run: the release before, or one
 * without the net. Measured only where `MICROTOME_OTHER_MODULE` names that module's file, such as what
 * `git show REVISION:wasm/dist/hdf5.wasm` or `make … NET=0` gives.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import process from "node:process";
import { create, type Group, type H5File, init, open } from "../mod.ts";
import { pathOf, SERIES } from "./files.ts";
import type { PairPlan } from "./pairs.ts";
import type { Timed } from "./types.ts";

type Work = (file: H5File) => Promise<number>;

interface ModuleRow {
  readonly id: string;
  readonly title: string;
  readonly source: () => Promise<string | Uint8Array>;
  /** How often within one run, so that it takes long enough to be measured. */
  readonly times: number;
  readonly work: Work;
}

const TEXTS = 20_000;

const ROWS: readonly ModuleRow[] = [
  {
    id: "open",
    title: "opening, and one group",
    source: () => Promise.resolve(pathOf("int16")),
    times: 40,
    work: async (file) => (await file.group("acquisition")).path.length,
  },
  {
    id: "list",
    title: "listing and opening all members of a group",
    source: () => Promise.resolve(pathOf("groups")),
    times: 2,
    work: walk,
  },
  {
    id: "direct",
    title: "whole read, gzip, by the bulk path",
    source: () => Promise.resolve(pathOf("int16")),
    times: 1,
    work: async (file) => sumOf((await (await file.dataset(SERIES)).read()).data as Int16Array),
  },
  {
    id: "library",
    title: "whole read, gzip, through H5Dread",
    source: () => Promise.resolve(pathOf("int16")),
    times: 1,
    work: async (file) =>
      sumOf((await (await file.dataset(SERIES)).read(null, { engine: "library" })).data as Int16Array),
  },
  {
    id: "texts",
    title: "20,000 texts of varying length",
    source: textFile,
    times: 8,
    work: async (file) => ((await (await file.dataset("texts")).read()).data as string[])[TEXTS - 1]!.length,
  },
];

/** All rows, by wall clock and by processor time; none where there is nothing to compare with. */
export async function modulePlans(quick: boolean): Promise<PairPlan[]> {
  const other = process.env.MICROTOME_OTHER_MODULE;
  if (other === undefined) return [];
  const own = process.env.MICROTOME_MODULE ?? new URL("../wasm/dist/hdf5.wasm", import.meta.url);
  const modules = {
    "microtome": await WebAssembly.compile(readFileSync(own)),
    "other module": await WebAssembly.compile(readFileSync(other)),
  };
  return ROWS.flatMap((row) =>
    (["wall", "processor"] as const).map((clock): PairPlan => ({
      id: `hdf5-module-${row.id}-${clock}`,
      title: `HDF5 module: ${row.title} (${clock} time)`,
      repeats: quick ? 5 : 15,
      run: Object.fromEntries(
        Object.entries(modules).map(([name, module]) => [name, () => runWith(module, row, clock)]),
      ),
    }))
  );
}

async function runWith(module: WebAssembly.Module, row: ModuleRow, clock: "wall" | "processor"): Promise<Timed> {
  const source = await row.source();
  await init({ module });
  const cpu = process.cpuUsage();
  const start = performance.now();
  let check = 0;
  for (let i = 0; i < row.times; i++) {
    await using file = await open(source);
    check = await row.work(file);
  }
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { milliseconds: clock === "wall" ? wall : (user + system) / 1000, check };
}

async function walk(group: Group): Promise<number> {
  let count = 0;
  for await (const [, member] of group) {
    count += 1 + (member.kind === "group" ? await walk(member) : 0);
  }
  return count;
}

let texts: Promise<Uint8Array> | undefined;

function textFile(): Promise<Uint8Array> {
  return texts ??= (async () => {
    const file = await create();
    await file.createDataset("texts", { data: Array.from({ length: TEXTS }, (_, i) => `text number ${i}`) });
    return await file.bytes();
  })();
}

function sumOf(values: Int16Array): number {
  let sum = 0;
  for (let i = values.length - 1000; i < values.length; i++) sum += values[i]!;
  return sum;
}

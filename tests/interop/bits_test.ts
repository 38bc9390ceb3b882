import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { type H5File, type NDArray, open } from "../../mod.ts";
import { findPython } from "./python.ts";

/** A line of `bits.py`. */
interface Line {
  readonly name: string;
  readonly place: "plain" | "array" | "compound" | "attribute" | "vlen" | "enum";
  readonly filter?: string;
  readonly type: { size: number; order: number; norm?: number };
  /** What the bits mean. */
  readonly values: string[];
  /** What h5py gives. */
  readonly default: { readonly dtype: string; readonly values: string[] } | { readonly error: string };
}

const PYTHON = findPython();
const SEEDS = [1, 2, 3];
const PER_SEED = 200;
const BIG_ENDIAN = 1;
const IMPLIED = 0;
const SET = 1;

/** A number as `bits.py` writes it: all of it, as text. */
function numberOf(text: string): number | bigint {
  if (text === "nan") return NaN;
  if (text.endsWith("inf")) return text.startsWith("-") ? -Infinity : Infinity;
  const hex = /^(-?)0x([01])\.([0-9a-f]+)p([+-]\d+)$/.exec(text);
  if (hex === null) return BigInt(text);
  const digits = Number(`0x${hex[2]}${hex[3]}`);
  const power = Number(hex[4]) - 4 * hex[3]!.length;
  // In two steps, so that neither leaves the range on the way.
  const value = power < -1000 ? digits * 2 ** (power + 200) * 2 ** -200 : digits * 2 ** power;
  return hex[1] === "-" ? -value : value;
}

function equal(ours: unknown, text: string): boolean {
  const theirs = numberOf(text);
  return typeof theirs === "bigint" ? BigInt(ours as number) === theirs : Object.is(ours, theirs);
}

async function read(file: H5File, { name, place }: Line, engine?: "library"): Promise<unknown[]> {
  if (place === "attribute") return [...(await file.attributes.read(name)).data];
  const { data } = await (await file.dataset(name)).read([], { engine });
  if (place === "vlen") return (data as ArrayLike<number>[]).flatMap((item) => [...Array.from(item)]);
  if (place === "compound") return (data as { field: unknown }[]).map(({ field }) => field);
  return [...(data as NDArray["data"])];
}

/** What must come out, or `null` where nobody can tell. */
function wanted({ place, type, values, default: peer }: Line): string[] | null {
  // h5py lets wide fields of a record overlap, hands out big-endian sequences unswapped, and reads a single byte in
  // big-endian order with its padding: there the bits themselves are right.
  const trusted = place !== "compound" && place !== "vlen" && !(type.size === 1 && type.order === BIG_ENDIAN);
  if (trusted && "values" in peer) return peer.values;
  return type.norm === undefined || type.norm === IMPLIED ? values : null;
}

async function check(file: H5File, line: Line): Promise<string[]> {
  const expected = wanted(line);
  const about = `${line.name} ${line.place} ${line.filter ?? ""} ${JSON.stringify(line.type)}`;
  const lines: string[] = [];
  for (const engine of [undefined, "library"] as const) {
    try {
      const ours = await read(file, line, engine);
      if (line.type.norm === SET) lines.push(`${about}: read, although libhdf5 can't`);
      if (expected === null) continue;
      const at = expected.findIndex((text, i) => !equal(ours[i], text));
      if (ours.length !== expected.length) lines.push(`${about}: ${ours.length} elements`);
      else if (at >= 0) lines.push(`${about}: element ${at} is ${ours[at]}, expected ${numberOf(expected[at]!)}`);
    } catch (error) {
      if (line.type.norm !== SET || (error as { code?: string }).code !== "unsupported") {
        lines.push(`${about}: ${error}`);
      }
    }
  }
  return lines;
}

for (const seed of SEEDS) {
  Deno.test({
    name: `numbers of ${PER_SEED} odd types are read as h5py reads them, or as their bits say (seed ${seed})${
      PYTHON === null ? " (skipped: no Python with h5py; see tests/interop/python.ts)" : ""
    }`,
    ignore: PYTHON === null,
    fn: async () => {
      const folder = mkdtempSync(`${tmpdir()}/bits-`);
      try {
        const script = fileURLToPath(new URL("./bits.py", import.meta.url));
        const path = `${folder}/bits.h5`;
        const said = execFileSync(PYTHON!, [script, path, `${seed}`, `${PER_SEED}`], {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        });
        const lines = said.trim().split("\n").map((text): Line => JSON.parse(text));
        assert.ok(lines.length > PER_SEED * 0.9);
        await using file = await open(path);
        const wrong: string[] = [];
        for (const line of lines) wrong.push(...await check(file, line));
        assert.deepEqual(wrong, []);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  });
}

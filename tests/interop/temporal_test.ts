import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { Data } from "../../src/temporal/data.ts";
import { CORPUS } from "../corpus/find.ts";
import { findNwbPython } from "./python.ts";
import { describe, type Plain, same } from "./temporal_form.ts";
import { OWN, SAME } from "./temporal_sessions.ts";
import { apply, drawSteps, type Menu, randomOf } from "./temporal_steps.ts";

const PYTHON = findNwbPython();
const SCRIPT = fileURLToPath(new URL("./temporal.py", import.meta.url));
const without = PYTHON === null ? " (skipped: no torch_brain; see tests/interop/python.ts)" : "";
// What torch_brain and temporaldata save; made once.
const FOLDER = `${mkdtempSync(`${tmpdir()}/microtome-temporal-`)}/`;
let written: string[] | null = null;

/** What the script says of a file. */
interface Dumped {
  readonly eager: Plain;
  readonly lazy: Plain;
}

function python(...args: string[]): unknown[] {
  const options = { maxBuffer: 2 ** 29, encoding: "utf8" as const };
  const out = execFileSync(PYTHON!, ["-W", "ignore", SCRIPT, ...args], options);
  return out.trimEnd().split("\n").map((line) => JSON.parse(line));
}

function sessions(): string[] {
  return written ??= python("write", FOLDER)[0] as string[];
}

/** Those of torch_brain: temporaldata saves the same bytes, which loading them shows. */
function torchBrain(): string[] {
  return sessions().filter((name) => name.endsWith(".torch_brain"));
}

function pathsOf(names: readonly string[], folder: string = FOLDER): string[] {
  return names.map((name) => `${folder}${name}.h5`);
}

function subfolder(name: string): string {
  mkdirSync(`${FOLDER}${name}`);
  return `${FOLDER}${name}/`;
}

async function load(path: string, lazy: boolean): Promise<Data> {
  return lazy ? await Data.load(path) : await Data.load(path, { lazy: false });
}

function interop(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `${name}${without}`, ignore: PYTHON === null, fn });
}

globalThis.addEventListener("unload", () => rmSync(FOLDER, { recursive: true }));

interop("every session that torch_brain and temporaldata save is loaded equal, eager and lazy", async () => {
  const paths = pathsOf(sessions());
  assert.ok(paths.length > 30);
  const dumped = python("dump", ...paths) as Dumped[];
  for (const [i, path] of paths.entries()) {
    const { eager, lazy } = dumped[i]!;
    same(await describe(await Data.load(path, { lazy: false })), eager, sessions()[i]!, { times: true });
    await using session = await Data.load(path);
    assert.deepEqual(session.keys(), lazy.keys);
    same(await describe(session), lazy, `lazy ${sessions()[i]}`, { times: true });
  }
});

Deno.test({
  name: `the corpus' sessions are to torch_brain what they are here${
    without || (CORPUS === null ? " (skipped: no corpus)" : "")
  }`,
  ignore: PYTHON === null || CORPUS === null,
  fn: async () => {
    const paths = readdirSync(`${CORPUS}temporaldata`).map((name) => `${CORPUS}temporaldata/${name}`);
    assert.ok(paths.length > 0);
    const dumped = python("dump", ...paths) as Dumped[];
    for (const [i, path] of paths.entries()) {
      same(await describe(await Data.load(path, { lazy: false })), dumped[i]!.eager, path);
      await using session = await Data.load(path);
      same(await describe(session), dumped[i]!.lazy, path);
    }
  },
});

interop("lazy sessions print as temporaldata prints them", async () => {
  const names = ["readme", "events", "signals", "intervals", "nothing"].map((name) => `${name}.temporaldata`);
  const printed = python("print", ...pathsOf(names)) as { readonly lazy: string }[];
  for (const [i, path] of pathsOf(names).entries()) {
    await using session = await Data.load(path);
    // The seed's form doesn't have the line with which temporaldata ends every loaded session.
    assert.equal(String(session), printed[i]!.lazy.replaceAll(/_absolute_start=.*\n/g, ""), names[i]!);
  }
});

/** Members whose types saving again doesn't keep, only their values. */
const RETYPED: Readonly<Record<string, readonly string[]>> = {
  // Times are float64 here.
  events: ["integers", "single"],
  intervals: ["integers", "single"],
  // Numbers in attributes are float64, or int64 where they are bigints; so is an integer as sampling rate.
  signals: ["whole_rate"],
  scalars: ["half", "short", "single", "small", "z"],
  lists: ["numbers"],
};

interop("what is loaded here and saved again, eager or lazy, is the same to Python, types and layout too", async () => {
  const names = torchBrain();
  const folder = subfolder("again");
  const again: string[] = [];
  const own: Plain[] = [];
  for (const name of names) {
    for (const lazy of [false, true]) {
      await using session = await load(`${FOLDER}${name}.h5`, lazy);
      again.push(`${folder}${name}.${lazy}.h5`);
      await session.save(again.at(-1)!);
      own.push(await describe(await session.materialize()));
    }
  }
  for (const command of ["dump", "structure"]) {
    const wanted = python(command, ...pathsOf(names));
    const found = python(command, ...again);
    for (const [i, path] of again.entries()) {
      const retyped = RETYPED[names[i >> 1]!.split(".")[0]!] ?? [];
      const of = (said: unknown) => comparable(said, retyped);
      assert.deepEqual(of(found[i]), of(wanted[i >> 1]), `${command} of ${path}`);
      if (command === "dump") same(own[i]!, (found[i] as Dumped).eager, path, { times: true });
    }
  }
});

/**
 * What "dump" and "structure" print, without some members, and without what differs and says nothing: the order of bytes
 * (native in memory), and how wide texts are (as the longest one here; NumPy keeps the width of what they were taken from).
 */
function comparable(said: unknown, without: readonly string[]): unknown {
  const native = JSON.stringify(said).replaceAll(/":">|": ">/g, '":"<');
  const copy = JSON.parse(native) as Record<string, Record<string, unknown>>;
  for (const key of without) {
    for (const mode of ["eager", "lazy"]) {
      const object = copy[mode] as { keys: string[]; members: Record<string, unknown> } | undefined;
      if (object === undefined) continue;
      object.keys = object.keys.filter((name) => name !== key);
      delete object.members[key];
    }
    for (const path of Object.keys(copy)) if (path === `/${key}` || path.startsWith(`/${key}/`)) delete copy[path];
    delete (copy["/"]?.attributes as Record<string, unknown> | undefined)?.[key];
  }
  for (const entry of Object.values(copy)) {
    if (!String(entry.type).startsWith("string, ")) continue;
    entry.type = "text";
    delete entry.storage;
  }
  for (const mode of ["eager", "lazy"]) if (copy[mode] !== undefined) widthless(copy[mode] as unknown as Plain);
  return copy;
}

function widthless({ arrays = {}, stored = {}, members = {} }: Plain): void {
  for (const [key, array] of Object.entries(arrays) as [string, { dtype: string }][]) {
    if (!array.dtype.startsWith("<U")) continue;
    array.dtype = "U";
    if (stored[key] !== undefined) (stored[key] as { dtype: string }).dtype = "U";
  }
  for (const member of Object.values(members)) if ("class" in member) widthless(member);
}

interop(
  "a session made here is Python's own of the same values: what it loads, and every type in the file",
  async () => {
    const folder = subfolder("same");
    const names = Object.keys(SAME);
    for (const name of names) await SAME[name]!().save(`${folder}${name}.h5`);
    const theirs = pathsOf(names.map((name) => `${name}.torch_brain`));
    sessions();
    for (const command of ["dump", "structure"]) {
      const [wanted, found] = [python(command, ...theirs), python(command, ...pathsOf(names, folder))];
      for (const [i, name] of names.entries()) assert.deepEqual(found[i], wanted[i], `${command} of ${name}`);
    }
  },
);

interop("sessions made here are loaded in Python with equal values, keys, types and domains", async () => {
  const folder = subfolder("own");
  const names = Object.keys(OWN);
  const made = names.map((name) => OWN[name]!());
  for (const [i, name] of names.entries()) await made[i]!.save(`${folder}${name}.h5`);
  const dumped = python("dump", ...pathsOf(names, folder)) as Dumped[];
  for (const [i, name] of names.entries()) {
    const { eager, lazy } = dumped[i]!;
    const { domain, members } = await describe(made[i]!);
    same(await describe(await Data.load(`${folder}${name}.h5`, { lazy: false })), eager, name);
    await using session = await Data.load(`${folder}${name}.h5`);
    same(await describe(session), lazy, `lazy ${name}`);
    for (const [key, value] of Object.entries(eager.members!)) {
      // Saving sorted it, and made text of the date.
      if (key === "unsorted" || key === "when") continue;
      same({ ...NOTHING, members: { [key]: members![key]! } }, { ...NOTHING, members: { [key]: value } }, name);
    }
    same({ ...NOTHING, domain: domain! }, { ...NOTHING, domain: eager.domain! }, name);
  }
});

const NOTHING: Plain = { class: "Data", keys: [] };

const MENUS: Readonly<Record<string, Menu>> = {
  all_classes: { masks: ["spikes", "trials"], regular: ["lfp"] },
  masked: { masks: ["spikes", "trials"], regular: ["lfp"] },
  sliced: { masks: ["spikes", "trials"], regular: ["lfp"] },
  nesting: { masks: ["deep.spikes", "deep.inner.spikes"], regular: [] },
  signals: { masks: [], regular: ["whole_rate", "odd_rate", "started", "gappy", "old_domain"] },
  events: {
    masks: ["whole_seconds", "unsorted", "integers", "keyed", "parts", "outside", "wide", "negative", "none"],
    regular: [],
    // NumPy subtracts origins from float32 times in float32.
    first: [{ step: "delete", at: "single" }],
  },
  intervals: {
    masks: ["trials", "overlapping", "integers", "points"],
    regular: [],
    // The same; and selecting by an interval, torch_brain searches intervals that aren't sorted without sorting them.
    first: [{ step: "delete", at: "single" }, { step: "delete", at: "disordered" }],
  },
};

interop("any chain of steps gives what torch_brain's eager objects give, eager and lazy", async () => {
  const random = randomOf(5);
  sessions();
  const requests = Object.entries(MENUS).flatMap(([name, menu]) => {
    return Array.from(
      { length: 20 },
      () => ({ file: `${FOLDER}${name}.torch_brain.h5`, steps: drawSteps(menu, random) }),
    );
  });
  writeFileSync(`${FOLDER}steps.jsonl`, requests.map((request) => JSON.stringify(request)).join("\n"));
  const wanted = python("steps", `${FOLDER}steps.jsonl`) as (Plain & { readonly error?: string })[];
  for (const [i, { file, steps }] of requests.entries()) {
    const label = `${JSON.stringify(steps)} of ${file}`;
    assert.equal(wanted[i]!.error, undefined, label);
    for (const lazy of [false, true]) {
      await using loaded = await load(file, lazy);
      let session: Data = loaded;
      for (const step of steps) session = await apply(session, step);
      // Reading all makes it the eager object that torch_brain has.
      same(await describe(await session.materialize()), wanted[i]!, `${lazy ? "lazy, " : ""}${label}`, { times: true });
    }
  }
});

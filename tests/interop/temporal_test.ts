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
  const names = ["readme", "events", "signals", "intervals", "lists", "nothing"].map((name) => `${name}.temporaldata`);
  const printed = python("print", ...pathsOf(names)) as { readonly lazy: string }[];
  for (const [i, path] of pathsOf(names).entries()) {
    await using session = await Data.load(path);
    // The seed's form doesn't have the line with which temporaldata ends every loaded session.
    assert.equal(String(session), printed[i]!.lazy.replaceAll(/_absolute_start=.*\n/g, ""), names[i]!);
  }
});

/**
 * Takes out of what Python says of files what saving again doesn't keep: integers and float32 as times are float64 here,
 * numbers smaller than 64 bits in attributes are one kind of number in JavaScript, and so are integers as sampling rates;
 * unicode is as wide as its longest text (NumPy keeps the width of what it was taken from); and lists of lists come back
 * as arrays, in Python too.
 */
interface Lost {
  /** Members that are left out: none of the rest may differ. */
  readonly [session: string]: readonly string[];
}

const LOST: Lost = {
  // Times that aren't float64; NumPy's width of numbers as text.
  events: ["integers", "single", "unsorted"],
  // The same, and NumPy's width of unicode that has no rows.
  intervals: ["integers", "single", "none"],
  // NumPy's width of unicode that a mask has left nothing wide of.
  masked: ["spikes"],
  // An integer as sampling rate.
  signals: ["whole_rate"],
  // Scalars that JavaScript doesn't have.
  scalars: ["half", "short", "single", "small", "z"],
};
/** What can't be saved again: bytes beyond ASCII; lists of lists of text. */
const REFUSED = ["columns", "lists"];

interop("what is loaded here and saved again, eager or lazy, is the same to Python, types and layout too", async () => {
  const names = torchBrain().filter((name) => !REFUSED.includes(name.split(".")[0]!));
  const folder = subfolder("again");
  const again: string[] = [];
  for (const name of names) {
    for (const lazy of [false, true]) {
      await using session = await Data.load(`${FOLDER}${name}.h5`, { lazy });
      for (const lost of LOST[name.split(".")[0]!] ?? []) session.delete(lost);
      again.push(`${folder}${name}.${lazy}.h5`);
      await session.save(again.at(-1)!);
    }
  }
  const lostOf = (path: string) => LOST[path.slice(folder.length).split(".")[0]!] ?? [];
  for (const command of ["dump", "structure"]) {
    const wanted = python(command, ...pathsOf(names));
    const found = python(command, ...again);
    for (const [i, path] of again.entries()) {
      const all = withoutLost(wanted[i >> 1], lostOf(path));
      assert.deepEqual(nativeOrder(withoutLost(found[i], [])), nativeOrder(all), `${command} of ${path}`);
    }
  }
});

/** Without members, in what "dump" and "structure" print. */
function withoutLost(said: unknown, lost: readonly string[]): unknown {
  const copy = structuredClone(said) as Record<string, Record<string, unknown>>;
  for (const key of lost) {
    for (const mode of ["eager", "lazy"]) {
      const object = copy[mode] as { keys: string[]; members: Record<string, unknown> } | undefined;
      if (object === undefined) continue;
      object.keys = object.keys.filter((name) => name !== key);
      delete object.members[key];
    }
    for (const path of Object.keys(copy)) if (path === `/${key}` || path.startsWith(`/${key}/`)) delete copy[path];
    delete (copy["/"]?.attributes as Record<string, unknown> | undefined)?.[key];
  }
  return copy;
}

/** With big-endian arrays as little-endian ones: in memory they are native. */
function nativeOrder(said: unknown): unknown {
  return JSON.parse(JSON.stringify(said).replaceAll(/":">|": ">/g, '":"<'));
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
      await using loaded = await Data.load(file, { lazy });
      let session: Data = loaded;
      for (const step of steps) session = await apply(session, step);
      // Reading all makes it the eager object that torch_brain has.
      same(await describe(await session.materialize()), wanted[i]!, `${lazy ? "lazy, " : ""}${label}`, { times: true });
    }
  }
});

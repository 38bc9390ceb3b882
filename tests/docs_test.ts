import assert from "node:assert/strict";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import config from "../deno.json" with { type: "json" };
import { errorsPage } from "../docs/make/tables.ts";
import { create, ndarray, writeNpz } from "../mod.ts";
import { startRangeServer } from "./support/range_server.ts";

const ROOT = new URL("../", import.meta.url);

/** The pages of this repository that are written for its users, README first. */
function pages(): string[] {
  const found = readdirSync(new URL("docs/", ROOT), { recursive: true }) as string[];
  return [
    "README.md",
    "CONTRIBUTING.md",
    ...found.filter((name) => name.endsWith(".md")).sort().map((name) => `docs/${name}`),
  ];
}

/** A page's TypeScript and JavaScript, in order, with where it stands. */
function snippets(page: string): { readonly name: string; readonly code: string }[] {
  const text = readFileSync(new URL(page, ROOT), "utf8");
  return [...text.matchAll(/^```[jt]s\n([^]*?)^```$/gm)].map((match, i) => ({
    name: `${page.replaceAll(/\W+/g, "_")}_${i}`,
    code: match[1]!,
  }));
}

/** What needs a Worker or a page is checked here, and run in the same form by the edge and the portable tests. */
const CHECKED_ONLY = /\bfetch\(\)|\bdocument\b|\bdefineConfig\b|\binit\(/;

/** The files that the pages speak of. */
async function writeFiles(folder: string): Promise<void> {
  await using nwb = await create(join(folder, "recording.nwb"));
  const data = ndarray(Int16Array.from({ length: 40_000 * 8 }, (_, i) => i % 1000), [40_000, 8]);
  await nwb.createDataset("/acquisition/ElectricalSeries/data", { data, chunkShape: [10_000, 8], compression: "gzip" });
  const spikes = await nwb.createDataset("/units/spike_times", {
    data: Float64Array.from({ length: 2000 }, (_, i) => i),
  });
  await spikes.attributes.set("description", "times");
  await nwb.close();
  await writeNpz(join(folder, "session.npz"), { t: ndarray(new Float64Array(200)), d: ndarray(new Float32Array(200)) });
  copyFileSync(new URL("data/session.nwb", import.meta.url), join(folder, "session.nwb"));
  mkdirSync(join(folder, "recording.zarr"));
  writeFileSync(join(folder, "recording.zarr/zarr.json"), '{"zarr_format": 3, "node_type": "group"}');
  writeFileSync(join(folder, "recording.bin"), new Uint8Array(384 * 2 * 40_000));
}

/** Imports as a user pastes them, of this clone's files. */
function importMap(): string {
  const own = Object.entries(config.exports).map((
    [name, path],
  ) => [config.name + name.slice(1), new URL(path, ROOT).href]);
  const packages = Object.entries(config.imports);
  const modules = ["hdf5.wasm", "reader.wasm"].map((name) => [`${config.name}/${name}`, "./wasm_module.ts"]);
  return JSON.stringify({
    imports: Object.fromEntries([...packages, ...own, ...modules, ["vite", "./vite.ts"]]),
    links: ["std_path", "std_yaml"].map((name) => new URL(`tests/support/${name}`, ROOT).pathname),
    lock: false,
    compilerOptions: { ...config.compilerOptions, lib: ["deno.window", "dom", "dom.iterable", "dom.asynciterable"] },
  });
}

async function deno(args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd, env: { NO_COLOR: "1" } })
    .output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

Deno.test("every snippet of README and docs/ has types that hold, with imports as users paste them, and runs where it can", async () => {
  const folder = mkdtempSync(join(tmpdir(), "microtome-docs-"));
  const server = await startRangeServer({ "/": folder });
  try {
    await writeFiles(folder);
    const all = pages().flatMap(snippets);
    assert.ok(all.length >= 15, `${all.length} snippets`);
    writeFileSync(join(folder, "deno.json"), importMap());
    writeFileSync(join(folder, "wasm_module.ts"), "export default {} as WebAssembly.Module;\n");
    writeFileSync(join(folder, "vite.ts"), "export const defineConfig = (config: object): object => config;\n");
    for (const { name, code } of all) {
      writeFileSync(
        join(folder, `${name}.ts`),
        code.replaceAll("https://example.org/", `${server.url}/`) + "\nexport {};\n",
      );
    }
    const run = all.filter(({ code }) => !CHECKED_ONLY.test(code));
    // One process, and one check of types, for all.
    writeFileSync(
      join(folder, "all.ts"),
      run.map(({ name }) => `await import("./${name}.ts");\nconsole.log("ran ${name}");\n`).join(""),
    );
    await deno(["check", ...all.map(({ name }) => `${name}.ts`)], folder);
    const printed = await deno(["run", "-A", "--no-check", "all.ts"], folder);
    for (const { name } of run) assert.ok(printed.includes(`ran ${name}`), `${name} didn't run`);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

Deno.test("the tables of errors and limits are those of the sources", () => {
  const cells = (text: string) => text.replaceAll(/[ -]*\|[ -|]*/g, "|");
  assert.equal(
    cells(readFileSync(new URL("docs/errors.md", ROOT), "utf8")),
    cells(errorsPage()),
    "run deno task docs-tables",
  );
});

Deno.test("README and ARCHITECTURE stay short", () => {
  assert.ok(statSync(new URL("README.md", ROOT)).size <= 8 * 1024, "README.md is over 8 KiB");
  assert.ok(statSync(new URL("ARCHITECTURE.md", ROOT)).size <= 10 * 1024, "ARCHITECTURE.md is over 10 KiB");
});

Deno.test("every link between pages leads somewhere", () => {
  const broken = [...pages(), "ARCHITECTURE.md", "SECURITY.md"].flatMap((page) => {
    const url = new URL(page, ROOT);
    let text: string;
    try {
      text = readFileSync(url, "utf8");
    } catch {
      return [];
    }
    return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)].flatMap(([, target]) => {
      try {
        statSync(new URL(target!, url));
        return [];
      } catch {
        return [`${page}: ${target}`];
      }
    });
  });
  assert.deepEqual(broken, []);
});

/**
 * Runtimes, and TypeScript.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import config from "../../../deno.json" with { type: "json" };
import { runCommand } from "../../support/run_command.ts";
import { BUN_VERSION } from "../../support/runtimes.ts";
import { versionOf } from "../tools.ts";
import { answerOf, type App, assertRead, program, type ProgramOptions, type Row, writeFile } from "./row.ts";

const IMPORT = `import … from "@microtome/microtome"`;
const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

/** The rows. */
export const RUNTIMES: readonly Row[] = [
  {
    tool: "Node",
    version: "20 or later",
    how: "import",
    write: IMPORT,
    result: "works",
    quick: true,
    run: (app) => runs(app, "main.mjs", {}, ["node"]),
  },
  {
    tool: "Node",
    version: "20.19 or later",
    how: "require",
    write: `require("@microtome/microtome")`,
    result: "works",
    quick: true,
    run: (app) => runs(app, "main.cjs", { require: true }, ["node"]),
  },
  {
    tool: "Bun",
    version: BUN_VERSION,
    how: "run",
    write: IMPORT,
    result: "works",
    needs: "bun",
    quick: true,
    run: (app) => runs(app, "main.mjs", {}, [app.programs.bun]),
  },
  {
    tool: "Deno",
    version: "2.9",
    how: "run, from node_modules",
    write: IMPORT,
    result: "works",
    quick: true,
    run: (app) => runs(app, "main.mjs", {}, [Deno.execPath(), "run", "-A", "--node-modules-dir=manual"]),
  },
  {
    tool: "Deno",
    version: "2.9",
    how: "run, from a clone by links",
    write: `import … from "jsr:@microtome/microtome@^0.1"`,
    result: "works",
    quick: true,
    run: async (app) => {
      const links = [ROOT, ...["std_path", "std_yaml"].map((name) => join(ROOT, `tests/support/${name}`))];
      await writeFile(app, "deno.json", JSON.stringify({ links }));
      await runs(app, "main.mjs", { from: "jsr:@microtome/microtome@^0.1" }, [
        Deno.execPath(),
        "run",
        "-A",
        "--no-lock",
      ]);
    },
  },
  compiles("bundler", { module: "esnext", moduleResolution: "bundler" }),
  compiles("node16", { module: "node16", moduleResolution: "node16" }),
];

async function runs(app: App, name: string, options: ProgramOptions, command: string[]): Promise<void> {
  assertRead(await answerOf(app, await writeFile(app, name, program(app.url, options)), command));
}

/** A program that uses every entry and needs nothing but the target's own library. */
function compiles(how: string, options: Record<string, string>): Row {
  return {
    tool: "TypeScript",
    version: versionOf("typescript"),
    how: `moduleResolution ${how}`,
    write: "target ES2022, skipLibCheck false, no lib",
    result: "compiles",
    run: async (app) => {
      // What needs packages that others make has their types as well.
      const entries = Object.keys(config.exports).filter((name) =>
        !["./cli", "./draw", "./kfold", "./zarr"].includes(name)
      );
      const all = [...entries, "./workerd", "./hdf5.wasm", "./reader.wasm"];
      const imports = all.map((name, i) => `import * as entry${i} from "@microtome/microtome${name.slice(1)}";`);
      await writeFile(
        app,
        "user.mts",
        `${imports.join("\n")}
import { type Dataset, type NDArray, open, slice } from "@microtome/microtome";
export const entries = [${all.map((_, i) => `entry${i}`).join(", ")}];
export async function first(url: string): Promise<number> {
  await using file = await open(url, { maxParallel: 2, signal: AbortSignal.timeout(1000) });
  const dataset: Dataset = await file.dataset("/signal");
  const array: NDArray = await dataset.read([slice(0, 10), null]);
  return array.shape[0] ?? 0;
}
`,
      );
      const compilerOptions = {
        ...options,
        target: "ES2022",
        strict: true,
        skipLibCheck: false,
        types: [],
        noEmit: true,
      };
      await writeFile(app, "tsconfig.json", JSON.stringify({ compilerOptions, files: ["user.mts"] }));
      await runCommand("node", [join(app.tools, "typescript/bin/tsc"), "-p", "."], { cwd: app.directory });
    },
  };
}

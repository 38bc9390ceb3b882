/**
 * Bundlers that make one file: it has to run where the package isn't.
 *
 * @module
 */
import { join } from "@std/path";
import { runCommand } from "../../support/run_command.ts";
import { BUN_VERSION } from "../../support/runtimes.ts";
import { readWasm } from "../../support/bundle.ts";
import { versionOf } from "../tools.ts";
import { runPage } from "./page.ts";
import {
  answerOf,
  type App,
  assertRead,
  assertTold,
  INLINE,
  MAIN,
  program,
  type ProgramOptions,
  type Row,
  TELL_PAGE,
  writeFile,
} from "./row.ts";

const TOLD = "the error says to import `/inline`";
const WRITE_MAIN = `import … from "${MAIN}"`;
const WRITE_INLINE = `import … from "${INLINE}"`;
const WRITE_INIT = `await init({ url }), the file copied`;

/** The rows. */
export const BUNDLERS: readonly Row[] = [
  ...(["esm", "cjs"] as const).flatMap((format) => {
    const how = `--bundle --platform=node --format=${format}`;
    const args = (app: App) => esbuild(app, "--platform=node", `--format=${format}`);
    const file = `out.${format === "esm" ? "mjs" : "cjs"}`;
    const one = { tool: "esbuild", version: versionOf("esbuild"), how };
    return [
      { ...one, write: WRITE_MAIN, result: TOLD, run: bundled({ file, args, check: assertTold }) },
      { ...one, write: WRITE_INLINE, result: "works", run: bundled({ file, args, from: INLINE, check: assertRead }) },
    ];
  }),
  ...[{ write: WRITE_INLINE, from: INLINE }, { write: WRITE_INIT, ...byUrl() }].map(({ write, ...options }): Row => ({
    tool: "esbuild",
    version: versionOf("esbuild"),
    how: "--bundle --format=esm, in Chromium",
    write,
    result: "works",
    needs: "chromium",
    run: async (app) => {
      await writeFile(app, "main.mjs", program(app.url, { ...options, tell: TELL_PAGE }));
      await bundle(app, "out.js", esbuild(app, "--format=esm", "--external:node:*"));
      const files = new Map([["out.js", await Deno.readFile(join(app.directory, "out.js"))]]);
      for (const name of ["hdf5.wasm", "reader.wasm"] as const) files.set(name, await readWasm(name));
      assertRead(await runPage(app, { script: `await import("/out.js");`, files }));
    },
  })),
  ...(["node", "bun"] as const).flatMap((target) => {
    const one = {
      tool: "bun build",
      version: BUN_VERSION,
      how: `--target=${target}`,
      needs: "bun",
      quick: true,
    } as const;
    const args = (app: App) => [app.programs.bun, "build", `--target=${target}`];
    const runtime = (app: App) => target === "bun" ? app.programs.bun : "node";
    const file = "out.mjs";
    return [
      { ...one, write: WRITE_MAIN, result: TOLD, run: bundled({ file, args, runtime, check: assertTold }) },
      {
        ...one,
        write: WRITE_INLINE,
        result: "works",
        run: bundled({ file, args, runtime, from: INLINE, check: assertRead }),
      },
    ];
  }),
  {
    tool: "webpack",
    version: versionOf("webpack"),
    how: "build for Node",
    write: WRITE_MAIN,
    result: "works",
    run: async (app) => {
      await webpack(app, `{ target: "node20", mode: "development", devtool: "source-map" }`, {});
      assertRead(await answerOf(app, join(app.directory, "dist/main.js")));
    },
  },
  {
    tool: "webpack",
    version: versionOf("webpack"),
    how: "build for the web, in Chromium",
    write: WRITE_MAIN,
    result: "works",
    needs: "chromium",
    run: async (app) => {
      // It hints at files over 244 KiB, which the module is.
      await webpack(app, `{ mode: "production", performance: { hints: false } }`, { tell: TELL_PAGE });
      const dist = join(app.directory, "dist");
      const names = [...Deno.readDirSync(dist)].map(({ name }) => name);
      const files = new Map(names.map((name) => [name, Deno.readFileSync(join(dist, name))]));
      const script = `const script = document.createElement("script");
        script.src = "/main.js";
        document.head.append(script);`;
      assertRead(await runPage(app, { script, files }));
    },
  },
];

function byUrl(): ProgramOptions {
  return { names: "init", first: `await init({ url: new URL("/hdf5.wasm", location.href) });` };
}

function esbuild(app: App, ...args: string[]): string[] {
  // A script of Node or, where npm lets packages' own scripts run, the program itself.
  return [join(app.tools, "esbuild/bin/esbuild"), "--bundle", "--log-level=error", ...args];
}

async function bundle(app: App, file: string, [command, ...args]: string[]): Promise<void> {
  await runCommand(command!, [...args, "main.mjs", `--outfile=${file}`], { cwd: app.directory });
}

interface Bundled extends ProgramOptions {
  readonly file: string;
  readonly args: (app: App) => string[];
  readonly runtime?: (app: App) => string;
  readonly check: (answer: unknown) => void;
}

/** Bundles, and runs the bundle in a folder of its own. */
function bundled({ file, args, runtime = () => "node", check, ...options }: Bundled): (app: App) => Promise<void> {
  return async (app) => {
    await writeFile(app, "main.mjs", program(app.url, options));
    await bundle(app, file, args(app));
    const elsewhere = await Deno.makeTempDir({ prefix: "microtome-bundle-" });
    try {
      await Deno.copyFile(join(app.directory, file), join(elsewhere, file));
      check(await answerOf(app, join(elsewhere, file), [runtime(app)]));
    } finally {
      await Deno.remove(elsewhere, { recursive: true });
    }
  };
}

async function webpack(app: App, configuration: string, options: ProgramOptions): Promise<void> {
  await writeFile(app, "main.mjs", program(app.url, options));
  await writeFile(
    app,
    "build.cjs",
    `const webpack = require(${JSON.stringify(join(app.tools, "webpack"))});
webpack({ context: __dirname, entry: "./main.mjs", ...${configuration} }, (error, stats) => {
  const problems = error ?? (stats.hasErrors() || stats.hasWarnings() ? stats.toString({ all: false, errors: true, warnings: true }) : null);
  if (problems) { console.error(problems); process.exit(1); }
});`,
  );
  await runCommand("node", ["build.cjs"], { cwd: app.directory });
}

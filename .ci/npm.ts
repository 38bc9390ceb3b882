/**
 * Builds the npm package in `npm/`: the same files as JavaScript, one for one, with their types beside them.
 * Nothing is bundled, so the modules stay where `new URL(…, import.meta.url)` looks for them and bundlers see
 * the form that they know.
 *
 * @module
 */
import * as esbuild from "../tests/support/tools/esbuild.ts";
import { gzipSync } from "node:zlib";
import { dirname, fromFileUrl, join, relative } from "@std/path";
import ts from "../tests/support/tools/typescript.ts";
import config from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../", import.meta.url));

/** Oldest runtimes that the output is written for: Node 20 and browsers of its time. */
const TARGET = "es2022";

/** The compiled modules. */
const MODULES = ["wasm/dist/hdf5.wasm", "wasm/dist/reader.wasm"];

/**
 * Packages that only parts need, which those who use these install: zarrita for "./zarr" and the command line on Zarr,
 * @noble/hashes for "./kfold", Plot for "./draw", the others to plot. Of each the version that is tested, and those that its makers call compatible.
 */
const PEERS = ["@noble/hashes", "@observablehq/plot", "@resvg/resvg-js", "linkedom", "zarrita"] as const;
const isPeer = (path: string): boolean => PEERS.some((name) => path === name || path.startsWith(`${name}/`));

/** The command line is a program, not for import. */
const PROGRAM = "./cli";

/** What a reading of the package's files alone doesn't show: importing these has an effect. */
const WITH_EFFECT = ["./src/workerd.js", "./src/workerd/*.js", "./src/inline.js", "./src/cli/cli.js"];

/** Files that go along as they are. */
const COPIED = ["README.md", "LICENSE", "NOTICES", "CHANGELOG.md", ...MODULES];

/**
 * Builds the package.
 *
 * @param target Folder to build it in; emptied first.
 * @returns The package's own description, as written to `package.json`.
 */
export async function buildNpm(target: string): Promise<PackageJson> {
  await Deno.remove(target, { recursive: true }).catch(ignoreMissing);
  const sources = ["mod.ts", ...(await sourceFiles("src"))];
  await writeJavaScript(sources, target);
  writeTypes(sources, target);
  await writeInlineModules(target);
  await writeWorkerdEntries(target);
  for (const file of COPIED) {
    await Deno.mkdir(dirname(join(target, file)), { recursive: true });
    await Deno.copyFile(join(ROOT, file), join(target, file));
  }
  const json = packageJson();
  await Deno.writeTextFile(join(target, "package.json"), JSON.stringify(json, null, 2) + "\n");
  return json;
}

/** What `package.json` holds. */
export type PackageJson = Record<string, unknown> & { readonly name: string; readonly version: string };

/** The entries as `deno.json` lists them, so that one line there makes one here. */
const ENTRIES = Object.entries(config.exports).filter(([name]) => name !== PROGRAM)
  .map(([name, source]) => ({ name, path: source.replace(/\.ts$/, "") }));

/** Conditions are tried in the order written: types first, workerd before the rest. */
function packageJson(): PackageJson {
  const types = "./mod.d.ts";
  const moduleTypes = "./wasm/dist/module.d.ts";
  return {
    name: config.name,
    version: config.version,
    description:
      "Read just the slice you ask for out of HDF5, NPZ or raw recordings, from disk or by HTTP range, in any runtime",
    keywords: ["hdf5", "nwb", "neuroscience", "wasm", "http-range", "lazy"],
    license: config.license,
    type: "module",
    engines: { node: ">=20.16" },
    exports: {
      ...Object.fromEntries(ENTRIES.map(({ name, path }) => [name, {
        types: `${path}.d.ts`,
        // Not `worker` as well: webpack sets that for web workers, which want the form for browsers.
        workerd: workerdEntry(name),
        // Deno, Bun, Node and browsers find the module by its URL.
        default: `${path}.js`,
      }])),
      "./workerd": { types, default: "./src/workerd.js" },
      "./hdf5.wasm": { types: moduleTypes, default: "./wasm/dist/hdf5.wasm" },
      "./reader.wasm": { types: moduleTypes, default: "./wasm/dist/reader.wasm" },
      "./package.json": "./package.json",
    },
    types,
    dependencies: { yaml: `^${config.imports.yaml.split("@").at(-1)}` },
    peerDependencies: Object.fromEntries(PEERS.map((name) => [name, `^${config.imports[name].split("@").at(-1)}`])),
    peerDependenciesMeta: Object.fromEntries(PEERS.map((name) => [name, { optional: true }])),
    bin: { microtome: config.exports[PROGRAM].replace(/\.ts$/, ".js") },
    sideEffects: WITH_EFFECT,
    files: ["mod.js", "mod.js.map", "mod.d.ts", "src", "wasm", "README.md", "LICENSE", "NOTICES", "CHANGELOG.md"],
  };
}

/** Where Workers find an entry: there the modules come by static imports. */
function workerdEntry(name: string): string {
  return name === "." || name === "./inline" ? "./src/workerd.js" : `./src/workerd/${name.slice(2)}.js`;
}

/** Other entries than the main one, for Workers: the entry, and beside it the modules. */
async function writeWorkerdEntries(target: string): Promise<void> {
  for (const { name, path } of ENTRIES) {
    const entry = join(target, workerdEntry(name));
    if (entry === join(target, "src/workerd.js")) continue;
    await Deno.mkdir(dirname(entry), { recursive: true });
    const up = relative(dirname(entry), target);
    const text = `import "${up}/src/workerd.js";\nexport * from "${up}/${path.slice(2)}.js";\n`;
    await Deno.writeTextFile(entry, text);
    await Deno.writeTextFile(entry.replace(/\.js$/, ".d.ts"), `export * from "${up}/${path.slice(2)}.js";\n`);
  }
}

/** Puts the modules into the file that the repository keeps empty. */
async function writeInlineModules(target: string): Promise<void> {
  const texts = MODULES.map((path) => {
    const packed = gzipSync(Deno.readFileSync(join(ROOT, path)), { level: 9 });
    return [path.split("/").at(-1), packed.toString("base64")];
  });
  const file = join(target, "src/wasm/load/inline_modules.js");
  const text = `export const INLINE_MODULES = ${JSON.stringify(Object.fromEntries(texts), null, 2)};\n`;
  await Deno.remove(`${file}.map`);
  await Deno.writeTextFile(file, text);
  // What importers of the compiled modules get, in bundlers for Workers.
  await Deno.mkdir(join(target, "wasm/dist"), { recursive: true });
  await Deno.writeTextFile(
    join(target, "wasm/dist/module.d.ts"),
    "declare const module: WebAssembly.Module;\nexport default module;\n",
  );
}

async function sourceFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of Deno.readDir(join(ROOT, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) files.push(...(await sourceFiles(path)));
    else if (path.endsWith(".ts")) files.push(path);
  }
  return files.sort();
}

async function writeJavaScript(sources: readonly string[], target: string): Promise<void> {
  await esbuild.build({
    entryPoints: sources.map((source) => join(ROOT, source)),
    absWorkingDir: ROOT,
    outbase: ROOT,
    outdir: target,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: TARGET,
    charset: "utf8",
    sourcemap: true,
    logLevel: "warning",
    plugins: [keepFilesApart(target)],
  });
  await esbuild.stop();
}

/** Leaves every import as an import, of the file's JavaScript. */
function keepFilesApart(target: string): esbuild.Plugin {
  return {
    name: "keep-files-apart",
    setup(build) {
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind === "entry-point") return null;
        const standIn = STAND_INS[args.path];
        if (standIn !== undefined) return { path: await writeStandIn(standIn, args.importer, target), external: true };
        if (isPeer(args.path)) return { path: args.path, external: true };
        if (/^(\.|node:)/.test(args.path)) return { path: args.path.replace(/\.ts$/, ".js"), external: true };
        throw new Error(`Cannot put ${args.path} in the npm package: it has no such dependency`);
      });
    },
  };
}

/** What is needed of `@std/path` is Node's, and of `@std/yaml` npm's `yaml`, through the tests' stand-ins. */
const STAND_INS: Readonly<Record<string, string>> = { "@std/path": "std_path", "@std/yaml": "std_yaml" };

async function writeStandIn(name: string, importer: string, target: string): Promise<string> {
  const source = await Deno.readTextFile(join(ROOT, `tests/support/${name}/mod.ts`));
  const { code } = await esbuild.transform(source, { loader: "ts", format: "esm", target: TARGET });
  await Deno.mkdir(join(target, "src"), { recursive: true });
  await Deno.writeTextFile(join(target, `src/${name}.js`), code);
  const path = relative(dirname(importer), join(ROOT, `src/${name}.js`));
  return path.startsWith(".") ? path : `./${path}`;
}

/** `await using` is newer than the target; a program that is checked for the target alone learns of it by this. */
const DISPOSABLE = `/// <reference lib="esnext.disposable" />\n`;

/** Writes each file's declarations beside its JavaScript. That the types hold is for `deno check` to say. */
function writeTypes(sources: readonly string[], target: string): void {
  const program = ts.createProgram(sources.map((source) => join(ROOT, source)), {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.asynciterable.d.ts"],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    strict: true,
    types: [],
    rootDir: ROOT,
    outDir: target,
  });
  const { diagnostics } = program.emit(undefined, (path, text) => {
    Deno.mkdirSync(dirname(path), { recursive: true });
    // The files beside are JavaScript, and TypeScript finds a file's types by its name.
    const imports = text.replace(/(["'])(\.\.?\/[^"']*)\.ts\1/g, "$1$2.js$1");
    Deno.writeTextFileSync(path, /\bAsyncDisposable\b|\basyncDispose\b/.test(text) ? DISPOSABLE + imports : imports);
  });
  const problems = diagnostics.map((one) => ts.flattenDiagnosticMessageText(one.messageText, " "));
  if (problems.length > 0) throw new Error(`Cannot write the package's types: ${problems.join("; ")}`);
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  const target = join(ROOT, "npm");
  const { name, version } = await buildNpm(target);
  console.log(`${name}@${version} is in npm/; publish it from there`);
}

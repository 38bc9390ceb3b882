import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { stopBundler } from "./support/bundle.ts";
import * as esbuild from "./support/tools/esbuild.ts";
import config from "../deno.json" with { type: "json" };
import ts from "./support/tools/typescript.ts";

const SOURCE = new URL("../src/", import.meta.url);

/** The rooms, top to bottom; those on one line stand beside each other. A room imports only rooms on lines below. */
const ROOMS: readonly (readonly string[])[] = [
  ["cli"],
  ["show"],
  ["batch"],
  ["formats"],
  ["references"],
  ["recording"],
  ["nwb"],
  ["series", "temporal"],
  ["signal"],
  ["time"],
  ["hdf5", "npy", "raw", "zarr"],
  ["array"],
  ["wasm"],
  ["source"],
];

/** Files that belong to one runtime say so in their names; the command line runs where there is a terminal. */
const RUNTIME_FILE = /(_node|_deno|_bun)\.ts$|^cli\//;

/** What belongs to one runtime, and what a library doesn't do. */
const RUNTIME_NAME = /\b(?:Deno|Bun|process)\.|\bBuffer\.|\brequire\(|\b__dirname\b|["']node:|\bconsole\./g;

/** Packages, and the only files that need them: what is built on the others doesn't load them. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  // Zarr is read through zarrita.
  "zarrita": /^zarr\//,
  // Folds are dealt out by MD5, which the web's crypto doesn't have.
  "@noble/hashes/legacy.js": /^temporal\/dataset\/kfold\.ts$/,
  // Pictures are drawn for the command line, and for who asks.
  "@observablehq/plot": /^show\/draw\/figure_svg\.ts$/,
  "linkedom": /^cli\/draw\/figure_dom\.ts$/,
  "@resvg/resvg-js": /^cli\/draw\/figure_png\.ts$/,
};

/** Entries stand above all rooms. */
const ENTRIES = ["inline.ts", "workerd.ts"];

function sourceFiles(folder = ""): string[] {
  return [...Deno.readDirSync(new URL(folder, SOURCE))].flatMap(({ name, isDirectory }) => {
    if (isDirectory) return sourceFiles(`${folder}${name}/`);
    return name.endsWith(".ts") && !ENTRIES.includes(folder + name) ? [folder + name] : [];
  });
}

function level(room: string): number {
  return ROOMS.findIndex((beside) => beside.includes(room));
}

/** What is wrong with a file's imports; nothing where all is well. */
function importFaults(file: string, text: string): string[] {
  const room = file.split("/")[0]!;
  if (level(room) < 0) return [`${file} is in no room that the plan has`];
  return ts.preProcessFile(text).importedFiles.flatMap(({ fileName: imported }) => {
    if (!imported.startsWith(".")) {
      const known = /^(node:|@std\/path$|@std\/yaml$)/.test(imported) || PACKAGES[imported]?.test(file) === true;
      return known ? [] : [`${file} imports ${imported}: rooms import rooms, @std/path and @std/yaml`];
    }
    if (!imported.endsWith(".ts")) return [`${file} imports ${imported} without .ts`];
    const path = new URL(imported, new URL(file, SOURCE)).href.slice(SOURCE.href.length);
    const other = path.split("/")[0]!;
    if (other === room) return [];
    if (level(other) < 0) return [`${file} imports ${imported}, which is in no room`];
    return level(other) > level(room) ? [] : [`${file} imports ${imported}: ${other} isn't below ${room}`];
  });
}

/** Names of a single runtime that a file uses, comments apart. */
function runtimeFaults(file: string, text: string): string[] {
  if (RUNTIME_FILE.test(file)) return [];
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
  const printed = ts.createPrinter({ removeComments: true }).printFile(parsed);
  // The symbol that console.log asks for is named after the runtime, and harmless in others.
  const code = printed.replaceAll('"Deno.customInspect"', "");
  return [...code.matchAll(RUNTIME_NAME)].map(([name]) => `${file} uses ${name}`);
}

/** What a file imports, types included. */
function importedFiles(text: string): string[] {
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
}

/** What a file loads before it runs: what it imports at its head and isn't types alone. */
function loadedFiles(text: string): string[] {
  return ts.createSourceFile("a.ts", text, ts.ScriptTarget.ESNext).statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const from = statement.moduleSpecifier;
    if (from === undefined || !ts.isStringLiteral(from)) return [];
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : statement;
    const names = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : statement.exportClause;
    const listed = names !== undefined && (ts.isNamedImports(names) || ts.isNamedExports(names)) ? names.elements : [];
    const isTypes = clause?.isTypeOnly === true || (listed.length > 0 && listed.every((name) => name.isTypeOnly));
    return isTypes ? [] : [from.text];
  });
}

/** The files that a file imports of those given. */
function edges(files: ReadonlyMap<string, string>, of = importedFiles): Map<string, string[]> {
  return new Map([...files].map(([file, text]) => {
    const imported = of(text).filter((name) => name.startsWith("."));
    const paths = imported.map((name) => new URL(name, new URL(file, SOURCE)).href.slice(SOURCE.href.length));
    return [file, [...new Set(paths)].filter((path) => files.has(path))];
  }));
}

/** Groups of files that import each other in a circle (Tarjan's strongly connected components of more than one). */
function circles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    stack.push(file);
    for (const next of graph.get(file)!) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle.sort());
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return found;
}

function sources(): Map<string, string> {
  return new Map(sourceFiles().map((file) => [file, Deno.readTextFileSync(new URL(file, SOURCE))]));
}

function faults(check: (file: string, text: string) => string[]): string[] {
  return sourceFiles().flatMap((file) => check(file, Deno.readTextFileSync(new URL(file, SOURCE))));
}

Deno.test("imports go one way: no room imports one above it or beside it", () => {
  assert.ok(sourceFiles().length > 20);
  assert.deepEqual(faults(importFaults), []);
});

Deno.test("what belongs to one runtime is used only in files named after it, and nothing is logged", () => {
  assert.deepEqual(faults(runtimeFaults), []);
});

/**
 * The one circle that there is: pynapple's classes, whose methods give each other (`Ts.count` a Tsd, `Tsd.toTsGroup` a
 * TsGroup, `TsGroup.count` a TsdFrame, `TsdFrame.column` a Tsd). Nothing else may join it.
 *
 * It stays, because it is in the public types themselves: where the signatures of two classes name each other, one file
 * holds both, or two files know each other. What would take it out costs more than it gives: one file of 1,700 lines;
 * interfaces of all classes in one file, so that `Tsd` is no class any more and each method is written down twice;
 * parents generic over a family of classes, which show in every signature; or classes that add themselves to an interface
 * and a register, which JSR refuses (it takes no augmentations of modules) and which fails where a file is imported alone.
 * What makes circles dangerous isn't there: at run time a parent is always there before what inherits from it, whichever
 * file is loaded first. The two tests below see to that.
 */
const FAMILY = ["make_series", "series", "ts", "ts_group", "tsd", "tsd_frame", "tsd_tensor", "value_series"]
  .map((name) => `series/${name}.ts`);

Deno.test("no files import each other in a circle, types included, but pynapple's classes", () => {
  assert.deepEqual(circles(edges(sources())), [FAMILY]);
});

Deno.test("at run time what pynapple's classes inherit from isn't in their circle", () => {
  const parents = ["series/series.ts", "series/value_series.ts"];
  assert.deepEqual(circles(edges(sources(), loadedFiles)), [FAMILY.filter((file) => !parents.includes(file))]);
});

Deno.test("each file of pynapple's classes can be the first that is loaded", async () => {
  try {
    for (const file of FAMILY) {
      const { outputFiles } = await esbuild.build({
        entryPoints: [fileURLToPath(new URL(file, SOURCE))],
        bundle: true,
        format: "esm",
        platform: "neutral",
        external: ["node:*", "@std/path", "@std/yaml", "zarrita"],
        write: false,
        logLevel: "silent",
      });
      const loaded = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
      assert.ok(Object.keys(loaded).length > 0, file);
    }
  } finally {
    await stopBundler();
  }
});

Deno.test("a circle is found, of types too, and a chain is none", () => {
  const files = (texts: Record<string, string>) => new Map(Object.entries(texts));
  const typed = files({
    "a/a.ts": `import { b } from "./b.ts";`,
    "a/b.ts": `import type { C } from "./c/c.ts"; import "../d/d.ts";`,
    "a/c/c.ts": `export * from "../a.ts";`,
    "d/d.ts": "",
  });
  assert.deepEqual(
    circles(edges(typed)),
    [["a/a.ts", "a/b.ts", "a/c/c.ts"]],
  );
  assert.deepEqual(circles(edges(typed, loadedFiles)), []);
  const loaded = files({ "a/a.ts": `import { type A, b } from "./b.ts";`, "a/b.ts": `export { a } from "./a.ts";` });
  assert.deepEqual(circles(edges(loaded, loadedFiles)), [["a/a.ts", "a/b.ts"]]);
  const later = files({ "a/a.ts": `import "./b.ts";`, "a/b.ts": `await import("./a.ts"); /** import "./a.ts" */` });
  assert.deepEqual(circles(edges(later, loadedFiles)), []);
  assert.deepEqual(circles(edges(files({ "a/a.ts": `import "./b.ts";`, "a/b.ts": `/** import "./a.ts" */` }))), []);
});

Deno.test("an import upwards, sideways, or of a package is found", () => {
  assert.equal(importFaults("array/a.ts", `import { x } from "../hdf5/file.ts";`).length, 1);
  assert.equal(importFaults("hdf5/a.ts", `export * from "../npy/write.ts";`).length, 1);
  assert.equal(importFaults("source/a.ts", `const a = await import("../array/types.ts");`).length, 1);
  assert.equal(importFaults("source/a.ts", `import type { x } from "../wasm/module.ts";`).length, 1);
  assert.equal(importFaults("hdf5/a.ts", `import zarrita from "zarrita";`).length, 1);
  assert.deepEqual(importFaults("zarr/a.ts", `import zarrita from "zarrita";`), []);
  assert.equal(importFaults("cli/plot.ts", `import { plot } from "@observablehq/plot";`).length, 1);
  assert.deepEqual(importFaults("show/draw/figure_svg.ts", `import { plot } from "@observablehq/plot";`), []);
  assert.equal(importFaults("hdf5/a.ts", `import { x } from "../array/types";`).length, 1);
  assert.equal(importFaults("attic/a.ts", "").length, 1);
  assert.deepEqual(importFaults("hdf5/a.ts", `import { x } from "../array/types.ts"; import "./b.ts";`), []);
});

Deno.test("a runtime's global is found, but not in a comment or a file named after the runtime", () => {
  assert.equal(runtimeFaults("hdf5/a.ts", "export const a = Deno.readFileSync(process.argv[2]);").length, 2);
  assert.equal(runtimeFaults("hdf5/a.ts", `import "node:fs"; console.log(1);`).length, 2);
  assert.deepEqual(runtimeFaults("hdf5/a.ts", "/** Deno.readFile */ export const a = 1; // Bun.file"), []);
  assert.deepEqual(runtimeFaults("source/file_node.ts", `import "node:fs";`), []);
});

/** What examples may import beside each other: the public entries, as a user's program does, and the modules that go with them. */
const PUBLIC = new Set([
  ...Object.entries(config.exports).filter(([entry]) => entry !== "./cli").map(([, path]) => path.slice(2)),
  "wasm/dist/hdf5.wasm",
  "wasm/dist/reader.wasm",
]);

/** What of an example's imports lies inside of the library. */
function exampleFaults(file: string, text: string): string[] {
  const root = new URL("../", SOURCE);
  return ts.preProcessFile(text).importedFiles.flatMap(({ fileName: imported }) => {
    if (!imported.startsWith(".")) return [];
    const path = new URL(imported, new URL(file, root)).href.slice(root.href.length);
    return !/^(src|wasm)\/|^mod\.ts$/.test(path) || PUBLIC.has(path) ? [] : [`${file} imports ${path}`];
  });
}

Deno.test("examples import nothing of the library but its public entries", () => {
  const root = new URL("../", SOURCE);
  const files = ["examples/", "examples/edge/"].flatMap((folder) =>
    [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name }) => name.endsWith(".ts") ? [folder + name] : [])
  );
  assert.ok(files.length > 20);
  assert.deepEqual(files.flatMap((file) => exampleFaults(file, Deno.readTextFileSync(new URL(file, root)))), []);
  const wrong = `import { npyParts } from "../../src/npy/write.ts";`;
  assert.deepEqual(exampleFaults("examples/edge/a.ts", wrong), ["examples/edge/a.ts imports src/npy/write.ts"]);
});

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import config from "../deno.json" with { type: "json" };
import ts from "./support/tools/typescript.ts";

/**
 * Every name that each entry exports, types included. A name that goes is a breaking change; one that comes is a promise.
 * `MICROTOME_WRITE_API=1` writes the file anew.
 */
const SNAPSHOT = new URL("./public_api.json", import.meta.url);

/** What is a program, or the main entry in another form. */
const APART = ["./cli", "./inline"];

const ENTRIES = Object.entries(config.exports).filter(([entry]) => !APART.includes(entry))
  .map(([entry, path]) => ({ entry, url: new URL(`../${path}`, import.meta.url) }));

/** Names that a module exports, with those of the modules that it exports whole. */
function exportedNames(url: URL): string[] {
  const source = ts.createSourceFile(url.href, Deno.readTextFileSync(url), ts.ScriptTarget.ESNext, true);
  return source.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      if (statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)) {
        return statement.exportClause.elements.map((element) => element.name.text);
      }
      const from = (statement.moduleSpecifier as ts.StringLiteral).text;
      return exportedNames(new URL(from, url));
    }
    const isExported = ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map((one) => (one.name as ts.Identifier).text);
    }
    return [(statement as ts.DeclarationStatement).name!.text];
  });
}

/** The names by entry, as they are. */
function publicNames(): Record<string, string[]> {
  return Object.fromEntries(ENTRIES.map(({ entry, url }) => [entry, [...new Set(exportedNames(url))].sort()]));
}

Deno.test("the public API of each entry is the one that is written down", () => {
  const found = publicNames();
  if (Deno.env.get("MICROTOME_WRITE_API") === "1") writeFileSync(SNAPSHOT, JSON.stringify(found, null, 2) + "\n");
  assert.deepEqual(found, JSON.parse(readFileSync(SNAPSHOT, "utf8")));
});

Deno.test("the main entry has the names that most people need: about 120", () => {
  assert.ok(publicNames()["."]!.length <= 130, `${publicNames()["."]!.length} names`);
});

Deno.test("every name of the main entry is that of a room's entry too, or tells where the modules are", () => {
  const names = publicNames();
  const rooms = new Set(Object.entries(names).flatMap(([entry, list]) => entry === "." ? [] : list));
  assert.deepEqual(names["."]!.filter((name) => !rooms.has(name)), ["InitOptions", "init"]);
});

Deno.test("what each entry exports at run time is among the names written down", async () => {
  const names = publicNames();
  for (const { entry, url } of ENTRIES) {
    const found = Object.keys(await import(url.href));
    assert.ok(found.length > 0, entry);
    assert.deepEqual(found.filter((name) => !names[entry]!.includes(name)), [], entry);
  }
});

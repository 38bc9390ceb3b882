import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { RECORDING_FORMATS } from "../../src/recording/formats/registry.ts";

const HERE = new URL("./", import.meta.url);

/** The names of all tests beside this one, without what is put behind them where a corpus is missing. */
function testNames(): { has(name: string): boolean } {
  const texts = readdirSync(HERE).filter((name) => name.endsWith("_test.ts")).map((name) =>
    readFileSync(new URL(name, HERE), "utf8")
  );
  const found = texts.flatMap((text) => [
    ...text.matchAll(/(?:Deno\.test\(\s*|\bname:\s*)(?:"([^"\n]+)"|`([^`$\n]+))/g),
    // Of tables of variants each has a test: what stands before its name, and that.
    ...variants(text),
  ]);
  // What a template leaves open is any text, where enough of it is said.
  const templates = texts.flatMap((text) => [...text.matchAll(/(?:Deno\.test\(\s*|\bname:\s*)`([^`\n]+)`/g)])
    .map(([, template]) => template!.split(/\$\{(?:[^{}]|\{[^}]*\})*\}/))
    .filter((parts) => parts.join("").length > 20)
    .map((parts) => new RegExp(`^${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".+")}$`));
  const names = new Set(found.map(([, plain, template]) => plain ?? template!));
  return { has: (name) => names.has(name) || templates.some((template) => template.test(name)) };
}

/** Names of tests that are made from a table, such as `Deno.test(\`micromed: ${name}\``. */
function variants(text: string): [string, string | undefined, string | undefined][] {
  const starts = [...text.matchAll(/(?:Deno\.test\(\s*|\bname:\s*)`([^`$\n]*)\$\{name\}/g)].map(([, start]) => start!);
  const names = [...text.matchAll(/^ {2}\[?\s*"([^"\n]+)", /gm), ...text.matchAll(/^ {2}\["([^"\n]+)",/gm)];
  return starts.flatMap((start) =>
    names.map(([whole, name]): [string, string, undefined] => [whole!, start + name!, undefined])
  );
}

/** Cells of the tables of a page, a list for each row; heads left out. */
function rowsOf(page: string): string[][] {
  const text = readFileSync(new URL(`../../docs/${page}`, HERE), "utf8");
  const rows = text.split("\n").filter((line) => line.startsWith("|"));
  return rows.slice(2).map((row) => row.split("|").slice(1, -1).map((cell) => cell.trim()));
}

/** Names of tests in a cell: what stands in quotes. */
function quoted(cell: string): string[] {
  return [...cell.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
}

Deno.test("each cell of the table of recordings is the name of a test, or says why there is none", () => {
  const names = testNames();
  const rows = rowsOf("recordings.md");
  for (const [format, ...cells] of rows) {
    assert.equal(cells.length, 9, format);
    for (const cell of cells) {
      const asked = quoted(cell);
      assert.ok(asked.length > 0 || cell.length >= 8, `${format}: an empty cell`);
      for (const name of asked) assert.ok(names.has(name), `${format}: there is no test ${JSON.stringify(name)}`);
    }
  }
  // EDF and BDF are one format.
  assert.equal(rows.length, RECORDING_FORMATS.length);
});

Deno.test("each difference from neo is held by a test", () => {
  const names = testNames();
  const rows = rowsOf("differences/neo.md");
  assert.ok(rows.length > 25);
  for (const row of rows) {
    assert.equal(row.length, 4, row[0]);
    const asked = quoted(row[3]!);
    assert.equal(asked.length, 1, row[0]);
    assert.ok(names.has(asked[0]!), `${row[0]}: there is no test ${JSON.stringify(asked[0])}`);
  }
});

/**
 * `deno task test [PATH…]` and `deno task test:unit [PATH…]`: all tests, or those of the paths; other flags go to Deno.
 * Unit tests are the files that start no process and use no network, by what they import, directly or not.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const TESTS = new URL("../", import.meta.url);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What starts a process, or listens or calls on the network. */
const OUTSIDE = /node:child_process|node:http\b|Deno\.(?:Command|serve|listen|connect)\b|\bnew Worker\(/;

const outside = new Map<string, boolean>();

/** Whether a file of the tests, or one that it imports of them, starts processes or uses the network. */
export function leavesTheProcess(url: string): boolean {
  const known = outside.get(url);
  if (known !== undefined) return known;
  outside.set(url, false); // files that import each other
  const text = readFileSync(new URL(url), "utf8");
  const imported = [...text.matchAll(/(?:from|import\()\s*"(\.[^"]+\.ts)"/g)].map(([, path]) =>
    new URL(path!, url).href
  );
  const found = OUTSIDE.test(text) ||
    imported.some((path) => path.startsWith(TESTS.href) && existsSync(new URL(path)) && leavesTheProcess(path));
  outside.set(url, found);
  return found;
}

/** The test files of a folder, or the file itself. */
export function testFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const inner = `${path.replace(/\/$/, "")}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith(".") || entry.name === "node_modules" ? [] : testFiles(inner);
    return entry.name.endsWith("_test.ts") ? [inner] : [];
  }).sort();
}

if (import.meta.main) {
  const isUnit = Deno.args[0] === "--unit";
  const args = isUnit ? Deno.args.slice(1) : Deno.args;
  const flags = args.filter((arg) => arg.startsWith("-"));
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const wanted = paths.length > 0 ? paths : [`${ROOT}tests`];
  const files = isUnit
    ? wanted.flatMap(testFiles).filter((path) => !leavesTheProcess(new URL(path, `file://${Deno.cwd()}/`).href))
    : wanted;
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", `--lock=${ROOT}tests/deno.lock`, "-A", "--parallel", ...flags, ...files],
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  Deno.exit(code);
}

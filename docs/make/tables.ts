/**
 * The tables of `docs/errors.md`, made of the sources: `deno task docs-tables` pastes them, a test compares them.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { defaultLimits, type Limits, type Runtime } from "../../src/source/limits.ts";

const ROOT = new URL("../../", import.meta.url);
const ERRORS = "src/source/errors.ts";
const LIMITS = "src/source/limits.ts";
const PAGE = new URL("docs/errors.md", ROOT);

/** The page as it should be. */
export function errorsPage(): string {
  const page = readFileSync(PAGE, "utf8");
  return between(between(page, "errors", errorTable()), "limits", limitTable());
}

function between(page: string, name: string, text: string): string {
  const start = `<!-- ${name}:start -->`;
  const end = `<!-- ${name}:end -->`;
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`Cannot paste: docs/errors.md has no markers ${start} and ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** Each class with its code and what its comment says first. */
function errorTable(): string {
  const source = readFileSync(new URL(ERRORS, ROOT), "utf8");
  const classes = [
    ...source.matchAll(
      /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport class (\w+) extends (\w+) \{[^]*?readonly code(?:: string)? = "([\w-]+)"/g,
    ),
  ];
  const rows = classes.map(([, comment, name, parent, code]) => [
    `\`${code}\``,
    `\`${name}\`${parent === "MicrotomeError" || parent === "Error" ? "" : `, a \`${parent}\``}`,
    firstSentence(comment!),
  ]);
  return table(["code", "class", "what"], rows);
}

const RUNTIMES: readonly (readonly [string, Runtime])[] = [
  ["Deno, Node, Bun", "deno"],
  ["browsers", "browser"],
  ["Workers", "workerd"],
];

/** Each limit with what its comment says first, and its default in each kind of runtime. */
function limitTable(): string {
  const source = readFileSync(new URL(LIMITS, ROOT), "utf8");
  const defaults = RUNTIMES.map(([, runtime]) => defaultLimits(runtime));
  const rows = (Object.keys(defaults[0]!) as (keyof Limits)[]).map((name) => {
    const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[^])*)\\*/\\n  readonly ${name}:`).exec(source)?.[1];
    if (comment === undefined) throw new Error(`Cannot describe ${name}: ${LIMITS} has no comment on it`);
    return [`\`${name}\``, firstSentence(comment), ...defaults.map((limits) => size(name, limits[name]))];
  });
  return table(["limit", "what", ...RUNTIMES.map(([label]) => label)], rows);
}

function firstSentence(comment: string): string {
  const text = comment.split(/\n\s*\*\s*(?:@|\n|$)/)[0]!.replaceAll(/\s*\n?\s*\*\s+/g, " ").replaceAll(
    /\{@link\w* (\w+)\}/g,
    "`$1`",
  ).trim();
  return (/^.*?[.](?=\s|$)/.exec(text)?.[0] ?? text).replace(/\.$/, "").replaceAll("|", "\\|");
}

function size(name: string, value: number): string {
  if (!/bytes|size|gap|memory/i.test(name)) return value.toLocaleString("en-US");
  for (const [unit, bytes] of [["GiB", 2 ** 30], ["MiB", 2 ** 20], ["KiB", 2 ** 10]] as const) {
    if (value >= bytes && Number.isInteger(value / bytes)) return `${value / bytes} ${unit}`;
  }
  return `${value}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

if (import.meta.main) {
  writeFileSync(PAGE, errorsPage());
  console.log("docs/errors.md is written; deno fmt lays it out");
}

/**
 * The tools that the npm package is tried in, each at one version, and where they are installed.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { runCommand } from "../support/run_command.ts";

/** The tools, by the name of the folder that they get; wrangler's is the last release for Node 20. */
export const TOOLS = {
  "@arethetypeswrong/cli": "0.18.5",
  "esbuild": "0.28.2",
  "publint": "0.3.25",
  "typescript": "6.0.3",
  "vite": "8.3.8",
  "vite5": "npm:vite@5.4.21",
  "vite6": "npm:vite@6.4.6",
  "vite7": "npm:vite@7.3.8",
  "webpack": "5.113.0",
  "wrangler": "4.86.0",
} as const;

/** A tool's name. */
export type Tool = keyof typeof TOOLS;

/** Without this variable what needs the tools is skipped: they are 500 MB to install. */
export const VARIABLE = "MICROTOME_TOOLS";

/** Whether the tools are asked for. */
export function wantsTools(): boolean {
  return (Deno.env.get(VARIABLE) ?? "") !== "";
}

/**
 * Gives a tool's version.
 *
 * @param tool Which.
 * @returns The version.
 */
export function versionOf(tool: Tool): string {
  return TOOLS[tool].replace(/^.*@/, "");
}

/**
 * Installs the tools, once per list: they stay in `tests/npm/.cache`.
 *
 * @returns The folder that holds them by name.
 */
export async function installTools(): Promise<string> {
  const directory = fromFileUrl(new URL(".cache/tools/", import.meta.url));
  const manifest = JSON.stringify({ private: true, dependencies: TOOLS }, null, 2);
  const done = join(directory, "installed.json");
  const present = await Deno.readTextFile(done).catch(() => "");
  if (present !== manifest) {
    await Deno.mkdir(directory, { recursive: true });
    await Deno.writeTextFile(join(directory, "package.json"), manifest);
    const args = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
    await runCommand("npm", args, { cwd: directory, seconds: 600 });
    await Deno.writeTextFile(done, manifest);
  }
  return join(directory, "node_modules");
}

if (import.meta.main) console.log(await installTools());

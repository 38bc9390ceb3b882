/**
 * Finds the runtimes that tests run in beside Deno.
 *
 * @module
 */
import { runCommand } from "./run_command.ts";

/** Version of Bun that the tests run in. */
export const BUN_VERSION = "1.4.5";

/** Where a runtime is, or why it isn't there. */
export type Found = { readonly path: string } | { readonly missing: string };

/**
 * Finds Bun: npm's package for this platform holds the program itself. (The launcher in npm's `bun` package runs
 * under Node alone, so the platform's package is asked for by name.)
 *
 * @returns Path of the program.
 */
export async function findBun(): Promise<Found> {
  const os: string | undefined = ({ linux: "linux", darwin: "darwin", windows: "windows" } as Record<string, string>)[
    Deno.build.os
  ];
  if (os === undefined) return { missing: `no Bun for ${Deno.build.os}` };
  const arch = Deno.build.arch === "aarch64" ? "aarch64" : "x64";
  const manifest = `npm:@oven/bun-${os}-${arch}@${BUN_VERSION}/package.json`;
  try {
    // Importing a file of the package installs it; then it resolves to where that was.
    await import(manifest, { with: { type: "json" } });
  } catch (error) {
    return { missing: `Bun can't be installed: ${error instanceof Error ? error.message : error}` };
  }
  const program = new URL(os === "windows" ? "./bin/bun.exe" : "./bin/bun", import.meta.resolve(manifest));
  if (os !== "windows") {
    const { mode } = await Deno.stat(program);
    if (mode !== null && (mode & 0o111) === 0) await Deno.chmod(program, 0o755);
  }
  return { path: decodeURIComponent(program.pathname) };
}

/**
 * Finds Node 20 or newer.
 *
 * @returns Name of the program.
 */
export async function findNode(): Promise<Found> {
  try {
    const version = (await runCommand("node", ["--version"])).trim();
    return Number(version.slice(1).split(".")[0]) >= 20
      ? { path: "node" }
      : { missing: `node is ${version}, not >= 20` };
  } catch {
    return { missing: "node isn't on PATH" };
  }
}

/**
 * Finds Chromium or Chrome: `CHROMIUM`, or one of its usual places. Where `MICROTOME_REQUIRE_CHROMIUM` is set, its
 * absence is an error rather than a reason to skip.
 *
 * @returns Path of the program.
 * @throws {Error} If it is required and isn't there.
 */
export async function findChromium(): Promise<Found> {
  const named = Deno.env.get("CHROMIUM");
  const places = named !== undefined && named !== "" ? [named] : [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  ];
  for (const path of places) {
    try {
      if ((await Deno.stat(path)).isFile) return { path };
    } catch { /* not there: the next one */ }
  }
  const missing = `no Chromium at ${places.join(", ")}; set CHROMIUM to its path`;
  if ((Deno.env.get("MICROTOME_REQUIRE_CHROMIUM") ?? "") !== "") throw new Error(`Chromium is required: ${missing}`);
  return { missing };
}

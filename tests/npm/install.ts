/**
 * Builds the npm package, packs it, and installs the archive as a user would.
 *
 * @module
 */
import { join } from "@std/path";
import { buildNpm, type PackageJson } from "../../.ci/npm.ts";
import { runCommand } from "../support/run_command.ts";

/** A folder in which the package is installed. */
export interface Installed extends AsyncDisposable {
  /** The folder. */
  readonly directory: string;
  /** The packed archive. */
  readonly archive: string;
  /** What the package says of itself. */
  readonly manifest: PackageJson;
  /** Files in the archive. */
  readonly files: readonly string[];
}

/**
 * Builds, packs and installs.
 *
 * @returns The folder; dispose of it.
 */
export async function installPackage(): Promise<Installed> {
  const directory = await Deno.makeTempDir({ prefix: "microtome-npm-" });
  const built = join(directory, "npm");
  const manifest = await buildNpm(built);
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  const packed = JSON.parse(await runCommand(npm, ["pack", "--json", "--pack-destination", directory], { cwd: built }));
  // npm 12 gives an object by package, older ones a list.
  const [{ filename, files }] = Object.values(packed) as { filename: string; files: { path: string }[] }[] as [
    { filename: string; files: { path: string }[] },
  ];
  const app = join(directory, "app");
  await Deno.mkdir(app);
  await Deno.writeTextFile(join(app, "package.json"), '{ "type": "module", "private": true }');
  // From the cache where it is there: what reads YAML is all that it depends on.
  await runCommand(npm, ["install", "--prefer-offline", "--no-audit", "--no-fund", join(directory, filename)], {
    cwd: app,
  });
  return {
    directory: app,
    archive: join(directory, filename),
    manifest,
    files: files.map((file) => file.path),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/**
 * npm packages in a folder, for bundlers, which look into folders and not into Deno's cache.
 *
 * @module
 */
import { join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { runCommand } from "./run_command.ts";

/**
 * Installs packages that the import map names, at its versions, from Deno's cache where they are in it.
 *
 * @param directory A folder to install them in.
 * @param names Their names.
 * @returns The folder that holds them by name.
 */
export async function installPackages(
  directory: string,
  names: readonly (keyof typeof config.imports)[],
): Promise<string> {
  const versions = names.map((name) => [name, config.imports[name].split("@").at(-1)]);
  await Deno.mkdir(directory, { recursive: true });
  await Deno.writeTextFile(
    join(directory, "package.json"),
    JSON.stringify({ dependencies: Object.fromEntries(versions) }),
  );
  await runCommand(Deno.execPath(), ["install", "--quiet", "--node-modules-dir=auto", "--no-lock"], { cwd: directory });
  return join(directory, "node_modules");
}

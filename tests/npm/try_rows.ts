/**
 * Tries the rows of the table of tools: from the packed archive, each in an app of its own.
 *
 * @module
 */
import { join } from "@std/path";
import { cp } from "node:fs/promises";
import { type RangeServer, startRangeServer } from "../support/range_server.ts";
import { findBun, findChromium, type Found } from "../support/runtimes.ts";
import { type Installed, installPackage } from "./install.ts";
import type { Row } from "./rows/row.ts";
import { installTools, VARIABLE, wantsTools } from "./tools.ts";

/** What is needed to try rows. */
export interface Bench extends AsyncDisposable {
  /** Says why a row can't be tried here; nothing where it can. */
  missing(row: Row): string | undefined;
  /** Tries a row; throws where its result is another. */
  try(row: Row): Promise<void>;
}

/**
 * Makes ready to try rows: finds the programs. The package and the tools are installed when the first row asks.
 *
 * @returns What tries them; dispose of it.
 */
export async function startBench(): Promise<Bench> {
  const programs = { bun: await findBun(), chromium: await findChromium() };
  const tools = wantsTools();
  let ready: Promise<readonly [Installed, RangeServer, string]> | undefined;
  const prepare = () =>
    Promise.all([
      installPackage(),
      startRangeServer(new URL("../data/", import.meta.url)),
      tools ? installTools() : Promise.resolve(""),
    ]);
  return {
    missing: ({ needs, quick }) => {
      if (!quick && !tools) return `the tools aren't installed; set ${VARIABLE}=1 to install them`;
      const found = needs === undefined ? undefined : programs[needs];
      return found !== undefined && "missing" in found ? found.missing : undefined;
    },
    try: async (row) => {
      const [installed, files, folder] = await (ready ??= prepare());
      const directory = await Deno.makeTempDir({ prefix: "microtome-row-" });
      try {
        await cp(join(installed.directory, "node_modules"), join(directory, "node_modules"), { recursive: true });
        await Deno.writeTextFile(join(directory, "package.json"), JSON.stringify({ name: "app", private: true }));
        await row.run({
          directory,
          tools: folder,
          url: `${files.url}/signal.h5`,
          programs: { bun: pathOf(programs.bun), chromium: pathOf(programs.chromium) },
        });
      } finally {
        await Deno.remove(directory, { recursive: true });
      }
    },
    [Symbol.asyncDispose]: async () => {
      const [installed, files] = await (ready ?? [undefined, undefined]);
      await installed?.[Symbol.asyncDispose]();
      await files?.close();
    },
  };
}

function pathOf(found: Found): string {
  return "path" in found ? found.path : "";
}

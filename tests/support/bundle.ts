/**
 * Bundles with esbuild as users' tools do.
 *
 * @module
 */
import * as esbuild from "./tools/esbuild.ts";
import { fromFileUrl } from "@std/path";

/** The repository's root. */
export const ROOT: URL = new URL("../../", import.meta.url);

/** What to bundle. */
export interface BundleOptions {
  /** The entry file. */
  readonly entry: URL | string;
  /** Export conditions, as a runtime's own bundler sets them. */
  readonly conditions?: readonly string[];
  /** Module names left for the runtime to resolve, beside Node's own. */
  readonly external?: readonly string[];
  /** Folder in which bare imports are looked up. */
  readonly directory?: string;
  /** Folders that hold packages by name. */
  readonly packages?: readonly string[];
}

/**
 * Bundles one entry into one ES module. `new URL(…, import.meta.url)` stays as it stands, as esbuild leaves it.
 *
 * @param options What to bundle.
 * @returns The module's text.
 */
export async function bundle(options: BundleOptions): Promise<string> {
  const result = await esbuild.build({
    entryPoints: [typeof options.entry === "string" ? options.entry : fromFileUrl(options.entry)],
    absWorkingDir: options.directory ?? fromFileUrl(ROOT),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    // Error names are read from their classes.
    keepNames: true,
    // What reads YAML is loaded when one is met.
    external: ["node:*", "@std/yaml", ...(options.external ?? [])],
    write: false,
    logLevel: "silent",
    ...(options.packages === undefined ? {} : { nodePaths: [...options.packages] }),
    ...(options.conditions === undefined ? {} : { conditions: [...options.conditions] }),
  });
  const file = result.outputFiles[0];
  if (file === undefined) throw new Error(`Cannot bundle ${options.entry}: esbuild gave no file`);
  return file.text;
}

/** Ends esbuild's helper process, which otherwise outlives a test. */
export async function stopBundler(): Promise<void> {
  await esbuild.stop();
}

/**
 * Reads a module as it stands in the repository.
 *
 * @param name Which.
 * @returns Its bytes.
 */
export async function readWasm(name: "hdf5.wasm" | "reader.wasm" = "hdf5.wasm"): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(new URL(`wasm/dist/${name}`, ROOT));
}

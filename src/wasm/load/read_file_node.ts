/**
 * Reading the module's file in Node, Bun and Deno. `getBuiltinModule` rather than an import, so that bundlers for
 * browsers and Workers find nothing to resolve here.
 *
 * @module
 */

interface NodeProcess {
  getBuiltinModule?(name: "node:fs/promises"): { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> } | undefined;
}

/**
 * Reads a whole file.
 *
 * @param url A `file:` URL.
 * @returns Its bytes.
 * @throws {Error} If this runtime has no file system, or the file can't be read.
 */
export async function readFileBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const process = (globalThis as { process?: NodeProcess }).process;
  const fs = process?.getBuiltinModule?.("node:fs/promises");
  if (fs === undefined) throw new Error("this runtime has no file system");
  return await fs.readFile(url);
}

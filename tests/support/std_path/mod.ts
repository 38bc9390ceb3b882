/**
 * Stands in for `jsr:@std/path` where JSR can't be reached: `links` in the root `deno.json` leads the import here, so
 * that a fresh clone needs npm alone. What is published asks for the real package; both have these names.
 *
 * @module
 */
export { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve } from "node:path";
export { fileURLToPath as fromFileUrl, pathToFileURL as toFileUrl } from "node:url";

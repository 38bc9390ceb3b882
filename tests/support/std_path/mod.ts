/**
 * Stands in for `jsr:@std/path` where JSR can't be reached: `links` in the root `deno.json` leads the import here, so
 * that a fresh clone needs npm alone. What is published asks for the real package (`tests/publish_test.ts`); both have
 * these names. `deno publish` wants every module of its graph on the publish list, so these two files are on it too.
 *
 * @module
 */
export { basename, dirname, extname, isAbsolute, join, normalize, relative, resolve } from "node:path";
export { fileURLToPath as fromFileUrl, pathToFileURL as toFileUrl } from "node:url";

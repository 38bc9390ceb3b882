/**
 * Files that are one array.
 *
 * @module
 */

import type { LazyArray } from "../array/types.ts";
import type { CostMeter } from "../source/cost.ts";
import { NotFoundError } from "../source/errors.ts";
import type { Format } from "./format.ts";
import { Opened } from "./opened.ts";

/** An array that is a file. */
interface FileArray extends LazyArray {
  readonly name: string;
  close(): Promise<void>;
}

/**
 * A file that is one array, whose key is `/`.
 *
 * @param format Its format
 * @param array The array, the handle as well
 * @param file Size of the file, and what counts its cost
 */
export function openedArray<N extends string, A extends FileArray>(
  format: Pick<Format<N, A>, "name" | "description">,
  array: A,
  file: { readonly byteLength: number | null; readonly meter: CostMeter },
): Opened<N, A> {
  const check = (key: string) => {
    if (key === "/" || key === "") return;
    throw new NotFoundError(
      `Cannot find ${JSON.stringify(key)} in ${array.name}: the file is one array, without paths`,
      { file: array.name, object: key },
    );
  };
  return new Opened<N, A>({
    ...file,
    format,
    name: array.name,
    handle: array,
    keys(below) {
      check(below);
      return ["/"];
    },
    // deno-lint-ignore require-await -- so that a wrong key rejects
    async get(key) {
      check(key);
      return array;
    },
    close: () => array.close(),
  });
}

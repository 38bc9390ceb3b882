/**
 * Making a chain of transforms again of what `describe` gave.
 *
 * @module
 */

import type { LazyArray } from "../../array/types.ts";
import { describeValue } from "../../source/describe_value.ts";
import { TRANSFORMS } from "./registry.ts";
import type { TransformDescription, TransformKind } from "./transform.ts";
import { transformed } from "./transformed_array.ts";

/**
 * A chain of transforms over an input.
 *
 * @param input The array that the first of them is to work on
 * @param chain What `describe` gave, or a list of names with options
 * @param kinds The transforms that are known
 * @throws {TypeError} If a name is unknown, or the chain is none
 */
export function fromDescription(
  input: LazyArray,
  chain: readonly TransformDescription[],
  kinds: readonly TransformKind[] = TRANSFORMS,
): LazyArray {
  if (!Array.isArray(chain)) throw new TypeError(`Cannot make transforms of ${describeValue(chain)}: expected a list`);
  return (chain as readonly TransformDescription[]).reduce((array: LazyArray, step, i) => {
    const { name, options = {} } = (step ?? {}) as TransformDescription;
    const kind = kinds.find((kind) => kind.name === name);
    if (kind === undefined) {
      const known = kinds.map(({ name }) => name).join(", ");
      throw new TypeError(`Cannot make transform ${i} of ${describeValue(name)}: known are ${known}`);
    }
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
      throw new TypeError(`Cannot make transform ${i} (${name}) with the options ${describeValue(options)}`);
    }
    return transformed(kind, array, options);
  }, input);
}

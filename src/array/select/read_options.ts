/**
 * The names of what every read of an array takes.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import type { ArrayReadOptions, ReadIntoOptions } from "../types.ts";

/** Names of {@linkcode ArrayReadOptions}. */
export const ARRAY_READ_OPTIONS: OptionNames<ArrayReadOptions> = { signal: true, wholePages: true };

/** Names of {@linkcode ReadIntoOptions}. */
export const READ_INTO_OPTIONS: OptionNames<ReadIntoOptions> = { ...ARRAY_READ_OPTIONS, into: true };

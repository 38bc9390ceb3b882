/**
 * Selections as arguments give them.
 *
 * @module
 */

import { parseSelection } from "../../array/select/parse_selection.ts";
import type { Selection } from "../../array/types.ts";
import { SelectionError } from "../../source/errors.ts";
import { UsageError } from "../io.ts";

/**
 * Reads a selection in NumPy's syntax.
 *
 * @param text The selection
 * @param rank Number of axes
 * @throws {UsageError} If it is none
 */
export function selectionOf(text: string, rank: number): Selection {
  try {
    return parseSelection(text, rank);
  } catch (cause) {
    if (cause instanceof SelectionError) throw new UsageError(cause.message, { cause });
    throw cause;
  }
}

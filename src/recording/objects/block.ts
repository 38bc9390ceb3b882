/**
 * Blocks: the segments of one session.
 *
 * @module
 */

import { printsAsText } from "../../source/inspect.ts";
import type { Annotations } from "./annotated.ts";
import type { Segment } from "./segment.ts";

/** The segments of one session: neo's `Block`. */
export class Block<L extends boolean = boolean> {
  /** What it is called. */
  readonly name: string;
  /** Which block of its file it is. */
  readonly index: number;
  /** Its segments, in order. */
  readonly segments: readonly Segment<L>[];
  /** What is known of it. */
  readonly annotations: Annotations;

  /** Made by `readBlock`. */
  constructor(parts: Pick<Block<L>, "name" | "index" | "segments" | "annotations">) {
    printsAsText(Block.prototype);
    this.name = parts.name;
    this.index = parts.index;
    this.segments = parts.segments;
    this.annotations = parts.annotations;
  }

  /** When it was recorded, where the file says that: its clock's time, as if it were UTC. */
  get recDatetime(): Date | null {
    const { recDatetime } = this.annotations;
    return recDatetime instanceof Date ? recDatetime : null;
  }

  /** What it is and holds. */
  toString(): string {
    const { length } = this.segments;
    return [`Block ${this.index}: ${length} segment${length === 1 ? "" : "s"}`, ...this.segments.map(String)].join(
      "\n",
    );
  }
}

/**
 * Options that say which segment, stream and stretch of time is meant.
 *
 * @module
 */

import type { OptionNames } from "../source/options.ts";
import type { Time } from "./objects/seconds.ts";

/** Which samples are meant. */
export interface SegmentOptions {
  /**
   * The block.
   *
   * @default {0}
   */
  readonly blockIndex?: number | undefined;
  /**
   * The segment in the block.
   *
   * @default {0}
   */
  readonly segmentIndex?: number | undefined;
}

/** Which samples of which channels are meant. */
export interface SignalOptions extends SegmentOptions {
  /** The stream; it may be left out where there is one. */
  readonly streamIndex?: number | undefined;
}

/** Options of what reads events and spikes of a stretch of time. */
export interface StretchOptions extends SegmentOptions {
  /** Only what happens at this time or later: seconds, or text with a unit. */
  readonly tStart?: Time | undefined;
  /** Only what happens at this time or earlier. */
  readonly tStop?: Time | undefined;
  /** Aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** Names of {@linkcode SegmentOptions}. */
export const SEGMENT_OPTIONS: OptionNames<SegmentOptions> = { blockIndex: true, segmentIndex: true };
/** Names of {@linkcode SignalOptions}. */
export const SIGNAL_OPTIONS: OptionNames<SignalOptions> = {
  blockIndex: true,
  segmentIndex: true,
  streamIndex: true,
};
/** Names of {@linkcode StretchOptions}. */
export const STRETCH_OPTIONS: OptionNames<StretchOptions> = {
  blockIndex: true,
  segmentIndex: true,
  tStart: true,
  tStop: true,
  signal: true,
};

/**
 * Options of groups of series.
 *
 * @module
 */

import type { OptionNames } from "../../source/options.ts";
import type { MetadataInput } from "../metadata.ts";
import type { SeriesOptions } from "../time_index.ts";

/** Options of a `TsGroup`. */
export interface TsGroupOptions extends SeriesOptions {
  /** What describes the members: lists with one entry each, in the order in which members are given. */
  readonly metadata?: MetadataInput | undefined;
  /**
   * Whether members are believed to lie within the time support.
   *
   * @default {false}
   */
  readonly bypassCheck?: boolean | undefined;
}

/** Names of `TsGroupOptions`. */
export const TS_GROUP_OPTIONS: OptionNames<TsGroupOptions> = {
  metadata: true,
  bypassCheck: true,
  unit: true,
  timeSupport: true,
  compatible: true,
  onWarning: true,
};

import type { IntervalSet } from "./interval_set.ts";
import type { PrintOptions } from "./print_options.ts";

export function formatIntervals(_set: IntervalSet, _options?: PrintOptions): string {
  return "";
}

import type { NDArray } from "../array/types.ts";
import type { PrintOptions } from "./print_options.ts";
import type { Rows } from "./rows.ts";
import type { ValueSeries } from "./value_series.ts";

export function formatTimes(_times: Float64Array, _options?: PrintOptions): string {
  return "";
}
export function printedRows(_length: number, _options?: PrintOptions): Rows | null {
  return null;
}
export function formatSeries(_series: ValueSeries, _values: NDArray | null, _options?: PrintOptions): string {
  return "";
}
